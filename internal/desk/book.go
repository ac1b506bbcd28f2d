package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/store"
)

// Guest is who books a time. Once is the secret of the link that moves and
// cancels the booking: the page makes it, so that the same press twice is one.
type Guest struct {
	Name, Address, Zone, Answer string
	Once                        string
	From                        string // network address, for the limit
}

var errGone = &dottedline.Problem{Kind: dottedline.Conflict, Text: "That time has just been taken.", Hint: "Choose another one; the list is fresh."}

// NewLink makes the secret of a booking's link.
func NewLink() string { s, _ := newToken(); return s }

// Book takes a time on a booking page for a guest. Who is booked, the times
// and the mails are settled in one transaction; nobody else has the same time.
func (d *Desk) Book(ctx context.Context, page, kind string, start time.Time, g Guest) (err error) {
	defer wrap("book", &err)
	ws, p, err := d.pageNamed(ctx, page)
	if err != nil {
		return err
	}
	addr, err := g.check(p)
	if err != nil {
		return err
	}
	if ok, err := d.sameBooking(ctx, g.Once); ok || err != nil {
		return err
	}
	if err := d.limit(ctx, ws, g.From, addr); err != nil {
		return err
	}
	k := p.Settings.Kind(kind)
	err = d.db.Write(ctx, ws, func(t *store.Tx) error {
		b := dottedline.Booking{ID: store.NewID[dottedline.Booking](t), Page: p.ID, State: dottedline.Booked, Start: start.UTC(), End: start.UTC().Add(time.Duration(k.Minutes) * time.Minute),
			Kind: k.Name, Name: clean(strings.TrimSpace(g.Name)), Address: addr, Zone: g.Zone, Answer: clean(strings.TrimSpace(g.Answer))}
		if err := d.takeSlot(t, p, k, &b, nil); err != nil {
			return err
		}
		if err := known(t, p, &b); err != nil {
			return err
		}
		if fresh, err := t.AddBooking(b, hashOf(g.Once)); err != nil || !fresh {
			return cmpErr(err, errGone)
		}
		return d.booked(t, p, k, b, g.Once)
	})
	d.wakeUp()
	return err
}

// limit bounds how much mail a stranger can have us send: by network address
// and by the address that it goes to.
func (d *Desk) limit(ctx context.Context, ws dottedline.WorkspaceID, from string, to dottedline.Address) error {
	return d.db.Write(ctx, ws, func(t *store.Tx) error {
		for what, most := range map[string]int64{"book from " + from: 60, "book for " + string(to): 6} {
			if what == "book from " {
				continue
			}
			if n, err := t.Try(what, time.Hour); err != nil {
				return err
			} else if n > most {
				return &dottedline.Problem{Kind: dottedline.TooMany, Text: "That was a lot of bookings at once.", Hint: "Wait an hour and try again."}
			}
		}
		return nil
	})
}

func cmpErr(err error, other *dottedline.Problem) error {
	if err != nil {
		return err
	}
	return other
}

func (g Guest) check(p dottedline.BookingPage) (dottedline.Address, error) {
	addr := dottedline.MakeAddress(g.Address)
	if addr.Domain() == "" || strings.ContainsAny(string(addr), " \r\n\t<>,;\"") || len(addr) > 200 {
		return "", dottedline.Wrong("Write it like maya@example.com; the invitation goes there.", "%q is not a mail address.", g.Address)
	}
	if n := strings.TrimSpace(g.Name); n == "" || len(n) > 200 || len(g.Answer) > 4000 {
		return "", dottedline.Wrong("Your name will do, and a few lines.", "The name is missing or something is too long.")
	}
	if len(g.Once) < 32 {
		return "", dottedline.Wrong("Open the page once more.", "This form is not complete.")
	}
	if _, err := time.LoadLocation(g.Zone); err != nil {
		return "", dottedline.Wrong("Choose one like Europe/Oslo or America/New_York.", "%q is not a time zone.", g.Zone)
	}
	return addr, nil
}

