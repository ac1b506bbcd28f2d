package desk

import (
	"context"
	"errors"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// DueChange is a change that is to be followed. Where Missing names an object,
// its server has to be asked first whether it really is not there.
type DueChange struct {
	Feed    CalendarFeed
	UID     string
	Missing string
}

// DueCalendarChanges are those whose time has come, of all workspaces.
func (d *Desk) DueCalendarChanges(ctx context.Context) (out []DueChange, err error) {
	defer wrap("changes in calendars", &err)
	var xs []store.CalendarChange
	if err = d.db.Everywhere(ctx, func(g store.Global) error { xs, err = g.DueCalendarChanges(20); return err }); err != nil {
		return nil, err
	}
	for _, x := range xs {
		var c store.Calendar
		if err := d.db.View(ctx, x.Workspace, func(t *store.Tx) error { c, err = t.Calendar(x.Calendar); return err }); err != nil {
			return nil, err
		}
		f, err := d.feed(x.Workspace, c)
		if err != nil {
			continue // CalendarFeeds says so in its state
		}
		out = append(out, DueChange{f, x.UID, x.Path})
	}
	return out, nil
}

// FollowCalendarChange moves or cancels a meeting of ours as its calendar says,
// and tells its guests, once every calendar of the member was read anew and says
// so still. What stands in the way, a person has to settle.
func (d *Desk) FollowCalendarChange(ctx context.Context, c DueChange) (err error) {
	defer wrap("follow a calendar", &err)
	err = d.db.Write(ctx, c.Feed.Workspace, func(t *store.Tx) error {
		x, ok, err := t.CalendarChange(c.Feed.ID, c.UID)
		if err != nil || !ok || x.Due.IsZero() {
			return err
		}
		switch so, err := d.still(t, x); {
		case err != nil:
			return err
		case so == itIsThere:
			return t.DropCalendarChange(x.Calendar, x.UID)
		case so == nobodyKnows:
			return wait(t, x)
		}
		return d.follow(t, x)
	})
	var p *dottedline.Problem
	if errors.As(err, &p) {
		err = d.db.Write(ctx, c.Feed.Workspace, func(t *store.Tx) error {
			x, ok, err := t.CalendarChange(c.Feed.ID, c.UID)
			if err != nil || !ok {
				return err
			}
			x.Due, x.Why = time.Time{}, p.Text
			return t.PutCalendarChange(x)
		})
	}
	d.wakeUp()
	return err
}

// WaitCalendarChange says that nobody could tell whether an object is missing.
func (d *Desk) WaitCalendarChange(ctx context.Context, c DueChange) error {
	return d.db.Write(ctx, c.Feed.Workspace, func(t *store.Tx) error {
		x, ok, err := t.CalendarChange(c.Feed.ID, c.UID)
		if err != nil || !ok || x.Due.IsZero() {
			return err
		}
		return wait(t, x)
	})
}

func wait(t *store.Tx, x store.CalendarChange) error {
	x.Due = t.Now.Add(time.Minute)
	return t.PutCalendarChange(x)
}

// StillInCalendar says that an object which a reading lacked is there: the
// calendar is read anew from the beginning.
func (d *Desk) StillInCalendar(ctx context.Context, c DueChange) error {
	return d.db.Write(ctx, c.Feed.Workspace, func(t *store.Tx) error {
		now, err := t.Calendar(c.Feed.ID)
		if err != nil {
			return err
		}
		if err := t.SetCalendarState(now.ID, "", "", now.State); err != nil {
			return err
		}
		return t.DropCalendarChange(now.ID, c.UID)
	})
}

// stillSo says whether a change still holds.
type stillSo int

const (
	nobodyKnows stillSo = iota
	itIsSo
	itIsThere // where and when we have it
)

// still looks at all that was read since: a meeting that lies in another calendar
// of the member is not gone, and one that can't be read is neither.
func (d *Desk) still(t *store.Tx, x store.CalendarChange) (stillSo, error) {
	c, err := t.Calendar(x.Calendar)
	if err != nil {
		return nobodyKnows, err
	}
	h, err := hours(t, c.Member)
	if err != nil {
		return nobodyKnows, err
	}
	cs, err := t.CalendarsOf(c.Member)
	if err != nil {
		return nobodyKnows, err
	}
	so := nobodyKnows
	for _, o := range cs {
		if o.ICS || o.ID != c.ID && !x.Gone {
			continue
		}
		if o.State.Error != "" || !o.State.Read.After(x.Seen) {
			return nobodyKnows, nil
		}
		path, _, raw, err := d.shelf.find(t, o, x.UID)
		if err != nil {
			return nobodyKnows, err
		}
		w, ok := wordIn(raw, t.Now, h.Location())
		switch {
		case path != "" && !ok:
			return nobodyKnows, nil
		case path == "" && o.ID == c.ID:
			lies, err := t.CalendarRaw(c.ID, x.Path)
			if err != nil || lies != nil || !x.Gone { // it is there and can't be read
				return nobodyKnows, err
			}
			so = itIsSo
		case path == "":
		case x.Gone && !w.gone:
			return itIsThere, nil
		case x.Gone || w.why == "" && w.start.Equal(x.Start) && w.minutes == x.Minutes:
			so = itIsSo
		default:
			return nobodyKnows, nil
		}
	}
	return so, nil
}

// follow does to a meeting of ours what was done in the calendar.
func (d *Desk) follow(t *store.Tx, x store.CalendarChange) error {
	m, ok, err := ownMeetingAhead(t, x.UID)
	if err != nil {
		return err
	}
	if err := t.DropCalendarChange(x.Calendar, x.UID); err != nil || !ok {
		return err
	}
	if !x.Gone && x.Minutes == 0 {
		return dottedline.Wrong("Put it back, or move it on its own page.", "What was done in the calendar can’t be followed.")
	}
	if err := d.takeOver(t, x, m); err != nil {
		return err
	}
	return t.AlreadyWritten(x.Calendar, x.UID)
}

// takeOver brings a meeting in step with a change, and tells its guests.
func (d *Desk) takeOver(t *store.Tx, x store.CalendarChange, m ownMeeting) error {
	sequence := max(m.sequence, x.Sequence) // the calendar may have told the guests itself
	if m.booking == nil {
		if err := t.SetInvited(m.meeting.ID, m.hosts[0], sequence); err != nil {
			return err
		}
		if x.Gone {
			return d.cancelPlanned(t, m.meeting)
		}
		return d.moveMeeting(t, m.meeting, x.Start, x.Minutes, m.meeting.Place)
	}
	b := *m.booking
	b.Sequence = sequence
	p, err := pageOf(t, b)
	if err != nil {
		return err
	}
	if x.Gone {
		return d.cancelBooking(t, b, p, change{word: "cancelled"})
	}
	k := p.Settings.Kind(b.Kind)
	k.Name = b.Kind
	if was, ok, err := t.MeetingByUID(bookingSource, x.UID); err != nil {
		return err
	} else if ok {
		k.Place = was.Place
	}
	return d.hostMoves(t, b, p, k, x.Start, x.Minutes)
}

// SettleChange is what a member wants of a change in a calendar of theirs.
type SettleChange string

// What can be wanted.
const (
	FollowIt SettleChange = "follow" // at once
	PutBack  SettleChange = "back"   // as we have it
	LeaveIt  SettleChange = "leave"  // both stay as they are
)

// SettleCalendarChange does what the member wants of a change.
func (d *Desk) SettleCalendarChange(ctx context.Context, a dottedline.Actor, id dottedline.CalendarID, uid string, how SettleChange) error {
	err := d.write(ctx, a, func(t *store.Tx) error {
		if err := ownCalendar(t, a, id); err != nil {
			return err
		}
		x, ok, err := t.CalendarChange(id, uid)
		if err != nil || !ok { // it was settled meanwhile
			return err
		}
		if how == FollowIt {
			return d.follow(t, x)
		}
		if how == PutBack {
			if err := t.WriteOver(id, uid); err != nil {
				return err
			}
		}
		return t.DropCalendarChange(id, uid)
	})
	d.wakeUp()
	return err
}
