package paper

import (
	"golang.org/x/text/unicode/norm"

	"dottedline/paper/internal/pdf"
)

// What is here changes nothing that is seen. It is for those who read the
// paper by ear, search it or copy from it: PDF has no good word for one letter
// of several glyphs, or one glyph of several letters.

// letterwise gives each letter of a right-to-left cluster a glyph of its own,
// from left to right as seen. Readers turn such text around letter by letter,
// and would turn the letters of a ligature the wrong way: so the width of the
// widest glyph is shared between it and blanks for the other letters, and the
// other glyphs, its marks, are drawn without a text.
func letterwise(c pdf.Cluster) []pdf.Cluster {
	letters := []rune(c.Text)
	n := len(letters)
	if n == 0 || n == 1 && len(c.Glyphs) == 1 {
		return []pdf.Cluster{c}
	}
	main, total := 0, 0.0
	at := make([]float64, len(c.Glyphs)) // where each glyph's pen stands
	for i, g := range c.Glyphs {
		if g.Advance > c.Glyphs[main].Advance {
			main = i
		}
		at[i] = total
		total += g.Advance
	}
	part := float64(int(total / float64(n)))
	var out []pdf.Cluster
	for i := range n {
		g := pdf.Glyph{ID: c.Glyphs[main].ID, Advance: part, Width: max(1, int(part)), Blank: i > 0}
		if i == 0 {
			g.OffsetX, g.OffsetY = at[main]+c.Glyphs[main].OffsetX, c.Glyphs[main].OffsetY
		}
		if i == n-1 {
			g.Advance = total - part*float64(n-1)
		}
		out = append(out, pdf.Cluster{Text: string(letters[n-1-i]), Glyphs: []pdf.Glyph{g}})
	}
	var marks []pdf.Glyph
	for i, g := range c.Glyphs {
		if i != main {
			g.OffsetX += at[i] - total
			g.Advance = 0
			marks = append(marks, g)
		}
	}
	if len(marks) > 0 {
		out = append(out, pdf.Cluster{Glyphs: marks})
	}
	return out
}

// glyphwise gives each glyph of a left-to-right cluster its own letter where
// the font knows it, for readers that look at glyphs alone.
func glyphwise(c pdf.Cluster, f *face) []pdf.Cluster {
	if len(c.Glyphs) < 2 {
		return []pdf.Cluster{c}
	}
	letters := []rune(norm.NFD.String(c.Text))
	inOrder := len(letters) == len(c.Glyphs) && string(letters) == c.Text
	for i := range c.Glyphs {
		g := &c.Glyphs[i]
		for j, r := range letters {
			if id, ok := f.font.NominalGlyph(r); ok && uint32(id) == g.ID {
				g.Text, letters[j] = string(r), -1
				inOrder = inOrder && i == j && g.OffsetX == 0 && g.OffsetY == 0
				break
			}
		}
		inOrder = inOrder && g.Text != ""
	}
	if inOrder {
		out := make([]pdf.Cluster, len(c.Glyphs))
		for i, g := range c.Glyphs {
			out[i] = pdf.Cluster{Text: g.Text, Glyphs: []pdf.Glyph{g}}
		}
		return out
	}
	rest := ""
	for _, r := range letters {
		if r >= 0 {
			rest += string(r)
		}
	}
	for i := range c.Glyphs {
		if c.Glyphs[i].Text == "" {
			c.Glyphs[i].Text, rest = rest, ""
			if c.Glyphs[i].Text == "" {
				break
			}
		}
	}
	return []pdf.Cluster{c}
}
