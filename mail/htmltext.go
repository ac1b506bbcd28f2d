package mail

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// HTMLToText says in plain text what an HTML mail shows: one pass over the
// tokens, quotes marked by "> ", hidden parts left out.
func HTMLToText(s string) string {
	z := html.NewTokenizer(strings.NewReader(s))
	w := &textWriter{newlines: 2}
	w.o.Grow(len(s) / 3)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimRight(w.o.String(), " \n")
		case html.TextToken:
			if w.skip == 0 {
				w.text(html.UnescapeString(string(z.Raw())))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			w.start(atom.Lookup(name))
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(atom.Lookup(name))
		}
	}
}

type textWriter struct {
	o                strings.Builder
	skip, pre, quote int
	space            bool
	newlines         int // at the end of o
}

func (w *textWriter) newline(n int) {
	if n == 0 {
		return
	}
	for w.newlines < n {
		w.o.WriteByte('\n')
		w.newlines++
	}
	w.space = false
}

func (w *textWriter) text(t string) {
	for _, c := range t {
		switch {
		case c == '\n' && w.pre > 0:
			w.newline(w.newlines + 1)
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\u00a0':
			if w.pre > 0 && c == ' ' && w.newlines == 0 {
				w.o.WriteByte(' ')
				continue
			}
			w.space = true
		case c == '\u200c' || c == '\u200b' || c == '\u00ad' || c == '\u034f' || c == '\ufeff': // invisible
		default:
			if w.newlines > 0 && w.quote > 0 {
				w.o.WriteString(strings.Repeat("> ", min(w.quote, maxQuote)))
			}
			if w.space && w.newlines == 0 {
				w.o.WriteByte(' ')
			}
			w.space, w.newlines = false, 0
			w.o.WriteRune(c)
		}
	}
}

func (w *textWriter) start(a atom.Atom) {
	switch a {
	case atom.Style, atom.Script, atom.Head, atom.Title:
		w.skip++
	case atom.Body:
		w.skip = 0 // a head that was never closed
	case atom.Pre:
		w.pre++
		w.newline(1)
	case atom.Br:
		w.o.WriteByte('\n')
		w.newlines++
		w.space = false
	case atom.Td, atom.Th:
		w.space = true
	case atom.Li:
		w.newline(1)
		w.text("*")
		w.space = true
	case atom.Blockquote:
		w.newline(2)
		w.quote++
	default:
		w.newline(blockGap(a))
	}
}

func (w *textWriter) end(a atom.Atom) {
	switch a {
	case atom.Style, atom.Script, atom.Head, atom.Title:
		w.skip = max(0, w.skip-1)
	case atom.Pre:
		w.pre = max(0, w.pre-1)
		w.newline(1)
	case atom.Blockquote:
		w.newline(1)
		w.quote = max(0, w.quote-1)
	default:
		w.newline(blockGap(a))
	}
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
