package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// RunPage is a meeting while it takes place.
type RunPage struct {
	BriefPage
	Jots []dottedline.Jot
}

// Run is the page of a meeting while it takes place.
func (d *Desk) Run(ctx context.Context, a dottedline.Actor, id dottedline.MeetingID) (p RunPage, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		if p.BriefPage, err = brief(t, a, id); err != nil {
			return err
		}
		p.Jots, err = t.Jots(id)
		return err
	})
	return p, err
}

// Bounds of what is jotted down at once and in one meeting.
const (
	maxJots = 500
	maxJot  = 10_000
)

// Record keeps what was put down while a meeting ran: notes, that the ask was
// made, what they answered, and that it is over. Each jot is known by its ID, so
// what was sent before a connection was lost can be sent again.
func (d *Desk) Record(ctx context.Context, a dottedline.Actor, id dottedline.MeetingID, jots []dottedline.Jot) (err error) {
	defer wrap("record meeting", &err)
	if len(jots) > maxJots {
		return dottedline.Wrong("Send them in smaller parts.", "%d notes at once are too many.", len(jots))
	}
	for i, j := range jots {
		if j.ID == "" || len(j.ID) > 64 || len(j.Text) > maxJot {
			return dottedline.Wrong("Keep each under ten thousand letters.", "Note %d can’t be kept.", i+1)
		}
		switch j.Kind {
		case dottedline.NoteJot, dottedline.AskedJot, dottedline.AnswerJot, dottedline.EndJot:
		default:
			return dottedline.Wrong("It is note, asked, answer or end.", "%q is nothing that is put down in a meeting.", j.Kind)
		}
	}
	return d.onMeeting(ctx, a, id, func(t *store.Tx, m dottedline.Meeting) error {
		for _, j := range jots {
			if j.At.IsZero() || j.At.After(t.Now) { // a phone's clock may be wrong
				j.At = t.Now
			}
			j.ID, j.At, j.Text = clean(j.ID), j.At.UTC().Truncate(time.Microsecond), clean(strings.TrimSpace(j.Text))
			fresh, err := t.AddJot(id, j)
			if err != nil {
				return err
			}
			if !fresh {
				continue
			}
			if err := jotted(t, a, &m, j); err != nil {
				return fmt.Errorf("%s: %w", j.Kind, err)
			}
		}
		return nil
	})
}

// jotted does what follows from something that was put down.
func jotted(t *store.Tx, a dottedline.Actor, m *dottedline.Meeting, j dottedline.Jot) error {
	if m.Started.IsZero() || j.At.Before(m.Started) {
		m.Started = j.At
		if err := t.PutMeeting(*m); err != nil {
			return err
		}
	}
	k, has, err := t.AskIn(m.ID)
	if err != nil {
		return err
	}
	switch j.Kind {
	case dottedline.AskedJot:
		if !has {
			return nil
		}
		return made(t, &k, j.At, k.Text, dottedline.Touch{Member: a.Member})
	case dottedline.AnswerJot:
		if !has || j.Text == "" {
			return nil
		}
		if err := made(t, &k, j.At, k.Text, dottedline.Touch{Member: a.Member}); err != nil {
			return err
		}
		k.Their, k.Landed = j.Text, j.At
		return t.PutAsk(k)
	case dottedline.EndJot:
		return ended(t, a, m, j.At)
	}
	return nil
}

// ended records that a meeting took place and is over; once.
func ended(t *store.Tx, a dottedline.Actor, m *dottedline.Meeting, at time.Time) error {
	if !m.Ended.IsZero() {
		return nil
	}
	began := m.Started
	if began.IsZero() {
		began = m.At
	}
	m.Ended = at
	x := dottedline.Touch{ID: dottedline.TouchID(m.ID), Kind: dottedline.MeetingTouch, By: dottedline.Us, Member: a.Member, At: began, Text: m.Title}
	if err := touch(t, m.Deal, x); err != nil {
		return err
	}
	k, has, err := t.AskIn(m.ID)
	if err != nil {
		return err
	}
	if err := t.PutMeeting(*m); err != nil || !has {
		return err
	}
	rs, err := t.RecapsOf(k.ID)
	if err != nil || len(rs) > 0 || k.Answer != "" || k.Missed {
		return err
	}
	k.Due = at
	if err := t.PutAsk(k); err != nil {
		return err
	}
	return touch(t, m.Deal, dottedline.Touch{Kind: dottedline.PlannedTouch, By: dottedline.Us, Member: a.Member, Text: k.Text, Until: at})
}
