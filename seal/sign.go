package seal

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

const rangeRoom = "[0 0000000000 0000000000 0000000000]"

// maker marks our own seals. Beside it, in the signed part, stand the hashes of
// the certificates and whether there is a time stamp: the parts of the
// signature value that the signature itself does not cover.
const maker = "Dottedline"

func build(key *Credential, stamped bool) dict {
	hashes := array{}
	for _, c := range append([]*x509.Certificate{key.Cert}, key.Chain...) {
		h := sha256.Sum256(c.Raw)
		hashes = append(hashes, str(h[:]))
	}
	return dict{{"App", dict{{"Name", name(maker)}, {"Certificates", hashes}, {"TimeStamp", stamped}}}}
}

func date(t time.Time) str { return str(t.UTC().Format("D:20060102150405") + "Z") }

// signatureRoom is how many bytes are kept free for the signature value.
func signatureRoom(key *Credential, stamped bool) int {
	n := 2048 + len(key.Cert.Raw)
	for _, c := range key.Chain {
		n += len(c.Raw)
	}
	if stamped {
		n += 12000 // tokens with three certificates take about 6,000
	}
	return n
}

// placeholder makes the signature dictionary (12.8.1) with room for what is
// known only later. P=1: no change at all is allowed after it.
func placeholder(f Final, now time.Time, key *Credential, stamped bool) dict {
	d := dict{{"Type", name("Sig")}, {"Filter", name("Adobe.PPKLite")}, {"SubFilter", name("ETSI.CAdES.detached")}, {"M", date(now)}}
	for _, e := range []struct {
		key name
		val string
	}{{"Name", f.Signer}, {"Reason", f.Reason}, {"Location", f.Location}, {"ContactInfo", f.Contact}} {
		if e.val != "" {
			d = append(d, entry{e.key, text(e.val)})
		}
	}
	params := dict{{"Type", name("TransformParams")}, {"P", int64(1)}, {"V", name("1.2")}}
	return append(d,
		entry{"Prop_Build", build(key, stamped)},
		entry{"Reference", array{dict{{"Type", name("SigRef")}, {"TransformMethod", name("DocMDP")}, {"DigestMethod", name("SHA256")}, {"TransformParams", params}}}},
		entry{"ByteRange", verbatim(rangeRoom)},
		entry{"Contents", verbatim("<" + strings.Repeat("0", 2*signatureRoom(key, stamped)) + ">")})
}

// signPlaceholder fills byte range and signature value of the signature
// dictionary at off, in place.
func signPlaceholder(out []byte, off int, sign func(digest []byte) ([]byte, error)) error {
	br := bytes.Index(out[off:], []byte("/ByteRange "+rangeRoom))
	if br < 0 {
		return errors.New("no room for a signature")
	}
	br += off + len("/ByteRange ")
	open := br + len(rangeRoom) + len("/Contents ")
	end := open + bytes.IndexByte(out[open:], '>') + 1
	r := fmt.Sprintf("[0 %d %d %d]", open, end, len(out)-end)
	copy(out[br:], r+strings.Repeat(" ", len(rangeRoom)-len(r)))
	h := sha256.New()
	h.Write(out[:open])
	h.Write(out[end:])
	sig, err := sign(h.Sum(nil))
	if err != nil {
		return err
	}
	if 2*len(sig) > end-open-2 {
		return fmt.Errorf("the signature of %d bytes does not fit into %d", len(sig), (end-open-2)/2)
	}
	hex.Encode(out[open+1:], sig)
	return nil
}

// validation makes the document security store (EN 319 142-1, 5.4.2).
func validation(b *builder, f Final, key *Credential) ref {
	var certs, crls array
	var seen [][]byte
	add := func(list *array, raw []byte) {
		if !slices.ContainsFunc(seen, func(s []byte) bool { return bytes.Equal(s, raw) }) {
			seen = append(seen, raw)
			*list = append(*list, b.add(flate(nil, raw)))
		}
	}
	add(&certs, key.Cert.Raw)
	for _, c := range slices.Concat(key.Chain, f.Certs) {
		add(&certs, c.Raw)
	}
	for _, l := range f.CRLs {
		add(&crls, l)
	}
	return b.add(dict{{"Type", name("DSS")}, {"Certs", certs}, {"CRLs", crls}})
}
