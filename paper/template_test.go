package paper

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

var created = time.Date(2026, time.November, 22, 10, 0, 0, 0, time.UTC)

func merged(t testing.TB, source string, v Values) *Doc {
	t.Helper()
	x, err := ParseTemplate(source)
	if err != nil {
		t.Fatal(err)
	}
	d, err := x.Merge(v)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func shipped(t testing.TB, name string) Shipped {
	t.Helper()
	for _, s := range Templates() {
		if s.Name == name {
			return s
		}
	}
	t.Fatal("no template " + name)
	return Shipped{}
}

func TestShippedTemplatesMergeWithTheExample(t *testing.T) {
	t.Parallel()
	kinds := map[string]bool{}
	for _, s := range Templates() {
		d, err := s.Merge(Example())
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		if !strings.Contains(s.Note, "Have a lawyer read it") {
			t.Errorf("%s: its note does not send it to a lawyer", s.Name)
		}
		if strings.Contains(d.HTML(), "lawyer") {
			t.Errorf("%s: the note is on the paper", s.Name)
		}
		if len(d.Signers) != 2 || d.Signers[0].ID != "them-1" {
			t.Errorf("%s: signers %v", s.Name, d.Signers)
		}
		kinds[s.Kind] = true
	}
	for _, k := range []string{"sale", "funding", "job", "partnership", "advice"} {
		if !kinds[k] {
			t.Errorf("no template for a deal of kind %s", k)
		}
	}
}

// Taking away any field of the example makes a hole of that name.
func TestEveryFieldOfAShippedTemplateIsNeededOrOptional(t *testing.T) {
	t.Parallel()
	for _, s := range Templates() {
		for _, f := range s.Fields() {
			v := Example()
			top, rest, nested := strings.Cut(f, ".")
			if nested {
				delete(v[top].(Values), rest)
			} else {
				delete(v, top)
			}
			_, err := s.Merge(v)
			var h Hole
			switch {
			case f == "Yes.Words" || f == "Them.Address" || f == "Scope": // said when it is known; a list may be empty
				if err != nil {
					t.Errorf("%s without %s, which is optional: %v", s.Name, f, err)
				}
			case f == "Signers":
				if !errors.As(err, &h) || !strings.HasPrefix(h.Field, "Signers") {
					t.Errorf("%s without %s: %v", s.Name, f, err)
				}
			case !errors.As(err, &h) || h.Field != f:
				t.Errorf("%s without %s: %v", s.Name, f, err)
			}
		}
	}
}

func TestAllHolesAreNamedAtOnce(t *testing.T) {
	t.Parallel()
	x, err := ParseTemplate("# Deal\n\n{{.A}} and {{.B.C}} and {{date .D}}, again {{.A}}, {{.E}}")
	if err != nil {
		t.Fatal(err)
	}
	d, err := x.Merge(Values{"E": " \n "})
	if d == nil || err == nil {
		t.Fatal("no document for the preview, or no error")
	}
	if diff := cmp.Diff([]string{"A", "B.C", "D", "E"}, d.Holes()); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(d.HTML(), `<mark class="hole">B.C</mark>`) {
		t.Error("the preview does not show the hole:", d.HTML())
	}
	var h Hole
	if _, err := Make(d, nil, Options{}); !errors.As(err, &h) || h.Field != "A" {
		t.Error("a paper was made with a hole in it:", err)
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	tpl, err := ParseTemplate("---\ntitle: For {{.Them.Name}}\n---\n{{if .Yes.Words}}{{.Yes.Words}}{{end}}\n{{range .Scope}}- {{.Name}} of {{$.Us.Name}}\n{{end}}{{range $i, $p := .Parts}}{{$p.Day}}{{end}}{{with .Them}}{{.Street}}{{end}}{{prices .Prices}}")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Them.Name", "Yes.Words", "Scope", "Scope[].Name", "Us.Name", "Parts", "Parts[].Day", "Them", "Them.Street", "Prices"}
	if diff := cmp.Diff(want, tpl.Fields()); diff != "" {
		t.Error(diff)
	}
}

func TestTemplatesThatAreRefused(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"{{.A":                                "unclosed",
		"a\n\n{{printf \"%d\" 1}}":            "template:3",
		"{{define \"x\"}}y{{end}}":            "define",
		"{{template \"x\"}}":                  "template",
		"{{.A.B 3}}":                          "no arguments",
		"{{(index .A 1).B}}":                  "expression",
		"---\ntitle: x\n":                     "front matter",
		"---\ntitle: x\nsize: 3\n---\n":       "line 3",
		"---\nlanguage: <x>\n---\n":           "language tag",
		"\ue0001\ue001":                       "U+E000",
		strings.Repeat("x", maxSource+1):      "longer",
		"---\ntitle: {{.A\n---\n":             "title",
		"---\ntitle: a\n---\n\n\n{{html .A}}": "template:6",
	} {
		_, err := ParseTemplate(source)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: got %v, want something about %q", source, err, want)
		}
	}
}

