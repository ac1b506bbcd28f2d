package seal

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// signature is a signature field that is filled in.
type signature struct {
	field    string // full name
	fieldNum int    // object of the field, 0 when direct
	fieldObj dict
	num      int // object of the signature dictionary
	place    place
	dict     dict
	isStamp  bool

	gap          [2]int64 // the bytes that hold the signature value
	end          int64    // what is signed ends here
	signed       *reader  // the file as signed
	err          error
	bytesChanged bool
}

// signatures walks the form's fields (12.7.3, 12.7.4.5).
func (r *reader) signatures() []signature {
	var out []signature
	seen := map[int]bool{}
	var walk func(v any, path []string, kind, value any, depth int)
	walk = func(v any, path []string, kind, value any, depth int) {
		p, _ := v.(ref)
		if depth > 16 || p.num > 0 && seen[p.num] || len(out) > maxSignatures {
			return
		}
		seen[p.num] = true
		d, ok := r.get(v).(dict)
		if !ok {
			return
		}
		if t := r.get(d.get("T")); t != nil {
			path = append(path[:len(path):len(path)], plain(t))
		}
		if k := r.get(d.get("FT")); k != nil {
			kind = k
		}
		if x := d.get("V"); x != nil {
			value = x
		}
		if kids := r.array(d.get("Kids")); len(kids) > 0 {
			for _, k := range kids {
				walk(k, path, kind, value, depth+1)
			}
			// a field whose kids are its widgets holds its value itself
		}
		if kind != name("Sig") || d.get("V") == nil {
			return
		}
		s := signature{field: strings.Join(path, "."), fieldNum: p.num, fieldObj: d, dict: r.dict(value)}
		if q, ok := value.(ref); ok {
			s.num, s.place = q.num, r.places[q.num]
		}
		s.isStamp = r.get(s.dict.get("SubFilter")) == name("ETSI.RFC3161")
		out = append(out, s)
	}
	for _, f := range r.array(r.dict(r.root().get("AcroForm")).get("Fields")) {
		walk(f, nil, nil, nil, 0)
	}
	return out
}

// signedRange holds a signature dictionary to the one form that signs a whole
// revision: ByteRange [0 a b c], the gap exactly its own Contents, the end a
// revision's end, the dictionary where the cross-reference of that revision
// says. It returns the signature value.
func (v *verifier) signedRange(s *signature) ([]byte, error) {
	if s.num == 0 || s.dict == nil {
		return nil, fileErr("the field has no signature dictionary of its own")
	}
	if s.place.in > 0 {
		return nil, fileErr("the signature dictionary lies in a compressed object, where it cannot sign")
	}
	spans := map[name][2]int{}
	obj, _, err := v.r.indirect(s.place.off, s.num, spans)
	d, ok := obj.(dict)
	if err != nil || !ok {
		return nil, fileErr("the signature dictionary cannot be read")
	}
	br, err := byteRange(d.get("ByteRange"), int64(len(v.b)))
	if err != nil {
		return nil, err
	}
	value, ok := d.get("Contents").(str)
	if !ok {
		return nil, fileErr("the signature value (Contents) is missing or null")
	}
	at := spans["Contents"]
	if int64(at[0]) != br[1] || int64(at[1]) != br[2] {
		return nil, fileErr("ByteRange leaves out bytes %d to %d, but the signature value lies at %d to %d: other bytes could hide in the gap", br[1], br[2], at[0], at[1])
	}
	if err := plainHex(v.b[br[1]:br[2]]); err != nil {
		return nil, err
	}
	s.gap, s.end = [2]int64{br[1], br[2]}, br[2]+br[3]
	if !bytes.HasSuffix(bytes.TrimRight(v.b[:s.end], "\r\n"), []byte("%%EOF")) {
		return nil, fileErr("what is signed ends in the middle of a revision, at byte %d", s.end)
	}
	if s.signed, err = open(v.b[:s.end], v.bud); err != nil {
		return nil, fileErr("the file as signed cannot be read: %v", err)
	}
	for _, was := range s.signed.signatures() {
		if was.num == s.num && was.place == s.place {
			return value, nil
		}
	}
	return nil, fileErr("the signature is not part of the file as signed: it was moved or put in later")
}

