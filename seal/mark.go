package seal

import (
	"bytes"
	"fmt"
	"slices"
)

// Mark is what a signer put on a page: a drawn or typed signature, a date.
type Mark struct {
	Page int // from 1
	// X and Y are the box's lower left corner in points from the lower left of
	// the page as shown, y upwards; W and H are its size.
	X, Y, W, H float64
	// Paths are PDF path and colour operators in the box's own space: origin
	// at its lower left, y upwards, points. Nothing else is accepted.
	Paths []byte
	// PDF is a one-page PDF fitted into the box instead of Paths, for text
	// that needs fonts and shaping.
	PDF []byte
	// Alt is read aloud instead, such as "Signature of Ana Horvat, typed".
	Alt string
}

// toPage maps the box's space to the page's, for each way a page is turned.
func (m Mark) toPage(p page) [6]float64 {
	b := p.box
	switch p.turn {
	case 90:
		return [6]float64{0, 1, -1, 0, b.x1 - m.Y, b.y0 + m.X}
	case 180:
		return [6]float64{-1, 0, 0, -1, b.x1 - m.X, b.y1 - m.Y}
	case 270:
		return [6]float64{0, -1, 1, 0, b.x0 + m.Y, b.y1 - m.X}
	}
	return [6]float64{1, 0, 0, 1, b.x0 + m.X, b.y0 + m.Y}
}

// addMarks draws the marks above the presented pages; t may be nil.
func addMarks(b *builder, pages []importedPage, marks []Mark, t *tags, bud *budget) error {
	for i, p := range pages {
		var above []byte
		for k, m := range marks {
			if m.Page != i+1 {
				continue
			}
			draw, err := m.content(b, p, k, bud)
			if err != nil {
				return fmt.Errorf("mark %d: %w", k+1, err)
			}
			// Without tags the text goes into the marked content itself.
			open := "/Figure <</Alt " + alt(m.Alt) + ">> BDC\n"
			if t != nil {
				open = fmt.Sprintf("/Figure <</MCID %d>> BDC\n", t.figure(b, p.ref, m.Alt))
			}
			above = append(above, open...)
			above = append(above, fmt.Sprintf("q %s cm\n%s\nQ EMC\n", matrix(m.toPage(p.page)), draw)...)
		}
		if above != nil {
			b.set(p.ref, wrapContents(b, b.dict(p.ref), above))
		}
	}
	for k, m := range marks {
		if m.Page < 1 || m.Page > len(pages) {
			return fmt.Errorf("mark %d: there is no page %d", k+1, m.Page)
		}
	}
	return nil
}

func alt(s string) string {
	var o bytes.Buffer
	write(&o, text(s))
	return o.String()
}

func (m Mark) content(b *builder, p importedPage, k int, bud *budget) ([]byte, error) {
	if m.PDF == nil {
		return m.Paths, checkPaths(m.Paths, bud)
	}
	form, size, err := importForm(b, m.PDF, bud)
	if err != nil {
		return nil, err
	}
	n := name(fmt.Sprintf("DlM%d", k+1))
	b.set(p.ref, withXObject(b, b.dict(p.ref), n, form))
	f := min(m.W/size.width(), m.H/size.height())
	return fmt.Appendf(nil, "%s cm /%s Do", matrix([6]float64{f, 0, 0, f, -size.x0 * f, -size.y0 * f}), n), nil
}

var pathOperators = []string{"m", "l", "c", "v", "y", "h", "re", "S", "s", "f", "f*", "B", "B*", "b", "b*", "n", "q", "Q", "cm", "w", "J", "j", "M", "RG", "rg", "G", "g", "K", "k"}

// checkPaths accepts numbers and path operators with q and Q in balance: a
// mark cannot reach out of its box's graphics state.
func checkPaths(p []byte, bud *budget) error {
	l := &lexer{b: p, bud: bud}
	open := 0
	for l.skip(); l.pos < len(p); l.skip() {
		v, err := l.value(0)
		if err != nil {
			return err
		}
		switch v := v.(type) {
		case int64, float64:
			continue
		case keyword:
			if v == "q" {
				open++
			} else if v == "Q" {
				open--
			}
			if open >= 0 && slices.Contains(pathOperators, string(v)) {
				continue
			}
		}
		return fmt.Errorf("not a path: %v at byte %d", v, l.pos)
	}
	if open != 0 {
		return fmt.Errorf("not a path: q without Q")
	}
	return nil
}

// importForm makes a form XObject (8.10) of the first page of a PDF.
func importForm(b *builder, pdf []byte, bud *budget) (ref, box, error) {
	r, err := open(pdf, bud)
	if err != nil {
		return ref{}, box{}, err
	}
	pages, err := r.pages()
	if err != nil {
		return ref{}, box{}, err
	}
	p := pages[0]
	im := &importer{r: r, b: b, num: map[int]ref{}, clean: map[int]any{}, dropped: map[string]bool{}}
	var data []byte
	list := r.array(p.dict.get("Contents"))
	if list == nil {
		list = array{p.dict.get("Contents")}
	}
	for _, c := range list {
		s, _ := r.get(c).(stream)
		d, err := r.decode(s)
		if err != nil {
			return ref{}, box{}, err
		}
		data = append(append(data, d...), '\n')
	}
	form := flate(dict{{"Type", name("XObject")}, {"Subtype", name("Form")},
		{"BBox", array{p.box.x0, p.box.y0, p.box.x1, p.box.y1}}, {"Resources", im.copy(p.dict.get("Resources"))}}, data)
	return b.add(form), p.box, im.drain()
}
