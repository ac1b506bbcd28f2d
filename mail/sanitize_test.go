package mail

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestSanitizeHTML(t *testing.T) {
	t.Parallel()
	opt := HTMLOptions{CID: func(id string) string {
		if id == "logo@example.com" {
			return "/file/7"
		}
		return ""
	}, Placeholder: "/blocked.svg"}
	for in, want := range map[string]string{
		`<p>Hi <b>Bob</b></p>`:                                      `<p>Hi <b>Bob</b></p>`,
		`<script>alert(1)</script>x`:                                `x`,
		`<p onclick="x()" style="position:fixed;color:red">a</p>`:   `<p style="color: red">a</p>`,
		`<p style="background:url(https://t.example/x)">a</p>`:      `<p>a</p>`,
		`<style>body{background:url(//t.example)}</style>a`:         `a`,
		`<form action="https://e.example"><input name=a>b</form>`:   `b`,
		`<iframe src="https://e.example"></iframe>a`:                `a`,
		`<a href="javascript:alert(1)">a</a>`:                       `<a>a</a>`,
		`<a href="https://example.com/x">a</a>`:                     `<a href="https://example.com/x" rel="nofollow noreferrer noopener" target="_blank">a</a>`,
		`<img src="https://t.example/p.gif" alt="logo">`:            `<img src="/blocked.svg" alt="logo">`,
		`<img src="//t.example/p.gif">`:                             ``,
		`<img src="cid:logo@example.com">`:                          `<img src="/file/7">`,
		`<img src="cid:other@example.com">`:                         `<img src="/blocked.svg">`,
		`<img src="data:image/png;base64,iVBORw0KGgo=">`:            `<img src="data:image/png;base64,iVBORw0KGgo=">`,
		`<img src="x" onerror=alert(1)>`:                            ``,
		`<svg onload=alert(1)><a>x</a></svg>y`:                      `y`,
		`<base href="https://e.example"><meta http-equiv=refresh>a`: `a`,
		`<link rel=stylesheet href="https://e.example/x.css">a`:     `a`,
		`<td background="https://t.example/x.png">a</td>`:           `<td>a</td>`,
		`<!--[if mso]><b>x</b><![endif]-->a`:                        `a`,
	} {
		got, _ := SanitizeHTML(in, opt)
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
	if got, n := SanitizeHTML(`<img src="https://t.example/p.gif" alt="a &lt;b&gt;"> <img src="cid:x">`, HTMLOptions{}); got != "a &lt;b&gt; " || n != 2 {
		t.Errorf("without placeholder: %q, %d blocked", got, n)
	}
	if got, n := SanitizeHTML(`<img src="https://t.example/p.gif">`, HTMLOptions{Remote: true}); got != `<img src="https://t.example/p.gif">` || n != 0 {
		t.Errorf("remote allowed: %q, %d blocked", got, n)
	}
}

// reaches names the first tag or attribute that would load or run something.
func reaches(safe string) string {
	for z := html.NewTokenizer(strings.NewReader(safe)); z.Next() != html.ErrorToken; {
		t := z.Token()
		if t.Type != html.StartTagToken && t.Type != html.SelfClosingTagToken {
			continue
		}
		if runs[t.Data] {
			return t.String()
		}
		for _, a := range t.Attr {
			v := strings.ToLower(strings.TrimSpace(a.Val))
			if strings.HasPrefix(a.Key, "on") || (a.Key == "href" || a.Key == "src") && strings.HasPrefix(v, "javascript:") || a.Key == "style" && strings.Contains(v, "url(") ||
				a.Key == "src" && (strings.HasPrefix(v, "http:") || strings.HasPrefix(v, "https:") || strings.HasPrefix(v, "//")) || a.Key == "background" || a.Key == "srcset" {
				return t.String()
			}
		}
	}
	return ""
}

var runs = map[string]bool{"script": true, "iframe": true, "object": true, "embed": true, "form": true, "input": true, "link": true, "meta": true, "base": true, "style": true,
	"svg": true, "math": true, "video": true, "audio": true}

func TestSanitizeSamples(t *testing.T) {
	t.Parallel()
	n := 0
	for _, f := range append(glob(t, "testdata/talon/*/*.html"), glob(t, "testdata/talon/standard_replies/*.eml")...) {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		s := string(b)
		if filepath.Ext(f) == ".eml" {
			m, _ := Parse(b)
			s = m.HTML
		}
		safe, _ := SanitizeHTML(s, HTMLOptions{})
		if bad := reaches(safe); bad != "" {
			t.Errorf("%s: %q is left", f, bad)
		}
		if s != "" && strings.TrimSpace(HTMLToText(s)) != "" && strings.TrimSpace(HTMLToText(safe)) == "" {
			t.Errorf("%s: nothing is left", f)
		}
		n++
	}
	t.Logf("%d HTML mails sanitised", n)
}

func glob(t testing.TB, pattern string) []string {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples in %s (%v)", pattern, err)
	}
	return files
}

func TestHTMLToText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"<p>One</p><p>Two <b>bold</b> words</p>":                                       "One\n\nTwo bold words",
		"a<br>b<br><br>c":                                                              "a\nb\n\nc",
		"<ul><li>one<li>two</ul>":                                                      "* one\n* two",
		"<style>x{}</style><title>t</title>a":                                          "a",
		"<div style='display:none'>preheader <div>x</div></div>shown":                  "shown",
		"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>":              "a b\nc",
		"new<blockquote type=cite>old<blockquote>older</blockquote></blockquote>after": "new\n> old\n> > older\nafter",
		"<blockquote style='margin:0 0 0 40px;border:none'>indented</blockquote>":      "indented",
		"new<div id=divRplyFwdMsg>From: x</div><div>old</div>":                         "new\n> From: x\n> old",
		"<pre>a\n  b</pre>":                                                            "a\n  b",
		"caf&eacute; &amp; t&#234;te":                                                  "café & tête",
		"<head><title>never closed<body>text":                                          "",
	} {
		if got := HTMLToText(in); got != want {
			t.Errorf("%s\n got %q\nwant %q", in, got, want)
		}
	}
}
