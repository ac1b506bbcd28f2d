package mail

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Header is the fields of a message or of a part in the order in which they
// came. Values are unfolded and valid UTF-8, their encoded words untouched.
type Header []Field

// Field is one header field.
type Field struct{ Name, Value string }

// Get returns the first field of this name, "" when there is none.
func (h Header) Get(name string) string {
	for _, f := range h {
		if len(f.Name) == len(name) && strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Values returns all fields of this name.
func (h Header) Values(name string) []string {
	var v []string
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			v = append(v, f.Value)
		}
	}
	return v
}

// Has says whether a field of this name is there, even if empty.
func (h Header) Has(name string) bool {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return true
		}
	}
	return false
}

// Text returns the first field of this name with its encoded words decoded
// (RFC 2047), on one line.
func (h Header) Text(name string) string { return oneLine(decodeWords(h.Get(name))) }

// maxFields bounds what a hostile header can make us keep.
const maxFields = 20000

// readHeader reads a header block (RFC 5322 §2.2) and returns it with what
// follows the blank line. A line that is no field is dropped when more fields
// follow it and begins the body when none do.
func readHeader(b []byte, atTop bool) (h Header, body []byte, problems []string) {
	junk, eightBit, isField := 0, false, false
	var value []byte // of the last field, so far
	flush := func() {
		if n := len(h); n > 0 {
			h[n-1].Value = string(value)
		}
	}
	for len(b) > 0 {
		line, rest := cutLine(b)
		if len(bytes.TrimRight(line, " \t\r")) == 0 && (len(line) == 0 || line[0] != ' ' && line[0] != '\t' || !fieldFollows(rest)) {
			b = rest
			break
		}
		if first := bytes.TrimLeft(line, " "); len(h) == 0 && len(first) > 0 { // nothing yet that it could continue
			line = first
		}
		switch i := fieldColon(line); {
		case line[0] == ' ' || line[0] == '\t':
			if isField {
				value = append(append(value, '\n'), trimCR(line)...)
			}
		case i > 0 && !(atTop && len(h) == 0 && bytes.HasPrefix(line, []byte("From "))):
			if isField = len(h) < maxFields; isField {
				flush()
				h = append(h, Field{Name: string(bytes.TrimRight(line[:i], " \t"))})
				value = append(value[:0], trimCR(line[i+1:])...)
			}
		default:
			isField = false
			if !fieldFollows(rest) && !(atTop && len(h) == 0) {
				problems = append(problems, "the blank line after the header is missing")
				flush()
				return finish(h, eightBit), b, problems
			}
			if junk++; junk == 1 && !bytes.HasPrefix(line, []byte("From ")) && !bytes.HasPrefix(line, []byte(">From ")) {
				problems = append(problems, "a line in the header is no header field: dropped")
			}
		}
		eightBit = eightBit || !utf8.Valid(line)
		b = rest
	}
	flush()
	if eightBit {
		problems = append(problems, "raw 8-bit bytes in the header")
	}
	if len(h) >= maxFields {
		problems = append(problems, "too many header fields: the rest is left out")
	}
	return finish(h, eightBit), b, problems
}

// finish unfolds the values and turns raw 8-bit ones into UTF-8, by the
// charset that the same header names for its body.
func finish(h Header, eightBit bool) Header {
	charset := ""
	if eightBit {
		_, p := mediaType(strings.ToValidUTF8(h.Get("Content-Type"), ""))
		charset = p["charset"]
	}
	for i, f := range h {
		v := strings.TrimSpace(f.Value)
		if strings.IndexByte(v, '\n') >= 0 {
			v = strings.ReplaceAll(v, "\n", "")
		}
		if eightBit && !utf8.ValidString(v) {
			v, _ = toUTF8([]byte(v), charset)
		}
		h[i].Value = strings.ReplaceAll(v, "\x00", "")
	}
	return h
}

// fieldFollows looks at the next few lines, so that one junk line inside a
// header is told from a body that began without a blank line.
func fieldFollows(b []byte) bool {
	for range 3 {
		line, rest := cutLine(b)
		if len(bytes.TrimSpace(line)) == 0 {
			return false
		}
		if i := fieldColon(line); i > 0 && knownField(line[:i]) {
			return true
		}
		b = rest
	}
	return false
}

func knownField(name []byte) bool {
	s := strings.ToLower(string(bytes.TrimSpace(name)))
	switch s {
	case "from", "to", "cc", "bcc", "subject", "date", "message-id", "mime-version", "received", "sender", "reply-to",
		"in-reply-to", "references", "return-path", "delivered-to", "precedence", "organization", "user-agent", "status":
		return true
	}
	for _, p := range []string{"content-", "x-", "list-", "resent-", "dkim-", "arc-", "authentication-", "received-", "auto-", "thread-"} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// fieldColon returns where the name of a field ends, or -1 when the line is
// none: printable ASCII up to a colon, spaces allowed only before the colon.
func fieldColon(line []byte) int {
	for i, c := range line {
		if c == ':' {
			return i
		}
		if c <= ' ' || c > '~' {
			rest := bytes.TrimLeft(line[i:], " \t")
			if len(rest) > 0 && rest[0] == ':' && i > 0 {
				return len(line) - len(rest)
			}
			return -1
		}
	}
	return -1
}

// cutLine splits off the first line, without its \n.
func cutLine(b []byte) (line, rest []byte) {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return trimCR(b[:i]), b[i+1:]
	}
	return trimCR(b), nil
}

func trimCR(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\r' {
		return b[:n-1]
	}
	return b
}
