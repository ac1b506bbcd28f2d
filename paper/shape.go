package paper

import (
	"unicode"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/harfbuzz"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/segmenter"
	"golang.org/x/text/unicode/norm"

	"dottedline/paper/internal/pdf"
)

// piece is shaped text in one face, style and direction. Its clusters stand
// from left to right as seen; width is in em.
type piece struct {
	face     *face
	clusters []pdf.Cluster
	width    float64
	level    bidi.Level
	style    style
	scale    float64 // of the paragraph's size: small notes
	quiet    bool
	hole     bool
}

// shapeKey is what the shape of a word depends on.
type shapeKey struct {
	text    string
	face    *face
	script  language.Script
	rtl     bool
	tabular bool
	lang    string
}

// shaper turns text into pieces, one document at a time; it remembers its words.
type shaper struct {
	fonts *Fonts
	lang  string
	buf   *harfbuzz.Buffer
	hb    map[*face]*harfbuzz.Font
	faces map[*face]*font.Face
	words map[shapeKey]shaped
	drawn map[glyphOf]bool // whether a glyph has an outline
	seg   segmenter.Segmenter
	marks segmenter.Segmenter
	bidi  bidi.Paragraph
	err   error
}

type shaped struct {
	clusters []pdf.Cluster
	width    float64
}

type glyphOf struct {
	face *face
	gid  font.GID
}

// maxWords bounds what a shaper remembers from one document to the next.
const maxWords = 20_000

// shaper gives one for a document; give it back with release.
func (f *Fonts) shaper(lang string) *shaper {
	if f == nil {
		f = defaultFonts
	}
	s, _ := f.shapers.Get().(*shaper)
	if s == nil {
		s = newShaper(f)
	}
	if s.lang, s.err = lang, nil; len(s.words) > maxWords {
		clear(s.words)
	}
	return s
}

func (s *shaper) release() { s.fonts.shapers.Put(s) }

// defaultFonts are the embedded fonts alone.
var defaultFonts = NewFonts(nil)

func newShaper(f *Fonts) *shaper {
	return &shaper{fonts: f, buf: harfbuzz.NewBuffer(), hb: map[*face]*harfbuzz.Font{},
		faces: map[*face]*font.Face{}, words: map[shapeKey]shaped{}, drawn: map[glyphOf]bool{}}
}

const unit = 16 // shaping's integers per thousandth of an em

func (s *shaper) font(f *face) (*harfbuzz.Font, *font.Face) {
	h, ok := s.hb[f]
	if !ok {
		x := font.NewFace(f.font)
		h = harfbuzz.NewFont(x)
		h.XScale, h.YScale = 1000*unit, 1000*unit
		s.hb[f], s.faces[f] = h, x
	}
	return h, s.faces[f]
}

// shape shapes one word in one face.
func (s *shaper) shape(text []rune, k shapeKey) shaped {
	k.text, k.lang = string(text), s.lang
	if w, ok := s.words[k]; ok {
		return w
	}
	h, _ := s.font(k.face)
	s.buf.Clear()
	s.buf.AddRunes(text, 0, len(text))
	s.buf.Props = harfbuzz.SegmentProperties{Direction: harfbuzz.LeftToRight, Script: k.script, Language: language.NewLanguage(s.lang)}
	if k.rtl {
		s.buf.Props.Direction = harfbuzz.RightToLeft
	}
	var features []harfbuzz.Feature
	if k.tabular {
		for _, tag := range []string{"tnum", "lnum"} {
			features = append(features, harfbuzz.Feature{Tag: font.Tag(uint32(tag[0])<<24 | uint32(tag[1])<<16 | uint32(tag[2])<<8 | uint32(tag[3])),
				Value: 1, Start: harfbuzz.FeatureGlobalStart, End: harfbuzz.FeatureGlobalEnd})
		}
	}
	s.buf.Shape(h, features)
	w := s.clusters(text, k)
	s.words[k] = w
	return w
}

