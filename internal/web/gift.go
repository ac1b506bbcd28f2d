package web

import (
	"errors"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

func giftsPage(v *visit) (templ.Component, error) { return showGifts(v, nil, nil) }

// showGifts shows the library; tried is one that could not be kept.
func showGifts(v *visit, tried *dottedline.Gift, p *dottedline.Problem) (templ.Component, error) {
	out := html.GiftSettings{Problem: problemOf(p)}
	var err error
	if out.Shell, err = v.shell("Gifts", "settings", ""); err != nil {
		return nil, err
	}
	lib, err := v.desk.Gifts(v.Context(), v.actor)
	if err != nil {
		return nil, err
	}
	for _, g := range append(lib, dottedline.Gift{Kind: dottedline.NoteGift}) {
		here := tried != nil && tried.ID == g.ID
		if here {
			g = *tried
		}
		f := html.GiftForm{Title: g.Title, Text: g.Text, URL: g.URL, File: g.File, Given: "given " + plural(g.Given, "time", "times"), Open: here || len(lib) == 0}
		if g.ID != 0 {
			f.ID = g.ID.String()
		}
		for _, k := range dottedline.GiftKinds {
			f.Kinds = append(f.Kinds, html.Choice{Value: string(k), Label: capital(string(k)), Chosen: k == g.Kind})
		}
		out.Gifts = append(out.Gifts, f)
	}
	return html.GiftsPage(out), nil
}

func giftOf(s string) (dottedline.GiftID, error) {
	id, err := dottedline.ParseID[dottedline.Gift](s)
	if err != nil {
		return 0, dottedline.Missing("gift")
	}
	return id, nil
}

func setGift(v *visit) (string, again, error) {
	g := dottedline.Gift{Kind: dottedline.GiftKind(v.PostFormValue("kind")), Title: v.PostFormValue("title"), Text: strings.ReplaceAll(v.PostFormValue("text"), "\r\n", "\n"), URL: v.PostFormValue("url")}
	var err error
	if id := v.PathValue("gift"); id != "" {
		if g.ID, err = giftOf(id); err != nil {
			return "", nil, err
		}
		if v.PostFormValue("remove") != "" {
			return "/settings/gifts", nil, v.desk.DropGift(v.Context(), v.actor, g.ID)
		}
	}
	file, err := v.giftUpload(&g)
	if err == nil {
		_, err = v.desk.SaveGift(v.Context(), v.actor, g, file...)
	}
	return "/settings/gifts?saved=1", func(p *dottedline.Problem) (templ.Component, error) { return showGifts(v, &g, p) }, err
}

// give puts a gift into the draft of the answer: the chosen one, else the one
// that fits.
func give(v *visit) (string, error) {
	id, to, err := intoDraft(v)
	if err != nil {
		return "", err
	}
	var gift dottedline.GiftID
	if s := v.PostFormValue("gift"); s != "" {
		if gift, err = giftOf(s); err != nil {
			return "", err
		}
	}
	return to, v.desk.Give(v.Context(), v.actor, id, gift)
}

// giftSide is what was given on a deal beside what was asked.
func (v *visit) giftSide(deal dottedline.DealID, g desk.Generosity) (*html.GiftSide, error) {
	var err error
	out := &html.GiftSide{Count: capital(plural(len(g.Given)+g.Joined, "gift", "gifts")) + ", " + plural(g.Asks, "ask", "asks") + "."}
	if out.Introductions, err = v.introductions(deal); err != nil {
		return nil, err
	}
	if g.OnlyAsked {
		out.Hint = "So far you have only asked."
	}
	for _, x := range g.Given {
		l := html.GivenLine{Title: x.Title, Note: v.day(x.At) + ", not opened yet"}
		if !x.Opened.IsZero() {
			l.Note = v.day(x.At) + ", opened " + v.day(x.Opened)
		}
		out.Given = append(out.Given, l)
	}
	for _, x := range g.Library {
		out.Could = append(out.Could, html.Choice{Value: x.ID.String(), Label: x.Title})
	}
	return out, nil
}

func giftPage(v *visit) error {
	_, g, err := v.desk.GiftAt(v.Context(), v.PathValue("link"))
	if err != nil {
		return err
	}
	return v.showGift(html.Gift{Title: g.Title, Closed: true})
}

func openGift(v *visit) error {
	g, err := v.desk.OpenGift(v.Context(), v.PathValue("link"))
	if err != nil {
		return err
	}
	return v.showGift(html.Gift{Title: g.Title, Text: g.Text, URL: g.URL, File: fileHref(v, g)})
}

// showGift says above a gift who gives it.
func (v *visit) showGift(g html.Gift) error {
	var err error
	if g.From, err = v.desk.GiftFrom(v.Context(), v.PathValue("link")); err != nil {
		return err
	}
	g.Assets = v.assets.Prefix()
	return v.render(http.StatusOK, html.GiftPage(g))
}

func fileHref(v *visit, g dottedline.Gift) string {
	if g.Kind != dottedline.FileGift {
		return ""
	}
	return "/g/" + v.PathValue("link") + "/file"
}

// giftFile hands out the file of a gift; it is never shown as a page.
func giftFile(v *visit) error {
	name, body, err := v.desk.GiftFile(v.Context(), v.PathValue("link"))
	if err != nil {
		return err
	}
	v.download(name, body)
	return nil
}

// giftUpload reads the file of the form, and names it in g; where none was
// chosen, the one that is kept stays.
func (v *visit) giftUpload(g *dottedline.Gift) ([]byte, error) {
	g.File = v.PostFormValue("had")
	f, head, err := v.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) || err == nil && head.Size == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	g.File = path.Base(strings.ReplaceAll(head.Filename, `\`, "/"))
	return io.ReadAll(f)
}

// given says what somebody was given and asked, over all deals; "" where neither.
func given(x dottedline.Giving) string {
	if x.Gifts+x.Asks == 0 {
		return ""
	}
	return capital(plural(x.Gifts, "gift", "gifts")) + ", " + plural(x.Asks, "ask", "asks")
}
