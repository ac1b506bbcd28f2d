package desk

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/store"
)

// followAfter gives time to move a meeting twice, or to put back what was
// deleted by mistake, before a guest hears of it.
const followAfter = 2 * time.Minute

// fewGone is the most that may be gone from a calendar at one look for that to be
// believed: more looks like a calendar that was emptied or restored.
const fewGone = 3

// ownMeeting is a booking, or a meeting planned by hand, by its UID.
type ownMeeting struct {
	start    time.Time
	minutes  int
	sequence int
	title    string
	guests   []string
	hosts    []dottedline.MemberID // who invited first
	booking  *dottedline.Booking   // nil: it is meeting
	meeting  dottedline.Meeting
}

// ownMeetingAhead is the meeting of ours that a UID names; ok is false where there
// is none that is still to take place.
func ownMeetingAhead(t *store.Tx, uid string) (m ownMeeting, ok bool, err error) {
	b, booked, err := bookingNamed(t, uid)
	if err != nil {
		return m, false, err
	}
	if booked {
		m = ownMeeting{start: b.Start, minutes: int(b.End.Sub(b.Start).Minutes()), sequence: b.Sequence, title: b.Kind + " with " + b.Name, guests: []string{b.Name}, hosts: b.Members, booking: &b}
		return m, b.State == dottedline.Booked && b.Start.After(t.Now), nil
	}
	text, is := strings.CutPrefix(uid, plannedUID)
	id, bad := dottedline.ParseID[dottedline.Meeting](text)
	if !is || bad != nil {
		return m, false, nil
	}
	by, sequence, invited, err := t.Invited(id)
	if err != nil || !invited {
		return m, false, err
	}
	x, err := t.Meeting(id)
	if err != nil {
		return m, false, err
	}
	as, err := t.Attendees(id)
	m = ownMeeting{start: x.At, minutes: x.Minutes, sequence: sequence, title: x.Title, hosts: []dottedline.MemberID{by}, meeting: x}
	for _, a := range as {
		m.guests = append(m.guests, nameOr(dottedline.Person{Name: a.Name}, string(a.Address)))
	}
	return m, !x.Cancelled && x.At.After(t.Now), err
}

// calendarWord is what a calendar says of a meeting of ours.
type calendarWord struct {
	uid      string
	gone     bool // called off, or not there
	start    time.Time
	minutes  int
	sequence int
	why      string // it can't be followed
}

// wordIn reads an object; ok is false where it is none of ours, or is not
// readable as a whole.
func wordIn(raw []byte, now time.Time, zone *time.Location) (w calendarWord, ok bool) {
	if !bytes.Contains(raw, []byte(ownUID)) {
		return w, false
	}
	c, err := ical.Parse(raw)
	if err != nil || len(c.Events) == 0 || slices.ContainsFunc(c.Problems, func(p ical.Problem) bool { return p.Lost }) {
		return w, false
	}
	e := c.Events[0]
	w = calendarWord{uid: e.UID, sequence: e.Sequence}
	if !strings.HasPrefix(e.UID, ownUID) || slices.ContainsFunc(c.Events, func(x ical.Event) bool { return x.UID != e.UID }) {
		return w, false
	}
	if len(c.Events) > 1 || e.Repeats() {
		w.why = "It repeats there now."
		return w, true
	}
	if e.Status == ical.Cancelled {
		w.gone = true
		return w, true
	}
	times, err := c.Occurrences(time.Unix(0, 0), now.Add(metFar), zone)
	if err != nil || len(times) != 1 {
		w.why = "It lies too far ahead there now."
		return w, true
	}
	start, length := times[0].Start, times[0].End.Sub(times[0].Start)
	switch {
	case times[0].AllDay:
		w.why = "It takes the whole day there now."
	case !start.After(now):
		w.why = "It lies in the past there now."
	case checkTime(start, int(length.Minutes())) != nil:
		w.why = "It is too short or too long there now."
	default:
		w.start, w.minutes = start, int(length.Minutes())
	}
	return w, true
}

