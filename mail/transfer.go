package mail

import (
	"bytes"
	"encoding/base64"
)

// transferEncoding normalises a Content-Transfer-Encoding (RFC 2045 §6).
// Unknown ones are read as they stand.
func transferEncoding(s string) (encoding string, known bool) {
	typ, _ := mediaType(s)
	switch typ {
	case "base64", "b64", "base-64":
		return "base64", true
	case "quoted-printable", "quotedprintable", "quoted_printable", "qp":
		return "quoted-printable", true
	case "x-uuencode", "x-uue", "uuencode":
		return "x-uuencode", true
	case "7bit", "8bit", "binary", "", "8", "7", "7-bit", "8-bit":
		return "", true
	}
	return "", false
}

// decodeTransfer never fails: it returns what can be read and whether the
// encoding was broken.
func decodeTransfer(b []byte, encoding string) (out []byte, broken bool) {
	switch encoding {
	case "base64":
		return decodeBase64(b)
	case "quoted-printable":
		return decodeQP(b)
	case "x-uuencode":
		return decodeUU(b), false
	}
	return b, false
}

var base64Value = func() (v [256]int8) {
	for i := range v {
		v[i] = -1
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		v[c] = int8(i)
	}
	v['-'], v['_'] = 62, 63
	return v
}()

// decodeBase64 passes over what is not base64 and stops at a text that comes
// after the end, such as the footer of a list.
func decodeBase64(b []byte) (out []byte, broken bool) {
	out = make([]byte, base64.StdEncoding.DecodedLen(len(b))+3)
	if n, err := base64.StdEncoding.Decode(out, b); err == nil {
		return out[:n], false
	}
	if looksPlain(b) {
		return b, true
	}
	out = out[:0]
	var acc uint32
	bits, ended := 0, false
	for len(b) > 0 {
		line, rest := cutLine(b)
		b = rest
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			ended = ended || len(out) > 0
			continue
		}
		if ended && !wholeBase64(line) {
			return out, true
		}
		for _, c := range line {
			if c == '=' {
				ended = true
				acc, bits = 0, 0
			}
			v := base64Value[c]
			if v < 0 {
				broken = broken || c != '='
				continue
			}
			acc = acc<<6 | uint32(v)
			if bits += 6; bits >= 8 {
				bits -= 8
				out = append(out, byte(acc>>bits))
				acc &= 1<<bits - 1
			}
		}
	}
	return out, broken || bits > 0
}

// looksPlain says whether a text was only called base64: words have blanks
// between them.
func looksPlain(b []byte) bool {
	b = bytes.TrimSpace(b[:min(len(b), 4000)])
	blanks := bytes.Count(b, []byte(" "))
	return blanks >= 5 && blanks > len(b)/40
}

// wholeBase64 says whether a line can be one more encoded piece.
func wholeBase64(line []byte) bool {
	if len(line) < 8 || len(line)%4 != 0 {
		return false
	}
	for _, c := range bytes.TrimRight(line, "=") {
		if base64Value[c] < 0 || c == '-' || c == '_' {
			return false
		}
	}
	return true
}

// decodeQP reads quoted-printable (RFC 2045 §6.7); an "=" that begins no code
// stands for itself.
func decodeQP(b []byte) (out []byte, broken bool) {
	if bytes.IndexByte(b, '=') < 0 {
		return b, false
	}
	out = make([]byte, 0, len(b))
	for len(b) > 0 {
		i := bytes.IndexByte(b, '=')
		if i < 0 {
			out = append(out, b...)
			break
		}
		out = append(out, b[:i]...)
		b = b[i+1:]
		if len(b) >= 2 && hexValue(b[0]) >= 0 && hexValue(b[1]) >= 0 {
			out = append(out, byte(hexValue(b[0])<<4|hexValue(b[1])))
			b = b[2:]
			continue
		}
		if n := softBreak(b); n >= 0 {
			b = b[n:]
			continue
		}
		out = append(out, '=')
		broken = true
	}
	return out, broken
}

// softBreak returns how much of b, after an "=", is blanks and a line end; -1
// when it is something else.
func softBreak(b []byte) int {
	i := 0
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	if i == len(b) {
		return i
	}
	if b[i] == '\n' {
		return i + 1
	}
	return -1
}

func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// decodeUU reads a uuencoded body between its begin and end lines.
func decodeUU(b []byte) []byte {
	var out []byte
	begun := false
	for len(b) > 0 {
		line, rest := cutLine(b)
		b = rest
		if bytes.HasPrefix(line, []byte("begin ")) {
			begun = true
			continue
		}
		if !begun || len(line) == 0 {
			continue
		}
		n := int(line[0]-' ') & 63
		if n == 0 {
			break
		}
		start := len(out)
		for i := 1; i+1 < len(line); i += 4 {
			var q [4]byte
			for j := range q {
				if i+j < len(line) {
					q[j] = (line[i+j] - ' ') & 63
				}
			}
			out = append(out, q[0]<<2|q[1]>>4, q[1]<<4|q[2]>>2, q[2]<<6|q[3])
		}
		out = out[:min(len(out), start+n)]
	}
	return out
}
