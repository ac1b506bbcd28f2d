package desk

import (
	"context"
	"fmt"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/mail"
)

// Want is something that they said they want, with where they said it.
type Want struct {
	Words string
	At    time.Time
	Mail  dottedline.MailID // 0 where it is from our notes
	Note  bool
}

// BriefPage is all that one knows before a meeting.
type BriefPage struct {
	Meeting    dottedline.Meeting
	Deal       dottedline.Deal
	Person     dottedline.Person
	Company    dottedline.Company
	Others     []dottedline.Person // also of the deal
	Ask        dottedline.Ask      // the zero Ask while there is none
	Missing    []dottedline.Gap
	Agenda     dottedline.Agenda // the member's own, else the one that is proposed
	Own        bool              // the agenda is the member's
	Violations []string
	Wants      []Want   // newest first
	Connects   []string // words that the ask shares with them
	Facts      []string // who they are
	Before     []dottedline.Meeting
	Hours      dottedline.Hours
}

// Brief is the page of a meeting before it begins.
func (d *Desk) Brief(ctx context.Context, a dottedline.Actor, id dottedline.MeetingID) (p BriefPage, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		p, err = brief(t, a, id)
		return err
	})
	return p, err
}

func brief(t *store.Tx, a dottedline.Actor, id dottedline.MeetingID) (p BriefPage, err error) {
	if p.Meeting, err = t.Meeting(id); err != nil {
		return p, err
	}
	r, err := t.Deal(p.Meeting.Deal)
	if err != nil {
		return p, err
	}
	p.Deal = r.Deal
	if p.Person, p.Company, err = who(t, r.Person); err != nil {
		return p, err
	}
	ps, err := t.DealPeople(r.ID)
	if err != nil {
		return p, err
	}
	for _, x := range ps {
		if x.ID != p.Person.ID {
			p.Others = append(p.Others, x)
		}
	}
	var has bool
	if p.Ask, has, err = t.AskIn(id); err != nil {
		return p, err
	}
	if has {
		p.Missing = p.Ask.Missing()
	}
	if p.Agenda, p.Own = p.Meeting.Agenda, p.Meeting.Agenda != nil; !p.Own {
		p.Agenda = dottedline.NewAgenda(p.Meeting.Minutes, p.Person.First())
	}
	if !p.Meeting.NoAsk {
		p.Violations = p.Agenda.Violations(p.Meeting.Minutes)
	}
	ms, err := t.MeetingsOf(r.ID)
	if err != nil {
		return p, err
	}
	for _, m := range ms {
		if m.At.Before(p.Meeting.At) {
			p.Before = append(p.Before, m)
		}
	}
	if p.Wants, err = wants(t, r.ID, p.Before); err != nil {
		return p, err
	}
	p.Connects = p.Ask.Connects(wordsOf(p.Wants))
	p.Hours, err = hours(t, a.Member)
	p.Facts = facts(p)
	return p, err
}

func wordsOf(ws []Want) (out []string) {
	for _, w := range ws {
		out = append(out, w.Words)
	}
	return out
}

const (
	readMails = 60 // how many of the newest mails are read for what they want
	showWants = 6
)

// wants finds what they said they want in their mails, and in our notes.
func wants(t *store.Tx, id dottedline.DealID, before []dottedline.Meeting) (out []Want, err error) {
	add := func(text string, w Want) {
		for _, s := range dottedline.Wants(text) {
			if w.Words = s; len(out) < showWants {
				out = append(out, w)
			}
		}
	}
	ms, err := t.DealMails(id, readMails)
	if err != nil {
		return nil, err
	}
	for _, m := range ms {
		if !m.Out && m.Kind == string(mail.Person) {
			add(m.Fresh, Want{At: m.At, Mail: m.ID})
		}
	}
	ts, err := t.Touches(id)
	if err != nil {
		return nil, err
	}
	for _, x := range ts {
		if x.Kind == dottedline.NoteTouch || x.Kind == dottedline.CallTouch {
			add(x.Text, Want{At: x.At, Note: true})
		}
	}
	for _, m := range before {
		js, err := t.Jots(m.ID)
		if err != nil {
			return nil, err
		}
		for _, j := range js {
			add(j.Text, Want{At: j.At, Note: true})
		}
	}
	return out, nil
}

// facts says in a sentence each what is known of who they are.
func facts(p BriefPage) (out []string) {
	name := p.Person.First()
	if name == "" {
		name = "They"
	}
	if p.Deal.Usual > 0 {
		out = append(out, fmt.Sprintf("%s usually answers within %s.", name, span(p.Deal.Usual)))
	}
	if p.Deal.Theirs > 0 {
		out = append(out, fmt.Sprintf("%s from them and %s of ours since %s.", mails(p.Deal.Theirs), mails(p.Deal.Ours), p.Deal.First.In(p.Hours.Location()).Format("2 January")))
	}
	if n := len(p.Before); n > 0 {
		out = append(out, fmt.Sprintf("You have met %s before, last on %s.", timesMet(n), p.Before[n-1].At.In(p.Hours.Location()).Format("2 January")))
	}
	for _, x := range p.Others[:min(4, len(p.Others))] {
		out = append(out, nameOr(x, string(x.Address))+" is part of it too.")
	}
	return out
}

func mails(n int) string {
	if n == 1 {
		return "One mail"
	}
	return fmt.Sprintf("%d mails", n)
}

func timesMet(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
