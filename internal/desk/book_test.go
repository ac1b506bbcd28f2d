package desk_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
	"dottedline/mail"
)

// withPage is a house whose owner can be booked at /b/sam.
func withPage(t *testing.T, db *store.DB) *house {
	t.Helper()
	h := newHouse(t, db)
	h.URL = "https://pine.example.com"
	h.page(func(*dottedline.BookingSettings) {})
	return h
}

func (h *house) page(f func(*dottedline.BookingSettings)) dottedline.BookPageID {
	h.t.Helper()
	p := dottedline.NewBookingPage(h.me.Member, "sam")
	if ps, err := h.BookingPages(ctx, h.me); err == nil && len(ps) > 0 {
		p = ps[0]
	}
	f(&p.Settings)
	id, err := h.SaveBookingPage(ctx, h.me, p)
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

// starts are the free beginnings of three days, "Mon 09:00".
func (h *house) starts(kind string) (out []string, o desk.OpenPage) {
	h.t.Helper()
	o, err := h.BookingPage(ctx, "sam", kind, h.now, h.now.Add(3*24*time.Hour))
	if err != nil {
		h.t.Fatal(err)
	}
	for _, s := range o.Slots {
		out = append(out, s.Start.Format("Mon 15:04"))
	}
	return out, o
}

func guest(i int) desk.Guest {
	return desk.Guest{Name: fmt.Sprintf("Guest %d", i), Address: fmt.Sprintf("g%d@guests.example.org", i), Zone: "America/New_York", Answer: "To learn how it runs.", Once: desk.NewLink()}
}

func kindOf(err error) dottedline.ProblemKind {
	var p *dottedline.Problem
	if errors.As(err, &p) {
		return p.Kind
	}
	return ""
}

// TestBooking follows one booking: taken, moved, cancelled, with its mails, its
// meeting and its touches.
func TestBooking(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := withPage(t, db)
		h.deliver(msg("m1", maya, "sam@pine.example.com", h.now.Add(-time.Hour), "Pilot", "Can we talk?"))
		deal, err := h.NewDeal(ctx, h.me, "Northwind", "maya@northwind.example.org", dottedline.Sale, "1000")
		if err != nil {
			t.Fatal(err)
		}
		before, _ := h.starts("")
		if before[0] != "Mon 11:00" { // two hours of notice
			t.Fatalf("first free time %v", before)
		}
		g := desk.Guest{Name: "Maya Okafor", Address: "maya@northwind.example.org", Zone: "Europe/Oslo", Answer: "Whether it runs here.", Once: desk.NewLink()}
		start := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
		if err := h.Book(ctx, "sam", "A talk", start, g); err != nil {
			t.Fatal(err)
		}
		if err := h.Book(ctx, "sam", "A talk", start, g); err != nil {
			t.Errorf("the same press twice: %v", err)
		}
		if err := h.Book(ctx, "sam", "A talk", start, guest(1)); kindOf(err) != dottedline.Conflict {
			t.Errorf("the same hour for another: %v", err)
		}
		if err := h.Book(ctx, "sam", "A talk", start.Add(30*time.Minute), guest(1)); kindOf(err) != dottedline.Conflict {
			t.Errorf("right after it, without the buffer: %v", err)
		}
		b, err := h.BookingAt(ctx, g.Once, h.now, h.now.Add(72*time.Hour))
		if err != nil || b.State != dottedline.Booked || b.Deal != deal || b.Members[0] != h.me.Member {
			t.Fatalf("%+v %v", b.Booking, err)
		}
		mails := h.outbox(t, db)
		if len(mails) != 2 || !strings.Contains(mails[0], "METHOD:REQUEST") || !strings.Contains(mails[0], "booking/"+g.Once) || strings.Contains(mails[1], g.Once) {
			t.Fatalf("%d mails: %s", len(mails), mails)
		}
		if !strings.Contains(mails[0], "11:00 to 11:30 (Oslo)") {
			t.Errorf("not on the guest's clock: %s", mails[0])
		}
		moved := start.Add(3 * time.Hour)
		if err := h.MoveBooking(ctx, g.Once, moved); err != nil {
			t.Fatal(err)
		}
		if err := h.Book(ctx, "sam", "A talk", start, guest(2)); err != nil {
			t.Errorf("the old hour is not free again: %v", err)
		}
		if err := h.MoveBooking(ctx, g.Once, start); kindOf(err) != dottedline.Conflict {
			t.Errorf("back to an hour that is taken: %v", err)
		}
		if err := h.CancelBooking(ctx, g.Once); err != nil {
			t.Fatal(err)
		}
		if err := h.CancelBooking(ctx, g.Once); err != nil {
			t.Errorf("cancelled twice: %v", err)
		}
		mails = h.outbox(t, db)
		if last := mails[len(mails)-2]; !strings.Contains(last, "METHOD:CANCEL") || !strings.Contains(last, "SEQUENCE:2") {
			t.Errorf("cancellation: %s", last)
		}
		page, err := h.DealPage(ctx, h.me, deal)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, m := range page.Timeline {
			if m.Kind == dottedline.BookTouch {
				n++
			}
		}
		if n != 3 {
			t.Errorf("%d touches of booking, want 3", n)
		}
		if err := db.View(ctx, h.me.Workspace, func(tx *store.Tx) error {
			m, ok, err := tx.MeetingByUID("booking", b.Booking.UID())
			if !ok || !m.Cancelled || !m.At.Equal(moved) || m.Purpose != "Whether it runs here." || m.Deal != deal {
				t.Errorf("meeting %+v", m)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// outbox is what lies in the outbox, in order, with its calendar part unfolded
// from base64.
func (h *house) outbox(t *testing.T, db *store.DB) (out []string) {
	t.Helper()
	for {
		o, _, err := h.NextOutbound(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if o == nil {
			break
		}
		if err := h.MailSent(ctx, o); err != nil {
			t.Fatal(err)
		}
		h.sent = append(h.sent, decoded(t, o.Raw))
	}
	return h.sent
}

// TestReminder: a day before, once.
func TestReminder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := withPage(t, db)
		if err := h.Book(ctx, "sam", "A talk", time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC), guest(1)); err != nil {
			t.Fatal(err)
		}
		n := len(h.outbox(t, db))
		for _, step := range []struct {
			on   time.Duration
			want int
		}{{0, 0}, {25*time.Hour + time.Minute, 1}, {time.Hour, 1}} {
			h.now = h.now.Add(step.on)
			for {
				j, _, err := h.NextJob(ctx)
				if err != nil {
					t.Fatal(err)
				}
				if j == nil {
					break
				}
				if err := h.DoJob(ctx, j); err != nil {
					t.Fatal(err)
				}
			}
			if got := len(h.outbox(t, db)) - n; got != step.want {
				t.Errorf("at %s: %d reminders, want %d", h.now, got, step.want)
			}
		}
	})
}

// TestTurns: in turn, each of two members takes a booking; when all are asked
// for, both lose the hour.
func TestTurns(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := withPage(t, db)
		secret, err := h.Invite(ctx, h.me, dottedline.Owner)
		if err != nil {
			t.Fatal(err)
		}
		session, err := h.Join(ctx, secret, "kim@pine.example.com", "Kim Lund", "a long enough one", "Europe/Oslo")
		if err != nil {
			t.Fatal(err)
		}
		kim, err := h.Session(ctx, session)
		if err != nil {
			t.Fatal(err)
		}
		h.page(func(s *dottedline.BookingSettings) {
			s.Members, s.RoundRobin = []dottedline.MemberID{h.me.Member, kim.Member}, true
		})
		start := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
		took := map[dottedline.MemberID]int{}
		for i := range 3 {
			g := guest(i)
			err := h.Book(ctx, "sam", "A talk", start, g)
			if i == 2 {
				if kindOf(err) != dottedline.Conflict {
					t.Errorf("a third booking of two members: %v", err)
				}
				break
			}
			b, err2 := h.BookingAt(ctx, g.Once, h.now, h.now)
			if err != nil || err2 != nil || len(b.Members) != 1 {
				t.Fatalf("%v %v %+v", err, err2, b.Booking)
			}
			took[b.Members[0]]++
		}
		if took[h.me.Member] != 1 || took[kim.Member] != 1 {
			t.Errorf("taken %v", took)
		}
		h.page(func(s *dottedline.BookingSettings) { s.RoundRobin = false })
		if err := h.Book(ctx, "sam", "A talk", start.Add(24*time.Hour), guest(7)); err != nil {
			t.Fatal(err)
		}
		free, _ := h.starts("")
		for _, s := range free {
			if s == "Thu 16:00" { // past five in Oslo
				t.Error("offers an hour at which one of them does not work")
			}
		}
	})
}

