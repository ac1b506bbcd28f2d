package seal

import (
	"encoding/binary"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// The objects of ISO 32000-1, 7.3. Booleans are bool, integers int64, reals
// float64, null is nil.
type (
	name   string
	ref    struct{ num, gen int }
	str    []byte // both spellings, decoded
	array  []any
	dict   []entry // in file order: a map would take five times the memory
	stream struct {
		dict dict
		raw  []byte // as stored, filters not undone
	}
	keyword  string
	verbatim string // written as it stands
)

type entry struct {
	key name
	val any
}

func (d dict) get(k name) any {
	for i := range d {
		if d[i].key == k {
			return d[i].val
		}
	}
	return nil
}

func (d dict) has(k name) bool {
	for i := range d {
		if d[i].key == k {
			return true
		}
	}
	return false
}

// with returns a copy of d in which k is v.
func (d dict) with(k name, v any) dict {
	out := make(dict, 0, len(d)+1)
	out = append(out, d...)
	for i := range out {
		if out[i].key == k {
			out[i].val = v
			return out
		}
	}
	return append(out, entry{k, v})
}

func (d dict) without(keys ...name) dict {
	out := make(dict, 0, len(d))
next:
	for _, e := range d {
		for _, k := range keys {
			if e.key == k {
				continue next
			}
		}
		out = append(out, e)
	}
	return out
}

// text makes a text string (7.9.2.2): ASCII as it is, all else UTF-16BE.
func text(s string) str {
	for i := range len(s) {
		if s[i] < 32 || s[i] > 126 {
			out := str{0xFE, 0xFF}
			for _, u := range utf16.Encode([]rune(s)) {
				out = binary.BigEndian.AppendUint16(out, u)
			}
			return out
		}
	}
	return str(s)
}

// plain reads a text string; PDFDocEncoding is taken as Latin-1.
func plain(v any) string {
	s, _ := v.(str)
	if len(s) >= 2 && s[0] == 0xFE && s[1] == 0xFF {
		var u []uint16
		for i := 2; i+1 < len(s); i += 2 {
			u = append(u, binary.BigEndian.Uint16(s[i:]))
		}
		return string(utf16.Decode(u))
	}
	r := make([]rune, len(s))
	for i, c := range s {
		r[i] = rune(c)
	}
	return string(r)
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// pdfTime reads D:YYYYMMDDHHmmSS with its zone (7.9.4); zero when malformed.
func pdfTime(s string) time.Time {
	s = strings.ReplaceAll(strings.TrimPrefix(s, "D:"), "'", "")
	if len(s) > 15 && len(s) < 19 { // zone without minutes
		s += "00"
	}
	for _, f := range []string{"20060102150405Z0700", "20060102150405Z", "20060102150405"} {
		if t, err := time.Parse(f, s); err == nil {
			return t
		}
	}
	if len(s) > 14 { // "Z00'00'" and the like
		if _, err := strconv.Atoi(s[:14]); err == nil {
			t, _ := time.Parse("20060102150405", s[:14])
			return t
		}
	}
	return time.Time{}
}
