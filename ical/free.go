package ical

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Member is one of those who can be booked.
type Member struct {
	ID      string
	Me      []string // addresses: what they declined does not block
	Sources []Source
	Schedule
	// Booked holds what is booked or held with the product itself. It is busy,
	// and it is what DailyLimit counts.
	Booked []Interval
}

// Query asks for free slots.
type Query struct {
	Now      time.Time
	From, To time.Time // slots begin within [From, To)
	Length   time.Duration
	// Step is how far apart the beginnings are, on full steps of the clock of
	// Zone; a divisor of a day, whole minutes.
	Step time.Duration
	Zone *time.Location
	// RoundRobin offers a slot when one of the members is free, else all of
	// them must be.
	RoundRobin bool
}

// Slot is a free time.
type Slot struct {
	Start, End time.Time // UTC
	Members    []string  // who is free: all of them, or those who could take it
}

// Free finds the free slots, in order, and why somebody is not offered. It
// fails closed: a member of whom it cannot be known is never free, so that
// without RoundRobin one reason means no slot at all.
func Free(q Query, members []Member) ([]Slot, []Reason) {
	if err := q.check(); err != nil {
		return nil, []Reason{{Text: err.Error()}}
	}
	var reasons []Reason
	var known []*free
	for i := range members {
		m := &members[i]
		f, err := newFree(q, m)
		if err == nil {
			known = append(known, f)
			continue
		}
		if closed, ok := err.(*ClosedError); ok {
			for _, r := range closed.Reasons {
				r.Member = m.ID
				reasons = append(reasons, r)
			}
			continue
		}
		reasons = append(reasons, Reason{Member: m.ID, Text: err.Error()})
	}
	if len(known) == 0 || len(reasons) > 0 && !q.RoundRobin {
		return nil, reasons
	}
	return q.slots(known), reasons
}

// maxHorizon bounds what is computed for one question.
const maxHorizon = 400 * 24 * time.Hour

func (q *Query) check() error {
	const day = 24 * time.Hour
	switch {
	case q.Length < time.Minute || q.Length > 7*day:
		return fmt.Errorf("a meeting of %s", q.Length)
	case q.Step < time.Minute || q.Step%time.Minute != 0 || day%q.Step != 0:
		return fmt.Errorf("beginnings every %s", q.Step)
	case q.To.Sub(q.From) > maxHorizon:
		return fmt.Errorf("free time for more than %d days", maxHorizon/day)
	case q.Zone == nil:
		return fmt.Errorf("free time without a time zone")
	}
	return nil
}

// free is what is known of one member.
type free struct {
	*Member
	from, to time.Time // slots begin within
	can      []Interval
	perDay   map[Day]int
}

func newFree(q Query, m *Member) (*free, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	f := &free{Member: m, from: q.From, to: q.To, perDay: map[Day]int{}}
	if t := q.Now.Add(m.Notice); t.After(f.from) {
		f.from = t
	}
	if t := q.Now.Add(m.Horizon); t.Before(f.to) {
		f.to = t
	}
	end := f.to.Add(q.Length)
	w := Window{From: f.from.Add(-m.Before), To: end.Add(m.After), Now: q.Now, Zone: m.Zone, Me: m.Me}
	busy, err := Busy(m.Sources, w)
	if err != nil {
		return nil, err
	}
	for _, b := range m.Booked {
		busy = append(busy, b)
		f.perDay[dayOf(b.Start, m.Zone)]++
	}
	for i := range busy { // a meeting needs its buffers beside what is busy
		busy[i] = Interval{busy[i].Start.Add(-m.After), busy[i].End.Add(m.Before)}
	}
	if f.from.Before(end) {
		f.can = without(m.open(f.from, end), unite(busy))
	}
	return f, nil
}

func dayOf(t time.Time, l *time.Location) Day {
	y, m, d := t.In(l).Date()
	return Day{y, m, d}
}

// without takes b away from a; both are ordered and have no overlaps.
func without(a, b []Interval) []Interval {
	var out []Interval
	for _, i := range a {
		for len(b) > 0 && !b[0].End.After(i.Start) {
			b = b[1:]
		}
		for _, x := range b {
			if !x.Start.Before(i.End) {
				break
			}
			if x.Start.After(i.Start) {
				out = append(out, Interval{i.Start, x.Start})
			}
			i.Start = x.End
			if !i.Start.Before(i.End) {
				break
			}
		}
		if i.Start.Before(i.End) {
			out = append(out, i)
		}
	}
	return out
}

// starts calls g with each beginning of a slot that the member can take.
func (f *free) starts(q Query, g func(t int64)) {
	step, length := int64(q.Step/time.Second), int64(q.Length/time.Second)
	for _, c := range f.can {
		last := min(c.End.Unix()-length, f.to.Unix()-1)
		t := c.Start.Unix()
		if c.Start.Nanosecond() > 0 {
			t++
		}
		t += floorMod(-t, 60)
		for t <= last {
			// Aligned on the clock of the page; it may change on the way.
			if r := floorMod(t+offset(q.Zone, t), step); r != 0 {
				t += 60 * max(1, min((step-r)/60, 15))
				continue
			}
			if f.DailyLimit == 0 || f.perDay[dayOf(time.Unix(t, 0), f.Schedule.Zone)] < f.DailyLimit {
				g(t)
			}
			t += min(step, 900)
		}
	}
}

func (q *Query) slots(members []*free) []Slot {
	who := map[int64][]string{}
	for _, f := range members {
		f.starts(*q, func(t int64) { who[t] = append(who[t], f.ID) })
	}
	var out []Slot
	for t, ids := range who {
		if q.RoundRobin || len(ids) == len(members) {
			start := time.Unix(t, 0).UTC()
			out = append(out, Slot{start, start.Add(q.Length), ids})
		}
	}
	slices.SortFunc(out, func(a, b Slot) int { return cmp.Compare(a.Start.Unix(), b.Start.Unix()) })
	return out
}
