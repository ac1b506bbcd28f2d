package desk_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
	"dottedline/mail"
)

var bookLink = regexp.MustCompile(`https://pine\.example\.com/booking/([A-Za-z0-9_-]{43})`)

// bookedByMaya is a house in which Maya has booked a talk for Wednesday at ten.
func bookedByMaya(t *testing.T, db *store.DB) (h *house, deal dottedline.DealID, g desk.Guest, start time.Time) {
	t.Helper()
	h = withPage(t, db)
	h.deliver(msg("m1", maya, "sam@pine.example.com", h.now.Add(-time.Hour), "Pilot", "What does it cost?"))
	deal, err := h.NewDeal(ctx, h.me, "Northwind", mayaAt, dottedline.Sale, "1000")
	must(t, err)
	h.deliver(msg("m2", sam, maya, h.now.Add(-time.Minute), "Re: Pilot", "A thousand.", "In-Reply-To: <m1@example.com>"))
	start = time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	g = desk.Guest{Name: "Maya Okafor", Address: mayaAt, Zone: "Europe/Oslo", Once: desk.NewLink()}
	must(t, h.Book(ctx, "sam", "A talk", start, g))
	return h, deal, g, start
}

// guestSays delivers what Maya's calendar program answers to the invitation of
// her booking.
func (h *house) guestSays(id, method string, f func(ical.Event, ical.Party) ([]byte, error), b dottedline.Booking, sequence int) {
	h.t.Helper()
	e := ical.Event{UID: b.UID(), Sequence: sequence, Stamp: h.now, Start: ical.UTCMoment(b.Start), End: ical.UTCMoment(b.End), Summary: "A talk", Organizer: ical.Party{Address: "sam@pine.example.com"}}
	raw, err := f(e, ical.Party{Name: "Maya Okafor", Address: mayaAt})
	must(h.t, err)
	h.deliver(invite(id, mayaAt, method, raw))
}

func declining(words string, at time.Time) func(ical.Event, ical.Party) ([]byte, error) {
	return func(e ical.Event, p ical.Party) ([]byte, error) { return ical.Reply(e, p, ical.Declined, words, at) }
}

