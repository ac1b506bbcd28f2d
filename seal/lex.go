package seal

import (
	"fmt"
	"strconv"
)

// lexer reads the tokens and direct objects of ISO 32000-1, 7.2 and 7.3.
type lexer struct {
	b   []byte
	pos int
	bud *budget
	// spans, when not nil, collects where the values of the outermost
	// dictionary lie.
	spans map[name][2]int
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelim(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func isRegular(c byte) bool { return !isSpace(c) && !isDelim(c) }

func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func (l *lexer) fail(what string) error { return fileErr("%s at byte %d", what, l.pos) }

func (l *lexer) at(i int) byte {
	if l.pos+i < len(l.b) {
		return l.b[l.pos+i]
	}
	return 0
}

func (l *lexer) skipSpaces() {
	for l.pos < len(l.b) && isSpace(l.b[l.pos]) {
		l.pos++
	}
}

func (l *lexer) skip() {
	for l.pos < len(l.b) {
		switch c := l.b[l.pos]; {
		case isSpace(c):
			l.pos++
		case c == '%':
			for l.pos < len(l.b) && l.b[l.pos] != '\n' && l.b[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

func (l *lexer) word() []byte {
	s := l.pos
	for l.pos < len(l.b) && isRegular(l.b[l.pos]) {
		l.pos++
	}
	return l.b[s:l.pos]
}

// accept takes the keyword k when it comes next.
func (l *lexer) accept(k string) bool {
	save := l.pos
	l.skip()
	if string(l.word()) == k {
		return true
	}
	l.pos = save
	return false
}

// uint reads an unsigned integer without making an object of it.
func (l *lexer) uint() (int64, bool) {
	l.skip()
	s, n := l.pos, int64(0)
	for l.pos < len(l.b) && l.b[l.pos] >= '0' && l.b[l.pos] <= '9' {
		if l.pos-s >= 18 {
			return 0, false
		}
		n = n*10 + int64(l.b[l.pos]-'0')
		l.pos++
	}
	return n, l.pos > s && (l.pos == len(l.b) || !isRegular(l.b[l.pos]))
}

func (l *lexer) value(depth int) (any, error) {
	if depth > maxDepth {
		return nil, l.fail("objects nested too deeply")
	}
	l.skip()
	if l.pos >= len(l.b) {
		return nil, l.fail("unexpected end")
	}
	if err := l.bud.alloc(24); err != nil {
		return nil, err
	}
	switch c := l.b[l.pos]; {
	case c == '/':
		return l.name()
	case c == '(':
		return l.literal()
	case c == '<' && l.at(1) == '<':
		return l.dict(depth)
	case c == '<':
		return l.hex()
	case c == '[':
		return l.array(depth)
	case c == '+' || c == '-' || c == '.' || c >= '0' && c <= '9':
		return l.number()
	}
	switch w := l.word(); string(w) {
	case "":
		return nil, l.fail(fmt.Sprintf("stray %q", l.b[l.pos]))
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	default:
		if len(w) > 32 {
			return nil, l.fail("unknown word")
		}
		return keyword(w), nil
	}
}

func (l *lexer) dict(depth int) (any, error) {
	l.pos += 2
	d := dict{}
	var seen map[name]bool
	for {
		l.skip()
		if l.at(0) == '>' && l.at(1) == '>' {
			l.pos += 2
			return d, nil
		}
		if l.at(0) != '/' {
			return nil, l.fail("dictionary key is not a name")
		}
		k, err := l.name()
		if err != nil {
			return nil, err
		}
		l.skip()
		start := l.pos
		v, err := l.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if _, ok := v.(keyword); ok {
			return nil, l.fail("dictionary value missing")
		}
		if l.spans != nil && depth == 0 {
			l.spans[k] = [2]int{start, l.pos}
		}
		// Readers differ in which of two equal keys they take, so a file
		// that has them means two things at once.
		if len(d) == 32 {
			seen = map[name]bool{}
			for _, e := range d {
				seen[e.key] = true
			}
		}
		if seen[k] || seen == nil && d.has(k) {
			return nil, l.fail(fmt.Sprintf("entry /%s twice in one dictionary", k))
		}
		if seen != nil {
			seen[k] = true
		}
		if len(d) >= maxEntries {
			return nil, errTooMuch
		}
		if err := l.bud.alloc(64); err != nil {
			return nil, err
		}
		d = append(d, entry{k, v})
	}
}

func (l *lexer) array(depth int) (any, error) {
	l.pos++
	a := array{}
	for {
		l.skip()
		if l.at(0) == ']' {
			l.pos++
			return a, nil
		}
		v, err := l.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if _, ok := v.(keyword); ok {
			return nil, l.fail("word inside an array")
		}
		if err := l.bud.alloc(24); err != nil {
			return nil, err
		}
		a = append(a, v)
	}
}

func (l *lexer) name() (name, error) {
	l.pos++
	w := l.word()
	out := make([]byte, 0, len(w))
	for i := 0; i < len(w); i++ {
		if w[i] == '#' && i+2 < len(w) && hexValue(w[i+1]) >= 0 && hexValue(w[i+2]) >= 0 {
			out = append(out, byte(hexValue(w[i+1])<<4|hexValue(w[i+2])))
			i += 2
			continue
		}
		out = append(out, w[i])
	}
	return name(out), l.bud.alloc(len(out))
}

// number reads an integer, a real, or a reference "n g R".
func (l *lexer) number() (any, error) {
	w := string(l.word())
	n, err := strconv.ParseInt(w, 10, 64)
	if err != nil {
		f, err := strconv.ParseFloat(w, 64)
		if err != nil || len(w) > 64 {
			return nil, l.fail("malformed number")
		}
		return f, nil
	}
	save := l.pos
	if n >= 0 && n <= maxObject && w[0] != '+' {
		if g, ok := l.uint(); ok && g <= 65535 {
			l.skip()
			if l.at(0) == 'R' && (l.pos+1 >= len(l.b) || !isRegular(l.b[l.pos+1])) {
				l.pos++
				return ref{int(n), int(g)}, nil
			}
		}
	}
	l.pos = save
	return n, nil
}
