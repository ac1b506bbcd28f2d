package paper

import (
	"errors"
	"fmt"
	"html"
	"math"
	"strings"

	"dottedline/paper/internal/pdf"
)

// Path is a signature as curves, no picture and no font: sharp at every size.
// Box is what it fills, in its own units with y up.
type Path struct {
	segments []pdf.Segment
	Box      Rect
	Pen      float64 // width of the stroke; 0 is filled
	baseline bool    // y 0 is a baseline that stands on the line
}

// Stroke is one movement of a pen, without times and pressure; y grows down,
// as on a screen.
type Stroke []Point

// Point is a place on a screen.
type Point struct{ X, Y float64 }

// TypedMark writes a name as a signature, in the script font when it has all
// the letters and in the text fonts otherwise. It fails with Letter when no font has one.
func TypedMark(name string, fonts *Fonts) (Path, error) {
	st := script
	for _, r := range clean(name) {
		if r != ' ' && !covers(embedded[script](), []rune{r}) {
			st = serifItalic
		}
	}
	return written(name, st, fonts)
}

// PrintedMark writes a line in the letters of a form. It fails with Letter when
// no font has one.
func PrintedMark(text string, fonts *Fonts) (Path, error) { return written(text, sans, fonts) }

func written(text string, st style, fonts *Fonts) (Path, error) {
	text = clean(text)
	if text == "" || len(text) > 400 {
		return Path{}, errors.New("written mark: a text has 1 to 400 bytes")
	}
	s := fonts.shaper("en")
	defer s.release()
	l := look{regular: st}
	words, _ := s.breakWords([]Span{{Text: text}}, l, false)
	if s.err != nil {
		return Path{}, fmt.Errorf("written mark: %w", s.err)
	}
	p := Path{baseline: true}
	var pen float64
	for _, v := range visuals(line{words: words, last: true}) {
		if v.piece == nil {
			pen += v.space * 1000
			continue
		}
		for _, c := range v.piece.clusters {
			for _, g := range c.Glyphs {
				if !g.Blank {
					p.glyph(v.piece.face.pdf.Outline(g.ID), pen+g.OffsetX, g.OffsetY)
				}
				pen += g.Advance
			}
		}
	}
	p.measure()
	return p, nil
}

// glyph adds an outline, moved.
func (p *Path) glyph(outline []pdf.Segment, x, y float64) {
	for _, seg := range outline {
		for i := range seg.P {
			seg.P[i].X += x
			seg.P[i].Y += y
		}
		p.segments = append(p.segments, seg)
	}
}

// Bounds of a drawing: more is no signature.
const (
	maxStrokes = 200
	maxPoints  = 20_000
)

// DrawnMark makes a smooth path from the strokes of a pen: each point is the
// control point of a curve between the middles of its neighbours.
func DrawnMark(strokes []Stroke) (Path, error) {
	p := Path{}
	total := 0
	for _, s := range strokes {
		total += len(s)
		for _, q := range s {
			if math.IsNaN(q.X+q.Y) || math.Abs(q.X) > 1e5 || math.Abs(q.Y) > 1e5 {
				return Path{}, errors.New("drawn mark: a point is outside of every screen")
			}
		}
		p.stroke(s)
	}
	if len(strokes) > maxStrokes || total > maxPoints {
		return Path{}, fmt.Errorf("drawn mark: more than %d strokes or %d points", maxStrokes, maxPoints)
	}
	p.measure()
	if p.Box.W < 8 && p.Box.H < 8 {
		return Path{}, errors.New("drawn mark: there is nothing drawn")
	}
	p.Pen = max(p.Box.W, p.Box.H) / 110
	return p, nil
}

func (p *Path) stroke(s Stroke) {
	at := func(i int) pdf.Point { return pdf.Point{X: s[i].X, Y: -s[i].Y} }
	if len(s) == 0 {
		return
	}
	p.segments = append(p.segments, pdf.Segment{Op: pdf.Move, P: [3]pdf.Point{at(0)}})
	if len(s) == 1 { // a dot
		p.segments = append(p.segments, pdf.Segment{Op: pdf.Line, P: [3]pdf.Point{at(0)}})
	}
	for i := 1; i < len(s); i++ {
		end := at(i)
		if i+1 < len(s) {
			end = pdf.Point{X: (end.X + at(i+1).X) / 2, Y: (end.Y + at(i+1).Y) / 2}
		}
		p.segments = append(p.segments, pdf.Segment{Op: pdf.Quad, P: [3]pdf.Point{at(i), end}})
	}
}

