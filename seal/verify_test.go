package seal

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// stamped is a B-LT file.
func stampedFile(t testing.TB) []byte {
	f := sampleFinal()
	a := ecAuthority()
	f.CRLs = [][]byte{a.crl}
	return must(Seal(t.Context(), nil, time.Now(), f, a.seal, opensslStamp(t, a)))
}

// No byte of a sealed file can change unnoticed: not in the pages, not in the
// signature value, not in the time stamp inside of it, not in its padding.
func TestEveryByteCounts(t *testing.T) {
	t.Parallel()
	pdf := stampedFile(t)
	if r := Verify(pdf); !r.Valid || r.Signatures[0].Level != levelLT {
		t.Fatalf("%+v", r)
	}
	a, b := gap(pdf)
	cms, _ := parts(t, pdf)
	var places []int
	for i := a; i < a+2*len(cms); i += 6 { // all through the signature value, high and low digits
		places = append(places, i+i/6%2)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		places = append(places, rnd.IntN(len(pdf)))
	}
	if raced {
		places = places[:40]
	}
	places = append(places, a-1, b, b-1, len(pdf)-1)
	var wg sync.WaitGroup
	for part := range slices.Chunk(places, len(places)/2+1) {
		wg.Go(func() {
			for _, i := range part {
				bad := slices.Clone(pdf)
				bad[i] ^= 1
				if r := Verify(bad); r.Valid {
					t.Errorf("byte %d (%d in the signature value): %q became %q and nothing was noticed", i, i-a, pdf[i], bad[i])
				}
			}
		})
	}
	wg.Wait()
}

func TestTimeStampTakenOut(t *testing.T) {
	t.Parallel()
	pdf := setCMS(stampedFile(t), func(c []byte) []byte {
		p := must(parseCMS(c))
		return must(encodeCMS(p.signer, p.certs, p.attrs, p.sig, nil))
	})
	r := Verify(pdf)
	if r.Valid || !strings.Contains(r.Problems[0], "time stamp of the signature was taken out") {
		t.Errorf("%+v", r)
	}
}

// Data to validate a seal later may follow it.
func TestAllowedAfterASeal(t *testing.T) {
	t.Parallel()
	a := ecAuthority()
	u := newUpdate(sealed())
	store := u.add(dict{{"Type", name("DSS")}, {"CRLs", array{u.add(flate(nil, a.crl))}}})
	u.change(u.rootRef(), func(d dict) dict { return d.with("DSS", store) })
	withStore := u.bytes()
	stamp := opensslStamp(t, a)
	withStamp := stampAgain(withStore, func(d []byte) ([]byte, error) { return stamp(t.Context(), d) })
	for i, pdf := range [][]byte{withStore, withStamp} {
		r := Verify(pdf, a.root.Cert)
		if !r.Valid || len(r.Signatures) != 1+i || r.Signatures[0].CoversWhole {
			t.Errorf("%+v", r)
		}
	}
	if s := Verify(withStamp, a.root.Cert).Signatures[1]; s.Level != "time stamp" || !s.CoversWhole || !s.Trusted {
		t.Errorf("document time stamp: %+v", s)
	}
	// openssl agrees about the token; poppler does not know document time stamps
	v := &verifier{b: withStamp, bud: newBudget()}
	v.r = must(open(withStamp, v.bud))
	sig := v.r.signatures()[1]
	token := must(parseCMS(must(v.signedRange(&sig)))).der
	data := tempFile(t, "data", slices.Concat(withStamp[:sig.gap[0]], withStamp[sig.gap[1]:]))
	if out := run(t, "openssl", "ts", "-verify", "-token_in", "-in", tempFile(t, "token", token), "-data", data, "-CAfile", pemFile(t, "root.pem", "CERTIFICATE", a.root.Cert.Raw)); !strings.Contains(out, "Verification: OK") {
		t.Errorf("openssl: %s", out)
	}
	arch := stampAgain(stampedFile(t), func(d []byte) ([]byte, error) { return stamp(t.Context(), d) })
	if r := Verify(arch); !r.Valid || r.Signatures[0].Level != levelLTA {
		t.Errorf("%+v", r)
	}
}

