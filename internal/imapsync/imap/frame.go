package imap

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
)

// Limits of what one response may hold; more is read and thrown away.
const (
	maxLine    = 16 << 20 // one line without its literals: a SEARCH of a million messages fits
	maxLiteral = 1 << 40  // above this the number is no length
	maxParts   = 4096     // literals in one response
)

// part is a stretch of a response's text and the literal behind it, if any.
type part struct {
	text    []byte
	lit     []byte
	hasLit  bool
	skipped int64 // length of a literal that was too long to keep
}

// framer cuts what the server sends into responses. It decides where one ends
// before anybody looks at what it says, so that a response nobody understands
// costs just itself.
type framer struct {
	br  *bufio.Reader
	max int64 // longest literal that is kept, bytes
}

// next reads one response: a line, and while it ends in {n} the n bytes of the
// literal and the line that goes on behind them (RFC 3501 section 4.3). why
// says what had to be left out.
func (f *framer) next() (parts []part, why string, err error) {
	for {
		line, cut, err := f.line()
		if err != nil {
			return nil, "", err
		}
		if cut {
			why = "line too long"
		}
		text, n, ok := literalTail(line)
		if !ok || cut || len(parts) == 0 && isText(text) || len(parts) >= maxParts {
			return append(parts, part{text: line}), why, nil
		}
		p := part{text: text, hasLit: true}
		if n > f.max {
			p.skipped = n
			if _, err := io.CopyN(io.Discard, f.br, n); err != nil {
				return nil, "", noEOF(err)
			}
		} else if p.lit, err = f.literal(int(n)); err != nil {
			return nil, "", err
		}
		parts = append(parts, p)
	}
}

// literal reads n bytes and takes memory only as they come: n is the server's
// word.
func (f *framer) literal(n int) ([]byte, error) {
	const step = 1 << 20
	b := make([]byte, min(n, step))
	for have := 0; ; {
		if _, err := io.ReadFull(f.br, b[have:]); err != nil {
			return nil, noEOF(err)
		}
		if have = len(b); have == n {
			return b, nil
		}
		more := make([]byte, min(n, 4*have))
		copy(more, b)
		b = more
	}
}

// line reads up to the next LF and takes the line end off.
func (f *framer) line() (line []byte, cut bool, err error) {
	for {
		s, err := f.br.ReadSlice('\n')
		if room := maxLine - len(line); len(s) > room {
			s, cut = s[:room], true
		}
		line = append(line, s...)
		switch {
		case err == nil:
			return bytes.TrimRight(line, "\r\n"), cut, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case err == io.EOF && len(line) > 0:
			return nil, false, io.ErrUnexpectedEOF
		default:
			return nil, false, err
		}
	}
}

// literalTail takes {n}, {n+} or ~{n} off the end of a line.
func literalTail(line []byte) (text []byte, n int64, ok bool) {
	if len(line) < 3 || line[len(line)-1] != '}' {
		return nil, 0, false
	}
	i := bytes.LastIndexByte(line, '{')
	if i < 0 || inQuotes(line[:i]) {
		return nil, 0, false
	}
	n, err := strconv.ParseInt(string(bytes.TrimSuffix(line[i+1:len(line)-1], []byte("+"))), 10, 64)
	if err != nil || n < 0 || n > maxLiteral {
		return nil, 0, false
	}
	return bytes.TrimSuffix(line[:i], []byte("~")), n, true
}

// inQuotes says whether a quoted string is still open at the end of b.
func inQuotes(b []byte) bool {
	open := false
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '"':
			open = !open
		case b[i] == '\\' && open:
			i++
		}
	}
	return open
}

// isText says whether a line is a greeting, a result or a continuation, whose
// end is free text: braces there mean nothing.
func isText(line []byte) bool {
	first, rest, _ := bytes.Cut(line, []byte(" "))
	if string(first) == "+" {
		return true
	}
	word, _, _ := bytes.Cut(rest, []byte(" "))
	return isStatus(string(bytes.ToUpper(word)))
}

func isStatus(word string) bool {
	switch word {
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		return true
	}
	return false
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
