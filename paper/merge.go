package paper

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"text/template"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Hole is a merge field that has no value. Field is its name as in Fields.
type Hole struct{ Field string }

func (h Hole) Error() string { return "no value for " + h.Field }

// A merged value never passes through Markdown: the template prints a token,
// and the token is exchanged for the value in the finished tree. So a name
// such as "Bob*s* | x" or "# Price" stays text wherever it stands.
const (
	tokenStart = "\ue000"
	tokenEnd   = "\ue001"
)

// Bounds of one merge, far above any agreement.
const (
	maxSteps = 20_000
	maxList  = 1_000
	maxText  = 32 << 10
)

// merge is the state of one Merge.
type merge struct {
	lang  locale
	held  []held
	holes []string
	steps int
}

// held is what a token stands for: a text, a hole or a block.
type held struct {
	text  string
	hole  bool
	block Block
}

// Merge fills in the values. When fields have none it returns the document all
// the same, with its holes marked, for the preview, and an error that joins a
// Hole for each; Make refuses such a document.
func (t *Template) Merge(v Values) (*Doc, error) {
	lang, err := languageOf(t.Language)
	if err != nil {
		return nil, fmt.Errorf("merge: %w", err)
	}
	m := &merge{lang: lang}
	title, err := m.execute(t.title, v)
	if err != nil {
		return nil, fmt.Errorf("merge title: %w", err)
	}
	body, err := m.execute(t.body, v)
	if err != nil {
		return nil, fmt.Errorf("merge: %w", err)
	}
	d := &Doc{Title: m.plain(title), Kind: t.Kind, Language: lang.tag, lang: lang}
	if d.Blocks, err = parseMarkdown(body, m); err != nil {
		return nil, fmt.Errorf("merge: %w", err)
	}
	for _, b := range d.Blocks {
		if s, ok := b.(Signature); ok {
			d.Signers = append(d.Signers, s.Signer)
		}
	}
	d.Signers = inOrder(d.Signers)
	if d.Title == "" {
		d.Title = d.firstHeading()
	}
	for _, p := range t.Parties {
		if !d.hasParty(p) {
			m.hole("Signers: " + p)
		}
	}
	d.holes = m.holes
	var holes []error
	for _, h := range m.holes {
		holes = append(holes, Hole{h})
	}
	return d, errors.Join(holes...)
}

func (m *merge) execute(t *template.Template, v Values) (string, error) {
	if t.Tree == nil {
		return "", nil
	}
	x, err := t.Clone() // its functions are this merge's
	if err != nil {
		return "", err
	}
	var out bounded
	if err := x.Funcs(m.funcs()).Execute(&out, v); err != nil {
		return "", err
	}
	return out.String(), nil
}

// bounded is a builder that refuses to grow beyond maxSource.
type bounded struct{ strings.Builder }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxSource {
		return 0, fmt.Errorf("the merged text is longer than %d bytes", maxSource)
	}
	return b.Builder.Write(p)
}

func (m *merge) funcs() template.FuncMap {
	return template.FuncMap{
		"need": m.need, "have": m.have, "each": m.each, "guard": m.guard,
		"date": m.date, "money": m.money,
		"prices": m.prices, "terms": m.terms, "signature": m.signature, "signatures": m.signatures,
	}
}

func (m *merge) step() error {
	if m.steps++; m.steps > maxSteps {
		return errors.New("the template does more than an agreement needs")
	}
	return nil
}

func (m *merge) hole(name string) {
	for _, h := range m.holes {
		if h == name {
			return
		}
	}
	m.holes = append(m.holes, name)
}

// missing stands for a value that is not there, so that one press finds all holes.
type missing string

// need looks a field up and marks a hole when it has no value.
func (m *merge) need(name string, from any, path ...string) (any, error) {
	v, err := m.have(name, from, path...)
	if err == nil && isEmpty(v) {
		m.hole(name)
		return missing(name), nil
	}
	return v, err
}

// have looks a field up; without a value it is nil.
func (m *merge) have(name string, from any, path ...string) (any, error) {
	if err := m.step(); err != nil {
		return nil, err
	}
	v := reflect.ValueOf(from)
	for _, p := range path {
		for v.IsValid() && v.Kind() == reflect.Interface {
			v = v.Elem()
		}
		switch {
		case !v.IsValid():
			return nil, nil
		case v.Kind() == reflect.Map && v.Type().Key().Kind() == reflect.String:
			v = v.MapIndex(reflect.ValueOf(p).Convert(v.Type().Key()))
		case v.Kind() == reflect.Struct && v.FieldByName(p).IsValid() && v.FieldByName(p).CanInterface():
			v = v.FieldByName(p)
		default:
			return nil, fmt.Errorf("%s: there is no %s in it", name, p)
		}
	}
	if !v.IsValid() {
		return nil, nil
	}
	x := v.Interface()
	if s, ok := x.(string); ok {
		return strings.TrimSpace(s), nil
	}
	return x, nil
}

