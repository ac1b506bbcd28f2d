package calsync

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store/storetest"
)

// TestEngineOnRealServers: calendars are found, read into the desk, close the
// page while the server is gone, and get bookings written, moved and taken
// away, on both servers.
func TestEngineOnRealServers(t *testing.T) {
	t.Parallel()
	for _, s := range servers(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			d, me := newDesk(t)
			day := time.Now().UTC().Truncate(24 * time.Hour).Add(48 * time.Hour)
			s.put(t, "taken", "DTSTART:"+day.Add(9*time.Hour).Format("20060102T150405Z"), "DTEND:"+day.Add(17*time.Hour).Format("20060102T150405Z"))

			e := NewEngine(d, slog.New(slog.DiscardHandler), true)
			e.Every, e.Look = 100*time.Millisecond, 50*time.Millisecond
			login := s.connect(t, d, me, e)
			if s.name == "Radicale" {
				login.Secret = "wrong"
				if _, err := e.Discover(t.Context(), login); err == nil {
					t.Error("a wrong password finds calendars")
				}
			}
			times := func() (n int, hit bool, closed bool) {
				o, err := d.BookingPage(t.Context(), "sam", "", day, day.Add(24*time.Hour))
				if err != nil {
					t.Fatal(err)
				}
				for _, x := range o.Slots {
					hit = hit || x.Start.Before(day.Add(17*time.Hour)) && x.End.After(day.Add(9*time.Hour))
				}
				return len(o.Slots), hit, o.Closed
			}
			if n, _, closed := times(); n != 0 || !closed {
				t.Errorf("%d times before the calendar was read", n)
			}
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() { defer close(done); e.Run(ctx) }()
			defer func() { stop(); <-done }()
			eventually(t, "the calendar is read", func() bool { n, hit, closed := times(); return n > 0 && !hit && !closed })

			once := desk.NewLink()
			start := day.Add(6 * time.Hour)
			if err := d.Book(t.Context(), "sam", "A talk", start, desk.Guest{Name: "Maya", Address: "maya@northwind.example.org", Zone: "UTC", Once: once}); err != nil {
				t.Fatal(err)
			}
			e.Reload()
			b, err := d.BookingAt(t.Context(), once, day, day)
			if err != nil {
				t.Fatal(err)
			}
			c := s.client(t, s.calendar)
			at := ObjectURL(s.calendar, b.UID())
			holds := func(what string) func() bool {
				return func() bool {
					o, err := c.Get(t.Context(), at)
					return (err == nil && what != "" && strings.Contains(string(o.Raw), what)) || err != nil && what == ""
				}
			}
			eventually(t, "the booking is in the calendar", holds(start.Format("20060102T150405Z")))
			if err := d.MoveBooking(t.Context(), once, start.Add(-2*time.Hour)); err != nil {
				t.Fatal(err)
			}
			e.Reload()
			eventually(t, "it has moved there", holds(start.Add(-2*time.Hour).Format("20060102T150405Z")))

			// another program has put an alarm and a note of its own in
			edit := func(from, to string) {
				t.Helper()
				o, err := c.Get(t.Context(), at)
				if err != nil || !strings.Contains(string(o.Raw), from) {
					t.Fatalf("no %q to change in %s %v", from, o.Raw, err)
				}
				s.raw(t, "PUT", at, strings.Replace(string(o.Raw), from, to, 1))
			}
			failed := func() []desk.Unwritten {
				us, err := d.Unwritten(t.Context(), me)
				if err != nil {
					t.Fatal(err)
				}
				return us
			}
			edit("END:VEVENT", "X-COLOR:red\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:Leave now\r\nEND:VALARM\r\nEND:VEVENT")
			for _, hour := range []int{-3, -4} { // the second is over what was merged
				to := start.Add(time.Duration(hour) * time.Hour)
				if err := d.MoveBooking(t.Context(), once, to); err != nil {
					t.Fatal(err)
				}
				e.Reload()
				eventually(t, "it has moved over their change", holds(to.Format("20060102T150405Z")))
				if o, err := c.Get(t.Context(), at); err != nil || !strings.Contains(string(o.Raw), "Leave now") || !strings.Contains(string(o.Raw), "X-COLOR") {
					t.Errorf("their alarm is lost: %s %v", o.Raw, err)
				}
			}
			if us := failed(); len(us) != 0 {
				t.Errorf("a person is asked: %+v", us)
			}

			// they have moved it, and so do we: a person has to say
			edit("T020000Z", "T010000Z")
			if err := d.MoveBooking(t.Context(), once, start.Add(-time.Hour)); err != nil {
				t.Fatal(err)
			}
			e.Reload()
			eventually(t, "the conflict is said", func() bool { return len(failed()) == 1 })
			if o, err := c.Get(t.Context(), at); err != nil || !strings.Contains(string(o.Raw), "T010000Z") || !failed()[0].Again.IsZero() {
				t.Errorf("theirs was written over: %s %v", o.Raw, err)
			}
			u := failed()[0]
			if err := d.WriteAgain(t.Context(), me, u.Calendar, u.UID, true); err != nil {
				t.Fatal(err)
			}
			e.Reload()
			eventually(t, "ours holds by a press", holds(start.Add(-time.Hour).Format("20060102T150405Z")))
			if o, err := c.Get(t.Context(), at); err != nil || !strings.Contains(string(o.Raw), "Leave now") {
				t.Errorf("their alarm is lost by the press: %s %v", o.Raw, err)
			}
			if err := d.CancelBooking(t.Context(), once); err != nil {
				t.Fatal(err)
			}
			e.Reload()
			eventually(t, "it is gone there", holds(""))
		})
	}
}

// connect has the calendar "Work" read and written by the desk.
func (s *server) connect(t *testing.T, d *desk.Desk, me dottedline.Actor, e *Engine) desk.CalendarLogin {
	t.Helper()
	login := desk.CalendarLogin{URL: s.base, User: "sam", Secret: "secret"}
	found, err := e.Discover(t.Context(), login)
	if err != nil {
		t.Fatal(err)
	}
	found = slices.DeleteFunc(found, func(f desk.FoundCalendar) bool { return f.Name != "Work" })
	if len(found) != 1 || !found[0].Writable {
		t.Fatalf("found %+v", found)
	}
	if err := d.ConnectCalendars(t.Context(), me, login, found); err != nil {
		t.Fatal(err)
	}
	return login
}

// newDesk is a desk whose owner can be booked at any hour at /b/sam.
func newDesk(t *testing.T) (*desk.Desk, dottedline.Actor) {
	t.Helper()
	db := storetest.Open(t, "sqlite")
	vault, err := desk.NewVault([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	d := desk.New(db, vault)
	d.Argon2 = desk.Argon2{Passes: 1, KiB: 8, Lanes: 1} // no secret is kept here
	secret, err := d.SetupLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	session, err := d.SetUp(t.Context(), secret, desk.NewOwner{Workspace: "Pine", Currency: "usd", Name: "Sam Field", Email: "sam@pine.example.com", Password: "a long enough one", Zone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	me, err := d.Session(t.Context(), session)
	if err != nil {
		t.Fatal(err)
	}
	page := dottedline.NewBookingPage(me.Member, "sam")
	page.Settings.Notice, page.Settings.Hours = 0, new([7]dottedline.Span)
	for i := range page.Settings.Hours {
		page.Settings.Hours[i] = dottedline.Span{From: 0, To: 24 * 60}
	}
	if _, err := d.SaveBookingPage(t.Context(), me, page); err != nil {
		t.Fatal(err)
	}
	return d, me
}

func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		if f() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}
