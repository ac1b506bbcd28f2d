package mail

import (
	"bytes"
	"html"
	"path"
	"strings"
	"unicode/utf8"
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
		before := len(c.segments)
		for _, child := range p.children {
			c.walk(child, related)
		}
		c.alternative(before)
	case len(p.children) > 0:
		c.multipart(p, related)
	case c.isText(p):
		c.text1(p)
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

// alternative joins the segments since before into one: the best of each form.
func (c *content) alternative(before int) {
	var s segment
	for _, x := range c.segments[before:] {
		if strings.TrimSpace(s.plain) == "" || strings.TrimSpace(x.plain) != "" && len(x.plain) > 2*len(s.plain) {
			if x.plain != "" {
				s.plain = x.plain
			}
		}
		if x.html != "" {
			s.html = x.html
		}
	}
	c.segments = c.segments[:before]
	if s != (segment{}) {
		c.segments = append(c.segments, s)
	}
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

func (c *content) text1(p *part) {
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

// html is the HTML of all segments, "" when there is none.
func (c *content) html() string {
	any := false
	for _, s := range c.segments {
		any = any || s.html != ""
	}
	if !any {
		return ""
	}
	if len(c.segments) == 1 {
		return c.segments[0].html
	}
	var o strings.Builder
	for _, s := range c.segments {
		if s.html != "" {
			o.WriteString(s.html)
		} else if strings.TrimSpace(s.plain) != "" {
			o.WriteString("<pre>" + html.EscapeString(s.plain) + "</pre>")
		}
	}
	return o.String()
}

func (c *content) attach(p *part, related bool) {
	disposition, params := mediaType(p.header.Get("Content-Disposition"))
	encoding, _ := transferEncoding(p.header.Get("Content-Transfer-Encoding"))
	name := params["filename"]
	if name == "" {
		name = p.params["name"]
	}
	a := Attachment{
		Name: fileName(name), Type: p.typ, Params: p.params, Header: p.header, raw: p.body, encoding: encoding,
		Inline: disposition == "inline" || disposition == "" && related,
	}
	if ids := messageIDs(p.header.Get("Content-ID")); len(ids) > 0 {
		a.ContentID = ids[0]
	}
	switch a.Type {
	case "application/ms-tnef", "application/vnd.ms-tnef":
		a.Note = "Outlook's own format (TNEF): files may be inside"
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		a.Note = "S/MIME: encrypted or sealed as a whole, it can't be read here"
		if strings.Contains(p.params["smime-type"], "signed") {
			a.Note = "S/MIME: the signed message is inside, it can't be read here"
		}
	case "application/pkcs7-signature", "application/x-pkcs7-signature":
		a.Note = "S/MIME signature, not checked"
	case "application/pgp-signature":
		a.Note = "PGP signature, not checked"
	case "application/pgp-encrypted":
		a.Note = "encrypted (PGP): it can't be read here"
	case "message/rfc822", "message/global":
		if a.Name == "" {
			h, _, _ := readHeader(a.Bytes(), true)
			a.Name = h.Text("Subject")
		}
	case "message/partial":
		a.Note = "one piece of a message that was cut up"
	}
	c.m.Attachments = append(c.m.Attachments, a)
}

// fileName keeps the last element of a path and nothing that a terminal or a
// file system would read in its own way.
func fileName(s string) string {
	s = oneLine(decodeWords(s))
	if strings.Contains(s, "''") && strings.Contains(s, "%") { // RFC 2231 under the plain name
		if f := strings.SplitN(s, "'", 3); len(f) == 3 && len(f[0]) < 20 {
			s, _ = toUTF8([]byte(percentDecode(f[2])), f[0])
		}
	}
	s = path.Base(strings.ReplaceAll(s, `\`, "/"))
	if s == "." || s == "/" || s == ".." {
		return ""
	}
	for len(s) > 200 {
		_, n := utf8.DecodeRuneInString(s)
		s = s[n:]
	}
	return s
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
