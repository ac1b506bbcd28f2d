package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

func object(lines ...string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n")
}

// vevent is an event with Maya, as her calendar program writes it.
func vevent(uid string, sequence int, start time.Time, more ...string) []byte {
	return object(append(append([]string{"BEGIN:VEVENT", "UID:" + uid, fmt.Sprint("SEQUENCE:", sequence), "DTSTAMP:" + start.Add(-100*time.Hour).Add(time.Duration(sequence)*time.Minute).Format("20060102T150405Z"),
		"DTSTART:" + start.Format("20060102T150405Z"), "DURATION:PT45M", "SUMMARY:Pilot", "LOCATION:https://meet.example.com/x", "ORGANIZER;CN=Maya Okafor:mailto:maya@northwind.example.org",
		"ATTENDEE;PARTSTAT=ACCEPTED:mailto:maya@northwind.example.org", "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:sam@pine.example.com"}, more...), "END:VEVENT")...)
}

// calendar connects one more calendar of the owner and gives its ID.
func (h *house) calendar(name string) dottedline.CalendarID {
	h.t.Helper()
	at := "https://cal.example.com/" + name + "/"
	must(h.t, h.ConnectCalendars(ctx, h.me, desk.CalendarLogin{URL: at}, []desk.FoundCalendar{{URL: at, Name: name, Busy: true, Writable: true}}))
	cs, err := h.Calendars(ctx, h.me)
	must(h.t, err)
	return cs[len(cs)-1].ID
}

// keep reads a calendar that holds exactly these objects.
func (h *house) keep(id dottedline.CalendarID, objects ...[]byte) {
	h.t.Helper()
	var os []desk.CalendarObject
	for i, raw := range objects {
		os = append(os, desk.CalendarObject{Path: fmt.Sprint(i), ETag: fmt.Sprint(fnv1(raw)), Raw: raw})
	}
	must(h.t, h.KeepCalendar(ctx, h.me.Workspace, id, "", "", os, nil, true, dottedline.CalendarState{Tried: h.now, Read: h.now, Whole: h.now}))
}

func fnv1(b []byte) (n uint64) {
	for _, c := range b {
		n = n*1099511628211 + uint64(c)
	}
	return n
}

// met are the meetings of a deal, "2 10:00 Pilot", and what the timeline says of them.
func (h *house) met(id dottedline.DealID) (meetings, told []string) {
	h.t.Helper()
	p, err := h.DealPage(ctx, h.me, id)
	must(h.t, err)
	for _, m := range p.Meetings {
		meetings = append(meetings, m.At.Format("2 15:04 ")+m.Title)
	}
	for _, m := range p.Timeline {
		if m.Kind == dottedline.BookTouch || m.Kind == dottedline.MeetingTouch {
			told = append(told, strings.Split(m.Text, "\n")[0])
		}
	}
	slices.Reverse(told)
	return meetings, told
}

// jobs does what is due.
func (h *house) jobs() {
	h.t.Helper()
	for {
		j, _, err := h.NextJob(ctx)
		must(h.t, err)
		if j == nil {
			return
		}
		must(h.t, h.DoJob(ctx, j))
	}
}

