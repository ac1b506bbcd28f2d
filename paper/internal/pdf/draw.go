package pdf

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
)

// Color is red, green and blue from 0 to 255.
type Color [3]int

func (c Color) op(name string) string {
	return Number(float64(c[0])/255) + " " + Number(float64(c[1])/255) + " " + Number(float64(c[2])/255) + " " + name + "\n"
}

// Glyph is one glyph of a cluster; measures are thousandths of an em.
type Glyph struct {
	ID               uint32
	Advance          float64
	OffsetX, OffsetY float64
	Text             string // its own part of the cluster's text, when that has several glyphs
	Width            int    // what the file calls its width; 0 is the face's own
	Blank            bool   // nothing is seen: it stands for a letter of a ligature beside it
}

// Cluster is the smallest piece of text that its glyphs stand for. Without
// text it only draws, for letters that other clusters stand for.
type Cluster struct {
	Text   string
	Glyphs []Glyph
}

// Run is clusters in one font and size, from left to right as seen. After is
// the room added behind each run, in points.
type Run struct {
	Font     *Font
	Size     float64
	Clusters []Cluster
	After    float64
}

// Text draws runs from x on the baseline y; both from the top left, in points.
func (w *Writer) Text(x, y float64, runs []Run, c Color) {
	o := w.content()
	if w.page.fill != c {
		o.WriteString(c.op("rg"))
		w.page.fill = c
	}
	fmt.Fprintf(o, "BT %s %s Td\n", Number(x), Number(w.page.h-y))
	t := textLine{out: o}
	for i := range runs {
		t.run(&runs[i])
	}
	t.flush()
	o.WriteString("ET\n")
}

// textLine keeps the pen where shaping wants it: what the widths in the file
// and rounding leave over is put right before the next glyph.
type textLine struct {
	out       *bytes.Buffer
	font      *Font
	size      float64
	pen, want float64 // points from the start of the line
	array     bytes.Buffer
	hex       bytes.Buffer
}

// joiner (ZWJ) is the text of a glyph that has none of its own: every glyph
// must have one, and this is not seen.
const joiner = "\u200d"

func (t *textLine) run(r *Run) {
	if t.font != r.Font || t.size != r.Size {
		t.flush()
		t.font, t.size = r.Font, r.Size
		fmt.Fprintf(t.out, "/%s %s Tf\n", r.Font.res, Number(r.Size))
	}
	em := r.Size / 1000
	for _, c := range r.Clusters {
		// Several glyphs that stand for a text together say so themselves.
		together := len(c.Glyphs) > 1 || c.Text == ""
		if together {
			t.flush()
			fmt.Fprintf(t.out, "/Span <</ActualText <%X>>> BDC\n", append([]byte{0xFE, 0xFF}, utf16be(c.Text)...))
		}
		for _, g := range c.Glyphs {
			if g.OffsetY != 0 {
				t.flush()
				fmt.Fprintf(t.out, "%s Ts\n", Number(g.OffsetY*em))
			}
			text := c.Text
			if together {
				text = cmp.Or(g.Text, joiner)
			}
			t.glyph(g, text, em)
			if g.OffsetY != 0 {
				t.flush()
				t.out.WriteString("0 Ts\n")
			}
		}
		if together {
			t.flush()
			t.out.WriteString("EMC\n")
		}
	}
	t.want += r.After
}

func (t *textLine) glyph(g Glyph, text string, em float64) {
	if adjust := math.Round((t.pen-t.want-g.OffsetX*em)/em*10) / 10; math.Abs(adjust) >= 0.6 {
		t.endHex()
		t.array.WriteString(Number(adjust))
		t.pen -= adjust * em
	}
	u := use{g.ID, text, g.Width, g.Blank}
	if u.width == 0 {
		u.width = t.font.width(g.ID)
	}
	fmt.Fprintf(&t.hex, "%04X", t.font.cid(u))
	t.pen += float64(u.width) * em
	t.want += g.Advance * em
}

func (t *textLine) endHex() {
	if t.hex.Len() > 0 {
		fmt.Fprintf(&t.array, "<%s>", t.hex.Bytes())
		t.hex.Reset()
	}
}

func (t *textLine) flush() {
	t.endHex()
	if t.array.Len() > 0 {
		fmt.Fprintf(t.out, "[%s] TJ\n", t.array.Bytes())
		t.array.Reset()
	}
}

// Rule draws a horizontal or other straight line of the given thickness.
// A dotted line has round dots, one every gap points; gap 0 is solid.
func (w *Writer) Rule(x1, y1, x2, y2, thick, gap float64, c Color) {
	w.Outside(func() {
		o := w.content()
		dash := ""
		if gap > 0 {
			dash = "1 J [0 " + Number(gap) + "] 0 d "
		}
		fmt.Fprintf(o, "q %s%s%s w %s %s m %s %s l S Q\n", dash, c.op("RG"), Number(thick),
			Number(x1), Number(w.page.h-y1), Number(x2), Number(w.page.h-y2))
	})
}
