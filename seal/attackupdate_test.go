package seal

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
)

// attacks that append an incremental update

func updated(f func(u *update)) attack {
	return func(_ *testing.T, pdf []byte) []byte {
		u := newUpdate(pdf)
		f(u)
		return u.bytes()
	}
}

func rootEntry(k name, v any) attack {
	return updated(func(u *update) { u.change(u.rootRef(), func(d dict) dict { return d.with(k, v) }) })
}

var evil = stream{raw: []byte("BT /F1 14 Tf 72 760 Td (Price 1 EUR) Tj ET")}

func changePage(k name) attack {
	return updated(func(u *update) {
		s := u.add(evil)
		u.change(u.page(0), func(d dict) dict { return d.with(k, s) })
	})
}

func contentRef(u *update, page int) ref {
	a := u.r.array(u.r.dict(u.page(page)).get("Contents"))
	return a[len(a)/2].(ref)
}

func redefineContent(_ *testing.T, pdf []byte) []byte {
	u := newUpdate(pdf)
	u.objs[contentRef(u, 0).num] = evil
	return u.bytes()
}

func pageAdded(_ *testing.T, pdf []byte) []byte {
	u := newUpdate(pdf)
	tree := u.r.root().get("Pages")
	p := u.add(u.r.dict(u.page(0)).with("Contents", u.add(evil)))
	u.change(tree, func(d dict) dict {
		return d.with("Kids", append(slices.Clone(u.r.array(d.get("Kids"))), p)).with("Count", int64(4))
	})
	return u.bytes()
}

func otherCatalogue(_ *testing.T, pdf []byte) []byte {
	u := newUpdate(pdf)
	p := u.add(u.r.root())
	u.r.sections[0].trailer = u.r.trailer().with("Root", p)
	return u.bytes()
}

func attachmentReplaced(_ *testing.T, pdf []byte) []byte {
	u := newUpdate(pdf)
	names := u.r.array(u.r.dict(u.r.dict(u.r.root().get("Names")).get("EmbeddedFiles")).get("Names"))
	u.change(names[1], func(d dict) dict {
		return d.with("EF", dict{{"F", u.add(stream{dict{{"Type", name("EmbeddedFile")}}, []byte("{}")})}})
	})
	return u.bytes()
}

func titleChanged(_ *testing.T, pdf []byte) []byte {
	u := newUpdate(pdf)
	u.change(u.r.trailer().get("Info"), func(d dict) dict { return d.with("Title", text("Another agreement")) })
	return u.bytes()
}

func packed(_ *testing.T, pdf []byte) []byte {
	u := newUpdate(pdf)
	u.change(u.page(0), func(d dict) dict {
		return d.with("MediaBox", array{int64(0), int64(0), int64(10), int64(10)})
	})
	return u.streamBytes()
}

// hybrid continues a harmless revision with one whose trailer also names the
// cross-reference stream of the one before.
func hybrid(_ *testing.T, pdf []byte) []byte {
	out := packedNothing(pdf)
	u := newUpdate(out)
	u.add(dict{{"Type", name("Nothing")}})
	u.r.sections[0].trailer = dict{{"Root", u.rootRef()}, {"XRefStm", u.r.sections[0].off}}
	return u.bytes()
}

func packedNothing(pdf []byte) []byte {
	u := newUpdate(pdf)
	u.add(dict{{"Type", name("Nothing")}})
	return u.streamBytes()
}

func skipping(_ *testing.T, pdf []byte) []byte {
	u := newUpdate(pdf)
	u.add(dict{{"Type", name("Nothing")}})
	out := u.bytes()
	// the same once more, but continuing the signed revision instead of the last
	o := bytes.NewBuffer(out)
	start := o.Len()
	fmt.Fprintf(o, "xref\n0 0\n")
	u.end(o, start)
	return o.Bytes()
}

func unlisted(_ *testing.T, pdf []byte) []byte {
	u := newUpdate(pdf)
	u.add(dict{{"Type", name("Nothing")}})
	hidden := fmt.Sprintf("%d 0 obj\n<</Type /Page>>\nendobj\n", u.page(0).num)
	u.r.b = append(u.r.b, hidden...)
	return u.bytes()
}

// redirected hides a second page object in a stream of the signed part (a
// shadow attack) and only appends a table that points to it.
func redirected(_ *testing.T, pdf []byte) []byte {
	f := sampleFinal()
	r := must(open(pdf, newBudget()))
	page := must(r.pages())[0].num
	hidden := fmt.Sprintf("%d 0 obj\n<</Type /Page /Parent 1 0 R /MediaBox [0 0 9 9] /Contents []>>\nendobj\n", page)
	// an XMP packet is stored as it is
	p := newUpdate(f.Presented)
	meta := p.add(stream{dict{{"Type", name("Metadata")}, {"Subtype", name("XML")}}, []byte(hidden)})
	p.change(p.rootRef(), func(d dict) dict { return d.with("Metadata", meta) })
	f.Presented = oneRevision(p.bytes())
	out := must(Seal(context.Background(), nil, testNow, f, ecAuthority().seal, nil))
	if rep := Verify(out); !rep.Valid {
		panic(fmt.Sprint("the prepared file must be valid before: ", rep.Problems))
	}
	u := newUpdate(out)
	o := bytes.NewBuffer(slices.Clone(out))
	start := o.Len()
	num := u.page(0).num
	at := bytes.Index(out, []byte(hidden))
	if num != page || at < 0 {
		panic("the hidden page has another number")
	}
	fmt.Fprintf(o, "xref\n%d 1\n%010d 00000 n \n", num, at)
	u.end(o, start)
	return o.Bytes()
}

