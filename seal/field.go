package seal

import (
	"strings"
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
