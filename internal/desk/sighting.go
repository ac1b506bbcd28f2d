package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/store"
)

// fromCalendar is what meetings say they are from that a calendar has, or an
// invitation by mail: they name a meeting alike.
const fromCalendar = "calendar"

// ownUID begins the UIDs of what is booked and planned here.
const ownUID = "dottedline-"

// How far around now a calendar's meetings are taken over. Of a series only the
// near times are; what has moved is looked for farther ahead.
const (
	metBefore = 30 * 24 * time.Hour
	metAhead  = 60 * 24 * time.Hour
	metFar    = 400 * 24 * time.Hour
)

// sighting is one time of a meeting as a calendar or a mail says it.
type sighting struct {
	CalendarMeeting
	event     *ical.Event
	deal      dottedline.DealID
	outsiders []ical.Party
}

// sightings are the times of a calendar that have somebody of a deal.
func (b *batch) sightings(c *ical.Calendar, zone *time.Location, me []string, deals map[dottedline.Address]dottedline.DealID, kept map[string]bool) (out []sighting, err error) {
	if !slices.ContainsFunc(c.Events, func(e ical.Event) bool { return len(e.Attendees) > 0 && !strings.HasPrefix(e.UID, ownUID) }) {
		return nil, nil
	}
	times, err := c.Occurrences(b.Now.Add(-metBefore), b.Now.Add(metFar), zone)
	if err != nil {
		return nil, nil // the calendar says so itself, and offers no free time
	}
	for _, o := range times {
		e := o.Event
		key, single := o.Key(), o.Event.UID == o.Key()
		if o.AllDay || !o.End.After(o.Start) || strings.HasPrefix(e.UID, ownUID) || !single && o.Start.After(b.Now.Add(metAhead)) && !kept[key] {
			continue
		}
		if slices.ContainsFunc(me, func(m string) bool { a, ok := e.Attendee(m); return ok && a.Answer == ical.Declined }) {
			continue
		}
		s := sighting{event: e, CalendarMeeting: CalendarMeeting{Source: fromCalendar, UID: key, At: o.Start, Minutes: minutesOf(o), Title: e.Summary, Place: e.Location}}
		if s.Place == "" {
			s.Place = e.URL
		}
		for _, p := range append([]ical.Party{e.Organizer}, e.Attendees...) {
			addr := dottedline.MakeAddress(p.Address)
			if addr == "" || b.ours(addr) {
				continue
			}
			if i := slices.IndexFunc(s.outsiders, func(o ical.Party) bool { return strings.EqualFold(o.Address, p.Address) }); i < 0 {
				s.outsiders = append(s.outsiders, p)
			} else if o := &s.outsiders[i]; o.Answer == "" { // the organizer comes as well
				o.Answer = p.Answer
			}
			id, known := deals[addr]
			if !known {
				if id, err = b.dealOf(addr); err != nil {
					return nil, err
				}
				deals[addr] = id
			}
			if s.deal == 0 {
				s.deal = id
			}
		}
		if s.deal != 0 {
			out = append(out, s)
		}
	}
	return out, nil
}

// calendarSightings are those of a member's calendar as it was last read.
func (d *Desk) calendarSightings(t *store.Tx, b *batch, c store.Calendar) (out []sighting, err error) {
	objects, err := d.shelf.objects(t, c)
	if err != nil {
		return nil, err
	}
	m, err := t.Member(c.Member)
	if err != nil {
		return nil, err
	}
	had, err := t.SightingsIn(c.ID)
	if err != nil {
		return nil, err
	}
	kept := map[string]bool{}
	for _, s := range had {
		kept[s.UID] = true
	}
	me := []string{string(m.Email)}
	boxes, err := t.Mailboxes()
	if err != nil {
		return nil, err
	}
	for _, x := range boxes {
		if x.Member == m.ID {
			me = append(me, string(x.Address))
		}
	}
	deals := map[dottedline.Address]dottedline.DealID{}
	for i := range objects {
		ss, err := b.sightings(&objects[i], m.Hours.Location(), me, deals, kept)
		if err != nil {
			return nil, err
		}
		out = append(out, ss...)
	}
	slices.SortStableFunc(out, func(x, y sighting) int { return x.At.Compare(y.At) })
	return out, nil
}

// digest is what of sightings can change a meeting.
func digest(ss []sighting) string {
	var text strings.Builder
	for _, s := range ss {
		fmt.Fprintf(&text, "%q %d %d %q %q %d %d %d", s.UID, s.At.Unix(), s.Minutes, s.Title, s.Place, s.deal, s.event.Sequence, s.event.Stamp.Unix())
		for _, p := range s.outsiders {
			fmt.Fprintf(&text, " %q %s", p.Address, p.Answer)
		}
		text.WriteByte('\n')
	}
	return hashOf(text.String())
}

