package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

// booked is a house whose owner is booked by Maya, with a calendar that holds the
// booking as it was written, and something else.
type booked struct {
	*house
	db    *store.DB
	deal  dottedline.DealID
	cal   dottedline.CalendarID
	start time.Time
	link  string
	uid   string
	raw   []byte // as written
}

var lunch = object("BEGIN:VEVENT", "UID:alone", "DTSTAMP:20260101T000000Z", "DTSTART:20260303T120000Z", "SUMMARY:Lunch", "END:VEVENT")

func newBooked(t *testing.T, db *store.DB) *booked {
	t.Helper()
	h, deal := talking(t, db)
	h.URL = "https://pine.example.com"
	h.page(func(*dottedline.BookingSettings) {})
	k := &booked{house: h, db: db, deal: deal, cal: h.calendar("work"), start: time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC), link: desk.NewLink()}
	h.keep(k.cal, lunch)
	must(t, h.Book(ctx, "sam", "A talk", k.start, desk.Guest{Name: "Maya Okafor", Address: mayaAt, Zone: "Europe/Oslo", Once: k.link}))
	w := h.nextWrite()
	if w == nil {
		t.Fatal("the booking is not written")
	}
	k.raw, k.uid = w.Raw, w.UID
	k.look(lunch, k.raw)
	h.outbox(t, db)
	h.sent = nil
	return k
}

// look reads the calendar, and lets the engine follow what is due; what it would
// ask the server for is not there.
func (k *booked) look(objects ...[]byte) {
	k.t.Helper()
	k.now = k.now.Add(time.Minute)
	k.keep(k.cal, objects...)
	k.now = k.now.Add(time.Second)
	due, err := k.DueCalendarChanges(ctx)
	must(k.t, err)
	for _, c := range due {
		must(k.t, k.FollowCalendarChange(ctx, c))
		must(k.t, k.FollowCalendarChange(ctx, c)) // another node
	}
}

// looks reads the same for five minutes.
func (k *booked) looks(objects ...[]byte) {
	k.t.Helper()
	for range 5 {
		k.look(objects...)
	}
}

// at is the booking as it was written, at another time.
func (k *booked) at(start time.Time, more ...string) []byte {
	s := strings.ReplaceAll(string(k.raw), k.start.Format("20060102T150405Z"), start.Format("20060102T150405Z"))
	s = strings.ReplaceAll(s, k.start.Add(30*time.Minute).Format("20060102T150405Z"), start.Add(30*time.Minute).Format("20060102T150405Z"))
	for i := 0; i+1 < len(more); i += 2 {
		if !strings.Contains(s, more[i]) {
			k.t.Fatalf("no %q in %s", more[i], s)
		}
		s = strings.Replace(s, more[i], more[i+1], 1)
	}
	return []byte(s)
}

func (k *booked) booking() desk.MyBooking {
	k.t.Helper()
	b, err := k.BookingAt(ctx, k.link, k.now, k.now)
	must(k.t, err)
	return b
}

func (k *booked) changes() []desk.CalendarChange {
	k.t.Helper()
	xs, err := k.CalendarChanges(ctx, k.me)
	must(k.t, err)
	return xs
}

// quiet fails where anybody was told anything.
func (k *booked) quiet(what string) {
	k.t.Helper()
	if b := k.booking(); !b.Start.Equal(k.start) || b.State != dottedline.Booked {
		k.t.Errorf("%s: the booking is %s at %v", what, b.State, b.Start)
	}
	if mails := k.outbox(k.t, k.db); len(mails) != 0 {
		k.t.Errorf("%s: %d mails: %s", what, len(mails), mails)
	}
}