// oneRevision writes a file anew, metadata included.
func oneRevision(pdf []byte) []byte {
	r := must(open(pdf, newBudget()))
	b := &builder{}
	tree := b.add(nil)
	im := must(importPages(r, b, tree, 0, true))
	b.set(tree, pageTree(im.pages))
	cat := must(im.catalogue(dict{{"Type", name("Catalog")}, {"Pages", tree}}))
	cat = append(cat, entry{"Metadata", im.ref(r.root().get("Metadata").(ref).num)})
	st := b.add(nil)
	b.set(st, must(im.tags(st)).dict(b))
	cat = append(cat, entry{"StructTreeRoot", st})
	if err := im.drain(); err != nil {
		panic(err)
	}
	out, _ := b.bytes(b.add(cat), nil)
	return out
}

func evilAnnotation(kind name) attack {
	return updated(func(u *update) {
		look := u.add(stream{dict{{"Type", name("XObject")}, {"Subtype", name("Form")}, {"BBox", array{int64(0), int64(0), int64(300), int64(40)}}}, []byte("1 g 0 0 300 40 re f")})
		a := u.add(dict{{"Type", name("Annot")}, {"Subtype", kind}, {"F", int64(4)}, {"Rect", array{int64(60), int64(740), int64(360), int64(780)}}, {"AP", dict{{"N", look}}}})
		u.change(u.page(0), func(d dict) dict { return d.with("Annots", append(slices.Clone(u.r.array(d.get("Annots"))), a)) })
	})
}

func formField(_ *testing.T, pdf []byte) []byte {
	u := newUpdate(pdf)
	f := u.add(dict{{"Type", name("Annot")}, {"Subtype", name("Widget")}, {"FT", name("Tx")}, {"T", text("total")}, {"V", text("1 EUR")}, {"Rect", array{int64(60), int64(740), int64(360), int64(780)}}})
	u.change(u.rootRef(), func(d dict) dict {
		form := u.r.dict(d.get("AcroForm"))
		return d.with("AcroForm", form.with("Fields", append(slices.Clone(u.r.array(form.get("Fields"))), f)))
	})
	return u.bytes()
}

func sealField(u *update) ref {
	return u.r.array(u.r.dict(u.r.root().get("AcroForm")).get("Fields"))[0].(ref)
}

func fieldMoved(_ *testing.T, pdf []byte) []byte {
	u := newUpdate(pdf)
	u.change(sealField(u), func(d dict) dict {
		return d.with("Rect", array{int64(60), int64(740), int64(360), int64(780)})
	})
	return u.bytes()
}

func sneakyVisible(_ *testing.T, pdf []byte) []byte {
	return signAgain(pdf, ecAuthority().seal, func(u *update, field, page ref) {
		look := u.add(stream{dict{{"Type", name("XObject")}, {"Subtype", name("Form")}, {"BBox", array{int64(0), int64(0), int64(300), int64(40)}}}, []byte("1 g 0 0 300 40 re f")})
		u.change(field, func(d dict) dict {
			return d.with("Rect", array{int64(60), int64(740), int64(360), int64(780)}).with("AP", dict{{"N", look}})
		})
	})
}

func valueReplaced(_ *testing.T, pdf []byte) []byte {
	u := newUpdate(pdf)
	sig := u.r.dict(sealField(u)).get("V")
	u.change(sig, func(d dict) dict { return d.with("Name", text("Mallory")) })
	return u.bytes()
}

func signatureGone(_ *testing.T, pdf []byte) []byte {
	u := newUpdate(pdf)
	u.change(u.rootRef(), func(d dict) dict { return d.without("AcroForm", "Perms") })
	return u.bytes()
}

func resigned(t *testing.T, pdf []byte) []byte {
	return signAgain(signatureGone(t, pdf), rsaAuthority().seal, nil)
}

// fakeStamp adds what looks like a document time stamp.
func fakeStamp(genuine bool) attack {
	return func(t *testing.T, pdf []byte) []byte {
		a := ecAuthority()
		if !genuine {
			return stampAgain(pdf, func(d []byte) ([]byte, error) { return signCMS(nil, a.seal, d, nil) })
		}
		stamp := opensslStamp(t, a)
		out := stampAgain(pdf, func(d []byte) ([]byte, error) { return stamp(t.Context(), d) })
		// then make its field visible
		u := newUpdate(out)
		fields := u.r.array(u.r.dict(u.r.root().get("AcroForm")).get("Fields"))
		u.change(fields[1], func(d dict) dict {
			return d.with("Rect", array{int64(60), int64(740), int64(360), int64(780)})
		})
		return u.bytes()
	}
}

func storeWithPage(_ *testing.T, pdf []byte) []byte {
	u := newUpdate(pdf)
	u.change(u.page(0), func(d dict) dict { return d.with("Rotate", int64(180)) })
	store := u.add(dict{{"Type", name("DSS")}, {"Certs", array{u.page(0)}}})
	u.change(u.rootRef(), func(d dict) dict { return d.with("DSS", store) })
	return u.bytes()
}