// TestGuestDeclines: who declines the invitation of a booking gives the hour
// back; the deal, the calendar, Now and the member follow, and the prepared
// answer has other times.
func TestGuestDeclines(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, deal, g, start := bookedByMaya(t, db)
		h.keep(h.calendar("work"))
		h.outbox(t, db)
		b, err := h.BookingAt(ctx, g.Once, h.now, h.now)
		must(t, err)
		if h.ball(deal).Side != dottedline.Them {
			t.Fatal("the ball is not theirs to begin with")
		}
		stranger := invite("bad", "mallory@elsewhere.example.net", "REPLY", mustReply(t, b.Booking, "mallory@elsewhere.example.net", h.now))
		h.deliver(stranger)
		if b, err = h.BookingAt(ctx, g.Once, h.now, h.now); err != nil || b.State != dottedline.Booked {
			t.Fatalf("a stranger cancelled it: %v %v", b.State, err)
		}
		h.now = h.now.Add(time.Minute)
		h.guestSays("r1", "REPLY", declining("A trip came up.", h.now), b.Booking, 0)
		h.guestSays("r2", "REPLY", declining("A trip came up.", h.now), b.Booking, 0)
		if b, err = h.BookingAt(ctx, g.Once, h.now, h.now); err != nil || b.State != dottedline.Freed {
			t.Fatalf("booking %v %v", b.State, err)
		}
		if err := h.Book(ctx, "sam", "A talk", start, guest(1)); err != nil {
			t.Errorf("its hour is not free again: %v", err)
		}
		meetings, told := h.met(deal)
		if len(meetings) != 0 || told[len(told)-1] != "A talk declined: Wed 4 March 2026, 10:00 UTC" {
			t.Errorf("meetings %q, told %q", meetings, told)
		}
		if x := h.ball(deal); x.Side != dottedline.Us || !x.Since.Equal(h.now) {
			t.Errorf("ball %+v", x)
		}
		mails := h.outbox(t, db)
		var guests, members int
		for _, m := range mails {
			if !strings.Contains(m, "METHOD:CANCEL") {
				continue
			}
			if strings.Contains(m, "A talk with Sam Field.") && strings.Contains(m, "/b/sam") {
				guests++
			} else if strings.Contains(m, "The guest declined the invitation.\nA trip came up.") {
				members++
			}
		}
		if guests != 1 || members != 1 {
			t.Errorf("%d mails to the guest and %d to the member tell it: %s", guests, members, mails[len(mails)-2:])
		}
		h.jobs()
		p := h.nowPage()
		if len(p.Rows) != 1 || p.Rows[0].Why != "Maya declined to meet a moment ago." || p.Rows[0].Said != "A trip came up." {
			t.Fatalf("rows %+v", p.Rows)
		}
		links := bookLink.FindAllStringSubmatch(p.Prepared.Text, -1)
		if len(links) != 3 || !strings.Contains(p.Prepared.Text, "Let us find a time.") || !slices.Contains(p.Prepared.Knows, "Free times, kept for them for two days") {
			t.Fatalf("prepared %q, %q", p.Prepared.Text, p.Prepared.Knows)
		}
		h.guestSays("r3", "REPLY", func(e ical.Event, p ical.Party) ([]byte, error) { // a later acceptance brings nothing back
			return ical.Reply(e, p, ical.Accepted, "", h.now.Add(time.Hour))
		}, b.Booking, 0)
		if b, err = h.BookingAt(ctx, g.Once, h.now, h.now); err != nil || b.State != dottedline.Freed {
			t.Errorf("accepted after it was declined: %v %v", b.State, err)
		}

		// what goes out keeps what is in it for two days more, and frees the rest
		text := strings.ReplaceAll(p.Prepared.Text, links[1][0], "")
		_, err = h.Send(ctx, h.me, deal, desk.Prepared{Text: text}, "p1")
		must(t, err)
		h.now = h.now.Add(47*time.Hour + 59*time.Minute)
		if err := h.ConfirmBooking(ctx, links[1][1]); kindOf(err) != dottedline.Conflict {
			t.Errorf("a time that was taken out of the answer books: %v", err)
		}
		must(t, h.ConfirmBooking(ctx, links[2][1]))
	})
}

func mustReply(t *testing.T, b dottedline.Booking, from string, at time.Time) []byte {
	t.Helper()
	raw, err := ical.Reply(ical.Event{UID: b.UID(), Sequence: b.Sequence, Start: ical.UTCMoment(b.Start), End: ical.UTCMoment(b.End), Organizer: ical.Party{Address: "sam@pine.example.com"}}, ical.Party{Address: from}, ical.Declined, "", at)
	must(t, err)
	return raw
}

