package mail

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// HTMLToText says in plain text what an HTML mail shows: one pass over the
// tokens, hidden parts left out, quotes marked by "> " in the ways that the
// common programs mark them.
func HTMLToText(s string) string {
	z := html.NewTokenizer(strings.NewReader(s))
	w := &textWriter{newlines: 2, hidden: memo{of: hidden}, quotes: memo{of: quoteName}}
	w.o.Grow(len(s) / 3)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimRight(w.o.String(), " \n")
		case html.TextToken:
			if w.skip > 0 {
				break
			}
			t := z.Raw()
			if bytes.IndexByte(t, '&') >= 0 {
				t = []byte(html.UnescapeString(string(t)))
			}
			w.text(t)
		case html.StartTagToken:
			name, more := z.TagName()
			a := atom.Lookup(name)
			var e effect
			if more {
				e = w.effectOf(a, z)
			} else if a == atom.Blockquote {
				e = effectQuote
			}
			w.start(a, e)
		case html.SelfClosingTagToken:
			name, _ := z.TagName()
			if a := atom.Lookup(name); a == atom.Br || a == atom.Hr {
				w.start(a, effectNone)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(atom.Lookup(name))
		}
	}
}

// effect is what an element does to all that is inside of it.
type effect uint8

const (
	effectNone effect = iota
	effectQuote
	effectHide
	effectRest // everything from here to the end is the old mail
)

var (
	quoteName = regexp.MustCompile(`(?i)(^|[ _-])(yahoo_quoted|olk_src_body_section|aolmsgpart|reply-?quotation|tutanota_quote|mail_android_quote|quotedtext)`)
	restName  = regexp.MustCompile(`(?i)^(x_)?(divrplyfwdmsg|appendonsend|stopspelling|mail-editor-reference-message-container|reply_intro|replyforwardheader)`)
	hidden    = regexp.MustCompile(`(?i)(display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden)`)
	indent    = regexp.MustCompile(`(?i)border(-left)?\s*:\s*(none|0|medium none)`)
)

// effectOf reads the attributes of a start tag.
func (w *textWriter) effectOf(a atom.Atom, z *html.Tokenizer) effect {
	var id, class, style, typ []byte
	for more := true; more; {
		var k, v []byte
		k, v, more = z.TagAttr()
		switch {
		case bytes.Equal(k, []byte("id")):
			id = v
		case bytes.Equal(k, []byte("class")):
			class = v
		case bytes.Equal(k, []byte("style")):
			style = v
		case bytes.Equal(k, []byte("type")):
			typ = v
		}
	}
	switch {
	case len(style) > 0 && w.hidden.match(style):
		return effectHide
	case a == atom.Blockquote:
		// a bare indent is no quote
		if !bytes.Equal(typ, []byte("cite")) && !bytes.Contains(class, []byte("quote")) && indent.Match(style) {
			return effectNone
		}
		return effectQuote
	case len(id) > 0 && restName.Match(id):
		return effectRest
	case len(id) > 0 && quoteName.Match(id), len(class) > 0 && w.quotes.match(class):
		return effectQuote
	}
	return effectNone
}

type textWriter struct {
	o                strings.Builder
	skip, pre, quote int
	space            bool
	indent           int // blanks at the start of a line of <pre>
	newlines         int // at the end of o
	open             []frame
	hidden, quotes   memo // of styles and of classes
}

// memo remembers what a pattern said: the elements of a mail have few styles
// and classes, again and again.
type memo struct {
	of   *regexp.Regexp
	said map[string]bool
}

func (m *memo) match(b []byte) bool {
	is, known := m.said[string(b)]
	if known {
		return is
	}
	is = m.of.Match(b)
	if m.said == nil {
		m.said = map[string]bool{}
	}
	if len(m.said) < 100 {
		m.said[string(b)] = is
	}
	return is
}

// frame is an open element with an effect, and how many of its kind are open
// inside of it.
type frame struct {
	tag    atom.Atom
	effect effect
	inside int
}

const maxFrames = 200

func (w *textWriter) newline(n int) {
	if n == 0 {
		return
	}
	for w.newlines < n {
		w.o.WriteByte('\n')
		w.newlines++
	}
	w.space, w.indent = false, 0
}

