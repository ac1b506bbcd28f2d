package paper

import (
	"fmt"
	"slices"

	"dottedline/paper/internal/pdf"
)

// blocks sets blocks one below the other, between x and x+width.
func (t *typesetter) blocks(bs []Block, x, width float64) {
	for i := 0; i < len(bs) && !t.tooLong; i++ {
		next := bs[i+1:]
		switch b := bs[i].(type) {
		case Heading:
			t.heading(b, next, x, width, i == 0 && t.y <= t.top)
		case Paragraph:
			t.paragraph(b, next, x, width)
		case Rule:
			t.need(24)
			t.y += 10
			t.out.Rule(x, t.y, x+width, t.y, 0.5, 0, hair)
			t.y += 10
		case Quote:
			t.out.Open("BlockQuote", nil)
			ix, iw := t.indent(x, width, quoteIndent)
			t.blocks(b.Blocks, ix, iw)
			t.out.Close()
		case List:
			t.list(b, x, width)
		case Table:
			t.table(b, x, width)
		case Signature:
			row := []Signer{b.Signer}
			for ; i+1 < len(bs); i++ {
				s, ok := bs[i+1].(Signature)
				if !ok {
					break
				}
				row = append(row, s.Signer)
			}
			t.signatures(row, x, width)
		}
	}
}

// Indents, in points.
const (
	quoteIndent = 20.0
	listIndent  = 20.0
)

// indent takes room from the side where the text begins.
func (t *typesetter) indent(x, width, by float64) (float64, float64) {
	if width < 2*by { // too deep to be indented further
		return x, width
	}
	if t.doc.lang.rightToLeft {
		return x, width - by
	}
	return x + by, width - by
}

// atLeast is how much of a block must follow a heading on the same page.
func (t *typesetter) atLeast(next []Block, width float64) float64 {
	if len(next) == 0 {
		return 0
	}
	switch b := next[0].(type) {
	case Table:
		return 3 * (t.tabLead + 9)
	case Signature:
		return signatureHeight
	case Heading:
		return 24 + 2*t.lead + t.atLeast(next[1:min(len(next), 2)], width)
	case Paragraph:
		if end := t.ending(next[1:], width); end > 0 {
			return t.paragraphHeight(b, width) + end
		}
	}
	return 2*t.lead + 2
}

// ending is the height of the blocks when nothing but a heading and a short
// paragraph stands before a signature, and 0 otherwise: a signature never
// stands on a page without a part of what is signed.
func (t *typesetter) ending(bs []Block, width float64) float64 {
	var h float64
	end := slices.IndexFunc(bs[:min(len(bs), 3)], func(b Block) bool { _, ok := b.(Signature); return ok })
	for i := range max(end, 0) {
		switch b := bs[i].(type) {
		case Heading:
			if i > 0 {
				return 0
			}
			h += 20 + t.lead*1.1
		case Paragraph:
			h += t.paragraphHeight(b, width)
		default:
			return 0
		}
	}
	if end < 0 {
		return 0
	}
	return h + signatureHeight
}

func (t *typesetter) paragraphHeight(b Paragraph, width float64) float64 {
	return float64(len(t.text(b.Text, width).lines))*t.lead + t.lead*0.42
}

func (t *typesetter) heading(h Heading, next []Block, x, width float64, first bool) {
	size, lead, before, after := 22.5, 27.0, 8.0, 10.0
	switch {
	case h.Level == 2:
		size, lead, before, after = t.body*1.14, t.lead*1.08, 13, 3.5
	case h.Level > 2:
		size, lead, before, after = t.body, t.lead, 8, 2
	case t.doc.sans:
		size, lead = 18, 22
	}
	p := t.set(h.Text, t.look().boldly(), size, width)
	if first {
		before = 0
	}
	t.need(before + float64(len(p.lines))*lead + after + t.atLeast(next, width))
	if t.y > t.top {
		t.y += before
	}
	t.out.Open(pdf.Name(fmt.Sprintf("H%d", min(h.Level, 6))), nil)
	t.flow(p, x, width, size, lead, Left)
	t.out.Close()
	t.y += after
}

func (t *typesetter) paragraph(b Paragraph, next []Block, x, width float64) {
	p := t.text(b.Text, width)
	if len(p.lines) == 0 {
		return
	}
	own := float64(len(p.lines))*t.lead + 6
	if end := t.ending(next, width); end > 0 && own+end < (t.bottom-t.top)*0.8 {
		t.need(own + end)
	} else if len(next) > 0 && len(p.lines) <= 6 {
		switch next[0].(type) {
		case List, Table:
			t.need(own + t.atLeast(next, width))
		}
	}
	t.out.Open("P", nil)
	t.flow(p, x, width, t.body, t.lead, Left)
	t.out.Close()
	t.y += t.lead * 0.42
}

// flow draws lines down the page. No page begins with the last line of a
// paragraph or ends with its first.
func (t *typesetter) flow(p para, x, width, size, lead float64, align Align) {
	if p.rtl && align != Center {
		align = Right - align
	}
	n := len(p.lines)
	for i, l := range p.lines {
		h, above := height(l, size, lead)
		together := 1
		switch {
		case i == 0 && n <= 3:
			together = n
		case i == 0 || i == n-2:
			together = 2
		}
		t.need(h + float64(together-1)*lead)
		t.draw(l, x, width, t.y+above, size, align, ink)
		t.y += h
	}
}

func (t *typesetter) list(b List, x, width float64) {
	const hang = listIndent
	t.out.Open("L", pdf.Dict{"A": pdf.Dict{"O": pdf.Name("List"), "ListNumbering": map[bool]pdf.Name{true: "Decimal", false: "Disc"}[b.Ordered]}})
	for i, item := range b.Items {
		t.need(2 * t.lead)
		t.out.Open("LI", nil)
		label := "•"
		if b.Ordered {
			label = fmt.Sprintf("%d.", b.Start+i)
		}
		ix, iw := t.indent(x, width, hang)
		var set []para
		for _, block := range item {
			if p, ok := block.(Paragraph); ok {
				set = append(set, t.text(p.Text, iw))
			}
		}
		if len(set) > 0 { // the label goes where the first line will
			t.need(t.lead * float64(min(3, len(set[0].lines))))
		}
		t.out.Open("Lbl", nil)
		mark := t.set([]Span{{Text: label}}, t.look().tabularly(), t.body, 100)
		if len(mark.lines) > 0 {
			if t.doc.lang.rightToLeft {
				t.draw(mark.lines[0], x+width-hang+6, hang-6, t.y+t.lead*0.75, t.body, Left, ink)
			} else {
				t.draw(mark.lines[0], x-4, hang-2, t.y+t.lead*0.75, t.body, Right, ink)
			}
		}
		t.out.Close()
		t.out.Open("LBody", nil)
		for j, block := range item {
			if _, ok := block.(Paragraph); ok {
				t.flow(set[0], ix, iw, t.body, t.lead, Left)
				set = set[1:]
				if j < len(item)-1 {
					t.y += 2
				}
			} else {
				t.blocks(item[j:j+1], ix, iw)
			}
		}
		t.out.Close()
		t.out.Close()
		t.y += 2.5
	}
	t.out.Close()
	t.y += t.lead*0.42 - 2.5
}
