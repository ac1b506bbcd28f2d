package desk_test

import (
	"fmt"
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

// invite is a mail of a calendar program.
func invite(id, sender, method string, part []byte) string {
	part = []byte(strings.Replace(string(part), "VERSION:2.0\r\n", "VERSION:2.0\r\nMETHOD:"+method+"\r\n", 1))
	raw, err := mail.Compose(mail.Draft{MessageID: id + "@example.com", Date: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), From: mail.Address{Addr: sender}, To: []mail.Address{{Addr: "sam@pine.example.com"}},
		Subject: "Invitation", Text: "See the calendar.", Calendar: part, Method: method})
	if err != nil {
		panic(err)
	}
	return strings.ReplaceAll(string(raw), "\r\n", "\n")
}

const mayaAt = "maya@northwind.example.org"

func (h *house) invitations() []desk.InvitationRow {
	h.t.Helper()
	vs, err := h.Invitations(ctx, h.me)
	must(h.t, err)
	return vs
}

// sentInvitation is the calendar part of the last mail that went out.
func (h *house) sentInvitation() (ical.Invitation, *mail.Message) {
	h.t.Helper()
	m := h.post()
	if m == nil {
		h.t.Fatal("nothing was sent")
	}
	part, method, ok := m.Invitation()
	i, err := ical.ParseInvitation(part, method)
	if err != nil || !ok {
		h.t.Fatalf("sent %q: %v", m.Subject, err)
	}
	return i, m
}

func TestInvitationByMail(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, deal := talking(t, db)
		at := h.now.Add(25 * time.Hour)
		ball := h.ball(deal)
		h.deliver(invite("i1", mayaAt, "REQUEST", vevent("e1@example.com", 0, at)))
		vs := h.invitations()
		if len(vs) != 1 || vs[0].Title != "Pilot" || !vs[0].At.Equal(at) || vs[0].Minutes != 45 || vs[0].Deal != deal || vs[0].Name != "Maya Okafor" || vs[0].Clash {
			t.Fatalf("invitations %+v", vs)
		}
		meetings, _ := h.met(deal)
		if !slices.Equal(meetings, []string{"3 10:00 Pilot"}) {
			t.Errorf("meetings %q", meetings)
		}
		if now := h.ball(deal); now != ball {
			t.Errorf("an invitation moved the ball from %v to %v", ball, now)
		}

		cal := h.calendar("work")
		h.keep(cal, object("BEGIN:VEVENT", "UID:other", "DTSTAMP:20260101T000000Z", "DTSTART:20260303T101500Z", "DURATION:PT1H", "SUMMARY:Dentist", "END:VEVENT"))
		if vs = h.invitations(); !vs[0].Clash {
			t.Error("the clash with the calendar is not told")
		}
		must(t, h.AnswerInvitation(ctx, h.me, vs[0].ID, ical.Accepted, "Gladly."))
		must(t, h.AnswerInvitation(ctx, h.me, vs[0].ID, ical.Accepted, ""))
		i, m := h.sentInvitation()
		who, ok := i.From()
		if i.Method != ical.MethodReply || i.UID != "e1@example.com" || !ok || who.Answer != ical.Accepted || who.Address != "sam@pine.example.com" || i.Events[0].Comment != "Gladly." || m.To[0].Addr != mayaAt {
			t.Errorf("sent %+v to %v", i.Events[0], m.To)
		}
		if len(h.invitations()) != 0 {
			t.Error("it is still asked for")
		}
		if now := h.ball(deal); now != ball {
			t.Errorf("our answer moved the ball from %v to %v", ball, now)
		}
		w := h.nextWrite()
		if !strings.Contains(string(w.Raw), "UID:e1@example.com") || strings.Contains(string(w.Raw), "METHOD") || !strings.Contains(string(w.Raw), "PARTSTAT=ACCEPTED:mailto:sam@pine.example.com") {
			t.Errorf("into the calendar goes\n%s", w.Raw)
		}

		// moved by mail: the answer is asked for anew, the meeting and the calendar follow
		h.deliver(invite("i2", mayaAt, "REQUEST", vevent("e1@example.com", 1, at.Add(24*time.Hour))))
		h.deliver(invite("i1late", mayaAt, "REQUEST", vevent("e1@example.com", 0, at)))
		if vs = h.invitations(); len(vs) != 1 || !vs[0].At.Equal(at.Add(24*time.Hour)) {
			t.Fatalf("after it was moved: %+v", vs)
		}
		if meetings, _ = h.met(deal); !slices.Equal(meetings, []string{"4 10:00 Pilot"}) {
			t.Errorf("meetings %q", meetings)
		}
		if w = h.nextWrite(); !strings.Contains(string(w.Raw), "DTSTART:20260304T100000Z") || !strings.Contains(string(w.Raw), "PARTSTAT=NEEDS-ACTION") {
			t.Errorf("into the calendar goes\n%s", w.Raw)
		}
		must(t, h.AnswerInvitation(ctx, h.me, vs[0].ID, ical.Declined, ""))
		if i, _ = h.sentInvitation(); i.Events[0].Attendees[0].Answer != ical.Declined || i.Events[0].Sequence != 1 {
			t.Errorf("declined with %+v", i.Events[0])
		}
		if meetings, _ = h.met(deal); len(meetings) != 0 {
			t.Errorf("declined, and still there: %q", meetings)
		}
		must(t, h.AnswerInvitation(ctx, h.me, vs[0].ID, ical.MaybeComing, ""))
		if meetings, _ = h.met(deal); !slices.Equal(meetings, []string{"4 10:00 Pilot"}) {
			t.Errorf("after a change of mind: %q", meetings)
		}

		// only its organizer calls it off
		off := []byte(strings.Replace(string(vevent("e1@example.com", 2, at.Add(24*time.Hour))), "SUMMARY", "STATUS:CANCELLED\r\nSUMMARY", 1))
		h.deliver(invite("i3", "mallory@elsewhere.example.net", "CANCEL", off))
		if meetings, _ = h.met(deal); len(meetings) != 1 {
			t.Error("a stranger called it off")
		}
		h.deliver(invite("i4", mayaAt, "CANCEL", off))
		if meetings, _ = h.met(deal); len(meetings) != 0 {
			t.Errorf("called off, and still there: %q", meetings)
		}
		gone := false
		for w := h.nextWrite(); w != nil; w = h.nextWrite() {
			gone = w.Gone
		}
		if !gone {
			t.Error("it stays in the calendar")
		}
		if err := h.AnswerInvitation(ctx, h.me, vs[0].ID, ical.Accepted, ""); kindOf(err) != dottedline.Conflict {
			t.Errorf("answered when it was called off: %v", err)
		}
	})
}