// sameBooking says whether a press has made its booking already.
func (d *Desk) sameBooking(ctx context.Context, once string) (ok bool, err error) {
	err = d.db.Everywhere(ctx, func(g store.Global) error { _, _, ok, err = g.BookingByLink(hashOf(once)); return err })
	return ok, err
}

// takeSlot makes sure, under the workspace's lock, that the time is free by all
// that is known now, chooses who takes it, and takes the minutes.
func (d *Desk) takeSlot(t *store.Tx, p dottedline.BookingPage, k dottedline.MeetingKind, b, moved *dottedline.Booking) error {
	o, err := d.openPage(t, p, k.Name, b.Start, b.Start.Add(time.Second), moved)
	if err != nil {
		return err
	}
	if len(o.Slots) == 0 || !o.Slots[0].Start.Equal(b.Start) {
		if o.Closed {
			return &dottedline.Problem{Kind: dottedline.Conflict, Text: "The calendar can't be read just now.", Hint: "So that no time is promised twice, none is given. Try again in some minutes."}
		}
		return errGone
	}
	b.Members = nil
	for _, s := range o.Slots[0].Members {
		id, err := dottedline.ParseID[dottedline.Member](s)
		if err != nil {
			return err
		}
		b.Members = append(b.Members, id)
	}
	if p.Settings.RoundRobin {
		if b.Members, err = nextInTurn(t, b.Members); err != nil {
			return err
		}
	} else if i := slices.Index(b.Members, p.Owner); i > 0 { // who owns the page invites
		b.Members[0], b.Members[i] = b.Members[i], b.Members[0]
	}
	ok, err := t.TakeSlots(*b)
	if err == nil && !ok {
		err = errGone
	}
	return err
}

// nextInTurn is who has the fewest bookings ahead, of those who are free.
func nextInTurn(t *store.Tx, free []dottedline.MemberID) ([]dottedline.MemberID, error) {
	bs, err := t.BookingsIn(t.Now, t.Now.Add(60*24*time.Hour))
	if err != nil {
		return nil, err
	}
	n := map[dottedline.MemberID]int{}
	for _, b := range bs {
		for _, m := range b.Members {
			n[m]++
		}
	}
	return []dottedline.MemberID{slices.MinFunc(free, func(x, y dottedline.MemberID) int { return cmp.Or(cmp.Compare(n[x], n[y]), cmp.Compare(x, y)) })}, nil
}

// known finds who the guest is and which deal the booking belongs to; a page
// may make a deal of a stranger's booking.
func known(t *store.Tx, p dottedline.BookingPage, b *dottedline.Booking) error {
	bt, err := newBatch(t)
	if err != nil || bt.ours(b.Address) {
		return err
	}
	who, err := personAt(t, b.Address, b.Name)
	if err != nil {
		return err
	}
	b.Person = who.ID
	if b.Deal == 0 {
		if b.Deal, err = bt.openDeal(who.ID); err != nil {
			return err
		}
	}
	if b.Deal == 0 && p.Settings.Makes != "" {
		name, err := dealName(t, who.ID)
		if err != nil {
			return err
		}
		b.Deal, err = newDeal(t, b.Members[0], p.Settings.Makes, dottedline.Money{}, name, nil, []dottedline.PersonID{who.ID})
		return err
	}
	return nil
}

