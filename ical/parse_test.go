package ical

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// samples returns the real files under testdata, by name.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir("testdata", func(p string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(p) != ".ics" {
			return err
		}
		b, err := os.ReadFile(p)
		out[p] = b
		return err
	})
	if err != nil || len(out) < 40 {
		t.Fatalf("only %d samples: %v", len(out), err)
	}
	return out
}

// unreadable holds the samples that are no calendar at all.
var unreadable = map[string]bool{
	"testdata/libical/issue250.ics":      true, // fragments of lines
	"testdata/libical/issue253.ics":      true, // the first line is damaged
	"testdata/libical/issue339.ics":      true, // a visiting card
	"testdata/libical/get_char_test.ics": true, // noise
}

func TestSamples(t *testing.T) {
	t.Parallel()
	events, occurrences := 0, 0
	for name, b := range samples(t) {
		c, err := Parse(b)
		if (err != nil) != unreadable[name] {
			t.Errorf("%s: %v", name, err)
			continue
		}
		events += len(c.Events)
		// Every VEVENT that begins is either an event or said to be lost.
		if want := strings.Count(string(b), "BEGIN:VEVENT"); len(c.Events) != want {
			t.Errorf("%s: %d events, %d begin", name, len(c.Events), want)
		}
		occ, err := c.Occurrences(day("1996-01-01"), day("2005-01-01"), time.UTC)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		occurrences += len(occ)
	}
	t.Logf("%d events, %d occurrences", events, occurrences)
}

// lost holds what must never pass for an empty calendar.
var lost = []struct{ name, ics, want string }{
	{"half a file", file(meeting("DTSTART:20261020T090000Z"))[:150], "ends in the middle"},
	{"no END:VCALENDAR", strings.TrimSuffix(file(meeting("DTSTART:20261020T090000Z")), "END:VCALENDAR\r\n"), "ends in the middle"},
	{"an event without an end", file("BEGIN:VEVENT", "DTSTART:20261020T090000Z", meeting("DTSTART:20261021T090000Z")), "begins before"},
	{"an end without a beginning", file("DTSTART:20261020T090000Z", "END:VEVENT"), "without a beginning"},
	{"events without a frame", meeting("DTSTART:20261020T090000Z"), "frame"},
	{"no beginning", file(meeting("X-NOEND:1")), "no beginning"},
	{"an unreadable beginning", file(meeting("DTSTART:tomorrow")), "not a date"},
	{"a day that does not exist", file(meeting("DTSTART:20260230T090000Z")), "not a date"},
	{"two beginnings", file(meeting("DTSTART:20261020T090000Z", "DTSTART:20261020T100000Z")), "two different"},
	{"an unreadable end", file(meeting("DTSTART:20261020T090000Z", "DTEND:late")), "not a date"},
	{"an end before the beginning", file(meeting("DTSTART:20261020T090000Z", "DTEND:20261020T080000Z")), "ends before"},
	{"an unreadable duration", file(meeting("DTSTART:20261020T090000Z", "DURATION:long")), "not a duration"},
	{"a negative duration", file(meeting("DTSTART:20261020T090000Z", "DURATION:-PT1H")), "negative"},
	{"an unreadable recurrence", file(meeting("DTSTART:20261020T090000Z", "RRULE:D1 #5")), "recurrence"},
	{"a recurrence of another calendar", file(meeting("DTSTART:20261020T090000Z", "RRULE:RSCALE=HEBREW;FREQ=YEARLY")), "HEBREW"},
	{"an unreadable RDATE", file(meeting("DTSTART:20261020T090000Z", "RDATE:sometimes")), "not a date"},
	{"an unknown zone", file(meeting("DTSTART;TZID=Nowhere:20261020T090000")), "time zone"},
	{"an empty zone", file(meeting("DTSTART;TZID=:20261020T090000")), "time zone"},
	{"a zone that says nothing", file("BEGIN:VTIMEZONE", "TZID:Mine", "END:VTIMEZONE", meeting("DTSTART;TZID=Mine:20261020T090000")), "empty"},
	{"a zone in the middle of a change", file(strings.Replace(ownZone, "TZOFFSETTO:-0500\r\n", "", 1), meeting("DTSTART;TZID=My Own/Zone:20261020T090000")), "TZOFFSETTO"},
	{"a broken line where a time should be", file("BEGIN:VEVENT", "DTSTART 20261020T090000Z", "DTSTART:20261020T090000Z", "END:VEVENT"), "not a calendar line"},
	{"an unknown range", file(meeting("RECURRENCE-ID;RANGE=THISANDPRIOR:20261020T090000Z", "DTSTART:20261020T090000Z")), "THISANDPRIOR"},
	{"busy time in no zone", file("BEGIN:VFREEBUSY", "FREEBUSY:20261020T090000/PT1H", "END:VFREEBUSY"), "no zone"},
}

