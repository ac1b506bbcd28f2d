package paper

import (
	"fmt"
	"html"
	"strings"
)

// HTML is the agreement for the room: semantic elements, classes and no
// styles, scripts, links or pictures, so it works under any strict content
// policy. The caller gives the page around it.
func (d *Doc) HTML() string {
	w := &htmlWriter{doc: d}
	dir := "ltr"
	if d.lang.rightToLeft {
		dir = "rtl"
	}
	w.f(`<article class="paper" lang="%s" dir="%s">`+"\n", html.EscapeString(d.Language), dir)
	w.blocks(d.Blocks)
	w.f("</article>\n")
	return w.b.String()
}

type htmlWriter struct {
	b   strings.Builder
	doc *Doc
}

func (w *htmlWriter) f(format string, a ...any) { fmt.Fprintf(&w.b, format, a...) }

func (w *htmlWriter) blocks(bs []Block) {
	for _, b := range bs {
		switch b := b.(type) {
		case Heading:
			w.element(fmt.Sprintf("h%d", b.Level), "", b.Text)
		case Paragraph:
			w.element("p", "", b.Text)
		case Rule:
			w.f("<hr>\n")
		case Quote:
			w.f("<blockquote>\n")
			w.blocks(b.Blocks)
			w.f("</blockquote>\n")
		case List:
			w.list(b)
		case Table:
			w.table(b)
		case Signature:
			w.signature(b.Signer)
		}
	}
}

// element writes one with its spans; its direction is that of its first strong
// letter when this is not the agreement's.
func (w *htmlWriter) element(tag, attrs string, spans []Span) {
	if rtl := isRightToLeftText(plainText(spans), w.doc.lang.rightToLeft); rtl != w.doc.lang.rightToLeft {
		attrs += map[bool]string{true: ` dir="rtl"`, false: ` dir="ltr"`}[rtl]
	}
	w.f("<%s%s>", tag, attrs)
	w.spans(spans)
	w.f("</%s>\n", tag)
}

func (w *htmlWriter) list(l List) {
	switch {
	case l.Ordered && l.Start != 1:
		w.f("<ol start=\"%d\">\n", l.Start)
	case l.Ordered:
		w.f("<ol>\n")
	default:
		w.f("<ul>\n")
	}
	for _, item := range l.Items {
		w.f("<li>")
		w.blocks(item)
		w.f("</li>\n")
	}
	w.f("%s\n", map[bool]string{true: "</ol>", false: "</ul>"}[l.Ordered])
}

func (w *htmlWriter) table(t Table) {
	class := func(i int) string {
		if i < len(t.Align) && t.Align[i] != Left {
			return map[Align]string{Right: ` class="num"`, Center: ` class="mid"`}[t.Align[i]]
		}
		return ""
	}
	w.f("<table>\n")
	if len(t.Head) > 0 {
		w.f("<thead><tr>\n")
		for i, c := range t.Head {
			w.element("th", ` scope="col"`+class(i), c)
		}
		w.f("</tr></thead>\n")
	}
	w.f("<tbody>\n")
	for n, row := range t.Rows {
		if t.Total && n == len(t.Rows)-1 {
			w.f("</tbody>\n<tfoot>\n")
		}
		w.f("<tr>\n")
		for i, c := range row {
			if i == 0 && (t.RowHeads || t.Total && n == len(t.Rows)-1) {
				w.element("th", ` scope="row"`+class(i), c)
			} else {
				w.element("td", class(i), c)
			}
		}
		w.f("</tr>\n")
	}
	w.f("%s\n</table>\n", map[bool]string{true: "</tfoot>", false: "</tbody>"}[t.Total && len(t.Rows) > 0])
}

func (w *htmlWriter) signature(s Signer) {
	w.f(`<section class="sign" data-signer="%s">`+"\n", html.EscapeString(s.ID))
	if s.Company != "" {
		w.element("p", ` class="for"`, []Span{{Text: w.doc.lang.words().on + " " + isolate(s.Company)}})
	}
	w.f(`<p class="line"></p>` + "\n")
	w.element("p", ` class="name"`, []Span{{Text: isolate(s.Name)}})
	if s.Title != "" {
		w.element("p", ` class="role"`, []Span{{Text: isolate(s.Title)}})
	}
	w.f("</section>\n")
}

func (w *htmlWriter) spans(spans []Span) {
	for _, s := range spans {
		open, end := "", ""
		wrap := func(on bool, o, c string) {
			if on {
				open, end = open+o, c+end
			}
		}
		wrap(s.Bold, "<strong>", "</strong>")
		wrap(s.Italic, "<em>", "</em>")
		wrap(s.Quiet, "<small>", "</small>")
		wrap(s.Hole, `<mark class="hole">`, "</mark>")
		if s.Break {
			w.f("<br>")
		}
		w.f("%s%s%s", open, html.EscapeString(s.Text), end)
	}
}