// booked does what follows from a booking that is new or was moved: the meeting,
// the touch, the calendars, the invitations, and when to remind.
func (d *Desk) booked(t *store.Tx, p dottedline.BookingPage, k dottedline.MeetingKind, b dottedline.Booking, link string) error {
	if at := b.Start.Add(-24 * time.Hour); at.After(t.Now.Add(time.Hour)) {
		if err := t.AddJob(store.Job{ID: guestJobID(b.ID), Kind: guestJob, Args: b.ID.String(), Due: at}); err != nil {
			return err
		}
	} else if err := t.DropJob(guestJobID(b.ID)); err != nil {
		return err
	}
	b.Proposed.To = time.Time{} // the invitation asks anew
	if err := t.SetBooking(b); err != nil {
		return err
	}
	c := change{word: "booked", link: link}
	if b.Sequence > 0 {
		c.word = "moved"
	}
	if err := d.follows(t, p, k, b, c); err != nil {
		return err
	}
	return d.invite(t, p, k, b, c)
}

// change is what becomes of a booking: booked, moved, cancelled, or declined by
// its guest, with the words that came with that. link is the secret of the
// guest's link; "" where the guest did not come by it.
type change struct{ word, link, words string }

// follows keeps the deal's meeting and record in step with a booking.
func (d *Desk) follows(t *store.Tx, p dottedline.BookingPage, k dottedline.MeetingKind, b dottedline.Booking, c change) error {
	if b.Deal != 0 {
		r, err := t.Deal(b.Deal) // it may have been merged since
		if err != nil {
			return err
		}
		b.Deal = r.ID
		m, ok, err := t.MeetingByUID(bookingSource, b.UID())
		if err != nil {
			return err
		}
		if !ok {
			m = dottedline.Meeting{ID: store.NewID[dottedline.Meeting](t), Deal: b.Deal, Source: bookingSource, UID: b.UID(), Purpose: b.Answer}
		}
		m.At, m.Minutes, m.Title, m.Place, m.Cancelled = b.Start, int(b.End.Sub(b.Start).Minutes()), b.Kind+" with "+b.Name, k.Place, b.State != dottedline.Booked
		if err := putMeeting(t, m); err != nil {
			return err
		}
		if b.State == dottedline.Booked {
			if err := t.PutAttendee(m.ID, dottedline.Attendee{Address: b.Address, Name: b.Name, Answer: ical.Accepted, Sequence: b.Sequence}); err != nil {
				return err
			}
		}
		x := dottedline.Touch{Kind: dottedline.BookTouch, By: dottedline.Them, Person: b.Person, Text: b.Kind + " " + c.word + ": " + b.Start.Format("Mon 2 January 2006, 15:04 MST")}
		if b.Answer != "" && c.word == "booked" {
			x.Text += "\n" + b.Answer
		}
		if c.word == "declined" {
			x.Ball = dottedline.Us
		}
		if c.words != "" {
			x.Text += "\n" + c.words
		}
		if err := touch(t, b.Deal, x); err != nil {
			return err
		}
	}
	return d.intoCalendars(t, p, k, b)
}

// bookingSource is what meetings say they are from that were booked here.
const bookingSource = "booking"

// MyBooking is a booking as its guest sees it.
type MyBooking struct {
	dottedline.Booking
	OpenPage
	Place string
	Past  bool
}

// BookingAt finds a booking by the secret of its link, with the times within
// [from, to) that it could be moved to.
func (d *Desk) BookingAt(ctx context.Context, link string, from, to time.Time) (m MyBooking, err error) {
	defer wrap("booking", &err)
	ws, b, p, err := d.linked(ctx, link)
	if err != nil {
		return m, err
	}
	m.Booking, m.Place, m.Past = b, p.Settings.Kind(b.Kind).Place, b.Start.Before(d.Now())
	err = d.db.View(ctx, ws, func(t *store.Tx) error { m.OpenPage, err = d.openPage(t, p, b.Kind, from, to, &b); return err })
	return m, err
}

func (d *Desk) linked(ctx context.Context, link string) (ws dottedline.WorkspaceID, b dottedline.Booking, p dottedline.BookingPage, err error) {
	ok := false
	err = d.db.Everywhere(ctx, func(g store.Global) error { ws, b, ok, err = g.BookingByLink(hashOf(link)); return err })
	if err == nil && !ok {
		err = dottedline.Missing("booking")
	}
	if err != nil {
		return ws, b, p, err
	}
	err = d.db.View(ctx, ws, func(t *store.Tx) error { p, err = pageOf(t, b); return err })
	return ws, b, p, err
}

