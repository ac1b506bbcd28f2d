package web

import (
	"errors"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/web/html"
)

// askPage is an ask that is made by mail: how it went, and its recap.
func askPage(v *visit) (templ.Component, error) {
	id, err := askID(v)
	if err != nil {
		return nil, err
	}
	d, err := v.desk.PrepareRecap(v.Context(), v.actor, id)
	if err != nil {
		return nil, err
	}
	out := html.After{MeetingHead: html.MeetingHead{Person: d.Name, Sub: string(d.To), Deal: "/asks"}, Ask: d.First, AskID: id.String(), Position: -1,
		Verdict: "Only they can say.", Because: "The recap settles it.", Recap: v.recapForm(d, newPress()), ByMail: true}
	out.Shell, err = v.shell("The ask", "asks", "")
	return html.AfterPage(out), err
}

func sendRecap(v *visit) (string, error) {
	id, err := askID(v)
	if err != nil {
		return "", err
	}
	out, err := v.desk.SendRecap(v.Context(), v.actor, id, v.PostFormValue("text"), v.PostFormValue("id"))
	if err != nil {
		return "", err
	}
	return with(v.back("/asks"), "going", out.String()), nil
}

// recapPage is what the other person sees who follows a link of a recap. It
// changes nothing: those who scan mails follow links too.
func recapPage(v *visit) error { return v.showRecap(200, false, nil) }

func (v *visit) showRecap(code int, done bool, p *dottedline.Problem) error {
	secret := v.PathValue("secret")
	r, err := v.desk.Recap(v.Context(), secret)
	if err != nil {
		return err
	}
	out := html.RecapAnswer{Assets: v.assets.Prefix(), Action: "/recap/" + secret, From: r.From, Team: r.Team, First: r.First, Ask: r.Ask,
		Answer: r.Answer.Label(), Done: done, Problem: problemOf(p)}
	if r.Answered != "" && !done {
		out.Before = r.Answered.Label()
	}
	if r.Answered == r.Answer {
		out.Line = r.Line
	}
	return v.render(code, html.RecapPage(out))
}

func answerRecap(v *visit) error {
	err := v.desk.AnswerRecap(v.Context(), v.PathValue("secret"), v.PostFormValue("line"))
	var p *dottedline.Problem
	if errors.As(err, &p) && p.Kind == dottedline.Invalid {
		return v.showRecap(status(p.Kind), false, p)
	}
	if err != nil {
		return err
	}
	return v.showRecap(200, true, nil)
}
