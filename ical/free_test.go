package ical

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// This file checks Free against a search minute by minute that shares nothing
// with it but the question: events are made as plain facts, written as iCalendar
// by the test, and followed day by day on Go's own clocks.

// fact is a made-up event.
type fact struct {
	zone    *time.Location // nil: floating
	y, d    int            // first day: year, day of the year
	minute  int            // of the day
	allDay  bool
	length  int // minutes, or days
	every   int // days between; 0: once
	count   int // 0: no end
	until   int // days after the first; 0: no end
	without []int
	moved   map[int]int // n-th → minutes later
	status  string
	free    bool
}

func makeFact(r *rand.Rand, zones []*time.Location, y, d int) fact {
	f := fact{zone: zones[r.IntN(len(zones))], y: y, d: d + r.IntN(6) - 2, minute: r.IntN(96) * 15, length: 15 * (1 + r.IntN(12))}
	if r.IntN(6) == 0 {
		f.zone = nil
	}
	if r.IntN(8) == 0 {
		f.allDay, f.minute, f.length = true, 0, 1+r.IntN(2)
	}
	if r.IntN(3) == 0 { // a series, begun long ago
		f.every = []int{1, 2, 7, 14}[r.IntN(4)]
		f.d -= r.IntN(60)
		switch r.IntN(3) {
		case 0:
			f.count = 1 + r.IntN(60)
		case 1:
			f.until = r.IntN(80)
		}
		for range r.IntN(3) {
			f.without = append(f.without, r.IntN(40))
		}
		if r.IntN(3) == 0 && !f.allDay {
			f.moved = map[int]int{r.IntN(40): 15 * (r.IntN(200) - 100)}
		}
	}
	f.status = []string{"", "", "CONFIRMED", "TENTATIVE", "CANCELLED"}[r.IntN(5)]
	f.free = r.IntN(7) == 0
	return f
}

// day gives the n-th day of the series.
func (f *fact) day(n int) time.Time {
	return time.Date(f.y, 1, f.d+n*f.every, 0, 0, 0, 0, time.UTC)
}

func (f *fact) write(n int) string {
	var b strings.Builder
	stamp := func(name string, wall time.Time) {
		switch {
		case f.allDay:
			fmt.Fprintf(&b, "%s;VALUE=DATE:%s\r\n", name, wall.Format("20060102"))
		case f.zone == nil:
			fmt.Fprintf(&b, "%s:%s\r\n", name, wall.Format("20060102T150405"))
		case f.zone == time.UTC:
			fmt.Fprintf(&b, "%s:%s\r\n", name, wall.Format("20060102T150405Z"))
		default:
			fmt.Fprintf(&b, "%s;TZID=%s:%s\r\n", name, f.zone, wall.Format("20060102T150405"))
		}
	}
	wall := func(n int) time.Time { return f.day(n).Add(time.Duration(f.minute) * time.Minute) }
	rest := func() {
		if f.allDay {
			fmt.Fprintf(&b, "DURATION:P%dD\r\n", f.length)
		} else {
			fmt.Fprintf(&b, "DURATION:PT%dM\r\n", f.length)
		}
		if f.status != "" {
			b.WriteString("STATUS:" + f.status + "\r\n")
		}
		if f.free {
			b.WriteString("TRANSP:TRANSPARENT\r\n")
		}
		b.WriteString("END:VEVENT\r\n")
	}
	fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:%d@example.com\r\nDTSTAMP:20260101T000000Z\r\n", n)
	stamp("DTSTART", wall(0))
	if f.every > 0 {
		fmt.Fprintf(&b, "RRULE:FREQ=DAILY;INTERVAL=%d", f.every)
		if f.every%7 == 0 {
			b.Reset()
			fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:%d@example.com\r\nDTSTAMP:20260101T000000Z\r\n", n)
			stamp("DTSTART", wall(0))
			fmt.Fprintf(&b, "RRULE:FREQ=WEEKLY;INTERVAL=%d", f.every/7)
		}
		if f.count > 0 {
			fmt.Fprintf(&b, ";COUNT=%d", f.count)
		}
		if f.until > 0 {
			fmt.Fprintf(&b, ";UNTIL=%s", time.Date(f.y, 1, f.d+f.until, 0, 0, 0, 0, time.UTC).Format("20060102"))
		}
		b.WriteString("\r\n")
	}
	for _, n := range f.without {
		stamp("EXDATE", wall(n))
	}
	rest()
	for i, later := range f.moved {
		fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:%d@example.com\r\nDTSTAMP:20260101T000000Z\r\n", n)
		stamp("RECURRENCE-ID", wall(i))
		stamp("DTSTART", wall(i).Add(time.Duration(later)*time.Minute))
		rest()
	}
	return b.String()
}

