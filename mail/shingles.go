package mail

import (
	"hash/maphash"
	"strings"
	"unicode"
	"unicode/utf8"
)

// shingles is the set of all runs of three words of a text: a line is known
// from it whatever the line breaks between them.
type shingles struct {
	seed maphash.Seed
	set  map[uint64]struct{}
	// lines are the short ones as they stand, such as a greeting
	lines map[string]struct{}
}

type match uint8

const (
	matchOpen match = iota // too short to say, or empty
	matchYes
	matchNo
)

const maxShingles = 200_000

func newShingles(text string) *shingles {
	s := &shingles{seed: maphash.MakeSeed(), set: map[uint64]struct{}{}, lines: map[string]struct{}{}}
	for l := range strings.SplitSeq(text, "\n") {
		if l = strings.TrimSpace(l); l != "" && len(l) < 40 && len(s.lines) < maxShingles {
			s.lines[l] = struct{}{}
		}
	}
	var a, b string
	for w := range words(text) {
		if len(s.set) >= maxShingles {
			break
		}
		if a != "" {
			s.set[s.hash(a, b, w)] = struct{}{}
		}
		a, b = b, w
	}
	return s
}

func (s *shingles) hash(a, b, c string) uint64 {
	var h maphash.Hash
	h.SetSeed(s.seed)
	h.WriteString(a)
	h.WriteByte(0)
	h.WriteString(b)
	h.WriteByte(0)
	h.WriteString(c)
	return h.Sum64()
}

// line says whether the words of a line stand in the text. Fewer than three
// words say nothing.
func (s *shingles) line(l string) match {
	n, hits := 0, 0
	var a, b string
	for w := range words(l) {
		if a != "" {
			n++
			if _, ok := s.set[s.hash(a, b, w)]; ok {
				hits++
			}
		}
		a, b = b, w
	}
	switch {
	case n == 0:
		return matchOpen
	case hits*10 >= n*8:
		return matchYes
	}
	return matchNo
}

// short says whether a line says too little for line, and stands in the text
// as it is.
func (s *shingles) short(l string) bool {
	_, ok := s.lines[strings.TrimSpace(l)]
	return ok && s.line(l) == matchOpen
}

// words yields the words of a text in lower case without marks; each letter of
// a script that is written without blanks is a word.
func words(text string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for f := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if r, _ := utf8.DecodeRuneInString(f); r < utf8.RuneSelf || !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
				if !yield(strings.ToLower(f)) {
					return
				}
				continue
			}
			for _, r := range f {
				if !yield(string(r)) {
					return
				}
			}
		}
	}
}