// meet makes meetings of what a calendar holds now; nothing where that was done.
func (d *Desk) meet(ctx context.Context, ws dottedline.WorkspaceID, id dottedline.CalendarID) (err error) {
	defer wrap("meetings of a calendar", &err)
	look := func(t *store.Tx) (b *batch, ss []sighting, met string, err error) {
		c, err := t.Calendar(id)
		if err != nil {
			return nil, nil, "", err
		}
		if b, err = newBatch(t); err != nil {
			return nil, nil, "", err
		}
		if ss, err = d.calendarSightings(t, b, c); err != nil {
			return nil, nil, "", err
		}
		was, err := t.CalendarMet(id)
		if met = digest(ss); met == was {
			met = ""
		}
		return b, ss, met, err
	}
	met := ""
	if err = d.db.View(ctx, ws, func(t *store.Tx) error { _, _, met, err = look(t); return err }); err != nil || met == "" {
		return err
	}
	err = d.db.Write(ctx, ws, func(t *store.Tx) error {
		b, ss, met, err := look(t)
		if err != nil || met == "" {
			return err
		}
		if err := b.see(id, ss, func(string) bool { return true }); err != nil {
			return err
		}
		return t.SetCalendarMet(id, met)
	})
	d.wakeUp()
	return err
}

// see takes over what a calendar (0: the mails) says of its meetings now. What
// it said before and is not among ss is gone as far as within says; where a
// meeting is gone and another of the same UID is new, it was moved.
func (b *batch) see(c dottedline.CalendarID, ss []sighting, within func(uid string) bool) error {
	had, err := b.SightingsIn(c)
	if err != nil {
		return err
	}
	now := map[string]bool{}
	for _, s := range ss {
		now[s.UID] = true
	}
	kept := map[string]store.Sighting{}
	gone := map[string][]store.Sighting{} // by the event's UID
	for _, x := range had {
		kept[x.UID] = x
		if now[x.UID] || !within(x.UID) || x.Gone {
			continue
		}
		m, err := b.Meeting(x.Meeting)
		if err != nil {
			return err
		}
		if m.At.Before(b.Now) { // it took place; the calendar need not keep it
			if err := b.DropSighting(c, x.UID); err != nil {
				return err
			}
			continue
		}
		uid, _, _ := strings.Cut(x.UID, " ")
		gone[uid] = append(gone[uid], x)
	}
	for _, s := range ss {
		x, known := kept[s.UID]
		if !known {
			x = store.Sighting{Calendar: c, UID: s.UID}
			if was := gone[s.event.UID]; len(was) > 0 && s.At.After(b.Now) {
				if x.Meeting, err = b.renamed(c, was[0], s.UID); err != nil {
					return err
				}
				gone[s.event.UID] = was[1:]
			}
		}
		if err := b.sighted(x, s); err != nil {
			return fmt.Errorf("%s: %w", s.UID, err)
		}
	}
	for _, xs := range gone {
		for _, x := range xs {
			if err := b.vanished(x); err != nil {
				return err
			}
		}
	}
	return nil
}

// renamed gives a meeting whose time was moved its new name, where another
// calendar has not done so yet.
func (b *batch) renamed(c dottedline.CalendarID, was store.Sighting, uid string) (dottedline.MeetingID, error) {
	if err := b.DropSighting(c, was.UID); err != nil {
		return 0, err
	}
	_, taken, err := b.MeetingByUID(fromCalendar, uid)
	if err != nil || taken {
		return 0, err
	}
	return was.Meeting, b.SetMeetingUID(was.Meeting, uid)
}

// sighted takes over one time of a meeting, unless a newer word of it is known.
func (b *batch) sighted(x store.Sighting, s sighting) error {
	was := x
	x.Sequence, x.Stamp, x.Gone = s.event.Sequence, s.event.Stamp.UTC().Truncate(time.Microsecond), false
	if x.Calendar == 0 && was.Meeting != 0 && was.Newer(x) { // mails come in any order
		return nil
	}
	m, had, err := b.MeetingByUID(fromCalendar, s.UID)
	if err != nil || had && m.Cancelled && was == x { // a member has called it off here
		return err
	}
	if had {
		x.Meeting = m.ID
	}
	if x.Meeting != 0 {
		others, err := b.SightingsOf(x.Meeting)
		if err != nil {
			return err
		}
		for _, o := range others {
			if o.Calendar == x.Calendar {
				continue
			}
			if o.Calendar == 0 && !o.Gone && (o.Sequence < x.Sequence || o.Sequence == x.Sequence && !o.Stamp.After(x.Stamp)) { // the calendar has it now
				if err := b.DropSighting(0, o.UID); err != nil {
					return err
				}
			} else if o.UID == x.UID && o.Newer(x) {
				return b.PutSighting(x)
			}
		}
	}
	if m, err = putCalendarMeeting(b.Tx, s.CalendarMeeting, s.deal, !had && s.UID != s.event.UID); err != nil {
		return err
	}
	x.Meeting = m.ID
	if err := b.PutSighting(x); err != nil {
		return err
	}
	return b.attend(m.ID, s)
}

