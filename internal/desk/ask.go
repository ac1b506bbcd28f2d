package desk

import (
	"context"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// AskPlan is what a member writes into a brief.
type AskPlan struct {
	Purpose string
	Text    string // the ask, one sentence; "" takes it back
	Why     string // how it connects with what they want
}

const longText = 2000

func (p *AskPlan) tidy() error {
	for _, s := range []*string{&p.Purpose, &p.Text, &p.Why} {
		if *s = clean(strings.TrimSpace(strings.ReplaceAll(*s, "\r\n", "\n"))); len(*s) > longText {
			return dottedline.Wrong("One sentence is what they can keep in mind.", "That is too long.")
		}
	}
	p.Text = strings.Join(strings.Fields(p.Text), " ")
	return nil
}

var alreadyMade = &dottedline.Problem{Kind: dottedline.Conflict, Text: "This ask was made.", Hint: "Plan the next one in another meeting."}

// SetAsk plans the ask of a meeting, with its purpose and why it connects.
func (d *Desk) SetAsk(ctx context.Context, a dottedline.Actor, id dottedline.MeetingID, p AskPlan) (err error) {
	defer wrap("set ask", &err)
	if err := p.tidy(); err != nil {
		return err
	}
	return d.onMeeting(ctx, a, id, func(t *store.Tx, m dottedline.Meeting) error {
		k, had, err := t.AskIn(id)
		if err != nil {
			return err
		}
		if had && !k.Made.IsZero() && p.Text != k.Text {
			return alreadyMade
		}
		m.Purpose = p.Purpose
		if p.Text != "" {
			m.NoAsk = false
		}
		if err := t.PutMeeting(m); err != nil {
			return err
		}
		switch {
		case p.Text == "" && had:
			if err := t.DropAsk(k.ID); err != nil {
				return err
			}
			if err := touch(t, m.Deal, dottedline.Touch{Kind: dottedline.PlannedTouch, By: dottedline.Us, Member: a.Member}); err != nil {
				return err
			}
		case p.Text != "":
			if !had {
				k = dottedline.Ask{ID: store.NewID[dottedline.Ask](t), Deal: m.Deal, Meeting: id, Member: a.Member, Set: t.Now}
			}
			if err := planAsk(t, a, k, p, m.End()); err != nil {
				return err
			}
		}
		return nextBrief(t, m.Deal)
	})
}

// planAsk writes an ask, and the touch that it is where the ask is another or is
// due at another time.
func planAsk(t *store.Tx, a dottedline.Actor, k dottedline.Ask, p AskPlan, due time.Time) error {
	same := k.Text == p.Text && k.Due.Equal(due) || !k.Made.IsZero()
	k.Text, k.Why, k.Due = p.Text, p.Why, due
	if err := t.PutAsk(k); err != nil || same {
		return err
	}
	return touch(t, k.Deal, dottedline.Touch{Kind: dottedline.PlannedTouch, By: dottedline.Us, Member: a.Member, Text: k.Text, Until: due})
}

// PlanAsk plans the ask of a deal that is to be made by mail. There is one at a
// time: another text changes it.
func (d *Desk) PlanAsk(ctx context.Context, a dottedline.Actor, deal dottedline.DealID, p AskPlan) (id dottedline.AskID, err error) {
	defer wrap("plan ask", &err)
	if err := p.tidy(); err != nil {
		return 0, err
	}
	if p.Text == "" {
		return 0, dottedline.Wrong("Write what you hope they will do, in one sentence.", "There is no ask.")
	}
	err = d.write(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(deal)
		if err != nil {
			return err
		}
		k := dottedline.Ask{ID: store.NewID[dottedline.Ask](t), Deal: r.ID, Member: a.Member, Set: t.Now}
		open, err := t.OpenAsksOf(r.ID)
		if err != nil {
			return err
		}
		for _, o := range open {
			if o.Meeting == 0 && o.Made.IsZero() {
				k = o
			}
		}
		id = k.ID
		return planAsk(t, a, k, p, time.Time{})
	})
	d.wakeUp()
	return id, err
}

// NoAskToday records that nothing is to be asked in a meeting, by choice.
func (d *Desk) NoAskToday(ctx context.Context, a dottedline.Actor, id dottedline.MeetingID, purpose string) error {
	p := AskPlan{Purpose: purpose}
	if err := p.tidy(); err != nil {
		return err
	}
	return d.onMeeting(ctx, a, id, func(t *store.Tx, m dottedline.Meeting) error {
		k, had, err := t.AskIn(id)
		if err != nil {
			return err
		}
		if had && !k.Made.IsZero() {
			return alreadyMade
		}
		if had {
			if err := t.DropAsk(k.ID); err != nil {
				return err
			}
		}
		said := m.NoAsk && !had
		m.NoAsk = true
		if p.Purpose != "" {
			m.Purpose = p.Purpose
		}
		if err := t.PutMeeting(m); err != nil {
			return err
		}
		if !said {
			if err := touch(t, m.Deal, dottedline.Touch{Kind: dottedline.NoAskTouch, By: dottedline.Us, Member: a.Member, Text: m.Purpose}); err != nil {
				return err
			}
		}
		return nextBrief(t, m.Deal)
	})
}

// SetAgenda writes the agenda of a meeting as a person edits it; "" takes the
// one that is proposed.
func (d *Desk) SetAgenda(ctx context.Context, a dottedline.Actor, id dottedline.MeetingID, text string) error {
	agenda, err := dottedline.ParseAgenda(clean(text))
	if err != nil {
		return err
	}
	return d.onMeeting(ctx, a, id, func(t *store.Tx, m dottedline.Meeting) error {
		m.Agenda = agenda
		return t.PutMeeting(m)
	})
}

// made records that an ask was made at a time, in the words given; once.
func made(t *store.Tx, k *dottedline.Ask, at time.Time, words string, x dottedline.Touch) error {
	if !k.Made.IsZero() && k.Mistaken.IsZero() {
		return nil
	}
	k.Made, k.Words, k.Missed, k.Mistaken = at, words, false, time.Time{}
	if err := t.PutAsk(*k); err != nil {
		return err
	}
	x.Kind, x.By, x.At, x.Text = dottedline.AskTouch, dottedline.Us, at, words
	return touch(t, k.Deal, x)
}
