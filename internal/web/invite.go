package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

var invitationWords = map[ical.Answer]string{ical.Accepted: "You accepted.", ical.Declined: "You declined.", ical.MaybeComing: "You said perhaps.", ical.NoAnswer: "", "": ""}

// invites are invitations as cards; own says that they stand on their deal's page.
func (v *visit) invites(rows []desk.InvitationRow, own bool) (out []html.Invite) {
	for _, r := range rows {
		i := html.Invite{ID: r.ID.String(), Title: r.Title, From: r.Name, Place: r.Place, Answer: invitationWords[r.Answer], Theirs: !r.Mine, Series: r.Repeats}
		if i.From == "" {
			i.From = string(r.Organizer)
		}
		i.When = v.stretch(r.At, r.Minutes)
		if r.Repeats {
			i.When = "Repeats, next " + i.When
		}
		if !own {
			i.Deal, i.DealName = "/deals/"+r.Deal.String(), r.DealName
		}
		if !r.To.IsZero() {
			i.Answer += " You proposed " + v.stretch(r.To, r.Minutes)
			if r.Repeats {
				i.Answer += " for the next time"
			}
			i.Answer = strings.TrimSpace(i.Answer) + "."
		}
		switch {
		case r.Clash:
			i.Note = "Something else is in your calendar then."
		case r.Unknown:
			i.Note = "A calendar of yours can’t be read, so nobody knows whether you are free."
		case !r.Mine:
			i.Note = "It is " + string(r.Invited) + " who was invited."
		}
		out = append(out, i)
	}
	return out
}

// stretch writes a time with its end on the member's clock.
func (v *visit) stretch(at time.Time, minutes int) string {
	from := at.In(v.zone)
	return from.Format("Mon 2 January, 15:04") + " to " + from.Add(time.Duration(minutes)*time.Minute).Format("15:04")
}

var invitationAnswers = map[string]ical.Answer{"accept": ical.Accepted, "perhaps": ical.MaybeComing, "decline": ical.Declined}

func answerInvitation(v *visit) (string, error) {
	id, err := invitationID(v)
	if err != nil {
		return "", err
	}
	return v.back("/now"), v.desk.AnswerInvitation(v.Context(), v.actor, id, invitationAnswers[v.PostFormValue("answer")], v.PostFormValue("words"))
}

var comerWords = map[ical.Answer]string{ical.Accepted: "accepted", ical.Declined: "declined", ical.MaybeComing: "may come", ical.DelegatedOne: "sends somebody else"}

// coming is who comes to a meeting, with the forms that change it.
func (v *visit) coming(m dottedline.Meeting) (out html.Coming, err error) {
	c, err := v.desk.Coming(v.Context(), v.actor, m.ID)
	if err != nil {
		return out, err
	}
	out = html.Coming{Action: meetingURL(m), At: m.At.In(v.zone).Format("2006-01-02T15:04"), Minutes: strconv.Itoa(m.Minutes), Place: m.Place, Invited: c.Invited || m.Source != ""}
	future := m.At.After(v.now) && !m.Cancelled
	if out.Moves = future && !c.Elsewhere; future && c.Elsewhere {
		out.Elsewhere = "It is in a calendar: moved or cancelled there, it follows here."
	}
	for _, x := range c.Attendees {
		y := html.Comer{Name: x.Name, Address: string(x.Address), Answer: comerWords[x.Answer], Words: x.Words}
		if y.Name == "" {
			y.Name = y.Address
		}
		if y.Answer == "" {
			y.Answer = "has not answered"
		}
		if !x.To.IsZero() && future {
			y.To = v.stretch(x.To, x.Minutes)
		}
		out.People = append(out.People, y)
	}
	if future && m.Source == "" {
		for _, p := range c.People {
			asked := slices.ContainsFunc(c.Attendees, func(x dottedline.Attendee) bool { return x.Address == p.Address })
			out.Could = append(out.Could, html.Choice{Value: p.ID.String(), Label: fmt.Sprintf("%s, %s", personName(p), p.Address), Chosen: asked || len(c.People) == 1})
		}
	}
	return out, nil
}

// meetingTime reads when a meeting is and how long.
func (v *visit) meetingTime() (at time.Time, minutes int, err error) {
	if at, err = time.ParseInLocation("2006-01-02T15:04", v.PostFormValue("at"), v.zone); err != nil {
		return at, 0, dottedline.Wrong("Write it like 2026-11-17T15:30.", "%q is not a time.", v.PostFormValue("at"))
	}
	if minutes, err = strconv.Atoi(v.PostFormValue("minutes")); err != nil {
		err = dottedline.Wrong("Write it like 45.", "%q is not a number of minutes.", v.PostFormValue("minutes"))
	}
	return at, minutes, err
}

func moveMeeting(v *visit) (string, error) {
	return onMeeting(v, "", func(id dottedline.MeetingID) error {
		at, minutes, err := v.meetingTime()
		if err != nil {
			return err
		}
		return v.desk.MoveMeeting(v.Context(), v.actor, id, at, minutes, v.PostFormValue("place"))
	})
}

