package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// AskLine is one ask with whom it is for.
type AskLine struct {
	dottedline.Ask
	Outcome dottedline.Outcome
	Deal    string // its name
	Person  dottedline.Person
	Meeting *dottedline.Meeting // nil where it is asked by mail
}

// MeetingLine is one meeting with whom it is.
type MeetingLine struct {
	dottedline.Meeting
	DealName string
	Person   dottedline.Person
	Ask      string // "" while there is none
}

// AsksPage is all asks, counted by what became of them, and what is to come.
type AsksPage struct {
	Counts map[dottedline.Outcome]int
	Asks   []AskLine // newest first
	Next   []MeetingLine
	Hours  dottedline.Hours
}

const (
	asksShown   = 500
	meetingsFor = 14 * 24 * time.Hour // how far the page looks ahead
)

// AsksPage lists the newest asks and the meetings of the next two weeks.
func (d *Desk) AsksPage(ctx context.Context, a dottedline.Actor) (p AsksPage, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		ks, err := t.Asks(asksShown)
		if err != nil {
			return err
		}
		p.Counts = dottedline.CountAsks(ks, t.Now)
		for _, k := range ks {
			l := AskLine{Ask: k, Outcome: k.Outcome(t.Now)}
			if l.Deal, l.Person, err = dealAnd(t, k.Deal); err != nil {
				return err
			}
			if k.Meeting != 0 {
				m, err := t.Meeting(k.Meeting)
				if err != nil {
					return err
				}
				l.Meeting = &m
			}
			p.Asks = append(p.Asks, l)
		}
		ms, err := t.MeetingsBetween(t.Now.Add(-2*time.Hour), t.Now.Add(meetingsFor))
		if err != nil {
			return err
		}
		for _, m := range ms {
			if !m.End().After(t.Now) {
				continue
			}
			l := MeetingLine{Meeting: m}
			if l.DealName, l.Person, err = dealAnd(t, m.Deal); err != nil {
				return err
			}
			k, _, err := t.AskIn(m.ID)
			if err != nil {
				return err
			}
			l.Ask = k.Text
			p.Next = append(p.Next, l)
		}
		p.Hours, err = hours(t, a.Member)
		return err
	})
	return p, err
}

func dealAnd(t *store.Tx, id dottedline.DealID) (name string, p dottedline.Person, err error) {
	r, err := t.Deal(id)
	if err != nil {
		return "", p, err
	}
	p, _, err = who(t, r.Person)
	return r.Name, p, err
}

// askRow says what an ask has to add to a row: which meeting it is about, and
// what they answered to a recap.
func askRow(t *store.Tx, r *Row) error {
	name := cmp.Or(r.Person.First(), "They")
	switch {
	case r.Action == dottedline.SetAsk, r.Action == dottedline.CheckAsk:
		ms, err := t.MeetingsOf(r.Deal.ID)
		if err != nil {
			return err
		}
		for _, m := range slices.Backward(ms) {
			if r.Action == dottedline.SetAsk && m.At.Equal(r.Deal.Brief) || r.Action == dottedline.CheckAsk && !m.End().After(t.Now) && !m.NoAsk {
				r.Meeting = m.ID
				break
			}
		}
		r.Said = ""
		if r.Action == dottedline.SetAsk {
			r.Why = fmt.Sprintf("You meet %s in %s, and there is no ask.", cmp.Or(r.Person.First(), "them"), span(r.Deal.Brief.Sub(t.Now)))
		} else {
			r.Why = fmt.Sprintf("The meeting is over. Is there any chance that %s doesn’t know?", cmp.Or(r.Person.First(), "the other side"))
		}
	case r.Action == dottedline.AskAgain:
		r.Said = ""
		r.Why = fmt.Sprintf("%s has not answered the recap for %s.", name, span(t.Now.Sub(r.Deal.Recap.Add(-dottedline.RecapWithin))))
	case r.Deal.Said != "" && r.Deal.Ball.Side == dottedline.Us:
		x, _, err := t.LastTouch(r.Deal.ID, r.Deal.Said)
		if err != nil {
			return err
		}
		r.Why = fmt.Sprintf("%s pressed “%s” %s ago.", name, saidLabel[r.Deal.Said], span(t.Now.Sub(x.At)))
		if x.Member != 0 {
			r.Why = fmt.Sprintf("%s answered the ask with “%s”.", name, saidLabel[r.Deal.Said])
		}
		r.Said = dottedline.Gist(x.Text, 140)
	}
	return nil
}

var saidLabel = func() map[dottedline.TouchKind]string {
	m := map[dottedline.TouchKind]string{}
	for _, a := range dottedline.RecapAnswers {
		m[a.Touch()] = a.Label()
	}
	return m
}()