// byteRange accepts [0 a b c] only: two pieces, from the first byte, around
// one gap, within the file.
func byteRange(v any, size int64) (br [4]int64, err error) {
	if v == nil {
		return br, fileErr("ByteRange is missing: it signs nothing")
	}
	a, ok := v.(array)
	if !ok || len(a) != 4 {
		return br, fileErr("ByteRange is not four numbers")
	}
	for i := range br {
		if br[i], ok = a[i].(int64); !ok {
			return br, fileErr("ByteRange is not four numbers")
		}
	}
	if br[0] != 0 {
		return br, fileErr("ByteRange does not start at the first byte")
	}
	if br[1] <= 0 || br[2] <= br[1] || br[3] <= 0 || br[2] > size || br[3] > size-br[2] {
		return br, fileErr("ByteRange %v does not fit a file of %d bytes", br, size)
	}
	return br, nil
}

// plainHex: the gap is the one place that is not signed, so it may hold
// nothing but digits, in one case of letters.
func plainHex(gap []byte) error {
	bad := fileErr("the gap in ByteRange holds more than the signature value")
	if len(gap) < 4 || len(gap)%2 != 0 || gap[0] != '<' || gap[len(gap)-1] != '>' {
		return bad
	}
	upper, lower := false, false
	for _, c := range gap[1 : len(gap)-1] {
		if hexValue(c) < 0 {
			return bad
		}
		upper, lower = upper || c >= 'A' && c <= 'F', lower || c >= 'a' && c <= 'f'
	}
	if upper && lower {
		return fileErr("the signature value was written over: it mixes capital and small letters")
	}
	return nil
}

// Levels of EN 319 142-1, clause 6.
const (
	levelB   = "B-B"
	levelT   = "B-T"
	levelLT  = "B-LT"
	levelLTA = "B-LTA"
)

// check verifies one signature; what is wrong is in s.err.
func (v *verifier) check(s *signature) Signature {
	rep := Signature{Field: s.field, Reason: plain(v.r.get(s.dict.get("Reason"))), Allowed: v.allowed(s)}
	value, err := v.signedRange(s)
	if err != nil {
		s.err = err
		return rep
	}
	rep.CoversWhole = s.end == int64(len(v.b))
	if v.bud.step(int(s.end)/4) != nil { // hashing is about four times as fast as parsing
		s.err = errTooMuch
		return rep
	}
	data := func(h crypto.Hash) []byte { return sum(h, v.b[:s.gap[0]], v.b[s.gap[1]:s.end]) }
	p, err := parseCMS(value)
	if err != nil {
		s.err = err
		return rep
	}
	rep.Signer = commonName(p.signer)
	fp := sha256.Sum256(p.signer.Raw)
	rep.Certificate = hex.EncodeToString(fp[:])
	if s.isStamp {
		s.err = v.checkStamp(s, &rep, value, data)
	} else {
		s.err = v.checkSignature(s, &rep, p, data)
	}
	rep.Intact = s.err == nil
	return rep
}

// checkStamp verifies a document time stamp (EN 319 142-1, 5.4.3).
func (v *verifier) checkStamp(s *signature, rep *Signature, value []byte, data func(crypto.Hash) []byte) error {
	rep.Level, rep.TimeSource = "time stamp", "time stamp"
	t, err := checkTokenOf(value, data)
	if err != nil {
		s.bytesChanged = true
		return err
	}
	rep.Time, rep.StampedBy = &t.at, rep.Signer
	rep.Trusted, rep.TrustProblem = v.trust(t.cms, t.at)
	rep.StampTrusted = rep.Trusted
	return nil
}