func (w *textWriter) text(t []byte) {
	for len(t) > 0 {
		n := 0
		for n < len(t) && t[n] > ' ' && t[n] < utf8.RuneSelf {
			n++
		}
		if n > 0 {
			w.shown()
			w.o.Write(t[:n])
			t = t[n:]
			continue
		}
		c, n := utf8.DecodeRune(t)
		t = t[n:]
		switch {
		case c == '\n' && w.pre > 0:
			w.newline(w.newlines + 1)
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\u00a0':
			if w.pre > 0 && c == ' ' && w.newlines == 0 {
				w.o.WriteByte(' ')
				continue
			}
			if w.pre > 0 && w.indent < 80 {
				w.indent++
			}
			w.space = true
		case c == '\u200c' || c == '\u200b' || c == '\u00ad' || c == '\u034f' || c == '\ufeff' || c == '\u200e' || c == 0: // invisible
		default:
			w.shown()
			w.o.WriteRune(c)
		}
	}
}

// shown writes what stands before the next letter.
func (w *textWriter) shown() {
	if w.newlines > 0 && w.quote > 0 {
		w.o.WriteString(strings.Repeat("> ", min(w.quote, maxQuote)))
	}
	switch {
	case w.newlines > 0 && w.pre > 0:
		w.o.WriteString(strings.Repeat(" ", w.indent))
	case w.space && w.newlines == 0:
		w.o.WriteByte(' ')
	}
	w.space, w.newlines, w.indent = false, 0, 0
}

func (w *textWriter) start(a atom.Atom, e effect) {
	switch a {
	case atom.Style, atom.Script, atom.Head, atom.Title, atom.Noscript, atom.Template, atom.Object:
		w.skip++
		return
	case atom.Body:
		w.skip = 0 // a head that was never closed
		w.pre, w.open = 0, w.open[:0]
		return
	case atom.Pre:
		w.pre++
		w.newline(1)
	case atom.Br:
		w.newline(w.newlines + 1)
		return
	case atom.Td, atom.Th:
		w.space = true
	case atom.Li:
		w.newline(1)
		if w.skip == 0 {
			w.text([]byte("*"))
		}
		w.space = true
	case atom.Blockquote:
		w.newline(1)
	default:
		w.newline(blockGap(a))
	}
	w.enter(a, e)
}

func (w *textWriter) enter(a atom.Atom, e effect) {
	switch {
	case e == effectRest:
		w.newline(1)
		w.quote++
		return
	case isVoid(a):
		return
	case e != effectNone && len(w.open) < maxFrames:
		w.open = append(w.open, frame{a, e, 0})
		if e == effectHide {
			w.skip++
		} else {
			w.quote++
			w.newline(1)
		}
		return
	}
	if n := len(w.open); n > 0 && w.open[n-1].tag == a {
		w.open[n-1].inside++
	}
}

func (w *textWriter) end(a atom.Atom) {
	switch a {
	case atom.Style, atom.Script, atom.Head, atom.Title, atom.Noscript, atom.Template, atom.Object:
		w.skip = max(0, w.skip-1)
		return
	case atom.Pre:
		w.pre = max(0, w.pre-1)
		w.newline(1)
	case atom.Blockquote:
		w.newline(1)
	case atom.Br:
		return
	default:
		w.newline(blockGap(a))
	}
	n := len(w.open)
	if n == 0 || w.open[n-1].tag != a {
		return
	}
	if w.open[n-1].inside > 0 {
		w.open[n-1].inside--
		return
	}
	if w.open[n-1].effect == effectHide {
		w.skip = max(0, w.skip-1)
	} else {
		w.quote = max(0, w.quote-1)
		w.newline(1)
	}
	w.open = w.open[:n-1]
}

func isVoid(a atom.Atom) bool {
	switch a {
	case atom.Br, atom.Hr, atom.Img, atom.Input, atom.Meta, atom.Link, atom.Area, atom.Base, atom.Col, atom.Embed, atom.Source, atom.Wbr, atom.Track, atom.Param:
		return true
	}
	return false
}

// blockGap is how many line ends stand around an element.
func blockGap(a atom.Atom) int {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return 2
	case atom.Div, atom.Tr, atom.Ul, atom.Ol, atom.Table, atom.Hr, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Center, atom.Address, atom.Dt, atom.Dd:
		return 1
	}
	return 0
}