func isEmpty(v any) bool {
	if v == nil {
		return true
	}
	switch x := v.(type) {
	case string:
		return clean(x) == ""
	case time.Time:
		return x.IsZero()
	case Money:
		return x.Currency == ""
	}
	r := reflect.ValueOf(v)
	return (r.Kind() == reflect.Slice || r.Kind() == reflect.Map) && r.Len() == 0
}

// each gives the elements of a list to range over, and nothing else.
func (m *merge) each(v any) ([]any, error) {
	if v == nil || isMissing(v) {
		return nil, nil
	}
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Slice {
		return nil, fmt.Errorf("range needs a list, not %T", v)
	}
	if r.Len() > maxList {
		return nil, fmt.Errorf("a list of %d is longer than %d", r.Len(), maxList)
	}
	if err := m.step(); err != nil {
		return nil, err
	}
	out := make([]any, r.Len())
	for i := range out {
		out[i] = r.Index(i).Interface()
	}
	return out, nil
}

func isMissing(v any) bool { _, ok := v.(missing); return ok }

// guard is the last step of every printing action: value in, token out.
func (m *merge) guard(v any) (string, error) {
	if err := m.step(); err != nil {
		return "", err
	}
	switch x := v.(type) {
	case token:
		return string(x), nil
	case missing:
		return m.hold(held{text: string(x), hole: true}), nil
	case string:
		return m.holdText(x)
	case bool, int, int64:
		return m.holdText(fmt.Sprint(x))
	case float64:
		return m.holdText(strconv.FormatFloat(x, 'f', -1, 64))
	case time.Time:
		return m.holdText(m.lang.day(x))
	case Money:
		return m.holdText(x.Format(m.lang.tag))
	case nil:
		return "", nil
	}
	return "", fmt.Errorf("a %T cannot be printed; use range, prices, terms or signatures", v)
}

// token is a printed token, made by a function and let through by guard.
type token string

func (m *merge) hold(h held) string {
	m.held = append(m.held, h)
	return tokenStart + strconv.Itoa(len(m.held)-1) + tokenEnd
}

func (m *merge) holdText(s string) (string, error) {
	if len(s) > maxText {
		return "", fmt.Errorf("a value of %d bytes is longer than %d", len(s), maxText)
	}
	s = clean(s)
	if s == "" {
		return "", nil
	}
	return m.hold(held{text: isolate(s)}), nil
}

// clean makes one line of valid text: spaces for line ends, no control
// characters and none that turn the direction of the text around it.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r' || r == '\u2028' || r == '\u2029' || r == '\v' || r == '\f' || r == '\u0085':
			return ' '
		case unicode.IsControl(r) || r == unicode.ReplacementChar || r == '\ufeff' || r == '\ue000' || r == '\ue001':
			return -1
		case r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\u200e' || r == '\u200f' || r == '\u061c':
			return -1
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(s, "")))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " ")
}

// isolate keeps a right-to-left value from pulling the numbers and marks
// beside it to its own side (UAX #9, isolates).
func isolate(s string) string {
	if strings.IndexFunc(s, isRightToLeft) < 0 {
		return s
	}
	return "\u2068" + s + "\u2069"
}

// expand exchanges tokens for what they stand for.
func (m *merge) expand(s string, yield func(text string, h *held)) {
	for s != "" {
		before, rest, ok := strings.Cut(s, tokenStart)
		if before != "" {
			yield(before, nil)
		}
		if !ok {
			return
		}
		var id string
		id, s, _ = strings.Cut(rest, tokenEnd)
		if n, err := strconv.Atoi(id); err == nil && n >= 0 && n < len(m.held) {
			yield("", &m.held[n])
		}
	}
}

// plain is a text with its tokens exchanged.
func (m *merge) plain(s string) string {
	var b strings.Builder
	m.expand(s, func(text string, h *held) {
		if h != nil {
			text = h.text
		}
		b.WriteString(text)
	})
	return b.String()
}