// pageOf is the page of a booking; where that is gone, the bare rules with
// those who were booked.
func pageOf(t *store.Tx, b dottedline.Booking) (dottedline.BookingPage, error) {
	p, err := t.BookingPage(b.Page)
	if err == nil {
		return p, nil
	}
	if len(b.Members) == 0 {
		return p, err
	}
	p = dottedline.NewBookingPage(b.Members[0], "")
	p.Settings.Members = b.Members
	p.Settings.Kinds = []dottedline.MeetingKind{{Name: b.Kind, Minutes: int(b.End.Sub(b.Start).Minutes())}}
	return p, nil
}

// MoveBooking takes another time for a booking and gives the old one back.
func (d *Desk) MoveBooking(ctx context.Context, link string, start time.Time) (err error) {
	defer wrap("move booking", &err)
	return d.change(ctx, link, func(t *store.Tx, b dottedline.Booking, p dottedline.BookingPage) error {
		if b.Start.Equal(start) {
			return nil
		}
		if b.State != dottedline.Booked || b.Start.Before(t.Now) {
			return overPast()
		}
		was := b
		if err := t.FreeSlots(b.ID); err != nil {
			return err
		}
		length := b.End.Sub(b.Start)
		b.Start, b.End = start.UTC(), start.UTC().Add(length)
		k := p.Settings.Kind(b.Kind)
		k.Name, k.Minutes = b.Kind, int(length.Minutes())
		if err := d.takeSlot(t, p, k, &b, &was); err != nil {
			return err
		}
		b.Sequence++
		if !slices.Equal(b.Members, was.Members) { // somebody else takes it: the old calendar lets go
			if err := d.outOfCalendars(t, was); err != nil {
				return err
			}
		}
		return d.booked(t, p, k, b, link)
	})
}

func overPast() error {
	return &dottedline.Problem{Kind: dottedline.Conflict, Text: "This time is over or was cancelled.", Hint: "Book a new one."}
}

// CancelBooking gives the time of a booking back and tells everybody.
func (d *Desk) CancelBooking(ctx context.Context, link string) (err error) {
	defer wrap("cancel booking", &err)
	return d.change(ctx, link, func(t *store.Tx, b dottedline.Booking, p dottedline.BookingPage) error {
		if b.State == dottedline.Freed {
			return nil
		}
		if b.State != dottedline.Booked || b.Start.Before(t.Now) {
			return overPast()
		}
		return d.cancelBooking(t, b, p, change{word: "cancelled", link: link})
	})
}

func (d *Desk) cancelBooking(t *store.Tx, b dottedline.Booking, p dottedline.BookingPage, c change) error {
	b.State = dottedline.Freed
	b.Sequence++
	if err := t.DropJob(guestJobID(b.ID)); err != nil {
		return err
	}
	if err := t.FreeSlots(b.ID); err != nil {
		return err
	}
	if err := t.SetBooking(b); err != nil {
		return err
	}
	k := p.Settings.Kind(b.Kind)
	if err := d.follows(t, p, k, b, c); err != nil {
		return err
	}
	return d.invite(t, p, k, b, c)
}

// change reads a booking again under the workspace's lock and does f.
func (d *Desk) change(ctx context.Context, link string, f func(*store.Tx, dottedline.Booking, dottedline.BookingPage) error) error {
	ws, b, p, err := d.linked(ctx, link)
	if err != nil {
		return err
	}
	err = d.db.Write(ctx, ws, func(t *store.Tx) error {
		now, err := t.Booking(b.ID)
		if err != nil {
			return err
		}
		return f(t, now, p)
	})
	d.wakeUp()
	return err
}
