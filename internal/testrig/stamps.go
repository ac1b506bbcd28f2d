package testrig

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// Stamps is a time-stamp authority: openssl ts behind HTTP, with the revocation
// list of its root.
type Stamps struct {
	URL  string
	Root *x509.Certificate
	Down atomic.Bool // it then answers 503
	Bare atomic.Bool // it then has no revocation list
}

// TimeStamps starts an authority on loopback until the test ends.
func TimeStamps(t testing.TB) *Stamps {
	t.Helper()
	dir, err := os.MkdirTemp("", "stamps") // t.TempDir may hold a #, which openssl reads as a comment
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &Stamps{}
	var crl []byte
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case s.Down.Load():
			http.Error(w, "down", http.StatusServiceUnavailable)
		case r.URL.Path == "/root.crl" && !s.Bare.Load():
			w.Write(crl)
		case r.Method == http.MethodPost:
			q, _ := io.ReadAll(io.LimitReader(r.Body, 1<<16))
			reply, err := opensslReply(dir, q)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			w.Header().Set("Content-Type", "application/timestamp-reply")
			w.Write(reply)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	s.URL = srv.URL
	if s.Root, crl, err = stampKeys(dir, srv.URL+"/root.crl"); err != nil {
		t.Fatalf("time stamps: %v", err)
	}
	return s
}

func opensslReply(dir string, q []byte) ([]byte, error) {
	f, err := os.CreateTemp(dir, "q")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if _, err := f.Write(q); err != nil {
		return nil, err
	}
	if out, err := exec.Command("openssl", "ts", "-reply", "-config", filepath.Join(dir, "tsa.cnf"), "-queryfile", f.Name(), "-out", f.Name()+".r").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("openssl ts: %w: %s", err, out)
	}
	return os.ReadFile(f.Name() + ".r")
}

// stampKeys makes the authority's root, its own certificate and the list.
func stampKeys(dir, crlURL string) (*x509.Certificate, []byte, error) {
	from, until := time.Now().AddDate(-5, 0, 0), time.Now().AddDate(20, 0, 0)
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	root := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Example stamp root"}, NotBefore: from, NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, SubjectKeyId: []byte{1, 2, 3}}
	rootDER, err := x509.CreateCertificate(rand.Reader, root, root, rootKey.Public(), rootKey)
	if err != nil {
		return nil, nil, err
	}
	if root, err = x509.ParseCertificate(rootDER); err != nil {
		return nil, nil, err
	}
	eku, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		return nil, nil, err
	}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Example time stamps"}, NotBefore: from, NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature, CRLDistributionPoints: []string{crlURL},
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: eku}}}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, root, key.Public(), rootKey)
	if err != nil {
		return nil, nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	crl, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: from, NextUpdate: until}, root, rootKey)
	if err != nil {
		return nil, nil, err
	}
	for name, b := range map[string][]byte{
		"tsa.crt": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leafDER}), "root.crt": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: rootDER}),
		"tsa.key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}),
		"tsa.cnf": fmt.Appendf(nil, "[tsa]\ndefault_tsa = t1\n[t1]\nserial = %[1]s/serial\nsigner_cert = %[1]s/tsa.crt\ncerts = %[1]s/root.crt\nsigner_key = %[1]s/tsa.key\nsigner_digest = sha256\ndefault_policy = 1.3.6.1.4.1.99999.1\ndigests = sha256\naccuracy = secs:1\ness_cert_id_alg = sha256\n", dir),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			return nil, nil, err
		}
	}
	return root, crl, nil
}