// first finds, minute by minute, the first instant at which the clock reads
// wall; where none does, it counts on from before the jump.
func first(l *time.Location, wall time.Time) time.Time {
	t := wall.Add(-16 * time.Hour)
	for {
		switch d := wall.Sub(clockOf(t, l)); {
		case d == 0:
			return t
		case d > 4*time.Hour: // no clock jumps so far
			t = t.Add(d - 3*time.Hour)
		case d > 0:
			t = t.Add(time.Minute)
		default:
			before := t.Add(-time.Minute)
			return before.Add(wall.Sub(clockOf(before, l)))
		}
	}
}

func clockOf(t time.Time, l *time.Location) time.Time {
	y, m, d := t.In(l).Date()
	h, mi, s := t.In(l).Clock()
	return time.Date(y, m, d, h, mi, s, 0, time.UTC)
}

// mark sets the minutes of [from, from+len(busy)) that the fact takes.
func (f *fact) mark(busy []bool, from time.Time, home *time.Location) {
	if f.free || f.status == "CANCELLED" {
		return
	}
	l := f.zone
	if l == nil || f.allDay {
		l = home
	}
	take := func(wall time.Time) {
		if d := wall.Sub(from); d < -4*24*time.Hour || d > time.Duration(len(busy)+1440)*time.Minute {
			return
		}
		s := first(l, wall)
		e := s.Add(time.Duration(f.length) * time.Minute)
		if f.allDay {
			e = first(l, wall.AddDate(0, 0, f.length))
		}
		for t := s; t.Before(e); t = t.Add(time.Minute) {
			if i := int(t.Sub(from) / time.Minute); i >= 0 && i < len(busy) && !t.Before(from) {
				busy[i] = true
			}
		}
	}
	end := from.Add(time.Duration(len(busy)+2*1440) * time.Minute)
	for n := 0; n == 0 || f.every > 0 && f.day(n).Before(end); n++ {
		if f.count > 0 && n >= f.count || f.until > 0 && n*f.every > f.until {
			break
		}
		_, isMoved := f.moved[n]
		skip := isMoved
		for _, w := range f.without {
			skip = skip || w == n
		}
		if !skip {
			take(f.day(n).Add(time.Duration(f.minute) * time.Minute))
		}
	}
	for n, later := range f.moved { // counts whatever the series says of that day
		take(f.day(n).Add(time.Duration(f.minute+later) * time.Minute))
	}
}

