package seal

import (
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidSigningCertV1 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	oidSigningCertV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidTimeStamp     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 14}
	oidTSTInfo       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidSHA1          = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA384        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA512        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
	oidRSA           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidRSAPSS        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidECDSA256      = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
)

// sequence builds a SEQUENCE of ready DER parts.
func sequence(parts ...[]byte) []byte { return tagged(cbasn1.SEQUENCE, parts...) }

func tagged(tag cbasn1.Tag, parts ...[]byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(tag, func(b *cryptobyte.Builder) {
		for _, p := range parts {
			b.AddBytes(p)
		}
	})
	return b.BytesOrPanic() // only lengths beyond 4 GB fail
}

func object(oid asn1.ObjectIdentifier) []byte {
	var b cryptobyte.Builder
	b.AddASN1ObjectIdentifier(oid)
	return b.BytesOrPanic()
}

func octets(p []byte) []byte { return tagged(cbasn1.OCTET_STRING, p) }

func smallInt(n int64) []byte {
	var b cryptobyte.Builder
	b.AddASN1Int64(n)
	return b.BytesOrPanic()
}

var derNull = []byte{5, 0}

// toDER turns BER with indefinite lengths and strings in pieces (X.690, 8)
// into DER lengths; some signers still write it. It returns what follows too.
func toDER(b []byte) (der, rest []byte, err error) {
	if len(b) > 4<<20 {
		return nil, nil, fileErr("the signature value is too large")
	}
	return berValue(b, 0)
}

func berValue(b []byte, depth int) (der, rest []byte, err error) {
	bad := fileErr("the signature value is not valid ASN.1")
	if depth > 24 || len(b) < 2 || b[0]&0x1f == 0x1f {
		return nil, nil, bad
	}
	tag, n, head := b[0], int(b[1]), 2
	indefinite := b[1] == 0x80
	if n > 0x80 {
		k := n & 0x7f
		if k > 4 || len(b) < 2+k {
			return nil, nil, bad
		}
		n = int(bigEndian(b[2 : 2+k]))
		head += k
	}
	b = b[head:]
	if !indefinite && n > len(b) {
		return nil, nil, bad
	}
	constructed := tag&0x20 != 0
	if !constructed {
		if indefinite {
			return nil, nil, bad
		}
		return tagged(cbasn1.Tag(tag), b[:n]), b[n:], nil
	}
	body := b
	if !indefinite {
		body, rest = b[:n], b[n:]
	}
	var parts []byte
	for {
		if !indefinite && len(body) == 0 {
			break
		}
		if indefinite && len(body) >= 2 && body[0] == 0 && body[1] == 0 {
			rest = body[2:]
			break
		}
		var p []byte
		if p, body, err = berValue(body, depth+1); err != nil {
			return nil, nil, err
		}
		if tag == 0x24 { // an OCTET STRING in pieces
			var inner cryptobyte.String
			s := cryptobyte.String(p)
			if !s.ReadASN1(&inner, cbasn1.OCTET_STRING) {
				return nil, nil, bad
			}
			p = inner
		}
		parts = append(parts, p...)
	}
	if tag == 0x24 {
		tag = 0x04
	}
	return tagged(cbasn1.Tag(tag), parts), rest, nil
}
