package seal

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
)

// verify checks the mathematics: the signed attributes name the data's
// digest, and the signer's key signed the attributes (RFC 5652, 5.4, 5.6).
func (p *signedData) verify(data func(crypto.Hash) []byte) error {
	digest := data(p.hash)
	if p.attrs == nil {
		return p.verifyDigest(digest, nil)
	}
	if !bytes.Equal(p.digest, digest) {
		return fileErr("the signed bytes were changed: their digest is not the one that was signed")
	}
	return p.verifyDigest(sum(p.hash, p.attrs), p.attrs)
}

// algorithms by key and hash: the name that a signer gives must be the one
// that was used.
var (
	rsaWith   = map[crypto.Hash]asn1.ObjectIdentifier{crypto.SHA256: {1, 2, 840, 113549, 1, 1, 11}, crypto.SHA384: {1, 2, 840, 113549, 1, 1, 12}, crypto.SHA512: {1, 2, 840, 113549, 1, 1, 13}}
	ecdsaWith = map[crypto.Hash]asn1.ObjectIdentifier{crypto.SHA256: oidECDSA256, crypto.SHA384: {1, 2, 840, 10045, 4, 3, 3}, crypto.SHA512: {1, 2, 840, 10045, 4, 3, 4}}
	oidEd     = asn1.ObjectIdentifier{1, 3, 101, 112}
)

func (p *signedData) verifyDigest(digest, message []byte) error {
	ok := false
	plain := len(p.sigParams) == 0 || bytes.Equal(p.sigParams, derNull)
	switch k := p.signer.PublicKey.(type) {
	case *rsa.PublicKey:
		switch {
		case p.sigAlg.Equal(oidRSAPSS):
			ok = rsa.VerifyPSS(k, p.hash, digest, p.sig, nil) == nil
		case plain && (p.sigAlg.Equal(oidRSA) || p.sigAlg.Equal(rsaWith[p.hash])):
			ok = rsa.VerifyPKCS1v15(k, p.hash, digest, p.sig) == nil
		}
	case *ecdsa.PublicKey:
		ok = plain && p.sigAlg.Equal(ecdsaWith[p.hash]) && ecdsa.VerifyASN1(k, digest, p.sig)
	case ed25519.PublicKey:
		ok = plain && p.sigAlg.Equal(oidEd) && message != nil && ed25519.Verify(k, message, p.sig)
	default:
		return fileErr("the signer's key is of an unknown kind")
	}
	if !ok {
		return fileErr("the signature does not fit the signer's key: the signature, the certificate or the signed attributes were changed")
	}
	return nil
}

// checkCertificates finds certificates whose bytes were changed, which the
// signature itself does not cover: each but the signer's must have issued
// another one, and fit its own issuer where that is at hand.
func (p *signedData) checkCertificates() error {
	for _, c := range p.certs {
		bad := fileErr("the certificate of %q in the signature was changed", commonName(c))
		used, known := c.Equal(p.signer), false
		for _, o := range p.certs {
			used = used || o != c && issued(c, o)
			known = known || o != c && issued(o, c)
		}
		// A certificate names its issuer's key unless it is its own issuer
		// (RFC 5280, 4.2.1.1).
		own := len(c.AuthorityKeyId) == 0 || bytes.Equal(c.AuthorityKeyId, c.SubjectKeyId) || bytes.Equal(c.RawIssuer, c.RawSubject)
		if !used || own && !known && !issued(c, c) && !(c.Equal(p.signer) && p.certBound) {
			return bad
		}
		for _, o := range p.certs {
			if o != c && named(o, c) && !issued(o, c) {
				return bad
			}
		}
	}
	return nil
}

// named says whether c names up as its issuer, by name and key.
func named(up, c *x509.Certificate) bool {
	return bytes.Equal(c.RawIssuer, up.RawSubject) &&
		(len(c.AuthorityKeyId) == 0 || len(up.SubjectKeyId) == 0 || bytes.Equal(c.AuthorityKeyId, up.SubjectKeyId))
}

func issued(up, c *x509.Certificate) bool {
	if !named(up, c) {
		return false
	}
	var old x509.InsecureAlgorithmError // roots from SHA-1 days sign themselves with it
	err := up.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature)
	return err == nil || errors.As(err, &old)
}

// commonName is how a person would name the owner of a certificate.
func commonName(c *x509.Certificate) string {
	switch {
	case c.Subject.CommonName != "":
		return c.Subject.CommonName
	case len(c.Subject.Organization) > 0:
		return c.Subject.Organization[0]
	}
	return c.Subject.String()
}
