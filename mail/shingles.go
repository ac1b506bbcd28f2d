package mail

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// shingles is the set of all runs of three words of a text: a line is known
// from it whatever the line breaks between them.
type shingles struct {
	set map[uint64]struct{}
	// lines are the short ones as they stand, such as a greeting
	lines map[string]struct{}
}

type match uint8

const (
	matchOpen match = iota // too short to say, or empty
	matchYes
	matchNo
)

const (
	maxShingles        = 200_000
	noWord      uint64 = 14695981039346656037 // where FNV-1a begins
)

func newShingles(text string) *shingles {
	s := &shingles{set: map[uint64]struct{}{}, lines: map[string]struct{}{}}
	for l := range strings.SplitSeq(text, "\n") {
		if l = strings.TrimSpace(l); l != "" && len(l) < 40 && len(s.lines) < maxShingles {
			s.lines[l] = struct{}{}
		}
	}
	var a, b uint64
	for c := range hashes(text) {
		if len(s.set) >= maxShingles {
			break
		}
		if a != 0 {
			s.set[three(a, b, c)] = struct{}{}
		}
		a, b = b, c
	}
	return s
}

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
	for c := range hashes(l) {
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

// hashes yields a hash, never 0, of each word of a text whatever its case; each
// letter of a script that is written without blanks is a word.
func hashes(text string) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		const prime = 1099511628211 // of FNV-1a
		h := noWord
		for _, r := range text {
			r, alone := letter(r)
			if (r == 0 || alone) && h != noWord {
				if !yield(h | 1) {
					return
				}
				h = noWord
			}
			switch {
			case alone:
				if !yield((noWord^uint64(r))*prime | 1) {
					return
				}
			case r != 0:
				h = (h ^ uint64(r)) * prime
			}
		}
		if h != noWord {
			yield(h | 1)
		}
	}
}

// letter is a letter or digit in lower case, 0 where r is neither, and whether it
// is a word alone.
func letter(r rune) (_ rune, alone bool) {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			return r | 0x20, false
		}
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r, false
		}
		return 0, false
	}
	if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
		return 0, false
	}
	r = unicode.ToLower(r)
	return r, unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}
