package seal

import (
	"bytes"
	"context"
	"crypto/x509"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"
)

var one, testSerial = big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), 62)

func TestSealLevels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		level string
		key   KeyKind
		stamp bool
		crl   bool
	}{
		{"B-B", RSA3072, false, false}, {"B-B", P256, false, true}, {"B-T", RSA3072, true, false},
		{"B-LT", RSA3072, true, true}, {"B-LT", P256, true, true},
	} {
		t.Run(c.level+" "+string(c.key), func(t *testing.T) {
			t.Parallel()
			a := map[KeyKind]func() *authority{RSA3072: rsaAuthority, P256: ecAuthority}[c.key]()
			f := sampleFinal()
			var stamp Stamp
			now := testNow
			if c.stamp {
				stamp = opensslStamp(t, a)
				now = time.Now() // openssl has its own clock
			}
			if c.crl {
				f.CRLs, f.Certs = [][]byte{a.crl}, []*x509.Certificate{a.tsa.Cert}
			}
			pdf, err := Seal(t.Context(), nil, now, f, a.seal, stamp)
			if err != nil {
				t.Fatal(err)
			}
			r := Verify(pdf, a.root.Cert)
			if !r.Valid || len(r.Signatures) != 1 {
				t.Fatalf("not valid: %+v", r)
			}
			s := r.Signatures[0]
			if s.Level != c.level || s.Signer != "Example Ltd" || !s.CoversWhole || !s.Trusted || s.Allowed != 1 || s.StampTrusted != c.stamp {
				t.Errorf("got %+v", s)
			}
			if s.Time == nil || s.Time.Sub(now).Abs() > 2*time.Minute {
				t.Errorf("time %v, want about %v", s.Time, now)
			}
			others(t, pdf, a)
		})
	}
}

// others lets every other program judge the file.
func others(t *testing.T, pdf []byte, a *authority) {
	t.Helper()
	file := tempFile(t, "sealed.pdf", pdf)
	if out := run(t, "pdfsig", "-nocert", file); !strings.Contains(out, "Signature is Valid") || !strings.Contains(out, "Total document signed") || !strings.Contains(out, "ETSI.CAdES.detached") {
		t.Errorf("pdfsig: %s", out)
	}
	if out := run(t, "qpdf", "--check", file); !strings.Contains(out, "No syntax or stream encoding errors found") {
		t.Errorf("qpdf: %s", out)
	}
	if out := run(t, "mutool", "sign", "-v", file); strings.Contains(strings.ToLower(out), "invalid") || !strings.Contains(out, "unchanged since signing") {
		t.Errorf("mutool: %s", out)
	}
	if out := run(t, "mutool", "info", file); strings.Contains(out, "warning") || !strings.Contains(out, "Pages: 3") {
		t.Errorf("mutool: %s", out)
	}
	cms, signed := parts(t, pdf)
	out := run(t, "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any", "-attime", itoa(int(time.Now().Unix())),
		"-in", tempFile(t, "sig.der", cms), "-content", tempFile(t, "signed.bin", signed), "-CAfile", pemFile(t, "root.pem", "CERTIFICATE", a.root.Cert.Raw), "-out", os.DevNull)
	if !strings.Contains(out, "successful") {
		t.Errorf("openssl: %s", out)
	}
	p, err := pkcs7.Parse(cms)
	if err != nil {
		t.Fatal(err)
	}
	p.Content = signed
	if err := p.Verify(); err != nil {
		t.Errorf("pkcs7: %v", err)
	}
}

// parts gives the signature value without padding and the signed bytes.
func parts(t testing.TB, pdf []byte) (cms, signed []byte) {
	t.Helper()
	v := &verifier{b: pdf, bud: newBudget()}
	v.r = must(open(pdf, v.bud))
	sigs := v.r.signatures()
	value, err := v.signedRange(&sigs[0])
	if err != nil {
		t.Fatal(err)
	}
	p, err := parseCMS(value)
	if err != nil {
		t.Fatal(err)
	}
	return p.der, slices.Concat(pdf[:sigs[0].gap[0]], pdf[sigs[0].gap[1]:sigs[0].end])
}

func TestSealKeepsWhatWasPresented(t *testing.T) {
	t.Parallel()
	f := sampleFinal()
	was, now := must(open(f.Presented, newBudget())), must(open(sealed(), newBudget()))
	old, pages := must(was.pages()), must(now.pages())
	if len(pages) != 3 {
		t.Fatalf("%d pages, want 2 presented and 1 extra", len(pages))
	}
	for i, p := range old {
		want := was.contentStreams(p.dict)
		got := now.contentStreams(pages[i].dict)
		if !slices.ContainsFunc(got, func(c []byte) bool { return bytes.Equal(c, want[0]) }) {
			t.Errorf("page %d: content stream is not the presented one", i+1)
		}
	}
	if got := must(Attached(sealed(), PresentedName)); !bytes.Equal(got, f.Presented) {
		t.Error("presented.pdf is not what was presented")
	}
	audit := must(Attached(sealed(), "audit.jsonl"))
	if _, err := VerifyEvidence(audit, ""); err != nil {
		t.Error(err)
	}
	if n := len(now.sections); n != 1 {
		t.Errorf("%d revisions, want 1", n)
	}
	text := run(t, "pdftotext", "-layout", tempFile(t, "s.pdf", sealed()), "-")
	for _, want := range []string{"Price 100 EUR", "Ana Horvat", "Evidence"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in the text of the sealed file", want)
		}
	}
	tags := run(t, "pdfinfo", "-struct", tempFile(t, "s.pdf", sealed()))
	if strings.Count(tags, "Figure") != 2 {
		t.Errorf("the marks are not tagged:\n%s", tags)
	}
	if !strings.Contains(string(sealed()), hexText("Signature of Nguyễn Thị Minh Khai, drawn")) {
		t.Error("the mark has no alternative text")
	}
}

func hexText(s string) string { return alt(s) }

func TestSealIsDeterministic(t *testing.T) {
	t.Parallel()
	for _, a := range []*authority{rsaAuthority(), ecAuthority()} {
		one := must(Seal(context.Background(), nil, testNow, sampleFinal(), a.seal, nil))
		two := must(Seal(context.Background(), nil, testNow, sampleFinal(), a.seal, nil))
		if !bytes.Equal(one, two) {
			t.Error("the same arguments gave other bytes")
		}
	}
}
