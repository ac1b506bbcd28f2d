package paper

import (
	"fmt"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
)

// maxSource bounds a template and what it merges to, in bytes.
const maxSource = 256 << 10

// Front is what a template says of itself, as "key: value" lines between two
// lines of three hyphens at its top.
type Front struct {
	Title    string   // may hold merge fields
	Kind     string   // of deal: sale, funding, job, partnership, advice
	Parties  []string // who signs, as the party of its signers, comma-separated
	Language string   // BCP 47; "en" when absent
	Note     string   // to the member who uses the template; never on the paper
}

// Template is an agreement with merge fields, ready to be merged.
type Template struct {
	Front
	title, body *template.Template
	fields      []string
}

// ParseTemplate reads a Markdown template with its front matter. Its errors
// name the line.
func ParseTemplate(source string) (*Template, error) {
	if len(source) > maxSource {
		return nil, fmt.Errorf("read template: longer than %d bytes", maxSource)
	}
	source = strings.ReplaceAll(source, "\r\n", "\n")
	if strings.ContainsAny(source, tokenStart+tokenEnd+"\x00") {
		return nil, fmt.Errorf("read template: it holds a character that no text has (U+E000, U+E001 or U+0000)")
	}
	front, body, lines, err := cutFront(source)
	if err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	t := &Template{Front: front}
	if t.title, err = t.compile("title", front.Title); err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	// Blank lines in place of the front matter keep the line numbers of errors right.
	if t.body, err = t.compile("template", strings.Repeat("\n", lines)+body); err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	return t, nil
}

func (t *Template) compile(name, text string) (*template.Template, error) {
	x, err := template.New(name).Option("missingkey=error").Funcs(stubs).Parse(text)
	if err != nil {
		return nil, err
	}
	if len(x.Templates()) > 1 {
		return nil, fmt.Errorf("%s: define and block are not for agreements", name)
	}
	if x.Tree == nil { // an empty text
		return x, nil
	}
	r := rewriter{tree: x.Tree}
	r.list(x.Tree.Root)
	if r.err != nil {
		return nil, r.err
	}
	for _, f := range r.fields {
		if !slices.Contains(t.fields, f) {
			t.fields = append(t.fields, f)
		}
	}
	return x, nil
}

// Fields lists the merge fields in the order of their first use, such as
// "Client.Company"; a field of a list's element reads "Deliverables[].Name".
func (t *Template) Fields() []string { return slices.Clone(t.fields) }

func cutFront(source string) (f Front, body string, lines int, err error) {
	f.Language = "en"
	rest, ok := strings.CutPrefix(source, "---\n")
	if !ok {
		return f, source, 0, nil
	}
	head, body, ok := strings.Cut(rest, "\n---\n")
	if !ok {
		return f, "", 0, fmt.Errorf("line 1: the front matter has no closing line of three hyphens")
	}
	for i, line := range strings.Split(head, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		value = strings.Trim(strings.TrimSpace(value), `"`)
		if !ok {
			return f, "", 0, fmt.Errorf("line %d: not of the form key: value", i+2)
		}
		switch strings.TrimSpace(key) {
		case "title":
			f.Title = value
		case "kind":
			f.Kind = value
		case "language":
			f.Language = value
		case "note":
			f.Note = value
		case "parties":
			for p := range strings.SplitSeq(value, ",") {
				f.Parties = append(f.Parties, strings.TrimSpace(p))
			}
		default:
			return f, "", 0, fmt.Errorf("line %d: unknown key %q; known are title, kind, parties, language, note", i+2, key)
		}
	}
	if _, err := languageOf(f.Language); err != nil {
		return f, "", 0, err
	}
	return f, body, strings.Count(head, "\n") + 3, nil
}

// stubs let the parser know the functions; each merge brings its own.
var stubs = func() template.FuncMap {
	m := template.FuncMap{}
	for name := range (&merge{}).funcs() {
		m[name] = func() string { return "" }
	}
	return m
}()

// allowedFuncs are what a template may call: nothing that could take long,
// print without being guarded, or reach outside of its values.
var allowedFuncs = []string{"and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len",
	"date", "money", "prices", "terms", "signature", "signatures"}

// rewriter turns every field into a call that knows its name, and every
// printing action into one whose value never passes through Markdown.
type rewriter struct {
	tree   *parse.Tree
	dots   []string          // what the dot is, as a prefix of field names
	vars   map[string]string // what a variable is, likewise
	fields []string
	err    error
}

func (r *rewriter) fail(n parse.Node, text string) {
	if r.err == nil {
		where, _ := r.tree.ErrorContext(n)
		r.err = fmt.Errorf("%s: %s", where, text)
	}
}

func (r *rewriter) dot() string {
	if len(r.dots) == 0 {
		return ""
	}
	return r.dots[len(r.dots)-1]
}

