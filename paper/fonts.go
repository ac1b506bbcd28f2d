package paper

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"sync"

	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"

	"dottedline/paper/internal/pdf"
)

// The embedded fonts, under the SIL Open Font License 1.1 (texts beside them):
// Source Serif 4, Source Sans 3 and Dancing Script. They hold Latin with all
// its marks, Greek, Cyrillic and Vietnamese.
//
//go:embed fonts/*.ttf
var fontFiles embed.FS

// style picks an embedded face.
type style uint8

const (
	serif style = iota
	serifItalic
	serifBold
	serifBoldItalic
	sans
	sansBold
	script
	styles
)

var styleFiles = [styles]string{"SourceSerif4_400Regular", "SourceSerif4_400Regular_Italic",
	"SourceSerif4_600SemiBold", "SourceSerif4_600SemiBold_Italic",
	"SourceSans3_400Regular", "SourceSans3_600SemiBold", "DancingScript_500Medium"}

func (s style) bold() bool   { return s == serifBold || s == serifBoldItalic || s == sansBold }
func (s style) italic() bool { return s == serifItalic || s == serifBoldItalic }
func (s style) serif() bool  { return s <= serifBoldItalic }

// Font is a font file: TrueType, OpenType, or face Index of a collection.
type Font struct {
	ID    string // says which file and face it is; the same ID is read once
	Data  []byte
	Index int
}

// Want is what a font is looked for.
type Want struct {
	Letter   rune
	Script   string // ISO 15924, such as Arab
	Language string // BCP 47, for Han: ja, ko, zh-Hans, zh-Hant …
	Bold     bool
	Serif    bool
}

// Fonts are the embedded fonts and those that find gives for the letters they
// lack. Safe for use by several goroutines.
type Fonts struct {
	find func(Want) (Font, bool)

	mu    sync.Mutex
	files map[string]*face
	found map[Want]*face

	shapers sync.Pool // of *shaper
}

// NewFonts makes Fonts. Find gives a font that has the wanted letter; its
// answer must be the same each time. A nil find leaves the embedded fonts.
func NewFonts(find func(Want) (Font, bool)) *Fonts {
	return &Fonts{find: find, files: map[string]*face{}, found: map[Want]*face{}}
}

// Letter is a letter that no font has. It is never drawn as a box.
type Letter struct {
	Rune rune
	In   string // the text around it
}

func (l Letter) Error() string {
	return fmt.Sprintf("no font has the letter %q (U+%04X) in %q", string(l.Rune), l.Rune, l.In)
}

// face is a font that is ready to be shaped with and to be embedded.
type face struct {
	font *font.Font
	pdf  *pdf.Face
	own  bool // embedded, whose measures fit our leading

	faces sync.Pool // of *font.Face, which caches and is for one goroutine
}

// embedded reads each of our fonts once for the whole program.
var embedded = func() (f [styles]func() *face) {
	for s := range f {
		f[s] = sync.OnceValue(func() *face {
			b, err := fontFiles.ReadFile("fonts/" + styleFiles[s] + ".ttf")
			if err != nil {
				panic(err) // it is part of the program
			}
			x, err := newFace(Font{ID: styleFiles[s], Data: b}, Want{Bold: style(s).bold(), Serif: style(s).serif()})
			if err != nil {
				panic(err)
			}
			x.own, x.pdf.Italic = true, style(s).italic()
			return x
		})
	}
	return f
}()

func newFace(f Font, w Want) (*face, error) {
	loaders, err := ot.NewLoaders(bytes.NewReader(f.Data))
	if err != nil {
		return nil, fmt.Errorf("read font %s: %w", f.ID, err)
	}
	if f.Index < 0 || f.Index >= len(loaders) {
		return nil, fmt.Errorf("read font %s: it has no face %d", f.ID, f.Index)
	}
	ld := loaders[f.Index]
	if os2, err := ld.RawTable(ot.MustNewTag("OS/2")); err == nil && len(os2) > 9 && os2[9]&0xF == 2 {
		return nil, fmt.Errorf("read font %s: %w", f.ID, errors.New("its maker does not permit embedding"))
	}
	x, err := font.NewFont(ld)
	if err != nil {
		return nil, fmt.Errorf("read font %s: %w", f.ID, err)
	}
	out := &face{font: x}
	k := 1000 / float64(x.Upem())
	measure := font.NewFace(x)
	h, _ := measure.FontHExtents()
	out.pdf = &pdf.Face{Name: postScriptName(f), Serif: w.Serif, Bold: w.Bold,
		Ascent: float64(h.Ascender) * k, Descent: float64(h.Descender) * k,
		CapHeight: float64(measure.LineMetric(font.CapHeight)) * k,
		Advance: func(gid uint32) float64 {
			f := out.faces.Get().(*font.Face)
			defer out.faces.Put(f)
			return float64(f.HorizontalAdvance(font.GID(gid))) * k
		},
		Outline: func(gid uint32) []pdf.Segment {
			f := out.faces.Get().(*font.Face)
			defer out.faces.Put(f)
			return outline(f, font.GID(gid), k)
		},
	}
	out.faces.New = func() any { return font.NewFace(x) }
	return out, nil
}

// postScriptName keeps the letters that a font's name may have in a PDF.
func postScriptName(f Font) string {
	var b []byte
	for _, c := range []byte(f.ID) {
		if c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' {
			b = append(b, c)
		}
	}
	if len(b) == 0 {
		return "Font"
	}
	return string(b[:min(len(b), 60)])
}

// outline gives a glyph's curves in thousandths of an em.
func outline(f *font.Face, gid font.GID, k float64) []pdf.Segment {
	g, _ := f.GlyphData(gid).(font.GlyphOutline)
	out := make([]pdf.Segment, len(g.Segments))
	for i, s := range g.Segments {
		out[i].Op = [...]pdf.Op{ot.SegmentOpMoveTo: pdf.Move, ot.SegmentOpLineTo: pdf.Line, ot.SegmentOpQuadTo: pdf.Quad, ot.SegmentOpCubeTo: pdf.Cubic}[s.Op]
		for j, p := range s.ArgsSlice() {
			out[i].P[j] = pdf.Point{X: float64(p.X) * k, Y: float64(p.Y) * k}
		}
	}
	return out
}

// fallback is the face of a letter that the embedded fonts lack; nil when there is none.
func (f *Fonts) fallback(r rune, st style, lang string) *face {
	if f.find == nil {
		return nil
	}
	w := Want{Letter: r, Script: language.LookupScript(r).String(), Language: lang, Bold: st.bold(), Serif: st.serif()}
	f.mu.Lock()
	defer f.mu.Unlock()
	if x, ok := f.found[w]; ok {
		return x
	}
	x := f.ask(w)
	f.found[w] = x
	return x
}

func (f *Fonts) ask(w Want) *face {
	file, ok := f.find(w)
	if !ok {
		return nil
	}
	x, ok := f.files[file.ID]
	if !ok {
		x, _ = newFace(file, w) // a font that cannot be read has no letters
		f.files[file.ID] = x
	}
	if x == nil || !x.has(w.Letter) {
		return nil
	}
	return x
}

func (f *face) has(r rune) bool {
	_, ok := f.font.NominalGlyph(r)
	return ok
}
