package paper

import (
	"unicode"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/language"
)

// word is what a line cannot break: pieces, in the order of the text, and the
// white space after it. Measures are in em of the paragraph.
type word struct {
	pieces []piece
	width  float64
	space  float64 // natural width of the space after it
	give   float64 // how far that space may stretch
	take   float64 // how far it may shrink
	level  bidi.Level
	forced bool // a line ends here
	joined bool // no space after it: a break is possible, but looks less well
}

// look is how a paragraph's spans are set.
type look struct {
	regular, italic, bold, boldItalic style
	tabular                           bool
}

var (
	serifLook = look{serif, serifItalic, serifBold, serifBoldItalic, false}
	sansLook  = look{sans, sans, sansBold, sansBold, false}
)

func (l look) boldly() look {
	l.regular, l.italic = l.bold, l.boldItalic
	return l
}

func (l look) tabularly() look {
	l.tabular = true
	return l
}

func (l look) of(s Span) style {
	switch {
	case s.Bold && s.Italic:
		return l.boldItalic
	case s.Bold:
		return l.bold
	case s.Italic:
		return l.italic
	}
	return l.regular
}

const quietScale = 0.88 // of the size of the text around it

// letter is one rune with how it is set.
type letter struct {
	span  *Span
	style style
	level bidi.Level
}

// breakWords breaks spans into words, and says whether the text runs from right to left.
func (s *shaper) breakWords(spans []Span, l look, rtl bool) ([]word, bool) {
	var text []rune
	var letters []letter
	for i := range spans {
		sp := &spans[i]
		if sp.Break {
			text, letters = append(text, '\n'), append(letters, letter{span: sp, style: l.of(*sp)})
		}
		for _, r := range sp.Text {
			text, letters = append(text, r), append(letters, letter{span: sp, style: l.of(*sp)})
		}
	}
	if len(text) == 0 {
		return nil, rtl
	}
	rtl = isRightToLeftText(string(text), rtl)
	s.levels(text, letters, rtl)
	lang := s.hanLanguage(text)

	var out []word
	s.seg.Init(text)
	for it := s.seg.LineIterator(); it.Next(); {
		line := it.Line()
		a, b := line.Offset, line.Offset+len(line.Text)
		out = s.addWords(out, text, letters, a, b, l, lang)
		if n := len(out); n > 0 && b > 0 && text[b-1] == '\n' {
			out[n-1].forced = true
		}
	}
	return out, rtl
}

// levels sets the embedding levels of UAX #9 for the given base direction.
func (s *shaper) levels(text []rune, letters []letter, rtl bool) {
	plain := !rtl
	for _, r := range text {
		if r >= 0x590 && (isRightToLeft(r) || r >= '\u2066' && r <= '\u2069') {
			plain = false
			break
		}
	}
	if plain {
		return
	}
	mark := '\u200e' // a strong mark in front sets the base direction
	if rtl {
		mark = '\u200f'
	}
	runs := s.bidi.Segment(append([]rune{mark}, text...), bidi.Neutral)
	for i := range runs.NumRuns() {
		r := runs.Run(i)
		for j := max(r.Start, 1); j < r.End; j++ {
			letters[j-1].level = r.Level
		}
	}
}

// hanLanguage picks the shapes of Han letters: by kana or hangul beside them,
// else the agreement's language, else simplified Chinese.
func (s *shaper) hanLanguage(text []rune) string {
	for _, r := range text {
		switch language.LookupScript(r) {
		case language.Hiragana, language.Katakana:
			return "ja"
		case language.Hangul:
			return "ko"
		}
	}
	if l, _ := languageOf(s.lang); l.base() == "ja" || l.base() == "ko" || l.base() == "zh" {
		return s.lang
	}
	return "zh-Hans"
}