// TestBookingFollowsItsCalendar: what the member does to a booking in a calendar
// program moves or cancels it, once it has stayed so; the guest is told by mail.
func TestBookingFollowsItsCalendar(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := newBooked(t, db)
		first, second := k.start.Add(24*time.Hour), k.start.Add(25*time.Hour)
		k.look(lunch, k.at(first))
		if xs := k.changes(); len(xs) != 1 || xs[0].Gone || !xs[0].To.Equal(first) || !xs[0].At.Equal(k.start) || xs[0].Why != "" || xs[0].Title != "A talk with Maya Okafor" {
			t.Fatalf("changes %+v", xs)
		}
		k.look(lunch, k.at(second)) // dragged once more
		k.look(lunch, k.at(second))
		k.quiet("while it may still be put back")
		k.look(lunch, k.at(second))
		if b := k.booking(); !b.Start.Equal(second) || b.Sequence != 1 || len(k.changes()) != 0 {
			t.Fatalf("it did not follow: %v, sequence %d, %+v", b.Start, b.Sequence, k.changes())
		}
		mails := k.outbox(t, db)
		if len(mails) != 2 || !strings.Contains(mails[0], "METHOD:REQUEST") || !strings.Contains(mails[0], "SEQUENCE:1") || !strings.Contains(mails[0], "12:00 to 12:30 (Oslo)") || !strings.Contains(mails[0], "The link in the first invitation") {
			t.Fatalf("%d mails: %s", len(mails), mails)
		}
		meetings, told := k.met(k.deal)
		if len(meetings) != 1 || meetings[0] != "5 11:00 A talk with Maya Okafor" || told[len(told)-1] != "A talk moved: Thu 5 March 2026, 11:00 UTC" {
			t.Errorf("meetings %q, told %q", meetings, told)
		}
		if w := k.nextWrite(); w != nil {
			t.Errorf("the calendar has it, and it is written: %s", w.Raw)
		}
		k.looks(lunch, k.at(second))
		if mails := k.outbox(t, db); len(mails) != 2 {
			t.Errorf("told again: %s", mails[2:])
		}
		// the hour before is free again, and the guest's link moves it still
		must(t, k.Book(ctx, "sam", "A talk", k.start, guest(1)))
		third := second.Add(2 * time.Hour)
		must(t, k.MoveBooking(ctx, k.link, third))
		for w := k.nextWrite(); w != nil; w = k.nextWrite() {
			if w.UID == k.uid {
				if !strings.Contains(string(w.Base), second.Format("20060102T150405Z")) {
					t.Errorf("merged over what it was before it followed: %s", w.Base)
				}
				k.raw, k.start = w.Raw, third
			}
		}
		k.looks(lunch, k.raw)
		k.outbox(t, db)
		k.sent = nil
		k.quiet("ours was written over it")

		k.look(lunch)
		k.look(lunch)
		k.quiet("when it has only just gone")
		k.looks(lunch)
		if b := k.booking(); b.State != dottedline.Freed || b.Sequence != 3 {
			t.Errorf("deleted, and it is %s, sequence %d", b.State, b.Sequence)
		}
		if mails := k.outbox(t, db); len(mails) != 2 || !strings.Contains(mails[0], "METHOD:CANCEL") || !strings.Contains(mails[0], "SEQUENCE:3") {
			t.Errorf("%d mails: %s", len(mails), mails)
		}
		if meetings, _ := k.met(k.deal); len(meetings) != 0 {
			t.Errorf("meetings %q", meetings)
		}
		k.now = third.Add(-23 * time.Hour)
		k.jobs()
		for _, m := range k.outbox(t, db)[2:] {
			if strings.Contains(m, "Reminder: A talk, Thu") {
				t.Errorf("reminded of what was cancelled: %s", m)
			}
		}
	})
}

