package transcript

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentence is a stretch of an utterance that is weighed by itself.
type sentence struct {
	utterance  int
	speaker    string
	text       string
	from, to   int // bytes in the utterance's text
	start      float64
	end        float64
	line       int
	wordBefore int // words said in the meeting before it
	words      []word
}

// What a sentence is cut to; recognisers write endless ones.
const (
	longest      = 60 // words
	longestBytes = 1000
)

// sentences cuts every utterance at its marks and, where a recogniser sets
// none, at the borders of its cues.
func sentences(t Transcript) (out []sentence, total int) {
	for i, u := range t.Utterances {
		for _, b := range bounds(u) {
			s := sentence{utterance: i, speaker: u.Speaker, text: u.Text[b[0]:b[1]], from: b[0], to: b[1], wordBefore: total}
			s.words = words(s.text)
			if len(s.words) == 0 {
				continue
			}
			s.start, s.end, s.line = when(u, b[0], b[1])
			total += len(s.words)
			out = append(out, s)
		}
	}
	return out, total
}

func bounds(u Utterance) [][2]int {
	marks, fields := 0, 1
	for _, r := range u.Text {
		switch {
		case r == '.' || r == '?' || r == '!':
			marks++
		case r == ' ':
			fields++
		}
	}
	bare := marks*25 < fields
	var out [][2]int
	from, count, piece := 0, 0, 1
	cut := func(to int) {
		a, b := trim(u.Text, from, to)
		if a < b {
			out = append(out, [2]int{a, b})
		}
		from, count = to, 0
	}
	for i := 0; i < len(u.Text); i++ {
		if piece < len(u.Pieces) && i == u.Pieces[piece].At {
			p, q := u.Pieces[piece-1], u.Pieces[piece]
			if bare || anew(u.Text, i) || q.Start >= 0 && p.End >= 0 && q.Start-p.End > 1.5 || count > longest/2 {
				cut(i)
			}
			piece++
		}
		if i-from > longestBytes && utf8.RuneStart(u.Text[i]) {
			cut(i)
		}
		if u.Text[i] != ' ' {
			continue
		}
		count++
		if ends(u.Text[from:i]) || count >= longest {
			cut(i)
		}
	}
	cut(len(u.Text))
	return out
}

// anew says whether the cue that begins at i starts a sentence although the one
// before it set no mark: a capital, after a small letter, that is not "I".
func anew(s string, i int) bool {
	r, n := utf8.DecodeRuneInString(s[i:])
	before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s[:i], " "))
	next, _ := utf8.DecodeRuneInString(s[i+n:])
	return unicode.IsUpper(r) && unicode.IsLower(before) && (r != 'I' || unicode.IsLower(next))
}

// ends says whether s closes a sentence: a mark, but not one of "Dr." or "e.g.".
func ends(s string) bool {
	s = strings.TrimRight(s, "\"”')")
	if strings.HasSuffix(s, "?") || strings.HasSuffix(s, "!") {
		return true
	}
	if !strings.HasSuffix(s, ".") || strings.HasSuffix(s, "...") {
		return false
	}
	last := s[strings.LastIndexByte(s, ' ')+1:]
	switch strings.ToLower(last) {
	case "mr.", "mrs.", "ms.", "dr.", "st.", "vs.", "e.g.", "i.e.", "no.", "etc.":
		return false
	}
	r, n := utf8.DecodeRuneInString(last)
	return !(len(last) == n+1 && unicode.IsUpper(r) && r != 'I') // an initial
}

func trim(s string, from, to int) (int, int) {
	for from < to && s[from] == ' ' {
		from++
	}
	for to > from && s[to-1] == ' ' {
		to--
	}
	return from, to
}

// when gives the time of the bytes from..to of an utterance, by the cue they
// stand in and, inside a cue, by their share of its length.
func when(u Utterance, from, to int) (start, end float64, line int) {
	i := 0
	for i+1 < len(u.Pieces) && u.Pieces[i+1].At <= from {
		i++
	}
	line = u.Pieces[i].Line
	start = inside(u, i, from)
	for i+1 < len(u.Pieces) && u.Pieces[i+1].At < to {
		i++
	}
	return start, inside(u, i, to), line
}

func inside(u Utterance, i, at int) float64 {
	p, next := u.Pieces[i], len(u.Text)
	if i+1 < len(u.Pieces) {
		next = u.Pieces[i+1].At
	}
	if p.Start < 0 || p.End <= p.Start || next <= p.At {
		return p.Start
	}
	return p.Start + (p.End-p.Start)*float64(min(at, next)-p.At)/float64(next-p.At)
}