func TestWithdrawnCertificate(t *testing.T) {
	t.Parallel()
	a := ecAuthority()
	for days, valid := range map[int]bool{-1: false, 1: true} {
		f := sampleFinal()
		f.CRLs = [][]byte{must(RevocationList(nil, testNow, a.root, 2, []x509.RevocationListEntry{{SerialNumber: a.seal.Cert.SerialNumber, RevocationTime: testNow.AddDate(0, 0, days)}}))}
		r := Verify(must(Seal(t.Context(), nil, testNow, f, a.seal, nil)))
		if r.Valid != valid || !valid && !strings.Contains(r.Problems[0], "withdrawn") {
			t.Errorf("withdrawn %d days after: %+v", days, r)
		}
	}
}

// Files that other programs signed are valid when they are intact; that we do
// not know the signer is another matter.
func TestOtherSigners(t *testing.T) {
	t.Parallel()
	db := nssDatabase(t)
	plain := tempFile(t, "plain.pdf", agreement("Price 100 EUR", "Terms"))
	packed := filepath.Join(t.TempDir(), "packed.pdf")
	run(t, "qpdf", "--object-streams=generate", plain, packed)
	linear := filepath.Join(t.TempDir(), "linear.pdf")
	run(t, "qpdf", "--linearize", plain, linear)
	u := newUpdate(agreement("Price 100 EUR", "Terms"))
	empty := u.add(dict{{"Type", name("Annot")}, {"Subtype", name("Widget")}, {"FT", name("Sig")}, {"T", text("here")}, {"Rect", array{int64(0), int64(0), int64(0), int64(0)}}, {"P", u.page(0)}})
	u.change(u.rootRef(), func(d dict) dict {
		return d.with("AcroForm", u.add(dict{{"Fields", array{empty}}, {"SigFlags", int64(3)}}))
	})
	field := tempFile(t, "field.pdf", u.bytes())
	for _, c := range []struct {
		in, level string
		how       []string
	}{
		{plain, "PKCS#7", []string{"-add-signature"}}, {packed, "PKCS#7", []string{"-add-signature"}}, {linear, "PKCS#7", []string{"-add-signature"}},
		{field, "PKCS#7", []string{"-sign", "here"}},
	} {
		out := filepath.Join(t.TempDir(), "signed.pdf")
		run(t, "pdfsig", append([]string{"-nssdir", "sql:" + db, "-nss-pwd", "", "-nick", "tester", "-reason", "I agree", c.in, out}, c.how...)...)
		pdf := must(os.ReadFile(out))
		r := Verify(pdf)
		if !r.Valid || len(r.Signatures) != 1 {
			t.Fatalf("%s %s: %+v", c.in, c.how, r)
		}
		s := r.Signatures[0]
		if s.Signer != "Nss Tester" || s.Level != c.level || !s.CoversWhole || s.Trusted || s.Time == nil || s.TimeSource != "claimed" {
			t.Errorf("got %+v", s)
		}
		changed := bytes.Replace(pdf, []byte("/Lang (en)"), []byte("/Lang (fr)"), 1)
		if !bytes.Equal(changed, pdf) && Verify(changed).Valid {
			t.Error("a changed byte was not noticed")
		}
		if r := Verify(append(slices.Clone(pdf), evilUpdate(pdf)...)); r.Valid {
			t.Error("a changed page was not noticed")
		}
		twice := filepath.Join(t.TempDir(), "twice.pdf")
		run(t, "pdfsig", "-nssdir", "sql:"+db, "-nss-pwd", "", "-add-signature", "-nick", "tester", out, twice)
		r = Verify(must(os.ReadFile(twice)))
		if r.Valid || len(r.Signatures) != 2 || !r.Signatures[0].Intact || !r.Signatures[1].Intact || r.Signatures[0].CoversWhole {
			t.Errorf("two signatures: %+v", r)
		}
	}
}

func evilUpdate(pdf []byte) []byte {
	u := newUpdate(pdf)
	u.change(u.page(0), func(d dict) dict { return d.with("Rotate", int64(90)) })
	return u.bytes()[len(pdf):]
}

