package paper

import (
	"errors"
	"fmt"
	"time"

	"dottedline/paper/internal/pdf"
)

// Options of one paper.
type Options struct {
	Number  string    // of the agreement, in the foot of each page
	Author  string    // who sends it
	Created time.Time // written into the file
	Letter  bool      // US Letter in place of A4
}

// Rect is a place on a page in points; X and Y are its lower left corner,
// counted from the lower left of the page, as in a PDF.
type Rect struct{ X, Y, W, H float64 }

// SignatureLine is where a signer's mark and the day of signing go.
type SignatureLine struct {
	Signer string // ID of the signer
	Page   int    // from 1
	Mark   Rect   // stands on the dotted line
	Date   Rect
	Below  Rect // free, under the printed name
}

// Paper is a finished file: tagged PDF 1.7 with embedded subset fonts.
type Paper struct {
	PDF   []byte
	Pages int
	Lines []SignatureLine
}

const maxPages = 400

// Make sets a document and writes its PDF; the same input gives the same
// bytes. It fails with Hole when a field has no value and with Letter when no
// font has a letter. Nil fonts are the embedded ones.
func Make(d *Doc, fonts *Fonts, o Options) (*Paper, error) {
	if len(d.holes) > 0 {
		return nil, fmt.Errorf("make paper: %w", Hole{d.holes[0]})
	}
	t := newTypesetter(d, fonts, o)
	defer t.shaper.release()
	t.decide()
	t.newPage()
	t.blocks(d.Blocks, t.left, t.measure)
	t.feet()
	if t.shaper.err != nil {
		return nil, fmt.Errorf("make paper: %w", t.shaper.err)
	}
	if t.tooLong {
		return nil, fmt.Errorf("make paper: %w", errors.New("more than 400 pages"))
	}
	b, err := t.out.Bytes()
	if err != nil {
		return nil, fmt.Errorf("make paper: %w", err)
	}
	return &Paper{PDF: b, Pages: t.pages, Lines: t.lines}, nil
}

// sizes of type and leading, in points.
type sizes struct {
	body, lead        float64
	cellSize, tabLead float64
	small             float64
}

// typesetter places blocks on pages. y is the distance from the top of the
// page at which the next line begins.
type typesetter struct {
	doc    *Doc
	opts   Options
	out    *pdf.Writer
	shaper *shaper
	sizes

	pageW, pageH  float64
	left, measure float64
	top, bottom   float64 // where text begins and ends
	y             float64
	pages         int
	tooLong       bool
	justify       bool
	paras         map[paraKey]para
	lines         []SignatureLine
}

var (
	ink   = pdf.Color{21, 23, 31}
	soft  = pdf.Color{74, 78, 92}
	faint = pdf.Color{103, 107, 121}
	hair  = pdf.Color{205, 207, 216}
)

func newTypesetter(d *Doc, fonts *Fonts, o Options) *typesetter {
	t := &typesetter{doc: d, opts: o, shaper: fonts.shaper(d.lang.tag),
		out:   pdf.New(pdf.Info{Title: d.Title, Author: o.Author, Lang: d.lang.tag, Created: o.Created, RightToLeft: d.lang.rightToLeft}),
		sizes: sizes{body: 10.5, lead: 14.6, cellSize: 9.6, tabLead: 13.2, small: 8.2},
		pageW: 595.28, pageH: 841.89, left: 80, paras: map[paraKey]para{}}
	if o.Letter {
		t.pageW, t.pageH = 612, 792
	}
	if d.sans {
		t.sizes = sizes{body: 9.6, lead: 13.4, cellSize: 8.6, tabLead: 11.6, small: 8}
		t.left = 64
	}
	t.measure = t.pageW - 2*t.left
	t.top, t.bottom = 74, t.pageH-75
	return t
}

func (t *typesetter) look() look {
	if t.doc.sans {
		return sansLook
	}
	return serifLook
}

func (t *typesetter) newPage() {
	if t.pages >= maxPages {
		t.tooLong = true
		t.y = t.top
		return
	}
	t.out.AddPage(t.pageW, t.pageH)
	t.pages++
	t.y = t.top
}

// need begins a page when less than h is left, and says whether it did.
func (t *typesetter) need(h float64) bool {
	if t.y+h <= t.bottom+0.01 || t.y <= t.top {
		return false
	}
	t.newPage()
	return true
}

// feet writes the foot of each page, once their number is known.
func (t *typesetter) feet() {
	name := t.doc.Title
	if t.opts.Number != "" {
		name += " · " + t.opts.Number
	}
	y := t.pageH - 44
	for i := range t.pages {
		t.out.Select(i)
		t.out.Outside(func() {
			number := t.set([]Span{{Text: fmt.Sprintf(t.doc.lang.words().page, i+1, t.pages)}}, sansLook.tabularly(), t.small, 200)
			t.draw(number.lines[0], t.left, t.measure, y, t.small, Right, faint)
			foot := t.set([]Span{{Text: name}}, sansLook, t.small, t.measure-70)
			if len(foot.lines) > 0 {
				l := foot.lines[0]
				if len(foot.lines) > 1 {
					l.words = append(l.words[:len(l.words):len(l.words)], t.set([]Span{{Text: "…"}}, sansLook, t.small, 50).lines[0].words...)
				}
				t.draw(l, t.left, t.measure, y, t.small, Left, faint)
			}
		})
	}
}
