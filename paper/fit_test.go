package paper

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func genWords(t *rapid.T) []word {
	n := rapid.IntRange(0, 120).Draw(t, "n")
	out := make([]word, n)
	for i := range out {
		space := rapid.SampledFrom([]float64{0, 0.25}).Draw(t, "space")
		out[i] = word{width: rapid.Float64Range(0, 6).Draw(t, "width"), space: space, give: space * 0.6, take: space * 0.14,
			joined: space == 0, forced: rapid.IntRange(0, 30).Draw(t, "forced") == 0}
	}
	return out
}

// Breaking keeps every word in its order, never sets a line wider than the
// measure, ends a line at each forced break, and fills justified lines.
func TestFitLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words, width := genWords(t), rapid.Float64Range(7, 60).Draw(t, "measure")
		justify := rapid.Bool().Draw(t, "justify")
		i := 0
		for n, l := range fit(words, width, justify) {
			natural, give, take := 0.0, 0.0, 0.0
			for j, w := range l.words {
				if w.width != words[i].width {
					t.Fatalf("word %d is another", i)
				}
				if w.forced && j < len(l.words)-1 {
					t.Fatalf("line %d goes on behind a forced break", n)
				}
				natural += w.width
				if j < len(l.words)-1 {
					natural, give, take = natural+w.space, give+w.give, take+w.take
				}
				i++
			}
			if l.stretch < 0 {
				give = take
			}
			set := natural + l.stretch*give
			if set > width+1e-6 {
				t.Fatalf("line %d is %v wide, the measure %v", n, set, width)
			}
			if justify && !l.last && give > 0 && set < width-1e-6 {
				t.Fatalf("justified line %d is %v of %v", n, set, width)
			}
		}
		if i != len(words) {
			t.Fatalf("%d of %d words are set", i, len(words))
		}
	})
}

// Weighing all lines together is never worse than filling one after the other.
func TestFitIsBestOverall(t *testing.T) {
	t.Parallel()
	cost := func(lines []line, width float64) (sum float64) {
		for _, l := range lines {
			var natural, give, take float64
			for j, w := range l.words {
				if natural += w.width; j < len(l.words)-1 {
					natural, give, take = natural+w.space, give+w.give, take+w.take
				}
			}
			c, _ := lineCost(width-natural, width, give, take, false, l.last)
			sum += c
		}
		return sum
	}
	rapid.Check(t, func(t *rapid.T) {
		words, width := genWords(t), rapid.Float64Range(12, 60).Draw(t, "measure")
		for i := range words { // the extras for looks are not part of this law
			words[i].joined, words[i].forced, words[i].space, words[i].give, words[i].take = false, false, 0.25, 0.15, 0.035
		}
		if len(words) < 2 {
			return
		}
		var greedy []line
		start, at := 0, 0.0
		for i, w := range words {
			if i > start && at+0.25+w.width > width {
				greedy, start, at = append(greedy, line{words: words[start:i]}), i, 0
			} else if i > start {
				at += 0.25
			}
			at += w.width
		}
		greedy = append(greedy, line{words: words[start:], last: true})
		if best, first := cost(fit(words, width, false), width), cost(greedy, width)+15; best > first+1e-6 {
			t.Fatalf("%v is worse than %v, filled line by line", best, first)
		}
	})
}

func TestAMillionEmptyWordsAreBounded(t *testing.T) {
	t.Parallel()
	d := merged(t, strings.Repeat("a\u200b", 60_000), nil)
	if _, err := Make(d, nil, Options{}); err != nil {
		t.Error(err)
	}
	d = merged(t, "a"+strings.Repeat("\u200b\u200b", 40_000), nil)
	if _, err := Make(d, nil, Options{}); err != nil {
		t.Error(err)
	}
}