// noteChanges keeps what a reading shows that somebody did to meetings of ours.
// Missing counts only of what this calendar was seen to hold.
func (d *Desk) noteChanges(t *store.Tx, c store.Calendar, changed []store.CalendarObject, gone []string, replace bool) error {
	if c.ICS { // never written, and as old as its server likes
		return nil
	}
	h, err := hours(t, c.Member)
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, o := range changed {
		w, ok := wordIn(o.Raw, t.Now, h.Location())
		if !ok {
			continue
		}
		there[w.uid] = true
		if err := d.noteChange(t, c, w, ""); err != nil {
			return err
		}
	}
	if !replace && len(gone) == 0 {
		return nil
	}
	had, err := t.CalendarETags(c.ID)
	if err != nil {
		return err
	}
	left := len(changed)
	if replace {
		gone = nil
		for p := range had {
			if !slices.ContainsFunc(changed, func(o store.CalendarObject) bool { return o.Path == p }) {
				gone = append(gone, p)
			}
		}
	} else {
		left += len(had) - len(gone)
	}
	for _, p := range gone {
		raw, err := t.CalendarRaw(c.ID, p)
		if err != nil {
			return err
		}
		w, ok := wordIn(raw, t.Now, h.Location())
		if !ok || there[w.uid] {
			continue
		}
		w = calendarWord{uid: w.uid, gone: true, sequence: w.sequence}
		if len(gone) > fewGone || left == 0 {
			w.why = "All of the calendar, or much of it, is gone at once."
		}
		if err := d.noteChange(t, c, w, p); err != nil {
			return err
		}
	}
	return nil
}

// noteChange keeps what a calendar says of one meeting of ours where that differs.
// While a write of ours is under way, that one settles it.
func (d *Desk) noteChange(t *store.Tx, c store.Calendar, w calendarWord, missing string) error {
	m, ok, err := ownMeetingAhead(t, w.uid)
	if err != nil {
		return err
	}
	ws, err := t.CalendarWritesOf(w.uid)
	if err != nil {
		return err
	}
	written := slices.ContainsFunc(ws, func(x store.CalendarWrite) bool {
		return x.Calendar == c.ID && !x.Gone && x.Due.IsZero() && x.Error == ""
	})
	if !ok || !written || !w.gone && w.why == "" && w.start.Equal(m.start) && w.minutes == m.minutes {
		return t.DropCalendarChange(c.ID, w.uid)
	}
	was, known, err := t.CalendarChange(c.ID, w.uid)
	if err != nil || known && was.Path == missing && was.Gone == w.gone && was.Start.Equal(w.start) && was.Minutes == w.minutes {
		return err
	}
	x := store.CalendarChange{Calendar: c.ID, UID: w.uid, Path: missing, Gone: w.gone, Start: w.start, Minutes: w.minutes, Sequence: w.sequence, Seen: t.Now, Why: w.why}
	if x.Why == "" && m.hosts[0] != c.Member {
		host, err := t.Member(m.hosts[0])
		if err != nil {
			return err
		}
		x.Why = host.Name + " invited to it."
	}
	if x.Why == "" {
		x.Due = t.Now.Add(d.FollowAfter)
	}
	return t.PutCalendarChange(x)
}

// CalendarChange is a meeting of ours that the member moved or took out in a
// calendar program.
type CalendarChange struct {
	Calendar dottedline.CalendarID
	Name     string // of the calendar
	UID      string
	Title    string
	Guests   []string // names
	At       time.Time
	Minutes  int
	Gone     bool
	To       time.Time // where it was moved; zero where that can't be followed
	Length   int       // minutes, then
	Why      string    // a person has to say; "" while it is followed by itself
}

// CalendarChanges are those of the member's own calendars.
func (d *Desk) CalendarChanges(ctx context.Context, a dottedline.Actor) (out []CalendarChange, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		xs, err := t.CalendarChanges()
		if err != nil {
			return err
		}
		for _, x := range xs {
			c, err := t.Calendar(x.Calendar)
			if err != nil {
				return err
			}
			m, ok, err := ownMeetingAhead(t, x.UID)
			if err != nil {
				return err
			}
			if c.Member == a.Member && ok {
				out = append(out, CalendarChange{c.ID, c.Name, x.UID, m.title, m.guests, m.start, m.minutes, x.Gone, x.Start, x.Minutes, x.Why})
			}
		}
		return nil
	})
	return out, err
}
