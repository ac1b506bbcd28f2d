package seal

import (
	"bytes"
	"crypto/x509"
	"slices"
	"time"

	"golang.org/x/crypto/ocsp"
)

// store is the document security store (EN 319 142-1, 5.4.2).
type store struct {
	certs []*x509.Certificate
	crls  []*x509.RevocationList
	ocsps [][]byte
}

func (r *reader) validationStore() *store {
	s := &store{}
	d := r.dict(r.root().get("DSS"))
	each := func(k name, use func([]byte)) {
		for i, v := range r.array(d.get(k)) {
			st, ok := r.get(v).(stream)
			if b, err := r.decode(st); ok && err == nil && i < 64 {
				use(b)
			}
		}
	}
	each("Certs", func(b []byte) {
		if c, err := x509.ParseCertificate(b); err == nil {
			s.certs = append(s.certs, c)
		}
	})
	each("CRLs", func(b []byte) {
		if l, err := x509.ParseRevocationList(b); err == nil {
			s.crls = append(s.crls, l)
		}
	})
	each("OCSPs", func(b []byte) { s.ocsps = append(s.ocsps, b) })
	return s
}

// chain goes up from the signer as far as certificates are at hand.
func (s *store) chain(p *signedData) []*x509.Certificate {
	return append([]*x509.Certificate{p.signer}, sortChain(p.signer, slices.Concat(p.certs, s.certs))...)
}

func selfSigned(c *x509.Certificate) bool {
	return bytes.Equal(c.RawIssuer, c.RawSubject) && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

// complete says whether the chain can be validated from the file alone: up to
// a root, and for each certificate below it a word on its revocation.
func (s *store) complete(p *signedData) bool {
	ch := s.chain(p)
	for i, c := range ch {
		if i == len(ch)-1 {
			return selfSigned(c)
		}
		if !s.listed(c, ch[i+1]) {
			return false
		}
	}
	return false
}

func (s *store) listed(c, issuer *x509.Certificate) bool {
	if s.crl(c, issuer) != nil {
		return true
	}
	for _, b := range s.ocsps {
		if r, err := ocsp.ParseResponseForCert(b, c, issuer); err == nil && r.Status == ocsp.Good {
			return true
		}
	}
	return false
}

func (s *store) crl(c, issuer *x509.Certificate) *x509.RevocationList {
	for _, l := range s.crls {
		if bytes.Equal(l.RawIssuer, c.RawIssuer) && l.CheckSignatureFrom(issuer) == nil {
			return l
		}
	}
	return nil
}

// withdrawn: a certificate that was revoked before it signed proves nothing.
func (s *store) withdrawn(p *signedData, at time.Time) error {
	ch := s.chain(p)
	for i := 0; i+1 < len(ch); i++ {
		if l := s.crl(ch[i], ch[i+1]); l != nil {
			for _, e := range l.RevokedCertificateEntries {
				if e.SerialNumber.Cmp(ch[i].SerialNumber) == 0 && !e.RevocationTime.After(at) {
					return fileErr("the certificate of %q was withdrawn on %s, before it signed", commonName(ch[i]), e.RevocationTime.UTC().Format(time.DateOnly))
				}
			}
		}
		for _, b := range s.ocsps {
			if r, err := ocsp.ParseResponseForCert(b, ch[i], ch[i+1]); err == nil && r.Status == ocsp.Revoked && !r.RevokedAt.After(at) {
				return fileErr("the certificate of %q was withdrawn on %s, before it signed", commonName(ch[i]), r.RevokedAt.UTC().Format(time.DateOnly))
			}
		}
	}
	return nil
}

// trust says whether the signer's certificate leads to one of the roots and
// was valid at that time, and if not, why.
func (v *verifier) trust(p *signedData, at time.Time) (bool, string) {
	if len(v.roots) == 0 {
		return false, "no trusted certificates were given"
	}
	if at.IsZero() {
		return false, "the signature says no time"
	}
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range v.roots {
		roots.AddCert(c)
	}
	for _, c := range slices.Concat(p.certs, v.dss.certs) {
		between.AddCert(c)
	}
	leaf := *p.signer
	leaf.UnhandledCriticalExtensions = nil // such as the statements of qualified certificates
	_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	if err != nil {
		return false, "the signer's certificate is not trusted: " + err.Error()
	}
	return true, ""
}
