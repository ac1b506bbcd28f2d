package seal

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// stampFields lists the fields that may be added after a signature: invisible
// ones that hold a document time stamp and nothing else.
func (v *verifier) stampFields(sigs []signature) map[int]bool {
	allowed := []name{"Type", "Subtype", "FT", "T", "TU", "F", "Ff", "Rect", "P", "V", "AP", "DA", "MK", "Border", "Q"}
	out := map[int]bool{}
	for _, s := range sigs {
		b, ok := v.r.rect(s.fieldObj.get("Rect"))
		flags, _ := v.r.get(s.fieldObj.get("F")).(int64)
		hidden := !ok || b.width() == 0 && b.height() == 0 || flags&flagHidden != 0
		known := !slices.ContainsFunc(s.fieldObj, func(e entry) bool { return !slices.Contains(allowed, e.key) })
		if s.isStamp && hidden && known && s.fieldNum > 0 {
			out[s.fieldNum] = true
		}
	}
	return out
}

// difference compares two revisions by meaning: all that can be reached from
// catalogue and document information must be the same, but for the security
// store and time-stamp fields.
func difference(was, now *reader, stamps map[int]bool) []string {
	d := &differ{was: was, now: now, stamps: stamps, seen: map[int]bool{}, pages: map[int]int{}}
	if ps, err := was.pages(); err == nil {
		for i, p := range ps {
			d.pages[p.num] = i + 1
		}
	}
	old, new := was.root(), now.root()
	if a, b := was.trailer().get("Root"), now.trailer().get("Root"); a != b {
		d.say(nil, "there is another catalogue: %v instead of %v", describe(b), describe(a))
	}
	if p, ok := was.trailer().get("Root").(ref); ok {
		d.seen[p.num] = true
	}
	top := &trail{label: "catalogue"}
	skip := []name{"DSS", "Extensions", "AcroForm"}
	d.dicts(top, old.without(skip...), new.without(skip...))
	d.form(&trail{up: top, label: "AcroForm"}, old.get("AcroForm"), new.get("AcroForm"))
	d.values(&trail{label: "document information"}, was.trailer().get("Info"), now.trailer().get("Info"))
	return d.out
}

type differ struct {
	was, now *reader
	stamps   map[int]bool
	seen     map[int]bool
	pages    map[int]int // object → page
	out      []string
}

// trail is the way from the catalogue to a value.
type trail struct {
	up    *trail
	label string
	num   int // object number, 0 for a direct value
}

func (t *trail) String() string {
	var parts []string
	num := 0
	for ; t != nil; t = t.up {
		if num == 0 {
			num = t.num
		}
		if t.label != "" {
			parts = append(parts, t.label)
		}
		if strings.HasPrefix(t.label, "page ") {
			break
		}
	}
	slices.Reverse(parts)
	s := strings.Join(parts, ", ")
	if num > 0 {
		s += fmt.Sprintf(" (object %d)", num)
	}
	return s
}

func (d *differ) say(t *trail, format string, args ...any) {
	if len(d.out) < 8 {
		s := fmt.Sprintf(format, args...)
		if t != nil {
			s = t.String() + ": " + s
		}
		d.out = append(d.out, s)
	}
}

func (d *differ) values(t *trail, x, y any) {
	if len(d.out) >= 8 || d.was.bud.step(8) != nil {
		return
	}
	p, isRef := x.(ref)
	q, isRef2 := y.(ref)
	if isRef || isRef2 {
		if !isRef || !isRef2 || p.num != q.num {
			d.say(t, "now %s instead of %s", describe(y), describe(x))
			return
		}
		if d.seen[p.num] {
			return
		}
		d.seen[p.num] = true
		t = &trail{up: t, num: p.num}
		if n := d.pages[p.num]; n > 0 {
			t.label = fmt.Sprintf("page %d", n)
		}
		x, y = d.was.object(p.num), d.now.object(p.num)
		if x == nil && y != nil {
			d.say(t, "was not there and was added")
			return
		}
		if x != nil && y == nil {
			d.say(t, "was taken away")
			return
		}
	}
	switch x := x.(type) {
	case dict:
		if y, ok := y.(dict); ok {
			d.dicts(t, x, y)
			return
		}
	case array:
		if y, ok := y.(array); ok {
			d.arrays(t, x, y)
			return
		}
	case stream:
		if y, ok := y.(stream); ok {
			if !bytes.Equal(x.raw, y.raw) {
				d.say(t, "the content was changed")
			}
			d.dicts(t, x.dict, y.dict)
			return
		}
	case str:
		if y, ok := y.(str); ok && bytes.Equal(x, y) {
			return
		}
	default:
		switch y.(type) { // not comparable with ==
		case dict, array, stream, str:
		default:
			if x == y {
				return
			}
		}
	}
	d.say(t, "changed from %s to %s", describe(x), describe(y))
}

func (d *differ) dicts(t *trail, x, y dict) {
	for _, e := range x {
		step := &trail{up: t, label: string(e.key)}
		switch {
		case e.key == "Annots" && d.isPage(t):
			d.grown(step, e.val, y.get(e.key))
		case !y.has(e.key):
			d.say(step, "was taken away")
		default:
			d.values(step, e.val, y.get(e.key))
		}
	}
	for _, e := range y {
		if x.has(e.key) {
			continue
		}
		step := &trail{up: t, label: string(e.key)}
		if e.key == "Annots" && d.isPage(t) {
			d.grown(step, array{}, e.val)
			continue
		}
		d.say(step, "was added")
	}
}

func (d *differ) isPage(t *trail) bool { return t != nil && d.pages[t.num] > 0 }

func (d *differ) arrays(t *trail, x, y array) {
	if len(x) != len(y) {
		d.say(t, "had %d entries and now has %d", len(x), len(y))
	}
	for i := range min(len(x), len(y)) {
		d.values(&trail{up: t, label: fmt.Sprintf("entry %d", i+1)}, x[i], y[i])
	}
}

// grown compares lists of fields or annotations: time stamps may be added at
// the end.
func (d *differ) grown(t *trail, x, y any) {
	old, new := d.was.array(x), d.now.array(y)
	if len(new) < len(old) {
		d.say(t, "an entry was taken away")
		return
	}
	d.arrays(t, old, new[:len(old)])
	for _, v := range new[len(old):] {
		p, _ := v.(ref)
		if d.stamps[p.num] {
			continue
		}
		kind, _ := d.now.get(d.now.dict(v).get("Subtype")).(name)
		field := plain(d.now.get(d.now.dict(v).get("T")))
		what := fmt.Sprintf("a %s annotation was added", kind)
		if kind == "Widget" || field != "" {
			what = fmt.Sprintf("a form or signature field %q was added", field)
		}
		d.say(t, "%s (object %d)", what, p.num)
	}
}

// form compares the form dictionaries; a form may appear to hold time stamps.
func (d *differ) form(t *trail, x, y any) {
	old, new := d.was.dict(x), d.now.dict(y)
	d.grown(&trail{up: t, label: "Fields"}, old.get("Fields"), new.get("Fields"))
	skip := []name{"Fields", "SigFlags"}
	d.dicts(t, old.without(skip...), new.without(skip...))
}

func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case ref:
		return fmt.Sprintf("object %d", v.num)
	case dict:
		return "a dictionary"
	case array:
		return "an array"
	case stream:
		return "a stream"
	case str:
		return fmt.Sprintf("%.40q", plain(v))
	}
	return fmt.Sprintf("%.40v", v)
}