// attend keeps who outside comes to a meeting. What they answered by mail stays,
// since not every calendar learns of it.
func (b *batch) attend(m dottedline.MeetingID, s sighting) error {
	had, err := b.Attendees(m)
	if err != nil {
		return err
	}
	for _, p := range s.outsiders {
		now := dottedline.Attendee{Address: dottedline.MakeAddress(clean(p.Address)), Name: clean(p.Name), Answer: p.Answer, Sequence: s.event.Sequence, Stamp: s.event.Stamp.UTC().Truncate(time.Microsecond)}
		if strings.EqualFold(p.Address, s.event.Organizer.Address) {
			now.Answer = ical.Accepted
		}
		if _, known, err := b.PersonAt(now.Address); err != nil {
			return err
		} else if known { // a calendar may be the first to know the name
			if _, err := personAt(b.Tx, now.Address, now.Name); err != nil {
				return err
			}
		}
		i := slices.IndexFunc(had, func(a dottedline.Attendee) bool { return a.Address == now.Address })
		if i >= 0 && (now.Answer == had[i].Answer || now.Answer == "" || now.Answer == ical.NoAnswer || !had[i].Newer(now)) {
			continue
		}
		if err := b.PutAttendee(m, now); err != nil {
			return err
		}
	}
	return nil
}

// vanished records that a calendar no longer has a meeting. It is cancelled
// unless another calendar, or a newer mail, still has it.
func (b *batch) vanished(x store.Sighting) error {
	if err := b.DropSighting(x.Calendar, x.UID); err != nil {
		return err
	}
	others, err := b.SightingsOf(x.Meeting)
	if err != nil {
		return err
	}
	for _, o := range others {
		if !o.Gone && (o.Calendar != 0 || o.Newer(x)) {
			return nil
		}
	}
	return callOff(b.Tx, x.Meeting)
}

// callOff cancels a meeting that was taken over, and says so on the deal.
func callOff(t *store.Tx, id dottedline.MeetingID) error {
	m, err := t.Meeting(id)
	if err != nil || m.Cancelled || m.At.Before(t.Now) {
		return err
	}
	m.Cancelled = true
	if err := putMeeting(t, m); err != nil {
		return err
	}
	return meetingTold(t, m, "Cancelled: ")
}

// meetingTold records on the deal what became of a meeting.
func meetingTold(t *store.Tx, m dottedline.Meeting, what string) error {
	return touch(t, m.Deal, dottedline.Touch{Kind: dottedline.BookTouch, By: dottedline.Them, Text: what + m.Title + ", " + m.At.Format("Mon 2 January 2006, 15:04 MST")})
}

const metJob = "met"

func metJobID(id dottedline.MeetingID) string { return "met " + id.String() }

// takePlace sets when a meeting becomes a touch: at its end. One that is over
// becomes it now. It has the meeting's ID, so that it is never two.
func takePlace(t *store.Tx, m dottedline.Meeting) error {
	switch {
	case m.Cancelled:
		return t.DropJob(metJobID(m.ID))
	case m.End().After(t.Now):
		return t.AddJob(store.Job{ID: metJobID(m.ID), Kind: metJob, Args: m.ID.String(), Due: m.End()})
	}
	if m.Started.IsZero() {
		m.Started = m.At
	}
	return touch(t, m.Deal, dottedline.Touch{ID: dottedline.TouchID(m.ID), Kind: dottedline.MeetingTouch, By: dottedline.Us, At: m.Started, Text: m.Title})
}

// met is the job at the end of a meeting.
func (d *Desk) met(ctx context.Context, j *Job) error {
	id, err := dottedline.ParseID[dottedline.Meeting](j.Args)
	if err != nil {
		return err
	}
	return d.finish(ctx, j, func(t *store.Tx) error {
		m, err := t.Meeting(id)
		if err != nil {
			return err
		}
		return takePlace(t, m)
	})
}
