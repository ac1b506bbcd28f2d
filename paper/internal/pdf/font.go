package pdf

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"strconv"
)

// Face is what the writer needs of a font. Measures are thousandths of an em.
type Face struct {
	Name            string
	Ascent, Descent float64
	CapHeight       float64
	Italic          bool
	Serif           bool
	Bold            bool
	Advance         func(gid uint32) float64
	Outline         func(gid uint32) []Segment
}

// Font is a face in use in one file. Every pair of glyph and text gets its own
// CID, so that the way back from a glyph to its letters is never ambiguous.
type Font struct {
	face *Face
	res  Name
	ids  map[use]int
	uses []use
}

type use struct {
	gid   uint32
	text  string
	width int
	blank bool
}

// Font registers a face; the same face gives the same font.
func (w *Writer) Font(f *Face) *Font {
	for _, x := range w.fonts {
		if x.face == f {
			return x
		}
	}
	x := &Font{face: f, res: Name("F" + strconv.Itoa(len(w.fonts)+1)), ids: map[use]int{}}
	w.fonts = append(w.fonts, x)
	return x
}

func (f *Font) cid(u use) int {
	n, ok := f.ids[u]
	if !ok {
		f.uses = append(f.uses, u)
		n = len(f.uses)
		f.ids[u] = n
	}
	return n
}

func (f *Font) width(gid uint32) int { return int(math.Round(f.face.Advance(gid))) }

// embed writes the font's objects: Type 0, CIDFontType0 with a CFF subset, ToUnicode.
func (f *Font) embed(o *file) (Ref, error) {
	if len(f.uses) > 0xFFFE {
		return 0, fmt.Errorf("font %s: more than 65,534 different glyphs", f.face.Name)
	}
	glyphs := make([]cffGlyph, 1, len(f.uses)+1) // glyph 0 is .notdef: empty, never used
	widths := Array{0}
	box := [4]float64{0, f.face.Descent, 0, f.face.Ascent}
	for _, u := range f.uses {
		g := cffGlyph{advance: u.width}
		if !u.blank {
			g.outline = f.face.Outline(u.gid)
		}
		glyphs = append(glyphs, g)
		widths = append(widths, g.advance)
		grow(&box, g.outline)
	}
	var bbox [4]int
	for i, v := range box {
		bbox[i] = int(math.Round(v))
	}
	program := cff(f.face.Name, bbox, glyphs)
	name := Name(subsetTag(program) + "+" + f.face.Name)
	flags, angle := 4, 0
	if f.face.Serif {
		flags |= 2
	}
	if f.face.Italic {
		flags, angle = flags|64, -12
	}
	stem := 80
	if f.face.Bold {
		stem = 120
	}
	desc := o.add(Dict{"Type": Name("FontDescriptor"), "FontName": name, "Flags": flags,
		"FontBBox": Array{bbox[0], bbox[1], bbox[2], bbox[3]}, "ItalicAngle": angle,
		"Ascent": f.face.Ascent, "Descent": f.face.Descent, "CapHeight": f.face.CapHeight, "StemV": stem,
		"FontFile3": o.add(Stream{Dict: Dict{"Subtype": Name("CIDFontType0C")}, Data: program})})
	cid := o.add(Dict{"Type": Name("Font"), "Subtype": Name("CIDFontType0"), "BaseFont": name,
		"CIDSystemInfo":  Dict{"Registry": Text("Adobe"), "Ordering": Text("Identity"), "Supplement": 0},
		"FontDescriptor": desc, "DW": 0, "W": Array{0, widths}})
	return o.add(Dict{"Type": Name("Font"), "Subtype": Name("Type0"), "BaseFont": name + "-Identity-H",
		"Encoding": Name("Identity-H"), "DescendantFonts": Array{cid},
		"ToUnicode": o.add(Stream{Data: f.toUnicode()})}), nil
}

func grow(box *[4]float64, outline []Segment) {
	for _, s := range outline {
		for _, p := range s.P {
			box[0], box[1] = min(box[0], p.X), min(box[1], p.Y)
			box[2], box[3] = max(box[2], p.X), max(box[3], p.Y)
		}
	}
}

// toUnicode writes the CMap of ISO 32000-1, 9.10.3.
func (f *Font) toUnicode() []byte {
	var m bytes.Buffer
	m.WriteString("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n" +
		"1 begincodespacerange <0000> <FFFF> endcodespacerange\n")
	for i := 0; i < len(f.uses); i += 100 {
		part := f.uses[i:min(i+100, len(f.uses))]
		fmt.Fprintf(&m, "%d beginbfchar\n", len(part))
		for j, u := range part {
			fmt.Fprintf(&m, "<%04X> <%X>\n", i+j+1, utf16be(u.text))
		}
		m.WriteString("endbfchar\n")
	}
	m.WriteString("endcmap CMapName currentdict /CMap defineresource pop end end")
	return m.Bytes()
}

// subsetTag is the six capitals that mark a subset (ISO 32000-1, 9.6.4).
func subsetTag(program []byte) string {
	h := sha256.Sum256(program)
	t := make([]byte, 6)
	for i := range t {
		t[i] = 'A' + h[i]%26
	}
	return string(t)
}
