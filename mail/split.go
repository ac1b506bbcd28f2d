package mail

import (
	"bytes"
	"strings"
)

// part is one entity of the MIME tree (RFC 2045, 2046). Its body is a slice of
// the raw message, so that reading a mail of any depth passes over it once.
type part struct {
	header   Header
	typ      string
	params   map[string]string
	body     []byte
	children []*part
}

// Limits that no real mail comes near.
const (
	maxDepth   = 300
	maxParts   = 10000
	maxGuesses = 8 // boundaries looked for because the header lacks the right one
)

type splitter struct {
	b        []byte
	pos      int
	open     map[string]int // boundary → how many open multiparts it is of, outermost first
	depth    int
	levels   []string
	parts    int
	guesses  int
	problems []string
}

func (s *splitter) problem(text string) {
	for _, p := range s.problems {
		if p == text {
			return
		}
	}
	if len(s.problems) < 50 {
		s.problems = append(s.problems, text)
	}
}

// entity reads the header at pos and then its body up to the next delimiter of
// a multipart that is open.
func (s *splitter) entity(atTop bool, defaultType string) *part {
	s.parts++
	p := &part{}
	end := len(s.b)
	if !atTop {
		// a part without a blank line must not read the next part's delimiter
		// as a header
		end = s.headerEnd()
	}
	h, body, problems := readHeader(s.b[s.pos:end], atTop)
	for _, t := range problems {
		s.problem(t)
	}
	p.header = h
	s.pos = end - len(body)
	p.typ, p.params = mediaType(h.Get("Content-Type"))
	switch {
	case p.typ == "":
		p.typ = defaultType
	case p.typ == "text":
		p.typ = "text/plain"
	case !strings.Contains(p.typ, "/"):
		s.problem("unreadable content type: read as text")
		p.typ = "text/plain"
	}
	if !strings.HasPrefix(p.typ, "multipart/") || s.depth >= maxDepth || s.parts >= maxParts {
		start := s.pos
		d := s.next()
		p.body = s.b[start:d.start]
		s.pos = d.line
		return p
	}
	s.multipart(p)
	return p
}

// multipart reads the children of p; a boundary that never comes is looked for
// in the text.
func (s *splitter) multipart(p *part) {
	start := s.pos
	boundary := strings.TrimRight(p.params["boundary"], " \t")
	if boundary == "" {
		s.problem("a multipart has no boundary")
	} else {
		s.children(p, boundary)
	}
	if len(p.children) > 0 {
		return
	}
	if boundary == "" {
		s.pos = start
		s.pos = s.next().line
	}
	region := s.b[start:s.pos]
	if g := guessBoundary(region); g != "" && g != boundary && s.guesses < maxGuesses {
		s.guesses++
		s.problem("the boundary in the header is not the one in the body")
		after := s.pos
		s.pos = start
		s.children(p, g)
		s.pos = max(after, s.pos)
	}
	if len(p.children) == 0 {
		s.problem("a multipart without parts: read as text")
		p.typ, p.body = "text/plain", region
		if bytes.Contains(region[:min(len(region), 2000)], []byte("<html")) {
			p.typ = "text/html"
		}
	}
}

func (s *splitter) children(p *part, boundary string) {
	s.depth++
	s.levels = append(s.levels, boundary)
	outer, had := s.open[boundary]
	s.open[boundary] = len(s.levels)
	defer func() {
		s.levels = s.levels[:len(s.levels)-1]
		if had {
			s.open[boundary] = outer
		} else {
			delete(s.open, boundary)
		}
		s.depth--
	}()
	child := "text/plain"
	if p.typ == "multipart/digest" {
		child = "message/rfc822"
	}
	for s.parts < maxParts {
		d := s.next()
		if d.level != len(s.levels) { // an outer one, or the end
			if len(p.children) > 0 {
				s.problem("a multipart is not closed")
			}
			s.pos = d.line
			return
		}
		s.pos = d.end
		if d.closing {
			// epilogue: nobody's text
			d = s.next()
			for d.level == len(s.levels) && d.line < len(s.b) {
				if !d.closing { // parts go on after the end: some programs do that
					s.pos = d.end
					p.children = append(p.children, s.entity(false, child))
				} else {
					s.pos = d.end
				}
				d = s.next()
			}
			s.pos = d.line
			return
		}
		p.children = append(p.children, s.entity(false, child))
	}
}

// delimiter is a boundary line: the text before it ends at start, the line
// begins at line and ends at end. level counts open multiparts from 1, 0 means
// the end of the message.
type delimiter struct {
	start, line, end, level int
	closing                 bool
}

// next finds the next delimiter from pos on without moving.
func (s *splitter) next() delimiter {
	i := s.pos
	if len(s.open) > 0 {
		for i < len(s.b) {
			if s.b[i] == '-' && i+1 < len(s.b) && s.b[i+1] == '-' && (i == 0 || s.b[i-1] == '\n') {
				if d, ok := s.delimiterAt(i); ok {
					return d
				}
			}
			j := bytes.Index(s.b[i:], []byte("\n--"))
			if j < 0 {
				break
			}
			i += j + 1
		}
	}
	return delimiter{start: len(s.b), line: len(s.b), end: len(s.b)}
}

func (s *splitter) delimiterAt(i int) (delimiter, bool) {
	eol := bytes.IndexByte(s.b[i:min(len(s.b), i+1000)], '\n')
	end := i + eol + 1
	if eol < 0 {
		if len(s.b)-i > 1000 {
			return delimiter{}, false
		}
		end = len(s.b)
	}
	name := bytes.TrimRight(s.b[i+2:end], " \t\r\n")
	level, closing := s.open[string(name)], false
	if level == 0 {
		if level = s.open[string(bytes.TrimSuffix(name, []byte("--")))]; level == 0 || !bytes.HasSuffix(name, []byte("--")) {
			return delimiter{}, false
		}
		closing = true
	}
	start := i
	if start > s.pos && s.b[start-1] == '\n' {
		if start--; start > s.pos && s.b[start-1] == '\r' {
			start--
		}
	}
	return delimiter{start, i, end, level, closing}, true
}

// headerEnd is the first delimiter after pos, looked for no further than the
// first blank line.
func (s *splitter) headerEnd() int {
	i := s.pos
	for i < len(s.b) {
		line, _ := cutLine(s.b[i:])
		if len(line) == 0 {
			return len(s.b)
		}
		if bytes.HasPrefix(line, []byte("--")) {
			if d, ok := s.delimiterAt(i); ok {
				return d.line
			}
		}
		j := bytes.IndexByte(s.b[i:], '\n')
		if j < 0 {
			break
		}
		i += j + 1
	}
	return len(s.b)
}

// guessBoundary finds a line "--x" that is followed by a Content- field, or
// that comes again.
func guessBoundary(b []byte) string {
	seen := map[string]bool{}
	for n := 0; len(b) > 0 && n < 2000; n++ {
		line, rest := cutLine(b)
		b = rest
		name := string(bytes.TrimRight(line, " \t"))
		if len(name) < 3 || len(name) > 200 || name[:2] != "--" || strings.Trim(name, "-") == "" || strings.ContainsAny(name, " \t") {
			continue
		}
		next, _ := cutLine(rest)
		if len(next) > 8 && strings.EqualFold(string(next[:8]), "content-") {
			return name[2:]
		}
		if open := strings.TrimSuffix(name, "--"); open != name && seen[open] {
			return open[2:]
		}
		seen[name] = true
	}
	return ""
}
