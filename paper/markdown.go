package paper

import (
	"errors"
	"fmt"
	"html"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"golang.org/x/text/unicode/norm"
)

const (
	maxDepth   = 8  // lists in lists and quotes in quotes
	maxColumns = 12 // of a table
	maxSigns   = 3000
)

var markdown = goldmark.New(goldmark.WithExtensions(extension.Table))

// parseMarkdown reads CommonMark with tables. HTML in it is text, pictures are
// their alt text, and a link shows its address.
func parseMarkdown(source string, m *merge) ([]Block, error) {
	if err := bounds(source); err != nil {
		return nil, err
	}
	src := []byte(source)
	r := reader{src: src, m: m}
	out := r.blocks(markdown.Parser().Parse(text.NewReader(src)), 0)
	return out, r.err
}

// bounds refuses what goldmark would need long for: its time grows with the
// square of what is nested in one line, and of what opens links and emphasis
// in one paragraph.
func bounds(source string) error {
	signs := 0
	for line := range strings.Lines(source) {
		if markers(line) > 4*maxDepth {
			return errors.New("lists and quotes are nested too deep")
		}
		if strings.TrimSpace(line) == "" {
			signs = 0
		}
		for i := range len(line) {
			if strings.IndexByte("[*_", line[i]) >= 0 {
				signs++
			}
		}
		if signs > maxSigns {
			return fmt.Errorf("a paragraph has more than %d signs of links and emphasis", maxSigns)
		}
	}
	return nil
}

// markers counts the beginnings of quotes and lists that a line opens with.
func markers(line string) (n int) {
	for i := range len(line) {
		switch line[i] {
		case '>':
			n++
		case ' ', '\t':
			if i > 0 && strings.IndexByte("-+*.)", line[i-1]) >= 0 {
				n++
			}
		case '-', '+', '*', '.', ')', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		default:
			return n
		}
	}
	return n
}

// reader turns goldmark's tree into blocks and its tokens into values.
type reader struct {
	src []byte
	m   *merge
	err error
}

func (r *reader) blocks(n ast.Node, depth int) (out []Block) {
	if depth > maxDepth {
		r.err = fmt.Errorf("lists and quotes are nested more than %d deep", maxDepth)
		return nil
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch v := c.(type) {
		case *ast.Heading:
			out = append(out, Heading{v.Level, r.spans(v)})
		case *ast.Paragraph, *ast.TextBlock:
			out = append(out, r.paragraph(c)...)
		case *ast.ThematicBreak:
			out = append(out, Rule{})
		case *ast.Blockquote:
			out = append(out, Quote{r.blocks(v, depth+1)})
		case *ast.List:
			l := List{Ordered: v.IsOrdered(), Start: v.Start}
			for i := v.FirstChild(); i != nil; i = i.NextSibling() {
				l.Items = append(l.Items, r.blocks(i, depth+1))
			}
			out = append(out, l)
		case *east.Table:
			out = append(out, r.table(v))
		case *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock:
			out = append(out, Paragraph{r.lines(c)})
		}
	}
	return out
}

// paragraph is one, unless it is the place of a block: prices, terms, a signature.
func (r *reader) paragraph(n ast.Node) []Block {
	var blocks []Block
	spans, alone := r.spans(n), true
	if lines := n.Lines(); lines != nil {
		r.m.expand(string(lines.Value(r.src)), func(t string, h *held) {
			if h != nil && h.block != nil {
				blocks = append(blocks, h.block)
			} else if h != nil || strings.TrimSpace(t) != "" {
				alone = false
			}
		})
	}
	switch {
	case len(blocks) == 0:
		return []Block{Paragraph{spans}}
	case !alone:
		r.err = errors.New("prices, terms and signatures each need a line of their own between empty lines")
	}
	return blocks
}

func (r *reader) table(v *east.Table) Table {
	var t Table
	for _, a := range v.Alignments {
		t.Align = append(t.Align, map[east.Alignment]Align{east.AlignRight: Right, east.AlignCenter: Center}[a])
	}
	if len(t.Align) > maxColumns {
		r.err = fmt.Errorf("a table has more than %d columns", maxColumns)
		return Table{}
	}
	for row := v.FirstChild(); row != nil; row = row.NextSibling() {
		var cells [][]Span
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			cells = append(cells, r.spans(c))
		}
		if _, ok := row.(*east.TableHeader); ok {
			t.Head = cells
		} else {
			t.Rows = append(t.Rows, cells)
		}
	}
	return t
}

// lines are a block that is shown as it was typed.
func (r *reader) lines(n ast.Node) (out []Span) {
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		if i > 0 {
			out = append(out, Span{Break: true})
		}
		out = r.add(out, strings.TrimRight(string(s.Value(r.src)), "\n"), Span{})
	}
	return out
}

func (r *reader) spans(n ast.Node) []Span { return r.inline(nil, n, Span{}, 0) }

func (r *reader) inline(out []Span, n ast.Node, style Span, depth int) []Span {
	if depth > 4*maxDepth { // emphasis in emphasis without end
		return out
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch v := c.(type) {
		case *ast.Text:
			s := string(v.Segment.Value(r.src))
			if !v.IsRaw() {
				s = unescape(s)
			}
			if v.SoftLineBreak() {
				s += " "
			}
			out = r.add(out, s, style)
			if v.HardLineBreak() {
				out = append(out, Span{Break: true})
			}
		case *ast.String:
			out = r.add(out, string(v.Value), style)
		case *ast.Emphasis:
			s := style
			s.Bold, s.Italic = s.Bold || v.Level == 2, s.Italic || v.Level == 1
			out = r.inline(out, v, s, depth+1)
		case *ast.Link:
			before := len(out)
			out = r.inline(out, v, style, depth+1)
			if to := r.m.plain(string(v.Destination)); to != plainText(out[before:]) {
				out = r.add(out, " ("+string(v.Destination)+")", style)
			}
		case *ast.AutoLink:
			out = r.add(out, string(v.URL(r.src)), style)
		case *ast.RawHTML:
			out = r.add(out, string(v.Segments.Value(r.src)), style)
		default: // code, pictures
			out = r.inline(out, c, style, depth+1)
		}
	}
	return out
}

func (r *reader) add(out []Span, s string, style Span) []Span {
	r.m.expand(s, func(t string, h *held) {
		span := style
		if span.Text = norm.NFC.String(t); h != nil {
			span.Text, span.Hole = h.text, h.hole
		}
		if span.Text != "" {
			out = append(out, span)
		}
	})
	return out
}

// unescape undoes backslashes and entities, which goldmark leaves in the text.
func unescape(s string) string {
	if !strings.ContainsAny(s, `\&`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		switch {
		case s[i] == '\\' && i+1 < len(s) && strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", s[i+1]) >= 0:
			b.WriteByte(s[i+1])
			i += 2
			continue
		case s[i] == '&':
			if end := strings.IndexByte(s[i:min(len(s), i+34)], ';'); end > 0 {
				if e := html.UnescapeString(s[i : i+end+1]); !strings.HasSuffix(e, ";") {
					b.WriteString(e)
					i += end + 1
					continue
				}
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}
