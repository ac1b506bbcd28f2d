package web

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dottedline"
	"dottedline/internal/desk"
)

// openPage lets the owner of a house be booked at /b/sam, round the clock.
func (h *house) openPage() {
	h.t.Helper()
	p := dottedline.NewBookingPage(h.me.Member, "sam")
	p.Settings.Hours, p.Settings.DailyLimit = new([7]dottedline.Span), 0
	for i := range p.Settings.Hours {
		p.Settings.Hours[i] = dottedline.Span{From: 0, To: 24 * 60}
	}
	if _, err := h.SaveBookingPage(h.t.Context(), h.me, p); err != nil {
		h.t.Fatal(err)
	}
}

// TestBookWithoutScripts: a guest books, moves and cancels with forms alone; a
// time that is gone is said, and the form keeps what was typed.
func TestBookWithoutScripts(t *testing.T) {
	t.Parallel()
	h := furnished(t, 0)
	me := h.visitor()
	me.get("/settings/calendar")
	me.sees("Connect a calendar", "A new booking page")
	me.post("/settings/booking", "name", "Sam Field", "title", "Book a time", "kinds", "A talk, 30", "member", h.me.Member.String(), "before", "0", "after", "0", "notice", "0", "days", "21", "limit", "0")
	me.sees("can&#39;t be the address of a page", `value="Sam Field"`)
	me.post("/settings/booking", "name", "mornings", "title", "Mornings", "kinds", "A talk, 30", "member", h.me.Member.String(), "before", "0", "after", "0", "notice", "0", "days", "21", "limit", "0",
		"hours", "own", "day", "2", "from-2", "07:00", "to-2", "08:30")
	me.sees("/b/mornings", `value="07:00"`)
	if o, err := h.BookingPage(t.Context(), "mornings", "", h.Now().Truncate(24*time.Hour).Add(24*time.Hour), h.Now().Truncate(24*time.Hour).Add(15*24*time.Hour)); err != nil || len(o.Slots) != 6 || o.Slots[0].Start.Format("Mon 15:04") != "Tue 07:00" {
		t.Errorf("on two Tuesdays from seven to half past eight there are %v %v", o.Slots, err)
	}
	ps, err := h.BookingPages(t.Context(), h.me)
	if err != nil || h.DropBookingPage(t.Context(), h.me, ps[0].ID) != nil {
		t.Fatal(err)
	}
	h.openPage()
	me.get("/settings/calendar")
	me.sees("/b/sam")

	h.session = ""
	g := h.visitor()
	g.get("/b/sam?zone=America/New_York&from=" + h.Now().Add(48*time.Hour).Format(time.DateOnly))
	g.sees("Book a time", "Sam Field, Pine", "UTC, their clock")
	g.get(strings.ReplaceAll(g.match(`href="(/b/sam\?[^"]*at=[0-9]+[^"]*)"`), "&amp;", "&"))
	at, press := g.match(`name="at" value="([0-9]+)"`), g.match(`name="press" value="([^"]+)"`)
	fields := []string{"at", at, "kind", "A talk", "zone", "America/New_York", "press", press, "person", "Maya Okafor", "answer", "Whether it runs here."}
	g.post("/b/sam", append(fields, "mail", "maya")...)
	g.sees("is not a mail address", `value="Maya Okafor"`, "Whether it runs here.")
	fields = append(fields, "mail", "maya@northwind.example.org")
	g.post("/b/sam", fields...)
	g.sees("Booked.", "in New York", "maya@northwind.example.org")
	if !strings.HasSuffix(g.at, "/booking/"+press) {
		t.Errorf("at %s", g.at)
	}
	other := append([]string{}, fields...)
	other[7] = desk.NewLink()
	g.post("/b/sam", other...)
	g.sees("That time has just been taken.")
	g.get("/booking/" + press + "?move=1&from=" + h.Now().Add(72*time.Hour).Format(time.DateOnly))
	to := g.match(`name="at" value="([0-9]+)"`)
	g.post("/booking/"+press+"/move", "at", to)
	g.sees("Booked.")
	b, err := h.BookingAt(t.Context(), press, h.Now(), h.Now())
	if err != nil || fmt.Sprint(b.Start.Unix()) != to {
		t.Errorf("moved to %s, want %s: %v", b.Start, to, err)
	}
	g.post("/booking/" + press + "/cancel")
	g.sees("Cancelled.", "Book a new time")
	g.get("/booking/" + press[:len(press)-1] + "x")
	if g.code != 404 {
		t.Errorf("a wrong link answers %d", g.code)
	}
}

