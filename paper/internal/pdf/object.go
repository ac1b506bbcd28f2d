// Package pdf writes tagged PDF 1.7 files: objects, pages, a structure tree
// and subset fonts made from glyph outlines. The same calls give the same bytes.
package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"unicode/utf16"
)

// The object types of ISO 32000-1, 7.3; an int, float64 and bool stand for themselves.
type (
	Name  string
	Ref   int // number of an indirect object
	Array []any
	Dict  map[Name]any
	Text  string // text string: ASCII or UTF-16
	Hex   []byte
)

// Stream is a stream object; its data is stored compressed unless Plain is set.
type Stream struct {
	Dict  Dict
	Data  []byte
	Plain bool
}

// file collects indirect objects; object n is objs[n-1].
type file struct {
	objs []any
	z    *zlib.Writer // kept from stream to stream: making one costs more than a page
}

func (f *file) add(v any) Ref    { f.objs = append(f.objs, v); return Ref(len(f.objs)) }
func (f *file) set(r Ref, v any) { f.objs[r-1] = v }

func (f *file) bytes(root, info Ref) []byte {
	var o bytes.Buffer
	o.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	at := make([]int, len(f.objs))
	for i, v := range f.objs {
		at[i] = o.Len()
		fmt.Fprintf(&o, "%d 0 obj\n", i+1)
		if s, ok := v.(Stream); ok {
			f.putStream(&o, s)
		} else {
			put(&o, v)
		}
		o.WriteString("\nendobj\n")
	}
	start := o.Len()
	fmt.Fprintf(&o, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, x := range at {
		fmt.Fprintf(&o, "%010d 00000 n \n", x)
	}
	id := sha256.Sum256(o.Bytes())
	o.WriteString("trailer\n")
	put(&o, Dict{"Size": len(at) + 1, "Root": root, "Info": info, "ID": Array{Hex(id[:16]), Hex(id[:16])}})
	fmt.Fprintf(&o, "\nstartxref\n%d\n%%%%EOF\n", start)
	return o.Bytes()
}

func put(o *bytes.Buffer, v any) {
	switch v := v.(type) {
	case Name:
		putName(o, v)
	case Ref:
		fmt.Fprintf(o, "%d 0 R", int(v))
	case int:
		o.WriteString(strconv.Itoa(v))
	case float64:
		o.WriteString(Number(v))
	case bool:
		o.WriteString(strconv.FormatBool(v))
	case Text:
		put(o, Hex(textBytes(string(v))))
	case Hex:
		fmt.Fprintf(o, "<%X>", []byte(v))
	case Array:
		o.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				o.WriteByte(' ')
			}
			put(o, e)
		}
		o.WriteByte(']')
	case Dict:
		o.WriteString("<<")
		for _, k := range slices.Sorted(maps.Keys(v)) {
			putName(o, k)
			o.WriteByte(' ')
			put(o, v[k])
		}
		o.WriteString(">>")
	default:
		panic(fmt.Sprintf("pdf: no object type for %T", v))
	}
}

func (f *file) putStream(o *bytes.Buffer, s Stream) {
	d := Dict{}
	maps.Copy(d, s.Dict)
	data := s.Data
	if !s.Plain {
		var z bytes.Buffer
		if f.z == nil {
			f.z = zlib.NewWriter(&z)
		} else {
			f.z.Reset(&z)
		}
		f.z.Write(data) // a bytes.Buffer never fails
		f.z.Close()
		data, d["Filter"] = z.Bytes(), Name("FlateDecode")
	}
	d["Length"] = len(data)
	put(o, d)
	o.WriteString("\nstream\n")
	o.Write(data)
	o.WriteString("\nendstream")
}

func putName(o *bytes.Buffer, n Name) {
	o.WriteByte('/')
	for _, c := range []byte(n) {
		if c <= ' ' || c > '~' || bytes.IndexByte([]byte("#()<>[]{}/%"), c) >= 0 {
			fmt.Fprintf(o, "#%02X", c)
		} else {
			o.WriteByte(c)
		}
	}
}

// textBytes encodes a text string, ISO 32000-1, 7.9.2.2.
func textBytes(s string) []byte {
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] >= ' ' && s[i] < 0x7f
	}
	if ascii {
		return []byte(s)
	}
	return append([]byte{0xFE, 0xFF}, utf16be(s)...)
}

func utf16be(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return b
}

// Number writes a number with at most three decimals and no trailing zeros.
func Number(v float64) string {
	b := strconv.AppendFloat(nil, v, 'f', 3, 64)
	b = bytes.TrimRight(bytes.TrimRight(b, "0"), ".")
	if s := string(b); s != "-0" {
		return s
	}
	return "0"
}