func TestMergesThatAreRefused(t *testing.T) {
	t.Parallel()
	long := make([]string, 900)
	for i := range long {
		long[i] = "x"
	}
	v := Values{"List": long, "N": 1_000_000_000, "M": Values{"x": 1}, "Big": strings.Repeat("x", maxText+1),
		"P": []Price{{Item: "a", Quantity: 1000, Unit: Money{1, "EUR"}}, {Item: "b", Quantity: 1000, Unit: Money{1, "USD"}}}}
	for source, want := range map[string]string{
		"{{range .N}}{{end}}": "needs a list",
		"{{range .List}}{{range $.List}}{{range $.List}}{{.}}{{end}}{{end}}{{end}}": "more than an agreement",
		"{{.M}}":                         "cannot be printed",
		"{{.Big}}":                       "longer",
		"{{date .N}}":                    "not a day",
		"{{money .N}}":                   "not an amount",
		"{{prices .P}}":                  "cannot be added",
		"{{prices .List}}":               "prices: not of",
		"Pay {{prices .P2}}":             "line of their own",
		strings.Repeat("{{.List.X}}", 2): "there is no X",
	} {
		w := Values{"P2": []Price{{Item: "a", Quantity: 1000, Unit: Money{1, "EUR"}}}}
		for k, x := range v {
			w[k] = x
		}
		x, err := ParseTemplate(source)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Now()
		_, err = x.Merge(w)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want something about %q", source, err, want)
		}
		if took := time.Since(at); took > 2*time.Second {
			t.Errorf("%q took %v", source, took)
		}
	}
}

// hostile values try to become structure, script or a wrong order of reading.
var hostile = []string{
	"Bob*s* | x", "# Price", "- item", "1. one", "`code`", "```\nfence\n```", "a\n\nb", "<script>alert(1)</script>",
	"[a](javascript:alert(1))", "![x](http://example.com/x.png)", "| a | b |\n|---|---|\n| c | d |", "{{.Secret}}", "&lt;b&gt;", "&#35; x",
	"**bold**", "    indented", "> quote", "---", "===", "\\", "a  \nb", "<!-- x -->", "]]>", "\u202egnp.exe\u202c", "\u2066x", "x\x00y\x1b[31m", "\ue0000\ue001", "<b onclick=x>",
}

func TestHostileValuesStayText(t *testing.T) {
	t.Parallel()
	source := "# For {{.V}}\n\nWith {{.V}}, **{{.V}}**, *{{.V}}*, `{{.V}}` and [{{.V}}]({{.V}}).\n\n{{.V}}\n\n- {{.V}}\n\n> {{.V}}\n\n| h {{.V}} | b |\n|---|---|\n| {{.V}} | z |\n\n```\n{{.V}}\n```\n\n<div title=\"{{.V}}\">{{.V}}</div>\n\n{{prices .P}}\n\n{{terms .T}}\n\n{{signatures .S}}\n"
	shape := func(v string) string {
		d := merged(t, source, Values{"V": v, "P": []Price{{v, v, 1000, Money{100, "EUR"}}}, "T": []Term{{v, v}}, "S": []Signer{{ID: v, Party: "x", Name: v, Title: v, Company: v}}})
		if want := clean(v); v != "\\" && !strings.Contains(plainText(d.Blocks[2].(Paragraph).Text), want) {
			t.Errorf("%q: the paragraph reads %q", v, plainText(d.Blocks[2].(Paragraph).Text))
		}
		if _, err := Make(d, nil, Options{Created: created}); err != nil {
			t.Errorf("%q: %v", v, err)
		}
		return elements(t, d.HTML())
	}
	want := shape("plain")
	for _, v := range hostile {
		if diff := cmp.Diff(want, shape(v)); diff != "" {
			t.Errorf("%q changed the structure: %s", v, diff)
		}
	}
}