// TestClosedCalendarIsSaid: in red on Now, and to the guest as no time at all.
func TestClosedCalendarIsSaid(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	h.openPage()
	if err := h.ConnectCalendars(t.Context(), h.me, desk.CalendarLogin{URL: "https://cal.example.com/sam/"}, []desk.FoundCalendar{{URL: "https://cal.example.com/sam/work/", Name: "Work", Busy: true}}); err != nil {
		t.Fatal(err)
	}
	cs, err := h.Calendars(t.Context(), h.me)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.CalendarFailed(t.Context(), h.me.Workspace, cs[0].ID, dottedline.CalendarState{Tried: h.Now(), Error: "The calendar server did not answer in time.", Failures: 1}); err != nil {
		t.Fatal(err)
	}
	me := h.visitor()
	me.get("/now")
	me.sees("“Work” can’t be read", "did not answer in time")
	me.get("/settings/calendar")
	me.sees("While this lasts, no free time of yours is offered.")
	me.get("/b/sam")
	me.sees("No time can be offered just now.")
	me.lacks("at=")
}

// TestFreeTimesInReply: the times are held, go into the draft as links, and one
// of them books with one press; the others are free again.
func TestFreeTimesInReply(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	h.openPage()
	h.URL = h.url
	me := h.visitor()
	me.get("/now")
	me.sees("Free times")
	me.post(me.match(`formaction="(/deals/[a-z0-9]+/times)"`), "text", "Maya, gladly.\n\nSam")
	me.sees("Maya, gladly.", "/booking/")
	link := me.match(`/booking/([A-Za-z0-9_-]{30,})`)
	me.post("/booking/" + link + "/confirm")
	me.sees("Booked.")
	b, err := h.BookingAt(t.Context(), link, h.Now(), h.Now())
	if err != nil || b.State != dottedline.Booked || b.Deal == 0 {
		t.Fatalf("%+v %v", b.Booking, err)
	}
	o, err := h.BookingPage(t.Context(), "sam", "", b.Start, b.Start.Add(time.Minute))
	if err != nil || len(o.Slots) != 0 {
		t.Errorf("the booked time is offered again: %v %v", o.Slots, err)
	}
}

// phoneBooking books and moves on a phone's screen by the keyboard alone; axe-core
// finds nothing on the way.
func phoneBooking(t *testing.T, browser context.Context) {
	h := furnished(t, 0)
	h.openPage()
	b := h.tab(browser)
	b.run(view{"phone", 390, 844, "light"}.set(), chromedp.Navigate(h.url+"/b/sam?from="+h.Now().Add(48*time.Hour).Format(time.DateOnly)))
	look := func(where string) {
		t.Helper()
		if found := runAxe(t, b.ctx); len(found) > 0 {
			t.Errorf("%s: %v", where, found)
		}
		if eval[bool](b, "document.documentElement.scrollWidth > innerWidth") {
			t.Errorf("%s scrolls sideways", where)
		}
	}
	tabTo := func(selector string) {
		t.Helper()
		for range 80 {
			b.keys("Tab")
			if eval[bool](b, `document.activeElement.matches("`+selector+`")`) {
				return
			}
		}
		t.Fatalf("Tab never comes to %s", selector)
	}
	b.until(`document.querySelector(".times a")`)
	look("the free times")
	tabTo(".times a")
	b.keys("Enter")
	b.until(`document.querySelector("#person")`)
	look("the form")
	b.until(`document.activeElement.id === "person"`)
	b.keys("M", "a", "y", "a", "Tab")
	for _, r := range "m@example.org" {
		b.keys(string(r))
	}
	tabTo("main .btn.go")
	b.keys("Enter")
	b.until(`document.querySelector("h1")?.innerText === "Booked."`)
	look("the booking")
	tabTo("a[href*='move=1']")
	b.keys("Enter")
	b.until(`document.querySelector(".times button")`)
	look("other times")
	tabTo(".times button")
	b.keys("Enter")
	b.until(`document.querySelector("h1")?.innerText === "Booked." && location.pathname.startsWith("/booking/")`)
	b.run(view{"wide", 1280, 800, "light"}.set())
}

