package seal

// hex reads a hexadecimal string (7.3.4.3).
func (l *lexer) hex() (any, error) {
	l.pos++
	var out str
	high := -1
	for ; l.pos < len(l.b); l.pos++ {
		c := l.b[l.pos]
		if c == '>' {
			l.pos++
			if high >= 0 {
				out = append(out, byte(high<<4))
			}
			return out, l.bud.alloc(len(out))
		}
		v := hexValue(c)
		switch {
		case v < 0 && isSpace(c):
		case v < 0:
			return nil, l.fail("malformed hexadecimal string")
		case high < 0:
			high = v
		default:
			out = append(out, byte(high<<4|v))
			high = -1
		}
	}
	return nil, l.fail("string without end")
}

// literal reads a string in parentheses (7.3.4.2).
func (l *lexer) literal() (any, error) {
	l.pos++
	var out str
	for open := 1; l.pos < len(l.b); {
		c := l.b[l.pos]
		l.pos++
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return out, l.bud.alloc(len(out))
			}
		case '\\':
			out = l.escape(out)
			continue
		case '\r':
			if l.at(0) == '\n' {
				l.pos++
			}
			c = '\n'
		}
		out = append(out, c)
	}
	return nil, l.fail("string without end")
}

func (l *lexer) escape(out str) str {
	if l.pos >= len(l.b) {
		return out
	}
	c := l.b[l.pos]
	l.pos++
	switch c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case '\n':
		return out
	case '\r':
		if l.at(0) == '\n' {
			l.pos++
		}
		return out
	}
	if c < '0' || c > '7' {
		return append(out, c)
	}
	v := int(c - '0')
	for i := 0; i < 2 && l.pos < len(l.b) && l.b[l.pos] >= '0' && l.b[l.pos] <= '7'; i++ {
		v = v<<3 | int(l.b[l.pos]-'0')
		l.pos++
	}
	return append(out, byte(v))
}
