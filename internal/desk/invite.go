package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/store"
	"dottedline/mail"
)

// event is a booking as calendars read it, with who invites and who comes.
func event(t *store.Tx, k dottedline.MeetingKind, b dottedline.Booking) (e ical.Event, host store.Member, err error) {
	e = ical.Event{UID: b.UID(), Sequence: b.Sequence, Stamp: t.Now, Start: ical.UTCMoment(b.Start), End: ical.UTCMoment(b.End), Location: k.Place,
		Description: b.Answer, Status: ical.Confirmed}
	boxes, err := t.Mailboxes()
	if err != nil {
		return e, host, err
	}
	var names []string
	for i, id := range b.Members {
		m, err := t.Member(id)
		if err != nil {
			return e, host, err
		}
		p := ical.Party{Name: m.Name, Address: string(addressOf(boxes, m)), Answer: ical.Accepted, Role: "REQ-PARTICIPANT"}
		names = append(names, m.Name)
		if i == 0 {
			host = m
			e.Organizer = ical.Party{Name: p.Name, Address: p.Address}
		}
		e.Attendees = append(e.Attendees, p)
	}
	e.Attendees = append(e.Attendees, ical.Party{Name: b.Name, Address: string(b.Address), Answer: ical.Accepted, Role: "REQ-PARTICIPANT"})
	e.Summary = b.Kind + ": " + b.Name + " and " + strings.Join(names, ", ")
	return e, host, nil
}

// addressOf is where a member gets mail: the first mailbox, else the sign-in's.
func addressOf(boxes []store.Mailbox, m store.Member) dottedline.Address {
	for _, b := range boxes {
		if b.Member == m.ID {
			return b.Address
		}
	}
	return m.Email
}

// invite mails the invitation, its change or its end to the guest, and a word
// to each member. Without a mailbox nothing can be sent: the page says so.
func (d *Desk) invite(t *store.Tx, p dottedline.BookingPage, k dottedline.MeetingKind, b dottedline.Booking, c change) error {
	e, host, err := event(t, k, b)
	if err != nil {
		return err
	}
	if g := &e.Attendees[len(e.Attendees)-1]; c.word == "declined" {
		g.Answer = ical.Declined
	} else if c.link == "" { // the host chose the time, not the guest
		g.Answer, g.RSVP = ical.NoAnswer, true
	}
	method, write := ical.MethodRequest, ical.Request
	if b.State != dottedline.Booked {
		method, write = ical.MethodCancel, ical.Cancel
	}
	raw, err := write(e)
	if err != nil {
		return fmt.Errorf("write invitation: %w", err)
	}
	file := mail.File{Name: "invite.ics", Type: "application/ics", Data: raw}
	title := map[string]string{"booked": "Booked: ", "moved": "Moved: ", "cancelled": "Cancelled: ", "declined": "Cancelled: "}[c.word] + b.Kind + ", "
	once := fmt.Sprintf("%s %d", b.UID(), b.Sequence)
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n\n%s with %s.\n", at(b, b.Zone), b.Kind, e.Organizer.Name)
	if k.Place != "" {
		fmt.Fprintf(&text, "Where: %s\n", k.Place)
	}
	switch {
	case d.URL == "":
	case b.State != dottedline.Booked && p.Name != "":
		fmt.Fprintf(&text, "\nAnother time: %s/b/%s\n", d.URL, p.Name)
	case b.State == dottedline.Booked && c.link != "":
		fmt.Fprintf(&text, "\nAnother time, or not at all: %s/booking/%s\n", d.URL, c.link)
	case b.State == dottedline.Booked:
		text.WriteString("\nAnother time, or not at all: The link in the first invitation still works.\n")
	}
	_, err = post(t, letter{from: host.ID, to: b.Address, name: b.Name, subject: title + at(b, b.Zone), text: text.String(), deal: b.Deal, machine: true, calendar: raw, method: method, files: []mail.File{file}, once: once + " guest"})
	if unsent(err) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, id := range b.Members {
		m, err := t.Member(id)
		if err != nil {
			return err
		}
		text := fmt.Sprintf("%s\n\n%s (%s)\n", at(b, m.Hours.Zone), b.Name, b.Address)
		if c.word == "declined" {
			text += "\n" + strings.TrimSpace("The guest declined the invitation.\n"+c.words) + "\n"
		} else if b.Answer != "" {
			text += "\n" + p.Settings.Question + "\n" + b.Answer + "\n"
		}
		if b.Deal != 0 && d.URL != "" {
			text += fmt.Sprintf("\n%s/deals/%s\n", d.URL, b.Deal)
		}
		if _, err := post(t, letter{from: host.ID, to: m.Email, name: m.Name, subject: title + b.Name + ", " + at(b, m.Hours.Zone), text: text, machine: true, calendar: raw, method: method, files: []mail.File{file}, once: once + " " + id.String()}); err != nil {
			return err
		}
	}
	return nil
}

