package seal

import "bytes"

// Clean is an uploaded PDF made safe to present and to sign.
type Clean struct {
	PDF     []byte   // one revision, without active content
	Pages   []Page   // sizes as shown, to place marks on
	Dropped []string // what was left out or made part of the page, for the person to see
}

// Rewrite makes one clean revision of an uploaded PDF: what its pages show
// stays, scripts, forms, attachments and older revisions go. A file that
// would look different without what goes is refused with a *FileError, as are
// damaged, encrypted and hostile ones.
func Rewrite(pdf []byte) (*Clean, error) {
	// Anything may stand after the end of the upload; nothing of it is kept.
	r, err := open(pdf, newBudget())
	if err != nil {
		return nil, err
	}
	root := r.root()
	dropped, err := refuseHidden(r, root)
	if err != nil {
		return nil, err
	}
	b := &builder{}
	tree := b.add(nil)
	tagged := r.dict(root.get("StructTreeRoot")) != nil
	im, err := importPages(r, b, tree, 0, tagged)
	if err != nil {
		return nil, err
	}
	for _, d := range dropped {
		im.drop(d)
	}
	b.set(tree, pageTree(im.pages))
	cat := dict{{"Type", name("Catalog")}, {"Pages", tree}}
	if cat, err = im.catalogue(cat); err != nil {
		return nil, err
	}
	if tagged {
		st := b.add(nil)
		tags, err := im.tags(st)
		if err != nil {
			return nil, err
		}
		b.set(st, tags.dict(b))
		cat = append(cat, entry{"StructTreeRoot", st})
	}
	if err := im.drain(); err != nil {
		return nil, err
	}
	var info any
	if d := im.info("Title", "Author"); len(d) > 0 {
		info = b.add(d)
	}
	out, _ := b.bytes(b.add(cat), info)
	sizes, err := Pages(out)
	if err != nil {
		return nil, err
	}
	if len(out) > MaxFile || !bytes.HasPrefix(out, []byte("%PDF-")) {
		return nil, errTooMuch
	}
	return &Clean{PDF: out, Pages: sizes, Dropped: im.droppedList()}, nil
}

// refuseHidden refuses what cannot be left out without changing what the
// person saw, and names what is left out of the catalogue.
func refuseHidden(r *reader, root dict) (dropped []string, err error) {
	form := r.dict(root.get("AcroForm"))
	if b, _ := r.get(root.get("NeedsRendering")).(bool); b {
		return nil, fileErr("the PDF is a dynamic XFA form, which has no fixed pages: print it to PDF and upload that")
	}
	oc := r.dict(root.get("OCProperties"))
	if oc != nil {
		d := r.dict(oc.get("D"))
		base := r.get(d.get("BaseState"))
		if len(r.array(d.get("OFF"))) > 0 || base != nil && base != name("ON") {
			return nil, fileErr("the PDF has hidden layers, so what it shows can be switched: print it to PDF and upload that")
		}
		dropped = append(dropped, "layers")
	}
	names := r.dict(root.get("Names"))
	for _, w := range []struct {
		in   dict
		key  name
		what string
	}{
		{form, "XFA", "XFA form"}, {root, "AA", "automatic actions"},
		{names, "JavaScript", "JavaScript"}, {names, "EmbeddedFiles", "attached files"}, {root, "AF", "attached files"},
		{root, "Collection", "portfolio"}, {root, "Perms", "signature"}, {root, "DSS", "signature"},
	} {
		if w.in.has(w.key) {
			dropped = append(dropped, w.what)
		}
	}
	if open := r.dict(root.get("OpenAction")); open != nil && r.get(open.get("S")) != name("GoTo") {
		dropped = append(dropped, "automatic actions") // to open at a place is none
	}
	if len(r.sections) > 1 && !bytes.Contains(r.b[:min(len(r.b), 1024)], []byte("/Linearized")) {
		dropped = append(dropped, "older revisions")
	}
	return dropped, nil
}

func pageTree(pages []importedPage) dict {
	var kids array
	for _, p := range pages {
		kids = append(kids, p.ref)
	}
	return dict{{"Type", name("Pages")}, {"Kids", kids}, {"Count", int64(len(kids))}}
}
