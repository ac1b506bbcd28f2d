package seal

import (
	"bytes"
	"crypto"
	"crypto/sha1"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

var (
	context0 = cbasn1.Tag(0).ContextSpecific().Constructed()
	context1 = cbasn1.Tag(1).ContextSpecific().Constructed()
)

// signedData is a CMS SignedData with one signer (RFC 5652, 5).
type signedData struct {
	der         []byte // as parsed, without padding
	certs       []*x509.Certificate
	signer      *x509.Certificate
	contentType asn1.ObjectIdentifier
	content     []byte // nil when detached
	hash        crypto.Hash
	sigAlg      asn1.ObjectIdentifier
	sigParams   []byte
	sig         []byte
	attrs       []byte // SET OF as signed; nil when there are none
	digest      []byte // message-digest attribute
	innerType   asn1.ObjectIdentifier
	signingTime time.Time
	certBound   bool // a signing-certificate attribute names signer
	token       []byte
}

func badCMS(what string) error { return fileErr("the signature value is malformed: %s", what) }

// parseCMS reads a signature value; only zeros may follow it.
func parseCMS(b []byte) (*signedData, error) {
	if len(b) == 0 || len(bytes.Trim(b, "\x00")) == 0 {
		return nil, fileErr("the signature value is empty: there is no signature")
	}
	der, rest := b, []byte(nil)
	if len(b) > 1 && b[1] == 0x80 {
		var err error
		if der, rest, err = toDER(b); err != nil {
			return nil, err
		}
	} else {
		s, whole := cryptobyte.String(b), cryptobyte.String(nil)
		if !s.ReadASN1Element(&whole, cbasn1.SEQUENCE) {
			return nil, badCMS("no ASN.1 sequence")
		}
		der, rest = whole, s
	}
	if len(bytes.Trim(rest, "\x00")) > 0 {
		return nil, fileErr("other bytes than padding stand behind the signature value")
	}
	p := &signedData{der: der}
	s, body, sd := cryptobyte.String(der), cryptobyte.String(nil), cryptobyte.String(nil)
	var kind asn1.ObjectIdentifier
	if !s.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1ObjectIdentifier(&kind) || !kind.Equal(oidSignedData) ||
		!body.ReadASN1(&body, context0) || !body.ReadASN1(&sd, cbasn1.SEQUENCE) || !body.Empty() {
		return nil, badCMS("not signed data")
	}
	return p, p.read(sd)
}

func (p *signedData) read(sd cryptobyte.String) error {
	var version int
	var algs, encap, certs, infos, info cryptobyte.String
	var hasContent, hasCerts bool
	if !sd.ReadASN1Integer(&version) || !sd.ReadASN1(&algs, cbasn1.SET) || !sd.ReadASN1(&encap, cbasn1.SEQUENCE) ||
		!sd.ReadOptionalASN1(&certs, &hasCerts, context0) || !sd.SkipOptionalASN1(context1) ||
		!sd.ReadASN1(&infos, cbasn1.SET) || !sd.Empty() {
		return badCMS("signed data")
	}
	var content, inner cryptobyte.String
	if !encap.ReadASN1ObjectIdentifier(&p.contentType) || !encap.ReadOptionalASN1(&content, &hasContent, context0) || !encap.Empty() {
		return badCMS("content")
	}
	if hasContent {
		if !content.ReadASN1(&inner, cbasn1.OCTET_STRING) || !content.Empty() {
			return badCMS("content")
		}
		p.content = inner
	}
	if version < 1 || version > 5 || p.contentType.Equal(oidTSTInfo) && version != 3 {
		return badCMS("version")
	}
	var err error
	if p.certs, err = x509.ParseCertificates(certs); err != nil {
		return fileErr("a certificate in the signature is damaged: %v", err)
	}
	if !infos.ReadASN1(&info, cbasn1.SEQUENCE) || !infos.Empty() {
		return badCMS("not exactly one signer")
	}
	var alg cryptobyte.String
	if err := p.readSigner(info); err != nil {
		return err
	}
	for !algs.Empty() {
		h, ok := crypto.Hash(0), algs.ReadASN1(&alg, cbasn1.SEQUENCE)
		if ok {
			h, err = readHash(alg)
		}
		if !ok || err != nil || h != p.hash {
			return badCMS("digest algorithms")
		}
	}
	return nil
}

func (p *signedData) readSigner(info cryptobyte.String) error {
	var version int
	var alg, attrs, unsigned cryptobyte.String
	var hasAttrs, hasUnsigned bool
	if !info.ReadASN1Integer(&version) {
		return badCMS("signer")
	}
	if err := p.findSigner(&info, version); err != nil {
		return err
	}
	if !info.ReadASN1(&alg, cbasn1.SEQUENCE) {
		return badCMS("signer")
	}
	var err error
	if p.hash, err = readHash(alg); err != nil {
		return err
	}
	if !info.ReadOptionalASN1(&attrs, &hasAttrs, context0) || !info.ReadASN1(&alg, cbasn1.SEQUENCE) ||
		!alg.ReadASN1ObjectIdentifier(&p.sigAlg) || !info.ReadASN1((*cryptobyte.String)(&p.sig), cbasn1.OCTET_STRING) ||
		!info.ReadOptionalASN1(&unsigned, &hasUnsigned, context1) || !info.Empty() {
		return badCMS("signer")
	}
	p.sigParams = alg
	if hasAttrs {
		p.attrs = tagged(cbasn1.SET, attrs)
		if err := p.readAttributes(attrs); err != nil {
			return err
		}
	}
	return eachAttribute(unsigned, func(oid asn1.ObjectIdentifier, v cryptobyte.String) error {
		if oid.Equal(oidTimeStamp) {
			p.token = v
		}
		return nil
	})
}

// findSigner picks the certificate by issuer and number, or by key.
func (p *signedData) findSigner(info *cryptobyte.String, version int) error {
	var issuer, id cryptobyte.String
	number := new(big.Int)
	skid := cbasn1.Tag(0).ContextSpecific()
	byKey := info.PeekASN1Tag(skid)
	if byKey && (version != 3 || !info.ReadASN1(&id, skid)) {
		return badCMS("signer")
	}
	if !byKey && (version != 1 || !info.ReadASN1(&id, cbasn1.SEQUENCE) || !id.ReadASN1Element(&issuer, cbasn1.SEQUENCE) ||
		!id.ReadASN1Integer(number) || !id.Empty()) {
		return badCMS("signer")
	}
	for _, c := range p.certs {
		if byKey && bytes.Equal(c.SubjectKeyId, id) || !byKey && c.SerialNumber.Cmp(number) == 0 && bytes.Equal(c.RawIssuer, issuer) {
			if p.signer != nil && !p.signer.Equal(c) {
				return fileErr("two certificates in the signature claim to be the signer's")
			}
			p.signer = c
		}
	}
	if p.signer == nil {
		return fileErr("the signer's certificate is not in the signature, or it was changed")
	}
	return nil
}

func (p *signedData) readAttributes(attrs cryptobyte.String) error {
	seen := map[string]bool{}
	err := eachAttribute(attrs, func(oid asn1.ObjectIdentifier, v cryptobyte.String) error {
		if seen[oid.String()] {
			return badCMS("an attribute twice")
		}
		seen[oid.String()] = true
		ok := true
		switch {
		case oid.Equal(oidContentType):
			ok = v.ReadASN1ObjectIdentifier(&p.innerType)
		case oid.Equal(oidMessageDigest):
			ok = v.ReadASN1((*cryptobyte.String)(&p.digest), cbasn1.OCTET_STRING)
		case oid.Equal(oidSigningTime):
			if v.PeekASN1Tag(cbasn1.UTCTime) {
				ok = v.ReadASN1UTCTime(&p.signingTime)
			} else {
				ok = v.ReadASN1GeneralizedTime(&p.signingTime)
			}
		case oid.Equal(oidSigningCertV1), oid.Equal(oidSigningCertV2):
			return p.bindCertificate(v, oid.Equal(oidSigningCertV1))
		}
		if !ok {
			return badCMS("attribute")
		}
		return nil
	})
	if err == nil && (!p.innerType.Equal(p.contentType) || len(p.digest) == 0) {
		return badCMS("content type or digest attribute missing")
	}
	return err
}

// bindCertificate checks the first ESSCertID of RFC 2634 or RFC 5035.
func (p *signedData) bindCertificate(v cryptobyte.String, v1 bool) error {
	var outer, list, id, alg, want cryptobyte.String
	if !v.ReadASN1(&outer, cbasn1.SEQUENCE) || !outer.ReadASN1(&list, cbasn1.SEQUENCE) || !list.ReadASN1(&id, cbasn1.SEQUENCE) {
		return badCMS("signing-certificate attribute")
	}
	h := crypto.SHA256
	if v1 {
		h = crypto.SHA1
	} else if id.PeekASN1Tag(cbasn1.SEQUENCE) {
		if !id.ReadASN1(&alg, cbasn1.SEQUENCE) {
			return badCMS("signing-certificate attribute")
		}
		var err error
		if h, err = readHash(alg); err != nil {
			return err
		}
	}
	if !id.ReadASN1(&want, cbasn1.OCTET_STRING) {
		return badCMS("signing-certificate attribute")
	}
	var got []byte
	if h == crypto.SHA1 { // only names the certificate; the signature itself never rests on it
		s := sha1.Sum(p.signer.Raw)
		got = s[:]
	} else {
		got = sum(h, p.signer.Raw)
	}
	if !bytes.Equal(got, want) {
		return fileErr("the certificate in the signature is not the one that signed: its bytes were changed")
	}
	p.certBound = true
	return nil
}

func eachAttribute(attrs cryptobyte.String, visit func(asn1.ObjectIdentifier, cryptobyte.String) error) error {
	for !attrs.Empty() {
		var a, values cryptobyte.String
		var oid asn1.ObjectIdentifier
		if !attrs.ReadASN1(&a, cbasn1.SEQUENCE) || !a.ReadASN1ObjectIdentifier(&oid) || !a.ReadASN1(&values, cbasn1.SET) || !a.Empty() {
			return badCMS("attribute")
		}
		if err := visit(oid, values); err != nil {
			return err
		}
	}
	return nil
}

func readHash(alg cryptobyte.String) (crypto.Hash, error) {
	var oid asn1.ObjectIdentifier
	if !alg.ReadASN1ObjectIdentifier(&oid) || !alg.Empty() && !bytes.Equal(alg, derNull) {
		return 0, badCMS("digest algorithm")
	}
	switch {
	case oid.Equal(oidSHA256):
		return crypto.SHA256, nil
	case oid.Equal(oidSHA384):
		return crypto.SHA384, nil
	case oid.Equal(oidSHA512):
		return crypto.SHA512, nil
	case oid.Equal(oidSHA1):
		return 0, fileErr("the signature uses SHA-1, which proves nothing any more")
	}
	return 0, fileErr("the signature uses an unknown digest %v", oid)
}

func sum(h crypto.Hash, b ...[]byte) []byte {
	w := h.New()
	for _, p := range b {
		w.Write(p)
	}
	return w.Sum(nil)
}
