package imap

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Folder names travel in "modified UTF-7" (RFC 3501 section 5.1.3).
var b64 = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").WithPadding(base64.NoPadding)

// DecodeName turns a folder name from the wire into text. A name that is not
// in modified UTF-7 (many servers send plain UTF-8) is returned as it is.
func DecodeName(wire string) string {
	var out strings.Builder
	for s := wire; s != ""; {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			out.WriteString(s)
			break
		}
		out.WriteString(s[:i])
		code, rest, ok := strings.Cut(s[i+1:], "-")
		if !ok {
			return asText(wire)
		}
		if s = rest; code == "" {
			out.WriteByte('&')
			continue
		}
		b, err := b64.DecodeString(code)
		if err != nil || len(b)%2 != 0 {
			return asText(wire)
		}
		units := make([]uint16, len(b)/2)
		for j := range units {
			units[j] = binary.BigEndian.Uint16(b[2*j:])
		}
		out.WriteString(string(utf16.Decode(units)))
	}
	return asText(out.String())
}

func asText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