func inviteTo(v *visit) (string, error) {
	return onMeeting(v, "", func(id dottedline.MeetingID) error {
		ps, err := v.people()
		if err != nil {
			return err
		}
		return v.desk.InviteTo(v.Context(), v.actor, id, ps)
	})
}

// people are those whom a form has chosen.
func (v *visit) people() (out []dottedline.PersonID, err error) {
	if err := v.ParseForm(); err != nil {
		return nil, err
	}
	for _, s := range v.PostForm["person"] {
		id, err := dottedline.ParseID[dottedline.Person](s)
		if err != nil {
			return nil, dottedline.Missing("person")
		}
		out = append(out, id)
	}
	return out, nil
}

func answerProposal(v *visit) (string, error) {
	to, err := onMeeting(v, "", func(id dottedline.MeetingID) error {
		return v.desk.AnswerProposal(v.Context(), v.actor, id, dottedline.MakeAddress(v.PostFormValue("who")), v.PostFormValue("take") == "yes")
	})
	return v.back(to), err
}

func answerGuestProposal(v *visit) (string, error) {
	id, err := dottedline.ParseID[dottedline.Booking](v.PathValue("booking"))
	if err != nil {
		return "", dottedline.Missing("booking")
	}
	return v.back("/now"), v.desk.AnswerGuestProposal(v.Context(), v.actor, id, v.PostFormValue("take") == "yes")
}

// otherTimes are other times that are proposed to us; own says that they stand
// on their deal's page.
func (v *visit) otherTimes(list []desk.Proposal, own bool) (out []html.OtherTime) {
	for n, p := range list {
		o := html.OtherTime{ID: fmt.Sprintf("%s-%d", p.Meeting.ID, n), Who: p.Name, Title: p.Meeting.Title, When: v.stretch(p.To, p.Minutes), Was: v.stretch(p.Meeting.At, p.Meeting.Minutes),
			Words: p.Words, Address: string(p.Address), Action: meetingURL(p.Meeting) + "/proposal"}
		if o.Who == "" {
			o.Who = o.Address
		}
		if p.Booking != 0 {
			o.Action = "/bookings/" + p.Booking.String() + "/proposal"
		} else if !own {
			o.Deal, o.DealName = "/deals/"+p.Meeting.Deal.String(), p.DealName
		}
		switch {
		case p.Clash:
			o.Note = "Something else is in the calendar then."
		case p.Unknown:
			o.Note = "A calendar can’t be read, so nobody knows whether that time is free."
		}
		out = append(out, o)
	}
	return out
}

func invitationID(v *visit) (dottedline.InvitationID, error) {
	id, err := dottedline.ParseID[dottedline.Invitation](v.PathValue("invitation"))
	if err != nil {
		return 0, dottedline.Missing("invitation")
	}
	return id, nil
}

func proposeTimePage(v *visit) (templ.Component, error) { return showProposeTime(v, nil) }

func showProposeTime(v *visit, p *dottedline.Problem) (templ.Component, error) {
	id, err := invitationID(v)
	if err != nil {
		return nil, err
	}
	o, err := v.desk.OtherTimes(v.Context(), v.actor, id)
	if err != nil {
		return nil, err
	}
	out := html.ProposeTime{Title: o.Title, From: o.Name, When: v.stretch(o.At, o.Minutes), Action: "/invitations/" + id.String() + "/time", Back: "/deals/" + o.Deal.String(),
		Why: "Nothing is free in the next two weeks.", Problem: problemOf(p)}
	if out.From == "" {
		out.From = string(o.Organizer)
	}
	if out.Goes = "Your proposal goes out by mail, and their calendar program reads it."; o.Repeats {
		out.Goes = "It repeats: the proposal is for this one time. To move all of them, write to " + out.From + "."
	}
	if o.Why != "" {
		out.Why = "No free time can be told: " + o.Why
	}
	for _, s := range o.Free {
		at := s.Start.In(v.zone)
		name := at.Format("Monday 2 January")
		if n := len(out.Days); n == 0 || out.Days[n-1].Name != name {
			out.Days = append(out.Days, html.TimeDay{Name: name})
		}
		d := &out.Days[len(out.Days)-1]
		d.Times = append(d.Times, html.Choice{Value: strconv.FormatInt(s.Start.Unix(), 10), Label: at.Format("Mon 2 January, 15:04")})
	}
	out.Shell, err = v.shell("Another time", "now", "")
	return html.ProposeTimePage(out), err
}

func proposeTime(v *visit) (string, again, error) {
	back := func(p *dottedline.Problem) (templ.Component, error) { return showProposeTime(v, p) }
	id, err := invitationID(v)
	if err != nil {
		return "", back, err
	}
	at, ok := pickedTime(v)
	if !ok {
		return "", back, dottedline.Wrong("Choose one of those that are shown.", "That is not a time.")
	}
	return "/now", back, v.desk.ProposeTime(v.Context(), v.actor, id, at, v.PostFormValue("words"))
}
