package web

import (
	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

func draftsPage(v *visit) (templ.Component, error) { return showDrafts(v, nil, "", nil) }

// showDrafts shows which model may write drafts; tried is what could not be kept,
// answer what the model said to a test.
func showDrafts(v *visit, tried *desk.DrafterSettings, answer string, p *dottedline.Problem) (templ.Component, error) {
	out := html.DrafterSettings{Owner: v.actor.Role == dottedline.Owner, Test: desk.DrafterTest, Answer: answer, Problem: problemOf(p)}
	var err error
	if out.Shell, err = v.shell("Drafts", "settings", ""); err != nil {
		return nil, err
	}
	s, err := v.desk.DrafterSettings(v.Context(), v.actor)
	if tried != nil {
		s.On, s.URL, s.Model = tried.On, tried.URL, tried.Model
	}
	out.On, out.URL, out.Model, out.HasKey = s.On, s.URL, s.Model, s.HasKey
	return html.DraftsPage(out), err
}

func setDrafts(v *visit) (string, again, error) {
	if v.PostFormValue("do") == "test" {
		answer, err := v.desk.TestDrafter(v.Context(), v.actor)
		if err != nil {
			return "", func(p *dottedline.Problem) (templ.Component, error) { return showDrafts(v, nil, "", p) }, err
		}
		return v.shown(showDrafts(v, nil, dottedline.Shorten(answer, 300), nil))
	}
	s := desk.DrafterSettings{On: v.PostFormValue("on") != "", URL: v.PostFormValue("url"), Model: v.PostFormValue("model"), HasKey: v.PostFormValue("forget") == ""}
	return "/settings/drafts?saved=1", func(p *dottedline.Problem) (templ.Component, error) { return showDrafts(v, &s, "", p) },
		v.desk.SetDrafter(v.Context(), v.actor, s, v.PostFormValue("key"))
}

// writeByModel lets the language model write the text of a reply, or takes that
// back.
func writeByModel(v *visit) (string, error) {
	id, to, err := intoDraft(v)
	if err != nil {
		return "", err
	}
	if v.PostFormValue("do") == "back" {
		return to, v.desk.TakeBackModel(v.Context(), v.actor, id)
	}
	return to, v.desk.WriteByModel(v.Context(), v.actor, id, v.PostFormValue("seal"))
}

// writer is the model that may write a reply, with what it would be sent.
func writer(d *desk.Drafter) *html.Writer {
	if d == nil {
		return nil
	}
	return &html.Writer{Model: d.Model, URL: d.URL, Prompt: d.Prompt, Seal: d.Seal}
}