// TestGuestProposes: another time for a booking waits on Now, and one press moves
// the booking there or says by mail that the time stays.
func TestGuestProposes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, deal, g, start := bookedByMaya(t, db)
		b, err := h.BookingAt(ctx, g.Once, h.now, h.now)
		must(t, err)
		h.sendAllOf(t)
		to := start.Add(26 * time.Hour)
		propose := func(id string, at time.Time, sequence int) {
			h.now = h.now.Add(time.Minute)
			h.guestSays(id, "COUNTER", func(e ical.Event, p ical.Party) ([]byte, error) {
				return ical.Counter(e, p, ical.UTCMoment(at), ical.UTCMoment(at.Add(30*time.Minute)), "Later?", h.now)
			}, b.Booking, sequence)
		}
		propose("c1", to, 0)
		ps, err := h.Proposals(ctx, h.me)
		if err != nil || len(ps) != 1 || !ps[0].To.Equal(to) || ps[0].Words != "Later?" || ps[0].Clash || ps[0].Meeting.Deal != deal {
			t.Fatalf("proposals %+v %v", ps, err)
		}
		_, told := h.met(deal)
		if x := h.ball(deal).Side; x != dottedline.Them {
			t.Errorf("the ball went to %q; told %q", x, told)
		}
		meeting := ps[0].Meeting.ID
		must(t, h.AnswerProposal(ctx, h.me, meeting, mayaAt, false))
		i := h.lastInvitation(t, mayaAt)
		if i.Method != ical.MethodDecline || i.UID != b.UID() || i.Organizer.Address != "sam@pine.example.com" || !i.Events[0].Start.At(time.UTC).Equal(start) {
			t.Errorf("the time stays by %s %+v", i.Method, i.Events[0])
		}
		if err := h.AnswerProposal(ctx, h.me, meeting, mayaAt, true); kindOf(err) != dottedline.NotFound {
			t.Errorf("taken after that: %v", err)
		}
		must(t, h.Book(ctx, "sam", "A talk", to, guest(1)))
		h.sendAllOf(t)
		propose("c2", to, 0)
		if err := h.AnswerProposal(ctx, h.me, meeting, mayaAt, true); kindOf(err) != dottedline.Conflict {
			t.Errorf("moved onto another booking: %v", err)
		}
		propose("c3", to.Add(time.Hour), 0)
		must(t, h.AnswerProposal(ctx, h.me, meeting, mayaAt, true))
		i = h.lastInvitation(t, mayaAt)
		if i.Method != ical.MethodRequest || i.Events[0].Sequence != 1 || !i.Events[0].Start.At(time.UTC).Equal(to.Add(time.Hour)) {
			t.Errorf("moved by %s %+v", i.Method, i.Events[0])
		}
		if b, err = h.BookingAt(ctx, g.Once, h.now, h.now); err != nil || !b.Start.Equal(to.Add(time.Hour)) {
			t.Errorf("booking %+v %v", b.Booking, err)
		}
		if ps, err = h.Proposals(ctx, h.me); err != nil || len(ps) != 0 {
			t.Errorf("it still waits: %+v %v", ps, err)
		}
	})
}

// sendAllOf sends all that is due.
func (h *house) sendAllOf(t *testing.T) (raws [][]byte) {
	t.Helper()
	h.now = h.now.Add(time.Minute)
	for {
		o, _, err := h.NextOutbound(ctx)
		must(t, err)
		if o == nil {
			return raws
		}
		must(t, h.MailSent(ctx, o))
		raws = append(raws, o.Raw)
	}
}

// lastInvitation is the calendar part of the last mail to an address, of those
// that go out now.
func (h *house) lastInvitation(t *testing.T, to string) (i ical.Invitation) {
	t.Helper()
	for _, raw := range h.sendAllOf(t) {
		m, err := mail.Parse(raw)
		must(t, err)
		if part, method, ok := m.Invitation(); ok && m.To[0].Addr == to {
			i, err = ical.ParseInvitation(part, method)
			must(t, err)
		}
	}
	return i
}

