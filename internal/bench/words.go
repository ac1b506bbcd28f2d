package main

import (
	"math/rand/v2"
	"strings"
)

// language makes text whose words come as often as in a real one: a vocabulary
// of made-up words, drawn by Zipf's law.
type language struct {
	r     *rand.Rand
	words []string
	zipf  *rand.Zipf
}

func newLanguage(r *rand.Rand, size int) *language {
	heads := strings.Fields("b br c ch d dr f fl g gr h j k l m n p pl qu r s sh st t tr v w y z")
	tails := strings.Fields("a e i o u ai ea io ou an en in on un er or al el ist ing ent ate ome ick est")
	seen := map[string]bool{}
	l := &language{r: r, zipf: rand.NewZipf(r, 1.08, 4, uint64(size-1))}
	for len(l.words) < size {
		var b strings.Builder
		for range 1 + min(len(l.words)/60, 1+r.IntN(3)) { // the common ones are short
			b.WriteString(heads[r.IntN(len(heads))] + tails[r.IntN(len(tails))])
		}
		if w := b.String(); !seen[w] {
			seen[w] = true
			l.words = append(l.words, w)
		}
	}
	return l
}

func (l *language) word() string { return l.words[l.zipf.Uint64()] }

func (l *language) phrase(n int) string {
	ws := make([]string, n)
	for i := range ws {
		ws[i] = l.word()
	}
	return strings.Join(ws, " ")
}

// sentences is about n words of text, with capitals and full stops.
func (l *language) sentences(n int) string {
	var b strings.Builder
	for n > 0 {
		k := 5 + l.r.IntN(14)
		s := l.phrase(k)
		if n -= k; b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strings.ToUpper(s[:1]) + s[1:] + ".")
	}
	return b.String()
}

// wrap breaks text into lines of 72.
func wrap(s string) string {
	var b strings.Builder
	col := 0
	for _, w := range strings.Fields(s) {
		switch {
		case col == 0:
		case col+len(w) >= 72:
			b.WriteString("\r\n")
			col = 0
		default:
			b.WriteByte(' ')
			col++
		}
		b.WriteString(w)
		col += len(w)
	}
	return b.String() + "\r\n"
}