func (h *house) ball(id dottedline.DealID) dottedline.Ball {
	h.t.Helper()
	p, err := h.DealPage(ctx, h.me, id)
	must(h.t, err)
	return p.Deal.Ball
}

// nextWrite is the next event on its way into a calendar, written.
func (h *house) nextWrite() *desk.CalendarWrite {
	h.t.Helper()
	w, err := h.NextCalendarWrite(ctx)
	must(h.t, err)
	if w != nil {
		must(h.t, h.CalendarWritten(ctx, w, `"e"`))
	}
	return w
}

// TestOurInvitation: a meeting planned here is invited to; their answers, and
// the other time that they propose, come back; moving and cancelling tell them.
func TestOurInvitation(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, deal := talking(t, db)
		cal := h.calendar("work")
		h.keep(cal)
		at := h.now.Add(25 * time.Hour)
		id, err := h.NewMeeting(ctx, h.me, deal, at, 45, "Pilot", "Room 2")
		must(t, err)
		c, err := h.Coming(ctx, h.me, id)
		if err != nil || c.Invited || len(c.People) != 1 {
			t.Fatalf("coming %+v %v", c, err)
		}
		if err := h.InviteTo(ctx, h.me, id, nil); kindOf(err) != dottedline.Invalid {
			t.Errorf("an invitation for nobody: %v", err)
		}
		must(t, h.InviteTo(ctx, h.me, id, []dottedline.PersonID{c.People[0].ID}))
		i, m := h.sentInvitation()
		if i.Method != ical.MethodRequest || i.Events[0].Sequence != 0 || i.Organizer.Address != "sam@pine.example.com" || m.To[0].Addr != mayaAt || !i.Events[0].Attendees[0].RSVP {
			t.Errorf("sent %+v", i.Events[0])
		}
		if w := h.nextWrite(); w == nil || !strings.Contains(string(w.Raw), "LOCATION:Room 2") {
			t.Error("it is not in the calendar")
		}
		answer := func(n int, a ical.Answer, sequence int, words string) {
			t.Helper()
			e := i.Events[0]
			e.Sequence = sequence
			raw, err := ical.Reply(e, ical.Party{Name: "Maya Okafor", Address: mayaAt}, a, words, h.now)
			must(t, err)
			h.deliver(invite(fmt.Sprint("r", n), mayaAt, "REPLY", raw))
		}
		state := func() dottedline.Attendee {
			t.Helper()
			c, err := h.Coming(ctx, h.me, id)
			must(t, err)
			return c.Attendees[0]
		}
		answer(1, ical.Accepted, 0, "See you.")
		if x := state(); x.Answer != ical.Accepted || x.Words != "See you." {
			t.Errorf("state %+v", x)
		}
		raw, err := ical.Reply(i.Events[0], ical.Party{Address: "mallory@elsewhere.example.net"}, ical.Declined, "", h.now)
		must(t, err)
		h.deliver(invite("bad", "mallory@elsewhere.example.net", "REPLY", raw))
		if c, err = h.Coming(ctx, h.me, id); err != nil || len(c.Attendees) != 1 || c.Attendees[0].Answer != ical.Accepted {
			t.Errorf("a stranger's answer counts: %+v", c.Attendees)
		}

		must(t, h.MoveMeeting(ctx, h.me, id, at.Add(2*time.Hour), 30, "Room 3"))
		if i, _ = h.sentInvitation(); i.Events[0].Sequence != 1 || !i.Events[0].Start.At(time.UTC).Equal(at.Add(2*time.Hour)) {
			t.Errorf("moved by %+v", i.Events[0])
		}
		if x := state(); x.Answer != ical.NoAnswer {
			t.Errorf("after it moved: %+v", x)
		}
		answer(2, ical.Declined, 0, "") // to the invitation before
		if x := state(); x.Answer != ical.NoAnswer {
			t.Errorf("an old answer counts: %+v", x)
		}
		to := at.Add(48 * time.Hour)
		counter, err := ical.Counter(i.Events[0], ical.Party{Name: "Maya", Address: mayaAt}, ical.UTCMoment(to), ical.UTCMoment(to.Add(30*time.Minute)), "Thursday?", h.now.Add(time.Minute))
		must(t, err)
		h.deliver(invite("c1", mayaAt, "COUNTER", counter))
		if x := state(); !x.To.Equal(to) || x.Minutes != 30 || x.Words != "Thursday?" {
			t.Fatalf("proposal %+v", x)
		}
		ps, err := h.Proposals(ctx, h.me)
		if err != nil || len(ps) != 1 || ps[0].Meeting.ID != id || ps[0].Clash || ps[0].Unknown || ps[0].DealName == "" {
			t.Fatalf("proposals %+v %v", ps, err)
		}
		h.keep(cal, object("BEGIN:VEVENT", "UID:other", "DTSTAMP:20260101T000000Z", "DTSTART:"+to.Add(-time.Hour).Format("20060102T150405Z"), "DURATION:PT2H", "SUMMARY:Dentist", "END:VEVENT"))
		if ps, err = h.DealProposals(ctx, h.me, deal); err != nil || len(ps) != 1 || !ps[0].Clash {
			t.Errorf("the clash is not told: %+v %v", ps, err)
		}
		if err := h.AnswerProposal(ctx, h.me, id, mayaAt, true); kindOf(err) != dottedline.Conflict {
			t.Errorf("moved onto something else: %v", err)
		}
		h.keep(cal)
		must(t, h.AnswerProposal(ctx, h.me, id, mayaAt, true))
		if ps, err = h.Proposals(ctx, h.me); err != nil || len(ps) != 0 {
			t.Errorf("it still waits: %+v %v", ps, err)
		}
		if i, _ = h.sentInvitation(); i.Events[0].Sequence != 2 || !i.Events[0].Start.At(time.UTC).Equal(to) {
			t.Errorf("taken with %+v", i.Events[0])
		}
		must(t, h.CancelMeeting(ctx, h.me, id))
		must(t, h.CancelMeeting(ctx, h.me, id))
		if i, _ = h.sentInvitation(); i.Method != ical.MethodCancel || i.Events[0].Sequence != 3 {
			t.Errorf("cancelled by %s %+v", i.Method, i.Events[0])
		}
		if m := h.post(); m != nil {
			t.Errorf("cancelled twice: %s", m.Subject)
		}
		_, told := h.met(deal)
		if want := "Accepted: Pilot, Tue 3 March 2026, 10:00 UTC"; !slices.Contains(told, want) {
			t.Errorf("told %q, want %q", told, want)
		}
	})
}

