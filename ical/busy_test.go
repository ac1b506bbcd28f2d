package ical

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func source(objects ...string) Source {
	s := Source{Name: "Work", Read: day("2026-10-19")}
	for _, o := range objects {
		s.Add("object", []byte(o))
	}
	return s
}

func week(zone *time.Location) Window {
	return Window{From: day("2026-10-19"), To: day("2026-10-26"), Now: day("2026-10-19"), Zone: zone, Me: []string{"sam@example.com"}}
}

func busyText(t *testing.T, s Source, w Window) string {
	t.Helper()
	b, err := Busy([]Source{s}, w)
	if err != nil {
		return err.Error()
	}
	var out []string
	for _, i := range b {
		out = append(out, i.Start.Format("02T1504-")+i.End.Format("02T1504"))
	}
	return strings.Join(out, " ")
}

func TestBusy(t *testing.T) {
	t.Parallel()
	ber := zone(t, "Europe/Berlin")
	const at = "DTSTART:20261020T090000Z"
	otherBerlin := strings.Replace(ownZone, "My Own/Zone", "Europe/Berlin", 1)
	var w writer
	w.zone("Europe/Berlin", ber, day("2026-01-01").Unix(), day("2026-12-01").Unix())
	for _, c := range []struct{ name, ics, want string }{
		{"confirmed", file(meeting(at)), "20T0900-20T1000"},
		{"tentative", file(meeting(at, "STATUS:TENTATIVE")), "20T0900-20T1000"},
		{"an unknown status", file(meeting(at, "STATUS:MAYBE")), "20T0900-20T1000"},
		{"cancelled", file(meeting(at, "STATUS:CANCELLED")), ""},
		{"transparent", file(meeting(at, "TRANSP:TRANSPARENT")), ""},
		{"opaque", file(meeting(at, "TRANSP:OPAQUE")), "20T0900-20T1000"},
		{"declined by me", file(meeting(at, "ATTENDEE;PARTSTAT=DECLINED:mailto:Sam@Example.com")), ""},
		{"declined by another", file(meeting(at, "ATTENDEE;PARTSTAT=DECLINED:mailto:anna@example.com")), "20T0900-20T1000"},
		{"an unreadable event that is cancelled", file(meeting("DTSTART:soon", "STATUS:CANCELLED")), ""},
		{"an unreadable event of long ago", file(meeting("DTSTART:20120101T090000Z", "DTEND:20110101T090000Z")), ""},
		{"a task", file("BEGIN:VTODO", "DTSTART:20261020T090000Z", "DUE:20261020T100000Z", "END:VTODO"), ""},
		{"touching ones", file(meeting(at), meeting("DTSTART:20261020T100000Z")), "20T0900-20T1100"},
		{"across the edges", file(meeting("DTSTART:20261018T230000Z", "DURATION:PT2H"), meeting("DTSTART:20261025T230000Z", "DURATION:PT2H")), "18T2300-19T0100 25T2300-26T0100"},
		{"all day", file(meeting("DTSTART;VALUE=DATE:20261020")), "19T2200-20T2200"},
		{"free and busy times", file("BEGIN:VFREEBUSY", "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261020T090000Z/PT1H,20261021T090000Z/20261021T093000Z", "FREEBUSY;FBTYPE=FREE:20261022T090000Z/PT1H", "END:VFREEBUSY"), "20T0900-20T1000 21T0900-21T0930"},
		{"a known zone described as it is", file(strings.TrimSpace(w.b.String()), meeting("DTSTART;TZID=Europe/Berlin:20261020T090000")), "20T0700-20T0800"},
		{"a known zone described otherwise: both", file(otherBerlin, meeting("DTSTART;TZID=Europe/Berlin:20261020T090000")), "20T0700-20T0800 20T1300-20T1400"},
		{"floating in a calendar of another zone: both", file("X-WR-TIMEZONE:America/New_York", meeting("DTSTART:20261020T090000")), "20T0700-20T0800 20T1300-20T1400"},
		{"a series cancelled as a whole", file(meeting(at, "RRULE:FREQ=DAILY", "STATUS:CANCELLED")), ""},
		{"one instance made transparent", file(meeting(at, "RRULE:FREQ=DAILY;COUNT=3"), meeting("RECURRENCE-ID:20261021T090000Z", "DTSTART:20261021T090000Z", "TRANSP:TRANSPARENT")), "20T0900-20T1000 22T0900-22T1000"},
		{"the end of summer time", file(meeting("DTSTART;TZID=Europe/Berlin:20261024T233000", "DTEND;TZID=Europe/Berlin:20261025T033000")), "24T2130-25T0230"},
	} {
		if got := busyText(t, source(c.ics), week(ber)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestBusyFailsClosed(t *testing.T) {
	t.Parallel()
	good := file(meeting("DTSTART:20261020T090000Z"))
	heavy := strings.Repeat(meeting("DTSTART:20200101T000000Z", "RRULE:FREQ=SECONDLY")+"\r\n", 300)
	jumpy := "BEGIN:VTIMEZONE\r\nTZID:Europe/Jumpy\r\nBEGIN:STANDARD\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nDTSTART:20200101T000000\r\nRRULE:FREQ=MINUTELY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
	var nowhere strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&nowhere, "%s%s\r\n", strings.Replace(jumpy, "Jumpy", fmt.Sprint(i), 1), meeting(fmt.Sprintf("DTSTART;TZID=Europe/%d:20261020T090000", i)))
	}
	for _, c := range []struct {
		name, want string
		s          Source
	}{
		{"many zones, all of them odd", "too many instances", source(file(strings.TrimSpace(nowhere.String())))},
		{"never read", "never been read", Source{Name: "Work"}},
		{"too old", "last read 2h1m0s ago", Source{Name: "Work", Read: day("2026-10-19").Add(-2*time.Hour - time.Minute), MaxAge: 2 * time.Hour}},
		{"failed since", "the password is refused", Source{Name: "Work", Read: day("2026-10-19"), Failed: "the password is refused"}},
		{"too much", "too many instances", source(good, file(strings.TrimSpace(heavy)))},
	} {
		start := time.Now()
		_, err := Busy([]Source{source(good), c.s}, week(time.UTC))
		var closed *ClosedError
		if !errors.As(err, &closed) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if d := time.Since(start); d > 20*time.Second {
			t.Errorf("%s: took %s", c.name, d)
		}
	}
	young := Source{Name: "Work", Read: day("2026-10-19").Add(-time.Hour), MaxAge: 2 * time.Hour}
	if b, err := Busy([]Source{young}, week(time.UTC)); err != nil || b != nil {
		t.Errorf("young enough: %v, %v", b, err)
	}
}

// TestFreeMembers asks for two members of whom one cannot be known.
func TestFreeMembers(t *testing.T) {
	t.Parallel()
	nine := Schedule{Zone: time.UTC, Horizon: 30 * 24 * time.Hour}
	for i := range nine.Week {
		nine.Week[i] = []Hours{{540, 720}}
	}
	q := Query{Now: day("2026-10-19"), From: day("2026-10-20"), To: day("2026-10-21"), Length: time.Hour, Step: 30 * time.Minute, Zone: time.UTC}
	sam := Member{ID: "sam", Schedule: nine, Sources: []Source{source(file(meeting("DTSTART:20261020T090000Z")))}}
	anna := Member{ID: "anna", Schedule: nine, Sources: []Source{source(file(meeting("DTSTART:20261020T110000Z")))}}
	text := func(slots []Slot, reasons []Reason) string {
		var s []string
		for _, x := range slots {
			s = append(s, x.Start.Format("1504")+" "+strings.Join(x.Members, "+"))
		}
		for _, r := range reasons {
			s = append(s, r.Member+": "+r.String())
		}
		return strings.Join(s, ", ")
	}
	check := func(name string, q Query, want string, ms ...Member) {
		t.Helper()
		if got := text(Free(q, ms)); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	either := q
	either.RoundRobin = true
	check("one", q, "1000 sam, 1030 sam, 1100 sam", sam)
	check("all", q, "1000 sam+anna", sam, anna)
	check("either", either, "0900 anna, 0930 anna, 1000 sam+anna, 1030 sam, 1100 sam", sam, anna)
	dark := anna
	dark.Sources = []Source{{Name: "Home", Read: q.Now, Failed: "nobody answers"}}
	check("all, one unknown", q, "anna: calendar “Home”: nobody answers", sam, dark)
	check("either, one unknown", either, "1000 sam, 1030 sam, 1100 sam, anna: calendar “Home”: nobody answers", sam, dark)
	full := sam
	full.DailyLimit = 1
	full.Booked = []Interval{{q.From.Add(20 * time.Hour), q.From.Add(21 * time.Hour)}}
	check("a full day", q, "", full)
	off := sam
	off.Holidays = map[Day]bool{{2026, 10, 20}: true}
	check("a holiday", q, "", off)
	bad := sam
	bad.Week[2] = []Hours{{700, 600}}
	check("odd hours", q, "sam: working hours from minute 700 to 600 of a day", bad)
	none := q
	none.Step = 0
	check("no step", none, ": beginnings every 0s", sam)
}
