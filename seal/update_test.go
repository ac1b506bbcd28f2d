package seal

import (
	"bytes"
	"fmt"
	"slices"
)

// update is an incremental update as an attacker (or an honest program) would
// append it.
type update struct {
	r    *reader
	objs map[int]any
	next int
}

func newUpdate(pdf []byte) *update {
	r := must(open(pdf, newBudget()))
	size, _ := r.trailer().get("Size").(int64)
	return &update{r, map[int]any{}, int(size)}
}

func (u *update) add(v any) ref { u.next++; u.objs[u.next-1] = v; return ref{u.next - 1, 0} }

// change replaces object p by what f makes of its dictionary.
func (u *update) change(p any, f func(dict) dict) {
	n := p.(ref).num
	d, ok := u.objs[n].(dict)
	if !ok {
		d = u.r.dict(p)
	}
	u.objs[n] = f(d)
}

func (u *update) rootRef() any { return u.r.trailer().get("Root") }
func (u *update) page(i int) ref {
	return ref{must(u.r.pages())[i].num, 0}
}

func (u *update) nums() []int {
	var out []int
	for n := range u.objs {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// bytes appends the update with a cross-reference table.
func (u *update) bytes() []byte {
	o := bytes.NewBuffer(slices.Clone(u.r.b))
	offs := map[int]int{}
	for _, n := range u.nums() {
		offs[n] = o.Len()
		fmt.Fprintf(o, "%d 0 obj\n", n)
		write(o, u.objs[n])
		o.WriteString("\nendobj\n")
	}
	start := o.Len()
	o.WriteString("xref\n")
	for _, n := range u.nums() {
		fmt.Fprintf(o, "%d 1\n%010d 00000 n \n", n, offs[n])
	}
	u.end(o, start)
	return o.Bytes()
}

func (u *update) end(o *bytes.Buffer, start int) {
	t := u.r.trailer().without("Prev").with("Prev", u.r.sections[0].off).with("Size", int64(u.next))
	o.WriteString("trailer\n")
	write(o, t)
	fmt.Fprintf(o, "\nstartxref\n%d\n%%%%EOF\n", start)
}

// streamBytes appends the update with its objects packed into an object
// stream under a cross-reference stream.
func (u *update) streamBytes() []byte {
	o := bytes.NewBuffer(slices.Clone(u.r.b))
	var head, body bytes.Buffer
	var rows []byte
	row := func(kind byte, a, b int) {
		rows = append(rows, kind, byte(a>>24), byte(a>>16), byte(a>>8), byte(a), byte(b))
	}
	var index array
	holder := u.next
	for i, n := range u.nums() {
		fmt.Fprintf(&head, "%d %d ", n, body.Len())
		write(&body, u.objs[n])
		body.WriteByte(' ')
		index = append(index, int64(n), int64(1))
		row(2, holder, i)
	}
	object := func(n int, v any) {
		index = append(index, int64(n), int64(1))
		row(1, o.Len(), 0)
		fmt.Fprintf(o, "%d 0 obj\n", n)
		write(o, v)
		o.WriteString("\nendobj\n")
	}
	object(holder, flate(dict{{"Type", name("ObjStm")}, {"N", int64(len(u.objs))}, {"First", int64(head.Len())}}, append(head.Bytes(), body.Bytes()...)))
	start := o.Len()
	index = append(index, int64(holder+1), int64(1))
	row(1, start, 0)
	t := u.r.trailer().without("Prev", "Size")
	x := append(dict{{"Type", name("XRef")}, {"W", array{int64(1), int64(4), int64(1)}}, {"Index", index}, {"Size", int64(holder + 2)}, {"Prev", u.r.sections[0].off}}, t...)
	fmt.Fprintf(o, "%d 0 obj\n", holder+1)
	write(o, flate(x, rows))
	fmt.Fprintf(o, "\nendobj\nstartxref\n%d\n%%%%EOF\n", start)
	return o.Bytes()
}

// signAgain adds a second signature in a field of its own, as a program that
// signs would, and lets the caller bend field and page.
func signAgain(pdf []byte, key *Credential, bend func(u *update, field, page ref)) []byte {
	u := newUpdate(pdf)
	sig := u.add(placeholder(Final{Signer: "Mallory"}, testNow, key, false).without("Reference", "Prop_Build"))
	zero := array{int64(0), int64(0), int64(0), int64(0)}
	page := u.page(0)
	field := u.add(dict{{"Type", name("Annot")}, {"Subtype", name("Widget")}, {"FT", name("Sig")}, {"T", text("second")}, {"F", int64(132)}, {"Rect", zero}, {"P", page}, {"V", sig}})
	u.change(page, func(d dict) dict { return d.with("Annots", append(slices.Clone(u.r.array(d.get("Annots"))), field)) })
	u.change(u.rootRef(), func(d dict) dict {
		form := u.r.dict(d.get("AcroForm"))
		return d.with("AcroForm", form.with("Fields", append(slices.Clone(u.r.array(form.get("Fields"))), field)).with("SigFlags", int64(3)))
	})
	if bend != nil {
		bend(u, field, page)
	}
	out := u.bytes()
	off := bytes.LastIndex(out, fmt.Appendf(nil, "\n%d 0 obj", sig.num)) + 1
	if err := signPlaceholder(out, off, func(d []byte) ([]byte, error) { return signCMS(nil, key, d, nil) }); err != nil {
		panic(err)
	}
	return out
}

// stampAgain adds a document time stamp, which is allowed after a seal.
func stampAgain(pdf []byte, stamp func([]byte) ([]byte, error)) []byte {
	u := newUpdate(pdf)
	room := "<" + string(bytes.Repeat([]byte{'0'}, 24000)) + ">"
	sig := u.add(dict{{"Type", name("DocTimeStamp")}, {"Filter", name("Adobe.PPKLite")}, {"SubFilter", name("ETSI.RFC3161")}, {"ByteRange", verbatim(rangeRoom)}, {"Contents", verbatim(room)}})
	page := u.page(0)
	zero := array{int64(0), int64(0), int64(0), int64(0)}
	field := u.add(dict{{"Type", name("Annot")}, {"Subtype", name("Widget")}, {"FT", name("Sig")}, {"T", text("stamp")}, {"F", int64(132)}, {"Rect", zero}, {"P", page}, {"V", sig}})
	u.change(page, func(d dict) dict { return d.with("Annots", append(slices.Clone(u.r.array(d.get("Annots"))), field)) })
	u.change(u.rootRef(), func(d dict) dict {
		form := u.r.dict(d.get("AcroForm"))
		return d.with("AcroForm", form.with("Fields", append(slices.Clone(u.r.array(form.get("Fields"))), field)))
	})
	out := u.bytes()
	off := bytes.LastIndex(out, fmt.Appendf(nil, "\n%d 0 obj", sig.num)) + 1
	if err := signPlaceholder(out, off, stamp); err != nil {
		panic(err)
	}
	return out
}
