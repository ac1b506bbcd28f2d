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
	"dottedline/mail"
)

// plannedUID begins the UIDs of meetings that were planned by hand.
const plannedUID = ownUID + "m-"

// Coming is who was invited to a meeting, and what can be done with it.
type Coming struct {
	Attendees []dottedline.Attendee
	People    []dottedline.Person // of the deal, who could be invited
	Invited   bool                // an invitation of ours went out
	Elsewhere bool                // a calendar has it: it is moved there
}

// Coming tells who comes to a meeting.
func (d *Desk) Coming(ctx context.Context, a dottedline.Actor, id dottedline.MeetingID) (c Coming, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		m, err := t.Meeting(id)
		if err != nil {
			return err
		}
		if c.Attendees, err = t.Attendees(id); err != nil {
			return err
		}
		if _, _, c.Invited, err = t.Invited(id); err != nil {
			return err
		}
		c.Elsewhere = m.Source != "" && m.Source != bookingSource
		ps, err := t.DealPeople(m.Deal)
		for _, p := range ps {
			if p.Address != "" {
				c.People = append(c.People, p)
			}
		}
		return err
	})
	return c, err
}

// InviteTo mails an invitation to a meeting that was planned by hand, to people
// of its deal; it goes into the member's calendar as well. Who was invited
// before is asked anew.
func (d *Desk) InviteTo(ctx context.Context, a dottedline.Actor, id dottedline.MeetingID, people []dottedline.PersonID) error {
	return d.onMeeting(ctx, a, id, func(t *store.Tx, m dottedline.Meeting) error {
		if m.Source != "" {
			return dottedline.Wrong("It is in their calendar already.", "Only a meeting that was planned here is invited to from here.")
		}
		if m.Cancelled || m.At.Before(t.Now) {
			return overPast()
		}
		ps, err := t.DealPeople(m.Deal)
		if err != nil {
			return err
		}
		n := 0
		for _, p := range ps {
			if !slices.Contains(people, p.ID) || p.Address == "" {
				continue
			}
			n++
			if err := t.PutAttendee(id, dottedline.Attendee{Address: p.Address, Name: p.Name, Answer: ical.NoAnswer}); err != nil {
				return err
			}
		}
		if n == 0 {
			return dottedline.Wrong("Choose one of the deal’s people.", "The invitation is for nobody.")
		}
		by, sequence, had, err := t.Invited(id)
		if err != nil {
			return err
		}
		if !had {
			by, sequence = a.Member, -1
		}
		return d.sendInvitation(t, m, by, sequence+1, "")
	})
}

// sendInvitation mails the next version of an invitation to all who were
// invited, each of whom is asked anew, and writes it into the calendar of who
// invites.
func (d *Desk) sendInvitation(t *store.Tx, m dottedline.Meeting, by dottedline.MemberID, sequence int, word string) error {
	if err := t.SetInvited(m.ID, by, sequence); err != nil {
		return err
	}
	as, err := t.Attendees(m.ID)
	if err != nil {
		return err
	}
	host, err := t.Member(by)
	if err != nil {
		return err
	}
	boxes, err := t.Mailboxes()
	if err != nil {
		return err
	}
	e := ical.Event{UID: plannedUID + m.ID.String(), Sequence: sequence, Stamp: t.Now, Start: ical.UTCMoment(m.At), End: ical.UTCMoment(m.At.Add(time.Duration(m.Minutes) * time.Minute)),
		Summary: m.Title, Location: m.Place, Status: ical.Confirmed, Organizer: ical.Party{Name: host.Name, Address: string(addressOf(boxes, host))}}
	for i := range as {
		as[i].Answer, as[i].Words, as[i].To, as[i].Minutes, as[i].Sequence, as[i].Stamp = ical.NoAnswer, "", time.Time{}, 0, sequence, time.Time{}
		if err := t.PutAttendee(m.ID, as[i]); err != nil {
			return err
		}
		e.Attendees = append(e.Attendees, ical.Party{Name: as[i].Name, Address: string(as[i].Address), Answer: ical.NoAnswer, Role: "REQ-PARTICIPANT", RSVP: true})
	}
	method, write := ical.MethodRequest, ical.Request
	if m.Cancelled {
		method, write = ical.MethodCancel, ical.Cancel
	}
	raw, err := write(e)
	if err != nil {
		return err
	}
	text := timeFrom(m.At, m.Minutes, host.Hours) + "\n"
	if m.Place != "" && !m.Cancelled {
		text += "Where: " + m.Place + "\n"
	}
	text += "\n" + host.Name + "\n"
	for _, x := range as {
		l := letter{from: by, to: x.Address, name: x.Name, subject: word + m.Title + ", " + m.At.In(host.Hours.Location()).Format("Mon 2 January, 15:04"), text: text, deal: m.Deal,
			calendar: raw, method: method, files: []mail.File{{Name: "invite.ics", Type: "application/ics", Data: raw}}, once: fmt.Sprintf("%s %d %s", e.UID, sequence, x.Address)}
		if _, err := post(t, l); err != nil {
			return err
		}
	}
	cs, err := t.CalendarsOf(by)
	if err != nil {
		return err
	}
	if raw, err = ical.Encode("", e); err != nil {
		return err
	}
	for _, c := range cs {
		if c.Target {
			if err := t.AddCalendarWrite(store.CalendarWrite{Calendar: c.ID, UID: e.UID, Raw: raw, Gone: m.Cancelled}); err != nil {
				return err
			}
		}
	}
	return nil
}