func nssDatabase(t testing.TB) string {
	t.Helper()
	db := t.TempDir()
	noise := tempFile(t, "noise", []byte(strings.Repeat("not a secret ", 20)))
	run(t, "certutil", "-N", "-d", "sql:"+db, "--empty-password")
	run(t, "certutil", "-S", "-n", "tester", "-s", "CN=Nss Tester,O=Example", "-x", "-t", "CTu,Cu,Cu", "-d", "sql:"+db, "-z", noise, "-v", "24", "-k", "rsa", "-g", "2048", "--keyUsage", "digitalSignature,nonRepudiation")
	return db
}

// A signature value made by openssl, in a file made here.
func TestOpensslSignature(t *testing.T) {
	t.Parallel()
	a := rsaAuthority()
	cert, key := pemFile(t, "c.pem", "CERTIFICATE", a.seal.Cert.Raw), pemFile(t, "k.pem", "PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(a.seal.Key)))
	u := newUpdate(agreement("Price 100 EUR"))
	sig := u.add(placeholder(Final{}, testNow, a.seal, false).without("Prop_Build"))
	field := u.add(dict{{"FT", name("Sig")}, {"T", text("one")}, {"V", sig}})
	u.change(u.rootRef(), func(d dict) dict { return d.with("AcroForm", dict{{"Fields", array{field}}}) })
	for _, flag := range []string{"-cades", "-keyid", "-nosmimecap"} {
		pdf := u.bytes()
		off := bytes.LastIndex(pdf, fmt.Appendf(nil, "\n%d 0 obj", sig.num)) + 1
		// signPlaceholder gives the digest only; openssl wants the bytes
		place := slices.Clone(pdf)
		signPlaceholder(place, off, func([]byte) ([]byte, error) { return nil, nil })
		from, to := gap(place)
		in := tempFile(t, "in", slices.Concat(place[:from-1], place[to+1:]))
		out := filepath.Join(t.TempDir(), "out.der")
		args := []string{"cms", "-sign", "-binary", "-in", in, "-signer", cert, "-inkey", key, "-outform", "DER", "-out", out, "-md", "sha512", flag}
		if flag == "-nosmimecap" {
			args = append(args, "-cades", "-keyopt", "rsa_padding_mode:pss")
		}
		run(t, "openssl", args...)
		if err := signPlaceholder(pdf, off, func([]byte) ([]byte, error) { return os.ReadFile(out) }); err != nil {
			t.Fatal(err)
		}
		r := Verify(pdf, a.root.Cert)
		if flag == "-keyid" { // no signing-certificate attribute: not CAdES
			if r.Valid || !strings.Contains(r.Problems[0], "signing-certificate attribute is missing") {
				t.Errorf("%+v", r)
			}
			continue
		}
		if !r.Valid || !r.Signatures[0].Trusted {
			t.Errorf("%s: %+v", flag, r)
		}
	}
}

func TestReportJSON(t *testing.T) {
	t.Parallel()
	var got struct {
		Valid      *bool     `json:"valid"`
		Problems   *[]string `json:"problems"`
		Signatures []map[string]any
	}
	if err := json.Unmarshal(must(json.Marshal(Verify(sealed()))), &got); err != nil {
		t.Fatal(err)
	}
	if got.Valid == nil || !*got.Valid || got.Problems == nil || len(*got.Problems) != 0 || len(got.Signatures) != 1 {
		t.Fatalf("%+v", got)
	}
	s := got.Signatures[0]
	if s["signer"] != "Example Ltd" || s["time"] != "2026-11-22T09:30:00Z" || s["level"] != "B-B" || s["covers_whole_document"] != true {
		t.Errorf("%v", s)
	}
	for _, pdf := range [][]byte{nil, []byte("hello"), agreement("not signed")} {
		r := Verify(pdf)
		if r.Valid || len(r.Problems) == 0 || r.Signatures == nil {
			t.Errorf("%+v", r)
		}
	}
}

// oldFile was sealed in November 2026 with a key that is not kept: what was
// valid once stays so.
func oldFile(t testing.TB) []byte {
	b, err := os.ReadFile("testdata/sealed.pdf")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestOldFileIsStillValid(t *testing.T) {
	t.Parallel()
	r := Verify(oldFile(t))
	if !r.Valid || r.Signatures[0].Level != "B-LT" || r.SHA256 != "fb93cd9cc46adc21221f4e127a0f6b3e30b6966587e758152b292133c04b0cb7" {
		t.Errorf("%+v", r)
	}
}
