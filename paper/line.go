package paper

import (
	"slices"

	"dottedline/paper/internal/pdf"
)

// para is a paragraph broken into lines.
type para struct {
	lines []line
	rtl   bool
}

// set breaks spans into ragged lines of width points.
func (t *typesetter) set(spans []Span, l look, size, width float64) para {
	words, rtl := t.shaper.breakWords(spans, l, t.doc.lang.rightToLeft)
	return para{fit(words, width/size, false), rtl}
}

// text breaks spans of the agreement's text, justified when its paragraphs are.
// It remembers them: what follows a heading is measured before it is set.
func (t *typesetter) text(spans []Span, width float64) para {
	if len(spans) == 0 {
		return para{}
	}
	k := paraKey{&spans[0], width}
	p, ok := t.paras[k]
	if !ok {
		words, rtl := t.shaper.breakWords(spans, t.look(), t.doc.lang.rightToLeft)
		p = para{fit(words, width/t.body, t.justify), rtl}
		t.paras[k] = p
	}
	return p
}

type paraKey struct {
	first *Span
	width float64
}

// decide chooses between justified and ragged text for the whole agreement.
// There are no hyphens, so some paragraphs cannot end at the margin without
// holes; then all are ragged, which is calmer than a mixture.
func (t *typesetter) decide() {
	t.justify = !t.doc.sans
	if t.justify && t.holes(t.doc.Blocks, t.left, t.measure) {
		t.justify = false
		clear(t.paras)
	}
}

// holes says whether any paragraph has a line with holes.
func (t *typesetter) holes(bs []Block, x, width float64) bool {
	for _, b := range bs {
		switch b := b.(type) {
		case Paragraph:
			if hasHoles(t.text(b.Text, width).lines) {
				return true
			}
		case Quote:
			if ix, iw := t.indent(x, width, quoteIndent); t.holes(b.Blocks, ix, iw) {
				return true
			}
		case List:
			ix, iw := t.indent(x, width, listIndent)
			for _, item := range b.Items {
				if t.holes(item, ix, iw) {
					return true
				}
			}
		}
	}
	return false
}

// height of a line and the part of it above the baseline: the leading, or more
// when a script stands taller than our own letters.
func height(l line, size, lead float64) (total, above float64) {
	const share, tall = 0.75, 0.86
	up, down := lead*share, lead*(1-share)
	for _, w := range l.words {
		for _, p := range w.pieces {
			if !p.face.own {
				up = max(up, p.face.pdf.Ascent/1000*size*tall)
				down = max(down, -p.face.pdf.Descent/1000*size*tall)
			}
		}
	}
	return up + down, up
}

// visual is a piece, or the space between two words, in the order of the eye.
type visual struct {
	piece *piece
	space float64 // em
	level int
}

// visuals orders a line's pieces and spaces by their levels (UAX #9, L2).
func visuals(l line) []visual {
	var v []visual
	highest := 0
	for i := range l.words {
		w := &l.words[i]
		for j := range w.pieces {
			v = append(v, visual{piece: &w.pieces[j], level: int(w.pieces[j].level)})
			highest = max(highest, int(w.pieces[j].level))
		}
		if i < len(l.words)-1 {
			give := w.give
			if l.stretch < 0 {
				give = w.take
			}
			if space := w.space + l.stretch*give; space != 0 {
				v = append(v, visual{space: space, level: int(w.level)})
			}
		}
	}
	for level := highest; level > 0; level-- {
		for i := 0; i < len(v); i++ {
			if v[i].level < level {
				continue
			}
			j := i
			for j < len(v) && v[j].level >= level {
				j++
			}
			slices.Reverse(v[i:j])
			i = j
		}
	}
	return v
}

// draw writes a line on the baseline y, between x and x+width.
func (t *typesetter) draw(l line, x, width, y, size float64, align Align, c pdf.Color) {
	vs := visuals(l)
	var natural float64
	for _, v := range vs {
		if natural += v.space; v.piece != nil {
			natural += v.piece.width
		}
	}
	switch align {
	case Right:
		x += width - natural*size
	case Center:
		x += (width - natural*size) / 2
	}
	var runs []pdf.Run
	var at float64 // em drawn since the last Text
	color := c
	flush := func() {
		if len(runs) > 0 {
			t.out.Text(x, y, runs, color)
		}
		x, at, runs = x+at*size, 0, nil
	}
	for i, v := range vs {
		if v.piece != nil {
			pc := c
			if v.piece.quiet {
				pc = faint
			}
			if pc != color {
				flush()
				color = pc
			}
			runs = append(runs, pdf.Run{Font: t.out.Font(v.piece.face.pdf), Size: size * v.piece.scale, Clusters: v.piece.clusters})
			at += v.piece.width
			continue
		}
		f, st := embedded[serif](), serif
		if i > 0 && vs[i-1].piece != nil {
			f, st = vs[i-1].piece.face, vs[i-1].piece.style
		}
		runs = append(runs, t.spaceRun(f, st, size, v.space))
		at += v.space
	}
	// A space behind the last word of a line keeps it apart from the next for
	// readers that join lines.
	if n := len(l.words); !l.last && n > 0 && l.words[n-1].space > 0 && len(vs) > 0 && vs[len(vs)-1].level == 0 && vs[len(vs)-1].piece != nil {
		p := vs[len(vs)-1].piece
		runs = append(runs, t.spaceRun(p.face, p.style, size, l.words[n-1].space))
	}
	flush()
}

// spaceRun is a real space of the given width, in the font beside it.
func (t *typesetter) spaceRun(f *face, st style, size, width float64) pdf.Run {
	gid, ok := f.font.NominalGlyph(' ')
	if !ok {
		f = embedded[st]()
		gid, _ = f.font.NominalGlyph(' ')
	}
	return pdf.Run{Font: t.out.Font(f.pdf), Size: size, Clusters: []pdf.Cluster{{Text: " ", Glyphs: []pdf.Glyph{{ID: uint32(gid), Advance: width * 1000}}}}}
}
