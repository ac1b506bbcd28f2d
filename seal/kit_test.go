package seal

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var testNow = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// authority is a workspace's own, made once: RSA keys take a while.
type authority struct {
	root, seal, tsa *Credential
	crl             []byte
}

func newAuthority(kind KeyKind) *authority {
	a := &authority{}
	a.root = must(NewRoot(rand.Reader, testNow, "Example Ltd", kind))
	a.seal = must(NewSeal(rand.Reader, testNow, a.root, "Example Ltd", "https://seal.example.com/root.crl", kind))
	eku := must(asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}}))
	a.tsa = must(issue(rand.Reader, testNow, 5, &x509.Certificate{
		Subject: pkix.Name{CommonName: "Example time stamps"}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: eku}},
	}, kind, a.root))
	a.crl = must(RevocationList(rand.Reader, testNow, a.root, 1, nil))
	return a
}

var (
	rsaAuthority = sync.OnceValue(func() *authority { return newAuthority(RSA3072) })
	ecAuthority  = sync.OnceValue(func() *authority { return newAuthority(P256) })
)

// run starts an installed program and fails the test clearly without it.
func run(t testing.TB, program string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%s is not installed: the tests need poppler-utils, qpdf, mupdf-tools, openssl and libnss3-tools", program)
	}
	out, err := exec.Command(path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func tempFile(t testing.TB, name string, b []byte) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(p, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func pemFile(t testing.TB, name, kind string, ders ...[]byte) string {
	var b bytes.Buffer
	for _, d := range ders {
		pem.Encode(&b, &pem.Block{Type: kind, Bytes: d})
	}
	return tempFile(t, name, b.Bytes())
}

// opensslStamp is a time-stamp authority: openssl ts behind our own request
// and response.
func opensslStamp(t testing.TB, a *authority) Stamp {
	t.Helper()
	dir, err := os.MkdirTemp("", "stamp") // no "#" in it, which openssl reads as a comment
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	w := func(name string, b []byte) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	cert := w("tsa.crt", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.tsa.Cert.Raw}))
	root := w("root.crt", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.root.Cert.Raw}))
	key := w("tsa.key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(a.tsa.Key))}))
	conf := w("tsa.cnf", fmt.Appendf(nil, `[tsa]
default_tsa = t1
[t1]
serial = %s/serial
signer_cert = %s
certs = %s
signer_key = %s
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
`, dir, cert, root, key))
	return func(_ context.Context, digest []byte) ([]byte, error) {
		nonce := must(rand.Int(rand.Reader, testSerial))
		nonce.Add(nonce, one)
		req, err := NewStampRequest(digest, nonce)
		if err != nil {
			return nil, err
		}
		q := w("q.tsq", req)
		run(t, "openssl", "ts", "-reply", "-config", conf, "-queryfile", q, "-out", q+".r")
		reply, err := os.ReadFile(q + ".r")
		if err != nil {
			return nil, err
		}
		return ParseStampResponse(reply, digest, nonce)
	}
}

// agreement makes a tagged PDF with one line of text per page.
func agreement(lines ...string) []byte {
	b := &builder{}
	tree, st, top := b.add(nil), b.add(nil), b.add(nil)
	font := b.add(dict{{"Type", name("Font")}, {"Subtype", name("Type1")}, {"BaseFont", name("Helvetica")}})
	var pages, nums, elems array
	for i, line := range lines {
		content := b.add(flate(nil, fmt.Appendf(nil, "/P <</MCID 0>> BDC BT /F1 14 Tf 72 760 Td (%s) Tj ET EMC\n", line)))
		page := b.add(dict{{"Type", name("Page")}, {"Parent", tree}, {"MediaBox", array{int64(0), int64(0), int64(595), int64(842)}},
			{"Resources", dict{{"Font", dict{{"F1", font}}}}}, {"Contents", content}, {"StructParents", int64(i)}, {"Tabs", name("S")}})
		elem := b.add(dict{{"Type", name("StructElem")}, {"S", name("P")}, {"P", top}, {"Pg", page}, {"K", int64(0)}})
		pages, elems, nums = append(pages, page), append(elems, elem), append(nums, int64(i), b.add(array{elem}))
	}
	b.set(tree, dict{{"Type", name("Pages")}, {"Kids", pages}, {"Count", int64(len(pages))}})
	b.set(top, dict{{"Type", name("StructElem")}, {"S", name("Document")}, {"P", st}, {"K", elems}})
	b.set(st, dict{{"Type", name("StructTreeRoot")}, {"K", array{top}}, {"ParentTree", b.add(dict{{"Nums", nums}})}, {"ParentTreeNextKey", int64(len(pages))}})
	root := b.add(dict{{"Type", name("Catalog")}, {"Pages", tree}, {"StructTreeRoot", st}, {"MarkInfo", dict{{"Marked", true}}}, {"Lang", text("en")}})
	out, _ := b.bytes(root, b.add(dict{{"Title", text("Services Agreement – Größe")}}))
	return out
}

var signaturePath = []byte("0.05 0.13 0.42 RG 1.2 w 4 8 m 30 40 60 -10 90 22 c 100 30 120 5 140 18 c S")

func sampleFinal() Final {
	e1 := must(AppendEvent(nil, Event{At: EventTime(testNow), Type: "agreement.sent", Actor: "ana@example.com"}))
	e2 := must(AppendEvent(e1, Event{At: EventTime(testNow), Type: "signed", Actor: "khai@example.com", Data: map[string]string{"name": "Nguyễn Thị Minh Khai"}}))
	return Final{
		Presented: agreement("Price 100 EUR", "Terms"),
		Extra:     agreement("Evidence"),
		Marks: []Mark{
			{Page: 2, X: 72, Y: 600, W: 150, H: 44, Paths: signaturePath, Alt: "Signature of Nguyễn Thị Minh Khai, drawn"},
			{Page: 2, X: 300, Y: 600, W: 150, H: 44, PDF: agreement("Ana Horvat"), Alt: "Signature of Ana Horvat, typed"},
		},
		Attachments: []Attachment{{"audit.jsonl", "application/json", "Evidence", "Supplement", slicesJoin(e1, e2)}},
		Signer:      "Example Ltd", Reason: "Seal of the completed agreement",
	}
}

func slicesJoin(lines ...[]byte) []byte { return append(bytes.Join(lines, []byte("\n")), '\n') }

// sealed is a B-B file with an ECDSA key: quick to make.
var sealed = sync.OnceValue(func() []byte {
	return must(Seal(context.Background(), nil, testNow, sampleFinal(), ecAuthority().seal, nil))
})
