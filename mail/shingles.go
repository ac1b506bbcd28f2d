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
	var a, b uint64
	for w := range words(text) {
		if len(s.set) >= maxShingles {
			break
		}
		c := s.hash(w)
		if a != 0 {
			s.set[three(a, b, c)] = struct{}{}
		}
		a, b = b, c
	}
	return s
}

// hash is that of one word, never 0.
func (s *shingles) hash(w string) uint64 { return maphash.String(s.seed, w) | 1 }

// three is the hash of three words by theirs.
func three(a, b, c uint64) uint64 {
	const k = 0x9e3779b97f4a7c15
	return (a*k+b)*k + c
}

// line says whether the words of a line stand in the text. Fewer than three
// words say nothing.
func (s *shingles) line(l string) match {
	n, hits := 0, 0
	var a, b uint64
	for w := range words(l) {
		c := s.hash(w)
		if a != 0 {
			n++
			if _, ok := s.set[three(a, b, c)]; ok {
				hits++
			}
		}
		a, b = b, c
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
		for f := range strings.FieldsFuncSeq(text, func(r rune) bool {
			if r < utf8.RuneSelf {
				return (r|0x20 < 'a' || r|0x20 > 'z') && (r < '0' || r > '9')
			}
			return !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}) {
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