// TestHostMovesBooking: what a guest has booked moves from the meeting's page,
// and the guest is told.
func TestHostMovesBooking(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, "sqlite")
	h := withPage(t, db)
	h.deliver(msg("m1", maya, "sam@pine.example.com", h.now.Add(-time.Hour), "Pilot", "Can we talk?"))
	deal, err := h.NewDeal(ctx, h.me, "Northwind", mayaAt, dottedline.Sale, "1000")
	must(t, err)
	start := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	g := desk.Guest{Name: "Maya Okafor", Address: mayaAt, Zone: "Europe/Oslo", Once: desk.NewLink()}
	must(t, h.Book(ctx, "sam", "A talk", start, g))
	must(t, h.Book(ctx, "sam", "A talk", start.Add(2*time.Hour), guest(1)))
	p, err := h.DealPage(ctx, h.me, deal)
	must(t, err)
	id := p.Meetings[0].ID
	if err := h.MoveMeeting(ctx, h.me, id, start.Add(2*time.Hour), 30, ""); kindOf(err) != dottedline.Conflict {
		t.Errorf("onto another booking: %v", err)
	}
	must(t, h.MoveMeeting(ctx, h.me, id, start.Add(9*time.Hour), 45, "")) // out of hours, by the host's will
	b, err := h.BookingAt(ctx, g.Once, h.now, h.now)
	if err != nil || !b.Start.Equal(start.Add(9*time.Hour)) || b.End.Sub(b.Start) != 45*time.Minute || b.Sequence != 1 {
		t.Errorf("booking %+v %v", b.Booking, err)
	}
	mails := h.outbox(t, db)
	if last := mails[len(mails)-2]; !strings.Contains(last, "Moved: A talk") || !strings.Contains(last, "SEQUENCE:1") || !strings.Contains(last, "PARTSTAT=NEEDS-ACTION;RSVP=T") {
		t.Errorf("the guest got %s", last)
	}
	must(t, h.CancelMeeting(ctx, h.me, id))
	if b, err = h.BookingAt(ctx, g.Once, h.now, h.now); err != nil || b.State != dottedline.Freed {
		t.Errorf("cancelled booking %+v %v", b.Booking, err)
	}
}

