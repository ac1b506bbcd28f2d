package seal

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Stamp asks a time-stamp authority for a token over a SHA-256 digest (RFC
// 3161). NewStampRequest and ParseStampResponse make and read what goes over
// the wire.
type Stamp func(ctx context.Context, digest []byte) (token []byte, err error)

// NewStampRequest makes the body of an application/timestamp-query for a
// SHA-256 digest; the nonce ties the answer to it.
func NewStampRequest(digest []byte, nonce *big.Int) ([]byte, error) {
	if len(digest) != 32 || nonce == nil || nonce.Sign() <= 0 {
		return nil, errors.New("time-stamp request: needs a SHA-256 digest and a positive nonce")
	}
	n, err := asn1.Marshal(nonce)
	if err != nil {
		return nil, fmt.Errorf("time-stamp request: %w", err)
	}
	imprint := sequence(sequence(object(oidSHA256), derNull), octets(digest))
	return sequence(smallInt(1), imprint, n, []byte{1, 1, 0xFF}), nil
}

// ParseStampResponse takes the token out of an application/timestamp-reply
// and checks that it answers this request.
func ParseStampResponse(reply, digest []byte, nonce *big.Int) ([]byte, error) {
	var status int
	s := cryptobyte.String(reply)
	var body, info, token cryptobyte.String
	if !s.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1(&info, cbasn1.SEQUENCE) || !info.ReadASN1Integer(&status) {
		return nil, errors.New("time-stamp authority: the answer is malformed")
	}
	if status > 1 || !body.ReadASN1Element(&token, cbasn1.SEQUENCE) { // 0 granted, 1 with modifications
		return nil, fmt.Errorf("time-stamp authority: refused with status %d", status)
	}
	t, err := checkToken(token, digest)
	if err != nil {
		return nil, fmt.Errorf("time-stamp authority: %w", err)
	}
	if t.nonce == nil || nonce == nil || t.nonce.Cmp(nonce) != 0 {
		return nil, errors.New("time-stamp authority: the answer is not for this request")
	}
	return token, nil
}

// StampCertificates lists the certificates in a token, so that B-LT can keep
// them with their revocation lists.
func StampCertificates(token []byte) ([]*x509.Certificate, error) {
	p, err := parseCMS(token)
	if err != nil {
		return nil, err
	}
	return p.certs, nil
}

// stampInfo is what a verified token says.
type stampInfo struct {
	at      time.Time
	nonce   *big.Int // nil when there is none
	hash    crypto.Hash
	imprint []byte
	cms     *signedData
}

// readTSTInfo reads the fields that matter (RFC 3161, 2.4.2).
func readTSTInfo(b []byte) (*stampInfo, error) {
	t := &stampInfo{}
	s := cryptobyte.String(b)
	var body, imprint, alg cryptobyte.String
	var version int
	if !s.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1Integer(&version) || version != 1 ||
		!body.SkipASN1(cbasn1.OBJECT_IDENTIFIER) || !body.ReadASN1(&imprint, cbasn1.SEQUENCE) ||
		!imprint.ReadASN1(&alg, cbasn1.SEQUENCE) || !imprint.ReadASN1((*cryptobyte.String)(&t.imprint), cbasn1.OCTET_STRING) ||
		!body.SkipASN1(cbasn1.INTEGER) {
		return nil, badCMS("time stamp")
	}
	// encoding/asn1 for the time: cryptobyte refuses fractions of a second.
	rest, err := asn1.UnmarshalWithParams(body, &t.at, "generalized")
	if err != nil {
		return nil, badCMS("time stamp")
	}
	body = rest
	if !body.SkipOptionalASN1(cbasn1.SEQUENCE) || !body.SkipOptionalASN1(cbasn1.BOOLEAN) {
		return nil, badCMS("time stamp")
	}
	if body.PeekASN1Tag(cbasn1.INTEGER) {
		t.nonce = new(big.Int)
		if !body.ReadASN1Integer(t.nonce) {
			return nil, badCMS("time stamp")
		}
	}
	t.hash, err = readHash(alg)
	return t, err
}

// checkToken verifies a token over the digest of data, and that its signer is
// a time-stamp authority (RFC 3161, 2.3). The digest may be of any length
// that the token's own algorithm has.
func checkToken(token, digest []byte) (*stampInfo, error) {
	return checkTokenOf(token, func(h crypto.Hash) []byte {
		if h.Size() != len(digest) {
			return nil
		}
		return digest
	})
}

func checkTokenOf(token []byte, data func(crypto.Hash) []byte) (*stampInfo, error) {
	p, err := parseCMS(token)
	if err != nil {
		return nil, fmt.Errorf("the time stamp: %w", err)
	}
	if !p.contentType.Equal(oidTSTInfo) || p.content == nil {
		return nil, fileErr("the time stamp is not a time-stamp token")
	}
	t, err := readTSTInfo(p.content)
	if err != nil {
		return nil, err
	}
	t.cms = p
	if want := data(t.hash); want == nil || !bytes.Equal(t.imprint, want) {
		return nil, fileErr("the time stamp is for other bytes")
	}
	if err := p.verify(func(h crypto.Hash) []byte { return sum(h, p.content) }); err != nil {
		return nil, fmt.Errorf("the time stamp: %w", err)
	}
	if err := p.checkCertificates(); err != nil {
		return nil, fmt.Errorf("the time stamp: %w", err)
	}
	for _, u := range p.signer.ExtKeyUsage {
		if u == x509.ExtKeyUsageTimeStamping {
			return t, nil
		}
	}
	return nil, fileErr("the time stamp was made by %q, whose certificate is not for time stamps", commonName(p.signer))
}
