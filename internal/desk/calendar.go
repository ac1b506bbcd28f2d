package desk

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// CalendarLogin is how a member reaches a calendar server or an ICS address.
type CalendarLogin struct {
	URL, User, Secret string
	ICS               bool
}

// FoundCalendar is one calendar behind an address. Busy says whether its events
// make busy.
type FoundCalendar struct {
	URL, Name string
	Writable  bool
	Busy      bool
}

// CalendarFeed is a calendar with all that is needed to read and write it, for
// the edge that does.
type CalendarFeed struct {
	Workspace dottedline.WorkspaceID
	dottedline.Calendar
	Secret string
}

// CalendarObject is one object of a calendar as the edge reads it.
type CalendarObject = store.CalendarObject

func calendarSecret(ws dottedline.WorkspaceID, id dottedline.CalendarID) string {
	return "calendar " + ws.String() + " " + id.String()
}

// ConnectCalendars adds calendars of the acting member that were found behind
// a login; one that is there already is signed in to anew. The first that can
// be written takes the bookings while no other does.
func (d *Desk) ConnectCalendars(ctx context.Context, a dottedline.Actor, l CalendarLogin, found []FoundCalendar) (err error) {
	defer wrap("connect calendars", &err)
	if err := l.check(); err != nil {
		return err
	}
	if len(found) == 0 {
		return dottedline.Wrong("Choose at least one.", "No calendar was chosen.")
	}
	err = d.write(ctx, a, func(t *store.Tx) error {
		have, err := t.CalendarsOf(a.Member)
		if err != nil {
			return err
		}
		target := false
		for _, c := range have {
			target = target || c.Target
		}
		for _, f := range found {
			c := store.Calendar{Calendar: dottedline.Calendar{ID: store.NewID[dottedline.Calendar](t), Member: a.Member}}
			for _, h := range have {
				if h.URL == f.URL {
					c = h
				}
			}
			c.Name, c.URL, c.ICS, c.Busy, c.User = clean(f.Name), f.URL, l.ICS, f.Busy, l.User
			if !target && f.Writable && !l.ICS {
				c.Target, target = true, true
			}
			if l.Secret != "" || c.Secret == nil {
				c.Secret = d.vault.seal([]byte(l.Secret), calendarSecret(a.Workspace, c.ID))
			}
			if err := t.PutCalendar(c); err != nil {
				return err
			}
		}
		return nil
	})
	d.wakeUp()
	return err
}

func (l CalendarLogin) check() error {
	u, err := url.Parse(strings.TrimSpace(l.URL))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return dottedline.Wrong("Copy it from your calendar's settings; it begins with https.", "%q is not the address of a calendar.", l.URL)
	}
	return nil
}

// Calendars are the calendars of the acting member and how reading them goes.
func (d *Desk) Calendars(ctx context.Context, a dottedline.Actor) (out []dottedline.Calendar, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		cs, err := t.CalendarsOf(a.Member)
		for _, c := range cs {
			out = append(out, c.Calendar)
		}
		return err
	})
	return out, err
}

// ClosedCalendars are the busy calendars of the workspace that can't be trusted
// now: their members offer no time. One that has only just been connected is
// not among them.
func (d *Desk) ClosedCalendars(ctx context.Context, a dottedline.Actor) (out []dottedline.Calendar, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		cs, err := t.Calendars()
		for _, c := range cs {
			if c.Busy && !c.State.Tried.IsZero() && c.Closed(t.Now) != "" {
				out = append(out, c.Calendar)
			}
		}
		return err
	})
	return out, err
}

// SetCalendar says whether a calendar of one's own makes busy, and whether
// bookings are written into it; only one calendar of a member takes them.
func (d *Desk) SetCalendar(ctx context.Context, a dottedline.Actor, id dottedline.CalendarID, busy, target bool) error {
	return d.write(ctx, a, func(t *store.Tx) error {
		cs, err := t.CalendarsOf(a.Member)
		if err != nil {
			return err
		}
		found := false
		for _, c := range cs {
			was := c.Calendar
			switch {
			case c.ID == id:
				found = true
				if target && c.ICS {
					return dottedline.Wrong("Connect it by CalDAV to have bookings written into it.", "An ICS address can only be read.")
				}
				c.Busy, c.Target = busy, target
			case target:
				c.Target = false
			}
			if c.Calendar != was {
				if err := t.PutCalendar(c); err != nil {
					return err
				}
			}
		}
		if !found {
			return dottedline.Missing("calendar")
		}
		return nil
	})
}

// DropCalendar stops reading a calendar of one's own.
func (d *Desk) DropCalendar(ctx context.Context, a dottedline.Actor, id dottedline.CalendarID) error {
	err := d.write(ctx, a, func(t *store.Tx) error {
		if err := ownCalendar(t, a, id); err != nil {
			return err
		}
		return t.DropCalendar(id)
	})
	d.wakeUp()
	return err
}

// ownCalendar says nothing where the calendar is the member's own.
func ownCalendar(t *store.Tx, a dottedline.Actor, id dottedline.CalendarID) error {
	c, err := t.Calendar(id)
	if err == nil && c.Member != a.Member {
		err = dottedline.Missing("calendar")
	}
	return err
}

