package pdf

import (
	"bytes"
	"fmt"
	"time"
)

// Info is what the file says of itself.
type Info struct {
	Title, Author, Lang string
	Created             time.Time
	RightToLeft         bool
}

// Writer builds one tagged file. Content drawn inside an element belongs to
// it; content drawn outside of all elements is an artifact.
type Writer struct {
	info  Info
	pages []*page
	fonts []*Font
	root  *Elem
	cur   *Elem
	page  *page
}

type page struct {
	w, h  float64
	out   bytes.Buffer
	marks []*Elem // by MCID
	open  *Elem   // whose marked content is open
	art   bool    // an artifact is open
	fill  Color
}

// Elem is an element of the structure tree (ISO 32000-1, 14.7).
type Elem struct {
	tag  Name
	up   *Elem
	kids []any // *Elem or mark
	dict Dict  // Alt, A, Lang …
	ref  Ref
}

type mark struct{ page, id int }

// New begins a file.
func New(info Info) *Writer {
	root := &Elem{tag: "Document"}
	return &Writer{info: info, root: root}
}

// AddPage begins a page, in points; what is drawn next goes there.
func (w *Writer) AddPage(width, height float64) {
	w.leaveContent()
	w.page = &page{w: width, h: height, fill: Color{-1}}
	w.pages = append(w.pages, w.page)
}

// Select goes back to a page, counted from 0.
func (w *Writer) Select(n int) {
	w.leaveContent()
	w.page = w.pages[n]
}

// Open adds an element under the current one and enters it.
func (w *Writer) Open(tag Name, dict Dict) *Elem {
	w.leaveContent()
	up := w.cur
	if up == nil {
		up = w.root
	}
	e := &Elem{tag: tag, up: up, dict: dict}
	up.kids = append(up.kids, e)
	w.cur = e
	return e
}

// Enter goes back into an element, such as a cell that goes on on the next page.
func (w *Writer) Enter(e *Elem) {
	w.leaveContent()
	w.cur = e
}

// Current is the element that is entered, to come back to.
func (w *Writer) Current() *Elem { return w.cur }

// Close leaves the current element.
func (w *Writer) Close() {
	w.leaveContent()
	if w.cur = w.cur.up; w.cur == w.root {
		w.cur = nil
	}
}

// Outside runs draw as an artifact: rules, tints, page numbers.
func (w *Writer) Outside(draw func()) {
	keep := w.cur
	w.cur = nil
	draw()
	w.cur = keep
}

func (w *Writer) leaveContent() {
	if p := w.page; p != nil && (p.open != nil || p.art) {
		p.out.WriteString("EMC\n")
		p.open, p.art = nil, false
	}
}

// content makes sure that what is drawn next is marked as the current element's.
func (w *Writer) content() *bytes.Buffer {
	p := w.page
	switch {
	case w.cur == nil && !p.art:
		w.leaveContent()
		p.out.WriteString("/Artifact BMC\n")
		p.art = true
	case w.cur != nil && p.open != w.cur:
		w.leaveContent()
		id := len(p.marks)
		p.marks = append(p.marks, w.cur)
		w.cur.kids = append(w.cur.kids, mark{w.pageIndex(), id})
		fmt.Fprintf(&p.out, "/%s <</MCID %d>> BDC\n", w.cur.tag, id)
		p.open = w.cur
	}
	return &p.out
}

func (w *Writer) pageIndex() int {
	for i := len(w.pages) - 1; ; i-- {
		if w.pages[i] == w.page {
			return i
		}
	}
}

// Bytes ends the file.
func (w *Writer) Bytes() ([]byte, error) {
	w.leaveContent()
	o := &file{}
	catalog, tree := o.add(nil), o.add(nil)
	fonts := Dict{}
	for _, f := range w.fonts {
		ref, err := f.embed(o)
		if err != nil {
			return nil, err
		}
		fonts[f.res] = ref
	}
	res := o.add(Dict{"Font": fonts})
	var kids Array
	var refs []Ref
	for i, p := range w.pages {
		body := o.add(Stream{Data: p.out.Bytes()})
		ref := o.add(Dict{"Type": Name("Page"), "Parent": tree, "MediaBox": Array{0, 0, p.w, p.h},
			"Resources": res, "Contents": body, "StructParents": i, "Tabs": Name("S")})
		kids, refs = append(kids, ref), append(refs, ref)
	}
	o.set(tree, Dict{"Type": Name("Pages"), "Kids": kids, "Count": len(kids)})
	order := Name("L2R")
	if w.info.RightToLeft {
		order = "R2L"
	}
	o.set(catalog, Dict{"Type": Name("Catalog"), "Pages": tree, "Lang": Text(w.info.Lang),
		"MarkInfo": Dict{"Marked": true}, "StructTreeRoot": w.structure(o, refs),
		"ViewerPreferences": Dict{"DisplayDocTitle": true, "Direction": order},
		"Metadata":          o.add(Stream{Dict: Dict{"Type": Name("Metadata"), "Subtype": Name("XML")}, Data: w.info.xmp(), Plain: true})})
	return o.bytes(catalog, o.add(w.info.dict())), nil
}

// structure writes the structure tree and its parent tree.
func (w *Writer) structure(o *file, pages []Ref) Ref {
	top := o.add(nil)
	w.root.write(o, top, pages)
	nums := Array{}
	for i, p := range w.pages {
		owners := Array{}
		for _, e := range p.marks {
			owners = append(owners, e.ref)
		}
		nums = append(nums, i, o.add(owners))
	}
	o.set(top, Dict{"Type": Name("StructTreeRoot"), "K": Array{w.root.ref},
		"ParentTree": o.add(Dict{"Nums": nums}), "ParentTreeNextKey": len(w.pages)})
	return top
}

func (e *Elem) write(o *file, up Ref, pages []Ref) {
	e.ref = o.add(nil)
	d := Dict{"Type": Name("StructElem"), "S": e.tag, "P": up}
	for k, v := range e.dict {
		d[k] = v
	}
	var kids Array
	for _, k := range e.kids {
		switch k := k.(type) {
		case *Elem:
			k.write(o, e.ref, pages)
			kids = append(kids, k.ref)
		case mark:
			if d["Pg"] == nil {
				d["Pg"] = pages[k.page]
			}
			if d["Pg"] == pages[k.page] {
				kids = append(kids, k.id)
			} else {
				kids = append(kids, Dict{"Type": Name("MCR"), "Pg": pages[k.page], "MCID": k.id})
			}
		}
	}
	d["K"] = kids
	o.set(e.ref, d)
}
