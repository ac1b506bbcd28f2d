package pdf

import (
	"encoding/binary"
	"math"
)

// Op is a drawing act of a glyph outline.
type Op uint8

const (
	Move  Op = iota // to P[0]
	Line            // to P[0]
	Quad            // by P[0] to P[1]
	Cubic           // by P[0] and P[1] to P[2]
)

// Point is a place in thousandths of an em, y up.
type Point struct{ X, Y float64 }

// Segment is one act of a glyph outline.
type Segment struct {
	Op Op
	P  [3]Point
}

// cffGlyph is one glyph of a subset; its advance is in thousandths of an em.
type cffGlyph struct {
	advance int
	outline []Segment
}

// cff writes a CID-keyed CFF font (Adobe TN 5176) whose glyph n has CID n. It
// is built from outlines and not cut out of the original file, so one writer
// serves TrueType, OpenType and collections, and no table of a foreign font
// reaches the paper. Hints are dropped.
func cff(name string, bbox [4]int, glyphs []cffGlyph) []byte {
	n := len(glyphs)
	charstrings := make([][]byte, n)
	for i, g := range glyphs {
		charstrings[i] = charstring(g)
	}
	head := append([]byte{1, 0, 4, 4}, index([][]byte{[]byte(name)})...)
	strings := index([][]byte{[]byte("Adobe"), []byte("Identity")})
	globals := []byte{0, 0}
	charset := []byte{2, 0, 1, byte((n - 2) >> 8), byte(n - 2)}
	fdSelect := []byte{3, 0, 1, 0, 0, 0, byte(n >> 8), byte(n)}
	chars := index(charstrings)
	private := append(append(dictInt(0), 20), append(dictInt(0), 21)...)

	top := func(base int) []byte {
		at := base
		var d []byte
		put := func(op []byte, vals ...int) {
			for _, v := range vals {
				d = append(d, dictInt(v)...)
			}
			d = append(d, op...)
		}
		put([]byte{12, 30}, 391, 392, 0) // ROS: Adobe, Identity, 0
		put([]byte{5}, bbox[0], bbox[1], bbox[2], bbox[3])
		put([]byte{12, 34}, n) // CIDCount
		put([]byte{15}, at)
		at += len(charset)
		put([]byte{12, 37}, at)
		at += len(fdSelect)
		put([]byte{17}, at)
		at += len(chars) + len(private)
		put([]byte{12, 36}, at)
		return index([][]byte{d})
	}
	base := len(head) + len(top(0)) + len(strings) + len(globals)
	privateAt := base + len(charset) + len(fdSelect) + len(chars)
	fontDict := append(append(dictInt(len(private)), dictInt(privateAt)...), 18)

	out := append(head, top(base)...)
	for _, part := range [][]byte{strings, globals, charset, fdSelect, chars, private, index([][]byte{fontDict})} {
		out = append(out, part...)
	}
	return out
}

// index writes an INDEX (TN 5176, 5).
func index(items [][]byte) []byte {
	out := []byte{byte(len(items) >> 8), byte(len(items)), 4}
	at := uint32(1)
	out = binary.BigEndian.AppendUint32(out, at)
	for _, b := range items {
		at += uint32(len(b))
		out = binary.BigEndian.AppendUint32(out, at)
	}
	for _, b := range items {
		out = append(out, b...)
	}
	return out
}

// dictInt always takes five bytes, so that offsets do not change their own size.
func dictInt(v int) []byte {
	return binary.BigEndian.AppendUint32([]byte{29}, uint32(int32(v)))
}

// charstring writes a Type 2 charstring (Adobe TN 5177).
func charstring(g cffGlyph) []byte {
	b := csInt(nil, g.advance)
	var x, y int
	delta := func(p Point) {
		nx, ny := int(math.Round(p.X)), int(math.Round(p.Y))
		b = csInt(csInt(b, nx-x), ny-y)
		x, y = nx, ny
	}
	var at Point // unrounded, for the control points of quadratic curves
	for _, s := range g.outline {
		switch s.Op {
		case Move:
			delta(s.P[0])
			b, at = append(b, 21), s.P[0]
		case Line:
			delta(s.P[0])
			b, at = append(b, 5), s.P[0]
		case Quad:
			c, e := s.P[0], s.P[1]
			delta(Point{at.X + 2*(c.X-at.X)/3, at.Y + 2*(c.Y-at.Y)/3})
			delta(Point{e.X + 2*(c.X-e.X)/3, e.Y + 2*(c.Y-e.Y)/3})
			delta(e)
			b, at = append(b, 8), e
		case Cubic:
			for _, p := range s.P {
				delta(p)
			}
			b, at = append(b, 8), s.P[2]
		}
	}
	return append(b, 14)
}

func csInt(b []byte, v int) []byte {
	switch {
	case v >= -107 && v <= 107:
		return append(b, byte(v+139))
	case v >= 108 && v <= 1131:
		v -= 108
		return append(b, byte(v>>8+247), byte(v))
	case v >= -1131 && v <= -108:
		v = -v - 108
		return append(b, byte(v>>8+251), byte(v))
	}
	v = max(-32768, min(32767, v))
	return append(b, 28, byte(v>>8), byte(v))
}
