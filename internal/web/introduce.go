package web

import (
	"net/http"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

// introducible is how many people are named to choose from, those of the
// liveliest deals; anybody else is introduced by their address.
const introducible = 200

func introducePage(v *visit) (templ.Component, error) {
	return showIntroduce(v, html.Introduce{Press: newPress()}, nil)
}

// showIntroduce is the form; tried is what was written in it.
func showIntroduce(v *visit, tried html.Introduce, p *dottedline.Problem) (templ.Component, error) {
	id, err := dealID(v)
	if err != nil {
		return nil, err
	}
	out := tried
	out.Deal, out.Problem = id.String(), problemOf(p)
	name, could, err := v.desk.CouldIntroduce(v.Context(), v.actor, id, introducible)
	if err != nil {
		return nil, err
	}
	out.Person = name
	for _, x := range could {
		out.Could = append(out.Could, html.Choice{Value: string(x.Address), Label: x.Name})
	}
	out.Shell, err = v.shell("Introduce "+name, "deals", "")
	return html.IntroducePage(out), err
}

func introduce(v *visit) (string, again, error) {
	tried := html.Introduce{Press: v.PostFormValue("id"), Address: v.PostFormValue("address"), Name: v.PostFormValue("name"), Why: v.PostFormValue("why")}
	back := func(p *dottedline.Problem) (templ.Component, error) { return showIntroduce(v, tried, p) }
	id, err := dealID(v)
	if err != nil {
		return "", back, err
	}
	out, err := v.desk.Introduce(v.Context(), v.actor, id, desk.Acquaintance{Address: dottedline.Address(tried.Address), Name: tried.Name}, tried.Why, tried.Press)
	return with("/deals/"+id.String(), "going", out.String()), back, err
}

func introductionID(v *visit) (dottedline.IntroductionID, error) {
	id, err := dottedline.ParseID[dottedline.Introduction](v.PathValue("introduction"))
	if err != nil {
		return 0, dottedline.Missing("introduction")
	}
	return id, nil
}

func takeBackIntroduction(v *visit) (string, error) {
	id, err := introductionID(v)
	if err != nil {
		return "", err
	}
	return v.back("/deals"), v.desk.TakeBackIntroduction(v.Context(), v.actor, id)
}

func seeIntroduction(v *visit) (string, error) {
	id, err := introductionID(v)
	if err != nil {
		return "", err
	}
	return v.back("/now"), v.desk.SeeIntroduction(v.Context(), v.actor, id)
}

// introductions are those of a deal, each with how far it is.
func (v *visit) introductions(deal dottedline.DealID) (out []html.IntroLine, err error) {
	rows, err := v.desk.Introductions(v.Context(), v.actor, deal)
	for _, r := range rows {
		l := html.IntroLine{ID: r.ID.String(), Who: r.OtherName}
		switch {
		case r.State == dottedline.Introduced:
			l.Note = "Introduced " + v.day(r.Joined)
			if !r.Took.IsZero() {
				who, _ := wrote(r)
				l.Note += ". " + who + " wrote " + v.day(r.Took)
			}
		case r.State == dottedline.Joining:
			l.Note, l.Back = "Both said yes; the mail to both is on its way", true
		case r.Refused():
			l.Note, l.Back = answered(r.Name, r.Said)+answered(r.OtherName, r.OSaid)+"The other side was told nothing", r.Open(v.now)
		case !r.Open(v.now):
			l.Note = "Asked " + v.day(r.Sent) + "; not both answered in time"
		case r.Sent.IsZero():
			l.Note, l.Back = "Being asked", true
		default:
			l.Note, l.Back = answered(r.Name, r.Said)+answered(r.OtherName, r.OSaid)+"Can answer until "+v.date(r.Until), true
		}
		out = append(out, l)
	}
	return out, err
}

func answered(name string, a dottedline.IntroductionAnswer) string {
	switch a {
	case dottedline.IntroduceMe:
		return name + " said yes. "
	case dottedline.RatherNot:
		return name + " would rather not. "
	}
	return ""
}

// refusals say on Now who would rather not be introduced.
func (v *visit) refusals() (out []html.Refusal, err error) {
	rows, err := v.desk.RefusedIntroductions(v.Context(), v.actor)
	for _, r := range rows {
		x := html.Refusal{ID: r.ID.String(), Who: r.Name, Other: r.OtherName, Deal: "/deals/" + r.Deal.String()}
		if r.OSaid == dottedline.RatherNot {
			x.Who, x.Other = x.Other, x.Who
		}
		out = append(out, x)
	}
	return out, err
}

// wrote is who of the two wrote first, and to whom.
func wrote(r desk.IntroductionRow) (who, to string) {
	if r.TookBy == r.Other {
		return r.OtherName, r.Name
	}
	return r.Name, r.OtherName
}

// taken say on Now that an introduction took.
func (v *visit) taken() (out []html.Refusal, err error) {
	rows, err := v.desk.TakenIntroductions(v.Context(), v.actor)
	for _, r := range rows {
		x := html.Refusal{ID: r.ID.String(), Deal: "/deals/" + r.Deal.String()}
		x.Who, x.Other = wrote(r)
		out = append(out, x)
	}
	return out, err
}

// introductionPage is what one of the two sees who follows a link. It changes
// nothing: programs that look into mails follow links too.
func introductionPage(v *visit) error { return v.showIntroduction(false) }

func (v *visit) showIntroduction(done bool) error {
	secret := v.PathValue("secret")
	i, err := v.desk.Introduction(v.Context(), secret)
	if err != nil {
		return err
	}
	out := html.Introduction{Assets: v.assets.Prefix(), Action: "/introduction/" + secret, From: i.From, Team: i.Team, Other: i.Other, Why: i.Why,
		Answer: i.Answer.Label(), Yes: i.Answer == dottedline.IntroduceMe, Done: done, Joined: i.Joined, Open: i.Open}
	if i.Answered != "" {
		out.Before = i.Answered.Label()
	}
	return v.render(http.StatusOK, html.IntroductionPage(out))
}

func answerIntroduction(v *visit) error {
	if err := v.desk.AnswerIntroduction(v.Context(), v.PathValue("secret")); err != nil {
		return err
	}
	return v.showIntroduction(true)
}
