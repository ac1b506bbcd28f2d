package imap

import (
	"bytes"
	"strconv"
	"strings"
)

const (
	maxDepth  = 32      // of nested lists
	maxValues = 1 << 21 // in one response
)

// Kind tells what a Value is.
type Kind uint8

// The kinds of Value.
const (
	Atom    Kind = iota // a bare word or number; NIL too
	String              // quoted or literal
	List                // (…)
	Skipped             // a literal longer than Options.MaxLiteral; N is its length
)

// Value is one piece of a response.
type Value struct {
	Kind Kind
	B    []byte
	List []Value
	N    int64
}

// Text is the value as a string; empty for NIL and lists.
func (v Value) Text() string {
	if v.Kind == Atom && strings.EqualFold(string(v.B), "NIL") {
		return ""
	}
	return string(v.B)
}

func (v Value) upper() string {
	if v.Kind != Atom {
		return ""
	}
	return strings.ToUpper(string(v.B))
}

func (v Value) uint() (uint64, bool) {
	n, err := strconv.ParseUint(string(v.B), 10, 64)
	return n, err == nil && v.Kind != List
}

// Response is one thing that the server said.
type Response struct {
	Tag  string // "*", "+", or a command's tag
	Num  uint32 // of "* 3 EXISTS"
	Name string // in capitals: OK, FETCH, EXISTS …; empty for "+"
	Code string // in capitals: of "OK [CODE rest] text"
	Rest string
	Text string // of OK, NO, BAD, BYE, PREAUTH and "+"
	Args []Value
}

func parse(parts []part) (r Response, why string) {
	line := parts[0].text
	tag, rest, _ := bytes.Cut(line, []byte(" "))
	r.Tag = string(tag)
	if r.Tag == "+" {
		r.Text = string(rest)
		return r, ""
	}
	if len(tag) == 0 {
		return r, "empty line"
	}
	word, after, _ := bytes.Cut(bytes.TrimLeft(rest, " "), []byte(" "))
	if r.Name = strings.ToUpper(string(word)); isStatus(r.Name) {
		return r, r.status(string(after))
	}
	p := parser{parts: parts, at: len(line) - len(rest)}
	values := p.list(0)
	if r.Tag != "*" {
		return r, "a line that is no response"
	}
	if len(values) == 0 {
		return r, "response without a name"
	}
	if n, ok := values[0].uint(); ok && values[0].Kind == Atom {
		r.Num, values = uint32(n), values[1:]
		if n > 1<<32-1 {
			p.odd("number out of range")
			r.Num = 0
		}
	}
	if len(values) == 0 || values[0].Kind != Atom {
		r.Name = ""
		return r, "response without a name"
	}
	r.Name, r.Args = values[0].upper(), values[1:]
	return r, p.why
}

// status reads "[CODE rest] text" (RFC 3501 section 7.1).
func (r *Response) status(s string) (why string) {
	r.Text = s
	inner, ok := strings.CutPrefix(strings.TrimLeft(s, " "), "[")
	if !ok {
		return ""
	}
	code, text, ok := strings.Cut(inner, "]")
	if !ok {
		return "response code without ]"
	}
	name, rest, _ := strings.Cut(code, " ")
	r.Code, r.Rest, r.Text = strings.ToUpper(name), rest, strings.TrimSpace(text)
	return ""
}

// parser walks over the parts of one response; it never fails, it notes.
type parser struct {
	parts []part
	at    int  // in parts[0].text
	n     int  // values so far
	flat  bool // brackets mean nothing in the rest of this part
	why   string
}

func (p *parser) odd(why string) {
	if p.why == "" {
		p.why = why
	}
}

// list reads values up to the closing parenthesis of depth, or the end.
func (p *parser) list(depth int) []Value {
	var vs []Value
	for {
		v, end := p.value(depth)
		switch end {
		case endOfList:
			if depth > 0 {
				return vs
			}
			p.odd("closing parenthesis too many")
			continue
		case endOfAll:
			if depth > 0 {
				p.odd("closing parenthesis missing")
			}
			return vs
		}
		if p.n++; p.n > maxValues || depth > maxDepth {
			p.odd("too much or too deep")
			continue // read on to the end, keep nothing
		}
		vs = append(vs, v)
	}
}

type ending uint8

const (
	noEnd ending = iota
	endOfList
	endOfAll
)

func (p *parser) value(depth int) (Value, ending) {
	for {
		cur := p.parts[0]
		for p.at < len(cur.text) && (cur.text[p.at] == ' ' || cur.text[p.at] == '\t') {
			p.at++
		}
		if p.at < len(cur.text) {
			break
		}
		if cur.hasLit {
			v := Value{Kind: String, B: cur.lit}
			if cur.skipped > 0 {
				v = Value{Kind: Skipped, N: cur.skipped}
			}
			p.parts[0].hasLit = false
			return v, noEnd
		}
		if len(p.parts) == 1 {
			return Value{}, endOfAll
		}
		p.parts, p.at, p.flat = p.parts[1:], 0, false
	}
	switch p.parts[0].text[p.at] {
	case '(':
		p.at++
		if depth > maxDepth {
			// One level stands for all deeper ones: the stack has to end somewhere.
			p.odd("too much or too deep")
			return Value{Kind: List}, noEnd
		}
		return Value{Kind: List, List: p.list(depth + 1)}, noEnd
	case ')':
		p.at++
		return Value{}, endOfList
	case '"':
		return p.quoted(), noEnd
	}
	return p.atom(), noEnd
}

func (p *parser) quoted() Value {
	s := p.parts[0].text
	var out []byte
	for p.at++; p.at < len(s); p.at++ {
		switch c := s[p.at]; {
		case c == '"':
			p.at++
			return Value{Kind: String, B: out}
		case c == '\\' && p.at+1 < len(s):
			p.at++
			out = append(out, s[p.at])
		default:
			out = append(out, c)
		}
	}
	p.odd("quote not closed")
	return Value{Kind: String, B: out}
}

// atom reads a bare word; what stands in brackets belongs to it, as in
// BODY[HEADER.FIELDS (DATE)]<0>.
func (p *parser) atom() Value {
	s, from, depth := p.parts[0].text, p.at, 0
	for ; p.at < len(s); p.at++ {
		switch c := s[p.at]; {
		case c == '[' && !p.flat:
			depth++
		case c == ']' && depth > 0:
			depth--
		case depth == 0 && (c == ' ' || c == '(' || c == ')' || c == '\t'):
			return Value{Kind: Atom, B: s[from:p.at]}
		}
	}
	if depth > 0 { // the bracket was no section: end the word at the first space
		p.odd("bracket not closed")
		p.flat = true // and do not look for its end again and again
		if i := bytes.IndexAny(s[from:], " ()"); i > 0 {
			p.at = from + i
		}
	}
	return Value{Kind: Atom, B: s[from:p.at]}
}
