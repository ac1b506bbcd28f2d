package mail

import (
	"bytes"
	"html"
	"strings"
)

// segment is one stretch of the body: a text, an HTML, or both of the same.
type segment struct{ plain, html string }

type content struct {
	m        *Message
	segments []segment
	size     int
}

func collect(m *Message, root *part) *content {
	c := &content{m: m}
	c.walk(root, false)
	return c
}

func (c *content) walk(p *part, related bool) {
	switch {
	case p.typ == "multipart/alternative":
		c.alternative(p, related)
	case len(p.children) > 0:
		c.multipart(p, related)
	case c.isText(p):
		c.addText(p)
	case strings.HasPrefix(p.typ, "multipart/") && len(p.body) == 0:
	default:
		c.attach(p, related)
	}
}

func (c *content) multipart(p *part, related bool) {
	switch p.typ {
	case "multipart/encrypted":
		for _, child := range p.children {
			c.attach(child, false)
			c.m.Attachments[len(c.m.Attachments)-1].Note = "encrypted (PGP): it can't be read here"
		}
		return
	case "multipart/report":
		// the machine's own parts are attachments even where they are text
		for i, child := range p.children {
			if i == 0 || strings.HasPrefix(child.typ, "multipart/") {
				c.walk(child, related)
			} else {
				c.attach(child, false)
			}
		}
		return
	}
	for _, child := range p.children {
		c.walk(child, related || p.typ == "multipart/related")
	}
}

// alternative makes one segment of the forms of the same text: the first plain
// one and the last HTML one (RFC 2046 §5.1.4).
func (c *content) alternative(p *part, related bool) {
	var both segment
	before := len(c.segments)
	for _, child := range p.children {
		c.walk(child, related)
		s := joined(c.segments[before:])
		c.segments = c.segments[:before]
		if strings.TrimSpace(both.plain) == "" && s.plain != "" {
			both.plain = s.plain
		}
		if s.html != "" {
			both.html = s.html
		}
	}
	if both != (segment{}) {
		c.segments = append(c.segments, both)
	}
}

// joined makes one segment of several that follow each other. Where one of
// them is HTML only, the whole is: its plain form would lack something.
func joined(list []segment) (s segment) {
	if len(list) == 1 {
		return list[0]
	}
	var plain []string
	whole := true
	for _, x := range list {
		whole = whole && (x.plain != "" || x.html == "")
		plain = append(plain, x.plain)
	}
	if whole {
		s.plain = strings.Join(plain, "\n\n")
	}
	s.html = joinHTML(list)
	return s
}

// isText says whether a leaf belongs to what is read rather than to what is
// opened.
func (c *content) isText(p *part) bool {
	if p.typ != "text/plain" && p.typ != "text/html" && p.typ != "text/enriched" && p.typ != "text/x-amp-html" && p.typ != "text/markdown" {
		return false
	}
	disposition, params := mediaType(p.header.Get("Content-Disposition"))
	if disposition == "attachment" {
		return false
	}
	named := params["filename"] != "" || p.params["name"] != ""
	return !named || len(c.segments) == 0 && disposition == ""
}

func (c *content) addText(p *part) {
	encoding, known := transferEncoding(p.header.Get("Content-Transfer-Encoding"))
	if !known {
		c.m.problem("unknown transfer encoding: read as it stands")
	}
	raw, broken := decodeTransfer(p.body, encoding)
	if broken {
		c.m.problem("broken " + encoding)
	}
	if c.size += len(raw); c.size > maxText {
		c.m.problem("the text is too long: the rest is left out")
		raw = raw[:max(0, len(raw)-(c.size-maxText))]
		c.size = maxText
	}
	charset := p.params["charset"]
	if charset == "" && p.typ == "text/html" {
		charset = metaCharset(raw)
	}
	s, note := toUTF8(raw, charset)
	c.m.problem(note)
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	switch p.typ {
	case "text/html":
		c.segments = append(c.segments, segment{html: s})
	case "text/x-amp-html": // the same again for Gmail
	case "text/enriched":
		c.segments = append(c.segments, segment{plain: normalLines(HTMLToText(s))})
	default:
		s = normalLines(s)
		if strings.EqualFold(p.params["format"], "flowed") {
			s = unflow(s, strings.EqualFold(p.params["delsp"], "yes"))
		}
		c.segments = append(c.segments, segment{plain: s})
	}
}

// text is the best plain text of all segments.
func (c *content) text() string {
	var o []string
	for _, s := range c.segments {
		t := s.plain
		if strings.TrimSpace(t) == "" && s.html != "" {
			t = HTMLToText(s.html)
		}
		if strings.TrimSpace(t) != "" {
			o = append(o, strings.TrimRight(t, "\n"))
		}
	}
	return strings.Join(o, "\n\n")
}

// joinHTML is the HTML of all segments, "" when none has any.
func joinHTML(list []segment) string {
	any := false
	for _, s := range list {
		any = any || s.html != ""
	}
	if !any {
		return ""
	}
	if len(list) == 1 {
		return list[0].html
	}
	var o strings.Builder
	for _, s := range list {
		if s.html != "" {
			o.WriteString(s.html)
		} else if strings.TrimSpace(s.plain) != "" {
			o.WriteString("<pre>" + html.EscapeString(s.plain) + "</pre>")
		}
	}
	return o.String()
}

// metaCharset reads <meta charset=…> or its http-equiv form from the first
// bytes of an HTML page.
func metaCharset(b []byte) string {
	head := bytes.ToLower(b[:min(len(b), 2048)])
	i := bytes.Index(head, []byte("charset="))
	if i < 0 {
		return ""
	}
	rest := bytes.TrimLeft(head[i+8:], `"' `)
	if j := bytes.IndexAny(rest, "\"'; />"); j > 0 {
		return string(rest[:j])
	}
	return ""
}

// normalLines makes every line end \n.
func normalLines(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}
