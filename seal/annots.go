package seal

import (
	"fmt"
	"math"
)

// flatMark is an annotation's look that becomes part of the page.
type flatMark struct {
	form   any // reference here
	matrix [6]float64
}

// Annotation flags of 12.5.3.
const (
	flagHidden = 1 << 1
	flagNoView = 1 << 5
)

// annotations keeps links, turns everything else that shows into page
// content, and drops the rest by name.
func (im *importer) annotations(v any) (kept array, flat []flatMark, err error) {
	for _, a := range im.r.array(v) {
		d, ok := im.r.get(a).(dict)
		if !ok {
			continue
		}
		kind, _ := im.r.get(d.get("Subtype")).(name)
		if p, ok := a.(ref); ok {
			im.clean[p.num] = nil
		}
		if d.has("AA") {
			im.drop("automatic actions")
		}
		flags, _ := im.r.get(d.get("F")).(int64)
		switch {
		case kind == "Popup" || flags&(flagHidden|flagNoView) != 0:
			continue
		case kind == "Link":
			link := im.link(d)
			if link == nil {
				continue
			}
			if p, ok := a.(ref); ok {
				im.clean[p.num] = link
				kept = append(kept, im.ref(p.num))
			} else {
				kept = append(kept, im.b.add(im.copy(link)))
			}
			continue
		}
		m, ok := im.flatten(d)
		if ok {
			flat = append(flat, m)
		}
		im.drop(annotationName(im, kind, d, ok))
	}
	return kept, flat, nil
}

func annotationName(im *importer, kind name, d dict, shown bool) string {
	what := fmt.Sprintf("%s annotation", kind)
	if kind == "Widget" {
		what = "form field"
		if im.fieldType(d) == name("Sig") {
			what = "signature"
		}
	}
	if shown {
		return what + " (its look is kept)"
	}
	return what
}

func (im *importer) fieldType(d dict) any {
	for range 16 {
		if t := im.r.get(d.get("FT")); t != nil {
			return t
		}
		if d = im.r.dict(d.get("Parent")); d == nil {
			return nil
		}
	}
	return nil
}

// link keeps a link to a web or mail address or to a place in the file.
func (im *importer) link(d dict) dict {
	out := dict{{"Type", name("Annot")}, {"Subtype", name("Link")}}
	for _, k := range []name{"Rect", "Border", "BS", "C", "QuadPoints", "F", "H", "Contents", "StructParent"} {
		if v := im.r.get(d.get(k)); v != nil {
			out = append(out, entry{k, v})
		}
	}
	a := im.r.dict(d.get("A"))
	dest := d.get("Dest")
	switch im.r.get(a.get("S")) {
	case name("URI"):
		uri, _ := im.r.get(a.get("URI")).(str)
		if !safeLink(string(uri)) {
			im.drop("link to a place that is not on the web")
			return nil
		}
		return append(out, entry{"A", dict{{"S", name("URI")}, {"URI", uri}}})
	case name("GoTo"):
		dest = a.get("D")
	case nil:
	default:
		im.drop("link with an action")
		return nil
	}
	to := im.destination(dest)
	if to == nil {
		im.drop("link to a place that is not in the file")
		return nil
	}
	return append(out, entry{"Dest", to})
}

// flatten maps the normal appearance onto the annotation's rectangle, by
// algorithm 8.1 of 12.5.5.
func (im *importer) flatten(d dict) (flatMark, bool) {
	look := im.r.dict(d.get("AP")).get("N")
	if states, ok := im.r.get(look).(dict); ok {
		state, _ := im.r.get(d.get("AS")).(name)
		look = states.get(state)
	}
	form, ok := im.r.get(look).(stream)
	p, isRef := look.(ref)
	rect, ok2 := im.r.rect(d.get("Rect"))
	bb, ok3 := im.r.rect(form.dict.get("BBox"))
	if !ok || !isRef || !ok2 || !ok3 || rect.width() == 0 || rect.height() == 0 {
		return flatMark{}, false
	}
	m := [6]float64{1, 0, 0, 1, 0, 0}
	if a := im.r.array(form.dict.get("Matrix")); len(a) == 6 {
		for i := range m {
			m[i], _ = number(im.r.get(a[i]))
		}
	}
	t := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, c := range [][2]float64{{bb.x0, bb.y0}, {bb.x1, bb.y0}, {bb.x0, bb.y1}, {bb.x1, bb.y1}} {
		x, y := m[0]*c[0]+m[2]*c[1]+m[4], m[1]*c[0]+m[3]*c[1]+m[5]
		t = box{min(t.x0, x), min(t.y0, y), max(t.x1, x), max(t.y1, y)}
	}
	if t.width() <= 0 || t.height() <= 0 {
		return flatMark{}, false
	}
	sx, sy := rect.width()/t.width(), rect.height()/t.height()
	// A form XObject must say that it is one; appearances sometimes do not.
	clean := form.dict.with("Type", name("XObject")).with("Subtype", name("Form"))
	im.clean[p.num] = stream{clean, form.raw}
	return flatMark{im.ref(p.num), [6]float64{sx, 0, 0, sy, rect.x0 - t.x0*sx, rect.y0 - t.y0*sy}}, true
}

// overlay draws marks above the page's own content, which stays as it is
// between a q and a Q.
func (im *importer) overlay(d dict, marks []flatMark) dict {
	var c []byte
	for i, m := range marks {
		n := name(fmt.Sprintf("DlA%d", i+1))
		d = withXObject(im.b, d, n, m.form)
		c = fmt.Appendf(c, "q %s cm /%s Do Q\n", matrix(m.matrix), n)
	}
	return wrapContents(im.b, d, c)
}

func matrix(m [6]float64) string {
	s := ""
	for i, v := range m {
		if i > 0 {
			s += " "
		}
		s += real(math.Round(v*1e6) / 1e6)
	}
	return s
}

// withXObject adds a named XObject to a page's resources without touching
// resources that other pages share.
func withXObject(b *builder, page dict, n name, form any) dict {
	own := func(v any) dict {
		if p, ok := v.(ref); ok {
			v = b.objs[p.num-1]
		}
		d, _ := v.(dict)
		return d
	}
	res := own(page.get("Resources"))
	return page.with("Resources", res.with("XObject", own(res.get("XObject")).with(n, form)))
}

func wrapContents(b *builder, page dict, above []byte) dict {
	old, _ := page.get("Contents").(array)
	c := array{b.add(stream{raw: []byte("q\n")})}
	c = append(c, old...)
	c = append(c, b.add(stream{raw: append([]byte("\nQ\n"), above...)}))
	return page.with("Contents", c)
}
