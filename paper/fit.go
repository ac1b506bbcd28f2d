package paper

import (
	"math"
	"slices"
)

// line is a part of a paragraph's words; its spaces are wider by stretch times
// what they give, or narrower where it is negative.
type line struct {
	words   []word
	stretch float64
	last    bool // of the paragraph, or before a forced break
}

// maxStretch is the stretch of a space beyond which a justified line has holes.
const maxStretch = 2

// No line has more words; the bound is for text whose words have no width.
const maxLineWords = 500

// fit breaks words into lines of width em, justified or ragged. It weighs all
// lines of the paragraph together (Knuth and Plass, Breaking Paragraphs into
// Lines, 1981), without hyphens.
func fit(words []word, width float64, justify bool) []line {
	words = splitWide(words, width)
	if len(words) == 0 {
		return nil
	}
	return totalFit(words, width, justify)
}

func totalFit(words []word, width float64, justify bool) []line {
	n := len(words)
	best, from, stretch := make([]float64, n+1), make([]int, n+1), make([]float64, n+1)
	for end := 1; end <= n; end++ {
		best[end] = math.Inf(1)
		last := end == n || words[end-1].forced
		var natural, give, take float64
		for start := end - 1; start >= max(0, end-maxLineWords); start-- {
			w := words[start]
			if start < end-1 {
				if w.forced {
					break
				}
				natural, give, take = natural+w.space, give+w.give, take+w.take
			}
			natural += w.width
			if natural-take > width+1e-6 && start < end-1 {
				break
			}
			cost, s := lineCost(width-natural, width, give, take, justify, last)
			if words[end-1].joined && !last {
				cost += 20
			}
			if last && end-start == 1 && start > 0 && !words[start-1].forced {
				cost += 15 // a last line of one word
			}
			if c := best[start] + cost; c < best[end] {
				best[end], from[end], stretch[end] = c, start, s
			}
		}
	}
	var out []line
	for end := n; end > 0; end = from[end] {
		out = append(out, line{words[from[end]:end], stretch[end], end == n || words[end-1].forced})
	}
	slices.Reverse(out)
	return out
}

// lineCost is the demerits of a line with that much room left over, and how
// its spaces stretch.
func lineCost(room, width, give, take float64, justify, last bool) (cost, stretch float64) {
	switch {
	case room < 0:
		stretch = room / (take + 1e-9)
		if stretch < -1 {
			return 1e7, 0 // one word that is wider than the line
		}
	case last:
		return 1, 0
	case justify:
		stretch = room / (give + 1e-9)
	default:
		r := room / (0.14 * width)
		return (1 + 4*r*r) * (1 + 4*r*r), 0
	}
	bad := 1 + 10*math.Pow(math.Min(math.Abs(stretch), 50), 3)
	return bad * bad, stretch
}

// hasHoles says whether a line of a justified paragraph is too wide in its spaces.
func hasHoles(lines []line) bool {
	return slices.ContainsFunc(lines, func(l line) bool { return !l.last && l.stretch > maxStretch })
}

// splitWide cuts words that are wider than a line, such as hashes and
// addresses, between their clusters.
func splitWide(words []word, width float64) []word {
	if !slices.ContainsFunc(words, func(w word) bool { return w.width > width }) {
		return words
	}
	var out []word
	for _, w := range words {
		if w.width <= width {
			out = append(out, w)
			continue
		}
		tail := w
		tail.pieces, tail.width = nil, 0
		for _, p := range w.pieces {
			for i := range p.clusters {
				c := p.clusters[i]
				if p.level%2 == 1 {
					c = p.clusters[len(p.clusters)-1-i]
				}
				cut := p
				cut.clusters, cut.width = append(cut.clusters[:0:0], c), 0
				for _, g := range c.Glyphs {
					cut.width += g.Advance / 1000 * p.scale
				}
				if tail.width+cut.width > width && len(tail.pieces) > 0 {
					out = append(out, word{pieces: tail.pieces, width: tail.width, level: p.level, joined: true})
					tail.pieces, tail.width = nil, 0
				}
				tail.pieces, tail.width = append(tail.pieces, cut), tail.width+cut.width
			}
		}
		out = append(out, tail)
	}
	return out
}
