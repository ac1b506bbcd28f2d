package mail

import "strings"

// decodeWords decodes RFC 2047 encoded words wherever they stand, also inside
// quotes and with blanks in them. Neighbours of the same charset and encoding
// are joined before decoding: many programs cut letters in two between them.
func decodeWords(s string) string {
	if !strings.Contains(s, "=?") {
		return s
	}
	var o strings.Builder
	var run word // encoded words collected so far
	flush := func() {
		if run.charset != "" {
			t, _ := toUTF8(run.data, run.charset)
			o.WriteString(t)
			run = word{}
		}
	}
	for {
		i := strings.Index(s, "=?")
		if i < 0 {
			break
		}
		w, n := encodedWord(s[i:])
		if n < 0 {
			break // no word ends any more
		}
		if n == 0 {
			flush()
			o.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		gap := s[:i]
		if run.charset == "" || strings.TrimSpace(gap) != "" {
			flush()
			o.WriteString(gap)
		} else if !strings.EqualFold(run.charset, w.charset) {
			flush()
		}
		run.charset = w.charset
		run.data = append(run.data, w.data...)
		s = s[i+n:]
	}
	flush()
	o.WriteString(s)
	return strings.ReplaceAll(o.String(), "\x00", "")
}

type word struct {
	charset string
	data    []byte
}

// encodedWord reads "=?charset?B?data?=" at the start of s and how long it is:
// 0 when it is none, -1 when nothing in s ends a word.
func encodedWord(s string) (w word, n int) {
	rest := s[2:]
	i := strings.IndexByte(rest, '?')
	if i <= 0 || i > 60 || len(rest) < i+3 || rest[i+2] != '?' || strings.ContainsAny(rest[:i], " \t=") {
		return w, 0
	}
	charset, kind, data := rest[:i], rest[i+1], rest[i+3:]
	if !strings.ContainsRune("bBqQ", rune(kind)) {
		return w, 0
	}
	end := strings.Index(data, "?=")
	if end < 0 {
		return w, -1
	}
	// "=?utf-8?Q?=C3=A9?=": the first "?=" may be an empty text's, never inside a code
	if (kind == 'q' || kind == 'Q') && end == 0 && len(data) > 2 && hexValue(data[2]) >= 0 {
		if next := strings.Index(data[2:], "?="); next >= 0 {
			end = next + 2
		}
	}
	length := 2 + i + 3 + end + 2
	data = data[:end]
	if kind == 'q' || kind == 'Q' {
		w.data, _ = decodeQP([]byte(strings.ReplaceAll(data, "_", " ")))
	} else {
		w.data, _ = decodeBase64([]byte(data))
	}
	w.charset = charset
	return w, length
}

// oneLine turns blanks and control characters into single spaces.
func oneLine(s string) string {
	clean := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] == 0x7f || s[i] == ' ' && (i == 0 || s[i-1] == ' ' || i == len(s)-1) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
}