// TestGiveFromReply: the one that fits goes into the draft, and the link opens
// it with a press.
func TestGiveFromReply(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	h.URL = h.url
	me := h.visitor()
	me.get("/settings/gifts")
	me.post("/settings/gifts", "kind", "answer", "title", "", "text", "Yes, it does.")
	me.sees("The gift has no name.")
	me.post("/settings/gifts", "kind", "answer", "title", "Does it run on our own server?", "text", "Yes, it runs on one small machine of yours.")
	me.sees("Does it run on our own server?, given no times")
	me.get("/now")
	me.post(me.match(`formaction="(/deals/[a-z0-9]+/gift)"`))
	me.sees("Yes, it runs on one small machine of yours.", "/g/")
	link := me.match(`/g/([A-Za-z0-9_-]{43})`)
	h.session = ""
	g := h.visitor()
	g.get("/g/" + link)
	g.sees("Open it")
	g.lacks("small machine")
	g.post("/g/" + link)
	g.sees("small machine")
}

// TestUnwrittenIsSaid: a meeting that a calendar does not take stands in red on
// Now and at the calendar, and is written again by a press.
func TestUnwrittenIsSaid(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	h.openPage()
	if err := h.ConnectCalendars(t.Context(), h.me, desk.CalendarLogin{URL: "https://cal.example.com/sam/"}, []desk.FoundCalendar{{URL: "https://cal.example.com/sam/work/", Name: "Work", Writable: true}}); err != nil {
		t.Fatal(err)
	}
	start := h.Now().Add(72 * time.Hour).Truncate(time.Hour)
	if err := h.Book(t.Context(), "sam", "A talk", start, desk.Guest{Name: "Maya Okafor", Address: address(0), Zone: "UTC", Once: desk.NewLink()}); err != nil {
		t.Fatal(err)
	}
	w, err := h.NextCalendarWrite(t.Context())
	if err != nil || w == nil {
		t.Fatalf("nothing to write: %v", err)
	}
	if err := h.CalendarNotWritten(t.Context(), w, "The calendar server does not allow this.", false); err != nil {
		t.Fatal(err)
	}
	me := h.visitor()
	me.get("/now")
	me.sees("“A talk: Maya Okafor and Sam Field” could not be written into the calendar “Work”.", "does not allow this")
	me.get("/settings/calendar")
	me.sees("Write it again", "does not allow this")
	if w, err := h.NextCalendarWrite(t.Context()); err != nil || w != nil {
		t.Errorf("it is tried again by itself: %v %v", w, err)
	}
	me.post(me.match(`action="(/settings/calendar/[a-z0-9]+/write)"`), "uid", me.match(`name="uid" value="([^"]+)"`), "again", "yes")
	me.lacks("could not be written")
	if w, err := h.NextCalendarWrite(t.Context()); err != nil || w == nil || w.ETag != "" {
		t.Errorf("it is not written again: %v %v", w, err)
	}
}

// TestCalendarChangeIsShown: a booking that is gone from the calendar stands on Now
// and at the calendar; nobody is told before a press where that is in doubt.
func TestCalendarChangeIsShown(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	h.openPage()
	if err := h.ConnectCalendars(t.Context(), h.me, desk.CalendarLogin{URL: "https://cal.example.com/sam/"}, []desk.FoundCalendar{{URL: "https://cal.example.com/sam/work/", Name: "Work", Writable: true}}); err != nil {
		t.Fatal(err)
	}
	start, link := h.Now().Add(72*time.Hour).Truncate(time.Hour), desk.NewLink()
	if err := h.Book(t.Context(), "sam", "A talk", start, desk.Guest{Name: "Maya Okafor", Address: address(0), Zone: "UTC", Once: link}); err != nil {
		t.Fatal(err)
	}
	w, err := h.NextCalendarWrite(t.Context())
	if err != nil || w == nil {
		t.Fatalf("nothing to write: %v", err)
	}
	if err := h.CalendarWritten(t.Context(), w, "e"); err != nil {
		t.Fatal(err)
	}
	read := func(objects ...desk.CalendarObject) {
		t.Helper()
		if err := h.KeepCalendar(t.Context(), h.me.Workspace, w.Calendar, "", "", objects, nil, true, dottedline.CalendarState{Tried: h.Now(), Read: h.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	read(desk.CalendarObject{Path: "a", ETag: "e", Raw: w.Raw})
	read()
	me := h.visitor()
	me.get("/settings/calendar")
	me.sees("“A talk with Maya Okafor” is gone from your calendar.")
	me.get("/now")
	me.sees("“A talk with Maya Okafor” is gone from your calendar.", "much of it, is gone at once. Nobody is told before you say so.", "Put it back")
	me.post(me.match(`action="(/settings/calendar/[a-z0-9]+/change)"`), "uid", w.UID, "do", "follow")
	me.lacks("gone from your calendar")
	if b, err := h.BookingAt(t.Context(), link, start, start); err != nil || b.State != dottedline.Freed {
		t.Errorf("it is %s %v", b.State, err)
	}
}
