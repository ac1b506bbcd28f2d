package ical

import (
	"strings"
	"testing"
	"time"
)

func crlf(ss ...string) []byte { return []byte(strings.Join(ss, "\r\n") + "\r\n") }

// series1 is an invitation to a series as other programs write it: a zone of its
// own, an excluded day, quoted parameters.
var series1 = crlf("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//EN", "METHOD:REQUEST",
	"BEGIN:VTIMEZONE", "TZID:Oslo time", "BEGIN:STANDARD", "DTSTART:19701025T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE",
	"BEGIN:VEVENT", "UID:w1@example.com", "SEQUENCE:2", "DTSTAMP:20260301T090000Z", `DTSTART;TZID="Oslo time":20260303T100000`, "DURATION:PT45M", "RRULE:FREQ=WEEKLY;COUNT=4",
	`EXDATE;TZID="Oslo time":20260310T100000`, "SUMMARY:Pilot\\, weekly", `ORGANIZER;CN="Okafor, Maya":mailto:maya@northwind.example.org`,
	"ATTENDEE;CN=Sam;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:Sam@pine.example.com", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:maya@northwind.example.org", "END:VEVENT", "END:VCALENDAR")

// instance1 is one instance of it at another time.
var instance1 = crlf("BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:REQUEST", "BEGIN:VEVENT", "UID:w1@example.com", "SEQUENCE:2", "DTSTAMP:20260302T090000Z", "RECURRENCE-ID:20260317T090000Z",
	"DTSTART:20260318T130000Z", "DURATION:PT45M", "ORGANIZER:mailto:maya@northwind.example.org", "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:sam@pine.example.com", "END:VEVENT", "END:VCALENDAR")

func times(t *testing.T, raw []byte) (out []string) {
	t.Helper()
	c, err := Parse(raw)
	if err != nil || len(c.Problems) > 0 {
		t.Fatalf("%v %v in\n%s", err, c.Problems, raw)
	}
	from := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	os, err := c.Occurrences(from, from.AddDate(0, 2, 0), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range os {
		out = append(out, o.Start.Format("2 15:04")+" of "+o.Key())
	}
	return out
}

func TestKeep(t *testing.T) {
	t.Parallel()
	kept, err := Keep(nil, series1, "sam@pine.example.com", Accepted)
	if err != nil {
		t.Fatal(err)
	}
	want := "3 09:00 of w1@example.com 20260303T090000Z\n17 09:00 of w1@example.com 20260317T090000Z\n24 09:00 of w1@example.com 20260324T090000Z"
	if got := strings.Join(times(t, kept), "\n"); got != want {
		t.Errorf("kept times\n%s\nwant\n%s", got, want)
	}
	for _, s := range []string{"METHOD", "NEEDS-ACTION", "RSVP"} {
		if strings.Contains(string(kept), s) {
			t.Errorf("%s is left in\n%s", s, kept)
		}
	}
	c, _ := Parse(kept)
	if me, ok := c.Events[0].Attendee("sam@pine.example.com"); !ok || me.Answer != Accepted || c.Events[0].Organizer.Name != "Okafor, Maya" {
		t.Errorf("attendee %+v, organizer %+v", me, c.Events[0].Organizer)
	}

	kept, err = Keep(kept, instance1, "sam@pine.example.com", MaybeComing)
	if err != nil {
		t.Fatal(err)
	}
	want = "3 09:00 of w1@example.com 20260303T090000Z\n18 13:00 of w1@example.com 20260317T090000Z\n24 09:00 of w1@example.com 20260324T090000Z"
	if got := strings.Join(times(t, kept), "\n"); got != want {
		t.Errorf("after an instance moved\n%s\nwant\n%s", got, want)
	}

	alarmed := []byte(strings.ReplaceAll(string(kept), "END:VEVENT", "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT"))
	later := []byte(strings.Replace(strings.Replace(string(series1), "SEQUENCE:2", "SEQUENCE:3", 1), "T100000", "T150000", 1))
	if kept, err = Keep(alarmed, later, "sam@pine.example.com", NoAnswer); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(kept), "BEGIN:VEVENT"); n != 1 || !strings.Contains(string(kept), "TRIGGER:-PT5M") {
		t.Errorf("%d events, or no alarm, after the series was moved:\n%s", n, kept)
	}
	for _, bad := range [][]byte{nil, []byte("hello"), crlf("BEGIN:VCALENDAR", "END:VCALENDAR")} {
		if _, err := Keep(nil, bad, "sam@pine.example.com", Accepted); err == nil {
			t.Errorf("%q was kept", bad)
		}
	}
}

// FuzzKeep: whatever comes, what is kept can be read again and holds no METHOD.
func FuzzKeep(f *testing.F) {
	f.Add(series1, instance1)
	f.Add(instance1, series1)
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID;X=\"a^nb\":1\nEND:VCALENDAR"), series1)
	f.Fuzz(func(t *testing.T, kept, part []byte) {
		if len(kept)+len(part) > 1<<16 {
			return
		}
		out, err := Keep(kept, part, "sam@pine.example.com", Accepted)
		if err != nil {
			return
		}
		c, err := Parse(out)
		if err != nil {
			t.Fatalf("%v in %q", err, out)
		}
		if c.Method != "" {
			t.Errorf("METHOD %q in %q", c.Method, out)
		}
	})
}
