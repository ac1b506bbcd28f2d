package ical

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// prop is one content line (RFC 5545 section 3.1).
type prop struct {
	name   string // upper case
	params []param
	value  string // as written, not unescaped
	line   int
}

type param struct {
	name   string // upper case
	values []string
}

// get returns the first value of a parameter, "" without it.
func (p prop) get(name string) string {
	for _, x := range p.params {
		if x.name == name && len(x.values) > 0 {
			return x.values[0]
		}
	}
	return ""
}

func (p prop) has(name string) bool {
	for _, x := range p.params {
		if x.name == name {
			return true
		}
	}
	return false
}

// decode makes valid UTF-8 of a file: byte order marks go, UTF-16 is told by
// its mark, what is no UTF-8 is read as Latin-1 (old exporters).
func decode(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		b = b[3:]
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		big := b[0] == 0xfe
		u := make([]uint16, 0, len(b)/2)
		for b = b[2:]; len(b) > 1; b = b[2:] {
			if big {
				u = append(u, uint16(b[0])<<8|uint16(b[1]))
			} else {
				u = append(u, uint16(b[1])<<8|uint16(b[0]))
			}
		}
		return string(utf16.Decode(u))
	}
	if utf8.Valid(b) {
		return string(b)
	}
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// eachLine calls f with every unfolded line that is not empty. Lines end with
// CRLF, LF or CR.
func eachLine(s string, f func(line string, no int) error) error {
	var cur string
	var long []byte // the line, once it is folded
	at, no := 0, 0
	if strings.Count(s, "\r") != strings.Count(s, "\r\n") { // lines that end with a bare CR
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	flush := func() error {
		l := cur
		if long != nil {
			l, long = string(long), nil
		}
		cur = ""
		if strings.TrimSpace(l) == "" {
			return nil
		}
		return f(l, at)
	}
	for len(s) > 0 {
		no++
		l, rest, _ := strings.Cut(s, "\n")
		l, s = strings.TrimSuffix(l, "\r"), rest
		if len(l) > 0 && (l[0] == ' ' || l[0] == '\t') && (cur != "" || long != nil) {
			if long == nil {
				long = append(make([]byte, 0, len(cur)+len(l)), cur...)
			}
			long = append(long, l[1:]...)
			continue
		}
		if l == "" {
			continue
		}
		if err := flush(); err != nil {
			return err
		}
		cur, at = l, no
	}
	return flush()
}

// parseLine reads one unfolded line. It is false for what is no content line.
func parseLine(l string, no int) (prop, bool) {
	i := 0
	for i < len(l) && nameChar(l[i]) {
		i++
	}
	if i == 0 || i == len(l) || l[i] != ':' && l[i] != ';' {
		return prop{}, false
	}
	p := prop{name: strings.ToUpper(l[:i]), line: no}
	l = l[i:]
	for l[0] == ';' {
		l = l[1:]
		i := strings.IndexAny(l, "=;:")
		if i < 0 {
			return p, false
		}
		x := param{name: strings.ToUpper(strings.TrimSpace(l[:i]))}
		for more := l[i] == '='; more; more = l != "" && l[0] == ',' {
			var v string
			var ok bool
			if v, l, ok = paramValue(l[i+1:]); !ok {
				return p, false
			}
			x.values = append(x.values, v)
			i = 0
		}
		if x.values == nil { // vCalendar 1.0: a bare word is a type
			l = l[i:]
		}
		p.params = append(p.params, x)
		if l == "" || l[0] != ';' && l[0] != ':' {
			return p, false
		}
	}
	p.value = l[1:]
	return p, true
}

func nameChar(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.'
}

var circumflex = strings.NewReplacer("^n", "\n", "^'", `"`, "^^", "^") // RFC 6868

func paramValue(l string) (v, rest string, ok bool) {
	if strings.HasPrefix(l, `"`) {
		i := strings.IndexByte(l[1:], '"')
		if i < 0 {
			return "", "", false
		}
		v, rest = l[1:1+i], l[i+2:]
		// What stands between the closing quote and the next mark is junk.
		if j := strings.IndexAny(rest, ";:,"); j >= 0 {
			rest = rest[j:]
		}
	} else {
		i := strings.IndexAny(l, ";:,")
		if i < 0 {
			return "", "", false
		}
		v, rest = l[:i], l[i:]
	}
	if strings.IndexByte(v, '^') >= 0 {
		v = circumflex.Replace(v)
	}
	return v, rest, true
}

// text undoes the escapes of a TEXT value (section 3.3.11).
func text(v string) string {
	if strings.IndexByte(v, '\\') < 0 {
		return v
	}
	var b strings.Builder
	b.Grow(len(v))
	for i := 0; i < len(v); i++ {
		if v[i] != '\\' || i+1 == len(v) {
			b.WriteByte(v[i])
			continue
		}
		i++
		switch v[i] {
		case 'n', 'N':
			b.WriteByte('\n')
		case '\\', ';', ',', ':', '"':
			b.WriteByte(v[i])
		default:
			b.WriteByte('\\')
			b.WriteByte(v[i])
		}
	}
	return b.String()
}