func (v *verifier) checkSignature(s *signature, rep *Signature, p *signedData, data func(crypto.Hash) []byte) error {
	sub, _ := v.r.get(s.dict.get("SubFilter")).(name)
	switch sub {
	case "ETSI.CAdES.detached":
		rep.Level = levelB
		if !p.certBound {
			return fileErr("the signing-certificate attribute is missing, which PAdES demands")
		}
	case "adbe.pkcs7.detached":
		rep.Level = "PKCS#7"
	default:
		return fileErr("it is of a kind that is not accepted: %q", string(sub))
	}
	if !p.contentType.Equal(oidData) || p.content != nil {
		return fileErr("the signature value holds its own content instead of signing the file")
	}
	if err := p.verify(data); err != nil {
		s.bytesChanged = true
		return err
	}
	if err := v.checkOwnForm(s, p); err != nil {
		return err
	}
	if err := p.checkCertificates(); err != nil {
		return err
	}
	at, from := pdfTime(plain(v.r.get(s.dict.get("M")))), "claimed"
	if at.IsZero() {
		at = p.signingTime
	}
	if p.token != nil {
		t, err := checkTokenOf(p.token, func(h crypto.Hash) []byte { return sum(h, p.sig) })
		if err != nil {
			return err
		}
		at, from = t.at, "time stamp"
		rep.StampedBy = commonName(t.cms.signer)
		rep.StampTrusted, _ = v.trust(t.cms, at)
		if rep.Level == levelB {
			rep.Level = levelT
			if v.dss.complete(p) && v.dss.complete(t.cms) {
				rep.Level = levelLT
			}
		}
	}
	if !at.IsZero() {
		at = at.UTC()
		rep.Time, rep.TimeSource = &at, from
	}
	rep.Trusted, rep.TrustProblem = v.trust(p, at)
	return v.dss.withdrawn(p, at)
}

// checkOwnForm demands of a file sealed here the exact bytes that Seal
// writes: then not even the parts of the signature value that nobody signs
// can be changed.
func (v *verifier) checkOwnForm(s *signature, p *signedData) error {
	app := v.r.dict(v.r.dict(s.dict.get("Prop_Build")).get("App"))
	if v.r.get(app.get("Name")) != name(maker) {
		return nil
	}
	list := v.r.array(app.get("Certificates"))
	for i, h := range list {
		want, _ := h.(str)
		if i >= len(p.certs) || len(p.certs) > len(list) || !bytes.Equal(want, sum(crypto.SHA256, p.certs[i].Raw)) {
			return fileErr("certificate %d in the signature was changed or left out", i+1)
		}
	}
	if stamped, _ := app.get("TimeStamp").(bool); stamped != (p.token != nil) {
		return fileErr("the time stamp of the signature was taken out or put in")
	}
	again, err := encodeCMS(p.signer, p.certs, signedAttributes(p.signer, p.digest), p.sig, p.token)
	if err != nil || !bytes.Equal(again, p.der) {
		return fileErr("the signature value was changed in a part that is not signed")
	}
	return nil
}

// allowed reads P of DocMDP (12.8.2.2).
func (v *verifier) allowed(s *signature) int {
	for _, x := range v.r.array(s.dict.get("Reference")) {
		d := v.r.dict(x)
		if v.r.get(d.get("TransformMethod")) == name("DocMDP") {
			p, ok := v.r.get(v.r.dict(d.get("TransformParams")).get("P")).(int64)
			if !ok || p < 1 || p > 3 {
				p = 2 // the default of table 254
			}
			return int(p)
		}
	}
	return 0
}

// pdfTime reads D:YYYYMMDDHHmmSS with its zone (7.9.4); zero when malformed.
func pdfTime(s string) time.Time {
	s = strings.ReplaceAll(strings.TrimPrefix(s, "D:"), "'", "")
	if len(s) > 15 && len(s) < 19 { // zone without minutes
		s += "00"
	}
	for _, f := range []string{"20060102150405Z0700", "20060102150405Z", "20060102150405"} {
		if t, err := time.Parse(f, s); err == nil {
			return t
		}
	}
	if len(s) > 14 { // "Z00'00'" and the like
		if _, err := strconv.Atoi(s[:14]); err == nil {
			t, _ := time.Parse("20060102150405", s[:14])
			return t
		}
	}
	return time.Time{}
}