func TestMeetingsFollowTheCalendar(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, deal := talking(t, db)
		cal := h.calendar("work")
		at := h.now.Add(25 * time.Hour) // 3 March, 10:00
		h.keep(cal, vevent("e1@example.com", 0, at), object("BEGIN:VEVENT", "UID:alone", "DTSTAMP:20260101T000000Z", "DTSTART:20260303T120000Z", "SUMMARY:Lunch", "END:VEVENT"))
		meetings, told := h.met(deal)
		if !slices.Equal(meetings, []string{"3 10:00 Pilot"}) || !slices.Equal(told, []string{"Pilot, Tue 3 March 2026, 10:00 UTC"}) {
			t.Fatalf("meetings %q, told %q", meetings, told)
		}
		p, err := h.DealPage(ctx, h.me, deal)
		must(t, err)
		first := p.Meetings[0]
		must(t, h.SetAsk(ctx, h.me, first.ID, desk.AskPlan{Text: theAsk}))
		if c, err := h.Coming(ctx, h.me, first.ID); err != nil || len(c.Attendees) != 1 || c.Attendees[0].Name != "Maya Okafor" || !c.Elsewhere {
			t.Errorf("coming %+v %v", c, err)
		}

		h.keep(cal, vevent("e1@example.com", 1, at.Add(3*time.Hour)))
		h.keep(cal, vevent("e1@example.com", 1, at.Add(3*time.Hour)))
		meetings, told = h.met(deal)
		if !slices.Equal(meetings, []string{"3 13:00 Pilot"}) || len(told) != 2 || told[1] != "Moved: Pilot, Tue 3 March 2026, 13:00 UTC" {
			t.Errorf("after it moved: %q, told %q", meetings, told)
		}
		if b, err := h.Brief(ctx, h.me, first.ID); err != nil || b.Ask.Text != theAsk || !b.Ask.Due.Equal(at.Add(3*time.Hour+45*time.Minute)) {
			t.Errorf("its ask did not move with it: %+v %v", b.Ask, err)
		}

		// a second calendar that has an older word of it changes nothing; the
		// meeting stands as long as one of them has it
		other := h.calendar("other")
		h.keep(other, vevent("e1@example.com", 0, at))
		h.keep(cal)
		if meetings, _ = h.met(deal); !slices.Equal(meetings, []string{"3 13:00 Pilot"}) {
			t.Errorf("while another calendar has it: %q", meetings)
		}
		h.keep(other)
		if meetings, told = h.met(deal); len(meetings) != 0 || told[len(told)-1] != "Cancelled: Pilot, Tue 3 March 2026, 13:00 UTC" {
			t.Errorf("after it was gone: %q, told %q", meetings, told)
		}

		// it is on again, takes place, and becomes a touch by itself, once
		h.keep(cal, vevent("e1@example.com", 2, at))
		h.now = at.Add(time.Hour)
		h.jobs()
		h.keep(cal, vevent("e1@example.com", 2, at))
		h.keep(cal)
		meetings, told = h.met(deal)
		if n := strings.Count(strings.Join(told, "\n"), "Pilot\n") + strings.Count(told[len(told)-1], "Pilot"); len(meetings) != 1 || told[len(told)-1] != "Pilot" || n != 1 {
			t.Errorf("after it took place: %q, told %q", meetings, told)
		}
	})
}

// TestSeriesMoves: an instance moves alone, the series moves as a whole, each
// meeting keeping its ask; a declined one is none.
func TestSeriesMoves(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, "sqlite")
	h, deal := talking(t, db)
	cal := h.calendar("work")
	at := h.now.Add(25 * time.Hour)
	rule := "RRULE:FREQ=WEEKLY;COUNT=3"
	h.keep(cal, vevent("s1@example.com", 0, at, rule))
	meetings, told := h.met(deal)
	if !slices.Equal(meetings, []string{"3 10:00 Pilot", "10 10:00 Pilot", "17 10:00 Pilot"}) || len(told) != 0 {
		t.Fatalf("meetings %q, told %q", meetings, told)
	}
	p, err := h.DealPage(ctx, h.me, deal)
	must(t, err)
	second := p.Meetings[1].ID
	must(t, h.SetAsk(ctx, h.me, second, desk.AskPlan{Text: theAsk}))

	instance := slices.Concat(vevent("s1@example.com", 0, at, rule)[:len(vevent("s1@example.com", 0, at, rule))-len("END:VCALENDAR\r\n")],
		vevent("s1@example.com", 0, at.AddDate(0, 0, 8), "RECURRENCE-ID:20260310T100000Z")[len("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\n"):])
	h.keep(cal, instance)
	meetings, told = h.met(deal)
	if !slices.Equal(meetings, []string{"3 10:00 Pilot", "11 10:00 Pilot", "17 10:00 Pilot"}) || !slices.Equal(told, []string{"Moved: Pilot, Wed 11 March 2026, 10:00 UTC"}) {
		t.Errorf("after an instance moved: %q, told %q", meetings, told)
	}
	h.keep(cal, vevent("s1@example.com", 1, at.Add(4*time.Hour), rule))
	if meetings, _ = h.met(deal); !slices.Equal(meetings, []string{"3 14:00 Pilot", "10 14:00 Pilot", "17 14:00 Pilot"}) {
		t.Errorf("after the series moved: %q", meetings)
	}
	if b, err := h.Brief(ctx, h.me, second); err != nil || b.Ask.Text != theAsk || !b.Meeting.At.Equal(at.AddDate(0, 0, 7).Add(4*time.Hour)) {
		t.Errorf("the second lost its ask: %+v %v", b.Meeting, err)
	}
	h.keep(cal, vevent("s1@example.com", 1, at.Add(4*time.Hour), rule, "EXDATE:20260310T140000Z"))
	if meetings, _ = h.met(deal); !slices.Equal(meetings, []string{"3 14:00 Pilot", "17 14:00 Pilot"}) {
		t.Errorf("after one was taken out: %q", meetings)
	}
	h.keep(cal, []byte(strings.ReplaceAll(string(vevent("s1@example.com", 2, at, rule)), "NEEDS-ACTION;RSVP=TRUE:mailto:sam", "DECLINED:mailto:sam")))
	if meetings, _ = h.met(deal); len(meetings) != 0 {
		t.Errorf("after it was declined: %q", meetings)
	}
}
