package web

import (
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

func asksPage(v *visit) (templ.Component, error) {
	p, err := asks(v)
	return html.AsksPage(p), err
}

var outcomeNames = map[dottedline.Outcome][2]string{
	dottedline.OutcomeYes: {"Yes", ""}, dottedline.OutcomeNotNow: {"Not now", "answered"}, dottedline.OutcomeNo: {"Turned down", "better than not known"},
	dottedline.OutcomeLanded: {"Landed", "they know it"}, dottedline.OutcomeMade: {"Made", "not answered yet"}, dottedline.OutcomePlanned: {"Planned", "not made yet"},
	dottedline.OutcomeNotKnown: {"Not known", "they may not know"}, dottedline.OutcomeNever: {"Never made", ""},
}

func yet(o dottedline.Outcome) bool {
	return o == dottedline.OutcomePlanned || o == dottedline.OutcomeNotKnown || o == dottedline.OutcomeNever
}

// asks is the list of asks, counted.
func asks(v *visit) (out html.Asks, err error) {
	if out.Shell, err = v.shell("Asks", "asks", "/live?page=asks"); err != nil {
		return out, err
	}
	p, err := v.desk.AsksPage(v.Context(), v.actor)
	if err != nil {
		return out, err
	}
	answered := p.Counts[dottedline.OutcomeYes] + p.Counts[dottedline.OutcomeNotNow] + p.Counts[dottedline.OutcomeNo]
	if out.Lead = "No asks yet."; len(p.Asks) > 0 {
		out.Lead, out.LeadQuiet = capital(plural(len(p.Asks), "ask,", "asks,")), word(answered)+" answered."
	}
	out.Sub = "Turned down is better than not to know whether they know."
	for _, o := range dottedline.Outcomes {
		if n := p.Counts[o]; n > 0 {
			out.Counts = append(out.Counts, html.AskCount{Name: outcomeNames[o][0], Note: outcomeNames[o][1], Count: number(int64(n)), Yet: yet(o)})
		}
	}
	for _, m := range p.Next {
		out.Next = append(out.Next, v.nextMeeting(m.Meeting, personName(m.Person), m.DealName, m.Ask))
	}
	for _, l := range p.Asks {
		out.Lines = append(out.Lines, v.askLine(l))
	}
	out.None = "Open a deal, plan a meeting, and say what you hope they will do."
	return out, nil
}

func (v *visit) nextMeeting(m dottedline.Meeting, person, deal, ask string) html.NextMeeting {
	return html.NextMeeting{Href: meetingURL(m), When: v.day(m.At), Person: person, Deal: deal, Ask: ask, NoAsk: m.NoAsk}
}

func meetingURL(m dottedline.Meeting) string { return "/meetings/" + m.ID.String() }

func (v *visit) askLine(l desk.AskLine) html.AskLine {
	out := html.AskLine{Href: "/deals/" + l.Ask.Deal.String(), Person: personName(l.Person), Deal: l.Deal, Ask: l.Text, Outcome: outcomeNames[l.Outcome][0],
		Good: !yet(l.Outcome) && l.Outcome != dottedline.OutcomeMade}
	if l.Meeting != nil {
		out.Href = meetingURL(*l.Meeting)
		if !l.Meeting.End().After(v.now) {
			out.Href += "/after"
		}
	}
	switch {
	case !l.Answered.IsZero():
		out.When = v.day(l.Answered)
	case !l.Made.IsZero():
		out.When = v.day(l.Made)
	case !l.Due.IsZero():
		out.When = v.day(l.Due)
	}
	return out
}

// dealAsks are the asks and the meetings of a deal.
func (v *visit) dealAsks(p desk.DealPage) html.DealAsks {
	out := html.DealAsks{Deal: p.Deal.ID.String()}
	byMeeting := map[dottedline.MeetingID]string{}
	counts := dottedline.CountAsks(p.Asks, v.now)
	var said []string
	for _, o := range dottedline.Outcomes {
		if n := counts[o]; n > 0 {
			said = append(said, fmt.Sprintf("%d %s", n, strings.ToLower(outcomeNames[o][0])))
		}
	}
	out.Counts = strings.Join(said, ", ")
	for _, k := range p.Asks {
		byMeeting[k.Meeting] = k.Text
		line := v.askLine(desk.AskLine{Ask: k, Outcome: k.Outcome(v.now)})
		line.Href = ""
		if k.Meeting == 0 && k.Answer == "" {
			line.Href = "/asks/" + k.ID.String()
		}
		out.Lines = append(out.Lines, line)
	}
	for _, m := range p.Meetings {
		x := v.nextMeeting(m, "", "", byMeeting[m.ID])
		if !m.End().After(v.now) {
			x.Href += "/after"
		}
		out.Meetings = append(out.Meetings, x)
	}
	return out
}
