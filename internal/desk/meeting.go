package desk

import (
	"context"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// CalendarMeeting is a meeting as a calendar has it. UID names the one time of
// it, so a recurring event has one for each of its times.
type CalendarMeeting struct {
	Source    string // which calendar
	UID       string
	At        time.Time
	Minutes   int
	Title     string
	Place     string
	People    []dottedline.Address // who was invited, ours too
	Cancelled bool
}

// PutMeeting takes over what a calendar says of a meeting; the same again
// changes nothing. A meeting with nobody of one open deal is left out and gives
// 0: it can be put again when there is a deal.
func (d *Desk) PutMeeting(ctx context.Context, ws dottedline.WorkspaceID, c CalendarMeeting) (id dottedline.MeetingID, err error) {
	defer wrap("put meeting", &err)
	err = d.db.Write(ctx, ws, func(t *store.Tx) error {
		m, had, err := t.MeetingByUID(c.Source, c.UID)
		if err != nil {
			return err
		}
		was := m
		if !had {
			if c.Cancelled {
				return nil
			}
			if m.Deal, err = dealWith(t, c.People); err != nil || m.Deal == 0 {
				return err
			}
			m.ID, m.Source, m.UID = store.NewID[dottedline.Meeting](t), c.Source, c.UID
		}
		id = m.ID
		m.At, m.Minutes, m.Title, m.Place, m.Cancelled = c.At.UTC().Truncate(time.Microsecond), c.Minutes, clean(c.Title), clean(c.Place), c.Cancelled
		if had && m.At.Equal(was.At) && m.Minutes == was.Minutes && m.Title == was.Title && m.Place == was.Place && m.Cancelled == was.Cancelled {
			return nil
		}
		return putMeeting(t, m)
	})
	d.wakeUp()
	return id, err
}

// dealWith is the one open deal of the first of the addresses that has one; 0
// where none has.
func dealWith(t *store.Tx, as []dottedline.Address) (dottedline.DealID, error) {
	b, err := newBatch(t)
	if err != nil {
		return 0, err
	}
	for _, a := range as {
		a = dottedline.MakeAddress(string(a))
		if b.ours(a) {
			continue
		}
		p, ok, err := t.PersonAt(a)
		if err != nil {
			return 0, err
		}
		if !ok {
			continue
		}
		if id, err := b.openDeal(p.ID); err != nil || id != 0 {
			return id, err
		}
	}
	return 0, nil
}

// NewMeeting makes a meeting of a deal by hand.
func (d *Desk) NewMeeting(ctx context.Context, a dottedline.Actor, deal dottedline.DealID, at time.Time, minutes int, title, place string) (id dottedline.MeetingID, err error) {
	if err := checkTime(at, minutes); err != nil {
		return 0, err
	}
	err = d.write(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(deal)
		if err != nil {
			return err
		}
		p, _, err := who(t, r.Person)
		if err != nil {
			return err
		}
		if title = strings.TrimSpace(title); title == "" {
			title = "Meeting with " + nameOr(p, r.Name)
		}
		id = store.NewID[dottedline.Meeting](t)
		return putMeeting(t, dottedline.Meeting{ID: id, Deal: r.ID, At: at.UTC().Truncate(time.Microsecond), Minutes: minutes, Title: clean(title), Place: clean(strings.TrimSpace(place))})
	})
	d.wakeUp()
	return id, err
}

func nameOr(p dottedline.Person, otherwise string) string {
	if p.Name != "" {
		return p.Name
	}
	return otherwise
}

func checkTime(at time.Time, minutes int) error {
	if at.IsZero() || at.Year() < 2000 || at.Year() > 2200 {
		return dottedline.Wrong("Write it like 2026-11-17T15:30.", "That is no time for a meeting.")
	}
	if minutes < 5 || minutes > 12*60 {
		return dottedline.Wrong("Write how many minutes it takes, from 5 to 720.", "%d minutes is no length of a meeting.", minutes)
	}
	return nil
}

// MoveMeeting gives a meeting another time, length or place.
func (d *Desk) MoveMeeting(ctx context.Context, a dottedline.Actor, id dottedline.MeetingID, at time.Time, minutes int, place string) error {
	if err := checkTime(at, minutes); err != nil {
		return err
	}
	return d.onMeeting(ctx, a, id, func(t *store.Tx, m dottedline.Meeting) error {
		m.At, m.Minutes, m.Place = at.UTC().Truncate(time.Microsecond), minutes, clean(strings.TrimSpace(place))
		return putMeeting(t, m)
	})
}

// CancelMeeting takes a meeting out: it does not take place.
func (d *Desk) CancelMeeting(ctx context.Context, a dottedline.Actor, id dottedline.MeetingID) error {
	return d.onMeeting(ctx, a, id, func(t *store.Tx, m dottedline.Meeting) error {
		m.Cancelled = true
		return putMeeting(t, m)
	})
}

// onMeeting writes for a member on a meeting that exists.
func (d *Desk) onMeeting(ctx context.Context, a dottedline.Actor, id dottedline.MeetingID, f func(*store.Tx, dottedline.Meeting) error) error {
	err := d.write(ctx, a, func(t *store.Tx) error {
		m, err := t.Meeting(id)
		if err != nil {
			return err
		}
		return f(t, m)
	})
	d.wakeUp()
	return err
}

// putMeeting writes a meeting, and what its time means for its ask and for Now.
func putMeeting(t *store.Tx, m dottedline.Meeting) error {
	if err := t.PutMeeting(m); err != nil {
		return err
	}
	k, ok, err := t.AskIn(m.ID)
	if err != nil {
		return err
	}
	switch end := m.End(); {
	case !ok || !k.Made.IsZero():
	case m.Cancelled: // the ask is still to be made, at another time
		k.Meeting, k.Due = 0, time.Time{}
		if err := t.PutAsk(k); err != nil {
			return err
		}
		if err := touch(t, m.Deal, dottedline.Touch{Kind: dottedline.PlannedTouch, By: dottedline.Us, Text: k.Text}); err != nil {
			return err
		}
	case !k.Due.Equal(end):
		k.Due = end
		if err := t.PutAsk(k); err != nil {
			return err
		}
		if err := touch(t, m.Deal, dottedline.Touch{Kind: dottedline.PlannedTouch, By: dottedline.Us, Text: k.Text, Until: end}); err != nil {
			return err
		}
	}
	return nextBrief(t, m.Deal)
}

// nextBrief records when the next meeting of a deal begins that has no ask,
// where that has changed.
func nextBrief(t *store.Tx, id dottedline.DealID) error {
	r, err := t.Deal(id)
	if err != nil {
		return err
	}
	ms, err := t.MeetingsOf(r.ID)
	if err != nil {
		return err
	}
	var next time.Time
	for _, m := range ms {
		if m.NoAsk || !m.At.After(t.Now) {
			continue
		}
		if _, has, err := t.AskIn(m.ID); err != nil {
			return err
		} else if !has {
			next = m.At
			break
		}
	}
	if next.Equal(r.Brief) {
		return nil
	}
	return touch(t, r.ID, dottedline.Touch{Kind: dottedline.BriefTouch, By: dottedline.Us, Until: next})
}