func TestFreeMinuteByMinute(t *testing.T) {
	t.Parallel()
	calendars := 10_000
	if testing.Short() {
		calendars = 500
	}
	var zones []*time.Location
	for _, n := range []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"} {
		zones = append(zones, loadLocation(n))
	}
	slots, none := 0, 0
	for seed := range calendars {
		n := checkFree(t, rand.New(rand.NewPCG(uint64(seed), 6)), zones)
		slots += n
		if n == 0 {
			none++
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Logf("%d calendars, %d slots, %d without any", calendars, slots, none)
	if none > calendars*2/3 {
		t.Errorf("%d of %d calendars have no slot: the test says too little", none, calendars)
	}
}

func checkFree(t *testing.T, r *rand.Rand, zones []*time.Location) int {
	// A third of the calendars lie around a change of the clock.
	y, d := 2026, 1+r.IntN(365)
	switch r.IntN(6) {
	case 0:
		d = 296 + r.IntN(3) // Berlin, 25 October; New York a week later
	case 1:
		d = []int{87, 66, 92, 276}[r.IntN(4)]
	}
	home := zones[r.IntN(len(zones))]
	facts := make([]fact, r.IntN(7))
	src := Source{Name: "all", Read: time.Date(y, 1, d, 0, 0, 0, 0, time.UTC)}
	var b strings.Builder
	for i := range facts {
		facts[i] = makeFact(r, zones, y, d)
		b.WriteString(facts[i].write(i))
	}
	src.Add("all", []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"+b.String()+"END:VCALENDAR\r\n"))
	m := Member{ID: "m", Sources: []Source{src}, Schedule: Schedule{Zone: home, Horizon: time.Duration(r.IntN(80)) * time.Hour,
		Notice: time.Duration(r.IntN(300)) * time.Minute, Before: 5 * time.Duration(r.IntN(5)) * time.Minute, After: 5 * time.Duration(r.IntN(5)) * time.Minute,
		DailyLimit: r.IntN(3), Holidays: map[Day]bool{}}}
	for i := range m.Week {
		switch from := 15 * r.IntN(60); r.IntN(4) {
		case 0:
		case 1:
			m.Week[i] = []Hours{{0, 1440}}
		case 2:
			m.Week[i] = []Hours{{from, from + 120}, {from + 150, from + 500}}
		default:
			m.Week[i] = []Hours{{from, from + 480}}
		}
	}
	now := time.Date(y, 1, d, r.IntN(24), r.IntN(60), r.IntN(60), 0, time.UTC)
	if r.IntN(4) == 0 {
		hol := now.AddDate(0, 0, r.IntN(3))
		m.Holidays[Day{hol.Year(), hol.Month(), hol.Day()}] = true
	}
	for range r.IntN(3) {
		s := now.Truncate(time.Hour).Add(time.Duration(r.IntN(200)) * 15 * time.Minute)
		m.Booked = append(m.Booked, Interval{s, s.Add(30 * time.Minute)})
	}
	q := Query{Now: now, From: now.Add(time.Duration(r.IntN(20)-10) * time.Hour), Length: time.Duration(5*(1+r.IntN(18))) * time.Minute,
		Step: []time.Duration{15, 20, 30, 60}[r.IntN(4)] * time.Minute, Zone: zones[r.IntN(len(zones))]}
	q.To = q.From.Add(48 * time.Hour)
	got, reasons := Free(q, []Member{m})
	if len(reasons) > 0 {
		t.Fatalf("%v\n%s", reasons, b.String())
	}
	want := brute(q, m, facts)
	at := 0
	for _, s := range got {
		if at >= len(want) || !s.Start.Equal(want[at]) || s.End.Sub(s.Start) != q.Length {
			break
		}
		at++
	}
	if at != len(got) || at != len(want) {
		t.Errorf("now %s, home %s, page %s, query %+v, schedule %+v\ngot  %v\nwant %v\n%s", now, home, q.Zone, q, m.Schedule, got, want, b.String())
	}
	return len(got)
}

// brute looks at every minute.
func brute(q Query, m Member, facts []fact) (out []time.Time) {
	from := q.Now.Truncate(time.Minute).Add(-24 * time.Hour)
	busy := make([]bool, 1440*4)
	for i := range facts {
		facts[i].mark(busy, from, m.Schedule.Zone)
	}
	perDay := map[string]int{}
	for _, b := range m.Booked {
		perDay[b.Start.In(m.Schedule.Zone).Format(time.DateOnly)]++
		for t := b.Start; t.Before(b.End); t = t.Add(time.Minute) {
			if i := int(t.Sub(from) / time.Minute); i >= 0 && i < len(busy) {
				busy[i] = true
			}
		}
	}
	works := make([]bool, len(busy))
	for i := range works {
		l := from.Add(time.Duration(i) * time.Minute).In(m.Schedule.Zone)
		y, mo, d := l.Date()
		if m.Holidays[Day{y, mo, d}] {
			continue
		}
		h, min, _ := l.Clock()
		of := h*60 + min
		for _, h := range m.Week[l.Weekday()] {
			works[i] = works[i] || of >= h.From && of < h.To
		}
	}
	before, after, length := int(m.Before/time.Minute), int(m.After/time.Minute), int(q.Length/time.Minute)
next:
	for i := 60; i < len(busy)-200; i++ {
		s := from.Add(time.Duration(i) * time.Minute)
		if busy[i] || !works[i] || s.Before(q.From) || !s.Before(q.To) || s.Before(q.Now.Add(m.Notice)) || !s.Before(q.Now.Add(m.Horizon)) {
			continue
		}
		if h, min, _ := s.In(q.Zone).Clock(); (h*60+min)%int(q.Step/time.Minute) != 0 {
			continue
		}
		if m.DailyLimit > 0 && perDay[s.In(m.Schedule.Zone).Format(time.DateOnly)] >= m.DailyLimit {
			continue
		}
		for j := i - before; j < i+length+after; j++ {
			if busy[j] || j >= i && j < i+length && !works[j] {
				continue next
			}
		}
		out = append(out, s)
	}
	return out
}
