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
		b, err := newBatch(t)
		if err != nil {
			return err
		}
		deal, err := b.dealOf(c.People...)
		if err != nil {
			return err
		}
		m, err := putCalendarMeeting(t, c, deal, false)
		id = m.ID
		return err
	})
	d.wakeUp()
	return id, err
}

// putCalendarMeeting is PutMeeting with the deal where it is a new one, 0 for
// none. quiet says nothing of a new one on the deal.
func putCalendarMeeting(t *store.Tx, c CalendarMeeting, deal dottedline.DealID, quiet bool) (m dottedline.Meeting, err error) {
	m, had, err := t.MeetingByUID(c.Source, c.UID)
	if err != nil {
		return m, err
	}
	was := m
	if !had {
		if c.Cancelled || deal == 0 {
			return m, nil
		}
		m.ID, m.Source, m.UID, m.Deal = store.NewID[dottedline.Meeting](t), c.Source, c.UID, deal
	}
	m.At, m.Minutes, m.Title, m.Place, m.Cancelled = c.At.UTC().Truncate(time.Microsecond), c.Minutes, dottedline.Shorten(clean(c.Title), 300), clean(c.Place), c.Cancelled
	if m.Title == "" {
		m.Title = "Meeting"
	}
	moved := !m.At.Equal(was.At) || m.Minutes != was.Minutes
	if had && !moved && m.Title == was.Title && m.Place == was.Place && m.Cancelled == was.Cancelled {
		return m, nil
	}
	if err := putMeeting(t, m); err != nil || m.At.Before(t.Now) {
		return m, err
	}
	switch {
	case m.Cancelled:
		return m, meetingTold(t, m, "Cancelled: ")
	case had && !was.Cancelled && moved:
		return m, meetingTold(t, m, "Moved: ")
	case !quiet && (!had || was.Cancelled):
		return m, meetingTold(t, m, "")
	}
	return m, nil
}

// dealOf is the one open deal of the first of the addresses that has one; 0
// where none has.
func (b *batch) dealOf(as ...dottedline.Address) (dottedline.DealID, error) {
	for _, a := range as {
		a = dottedline.MakeAddress(string(a))
		if b.ours(a) {
			continue
		}
		p, ok, err := b.PersonAt(a)
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
	if err := takePlace(t, m); err != nil {
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