// TestWeProposeAnotherTime: to an invitation of theirs, a free time of ours goes
// back as a COUNTER; their answer settles it.
func TestWeProposeAnotherTime(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, deal := talking(t, db)
		at := h.now.Add(25 * time.Hour)
		h.deliver(invite("i1", mayaAt, "REQUEST", vevent("e1@example.com", 0, at)))
		v := h.invitations()[0]
		o, err := h.OtherTimes(ctx, h.me, v.ID)
		if err != nil || len(o.Free) == 0 || o.Free[0].End.Sub(o.Free[0].Start) != 45*time.Minute {
			t.Fatalf("free %+v %v", o, err)
		}
		to := o.Free[5].Start
		if err := h.ProposeTime(ctx, h.me, v.ID, time.Date(2026, 3, 8, 3, 0, 0, 0, time.UTC), ""); kindOf(err) != dottedline.Conflict {
			t.Errorf("in the night of a Sunday: %v", err)
		}
		must(t, h.ProposeTime(ctx, h.me, v.ID, to, "Would that do?"))
		must(t, h.ProposeTime(ctx, h.me, v.ID, to, "Would that do?"))
		i := h.lastInvitation(t, mayaAt)
		me, ok := i.Events[0].Attendee("sam@pine.example.com")
		if i.Method != ical.MethodCounter || i.UID != "e1@example.com" || !i.Events[0].Start.At(time.UTC).Equal(to) || !i.Events[0].End.At(time.UTC).Equal(to.Add(45*time.Minute)) ||
			i.Events[0].Comment != "Would that do?" || !ok || me.Answer != ical.MaybeComing || i.Organizer.Address != mayaAt {
			t.Errorf("sent %s %+v", i.Method, i.Events[0])
		}
		if v = h.invitations()[0]; !v.To.Equal(to) || v.Answer != "" {
			t.Errorf("invitation %+v", v.Invitation)
		}
		stays, err := ical.Encode(ical.MethodDecline, ical.Event{UID: "e1@example.com", Stamp: h.now, Start: ical.UTCMoment(at), Comment: "Only then.", Organizer: ical.Party{Address: mayaAt}, Attendees: []ical.Party{{Address: "sam@pine.example.com"}}})
		must(t, err)
		h.deliver(invite("bad", "mallory@elsewhere.example.net", "DECLINECOUNTER", stays))
		if v = h.invitations()[0]; v.To.IsZero() {
			t.Error("a stranger answered for them")
		}
		h.deliver(invite("d1", mayaAt, "DECLINECOUNTER", stays))
		if v = h.invitations()[0]; !v.To.IsZero() {
			t.Errorf("it still waits: %+v", v.Invitation)
		}
		must(t, h.ProposeTime(ctx, h.me, v.ID, o.Free[7].Start, ""))
		h.deliver(invite("i2", mayaAt, "REQUEST", vevent("e1@example.com", 1, o.Free[7].Start)))
		if v = h.invitations()[0]; !v.To.IsZero() || !v.At.Equal(o.Free[7].Start) {
			t.Errorf("after they took it: %+v", v.Invitation)
		}
		p, err := h.DealPage(ctx, h.me, deal)
		must(t, err)
		var told []string
		for _, m := range p.Timeline {
			if m.Kind == dottedline.OtherTimeTouch || m.Kind == dottedline.BookTouch {
				told = append(told, strings.ReplaceAll(m.Text, "\n", " "))
			}
		}
		if !slices.Contains(told, "The time stays: Pilot, Tue 3 March 2026, 10:00 UTC Only then.") {
			t.Errorf("told %q", told)
		}
	})
}

// weekly is a series of Maya's on Tuesdays at ten in Oslo, or one time of it.
func weekly(sequence int, more ...string) []byte {
	return object(append([]string{"BEGIN:VEVENT", "UID:w1@example.com", fmt.Sprint("SEQUENCE:", sequence), fmt.Sprintf("DTSTAMP:20260301T0%d0000Z", sequence), "SUMMARY:Weekly", "ORGANIZER;CN=Maya Okafor:mailto:" + mayaAt,
		"ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:sam@pine.example.com", "DURATION:PT30M"}, append(more, "END:VEVENT")...)...)
}