// unsent says that there is no mailbox to send from.
func unsent(err error) bool {
	var p *dottedline.Problem
	return errors.As(err, &p) && p.Kind == dottedline.Invalid
}

// at writes the time of a booking on the clock of a zone, which it names.
func at(b dottedline.Booking, zone string) string { return clockTime(b.Start, b.End, zone) }

// clockTime writes a stretch of time on the clock of a zone, which it names.
func clockTime(from, to time.Time, zone string) string {
	l, err := time.LoadLocation(zone)
	if err != nil {
		l = time.UTC
	}
	place := strings.ReplaceAll(l.String()[strings.LastIndexByte(l.String(), '/')+1:], "_", " ")
	return from.In(l).Format("Mon 2 January 2006, 15:04") + " to " + to.In(l).Format("15:04") + " (" + place + ")"
}

// intoCalendars has a booking written into the calendars of those who are
// booked, or taken away where it is cancelled.
func (d *Desk) intoCalendars(t *store.Tx, p dottedline.BookingPage, k dottedline.MeetingKind, b dottedline.Booking) error {
	if b.State != dottedline.Booked {
		return d.outOfCalendars(t, b)
	}
	e, _, err := event(t, k, b)
	if err != nil {
		return err
	}
	raw, err := ical.Encode("", e)
	if err != nil {
		return fmt.Errorf("write event: %w", err)
	}
	return eachTarget(t, b, func(c store.Calendar) error {
		return t.AddCalendarWrite(store.CalendarWrite{Calendar: c.ID, UID: b.UID(), Raw: raw})
	})
}

func (d *Desk) outOfCalendars(t *store.Tx, b dottedline.Booking) error {
	return eachTarget(t, b, func(c store.Calendar) error {
		return t.AddCalendarWrite(store.CalendarWrite{Calendar: c.ID, UID: b.UID(), Raw: []byte{}, Gone: true})
	})
}

func eachTarget(t *store.Tx, b dottedline.Booking, f func(store.Calendar) error) error {
	for _, m := range b.Members {
		cs, err := t.CalendarsOf(m)
		if err != nil {
			return err
		}
		for _, c := range cs {
			if c.Target {
				if err := f(c); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func guestJobID(id dottedline.BookingID) string { return "guest " + id.String() }

// remindGuest mails a guest whose meeting is tomorrow.
func (d *Desk) remindGuest(ctx context.Context, j *Job) error {
	id, err := dottedline.ParseID[dottedline.Booking](j.Args)
	if err != nil {
		return err
	}
	return d.finish(ctx, j, func(t *store.Tx) error {
		b, err := t.Booking(id)
		if err != nil || b.State != dottedline.Booked || b.Start.Before(t.Now) {
			return err
		}
		p, err := pageOf(t, b)
		if err != nil {
			return err
		}
		text := at(b, b.Zone) + "\n\n"
		if k := p.Settings.Kind(b.Kind); k.Place != "" {
			text += "Where: " + k.Place + "\n"
		}
		text += "The link to move or cancel it is in the invitation.\n"
		_, err = post(t, letter{from: b.Members[0], to: b.Address, name: b.Name, subject: "Reminder: " + b.Kind + ", " + at(b, b.Zone), text: text, deal: b.Deal, machine: true, once: fmt.Sprintf("%s %d remind", b.UID(), b.Sequence)})
		if unsent(err) {
			return nil
		}
		return err
	})
}
