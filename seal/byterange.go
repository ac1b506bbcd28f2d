package seal

import "bytes"

// signedRange holds a signature dictionary to the one form that signs a whole
// revision: ByteRange [0 a b c], the gap exactly its own Contents, the end a
// revision's end, the dictionary where the cross-reference of that revision
// says. It returns the signature value.
func (v *verifier) signedRange(s *signature) ([]byte, error) {
	if s.num == 0 {
		return nil, fileErr("the field has no signature dictionary of its own")
	}
	if s.place.in > 0 {
		return nil, fileErr("the signature dictionary lies in a compressed object, where it cannot sign")
	}
	spans := map[name][2]int{}
	obj, _, err := v.r.indirect(s.place.off, s.num, spans)
	d, ok := obj.(dict)
	if err != nil {
		return nil, fileErr("the signature dictionary cannot be read: %v", err)
	}
	if !ok {
		return nil, fileErr("object %d is no signature dictionary", s.num)
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