// TestWeProposeAnotherTimeOnce: for a series, another time is proposed for its next
// time alone; the rest stays.
func TestWeProposeAnotherTimeOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, deal := talking(t, db)
		h.deliver(invite("i1", mayaAt, "REQUEST", weekly(0, "DTSTART;TZID=Europe/Oslo:20260303T100000", "RRULE:FREQ=WEEKLY;COUNT=3")))
		v, first := h.invitations()[0], time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
		o, err := h.OtherTimes(ctx, h.me, v.ID)
		if err != nil || !v.Repeats || !o.At.Equal(first) || len(o.Free) == 0 || o.Free[0].End.Sub(o.Free[0].Start) != 30*time.Minute {
			t.Fatalf("free %+v %v", o, err)
		}
		to := o.Free[9].Start
		must(t, h.ProposeTime(ctx, h.me, v.ID, to, ""))
		i := h.lastInvitation(t, mayaAt)
		e := i.Events[0]
		if i.Method != ical.MethodCounter || e.UID != "w1@example.com" || e.Repeats() || !e.RecurrenceID.At(time.UTC).Equal(first) || e.RecurrenceID.Zone.Name != "Europe/Oslo" || !e.Start.At(time.UTC).Equal(to) || !e.End.At(time.UTC).Equal(to.Add(30*time.Minute)) {
			t.Errorf("sent %s %+v", i.Method, e)
		}
		if v = h.invitations()[0]; !v.To.Equal(to) || !v.At.Equal(first) {
			t.Errorf("invitation %+v", v.Invitation)
		}

		// they take it: that time is one of its own, the series goes on
		h.deliver(invite("i2", mayaAt, "REQUEST", weekly(1, "RECURRENCE-ID;TZID=Europe/Oslo:20260303T100000", "DTSTART:"+to.Format("20060102T150405Z"))))
		vs := h.invitations()
		slices.SortFunc(vs, func(a, b desk.InvitationRow) int { return a.At.Compare(b.At) })
		if len(vs) != 2 || vs[0].Repeats || !vs[0].At.Equal(to) || !vs[1].Repeats || !vs[1].At.Equal(first.Add(7*24*time.Hour)) || !vs[1].To.IsZero() {
			t.Fatalf("invitations %+v", vs)
		}
		meetings, _ := h.met(deal)
		if want := []string{to.Format("2 15:04 ") + "Weekly", "10 09:00 Weekly", "17 09:00 Weekly"}; !slices.Equal(meetings, want) {
			t.Errorf("meetings %q, want %q", meetings, want)
		}
		h.now = time.Date(2026, 3, 11, 9, 0, 0, 0, time.UTC)
		if vs = h.invitations(); len(vs) != 1 || !vs[0].At.Equal(first.Add(14*24*time.Hour)) {
			t.Errorf("a week later: %+v", vs)
		}
		h.now = time.Date(2026, 3, 18, 9, 0, 0, 0, time.UTC)
		if vs = h.invitations(); len(vs) != 0 {
			t.Errorf("when it is over: %+v", vs)
		}
		if err := h.ProposeTime(ctx, h.me, v.ID, h.now.Add(24*time.Hour), ""); kindOf(err) != dottedline.Conflict {
			t.Errorf("proposed when it is over: %v", err)
		}
	})
}

