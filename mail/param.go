package mail

import (
	"sort"
	"strconv"
	"strings"
)

// mediaType reads a Content-Type or Content-Disposition value: the type in
// lower case and its parameters by RFC 2045 §5.1 and RFC 2231 in any charset.
// What cannot be read is passed over.
func mediaType(s string) (string, map[string]string) {
	typ, rest, _ := strings.Cut(s, ";")
	typ = strings.ToLower(strings.TrimSpace(typ))
	typ = strings.TrimLeft(typ, `"'<`)
	if i := strings.IndexAny(typ, " \t()<>@,:\\\"[]?="); i >= 0 {
		typ = typ[:i]
	}
	typ = strings.TrimRight(typ, `'`)
	if rest == "" {
		return typ, nil
	}
	params := map[string]string{}
	var pieces map[string][]piece
	for n := 0; rest != "" && n < 200; n++ {
		var name, value string
		name, value, rest = nextParam(rest)
		if name == "" {
			continue
		}
		base, number, extended := rfc2231Name(name)
		if base != name {
			if pieces == nil {
				pieces = map[string][]piece{}
			}
			pieces[base] = append(pieces[base], piece{number, value, extended})
		} else if _, ok := params[name]; !ok {
			params[name] = value
		}
	}
	for name, ps := range pieces {
		params[name] = joinPieces(ps)
	}
	return typ, params
}

// nextParam reads one `name=value` up to the next semicolon.
func nextParam(s string) (name, value, rest string) {
	s = strings.TrimLeft(s, " \t\r\n;")
	i := strings.IndexAny(s, "=;")
	if i < 0 || s[i] == ';' {
		_, rest, _ = strings.Cut(s, ";")
		return "", "", rest
	}
	name = strings.ToLower(strings.TrimSpace(s[:i]))
	s = strings.TrimLeft(s[i+1:], " \t\r\n")
	if !strings.HasPrefix(s, `"`) {
		value, rest, _ = strings.Cut(s, ";")
		return name, strings.TrimSpace(value), rest
	}
	var b strings.Builder
	for i = 1; i < len(s) && s[i] != '"'; i++ {
		// Windows programs write paths without escaping the backslash
		if s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\') {
			i++
		}
		b.WriteByte(s[i])
	}
	_, rest, _ = strings.Cut(s[min(i+1, len(s)):], ";")
	return name, b.String(), rest
}

type piece struct {
	number   int
	value    string
	extended bool
}

// rfc2231Name splits "filename*1*" into its base, number and whether the
// value is percent-encoded.
func rfc2231Name(s string) (base string, number int, extended bool) {
	base, tail, ok := strings.Cut(s, "*")
	if !ok {
		return s, 0, false
	}
	if tail == "" {
		return base, 0, true
	}
	digits := strings.TrimSuffix(tail, "*")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return s, 0, false
	}
	return base, n, digits != tail
}

func joinPieces(ps []piece) string {
	sort.SliceStable(ps, func(i, j int) bool { return ps[i].number < ps[j].number })
	charset := ""
	var b strings.Builder
	for i, p := range ps {
		v := p.value
		if p.extended {
			if i == 0 {
				if f := strings.SplitN(v, "'", 3); len(f) == 3 {
					charset, v = f[0], f[2]
				}
			}
			v = percentDecode(v)
		}
		b.WriteString(v)
	}
	s, _ := toUTF8([]byte(b.String()), charset)
	return oneLine(s)
}

func percentDecode(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && hexValue(s[i+1]) >= 0 && hexValue(s[i+2]) >= 0 {
			b = append(b, byte(hexValue(s[i+1])<<4|hexValue(s[i+2])))
			i += 2
			continue
		}
		b = append(b, s[i])
	}
	return string(b)
}
