package seal

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"slices"

	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// signCMS makes the detached CAdES signature that PAdES baseline asks for (EN
// 319 142-1, 6.3): content-type, message-digest and signing-certificate-v2,
// without signing-time. stamp may be nil.
func signCMS(rand io.Reader, key *Credential, digest []byte, stamp func(sigDigest []byte) ([]byte, error)) ([]byte, error) {
	attrs := signedAttributes(key.Cert, digest)
	h := sha256.Sum256(attrs)
	sig, err := key.Key.Sign(rand, h[:], crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	var token []byte
	if stamp != nil {
		d := sha256.Sum256(sig)
		if token, err = stamp(d[:]); err != nil {
			return nil, fmt.Errorf("time stamp: %w", err)
		}
		if _, err := checkToken(token, d[:]); err != nil {
			return nil, fmt.Errorf("time stamp: %w", err)
		}
	}
	return encodeCMS(key.Cert, append([]*x509.Certificate{key.Cert}, key.Chain...), attrs, sig, token)
}

// signedAttributes makes the SET OF attributes (RFC 5652, 5.3; RFC 5035).
func signedAttributes(cert *x509.Certificate, digest []byte) []byte {
	ch := sha256.Sum256(cert.Raw)
	issuer := sequence(sequence(tagged(cbasn1.Tag(4).ContextSpecific().Constructed(), cert.RawIssuer)), serial(cert))
	list := [][]byte{
		attribute(oidContentType, object(oidData)),
		attribute(oidMessageDigest, octets(digest)),
		attribute(oidSigningCertV2, sequence(sequence(sequence(octets(ch[:]), issuer)))),
	}
	slices.SortFunc(list, bytes.Compare) // DER orders a SET OF
	return tagged(cbasn1.SET, list...)
}

func attribute(oid asn1.ObjectIdentifier, value []byte) []byte {
	return sequence(object(oid), tagged(cbasn1.SET, value))
}

func serial(c *x509.Certificate) []byte {
	b, err := asn1.Marshal(c.SerialNumber)
	if err != nil { // a parsed certificate has one
		panic(err)
	}
	return b
}

// encodeCMS puts the parts of a signature into one fixed order and form, so
// that the verifier can demand exactly these bytes of a file sealed here.
func encodeCMS(signer *x509.Certificate, certs []*x509.Certificate, attrs, sig, token []byte) ([]byte, error) {
	var alg []byte
	switch signer.PublicKey.(type) {
	case *rsa.PublicKey: // rsaEncryption: what every reader knows
		alg = sequence(object(oidRSA), derNull)
	case *ecdsa.PublicKey:
		alg = sequence(object(oidECDSA256))
	default:
		return nil, errors.New("the seal's key is neither RSA nor ECDSA")
	}
	sha := sequence(object(oidSHA256), derNull)
	info := [][]byte{smallInt(1), sequence(signer.RawIssuer, serial(signer)), sha,
		retag(0xA0, attrs), alg, octets(sig)}
	if token != nil {
		info = append(info, retag(0xA1, tagged(cbasn1.SET, attribute(oidTimeStamp, token))))
	}
	var raw [][]byte
	for _, c := range certs {
		raw = append(raw, c.Raw)
	}
	return sequence(object(oidSignedData), tagged(context0, sequence(
		smallInt(1), tagged(cbasn1.SET, sha), sequence(object(oidData)),
		tagged(context0, raw...), tagged(cbasn1.SET, sequence(info...))))), nil
}

// retag makes a SET an implicitly tagged one.
func retag(tag byte, set []byte) []byte {
	out := slices.Clone(set)
	out[0] = tag
	return out
}