func (r *rewriter) list(l *parse.ListNode) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			subject := r.pipe(n.Pipe, "need")
			if len(n.Pipe.Decl) == 0 {
				n.Pipe.Cmds = append(n.Pipe.Cmds, command(parse.NewIdentifier("guard")))
			} else {
				r.declare(n.Pipe.Decl, subject)
			}
		case *parse.IfNode:
			r.branch(&n.BranchNode, r.pipe(n.Pipe, "have"), false)
		case *parse.WithNode:
			r.branch(&n.BranchNode, r.pipe(n.Pipe, "have"), true)
		case *parse.RangeNode:
			subject := r.pipe(n.Pipe, "have")
			n.Pipe.Cmds = append(n.Pipe.Cmds, command(parse.NewIdentifier("each")))
			r.branch(&n.BranchNode, subject+"[].", true)
		case *parse.TextNode, *parse.CommentNode, *parse.BreakNode, *parse.ContinueNode:
		default:
			r.fail(n, "not for agreements: "+n.String())
		}
	}
}

// branch walks both sides of an if, with or range; inside a with and a range
// the dot, and the last declared variable, is the subject.
func (r *rewriter) branch(b *parse.BranchNode, subject string, moves bool) {
	if moves && !strings.HasSuffix(subject, ".") {
		subject += "."
	}
	if len(b.Pipe.Decl) > 0 {
		r.declare(b.Pipe.Decl[len(b.Pipe.Decl)-1:], subject)
	}
	if moves {
		r.dots = append(r.dots, subject)
	}
	r.list(b.List)
	if moves {
		r.dots = r.dots[:len(r.dots)-1]
	}
	r.list(b.ElseList)
}

func (r *rewriter) declare(vars []*parse.VariableNode, subject string) {
	if r.vars == nil {
		r.vars = map[string]string{}
	}
	for _, v := range vars {
		r.vars[v.Ident[0]] = strings.TrimSuffix(subject, ".") + "."
	}
}

// pipe rewrites the fields of a pipeline and says which one it is about.
func (r *rewriter) pipe(p *parse.PipeNode, get string) (subject string) {
	for _, c := range p.Cmds {
		for i, a := range c.Args {
			call, name := r.arg(a, get)
			if call != nil {
				c.Args[i] = call
			}
			if name != "" && subject == "" {
				subject = name
			}
			if id, ok := a.(*parse.IdentifierNode); ok && !slices.Contains(allowedFuncs, id.Ident) {
				r.fail(a, "no function "+id.Ident)
			}
		}
		if _, isCall := c.Args[0].(*parse.IdentifierNode); !isCall && len(c.Args) > 1 {
			r.fail(c, "a field takes no arguments")
		}
		if pp, ok := c.Args[0].(*parse.PipeNode); ok && len(c.Args) == 1 && len(p.Cmds) == 1 && len(pp.Cmds) == 1 {
			p.Cmds[0] = pp.Cmds[0] // text/template wants a command here, not a pipe in a pipe
		}
	}
	return subject
}

// arg gives what replaces an argument, nil when it stays, and its field.
func (r *rewriter) arg(a parse.Node, get string) (parse.Node, string) {
	switch a := a.(type) {
	case *parse.FieldNode:
		name := r.dot() + strings.Join(a.Ident, ".")
		r.fields = append(r.fields, name)
		return r.call(get, name, &parse.DotNode{NodeType: parse.NodeDot, Pos: a.Pos}, a.Ident), name
	case *parse.VariableNode:
		from := r.vars[a.Ident[0]] // empty for $, the values themselves
		if len(a.Ident) == 1 {
			return nil, strings.TrimSuffix(from, ".")
		}
		name := from + strings.Join(a.Ident[1:], ".")
		r.fields = append(r.fields, name)
		v := &parse.VariableNode{NodeType: parse.NodeVariable, Pos: a.Pos, Ident: a.Ident[:1]}
		return r.call(get, name, v, a.Ident[1:]), name
	case *parse.DotNode:
		return nil, strings.TrimSuffix(r.dot(), ".")
	case *parse.PipeNode:
		return nil, r.pipe(a, get)
	case *parse.ChainNode:
		r.fail(a, "a field of an expression is not for agreements")
	}
	return nil, ""
}

// call makes (get name from path…).
func (r *rewriter) call(get, name string, from parse.Node, path []string) parse.Node {
	args := []parse.Node{parse.NewIdentifier(get), stringNode(name), from}
	for _, p := range path {
		args = append(args, stringNode(p))
	}
	return &parse.PipeNode{NodeType: parse.NodePipe, Cmds: []*parse.CommandNode{command(args...)}}
}

func command(args ...parse.Node) *parse.CommandNode {
	return &parse.CommandNode{NodeType: parse.NodeCommand, Args: args}
}

func stringNode(s string) parse.Node {
	return &parse.StringNode{NodeType: parse.NodeString, Quoted: fmt.Sprintf("%q", s), Text: s}
}