// MoveMeeting gives a meeting another time, length or place, and tells all who
// were invited from here. One that a calendar has is moved there.
func (d *Desk) MoveMeeting(ctx context.Context, a dottedline.Actor, id dottedline.MeetingID, at time.Time, minutes int, place string) error {
	if err := checkTime(at, minutes); err != nil {
		return err
	}
	return d.onMeeting(ctx, a, id, func(t *store.Tx, m dottedline.Meeting) error {
		return d.moveMeeting(t, m, at, minutes, clean(strings.TrimSpace(place)))
	})
}

func (d *Desk) moveMeeting(t *store.Tx, m dottedline.Meeting, at time.Time, minutes int, place string) error {
	was := m
	m.At, m.Minutes, m.Place = at.UTC().Truncate(time.Microsecond), minutes, place
	if m.At.Equal(was.At) && m.Minutes == was.Minutes && m.Place == was.Place {
		return nil
	}
	switch m.Source {
	case "":
	case bookingSource:
		b, p, err := bookingOf(t, m)
		if err != nil {
			return err
		}
		k := p.Settings.Kind(b.Kind)
		k.Name, k.Place = b.Kind, m.Place
		return d.hostMoves(t, b, p, k, m.At, minutes)
	default:
		return &dottedline.Problem{Kind: dottedline.Conflict, Text: "This meeting is in a calendar.", Hint: "Move it there: it follows here by itself."}
	}
	if err := putMeeting(t, m); err != nil {
		return err
	}
	by, sequence, ok, err := t.Invited(m.ID)
	if err != nil || !ok {
		return err
	}
	if err := meetingTold(t, m, "Moved: "); err != nil {
		return err
	}
	return d.sendInvitation(t, m, by, sequence+1, "Moved: ")
}

// CancelMeeting takes a meeting out: it does not take place, and all who were
// invited from here are told.
func (d *Desk) CancelMeeting(ctx context.Context, a dottedline.Actor, id dottedline.MeetingID) error {
	return d.onMeeting(ctx, a, id, func(t *store.Tx, m dottedline.Meeting) error {
		if m.Cancelled {
			return nil
		}
		if m.Source == bookingSource && m.At.After(t.Now) {
			b, p, err := bookingOf(t, m)
			if err != nil {
				return err
			}
			return d.cancelBooking(t, b, p, change{word: "cancelled"})
		}
		return d.cancelPlanned(t, m)
	})
}

// cancelPlanned cancels a meeting that was planned by hand.
func (d *Desk) cancelPlanned(t *store.Tx, m dottedline.Meeting) error {
	m.Cancelled = true
	if err := putMeeting(t, m); err != nil {
		return err
	}
	by, sequence, ok, err := t.Invited(m.ID)
	if err != nil || !ok || m.At.Before(t.Now) {
		return err
	}
	if err := meetingTold(t, m, "Cancelled: "); err != nil {
		return err
	}
	return d.sendInvitation(t, m, by, sequence+1, "Cancelled: ")
}

// bookingOf is the booking that a meeting was made of.
func bookingOf(t *store.Tx, m dottedline.Meeting) (b dottedline.Booking, p dottedline.BookingPage, err error) {
	id, err := dottedline.ParseID[dottedline.Booking](strings.TrimPrefix(m.UID, ownUID))
	if err != nil {
		return b, p, err
	}
	if b, err = t.Booking(id); err != nil {
		return b, p, err
	}
	p, err = pageOf(t, b)
	return b, p, err
}

// hostMoves moves what a guest has booked to where the host wants it, working
// hours or not; only another booking is in the way.
func (d *Desk) hostMoves(t *store.Tx, b dottedline.Booking, p dottedline.BookingPage, k dottedline.MeetingKind, start time.Time, minutes int) error {
	if b.State != dottedline.Booked || b.Start.Before(t.Now) || start.Before(t.Now) {
		return overPast()
	}
	if err := t.FreeSlots(b.ID); err != nil {
		return err
	}
	b.Start, b.End = start, start.Add(time.Duration(minutes)*time.Minute)
	b.Sequence++
	if ok, err := t.TakeSlots(b); err != nil || !ok {
		return cmpErr(err, &dottedline.Problem{Kind: dottedline.Conflict, Text: "Something else is booked then.", Hint: "Choose another time."})
	}
	if err := d.booked(t, p, k, b, ""); err != nil {
		return err
	}
	m, ok, err := t.MeetingByUID(bookingSource, b.UID())
	if err != nil || !ok {
		return err
	}
	return t.PutAttendee(m.ID, dottedline.Attendee{Address: b.Address, Name: b.Name, Answer: ical.NoAnswer, Sequence: b.Sequence})
}
