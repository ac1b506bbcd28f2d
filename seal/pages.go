package seal

import "math"

// page is one leaf of the page tree with what it inherits (7.7.3).
type page struct {
	num  int
	dict dict
	box  box // as shown: crop box within media box
	turn int // clockwise, 0, 90, 180 or 270
}

// box is a rectangle in default user space, lower left first.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) width() float64  { return b.x1 - b.x0 }
func (b box) height() float64 { return b.y1 - b.y0 }

var inherited = []name{"MediaBox", "CropBox", "Rotate", "Resources"}

// pages walks the page tree.
func (r *reader) pages() ([]page, error) {
	w := pageWalk{r: r, seen: map[int]bool{}}
	if err := w.walk(r.root().get("Pages"), dict{}, 0); err != nil {
		return nil, err
	}
	if len(w.out) == 0 {
		return nil, fileErr("the PDF has no page%s", r.firstDamage())
	}
	return w.out, nil
}

type pageWalk struct {
	r    *reader
	seen map[int]bool
	out  []page
}

func (w *pageWalk) walk(v any, from dict, depth int) error {
	p, ok := v.(ref)
	if !ok || w.seen[p.num] || depth > maxDepth {
		return fileErr("damaged PDF: malformed page tree")
	}
	w.seen[p.num] = true
	d, ok := w.r.get(p).(dict)
	if !ok {
		if w.r.bud.spent() {
			return errTooMuch
		}
		return fileErr("damaged PDF: page tree node %d cannot be read%s", p.num, w.r.firstDamage())
	}
	for _, k := range inherited {
		if v := d.get(k); v != nil {
			from = from.with(k, v)
		}
	}
	if kids, ok := w.r.get(d.get("Kids")).(array); ok {
		for _, k := range kids {
			if err := w.walk(k, from, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if len(w.out) >= maxPages {
		return fileErr("the PDF has more than %d pages", maxPages)
	}
	for _, e := range from {
		d = d.with(e.key, e.val)
	}
	b, err := w.r.shown(d)
	if err != nil {
		return fileErr("page %d: %v", len(w.out)+1, err)
	}
	turn, _ := w.r.get(d.get("Rotate")).(int64)
	if turn%90 != 0 {
		return fileErr("page %d: turned by %d degrees", len(w.out)+1, turn)
	}
	w.out = append(w.out, page{p.num, d, b, int((turn%360 + 360) % 360)})
	return nil
}

func (r *reader) shown(d dict) (box, error) {
	m, ok := r.rect(d.get("MediaBox"))
	if !ok || m.width() < 1 || m.height() < 1 || m.width() > 14400 || m.height() > 14400 {
		return box{}, fileErr("it has no size")
	}
	if c, ok := r.rect(d.get("CropBox")); ok {
		c = box{max(c.x0, m.x0), max(c.y0, m.y0), min(c.x1, m.x1), min(c.y1, m.y1)}
		if c.width() >= 1 && c.height() >= 1 {
			return c, nil
		}
	}
	return m, nil
}

// rect reads a rectangle given by any two opposite corners (7.9.5).
func (r *reader) rect(v any) (box, bool) {
	a := r.array(v)
	if len(a) != 4 {
		return box{}, false
	}
	var n [4]float64
	for i := range n {
		f, ok := number(r.get(a[i]))
		if !ok || math.IsNaN(f) || math.Abs(f) > 1e7 {
			return box{}, false
		}
		n[i] = f
	}
	return box{min(n[0], n[2]), min(n[1], n[3]), max(n[0], n[2]), max(n[1], n[3])}, true
}

// Page is the size of one page as shown, in points (1/72 inch).
type Page struct{ W, H float64 }

// Pages gives the pages of a PDF in order, as a person sees them: cropped and
// turned.
func Pages(pdf []byte) ([]Page, error) {
	r, err := open(pdf, newBudget())
	if err != nil {
		return nil, err
	}
	ps, err := r.pages()
	if err != nil {
		return nil, err
	}
	out := make([]Page, len(ps))
	for i, p := range ps {
		out[i] = Page{p.box.width(), p.box.height()}
		if p.turn%180 != 0 {
			out[i].W, out[i].H = out[i].H, out[i].W
		}
	}
	return out, nil
}
