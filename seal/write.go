package seal

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
)

// builder collects the objects of a new file; object n is objs[n-1].
type builder struct{ objs []any }

func (b *builder) add(v any) ref    { b.objs = append(b.objs, v); return ref{len(b.objs), 0} }
func (b *builder) set(p ref, v any) { b.objs[p.num-1] = v }

func (b *builder) dict(p ref) dict { d, _ := b.objs[p.num-1].(dict); return d }

// bytes writes one revision with a plain cross-reference table. The file
// identifier is the hash of what comes before it, so equal input gives equal
// bytes. offs are the places of the objects.
func (b *builder) bytes(root ref, info any) (out []byte, offs []int) {
	var o bytes.Buffer
	o.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	offs = make([]int, len(b.objs))
	for i, v := range b.objs {
		offs[i] = o.Len()
		fmt.Fprintf(&o, "%d 0 obj\n", i+1)
		write(&o, v)
		o.WriteString("\nendobj\n")
	}
	start := o.Len()
	fmt.Fprintf(&o, "xref\n0 %d\n0000000000 65535 f \n", len(offs)+1)
	for _, off := range offs {
		fmt.Fprintf(&o, "%010d 00000 n \n", off)
	}
	id := sha256.Sum256(o.Bytes())
	t := dict{{"Size", int64(len(offs) + 1)}, {"Root", root}, {"ID", array{str(id[:16]), str(id[:16])}}}
	if info != nil {
		t = append(t, entry{"Info", info})
	}
	o.WriteString("trailer\n")
	write(&o, t)
	fmt.Fprintf(&o, "\nstartxref\n%d\n%%%%EOF\n", start)
	return o.Bytes(), offs
}

func write(o *bytes.Buffer, v any) {
	switch v := v.(type) {
	case nil:
		o.WriteString("null")
	case bool:
		o.WriteString(strconv.FormatBool(v))
	case int64:
		o.WriteString(strconv.FormatInt(v, 10))
	case float64:
		o.WriteString(real(v))
	case verbatim:
		o.WriteString(string(v))
	case name:
		writeName(o, v)
	case ref:
		fmt.Fprintf(o, "%d %d R", v.num, v.gen)
	case str:
		writeString(o, v)
	case array:
		o.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				o.WriteByte(' ')
			}
			write(o, e)
		}
		o.WriteByte(']')
	case dict:
		o.WriteString("<<")
		for _, e := range v {
			writeName(o, e.key)
			o.WriteByte(' ')
			write(o, e.val)
		}
		o.WriteString(">>")
	case stream:
		write(o, v.dict.with("Length", int64(len(v.raw))))
		o.WriteString("\nstream\n")
		o.Write(v.raw)
		o.WriteString("\nendstream")
	}
}

func writeName(o *bytes.Buffer, n name) {
	o.WriteByte('/')
	for i := range len(n) {
		if c := n[i]; c < 33 || c > 126 || c == '#' || isDelim(c) {
			fmt.Fprintf(o, "#%02X", c)
		} else {
			o.WriteByte(c)
		}
	}
}

// writeString uses parentheses for plain ASCII and hexadecimal for all else:
// nothing to escape wrongly.
func writeString(o *bytes.Buffer, s str) {
	for _, c := range s {
		if c < 32 || c > 126 {
			o.WriteByte('<')
			o.WriteString(hex.EncodeToString(s))
			o.WriteByte('>')
			return
		}
	}
	o.WriteByte('(')
	for _, c := range s {
		if c == '(' || c == ')' || c == '\\' {
			o.WriteByte('\\')
		}
		o.WriteByte(c)
	}
	o.WriteByte(')')
}

// real writes a number as PDF allows it: no exponent.
func real(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "0"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func flate(d dict, data []byte) stream {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	w.Write(data) // into memory: cannot fail
	w.Close()
	return stream{d.with("Filter", name("FlateDecode")), z.Bytes()}
}