// points are how many points an act has.
var points = [...]int{pdf.Move: 1, pdf.Line: 1, pdf.Quad: 2, pdf.Cubic: 3}

func (p *Path) measure() {
	lo, hi := pdf.Point{X: math.Inf(1), Y: math.Inf(1)}, pdf.Point{X: math.Inf(-1), Y: math.Inf(-1)}
	for _, s := range p.segments {
		for _, q := range s.P[:points[s.Op]] {
			lo.X, lo.Y, hi.X, hi.Y = min(lo.X, q.X), min(lo.Y, q.Y), max(hi.X, q.X), max(hi.Y, q.Y)
		}
	}
	if len(p.segments) > 0 {
		p.Box = Rect{lo.X, lo.Y, hi.X - lo.X, hi.Y - lo.Y}
	}
}

// fit gives the scale and shift that put the path into r: written names stand
// with their baseline a little above the line, drawings fill it.
func (p Path) fit(r Rect) (k, dx, dy float64) {
	if p.Pen > 0 { // the pen is as wide outside of its path as inside
		pad := min(r.W, r.H) / 20
		r = Rect{r.X + pad, r.Y + pad, r.W - 2*pad, r.H - 2*pad}
	}
	k = min(r.W/max(p.Box.W, 1e-9), r.H/max(p.Box.H, 1e-9))
	if p.baseline {
		k = min(k, r.H*0.72/1000*1.35)
	}
	dx, dy = r.X-p.Box.X*k, r.Y-p.Box.Y*k
	if p.baseline { // descenders may cross the line, as in handwriting
		dy = max(r.Y+r.H*0.14, r.Y-p.Box.Y*k-r.H*0.1)
		if top := dy + (p.Box.Y+p.Box.H)*k; top > r.Y+r.H {
			dy -= top - r.Y - r.H
		}
	}
	return k, dx, dy
}

// PDF gives the operators that draw the path inside of r, in the ink of a pen.
func (p Path) PDF(r Rect) []byte {
	k, dx, dy := p.fit(r)
	const blue = "0.05 0.13 0.42 "
	var b strings.Builder
	b.WriteString("q " + blue + "rg " + blue + "RG 1 J 1 j " + pdf.Number(p.Pen*k) + " w\n")
	n := func(q pdf.Point) string { return pdf.Number(q.X*k+dx) + " " + pdf.Number(q.Y*k+dy) + " " }
	var at pdf.Point
	for _, s := range p.segments {
		switch s.Op {
		case pdf.Move:
			b.WriteString(n(s.P[0]) + "m\n")
		case pdf.Line:
			b.WriteString(n(s.P[0]) + "l\n")
		case pdf.Quad:
			c, e := s.P[0], s.P[1]
			b.WriteString(n(pdf.Point{X: at.X + 2*(c.X-at.X)/3, Y: at.Y + 2*(c.Y-at.Y)/3}) +
				n(pdf.Point{X: e.X + 2*(c.X-e.X)/3, Y: e.Y + 2*(c.Y-e.Y)/3}) + n(e) + "c\n")
		case pdf.Cubic:
			b.WriteString(n(s.P[0]) + n(s.P[1]) + n(s.P[2]) + "c\n")
		}
		at = s.P[points[s.Op]-1]
	}
	if p.Pen > 0 {
		b.WriteString("S Q\n")
	} else {
		b.WriteString("f Q\n")
	}
	return []byte(b.String())
}

// SVG gives the path as an image for a page, in the colour of the text around
// it; alt says what it shows.
func (p Path) SVG(alt string) string {
	var b strings.Builder
	pad := p.Pen
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="%s" viewBox="%s %s %s %s">`, html.EscapeString(alt),
		pdf.Number(p.Box.X-pad), pdf.Number(-p.Box.Y-p.Box.H-pad), pdf.Number(p.Box.W+2*pad), pdf.Number(p.Box.H+2*pad))
	if p.Pen > 0 {
		fmt.Fprintf(&b, `<path fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" stroke-width="%s" d="`, pdf.Number(p.Pen))
	} else {
		b.WriteString(`<path fill="currentColor" d="`)
	}
	for _, s := range p.segments {
		b.WriteByte("MLQC"[s.Op])
		for _, q := range s.P[:points[s.Op]] {
			b.WriteString(pdf.Number(q.X) + " " + pdf.Number(-q.Y) + " ")
		}
	}
	b.WriteString(`"/></svg>`)
	return b.String()
}
