package ical

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// booked is an event as we write it.
func booked(t *testing.T, change func(*Event)) []byte {
	t.Helper()
	at := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	e := Event{UID: "b1@example.com", Stamp: at.Add(-time.Hour), Start: UTCMoment(at), End: UTCMoment(at.Add(30 * time.Minute)), Summary: "A talk: Maya and Sam", Location: "Room 2", Status: Confirmed,
		Organizer: Party{Name: "Sam", Address: "sam@pine.example.com"}, Attendees: []Party{{Address: "sam@pine.example.com", Answer: Accepted}, {Address: "maya@northwind.example.org", Answer: Accepted}}}
	if change != nil {
		change(&e)
	}
	raw, err := Encode("", e)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func moved(e *Event) {
	e.Start, e.End = UTCMoment(e.Start.At(nil).Add(2*time.Hour)), UTCMoment(e.End.At(nil).Add(2*time.Hour))
	e.Sequence, e.Stamp = 1, e.Stamp.Add(time.Minute)
}

// byThem is the event as another program has written it: its time in a zone, an
// alarm and a note of its own.
var byThem = string(crlf("BEGIN:VCALENDAR", "PRODID:-//Other//EN", "VERSION:2.0", "BEGIN:VEVENT", "CREATED:20260302T080000Z", "LAST-MODIFIED:20260302T090000Z", "DTSTAMP:20260302T090000Z", "UID:b1@example.com", "SUMMARY:A talk: Maya and Sam",
	"LOCATION:Room 2", "DTSTART;TZID=Europe/Oslo:20260304T110000", "DURATION:PT30M", "DESCRIPTION:Bring the\\, blue folder.", "X-COLOR:red", "TRANSP:OPAQUE", "ORGANIZER:mailto:sam@pine.example.com",
	"ATTENDEE;CN=Maya;PARTSTAT=ACCEPTED:mailto:Maya@northwind.example.org", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:sam@pine.example.com",
	"BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "DESCRIPTION:Leave now", "END:VALARM", "END:VEVENT", "END:VCALENDAR"))

func TestMerge(t *testing.T) {
	t.Parallel()
	base, ours := booked(t, nil), booked(t, moved)
	for _, c := range []struct {
		name               string
		base, ours, theirs []byte
		holds, lacks       []string
		clash              bool
	}{
		{"an alarm and a note stay when we move it", base, ours, []byte(byThem), []string{"DTSTART:20260304T120000Z", "DTEND:20260304T123000Z", "BEGIN:VALARM", "blue folder", "X-COLOR:red", "SEQUENCE:1", "CREATED:20260302T080000Z"}, []string{"Europe/Oslo", "DURATION"}, false},
		{"they moved it, and so did we", base, ours, []byte(strings.Replace(byThem, "T110000", "T150000", 1)), nil, nil, true},
		{"they moved it to the same time", base, ours, []byte(strings.Replace(byThem, "T110000", "T130000", 1)), []string{"20260304T130000", "BEGIN:VALARM"}, nil, false},
		{"they moved it, we changed the place", base, booked(t, func(e *Event) { e.Location = "Room 3" }), []byte(strings.Replace(byThem, "T110000", "T150000", 1)), []string{"Room 3", "20260304T150000"}, []string{"Room 2"}, false},
		{"both changed the place", base, booked(t, func(e *Event) { e.Location = "Room 3" }), []byte(strings.Replace(byThem, "Room 2", "Room 9", 1)), nil, nil, true},
		{"they answered for themselves, we moved it", base, ours, []byte(strings.Replace(byThem, "PARTSTAT=ACCEPTED:mailto:sam", "PARTSTAT=TENTATIVE:mailto:sam", 1)), []string{"PARTSTAT=TENTATIVE:mailto:sam", "DTSTART:20260304T120000Z"}, nil, false},
		{"nothing of ours changed", base, base, []byte(strings.Replace(byThem, "Room 2", "Room 9", 1)), []string{"Room 9", "BEGIN:VALARM"}, nil, false},
		{"by a press, ours holds and their own stays", nil, ours, []byte(strings.Replace(byThem, "T110000", "T150000", 1)), []string{"DTSTART:20260304T120000Z", "BEGIN:VALARM", "blue folder"}, []string{"T150000"}, false},
		{"half of an object", base, ours, []byte(byThem[:300]), nil, nil, true},
	} {
		got, err := Merge(c.base, c.ours, c.theirs)
		if c.clash {
			if err == nil || c.name != "half of an object" && !errors.Is(err, ErrClash) {
				t.Errorf("%s: %v, want a clash", c.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if x, err := Parse(got); err != nil || len(x.Problems) > 0 || len(x.Events) != 1 {
			t.Errorf("%s: %v %v", c.name, err, x.Problems)
		}
		whole := strings.ReplaceAll(string(got), "\r\n ", "")
		for _, s := range c.holds {
			if !strings.Contains(whole, s) {
				t.Errorf("%s: lacks %q:\n%s", c.name, s, whole)
			}
		}
		for _, s := range c.lacks {
			if strings.Contains(whole, s) {
				t.Errorf("%s: has %q:\n%s", c.name, s, whole)
			}
		}
	}
	if got, err := Merge(base, base, []byte(byThem)); err != nil || string(got) != byThem {
		t.Errorf("nothing to change, and it comes back as\n%s %v", got, err)
	}
}

// TestMergeSeries: a time that they have moved in a series stays there.
func TestMergeSeries(t *testing.T) {
	t.Parallel()
	base, err := Keep(nil, series1, "sam@pine.example.com", NoAnswer)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := Keep(nil, series1, "sam@pine.example.com", Accepted)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := Keep(base, instance1, "sam@pine.example.com", NoAnswer)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Merge(base, ours, theirs)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(times(t, got), "\n"), "18 13:00") || strings.Count(string(got), "PARTSTAT=ACCEPTED") < 2 {
		t.Errorf("merged %q:\n%s", times(t, got), got)
	}
	if same, err := SameTimes(base, theirs); err != nil || same {
		t.Errorf("same times: %v %v", same, err)
	}
	if same, err := SameTimes(base, ours); err != nil || !same {
		t.Errorf("not the same times: %v %v", same, err)
	}
}

func FuzzMerge(f *testing.F) {
	f.Add([]byte(byThem), series1, instance1)
	f.Add(series1, series1, instance1)
	f.Add([]byte(byThem), []byte(strings.Replace(byThem, "Room 2", "Room 3", 1)), []byte(strings.Replace(byThem, "T110000", "T150000", 1)))
	f.Fuzz(func(t *testing.T, base, ours, theirs []byte) {
		if len(base)+len(ours)+len(theirs) > 1<<16 {
			return
		}
		if got, err := Merge(base, base, theirs); err == nil && string(got) != string(theirs) {
			t.Errorf("nothing was changed, and it comes back as\n%q, not\n%q", got, theirs)
		}
		got, err := Merge(base, ours, theirs)
		if err != nil {
			return
		}
		if _, err := Parse(got); err != nil {
			t.Errorf("what was merged can't be read: %v", err)
		}
	})
}