// TestEarlyInvitation: what Maya's calendar program sent before she was a deal is
// there when she becomes one, as it stands by then.
func TestEarlyInvitation(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		at := h.now.Add(25 * time.Hour)
		h.deliver(msg("m1", sam, maya, h.now.Add(-3*time.Hour), "Pilot", "Shall we?"), msg("m2", maya, sam, h.now.Add(-2*time.Hour), "Re: Pilot", "Gladly.", "In-Reply-To: <m1@example.com>"))
		h.deliver(invite("i1", mayaAt, "REQUEST", vevent("e1@example.com", 0, at)))
		h.deliver(invite("i2", mayaAt, "REQUEST", vevent("e1@example.com", 1, at.Add(time.Hour))))
		h.deliver(invite("i3", mayaAt, "REQUEST", vevent("e2@example.com", 0, at.Add(24*time.Hour))))
		h.deliver(invite("i4", mayaAt, "CANCEL", []byte(strings.Replace(string(vevent("e2@example.com", 1, at.Add(24*time.Hour))), "SUMMARY", "STATUS:CANCELLED\r\nSUMMARY", 1))))
		if len(h.invitations()) != 0 {
			t.Error("there is no deal, and an invitation of it")
		}
		deal, err := h.TakeOffer(ctx, h.me, h.nowPage().Offers[0].Thread, dottedline.Sale, "")
		must(t, err)
		vs := h.invitations()
		if len(vs) != 1 || vs[0].Deal != deal || !vs[0].At.Equal(at.Add(time.Hour)) {
			t.Fatalf("invitations %+v", vs)
		}
		if meetings, _ := h.met(deal); !slices.Equal(meetings, []string{"3 11:00 Pilot"}) {
			t.Errorf("meetings %q", meetings)
		}
		must(t, h.AnswerInvitation(ctx, h.me, vs[0].ID, ical.Accepted, ""))
	})
}

