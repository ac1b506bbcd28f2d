package desk

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/store"
)

// replied takes an answer to a meeting that we invited to, or another time that
// is proposed for it. Who declines what they have booked gives the time back.
func (b *batch) replied(a arrived, in dottedline.MailID, i ical.Invitation) error {
	e := i.Events[0]
	who, ok := i.From()
	if !ok {
		who, ok = e.Attendee(from(a.Message).Addr)
	}
	if !ok || !speaksFor(a, who.Address) {
		return nil
	}
	k, booked, err := bookingNamed(b.Tx, i.UID)
	if err != nil {
		return err
	}
	m, known, err := b.meetingOfOurs(i.UID, e)
	if err != nil || !known && !booked {
		return err
	}
	as := []dottedline.Attendee{{Address: k.Address, Name: k.Name, Answer: ical.Accepted, Sequence: k.Sequence, Stamp: k.Proposed.Stamp}}
	if known {
		if as, err = b.Attendees(m.ID); err != nil {
			return err
		}
	}
	n := slices.IndexFunc(as, func(x dottedline.Attendee) bool { return x.Address == dottedline.MakeAddress(who.Address) })
	if n < 0 { // nobody whom we have invited
		return nil
	}
	x := dottedline.Attendee{Address: as[n].Address, Name: cmp.Or(clean(who.Name), as[n].Name), Answer: who.Answer, Words: dottedline.Shorten(clean(e.Comment), 1000),
		Sequence: e.Sequence, Stamp: e.Stamp.UTC().Truncate(time.Microsecond)}
	if !as[n].Newer(x) {
		return nil
	}
	if i.Method == ical.MethodCounter && !e.Start.IsZero() {
		x.Answer, x.To = as[n].Answer, e.Start.At(time.UTC)
		x.Minutes = m.Minutes
		if !known {
			x.Minutes = int(k.End.Sub(k.Start).Minutes())
		}
		if end := e.End; !end.IsZero() && end.At(time.UTC).After(x.To) {
			x.Minutes = int(end.At(time.UTC).Sub(x.To).Minutes())
		}
	}
	if known {
		if err := b.PutAttendee(m.ID, x); err != nil {
			return err
		}
	}
	if x.To.IsZero() && x.Answer == ical.Declined && k.State == dottedline.Booked && k.Start.After(b.Now) {
		return b.guestDeclines(in, k, x.Words)
	}
	if known {
		return b.answered(m, x)
	}
	k.Proposed = dottedline.OtherTime{To: x.To, Minutes: x.Minutes, Words: x.Words, Stamp: x.Stamp}
	return b.SetBooking(k)
}

// answered says on the deal what somebody answered to a meeting.
func (b *batch) answered(m dottedline.Meeting, x dottedline.Attendee) error {
	p, _, err := b.PersonAt(x.Address)
	if err != nil {
		return err
	}
	k := dottedline.Touch{Kind: dottedline.BookTouch, By: dottedline.Them, Person: p.ID, Text: answerWords[x.Answer] + m.Title + ", " + stamped(m.At)}
	switch {
	case !x.To.IsZero():
		k.Kind, k.Text = dottedline.OtherTimeTouch, "Proposed for "+m.Title+": "+stamped(x.To)
	case x.Answer == ical.Declined && m.At.After(b.Now) && !m.Cancelled:
		k.Ball = dottedline.Us
	}
	if m.Cancelled {
		k.Text += ", which does not take place"
	}
	if x.Words != "" {
		k.Text += "\n" + x.Words
	}
	return touch(b.Tx, m.Deal, k)
}

// stamped writes a time in a deal's record.
func stamped(at time.Time) string { return at.UTC().Format("Mon 2 January 2006, 15:04 MST") }

// guestDeclines cancels a booking whose guest has declined its invitation by a
// mail; other times go into the prepared answer.
func (b *batch) guestDeclines(m dottedline.MailID, k dottedline.Booking, words string) error {
	p, err := pageOf(b.Tx, k)
	if err != nil {
		return err
	}
	if err := b.desk.cancelBooking(b.Tx, k, p, change{word: "declined", words: words}); err != nil || k.Deal == 0 {
		return err
	}
	return wantsTime(b.Tx, k.Deal, m)
}

var answerWords = map[ical.Answer]string{ical.Accepted: "Accepted: ", ical.Declined: "Declined: ", ical.MaybeComing: "Perhaps: ", "": "Answered: ", ical.NoAnswer: "Answered: ", ical.DelegatedOne: "Passed on: "}

// meetingOfOurs is the meeting that a UID names: booked, planned by hand, or of
// a calendar.
func (b *batch) meetingOfOurs(uid string, e ical.Event) (m dottedline.Meeting, ok bool, err error) {
	if id, is := strings.CutPrefix(uid, plannedUID); is {
		id, err := dottedline.ParseID[dottedline.Meeting](id)
		if err != nil {
			return m, false, nil
		}
		m, err = b.Meeting(id)
		return m, err == nil, nil
	}
	if m, ok, err = b.MeetingByUID(bookingSource, uid); ok || err != nil {
		return m, ok, err
	}
	if !e.RecurrenceID.IsZero() {
		uid += " " + e.RecurrenceID.At(time.UTC).Format("20060102T150405Z")
	}
	return b.MeetingByUID(fromCalendar, uid)
}

// bookingNamed is the booking that a UID names.
func bookingNamed(t *store.Tx, uid string) (k dottedline.Booking, ok bool, err error) {
	id, is := strings.CutPrefix(uid, ownUID)
	if !is || strings.HasPrefix(uid, plannedUID) {
		return k, false, nil
	}
	at, err := dottedline.ParseID[dottedline.Booking](id)
	if err != nil {
		return k, false, nil
	}
	var p *dottedline.Problem
	if k, err = t.Booking(at); errors.As(err, &p) { // it is gone
		return k, false, nil
	}
	return k, err == nil, err
}