// TestRaceForHours: 200 guests press for the same eight hours at once, on two
// nodes where the engine allows it. Each hour is given once, and all are given.
func TestRaceForHours(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			url := storetest.URL(t, engine)
			open := func() *store.DB {
				db, err := store.Open(ctx, url)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { db.Close() })
				return db
			}
			h := withPage(t, open())
			h.page(func(s *dottedline.BookingSettings) { s.Before, s.After, s.DailyLimit = 0, 0, 0 })
			nodes := []*desk.Desk{h.Desk}
			if engine == "postgres" {
				db := open()
				db.Now = func() time.Time { return h.now }
				v, err := desk.NewVault([]byte("0123456789abcdef0123456789abcdef"))
				if err != nil {
					t.Fatal(err)
				}
				nodes = append(nodes, desk.New(db, v))
			}
			const guests, hours = 200, 8
			var mu sync.Mutex
			got := map[int]int{}
			var wg sync.WaitGroup
			for i := range guests {
				wg.Go(func() {
					hour := i % hours
					err := nodes[i/hours%len(nodes)].Book(ctx, "sam", "A talk", time.Date(2026, 3, 4, 9+hour, 0, 0, 0, time.UTC), guest(i))
					mu.Lock()
					defer mu.Unlock()
					switch {
					case err == nil:
						got[hour]++
					case kindOf(err) != dottedline.Conflict:
						t.Errorf("guest %d: %v", i, err)
					}
				})
			}
			wg.Wait()
			for hour := range hours {
				if got[hour] != 1 {
					t.Errorf("hour %d was given %d times", 9+hour, got[hour])
				}
			}
		})
	}
}