// clusters gathers glyphs with the text that they stand for.
func (s *shaper) clusters(text []rune, k shapeKey) (w shaped) {
	info, pos := s.buf.Info, s.buf.Pos
	for i := 0; i < len(info); {
		start, j := info[i].Cluster, i
		for j < len(info) && info[j].Cluster == start {
			j++
		}
		end := len(text)
		if k.rtl {
			if i > 0 {
				end = info[i-1].Cluster
			}
		} else if j < len(info) {
			end = info[j].Cluster
		}
		c := pdf.Cluster{Text: string(text[start:max(end, start)])}
		for ; i < j; i++ {
			if info[i].Glyph == 0 || !s.hasOutline(k.face, info[i].Glyph) {
				s.fail(text[start], text)
			}
			c.Glyphs = append(c.Glyphs, pdf.Glyph{ID: uint32(info[i].Glyph), Advance: float64(pos[i].XAdvance) / unit,
				OffsetX: float64(pos[i].XOffset) / unit, OffsetY: float64(pos[i].YOffset) / unit})
			w.width += float64(pos[i].XAdvance) / unit / 1000
		}
		if k.rtl {
			w.clusters = append(w.clusters, letterwise(c)...)
		} else {
			w.clusters = append(w.clusters, glyphwise(c, k.face)...)
		}
	}
	return w
}

func (s *shaper) hasOutline(f *face, g font.GID) bool {
	k := glyphOf{f, g}
	ok, seen := s.drawn[k]
	if !seen {
		_, x := s.font(f)
		_, ok = x.GlyphData(g).(font.GlyphOutline)
		s.drawn[k] = ok
	}
	return ok
}

func (s *shaper) fail(r rune, in []rune) {
	if s.err == nil {
		s.err = Letter{r, string(in[:min(len(in), 60)])}
	}
}

// faceOf finds the face for one grapheme: the style's own, else the one before
// it, so that a word stays in one font, else what the caller's fonts have.
func (s *shaper) faceOf(g []rune, st style, before *face, lang string) *face {
	own := embedded[st]()
	if covers(own, g) {
		return own
	}
	if before != nil && before != own && covers(before, g) {
		return before
	}
	if st == serifItalic || st == serifBoldItalic || st == script { // the upright has more letters
		if up := embedded[map[style]style{serifItalic: serif, serifBoldItalic: serifBold, script: serif}[st]](); covers(up, g) {
			return up
		}
	}
	for _, r := range g {
		if isHidden(r) || own.has(r) && !unicode.IsLetter(r) {
			continue
		}
		if f := s.fonts.fallback(r, st, lang); f != nil && covers(f, g) {
			return f
		}
	}
	for _, r := range g {
		if !own.has(r) && !isHidden(r) && s.fonts.fallback(r, st, lang) == nil {
			s.fail(r, g)
			return own
		}
	}
	s.fail(g[0], g)
	return own
}

// covers says whether the face has the grapheme, composed or decomposed.
func covers(f *face, g []rune) bool {
	for _, r := range g {
		if isHidden(r) || f.has(r) {
			continue
		}
		d := []rune(norm.NFD.String(string(r)))
		if len(d) < 2 || !covers(f, d) {
			return false
		}
	}
	return true
}

// isHidden is for the marks that steer shaping and are not seen themselves.
func isHidden(r rune) bool {
	return r == '\u200c' || r == '\u200d' || r >= '\ufe00' && r <= '\ufe0f' || r == '\u034f' || r == '\u2060' || isDropped(r)
}

// isDropped is for what has done its work before shaping: isolates, places to break.
func isDropped(r rune) bool {
	return r >= '\u2066' && r <= '\u2069' || r == '\u200b' || r == '\u200e' || r == '\u200f' || r == '\u00ad' || r == '\ufeff'
}

func isRightToLeft(r rune) bool {
	switch language.LookupScript(r) {
	case language.Arabic, language.Hebrew, language.Syriac, language.Thaana, language.Nko, language.Adlam, language.Mandaic, language.Samaritan, language.Hanifi_Rohingya:
		return unicode.IsLetter(r)
	}
	return false
}

// isRightToLeftText gives the direction of the first strong letter outside of
// isolates (UAX #9, P2 and P3), or fallback when there is none.
func isRightToLeftText(s string, fallback bool) bool {
	depth := 0
	for _, r := range s {
		switch {
		case r == '\u2068' || r == '\u2066' || r == '\u2067':
			depth++
		case r == '\u2069':
			depth = max(0, depth-1)
		case depth == 0 && isRightToLeft(r):
			return true
		case depth == 0 && unicode.IsLetter(r):
			return false
		}
	}
	return fallback
}
