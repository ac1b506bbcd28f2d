package seal

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"io"
	"math/big"
	"time"

	"software.sslmate.com/src/go-pkcs12"
)

// KeyKind names the kinds of key that are made here.
type KeyKind string

// RSA3072 is the default: old readers do not know ECDSA.
const (
	RSA3072 KeyKind = "rsa-3072"
	P256    KeyKind = "ecdsa-p256"
)

// Credential is a key with its certificate and the certificates above it,
// root last. A workspace's root is one whose Chain is empty.
type Credential struct {
	Key   crypto.Signer
	Cert  *x509.Certificate
	Chain []*x509.Certificate
}

const (
	rootYears = 20
	leafYears = 3
)

// NewRoot makes the root of a workspace's own authority, valid for 20 years
// from now.
func NewRoot(rand io.Reader, now time.Time, organization string, kind KeyKind) (*Credential, error) {
	t := &x509.Certificate{
		Subject: pkix.Name{CommonName: organization + " seal root", Organization: []string{organization}},
		IsCA:    true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	return issue(rand, now, rootYears, t, kind, nil)
}

// documentSigning is id-kp-documentSigning (RFC 9336).
var documentSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36}

// NewSeal makes the key that seals documents, signed by root, valid for 3
// years from now. crlURL, when not empty, says where the root's revocation
// list can be fetched.
func NewSeal(rand io.Reader, now time.Time, root *Credential, organization, crlURL string, kind KeyKind) (*Credential, error) {
	t := &x509.Certificate{
		Subject:            pkix.Name{CommonName: organization, Organization: []string{organization}},
		KeyUsage:           x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		UnknownExtKeyUsage: []asn1.ObjectIdentifier{documentSigning},
		// Readers older than RFC 9336 look for this one.
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
	}
	if crlURL != "" {
		t.CRLDistributionPoints = []string{crlURL}
	}
	return issue(rand, now, leafYears, t, kind, root)
}

func issue(rand io.Reader, now time.Time, years int, t *x509.Certificate, kind KeyKind, by *Credential) (*Credential, error) {
	c := &Credential{}
	var err error
	switch kind {
	case RSA3072, "":
		c.Key, err = rsa.GenerateKey(rand, 3072)
	case P256:
		c.Key, err = ecdsa.GenerateKey(elliptic.P256(), rand)
	default:
		err = fmt.Errorf("unknown kind %q", kind)
	}
	if err != nil {
		return nil, fmt.Errorf("make a seal key: %w", err)
	}
	number := make([]byte, 16)
	if _, err := io.ReadFull(rand, number); err != nil {
		return nil, fmt.Errorf("make a seal key: %w", err)
	}
	number[0] &= 0x7f // RFC 5280: positive, at most 20 bytes
	number[0] |= 0x40
	t.SerialNumber = new(big.Int).SetBytes(number)
	pub, err := x509.MarshalPKIXPublicKey(c.Key.Public())
	if err != nil {
		return nil, fmt.Errorf("make a seal key: %w", err)
	}
	id := sha256.Sum256(pub)
	t.SubjectKeyId = id[:20] // RFC 7093
	t.BasicConstraintsValid = true
	// An hour of leave for clocks that run apart.
	t.NotBefore, t.NotAfter = now.UTC().Add(-time.Hour), now.UTC().AddDate(years, 0, 0)
	parent, key := t, c.Key
	if by != nil {
		parent, key = by.Cert, by.Key
		c.Chain = append([]*x509.Certificate{by.Cert}, by.Chain...)
	}
	raw, err := x509.CreateCertificate(rand, t, parent, c.Key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("make a seal certificate: %w", err)
	}
	if c.Cert, err = x509.ParseCertificate(raw); err != nil {
		return nil, fmt.Errorf("make a seal certificate: %w", err)
	}
	return c, nil
}

// RevocationList makes the root's list of withdrawn certificates (RFC 5280,
// 5) in DER, valid for six months from now; number grows with every list.
func RevocationList(rand io.Reader, now time.Time, root *Credential, number int64, withdrawn []x509.RevocationListEntry) ([]byte, error) {
	crl, err := x509.CreateRevocationList(rand, &x509.RevocationList{
		Number: big.NewInt(number), ThisUpdate: now.UTC(), NextUpdate: now.UTC().AddDate(0, 6, 0),
		RevokedCertificateEntries: withdrawn,
	}, root.Cert, root.Key)
	if err != nil {
		return nil, fmt.Errorf("make a revocation list: %w", err)
	}
	return crl, nil
}

// PKCS12 packs a credential, encrypted with the password (AES-256), for
// keeping or moving.
func (c *Credential) PKCS12(rand io.Reader, password string) ([]byte, error) {
	b, err := pkcs12.Modern.WithRand(rand).Encode(c.Key, c.Cert, c.Chain, password)
	if err != nil {
		return nil, fmt.Errorf("pack the seal key: %w", err)
	}
	return b, nil
}

// ParsePKCS12 opens a .p12 or .pfx file: a bought certificate, or one packed
// by PKCS12. A wrong password is told apart from a damaged file.
func ParsePKCS12(b []byte, password string) (*Credential, error) {
	key, cert, chain, err := pkcs12.DecodeChain(b, password)
	if err == pkcs12.ErrIncorrectPassword {
		return nil, fileErr("the password does not open this certificate file")
	}
	if err != nil {
		return nil, fileErr("the certificate file cannot be read: %v", err)
	}
	s, ok := key.(crypto.Signer)
	if !ok {
		return nil, fileErr("the certificate file holds no key that can sign")
	}
	switch s.Public().(type) {
	case *rsa.PublicKey, *ecdsa.PublicKey:
	default:
		return nil, fileErr("the key in the certificate file is neither RSA nor ECDSA")
	}
	if p, ok := s.Public().(interface{ Equal(crypto.PublicKey) bool }); !ok || !p.Equal(cert.PublicKey) {
		return nil, fileErr("key and certificate in the file do not belong together")
	}
	return &Credential{Key: s, Cert: cert, Chain: sortChain(cert, chain)}, nil
}

// sortChain orders certificates from the leaf's issuer upwards; .p12 files
// hold them in any order.
func sortChain(leaf *x509.Certificate, pool []*x509.Certificate) []*x509.Certificate {
	var out []*x509.Certificate
	for c := leaf; len(out) < len(pool); {
		var up *x509.Certificate
		for _, p := range pool {
			if !p.Equal(c) && c.CheckSignatureFrom(p) == nil {
				up = p
			}
		}
		if up == nil {
			break
		}
		out = append(out, up)
		c = up
	}
	return out
}