// addWords adds the word text[a:b] with the space at its end, and cuts it where
// a line may end inside: before a leading Thai vowel, which begins a syllable.
func (s *shaper) addWords(out []word, text []rune, letters []letter, a, b int, l look, lang string) []word {
	end := b
	for end > a && unicode.IsSpace(text[end-1]) && text[end-1] != '\u00a0' && text[end-1] != '\u202f' {
		end--
	}
	for i := a + 1; i < end; i++ {
		if text[i] >= 'เ' && text[i] <= 'ไ' && i-a >= 3 && i+1 < end {
			w := s.word(text, letters, a, i, l, lang)
			w.joined, w.give, w.level = true, 0.02, letters[i].level
			out, a = append(out, w), i
		}
	}
	w := s.word(text, letters, a, end, l, lang)
	if end < b {
		w.level = letters[end].level
		if text[end] != '\n' {
			w.space = s.spaceWidth(letters[end].style)
			w.give, w.take = w.space*0.6, w.space*0.14
		}
	} else {
		w.level = letters[max(end-1, a)].level
		w.joined = true
		if end > a && isHan(text[end-1]) {
			w.joined, w.give = false, 0.05
		}
	}
	return append(out, w)
}

func isHan(r rune) bool {
	switch language.LookupScript(r) {
	case language.Han, language.Hiragana, language.Katakana, language.Hangul:
		return true
	}
	return r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xff60
}

func (s *shaper) spaceWidth(st style) float64 {
	return s.shape([]rune{' '}, shapeKey{face: embedded[st](), script: language.Latin}).width
}

// word shapes text[a:b] piece by piece.
func (s *shaper) word(text []rune, letters []letter, a, b int, l look, lang string) (w word) {
	var run []rune
	var f *face
	var at letter
	sc := language.Common
	flush := func() {
		if len(run) == 0 {
			return
		}
		if sc == language.Common || sc == language.Inherited {
			sc = language.Latin
		}
		k := shapeKey{face: f, script: sc, rtl: at.level%2 == 1, tabular: l.tabular}
		x := s.shape(run, k)
		p := piece{face: f, clusters: x.clusters, width: x.width, level: at.level, style: at.style, scale: 1, quiet: at.span.Quiet, hole: at.span.Hole}
		if p.quiet {
			p.scale = quietScale
			p.width *= quietScale
		}
		w.pieces, w.width = append(w.pieces, p), w.width+p.width
		run, sc = nil, language.Common
	}
	simple := isPlain(text[a:b])
	if !simple {
		s.marks.Init(text[a:b])
	}
	each := func(i int, g []rune) {
		x := s.faceOf(g, letters[i].style, f, lang)
		gs := scriptOf(g)
		same := len(run) > 0 && x == f && letters[i].level == at.level && letters[i].style == at.style && letters[i].span.Quiet == at.span.Quiet && letters[i].span.Hole == at.span.Hole &&
			(gs == sc || gs == language.Common || sc == language.Common)
		if !same {
			flush()
			f, at = x, letters[i]
		}
		if gs != language.Common {
			sc = gs
		}
		run = append(run, g...)
	}
	if simple {
		for i := a; i < b; i++ {
			each(i, text[i:i+1])
		}
	} else {
		for it := s.marks.GraphemeIterator(); it.Next(); {
			g := it.Grapheme()
			var keep []rune
			for _, r := range g.Text {
				if !isDropped(r) {
					keep = append(keep, r)
				}
			}
			if len(keep) > 0 {
				each(a+g.Offset, keep)
			}
		}
	}
	flush()
	return w
}

// isPlain is for text in which every rune is a grapheme: the common case, fast.
func isPlain(text []rune) bool {
	for _, r := range text {
		if r >= 0x300 && !(r >= 0x370 && r < 0x483 || r >= 0x1e00 && r < 0x200b || r >= 0x2010 && r < 0x2028 || r == '€' || r == '−') {
			return false
		}
	}
	return true
}

func scriptOf(g []rune) language.Script {
	for _, r := range g {
		if s := language.LookupScript(r); s != language.Common && s != language.Inherited {
			return s
		}
	}
	return language.Common
}
