package mail

import (
	"net/mail"
	"strings"

	"golang.org/x/net/idna"
)

const maxAddresses = 5000

// addresses reads an address list (RFC 5322 §3.4): by the strict grammar where
// it fits, else by what is between the commas.
func addresses(value string) []Address {
	value = strings.TrimSpace(value)
	if value == "" {
		return nil
	}
	if a, ok := plainAddress(value); ok {
		return []Address{a}
	}
	if len(value) < 100_000 && !strings.Contains(value, "=?") {
		if l, err := mail.ParseAddressList(value); err == nil && len(l) > 0 {
			out := make([]Address, 0, len(l))
			for _, a := range l {
				out = append(out, Address{cleanName(a.Name), cleanAddr(a.Address)})
			}
			return out
		}
	}
	return looseAddresses(value)
}

// plainAddress takes the two forms that most mail has, without a parser:
// local@domain and Name <local@domain>.
func plainAddress(s string) (Address, bool) {
	name, rest, angle := strings.Cut(s, "<")
	if !angle {
		name, rest = "", s+">"
	}
	addr, tail, _ := strings.Cut(rest, ">")
	if tail != "" || strings.Count(addr, "@") != 1 || !atomText(addr) {
		return Address{}, false
	}
	name = strings.TrimSpace(name)
	if n := len(name); n >= 2 && name[0] == '"' && name[n-1] == '"' && !strings.ContainsAny(name[1:n-1], `"\`) {
		name = name[1 : n-1]
	} else if strings.ContainsAny(name, `",;:()\@[]`) {
		return Address{}, false
	}
	return Address{cleanName(name), cleanAddr(addr)}, true
}

func atomText(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_' || c == '+' || c == '@' || c == '=') {
			return false
		}
	}
	return s != "" && s[0] != '@'
}

// looseAddresses splits at commas, semicolons and group names that stand
// outside quotes, comments and angle brackets.
func looseAddresses(s string) []Address {
	var out []Address
	var cur strings.Builder   // what stands before the angle bracket
	var angle strings.Builder // what is inside of it
	var comment strings.Builder
	inQuote, inAngle, sawAngle, depth := false, false, false, 0
	flush := func() {
		if a, ok := looseAddress(cur.String(), angle.String(), comment.String(), sawAngle); ok {
			out = append(out, a)
		}
		cur.Reset()
		angle.Reset()
		comment.Reset()
		inAngle, sawAngle = false, false
	}
	quoteEnds := strings.Count(s, `"`)%2 == 0 // an odd number: quotes mean nothing here
	parenEnds := strings.Count(s, "(") == strings.Count(s, ")")
	for i := 0; i < len(s) && len(out) < maxAddresses; i++ {
		c := s[i]
		switch {
		case c == '\\' && i+1 < len(s) && (inQuote || depth > 0):
			if i++; s[i] == '"' && strings.IndexByte(s[i+1:min(len(s), i+400)], '"') < 0 {
				inQuote = false // "Bob\" <…>: the backslash is the sender's mistake
				continue
			}
			if depth > 0 {
				comment.WriteByte(s[i])
			} else {
				cur.WriteByte(s[i])
			}
		case inQuote:
			if c == '"' {
				inQuote = false
			} else {
				cur.WriteByte(c)
			}
		case depth > 0:
			if c == ')' {
				depth--
			} else if c == '(' {
				depth++
			}
			if depth > 0 {
				comment.WriteByte(c)
			}
		case c == '"':
			inQuote = quoteEnds || strings.IndexByte(s[i+1:min(len(s), i+400)], '"') >= 0
		case c == '(' && parenEnds && !inAngle:
			depth = 1
		case c == '<':
			if sawAngle && !inAngle {
				flush() // two addresses without a comma
			}
			inAngle, sawAngle = true, true
		case c == '>':
			inAngle = false
		case inAngle && c != ',' && c != ';':
			angle.WriteByte(c)
		case c == ',' || c == ';':
			// "Smith, Bob <bob@…>" written without quotes is one name
			if !sawAngle && !strings.Contains(cur.String(), "@") && nameGoesOn(s[i+1:]) {
				cur.WriteByte(c)
				continue
			}
			flush()
		case c == ':' && !sawAngle && !strings.Contains(cur.String(), "@"):
			cur.Reset() // the name of a group, or "mailto"
		default:
			if !sawAngle || inAngle {
				cur.WriteByte(c)
			}
		}
	}
	flush()
	return out
}

// nameGoesOn says whether an angle bracket comes before the next comma or @.
func nameGoesOn(s string) bool {
	i := strings.IndexAny(s, "<,;@")
	return i >= 0 && s[i] == '<'
}

func looseAddress(before, angle, comment string, sawAngle bool) (Address, bool) {
	name := before
	addr := angle
	if !sawAngle || !strings.Contains(addr, "@") && strings.Contains(before, "@") {
		name = comment
		addr = ""
		for _, w := range strings.Fields(before) {
			if strings.Contains(w, "@") && strings.Trim(w, "@.") != "" {
				addr = w
				break
			}
		}
		if addr == "" {
			name = before
		}
	} else if strings.TrimSpace(name) == "" {
		name = comment
	}
	if addr != "" && strings.HasPrefix(addr, "@") && strings.Contains(addr, ":") { // source route, RFC 5322 §4.4
		addr = addr[strings.LastIndexByte(addr, ':')+1:]
	}
	a := Address{cleanName(decodeWords(name)), cleanAddr(addr)}
	return a, a.Addr != "" && a.Addr != "@" || a.Name != ""
}

func cleanName(s string) string {
	s = oneLine(decodeWords(s))
	for {
		t := strings.TrimSpace(strings.Trim(s, `"`))
		if n := len(t); n >= 2 && t[0] == '\'' && t[n-1] == '\'' {
			t = t[1 : n-1]
		}
		if t == s {
			return s
		}
		s = t
	}
}

// cleanAddr lower-cases the domain and shows xn-- names in their own script.
func cleanAddr(s string) string {
	s = strings.TrimPrefix(strings.TrimSpace(s), "mailto:")
	if i := strings.IndexByte(s, '?'); i > 0 && strings.IndexByte(s[:i], '@') > 0 {
		s = s[:i]
	}
	s = strings.Trim(strings.Map(func(r rune) rune {
		if r <= ' ' || r == '<' || r == '>' {
			return -1
		}
		return r
	}, s), `"',;`)
	i := strings.LastIndexByte(s, '@')
	if i < 0 {
		return s
	}
	domain := strings.ToLower(strings.TrimRight(s[i+1:], "."))
	if strings.Contains(domain, "xn--") {
		if u, err := idna.ToUnicode(domain); err == nil {
			domain = u
		}
	}
	return s[:i+1] + domain
}
