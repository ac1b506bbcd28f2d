package mail

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// toUTF8 turns bytes in the named charset into valid UTF-8. It believes the
// bytes more than the name: UTF-8 called Latin-1 stays UTF-8, and Latin-1
// called UTF-8 is read as Windows-1252. The note says what was repaired.
func toUTF8(b []byte, name string) (s, note string) {
	name = strings.ToLower(strings.Trim(strings.TrimSpace(name), `"'`))
	name, _, _ = strings.Cut(name, "*") // RFC 2231 §5: charset*language
	if isASCII(b) && !shifting(name) {
		return string(b), ""
	}
	valid := utf8.Valid(b)
	switch {
	case westernOrNone(name) && valid:
		if !utf8Name(name) && name != "" {
			note = "the text is UTF-8, not " + name
		}
		return string(b), note
	case utf8Name(name) || name == "" || asciiName(name):
		// some UTF-8 cut in the middle of a letter is still UTF-8
		if mostlyUTF8(b) {
			return strings.ToValidUTF8(string(b), "\uFFFD"), "broken UTF-8"
		}
		return decodeWith(charmap.Windows1252, b), "the text is not " + orNone(name) + ": read as Windows-1252"
	case name == "utf-7" || name == "unicode-1-1-utf-7" || name == "utf7":
		return decodeUTF7(b), ""
	case name == "iso-2022-kr":
		return decodeWith(korean.EUCKR, shiftKR(b)), ""
	}
	if e := encodingOf(name); e != nil {
		return decodeWith(e, b), ""
	}
	if valid {
		return string(b), "unknown charset " + name
	}
	return decodeWith(charmap.Windows1252, b), "unknown charset " + name + ": read as Windows-1252"
}

func orNone(name string) string {
	if name == "" {
		return "UTF-8"
	}
	return name
}

func decodeWith(e encoding.Encoding, b []byte) string {
	out, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return strings.ToValidUTF8(string(out), "\uFFFD")
}

// encodingOf finds a charset by the names that mail uses: WHATWG's labels
// first, since they read "gb2312" and "iso-8859-1" as the supersets that
// programs really send, then IANA's, then what neither knows.
func encodingOf(name string) encoding.Encoding {
	switch name {
	case "cp932", "ms932", "windows-31j", "x-sjis", "shift-jis", "sjis", "ms_kanji":
		return japanese.ShiftJIS
	case "hz-gb-2312", "hz":
		return simplifiedchinese.HZGB2312
	case "x-mac-roman", "macroman", "mac":
		return charmap.Macintosh
	case "cp949", "ms949", "uhc", "x-windows-949":
		return korean.EUCKR
	case "cp936", "ms936", "gb-2312", "euc-cn", "x-gbk":
		return simplifiedchinese.GBK
	case "utf-16", "utf16", "ucs-2", "iso-10646-ucs-2":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	if e, err := htmlindex.Get(name); err == nil && e != encoding.Replacement {
		return e
	}
	if n, ok := strings.CutPrefix(name, "cp125"); ok {
		if e, err := htmlindex.Get("windows-125" + n); err == nil {
			return e
		}
	}
	if n, ok := strings.CutPrefix(name, "iso8859-"); ok {
		if e, err := htmlindex.Get("iso-8859-" + n); err == nil {
			return e
		}
	}
	if n, ok := strings.CutPrefix(name, "cp"); ok {
		if e, err := ianaindex.MIME.Encoding("ibm" + n); err == nil && e != nil {
			return e
		}
	}
	if e, err := ianaindex.MIME.Encoding(name); err == nil && e != nil {
		return e
	}
	return nil
}

func utf8Name(n string) bool {
	return n == "utf-8" || n == "utf8" || n == "utf_8" || n == "unicode-1-1-utf-8" || n == "utf8mb4"
}

func asciiName(n string) bool {
	return n == "us-ascii" || n == "ascii" || n == "ansi_x3.4-1968" || n == "7bit" || n == "8bit"
}

func westernOrNone(n string) bool {
	switch n {
	case "", "iso-8859-1", "iso8859-1", "latin1", "latin-1", "windows-1252", "cp1252", "iso-8859-15", "unknown-8bit", "x-unknown", "default", "_autodetect":
		return true
	}
	return utf8Name(n) || asciiName(n)
}

// shifting charsets write other letters in ASCII bytes.
func shifting(n string) bool {
	return strings.HasPrefix(n, "iso-2022") || strings.HasPrefix(n, "hz") || strings.HasPrefix(n, "utf-7") || strings.HasPrefix(n, "utf7") ||
		strings.HasPrefix(n, "utf-16") || strings.HasPrefix(n, "utf-32") || n == "unicode-1-1-utf-7" || n == "csiso2022jp"
}

func isASCII(b []byte) bool {
	for len(b) >= 8 {
		if binary.NativeEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// mostlyUTF8 says whether well-formed letters of several bytes far outnumber
// the stray ones.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			bad++
		} else if n > 1 {
			good++
		}
		i += max(n, 1)
	}
	return good > 4*bad
}

// decodeUTF7 reads RFC 2152.
func decodeUTF7(b []byte) string {
	var o strings.Builder
	for len(b) > 0 {
		i := bytes.IndexByte(b, '+')
		if i < 0 {
			o.Write(b)
			break
		}
		o.Write(b[:i])
		b = b[i+1:]
		j := 0
		for j < len(b) && base64Value[b[j]] >= 0 && b[j] != '-' && b[j] != '_' {
			j++
		}
		if j == 0 {
			o.WriteByte('+')
		} else {
			raw, _ := base64.RawStdEncoding.DecodeString(string(b[:j]))
			u := make([]uint16, 0, len(raw)/2)
			for k := 0; k+1 < len(raw); k += 2 {
				u = append(u, binary.BigEndian.Uint16(raw[k:]))
			}
			o.WriteString(string(utf16.Decode(u)))
		}
		b = b[j:]
		if len(b) > 0 && b[0] == '-' {
			b = b[1:]
		}
	}
	return strings.ToValidUTF8(o.String(), "\uFFFD")
}

// shiftKR turns ISO-2022-KR (RFC 1557) into EUC-KR: between SO and SI the
// letters are the same with the eighth bit set.
func shiftKR(b []byte) []byte {
	out := make([]byte, 0, len(b))
	b = bytes.ReplaceAll(b, []byte("\x1b$)C"), nil)
	shifted := false
	for _, c := range b {
		switch {
		case c == 0x0e:
			shifted = true
		case c == 0x0f:
			shifted = false
		case shifted && c > ' ' && c < 0x7f:
			out = append(out, c|0x80)
		default:
			out = append(out, c)
		}
	}
	return out
}