func TestLostTime(t *testing.T) {
	t.Parallel()
	for _, c := range lost {
		s := Source{Name: "Work", Read: day("2026-10-19")}
		s.Add("x.ics", []byte(c.ics))
		w := Window{From: day("2026-10-19"), To: day("2026-10-26"), Now: day("2026-10-19"), Zone: time.UTC}
		got, err := Busy([]Source{s}, w)
		var closed *ClosedError
		if !errors.As(err, &closed) || !strings.Contains(err.Error(), c.want) || closed.Reasons[0].Source != "Work" {
			t.Errorf("%s: busy %v, %v; want closed because of %q", c.name, got, err, c.want)
		}
	}
}

func TestNotCalendars(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("BEGIN:X\r\n", 100)
	for _, s := range []string{"", " \r\n", "<!DOCTYPE html><html><body>Log in</body></html>", "{\"error\": 401}", "\x00\x01\x02", "BEGIN:VCARD\r\nEND:VCARD\r\n", file(deep)} {
		if c, err := Parse([]byte(s)); err == nil {
			t.Errorf("%q was read: %+v", short(s), c)
		}
		src := Source{Read: day("2026-10-19")}
		src.Add("x.ics", []byte(s))
		if _, err := Busy([]Source{src}, Window{From: day("2026-10-19"), To: day("2026-10-26"), Zone: time.UTC}); err == nil {
			t.Errorf("%q counts as free", short(s))
		}
	}
	if _, err := Parse(make([]byte, MaxSize+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large a file: %v", err)
	}
	empty, err := Parse([]byte(file()))
	if err != nil || len(empty.Problems) > 0 {
		t.Errorf("an empty calendar: %v, %v", empty.Problems, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, b := range samples(f) {
		if len(b) < 6000 {
			f.Add(b)
		}
	}
	for _, c := range odd {
		f.Add([]byte(c.ics))
	}
	for _, c := range lost {
		f.Add([]byte(c.ics))
	}
	ber := zone(f, "Europe/Berlin")
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Parse(b)
		if err != nil {
			return
		}
		from, to := day("2026-10-01"), day("2026-11-01")
		occ, err := c.Occurrences(from, to, ber)
		if err == nil {
			for _, o := range occ {
				if o.End.Before(o.Start) || !o.Start.Before(to) || o.End.Before(from) {
					t.Fatalf("outside of what was asked: %v – %v", o.Start, o.End)
				}
			}
		}
		s := Source{Objects: []Calendar{c}, Read: from}
		busy, err := Busy([]Source{s}, Window{From: from, To: to, Now: from, Zone: ber})
		for i := range busy {
			if err != nil || !busy[i].End.After(busy[i].Start) || i > 0 && !busy[i].Start.After(busy[i-1].End) {
				t.Fatalf("not ordered and apart: %v, %v", busy, err)
			}
		}
		for _, e := range c.Events {
			out, err := Encode("", e)
			if err != nil {
				continue
			}
			again, err := Parse(out)
			if err != nil || len(again.Events) != 1 {
				t.Fatalf("what was written cannot be read: %v\n%s", err, out)
			}
			for _, p := range again.Problems {
				if p.Lost && !e.broken {
					t.Fatalf("what was written has a problem: %s\n%s", p, out)
				}
			}
		}
	})
}

// TestHalfWritten cuts calendars at every byte: no beginning of a file may pass
// for the file.
func TestHalfWritten(t *testing.T) {
	t.Parallel()
	for _, c := range odd {
		whole := strings.TrimRight(c.ics, "\r\n\x00")
		if strings.Count(whole, "BEGIN:VCALENDAR") != 1 {
			continue // UTF-16, lower case, and two files in one: the first of them is a file
		}
		for i := range len(whole) - 1 {
			s := Source{Read: day("2026-10-19")}
			s.Add("x.ics", []byte(whole[:i]))
			if b, err := Busy([]Source{s}, Window{From: day("2026-10-19"), To: day("2026-11-26"), Now: day("2026-10-19"), Zone: time.UTC}); err == nil {
				t.Fatalf("%s: cut at %d of %d: %v", c.name, i, len(whole), b)
			}
		}
	}
}
