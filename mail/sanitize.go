package mail

import (
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// HTMLOptions says what of a mail's HTML may be shown.
type HTMLOptions struct {
	// Remote lets images be loaded from elsewhere.
	Remote bool
	// CID gives the address of an attachment that the HTML shows by its
	// Content-ID; "" = it is not here. It must be safe as an attribute's value.
	CID func(contentID string) string
	// Placeholder is the address of the image that stands for one that is not
	// loaded; "" = the image is left out and its alt text shown.
	Placeholder string
}

// maxHTML bounds what is sanitised; longer mails are cut.
const maxHTML = 4 << 20

// SanitizeHTML returns what of a mail's HTML is safe to show in a page of its
// own with a strict content policy: no scripts, forms, frames, style sheets or
// addresses in styles; images only as the options allow; links open outside
// and tell nobody where they were. blocked counts the images not loaded.
func SanitizeHTML(s string, opt HTMLOptions) (safe string, blocked int) {
	if len(s) > maxHTML {
		s = strings.ToValidUTF8(s[:maxHTML], "")
	}
	clean := policy.Sanitize(s)
	var o strings.Builder
	o.Grow(len(clean))
	z := html.NewTokenizer(strings.NewReader(clean))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return o.String(), blocked
		case html.StartTagToken, html.SelfClosingTagToken:
			raw := string(z.Raw())
			if !strings.HasPrefix(raw, "<img") {
				o.WriteString(raw)
				continue
			}
			if t := z.Token(); t.DataAtom == atom.Img {
				blocked += writeImage(&o, t, opt)
			}
		default:
			o.Write(z.Raw())
		}
	}
}

// writeImage writes an image with the address that the options give it and
// returns 1 when it is not loaded.
func writeImage(o *strings.Builder, t html.Token, opt HTMLOptions) (blocked int) {
	alt, at := "", -1
	for i, a := range t.Attr {
		switch a.Key {
		case "alt":
			alt = a.Val
		case "src":
			at = i
		}
	}
	if at < 0 {
		return 0
	}
	src := strings.TrimSpace(t.Attr[at].Val)
	low := strings.ToLower(src)
	switch {
	case strings.HasPrefix(low, "data:image/"):
	case strings.HasPrefix(low, "cid:"):
		src = ""
		if opt.CID != nil {
			src = opt.CID(strings.Trim(percentDecode(t.Attr[at].Val[4:]), "<> "))
		}
	case opt.Remote && (strings.HasPrefix(low, "https:") || strings.HasPrefix(low, "http:")):
	default:
		src = ""
	}
	if src == "" {
		blocked, src = 1, opt.Placeholder
		if src == "" {
			o.WriteString(html.EscapeString(alt))
			return blocked
		}
	}
	t.Attr[at].Val = src
	o.WriteString(t.String())
	return blocked
}

// policy is an allow list: what it does not name is left out.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("b", "i", "u", "s", "em", "strong", "p", "br", "div", "blockquote", "pre", "code", "tt", "ul", "ol", "li", "dl", "dt", "dd", "hr",
		"h1", "h2", "h3", "h4", "h5", "h6", "center", "sub", "sup", "small", "big", "del", "ins", "strike", "cite", "kbd", "samp", "var", "q", "abbr",
		"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col", "section", "article", "header", "footer", "address", "figure", "figcaption", "details", "summary")
	p.AllowNoAttrs().OnElements("span", "font", "a")
	p.AllowStandardURLs()
	p.AllowURLSchemes("http", "https", "mailto", "tel", "cid")
	p.AllowAttrs("href").OnElements("a")
	p.RequireNoReferrerOnLinks(true)
	p.RequireNoFollowOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	p.AllowRelativeURLs(false)
	p.AllowDataURIImages()
	p.AllowAttrs("src", "alt").OnElements("img")
	number := regexp.MustCompile(`^\d{1,4}%?$`)
	p.AllowAttrs("width", "height").Matching(number).OnElements("img", "table", "td", "th", "col")
	p.AllowAttrs("cellpadding", "cellspacing", "border").Matching(number).OnElements("table")
	p.AllowAttrs("colspan", "rowspan", "start").Matching(number).OnElements("td", "th", "ol")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`(?i)^(left|right|center|justify)$`)).OnElements("table", "tr", "td", "th", "p", "div", "h1", "h2", "h3", "h4")
	p.AllowAttrs("valign").Matching(regexp.MustCompile(`(?i)^(top|middle|bottom|baseline)$`)).OnElements("tr", "td", "th")
	color := regexp.MustCompile(`(?i)^(#[0-9a-f]{3,8}|[a-z]{3,20})$`)
	p.AllowAttrs("bgcolor").Matching(color).OnElements("table", "tr", "td", "th")
	p.AllowAttrs("color").Matching(color).OnElements("font")
	p.AllowAttrs("size").Matching(regexp.MustCompile(`^[+-]?\d$`)).OnElements("font")
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`(?i)^(ltr|rtl|auto)$`)).Globally()
	p.AllowAttrs("lang").Matching(regexp.MustCompile(`^[a-zA-Z-]{2,20}$`)).Globally()
	p.AllowStyles("color", "background-color").Matching(regexp.MustCompile(`(?i)^(#[0-9a-f]{3,8}|rgba?\([0-9 ,.%]+\)|[a-z]{3,20})$`)).Globally()
	p.AllowStyles("font-weight", "font-style", "text-align", "text-decoration", "vertical-align", "white-space").Matching(regexp.MustCompile(`(?i)^[a-z0-9 -]{1,30}$`)).Globally()
	p.AllowStyles("font-size", "line-height", "padding", "padding-left", "padding-right", "padding-top", "padding-bottom", "margin", "margin-left", "margin-top", "margin-bottom", "width", "max-width", "height").
		Matching(regexp.MustCompile(`(?i)^([0-9]{1,4}(\.[0-9]{1,3})?(px|pt|em|ex|rem|%)? ?){1,4}$`)).Globally()
	p.AllowStyles("border", "border-left", "border-top", "border-bottom", "border-right").Matching(regexp.MustCompile(`(?i)^[a-z0-9 #.]{1,40}$`)).Globally()
	p.SkipElementsContent("title", "head", "select", "textarea", "button", "template", "math", "svg", "noscript", "video", "audio", "canvas", "map")
	return p
}()
