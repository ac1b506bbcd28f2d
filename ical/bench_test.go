package ical

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// fiveCalendars makes 5 collections of 5,000 single events over two years and
// 200 series begun years ago, each an object with its own VTIMEZONE, as CalDAV
// servers hold them.
func fiveCalendars(l *time.Location) [][][]byte {
	r := rand.New(rand.NewPCG(4, 5000))
	rules := []string{"FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=DAILY;COUNT=2500", "FREQ=YEARLY", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1"}
	out := make([][][]byte, 5)
	for i := range 5200 {
		start := time.Date(2025, 11, 22, 0, 0, 0, 0, l).AddDate(0, 0, r.IntN(730)).Add(time.Duration(r.IntN(96)) * 15 * time.Minute)
		e := Event{UID: fmt.Sprintf("%d@example.com", i), Stamp: stamp, Summary: "Weekly call about the offer", Description: "Dial in by phone or with the link below.\nhttps://example.com/call/12345",
			Organizer: Party{Name: "Sam", Address: "sam@example.com"}, Attendees: []Party{{Name: "Anna", Address: "anna@example.com", Answer: Accepted}}}
		if i >= 5000 {
			start = start.AddDate(-r.IntN(8), 0, 0)
			e.Rule = rules[r.IntN(len(rules))]
			e.Transparent = i%4 > 0 // or no slot would be left
		}
		e.Start, e.End = ZonedMoment(start, l), ZonedMoment(start.Add(30*time.Minute), l)
		out[i%5] = append(out[i%5], must(Encode("", e)))
	}
	return out
}

func benchQuery(b *testing.B) (Query, Member, [][][]byte) {
	l := zone(b, "Europe/Berlin")
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	m := Member{ID: "sam", Schedule: Schedule{Zone: l, Horizon: 28 * 24 * time.Hour, Notice: 2 * time.Hour, Before: 10 * time.Minute, After: 10 * time.Minute}}
	for d := 1; d < 6; d++ {
		m.Week[d] = []Hours{{540, 720}, {780, 1050}}
	}
	q := Query{Now: now, From: now, To: now.Add(28 * 24 * time.Hour), Length: 30 * time.Minute, Step: 30 * time.Minute, Zone: l}
	return q, m, fiveCalendars(l)
}

func parseAll(raw [][][]byte, read time.Time) []Source {
	var out []Source
	for i, objects := range raw {
		s := Source{Name: fmt.Sprint(i), Read: read}
		for _, o := range objects {
			s.Add("object", o)
		}
		out = append(out, s)
	}
	return out
}

// BenchmarkFree: 4 weeks of slots from 5 calendars with 5,000 events and 200
// series, already parsed.
func BenchmarkFree(b *testing.B) {
	q, m, raw := benchQuery(b)
	m.Sources = parseAll(raw, q.Now)
	b.ReportAllocs()
	for b.Loop() {
		slots, reasons := Free(q, []Member{m})
		if len(slots) == 0 || len(reasons) > 0 {
			b.Fatal(len(slots), reasons)
		}
	}
}

// BenchmarkParseAndFree: the same from the bytes.
func BenchmarkParseAndFree(b *testing.B) {
	q, m, raw := benchQuery(b)
	b.ReportAllocs()
	for b.Loop() {
		m.Sources = parseAll(raw, q.Now)
		slots, reasons := Free(q, []Member{m})
		if len(slots) == 0 || len(reasons) > 0 {
			b.Fatal(len(slots), reasons)
		}
	}
}