// TestGuestWithoutADeal: who booked and is of no deal is answered as well: another
// time that they propose waits on Now, and who declines gives the hour back.
func TestGuestWithoutADeal(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := withPage(t, db)
		start := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
		g := desk.Guest{Name: "Maya Okafor", Address: mayaAt, Zone: "Europe/Oslo", Once: desk.NewLink()}
		must(t, h.Book(ctx, "sam", "A talk", start, g))
		h.sendAllOf(t)
		booking := func() dottedline.Booking {
			t.Helper()
			b, err := h.BookingAt(ctx, g.Once, h.now, h.now)
			must(t, err)
			return b.Booking
		}
		if booking().Deal != 0 {
			t.Fatal("it has a deal")
		}
		proposals := func() []desk.Proposal {
			t.Helper()
			ps, err := h.Proposals(ctx, h.me)
			must(t, err)
			return ps
		}
		to, wrote := start.Add(26*time.Hour), h.now
		counter := func(id string, at time.Time) {
			t.Helper()
			h.guestSays(id, "COUNTER", func(e ical.Event, p ical.Party) ([]byte, error) {
				return ical.Counter(e, p, ical.UTCMoment(at), ical.UTCMoment(at.Add(45*time.Minute)), "Later?", wrote)
			}, booking(), booking().Sequence)
		}
		b := booking()
		raw, err := ical.Counter(ical.Event{UID: b.UID(), Stamp: h.now, Organizer: ical.Party{Address: "sam@pine.example.com"}}, ical.Party{Address: "mallory@elsewhere.example.net"}, ical.UTCMoment(to), ical.UTCMoment(to.Add(time.Hour)), "", h.now)
		must(t, err)
		h.deliver(invite("bad", "mallory@elsewhere.example.net", "COUNTER", raw))
		if ps := proposals(); len(ps) != 0 {
			t.Fatalf("a stranger proposes: %+v", ps)
		}
		counter("c1", to)
		ps := proposals()
		if len(ps) != 1 || ps[0].Booking != b.ID || !ps[0].To.Equal(to) || ps[0].Minutes != 45 || ps[0].Words != "Later?" || ps[0].Name != "Maya Okafor" || ps[0].Meeting.Title != "A talk with Maya Okafor" || ps[0].Clash {
			t.Fatalf("proposals %+v", ps)
		}
		if err := h.AnswerGuestProposal(ctx, h.colleague(), b.ID, true); kindOf(err) != dottedline.NotFound {
			t.Errorf("somebody else's booking: %v", err)
		}
		must(t, h.AnswerGuestProposal(ctx, h.me, b.ID, false))
		if i := h.lastInvitation(t, mayaAt); i.Method != ical.MethodDecline || i.UID != b.UID() || !i.Events[0].Start.At(time.UTC).Equal(start) {
			t.Errorf("the time stays by %s %+v", i.Method, i.Events)
		}
		counter("c2", to) // the same mail by another way
		if ps := proposals(); len(ps) != 0 {
			t.Errorf("it waits again: %+v", ps)
		}
		wrote = wrote.Add(time.Minute)
		must(t, h.Book(ctx, "sam", "A talk", to, guest(1)))
		h.sendAllOf(t)
		counter("c3", to)
		if ps := proposals(); len(ps) != 1 || !ps[0].Clash {
			t.Errorf("onto another booking: %+v", ps)
		}
		if err := h.AnswerGuestProposal(ctx, h.me, b.ID, true); kindOf(err) != dottedline.Conflict {
			t.Errorf("moved onto another booking: %v", err)
		}
		wrote = wrote.Add(time.Minute)
		counter("c4", to.Add(2*time.Hour))
		must(t, h.AnswerGuestProposal(ctx, h.me, b.ID, true))
		i := h.lastInvitation(t, mayaAt)
		if i.Method != ical.MethodRequest || i.Events[0].Sequence != 1 || !i.Events[0].Start.At(time.UTC).Equal(to.Add(2*time.Hour)) || i.Events[0].Attendees[1].Answer != ical.NoAnswer {
			t.Errorf("moved by %s %+v", i.Method, i.Events[0])
		}
		if b = booking(); !b.Start.Equal(to.Add(2*time.Hour)) || b.End.Sub(b.Start) != 45*time.Minute || len(proposals()) != 0 {
			t.Errorf("booking %+v", b)
		}

		h.now = h.now.Add(time.Hour)
		h.guestSays("r1", "REPLY", declining("A trip came up.", h.now), b, 0) // of the version before
		if b = booking(); b.State != dottedline.Booked {
			t.Errorf("an answer to the old time: %s", b.State)
		}
		h.guestSays("r2", "REPLY", declining("A trip came up.", h.now), b, 1)
		if b = booking(); b.State != dottedline.Freed || b.Sequence != 2 {
			t.Errorf("declined: %s, sequence %d", b.State, b.Sequence)
		}
		must(t, h.Book(ctx, "sam", "A talk", to.Add(2*time.Hour), guest(2)))
		told := 0
		for _, m := range h.sendAllOf(t) {
			if s := decoded(t, m); strings.Contains(s, "The guest declined the invitation.\nA trip came up.") {
				told++
			}
		}
		if told != 1 {
			t.Errorf("the member was told %d times", told)
		}
	})
}