// TestEarlyInvitationOfWhoJoins: so is what they sent before a deal made itself of
// their mail, and before they were added to one by hand or by a mail.
func TestEarlyInvitationOfWhoJoins(t *testing.T) {
	t.Parallel()
	for name, join := range map[string]func(*house) dottedline.DealID{
		"alias": func(h *house) (id dottedline.DealID) {
			must(h.t, h.AddAlias(ctx, h.me, h.box, "sales@pine.example.com", dottedline.Sale))
			h.deliver(msg("m1", maya, "sales@pine.example.com", h.now.Add(-time.Hour), "Seats", "What do forty seats cost?"))
			return h.nowPage().Rows[0].Deal.ID
		},
		"folder": func(h *house) dottedline.DealID {
			box, err := h.Connect(ctx, h.me, desk.Account{Address: "sam@pine.example.com", Secret: "secret", Folders: []string{"INBOX"}, Makes: map[string]dottedline.Kind{"INBOX": dottedline.Sale},
				IMAP: desk.Server{Host: "127.0.0.1", Port: 143, TLS: "none"}, SMTP: desk.Server{Host: "127.0.0.1", Port: 25, TLS: "none"}})
			must(h.t, err)
			h.box = box
			h.deliver(msg("m1", maya, sam, h.now.Add(-time.Hour), "Seats", "What do forty seats cost?"))
			return h.nowPage().Rows[0].Deal.ID
		},
		"by hand": func(h *house) dottedline.DealID {
			id, err := h.NewDeal(ctx, h.me, "Brightwell", "omar@brightwell.example.org", dottedline.Sale, "")
			must(h.t, err)
			must(h.t, h.AddPerson(ctx, h.me, id, mayaAt))
			must(h.t, h.AddPerson(ctx, h.me, id, mayaAt))
			return id
		},
		"by a mail": func(h *house) dottedline.DealID {
			id, err := h.NewDeal(ctx, h.me, "Brightwell", "omar@brightwell.example.org", dottedline.Sale, "")
			must(h.t, err)
			h.deliver(msg("m1", "Omar <omar@brightwell.example.org>", sam, h.now.Add(-time.Hour), "Seats", "Maya decides; she is in copy.", "Cc: "+maya))
			return id
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				h := newHouse(t, db)
				at := h.now.Add(25 * time.Hour)
				h.deliver(invite("i1", mayaAt, "REQUEST", vevent("e1@example.com", 0, at)))
				h.deliver(invite("i2", mayaAt, "REQUEST", vevent("e1@example.com", 1, at.Add(time.Hour))))
				if len(h.invitations()) != 0 {
					t.Fatal("there is no deal, and an invitation of it")
				}
				deal := join(h)
				if vs := h.invitations(); len(vs) != 1 || vs[0].Deal != deal || !vs[0].At.Equal(at.Add(time.Hour)) {
					t.Fatalf("invitations %+v", vs)
				}
				if meetings, told := h.met(deal); !slices.Equal(meetings, []string{"3 11:00 Pilot"}) || len(told) != 2 {
					t.Errorf("meetings %q, told %q", meetings, told)
				}
			})
		})
	}
}