// CalendarFeeds are all calendars of all workspaces, for the edge that reads
// them. One whose secret can't be opened says so in its state instead.
func (d *Desk) CalendarFeeds(ctx context.Context) (out []CalendarFeed, err error) {
	ids, err := d.db.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	for _, ws := range ids {
		var cs []store.Calendar
		if err := d.db.View(ctx, ws, func(t *store.Tx) error { cs, err = t.Calendars(); return err }); err != nil {
			return nil, err
		}
		for _, c := range cs {
			f, err := d.feed(ws, c)
			if err != nil {
				if c.State.Error == "" {
					c.State.Tried, c.State.Error = d.Now(), "Its password can't be opened with this key file."
					if err := d.CalendarFailed(ctx, ws, c.ID, c.State); err != nil {
						return nil, err
					}
				}
				continue
			}
			out = append(out, f)
		}
	}
	return out, nil
}

func (d *Desk) feed(ws dottedline.WorkspaceID, c store.Calendar) (CalendarFeed, error) {
	secret, err := d.vault.open(c.Secret, calendarSecret(ws, c.ID))
	if err != nil {
		return CalendarFeed{}, fmt.Errorf("calendar %s: %w", c.Name, err)
	}
	c.State = dottedline.CalendarState{} // it changes with each try; who reads it asks anew
	return CalendarFeed{ws, c.Calendar, string(secret)}, nil
}

// CalendarKnown is what is kept of a calendar: where reading goes on, the ETags
// of its objects by path, and how the last try went.
func (d *Desk) CalendarKnown(ctx context.Context, ws dottedline.WorkspaceID, id dottedline.CalendarID) (token, ctag string, etags map[string]string, s dottedline.CalendarState, err error) {
	defer wrap("what is known of a calendar", &err)
	err = d.db.View(ctx, ws, func(t *store.Tx) error {
		c, err := t.Calendar(id)
		if err != nil {
			return err
		}
		token, ctag, s = c.Token, c.CTag, c.State
		etags, err = t.CalendarETags(id)
		return err
	})
	return token, ctag, etags, s, err
}

// KeepCalendar keeps what was read of a calendar, in one transaction, with what
// somebody did there to meetings of ours, and makes meetings of what it holds
// with people of deals. replace says that changed is all there is.
func (d *Desk) KeepCalendar(ctx context.Context, ws dottedline.WorkspaceID, id dottedline.CalendarID, token, ctag string, changed []store.CalendarObject, gone []string, replace bool, s dottedline.CalendarState) (err error) {
	defer wrap("keep calendar", &err)
	err = d.db.Write(ctx, ws, func(t *store.Tx) error {
		c, err := t.Calendar(id)
		if err != nil {
			return err
		}
		if err := d.noteChanges(t, c, changed, gone, replace); err != nil {
			return err
		}
		if replace {
			gone = []string{""}
		}
		for _, path := range gone {
			if err := t.DropCalendarObject(id, path); err != nil {
				return err
			}
		}
		for _, o := range changed {
			if err := t.PutCalendarObject(id, o); err != nil {
				return err
			}
		}
		return t.SetCalendarState(id, token, ctag, s)
	})
	if err != nil {
		return err
	}
	return d.meet(ctx, ws, id)
}

// CalendarFailed keeps that a calendar could not be read; its objects stay, and
// no free time is offered from it.
func (d *Desk) CalendarFailed(ctx context.Context, ws dottedline.WorkspaceID, id dottedline.CalendarID, s dottedline.CalendarState) error {
	return d.db.Write(ctx, ws, func(t *store.Tx) error {
		c, err := t.Calendar(id)
		if err != nil {
			return err
		}
		return t.SetCalendarState(id, c.Token, c.CTag, s)
	})
}

// CalendarWrite is an event to be written into a calendar, claimed.
type CalendarWrite struct {
	store.CalendarWrite
	Feed  CalendarFeed
	lease time.Time
}

// NextCalendarWrite claims an event that is to be written into a calendar; nil
// when there is none.
func (d *Desk) NextCalendarWrite(ctx context.Context) (w *CalendarWrite, err error) {
	defer wrap("next calendar write", &err)
	var due []store.CalendarWrite
	if err = d.db.Everywhere(ctx, func(g store.Global) error { due, err = g.DueCalendarWrites(10); return err }); err != nil {
		return nil, err
	}
	for _, x := range due {
		var c store.Calendar
		ok, lease := false, d.Now().Add(leaseFor)
		err := d.db.Write(ctx, x.Workspace, func(t *store.Tx) error {
			if ok, err = t.ClaimCalendarWrite(x, lease); err == nil && ok {
				c, err = t.Calendar(x.Calendar)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		f, err := d.feed(x.Workspace, c)
		if err != nil {
			return nil, err
		}
		return &CalendarWrite{x, f, lease}, nil
	}
	return nil, nil
}

// CalendarWritten records that an event is in the calendar, or gone from it.
func (d *Desk) CalendarWritten(ctx context.Context, w *CalendarWrite, etag string) error {
	return d.db.Write(ctx, w.Workspace, func(t *store.Tx) error {
		return t.SetCalendarWrite(w.CalendarWrite, w.lease, time.Time{}, etag, "")
	})
}

// CalendarNotWritten records why an event could not be written; it is tried
// again later, and not after ten tries.
func (d *Desk) CalendarNotWritten(ctx context.Context, w *CalendarWrite, why string, again bool) error {
	return d.db.Write(ctx, w.Workspace, func(t *store.Tx) error {
		t.Changed()
		var due time.Time
		if again && w.Tries < 10 {
			due = t.Now.Add(retryAfter(w.Tries))
		}
		return t.SetCalendarWrite(w.CalendarWrite, w.lease, due, "", why)
	})
}