// elements lists the elements of a page, and fails on any that a strict
// content policy or a careful reader would not have.
func elements(t *testing.T, page string) string {
	t.Helper()
	var out []string
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(out, " ")
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			out = append(out, tok.Data)
			allowed := strings.Fields("article h1 h2 h3 h4 h5 h6 p strong em small br ul ol li blockquote table thead tbody tfoot tr th td section hr mark")
			if !slices.Contains(allowed, tok.Data) {
				t.Errorf("element %s in %s", tok.Data, page)
			}
			for _, a := range tok.Attr {
				if !slices.Contains([]string{"class", "lang", "dir", "scope", "start", "data-signer"}, a.Key) {
					t.Errorf("attribute %s in %s", a.Key, page)
				}
			}
		}
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	d := merged(t, "## A *b* **c `d` e**\n\nOne\\\ntwo & three &amp; four \\* <i>x</i> ![alt](x.png)\n\n3. three\n   - in\n\n[site](https://example.com) <https://example.com>\n", nil)
	want := []Block{
		Heading{2, []Span{{Text: "A "}, {Text: "b", Italic: true}, {Text: " "}, {Text: "c ", Bold: true}, {Text: "d", Bold: true}, {Text: " e", Bold: true}}},
		Paragraph{[]Span{{Text: "One"}, {Break: true}, {Text: "two & three & four * "}, {Text: "<i>"}, {Text: "x"}, {Text: "</i>"}, {Text: " "}, {Text: "alt"}}},
		List{true, 3, [][]Block{{Paragraph{[]Span{{Text: "three"}}}, List{false, 0, [][]Block{{Paragraph{[]Span{{Text: "in"}}}}}}}}},
		Paragraph{[]Span{{Text: "site"}, {Text: " (https://example.com)"}, {Text: " "}, {Text: "https://example.com"}}},
	}
	if diff := cmp.Diff(want, d.Blocks); diff != "" {
		t.Error(diff)
	}
}

func TestNestedWithoutEndIsRefused(t *testing.T) {
	t.Parallel()
	for _, source := range []string{strings.Repeat("> ", 40) + "x", strings.Repeat("- ", 40) + "x", strings.Repeat(">", 10_000), strings.Repeat("- ", 10_000) + "x"} {
		x, err := ParseTemplate(source)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Now()
		if _, err := x.Merge(nil); err == nil || !strings.Contains(err.Error(), "nested") {
			t.Errorf("%.20q: %v", source, err)
		}
		if took := time.Since(at); took > 2*time.Second {
			t.Errorf("%.20q took %v", source, took)
		}
	}
}

func TestCostlyMarkdownIsBounded(t *testing.T) {
	t.Parallel()
	for source, refused := range map[string]bool{
		strings.Repeat("[a](", 50_000): true, strings.Repeat("*a_ ", 50_000): true,
		strings.Repeat("[a](", maxSigns): false, strings.Repeat("*a_ ", maxSigns/2): false, strings.Repeat("`", 9999): false, strings.Repeat("<!--", 9999): false,
	} {
		x, err := ParseTemplate(source)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Now()
		if _, err := x.Merge(nil); (err != nil) != refused {
			t.Errorf("%.12q × %d: %v", source, len(source), err)
		}
		if took := time.Since(at); took > 2*time.Second {
			t.Errorf("%.12q × %d took %v", source, len(source), took)
		}
	}
}

func TestMoney(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		m        Money
		lang, to string
	}{
		{Money{480000, "EUR"}, "en", "€4,800.00"},
		{Money{480000, "EUR"}, "de", "4.800,00\u00a0€"},
		{Money{-123456789, "CHF"}, "en", "−CHF\u00a01,234,567.89"},
		{Money{1500, "JPY"}, "en", "¥1,500"},
		{Money{1500, "KWD"}, "en", "KWD\u00a01.500"},
		{Money{5, "USD"}, "en-US", "$0.05"},
		{Money{100000, "EUR"}, "fr", "1\u00a0000,00\u00a0€"},
		{Money{-9223372036854775808, "JPY"}, "en", "−¥9,223,372,036,854,775,808"},
	} {
		if got := c.m.Format(c.lang); got != c.to {
			t.Errorf("%v in %s: got %q, want %q", c.m, c.lang, got, c.to)
		}
	}
	if got := (Price{Quantity: 1500, Unit: Money{333, "EUR"}}).Total(); got.Amount != 500 { // 499.5
		t.Error(got)
	}
	if got := (Price{Quantity: -1500, Unit: Money{333, "EUR"}}).Total(); got.Amount != -500 {
		t.Error(got)
	}
}

func TestRightToLeftValuesAreIsolated(t *testing.T) {
	t.Parallel()
	d := merged(t, "**{{.N}}**, 12 Main St", Values{"N": "شركة النور"})
	if got := plainText(d.Blocks[0].(Paragraph).Text); got != "\u2068شركة النور\u2069, 12 Main St" {
		t.Errorf("%q", got)
	}
	if h := d.HTML(); strings.Contains(h, `<p dir="rtl"`) {
		t.Error("an English paragraph runs from right to left:", h)
	}
}
