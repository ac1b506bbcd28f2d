package seal

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAuthority(t *testing.T) {
	t.Parallel()
	a := rsaAuthority()
	if k, ok := a.seal.Key.Public().(*rsa.PublicKey); !ok || k.N.BitLen() != 3072 {
		t.Errorf("key is %T", a.seal.Key.Public())
	}
	root, leaf := pemFile(t, "root.pem", "CERTIFICATE", a.root.Cert.Raw), pemFile(t, "leaf.pem", "CERTIFICATE", a.seal.Cert.Raw)
	crl := pemFile(t, "crl.pem", "X509 CRL", a.crl)
	if out := run(t, "openssl", "verify", "-x509_strict", "-crl_check", "-CRLfile", crl, "-CAfile", root, leaf); !strings.Contains(out, "OK") {
		t.Error(out)
	}
	if out := run(t, "openssl", "x509", "-in", leaf, "-noout", "-text"); !strings.Contains(out, "1.3.6.1.5.5.7.3.36") && !strings.Contains(out, "Document Signing") {
		t.Errorf("not for signing documents: %s", out)
	}
	withdrawn := must(RevocationList(nil, testNow, a.root, 2, []x509.RevocationListEntry{{SerialNumber: a.seal.Cert.SerialNumber, RevocationTime: testNow}}))
	l := must(x509.ParseRevocationList(withdrawn))
	if err := l.CheckSignatureFrom(a.root.Cert); err != nil || len(l.RevokedCertificateEntries) != 1 {
		t.Errorf("%v, %d entries", err, len(l.RevokedCertificateEntries))
	}
}

func TestPKCS12(t *testing.T) {
	t.Parallel()
	for _, a := range []*authority{rsaAuthority(), ecAuthority()} {
		p12 := must(a.seal.PKCS12(rand.Reader, "correct horse"))
		if _, err := ParsePKCS12(p12, "wrong"); err == nil || !strings.Contains(err.Error(), "password") {
			t.Errorf("wrong password: %v", err)
		}
		var fe *FileError
		if _, err := ParsePKCS12(p12[:len(p12)/2], "correct horse"); !errors.As(err, &fe) {
			t.Errorf("half a file: %v", err)
		}
		back := must(ParsePKCS12(p12, "correct horse"))
		if !back.Cert.Equal(a.seal.Cert) || len(back.Chain) != 1 || !back.Chain[0].Equal(a.root.Cert) {
			t.Error("other certificates came back")
		}
		pdf := must(Seal(t.Context(), nil, testNow, sampleFinal(), back, nil))
		if r := Verify(pdf, a.root.Cert); !r.Valid || !r.Signatures[0].Trusted {
			t.Errorf("%+v", r)
		}
	}
}

// A certificate bought elsewhere comes packed by openssl, with certificates that do not
// belong to it.
func TestBoughtCertificate(t *testing.T) {
	t.Parallel()
	ca := must(NewRoot(rand.Reader, testNow, "Example Trust", P256))
	a := rsaAuthority()
	dir := t.TempDir()
	out := filepath.Join(dir, "bought.p12")
	run(t, "openssl", "pkcs12", "-export", "-passout", "pass:s3cret", "-out", out,
		"-inkey", pemFile(t, "k.pem", "PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(a.seal.Key))),
		"-in", pemFile(t, "c.pem", "CERTIFICATE", a.seal.Cert.Raw),
		"-certfile", pemFile(t, "chain.pem", "CERTIFICATE", ca.Cert.Raw, a.root.Cert.Raw))
	key := must(ParsePKCS12(must(os.ReadFile(out)), "s3cret"))
	if len(key.Chain) != 1 || !key.Chain[0].Equal(a.root.Cert) {
		t.Errorf("chain of %d", len(key.Chain))
	}
	pdf := must(Seal(t.Context(), nil, testNow, sampleFinal(), key, nil))
	if r := Verify(pdf, ca.Cert); !r.Valid || r.Signatures[0].Trusted || r.Signatures[0].TrustProblem == "" {
		t.Errorf("an unknown root must be told, and is no change: %+v", r)
	}
}