// TestPlannedMeetingFollowsItsCalendar: the same for a meeting that was planned
// by hand and invited to; called off there counts as taken out.
func TestPlannedMeetingFollowsItsCalendar(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := newBooked(t, db)
		k.start = k.now.Add(50 * time.Hour)
		id, err := k.NewMeeting(ctx, k.me, k.deal, k.start, 30, "Pilot", "Room 2")
		must(t, err)
		c, err := k.Coming(ctx, k.me, id)
		must(t, err)
		must(t, k.InviteTo(ctx, k.me, id, []dottedline.PersonID{c.People[0].ID}))
		k.outbox(t, db)
		k.sent = nil
		talk := k.raw
		k.raw = k.nextWrite().Raw
		k.look(lunch, talk, k.raw)

		to := k.start.Add(3 * time.Hour)
		k.looks(lunch, talk, k.at(to, "SEQUENCE:0", "SEQUENCE:4"))
		mails := k.outbox(t, db)
		if len(mails) != 1 || !strings.Contains(mails[0], "METHOD:REQUEST") || !strings.Contains(mails[0], "SEQUENCE:5") || !strings.Contains(mails[0], to.Format("20060102T150405Z")) || !strings.Contains(mails[0], "Room 2") {
			t.Fatalf("%d mails: %s", len(mails), mails)
		}
		if w := k.nextWrite(); w != nil {
			t.Errorf("the calendar has it, and it is written: %s", w.Raw)
		}
		k.looks(lunch, talk, k.at(to, "STATUS:CONFIRMED", "STATUS:CANCELLED"))
		if mails := k.outbox(t, db); len(mails) != 2 || !strings.Contains(mails[1], "METHOD:CANCEL") || !strings.Contains(mails[1], "SEQUENCE:6") {
			t.Errorf("%d mails: %s", len(mails), mails)
		}
		if meetings, told := k.met(k.deal); len(meetings) != 1 || !strings.HasPrefix(told[len(told)-1], "Cancelled: Pilot") {
			t.Errorf("meetings %q, told %q", meetings, told)
		}
	})
}

// TestNothingFollowsADoubt: what only looks like a deletion, or can't be passed
// on, never reaches a guest by itself.
func TestNothingFollowsADoubt(t *testing.T) {
	t.Parallel()
	other := func(n int) []byte {
		return object("BEGIN:VEVENT", fmt.Sprint("UID:o", n), "DTSTAMP:20260101T000000Z", "DTSTART:20260303T120000Z", "SUMMARY:Lunch", "END:VEVENT")
	}
	for name, do := range map[string]struct {
		see  func(*booked)
		asks bool // a person
	}{
		"the calendar is empty": {func(k *booked) { k.looks() }, true},
		"much is gone at once": {func(k *booked) {
			k.looks(other(1), other(2), other(3), other(4), k.raw, other(5))
			k.looks(other(1), other(2))
		}, true},
		"it is half-written":     {func(k *booked) { k.looks(lunch, k.raw[:len(k.raw)-40]) }, false},
		"its time can't be read": {func(k *booked) { k.looks(lunch, k.at(k.start, "DTSTART:2026", "DTSTART:2O26")) }, false},
		"it takes the whole day": {func(k *booked) {
			k.looks(lunch, k.at(k.start, "DTSTART:20260304T100000Z", "DTSTART;VALUE=DATE:20260304", "DTEND:20260304T103000Z", "DTEND;VALUE=DATE:20260305"))
		}, true},
		"it repeats": {func(k *booked) {
			k.looks(lunch, k.at(k.start.Add(time.Hour), "SUMMARY", "RRULE:FREQ=DAILY\r\nSUMMARY"))
		}, true},
		"it lies in the past":        {func(k *booked) { k.looks(lunch, k.at(k.start.Add(-7*24*time.Hour))) }, true},
		"it was moved and put back":  {func(k *booked) { k.look(lunch, k.at(k.start.Add(time.Hour))); k.looks(lunch, k.raw) }, false},
		"it was deleted and is back": {func(k *booked) { k.look(lunch); k.looks(lunch, k.raw) }, false},
		"the server still has it": {func(k *booked) {
			k.look(lunch)
			k.now = k.now.Add(3 * time.Minute)
			due, err := k.DueCalendarChanges(ctx)
			if err != nil || len(due) != 1 || due[0].Missing != "1" {
				k.t.Fatalf("due %+v %v", due, err)
			}
			must(k.t, k.StillInCalendar(ctx, due[0]))
			if token, ctag, _, _, err := k.CalendarKnown(ctx, k.me.Workspace, k.cal); err != nil || token+ctag != "" {
				k.t.Errorf("it is not read anew: %q %q %v", token, ctag, err)
			}
		}, false},
		"the server does not answer": {func(k *booked) {
			k.look(lunch)
			for range 5 {
				k.now = k.now.Add(3 * time.Minute)
				due, err := k.DueCalendarChanges(ctx)
				if err != nil || len(due) != 1 {
					k.t.Fatalf("due %+v %v", due, err)
				}
				must(k.t, k.WaitCalendarChange(ctx, due[0]))
			}
		}, true},
		"the calendar can't be read any more": {func(k *booked) {
			k.look(lunch)
			for range 5 {
				k.now = k.now.Add(3 * time.Minute)
				must(k.t, k.CalendarFailed(ctx, k.me.Workspace, k.cal, dottedline.CalendarState{Tried: k.now, Read: k.now.Add(-15 * time.Minute), Error: "The calendar is not there any more."}))
				due, err := k.DueCalendarChanges(ctx)
				must(k.t, err)
				for _, c := range due {
					must(k.t, k.FollowCalendarChange(ctx, c))
				}
			}
		}, true},
		"it lies in another calendar of theirs": {func(k *booked) {
			private := k.calendar("private")
			k.look(lunch)
			k.keep(private, k.raw)
			k.looks(lunch)
			k.keep(private, k.raw)
			k.looks(lunch)
		}, false},
		"another calendar of theirs can't be read": {func(k *booked) {
			k.calendar("private")
			k.looks(lunch)
		}, true},
		"a new calendar lacks it": {func(k *booked) { k.keep(k.calendar("private"), lunch); k.looks(lunch, k.raw) }, false},
		"the new time is taken": {func(k *booked) {
			must(k.t, k.Book(ctx, "sam", "A talk", k.start.Add(2*time.Hour), guest(1)))
			k.outbox(k.t, k.db)
			k.sent = nil
			k.looks(lunch, k.at(k.start.Add(2*time.Hour)))
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newBooked(t, storetest.Open(t, "sqlite"))
			do.see(k)
			k.quiet(name)
			if xs := k.changes(); (len(xs) == 1) != do.asks {
				t.Errorf("a person is asked of %+v", xs)
			}
		})
	}
}

