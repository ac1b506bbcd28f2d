package web

import (
	"fmt"
	"strings"
	"time"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

func meetingID(v *visit) (dottedline.MeetingID, error) {
	id, err := dottedline.ParseID[dottedline.Meeting](v.PathValue("meeting"))
	if err != nil {
		return 0, dottedline.Missing("meeting")
	}
	return id, nil
}

// onMeeting serves an act on the meeting in the address.
func onMeeting(v *visit, then string, f func(dottedline.MeetingID) error) (string, error) {
	id, err := meetingID(v)
	if err != nil {
		return "", err
	}
	return "/meetings/" + id.String() + then, f(id)
}

func briefPage(v *visit) (templ.Component, error) {
	id, err := meetingID(v)
	if err != nil {
		return nil, err
	}
	p, err := v.desk.Brief(v.Context(), v.actor, id)
	if err != nil {
		return nil, err
	}
	out := html.Brief{MeetingHead: v.meetingHead(p), Action: meetingURL(p.Meeting), Purpose: p.Meeting.Purpose, Ask: p.Ask.Text, Why: p.Ask.Why,
		Made: !p.Ask.Made.IsZero(), NoAsk: p.Meeting.NoAsk, Violations: p.Violations, Facts: p.Facts, Lines: p.Agenda.Lines(), Parts: v.parts(p)}
	if out.Shell, err = v.shell(p.Meeting.Title, "asks", ""); err != nil {
		return nil, err
	}
	if out.Coming, err = v.coming(p.Meeting); err != nil {
		return nil, err
	}
	for _, g := range p.Missing {
		out.Gaps = append(out.Gaps, g.Text)
	}
	if p.Ask.ID != 0 && len(p.Missing) == 0 {
		out.Plain = "One question. It says who, how much and by when, and it can be answered with yes."
	}
	for _, w := range p.Wants {
		x := html.Want{Words: w.Words, Where: "Their mail of " + v.date(w.At)}
		if w.Mail != 0 {
			x.Href = "/messages/" + w.Mail.String()
		} else {
			x.Where = "Your note of " + v.date(w.At)
		}
		out.Wants = append(out.Wants, x)
	}
	switch {
	case len(p.Connects) > 0:
		out.Connects = "The ask speaks to it: " + strings.Join(p.Connects, ", ") + "."
	case p.Ask.ID != 0 && len(p.Wants) > 0:
		out.Connects = "The ask shares no word with what they want. Does it connect?"
	}
	return html.BriefPage(out), nil
}

func (v *visit) meetingHead(p desk.BriefPage) html.MeetingHead {
	m := p.Meeting
	h := html.MeetingHead{Person: personName(p.Person), Title: m.Title, Sub: p.Company.Name, Deal: "/deals/" + p.Deal.ID.String()}
	if h.Sub != "" {
		h.Sub += ", "
	}
	h.Sub += m.Title
	from, to := m.At.In(v.zone), m.At.Add(time.Duration(m.Minutes)*time.Minute).In(v.zone)
	h.When = fmt.Sprintf("%s to %s", from.Format("15:04"), to.Format("15:04"))
	switch until := m.At.Sub(v.now); {
	case !m.End().After(v.now):
		h.Soon = v.date(m.At)
	case until <= 0:
		h.Soon = "Now"
	default:
		h.Soon = "In " + long(until)
		if until > 20*time.Hour {
			h.When = v.date(m.At) + ", " + h.When
		}
	}
	if m.Joinable() {
		h.Join = m.Place
	}
	return h
}

// parts is the agenda as a line, each as wide as it is long.
func (v *visit) parts(p desk.BriefPage) (out []html.AgendaPart) {
	at, whole := 0, max(1, p.Agenda.Length())
	for i, x := range p.Agenda {
		out = append(out, html.AgendaPart{Title: x.Title, At: p.Meeting.At.Add(time.Duration(at) * time.Minute).In(v.zone).Format("15:04"),
			Width: min(24, max(1, (24*x.Minutes+whole/2)/whole)), From: at, To: at + x.Minutes, Ask: x.Ask, Late: i == len(p.Agenda)-1 && !x.Ask})
		at += x.Minutes
	}
	return out
}

func setAsk(v *visit) (string, error) {
	return onMeeting(v, "", func(id dottedline.MeetingID) error {
		if v.PostFormValue("none") != "" {
			return v.desk.NoAskToday(v.Context(), v.actor, id, v.PostFormValue("purpose"))
		}
		return v.desk.SetAsk(v.Context(), v.actor, id, desk.AskPlan{Purpose: v.PostFormValue("purpose"), Text: v.PostFormValue("ask"), Why: v.PostFormValue("why")})
	})
}

func setAgenda(v *visit) (string, error) {
	return onMeeting(v, "", func(id dottedline.MeetingID) error {
		return v.desk.SetAgenda(v.Context(), v.actor, id, v.PostFormValue("agenda"))
	})
}

func cancelMeeting(v *visit) (string, error) {
	_, err := onMeeting(v, "", func(id dottedline.MeetingID) error { return v.desk.CancelMeeting(v.Context(), v.actor, id) })
	return "/asks", err
}

func newMeeting(v *visit) (string, error) {
	deal, err := dealID(v)
	if err != nil {
		return "", err
	}
	at, minutes, err := v.meetingTime()
	if err != nil {
		return "", err
	}
	id, err := v.desk.NewMeeting(v.Context(), v.actor, deal, at, minutes, "", v.PostFormValue("place"))
	return "/meetings/" + id.String(), err
}

func planAsk(v *visit) (string, error) {
	return onDeal(v, func(id dottedline.DealID) error {
		_, err := v.desk.PlanAsk(v.Context(), v.actor, id, desk.AskPlan{Text: v.PostFormValue("ask"), Why: v.PostFormValue("why")})
		return err
	})
}
