package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/store"
	"dottedline/mail"
)

// maxInvitation bounds the calendar part of a mail that is read.
const maxInvitation = 1 << 20

// invitation does what a mail of a calendar program says (RFC 6047): a meeting
// that we are asked to, its change or its end, or an answer to one of ours. The
// thread of a request belongs to the deal of who asks.
func (b *batch) invitation(h *store.Thread, a arrived, m store.Mail) error {
	if len(a.part) == 0 || m.Out {
		return nil
	}
	i, err := ical.ParseInvitation(a.part, a.method)
	if err != nil {
		return nil // the mail is kept and shown as what it is
	}
	switch i.Method {
	case ical.MethodRequest:
		err = b.askedTo(h, a, m, i)
	case ical.MethodCancel:
		err = b.calledOff(a, m.ID, i)
	case ical.MethodReply, ical.MethodCounter:
		err = b.replied(a, m.ID, i)
	case ical.MethodDecline:
		err = b.timeStays(a, i)
	}
	if err != nil {
		return fmt.Errorf("invitation: %w", err)
	}
	return nil
}

// speaksFor says whether a mail comes from the organizer or from somebody who
// may write for them: of the same company, or a calendar service that names
// them as who answers go to.
func speaksFor(a arrived, organizer string) bool {
	who := slices.Concat([]mail.Address{from(a.Message)}, a.Sender, a.ReplyTo)
	o := dottedline.MakeAddress(organizer)
	return slices.ContainsFunc(who, func(x mail.Address) bool { return dottedline.MakeAddress(x.Addr) == o }) ||
		dottedline.MakeAddress(from(a.Message).Addr).Domain() == o.Domain() && !dottedline.FreeMail(o.Domain())
}

// askedTo keeps an invitation for each address of ours that it names.
func (b *batch) askedTo(h *store.Thread, a arrived, m store.Mail, i ical.Invitation) error {
	organizer := dottedline.MakeAddress(clean(i.Organizer.Address))
	if organizer == "" || b.ours(organizer) || !speaksFor(a, i.Organizer.Address) || strings.HasPrefix(i.UID, ownUID) {
		return nil
	}
	deal := h.Deal
	if deal == 0 {
		as := []dottedline.Address{organizer, dottedline.MakeAddress(from(a.Message).Addr)}
		for _, p := range i.Events[0].Attendees {
			as = append(as, dottedline.MakeAddress(p.Address))
		}
		var err error
		if deal, err = b.dealOf(as...); err != nil {
			return err
		}
		if deal == 0 {
			return b.early(m.ID, as)
		}
		h.Deal, h.Offered = deal, "yes"
		if err := b.takeMails(*h); err != nil {
			return err
		}
	}
	boxes, err := b.Mailboxes()
	if err != nil {
		return err
	}
	cal, err := ical.Parse(a.part)
	if err != nil {
		return nil
	}
	whole := i.Events[0].RecurrenceID.IsZero()
	for _, x := range invitedAs(b, boxes, a, i.Events[0]) {
		zone, err := hours(b.Tx, x.member)
		if err != nil {
			return err
		}
		times, err := cal.Occurrences(b.Now.Add(-24*time.Hour), b.Now.Add(metFar), zone.Location())
		if err != nil {
			return nil // too large to be meant
		}
		if err := b.asked(a, m, deal, i, x, times, whole); err != nil {
			return err
		}
	}
	deals := map[dottedline.Address]dottedline.DealID{organizer: deal}
	ss, err := b.sightings(&cal, time.UTC, nil, deals, nil)
	if err != nil {
		return err
	}
	for k := range ss {
		ss[k].deal = deal
	}
	return b.see(0, ss, func(uid string) bool { return whole && (uid == i.UID || strings.HasPrefix(uid, i.UID+" ")) })
}

// invitee is as whom, and whose, an invitation came.
type invitee struct {
	address dottedline.Address
	member  dottedline.MemberID
}

