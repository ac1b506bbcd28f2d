package paper

import (
	"testing"
	"time"
)

// FuzzTemplate: whatever a member types as a template is merged or refused,
// soon, and what is merged has an HTML of known elements only.
func FuzzTemplate(f *testing.F) {
	for _, s := range Templates() {
		f.Add(s.Source, "Nguyễn Thị Minh Khai")
	}
	for _, h := range hostile {
		f.Add("# {{.Them.Name}} `{{.Ask}}`\n\n| a | b |\n|--|-:|\n| {{.Ask}} | x |\n\n{{with .Them}}{{.Name}}{{else}}x{{end}}{{range $i, $x := .Scope}}- {{$x}}{{end}}", h)
	}
	f.Add("{{range .Scope}}{{break}}{{end}}{{if and .A (not .B)}}{{len .Scope}}{{end}}{{$x := .Them}}{{$x.Name}}", "x")
	f.Fuzz(func(t *testing.T, source, value string) {
		x, err := ParseTemplate(source)
		if err != nil {
			return
		}
		v := Example()
		v["Ask"] = value
		v["Them"].(Values)["Name"] = value
		at := time.Now()
		d, err := x.Merge(v)
		if took := time.Since(at); took > 5*time.Second {
			t.Fatalf("merging took %v", took)
		}
		if d == nil {
			if err == nil {
				t.Fatal("no document and no error")
			}
			return
		}
		elements(t, d.HTML())
	})
}

// FuzzPaper: any Markdown becomes a paper or an error, twice the same.
func FuzzPaper(f *testing.F) {
	for _, s := range Templates() {
		f.Add(s.Source)
	}
	for _, s := range []string{"| a |\n|-|\n| " + "x x x x x x x x x | y | z", "1. a\n   - b\n     > c\n\n---\n\n```\ncode\n```", "سلام (abc) 12 \u2067x\u2069 שלום", "a\u0301\u0302\u0303\u00a0\u200b\u00ad\u2028b", "# \n\n| |\n|-|\n", "ffi ﬁ ſt\ufe0f 1\u20e3", "&#0; &#xd800; &copy; \\\\"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 20_000 {
			return
		}
		x, err := ParseTemplate(source)
		if err != nil {
			return
		}
		d, err := x.Merge(Example())
		if err != nil {
			return
		}
		at := time.Now()
		p, err := Make(d, nil, Options{Created: created})
		if took := time.Since(at); took > 10*time.Second {
			t.Fatalf("making took %v", took)
		}
		if err != nil {
			return
		}
		q, err := Make(d, nil, Options{Created: created})
		if err != nil || string(p.PDF) != string(q.PDF) {
			t.Fatal("the same input gave other bytes", err)
		}
	})
}