// TestCalendarsFailClosed: what was read keeps the hours from being offered; a
// calendar that failed, is too old or was never read offers nothing at all.
func TestCalendarsFailClosed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := withPage(t, db)
		if err := h.ConnectCalendars(ctx, h.me, desk.CalendarLogin{URL: "https://cal.example.com/sam/", User: "sam", Secret: "secret"},
			[]desk.FoundCalendar{{URL: "https://cal.example.com/sam/work/", Name: "Work", Writable: true, Busy: true}}); err != nil {
			t.Fatal(err)
		}
		cs, err := h.Calendars(ctx, h.me)
		if err != nil || len(cs) != 1 || !cs[0].Target {
			t.Fatalf("%+v %v", cs, err)
		}
		closed := func(want bool, what string) {
			t.Helper()
			free, o := h.starts("")
			if want != (len(free) == 0) || want != o.Closed {
				t.Errorf("%s: closed %v with %d times, want closed %v", what, o.Closed, len(free), want)
			}
		}
		keep := func(raw string) {
			t.Helper()
			s := dottedline.CalendarState{Tried: h.now, Read: h.now}
			if err := h.KeepCalendar(ctx, h.me.Workspace, cs[0].ID, "t1", "", []desk.CalendarObject{{Path: "/a.ics", ETag: hash(raw), Raw: []byte(raw)}}, nil, false, s); err != nil {
				t.Fatal(err)
			}
		}
		closed(true, "never read")
		keep("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260303T090000Z\r\nDTEND:20260303T170000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
		free, _ := h.starts("")
		for _, s := range free {
			if strings.HasPrefix(s, "Tue") {
				t.Errorf("offers %s, which is taken", s)
			}
		}
		closed(false, "just read")
		if err := h.CalendarFailed(ctx, h.me.Workspace, cs[0].ID, dottedline.CalendarState{Tried: h.now, Read: h.now, Error: "The calendar server did not answer in time.", Failures: 1}); err != nil {
			t.Fatal(err)
		}
		closed(true, "the last try failed")
		if err := h.Book(ctx, "sam", "A talk", time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC), guest(1)); kindOf(err) != dottedline.Conflict {
			t.Errorf("booked while the calendar can't be read: %v", err)
		}
		if bad, err := h.ClosedCalendars(ctx, h.me); err != nil || len(bad) != 1 {
			t.Errorf("closed calendars %v %v", bad, err)
		}
		keep("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260")
		closed(true, "half written")
		keep("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n")
		closed(false, "read again")
		h.now = h.now.Add(dottedline.CalendarAge + time.Second)
		closed(true, "too old")
		if err := h.SetCalendar(ctx, h.me, cs[0].ID, false, false); err != nil {
			t.Fatal(err)
		}
		closed(false, "does not make busy")
	})
}

func hash(s string) string { return fmt.Sprint(len(s)) + s[len(s)/2:] }

// TestCalendarWrites: a booking is handed to the edge to be written, and to be
// taken away again.
func TestCalendarWrites(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, "sqlite")
	h := withPage(t, db)
	if err := h.ConnectCalendars(ctx, h.me, desk.CalendarLogin{URL: "https://cal.example.com/sam/", User: "sam", Secret: "secret"},
		[]desk.FoundCalendar{{URL: "https://cal.example.com/sam/work/", Name: "Work", Writable: true}}); err != nil {
		t.Fatal(err)
	}
	g := guest(1)
	if err := h.Book(ctx, "sam", "A talk", time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC), g); err != nil {
		t.Fatal(err)
	}
	w, err := h.NextCalendarWrite(ctx)
	if err != nil || w == nil || w.Gone || !strings.Contains(string(w.Raw), "DTSTART:20260304T100000Z") || w.Feed.Secret != "secret" {
		t.Fatalf("%+v %v", w, err)
	}
	if again, err := h.NextCalendarWrite(ctx); err != nil || again != nil {
		t.Errorf("claimed twice: %v %v", again, err)
	}
	if err := h.CancelBooking(ctx, g.Once); err != nil { // while it is being written
		t.Fatal(err)
	}
	if err := h.CalendarWritten(ctx, w, `"1"`); err != nil {
		t.Fatal(err)
	}
	w, err = h.NextCalendarWrite(ctx)
	if err != nil || w == nil || !w.Gone || w.ETag != `"1"` {
		t.Fatalf("the cancellation is lost: %+v %v", w, err)
	}
	if err := h.CalendarWritten(ctx, w, ""); err != nil {
		t.Fatal(err)
	}
	if w, err := h.NextCalendarWrite(ctx); err != nil || w != nil {
		t.Errorf("still to do: %+v %v", w, err)
	}
}

// decoded is a mail with its parts as text.
func decoded(t *testing.T, raw []byte) string {
	t.Helper()
	m, err := mail.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	out := m.Subject + "\n" + m.Text
	for _, a := range m.Attachments {
		out += "\n" + string(a.Bytes())
	}
	return out
}