// TestSettleCalendarChange: the member tells at once, puts back or leaves.
func TestSettleCalendarChange(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := newBooked(t, db)
		to := k.start.Add(time.Hour)
		k.look(lunch, k.at(to))
		must(t, k.SettleCalendarChange(ctx, k.me, k.cal, k.uid, desk.PutBack))
		w := k.nextWrite()
		if w == nil || w.Base != nil || w.ETag != "" || !strings.Contains(string(w.Raw), k.start.Format("20060102T150405Z")) {
			t.Fatalf("put back by %+v", w)
		}
		k.looks(lunch, k.raw)
		k.quiet("put back")
		if xs := k.changes(); len(xs) != 0 {
			t.Errorf("it is still asked: %+v", xs)
		}
		other := k.colleague()
		k.look(lunch, k.at(to))
		if err := k.SettleCalendarChange(ctx, other, k.cal, k.uid, desk.FollowIt); kindOf(err) != dottedline.NotFound {
			t.Errorf("somebody else's calendar: %v", err)
		}
		must(t, k.SettleCalendarChange(ctx, k.me, k.cal, k.uid, desk.FollowIt))
		must(t, k.SettleCalendarChange(ctx, k.me, k.cal, k.uid, desk.FollowIt))
		if b := k.booking(); !b.Start.Equal(to) || b.Sequence != 1 {
			t.Errorf("told at once: %v, sequence %d", b.Start, b.Sequence)
		}
		if mails := k.outbox(t, db); len(mails) != 2 {
			t.Errorf("%d mails", len(mails))
		}
	})
}

// colleague is one more member.
func (h *house) colleague() dottedline.Actor {
	h.t.Helper()
	secret, err := h.Invite(ctx, h.me, dottedline.MemberRole)
	must(h.t, err)
	session, err := h.Join(ctx, secret, "ben@pine.example.com", "Ben Adler", "a long enough one", "UTC")
	must(h.t, err)
	a, err := h.Session(ctx, session)
	must(h.t, err)
	return a
}