// invitedAs are those of us who an invitation names; where it names nobody of
// us, whose mailbox it came into.
func invitedAs(b *batch, boxes []store.Mailbox, a arrived, e ical.Event) (out []invitee) {
	for _, p := range e.Attendees {
		addr := dottedline.MakeAddress(p.Address)
		own, ok := b.own[addr]
		if !ok {
			continue
		}
		for _, box := range boxes {
			if box.ID == own.Mailbox {
				out = append(out, invitee{addr, box.Member})
			}
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, box := range boxes {
		if box.ID == a.Place.Mailbox {
			out = append(out, invitee{box.Address, box.Member})
		}
	}
	return out
}

// asked keeps one invitation, or the change of one. An older mail than the one
// that is known changes nothing; another time wants another answer.
func (b *batch) asked(a arrived, m store.Mail, deal dottedline.DealID, i ical.Invitation, x invitee, times []ical.Occurrence, whole bool) error {
	var next *ical.Occurrence
	for k := range times {
		if next = &times[k]; next.End.After(b.Now) {
			break
		}
	}
	if next == nil || !next.End.After(b.Now) && !next.Event.Repeats() {
		return nil
	}
	e, uid := i.Events[0], i.UID
	if !whole {
		uid = next.Key()
		if s, had, err := b.InvitationTo(i.UID, x.address); err != nil {
			return err
		} else if had && !s.To.IsZero() { // it answers what we proposed for one time of the series
			s.To = time.Time{}
			if err := b.PutInvitation(s); err != nil {
				return err
			}
		}
	}
	v, had, err := b.InvitationTo(uid, x.address)
	if err != nil {
		return err
	}
	was := v
	stamp := e.Stamp.UTC().Truncate(time.Microsecond)
	if had && (v.Organizer != dottedline.MakeAddress(clean(e.Organizer.Address)) || e.Sequence < v.Sequence || e.Sequence == v.Sequence && !stamp.After(v.Stamp)) {
		return nil
	}
	if !had {
		v = dottedline.Invitation{ID: store.NewID[dottedline.Invitation](b.Tx), UID: uid, Invited: x.address, Organizer: dottedline.MakeAddress(clean(e.Organizer.Address))}
	}
	v.Member, v.Deal, v.Person, v.Mail = x.member, deal, m.Person, m.ID
	v.Name, v.Title = clean(e.Organizer.Name), cmp.Or(dottedline.Shorten(clean(e.Summary), 300), "Meeting")
	v.Place = clean(cmp.Or(e.Location, e.URL))
	v.At, v.Minutes, v.Repeats = next.Start, minutesOf(*next), e.Repeats()
	v.Sequence, v.Stamp, v.Cancelled = e.Sequence, stamp, false
	if had && (!v.At.Equal(was.At) || v.Minutes != was.Minutes || was.Cancelled) {
		v.Answer, v.Answered = "", time.Time{}
	}
	v.To = time.Time{} // a newer mail answers what we proposed
	if me, ok := e.Attendee(string(x.address)); ok && v.Answer == "" && me.Answer != "" && me.Answer != ical.NoAnswer {
		v.Answer, v.Answered = me.Answer, b.Now // the organizer has it from another calendar program of ours
	}
	if err := b.PutInvitation(v); err != nil {
		return err
	}
	return rewrite(b.Tx, v, a.part)
}

// rewrite brings what an answer has written into calendars up to a newer mail.
func rewrite(t *store.Tx, v dottedline.Invitation, part []byte) error {
	uid, _, _ := strings.Cut(v.UID, " ")
	ws, err := t.CalendarWritesOf(uid)
	if err != nil {
		return err
	}
	for _, w := range ws {
		c, err := t.Calendar(w.Calendar)
		if err != nil || c.Member != v.Member || w.Gone {
			continue
		}
		if w.Gone = v.Cancelled && uid == v.UID; !w.Gone {
			if w.Raw, err = ical.Keep(w.Raw, part, string(v.Invited), cmp.Or(v.Answer, ical.NoAnswer)); err != nil {
				continue // it stays as it was; the mail says what is new
			}
		}
		w.ETag = ""
		if err := t.AddCalendarWrite(w); err != nil {
			return err
		}
	}
	return nil
}

// calledOff takes a meeting back that its organizer has cancelled.
func (b *batch) calledOff(a arrived, in dottedline.MailID, i ical.Invitation) error {
	if !speaksFor(a, i.Organizer.Address) {
		return nil
	}
	e := i.Events[0]
	uid := i.UID
	if !e.RecurrenceID.IsZero() {
		uid += " " + e.RecurrenceID.At(time.UTC).Format("20060102T150405Z")
	}
	vs, err := b.InvitationsNamed(i.UID)
	if err != nil {
		return err
	}
	organizer := dottedline.MakeAddress(clean(i.Organizer.Address))
	known := false
	for _, v := range vs {
		if v.Organizer != organizer || e.Sequence < v.Sequence {
			continue
		}
		known = true
		if v.UID != uid && !strings.HasPrefix(v.UID, uid+" ") {
			v.UID = uid // one time of the series, which stays
			if err := rewrite(b.Tx, v, a.part); err != nil {
				return err
			}
			continue
		}
		v.Sequence, v.Stamp, v.Cancelled = e.Sequence, e.Stamp.UTC().Truncate(time.Microsecond), true
		if err := b.PutInvitation(v); err != nil {
			return err
		}
		if err := rewrite(b.Tx, v, a.part); err != nil {
			return err
		}
	}
	if !known { // a calendar that has it will say so
		return b.early(in, []dottedline.Address{organizer})
	}
	ms, err := b.MeetingsNamed(fromCalendar, uid)
	if err != nil {
		return err
	}
	for _, m := range ms {
		x := store.Sighting{UID: m.UID, Meeting: m.ID, Sequence: e.Sequence, Stamp: e.Stamp.UTC().Truncate(time.Microsecond), Gone: true}
		if err := b.PutSighting(x); err != nil {
			return err
		}
		if err := callOff(b.Tx, m.ID); err != nil {
			return err
		}
	}
	return nil
}
