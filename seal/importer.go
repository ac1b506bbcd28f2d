package seal

import (
	"slices"
	"strings"
)

// importer copies the pages of one file, and what they need, into a builder.
// It takes over what it knows and leaves out the rest, so active content has
// no way in.
type importer struct {
	r       *reader
	b       *builder
	num     map[int]ref // number there → reference here
	queue   []int
	clean   map[int]any // objects replaced by hand, still with numbers of there
	dropped map[string]bool
	pages   []importedPage
	// structOffset is added to keys into the parent tree, so that two files
	// can share one.
	structOffset int64
	tagged       bool
	named        map[string]any     // destinations by name, read when first asked for
	flat         map[ref][]flatMark // looks of annotations, by page
	err          error
}

type importedPage struct {
	page
	ref ref
}

// importPages copies all pages under the page tree node parent. tagged says
// whether the structure tree is to be kept.
func importPages(r *reader, b *builder, parent ref, structOffset int64, tagged bool) (*importer, error) {
	im := &importer{r: r, b: b, num: map[int]ref{}, clean: map[int]any{}, dropped: map[string]bool{}, flat: map[ref][]flatMark{}, structOffset: structOffset, tagged: tagged}
	ps, err := r.pages()
	if err != nil {
		return nil, err
	}
	for _, p := range ps { // all pages first: links and tags refer to them
		at := b.add(nil)
		im.num[p.num] = at
		im.pages = append(im.pages, importedPage{p, at})
	}
	for _, p := range im.pages {
		d, err := im.page(p)
		if err != nil {
			return nil, err
		}
		b.set(p.ref, append(dict{{"Type", name("Page")}, {"Parent", parent}}, d...))
	}
	if err := im.drain(); err != nil {
		return nil, err
	}
	for _, p := range im.pages { // resources are there only now
		if marks := im.flat[p.ref]; len(marks) > 0 {
			b.set(p.ref, im.overlay(b.dict(p.ref), marks))
		}
	}
	return im, nil
}

var pageKeys = []name{"MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox", "Rotate", "UserUnit", "Resources", "Group", "Tabs"}

// page makes the dictionary of a page from the entries that only show
// something.
func (im *importer) page(p importedPage) (dict, error) {
	var d dict
	for _, k := range pageKeys {
		if v := p.dict.get(k); v != nil {
			d = append(d, entry{k, im.copy(v)})
		}
	}
	if p.dict.has("AA") {
		im.drop("page actions")
	}
	if n, ok := im.r.get(p.dict.get("StructParents")).(int64); ok && im.tagged {
		d = append(d, entry{"StructParents", n + im.structOffset})
	}
	contents, err := im.contents(p.dict.get("Contents"))
	if err != nil {
		return nil, err
	}
	kept, flat, err := im.annotations(p.dict.get("Annots"))
	if err != nil {
		return nil, err
	}
	if len(kept) > 0 {
		d = append(d, entry{"Annots", kept})
	}
	im.flat[p.ref] = flat
	return append(d, entry{"Contents", contents}), nil
}

// contents lists the content streams; they are copied byte for byte.
func (im *importer) contents(v any) (array, error) {
	out := array{}
	switch c := im.r.get(v).(type) {
	case nil:
	case stream:
		if p, ok := v.(ref); ok {
			out = append(out, im.copy(p))
		}
	case array:
		for _, e := range c {
			p, ok := e.(ref)
			if _, is := im.r.get(e).(stream); !ok || !is {
				return nil, fileErr("damaged PDF: a page's content is missing%s", im.r.firstDamage())
			}
			out = append(out, im.copy(p))
		}
	default:
		return nil, fileErr("damaged PDF: a page's content is not a stream")
	}
	return out, nil
}

func (im *importer) drop(what string) { im.dropped[what] = true }

func (im *importer) droppedList() []string {
	out := []string{}
	for k := range im.dropped {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// blocked entries make something happen, hide something for later, or reach
// outside the file, wherever they stand.
var blocked = map[name]string{
	"JS": "JavaScript", "JavaScript": "JavaScript", "AA": "automatic actions", "OpenAction": "automatic actions",
	"XFA": "XFA form", "RichMediaContent": "media", "EF": "attached files", "AF": "attached files",
	"Alternates": "alternate images", "OPI": "references to other files", "Ref": "references to other files",
	"PieceInfo": "private data of another program", "OC": "layers", "Perms": "signature",
}

// actions by the S of their dictionary (12.6.4) that must not come along.
var actions = map[name]bool{"JavaScript": true, "Launch": true, "SubmitForm": true, "ImportData": true, "GoToR": true, "GoToE": true, "Rendition": true, "RichMediaExecute": true, "SetOCGState": true, "Hide": true, "ResetForm": true}

// copy translates a value; referenced objects follow in drain.
func (im *importer) copy(v any) any {
	switch v := v.(type) {
	case ref:
		return im.ref(v.num)
	case array:
		out := make(array, len(v))
		for i, e := range v {
			out[i] = im.copy(e)
		}
		return out
	case dict:
		if s, ok := v.get("S").(name); ok && actions[s] && v.get("Type") != name("StructElem") {
			im.drop(string(s) + " action")
			return nil
		}
		out := make(dict, 0, len(v))
		for _, e := range v {
			if what, bad := blocked[e.key]; bad {
				im.drop(what)
				continue
			}
			if n, ok := e.val.(int64); ok && (e.key == "StructParent" || e.key == "StructParents") {
				out = append(out, entry{e.key, n + im.structOffset})
				continue
			}
			out = append(out, entry{e.key, im.copy(e.val)})
		}
		return out
	case stream:
		if v.dict.has("F") || im.r.get(v.dict.get("Subtype")) == name("PS") {
			im.err = fileErr("the PDF refers to data outside of itself or runs PostScript")
			return nil
		}
		d, _ := im.copy(v.dict.without("Length")).(dict)
		return stream{d, v.raw}
	}
	return v
}

func (im *importer) ref(n int) any {
	if p, ok := im.num[n]; ok {
		return p
	}
	if _, ok := im.r.places[n]; !ok {
		return nil
	}
	p := im.b.add(nil)
	im.num[n] = p
	im.queue = append(im.queue, n)
	return p
}

// drain copies what has been referred to until nothing new turns up.
func (im *importer) drain() error {
	for len(im.queue) > 0 {
		n := im.queue[0]
		im.queue = im.queue[1:]
		v, ok := im.clean[n]
		if !ok {
			v = im.r.object(n)
			if d, is := v.(dict); is && im.unwanted(d) {
				v = nil
			}
		}
		im.b.set(im.num[n], im.copy(v))
		if err := im.r.bud.alloc(64); err != nil {
			return err
		}
	}
	if im.err == nil && im.r.bud.spent() {
		im.err = errTooMuch
	}
	if im.err == nil && len(im.r.damage) > 0 {
		im.err = fileErr("damaged PDF: %s", im.r.damage[0])
	}
	return im.err
}

// unwanted objects are reachable by detours only: annotations and page tree
// nodes that were not taken over by hand.
func (im *importer) unwanted(d dict) bool {
	switch im.r.get(d.get("Type")) {
	case name("Annot"), name("Pages"), name("Page"), name("Catalog"), name("Filespec"), name("Action"):
		return true
	}
	return d.has("Subtype") && d.has("Rect")
}

// safeLink allows the addresses that a person can judge.
func safeLink(uri string) bool {
	for _, p := range []string{"https://", "http://", "mailto:"} {
		if len(uri) > len(p) && strings.EqualFold(uri[:len(p)], p) {
			return true
		}
	}
	return false
}
