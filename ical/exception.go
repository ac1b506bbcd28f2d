package ical

import "slices"

// marks names instances of a series: by instant, or by day where a file names
// a day though the series has times.
type marks struct {
	at, days map[int64]bool
}

func (m marks) has(in instance) bool {
	return m.at[in.at] || m.days != nil && m.days[floorDiv(in.wall, daySecs)]
}

func (x *expander) mark(m *marks, c *Calendar, e *Event, at Moment) {
	w := at.Wall.Unix()
	// A series of days is often excepted by midnight of some zone.
	if at.Date || e.Start.Date && floorMod(w, daySecs) == 0 {
		if m.days == nil {
			m.days = map[int64]bool{}
		}
		m.days[floorDiv(w, daySecs)] = true
		return
	}
	if m.at == nil {
		m.at = map[int64]bool{}
	}
	m.at[x.clock(c, at).place(w)] = true
}

// removed collects the EXDATEs of a series (section 3.8.5.1).
func (x *expander) removed(c *Calendar, e *Event) (m marks) {
	for _, at := range e.removed {
		x.mark(&m, c, e, at)
	}
	return m
}

// changes are the events with a RECURRENCE-ID of one series (section 3.8.4.4).
type changes struct {
	replaced marks // by an event of their own
	onward   []onward
	reach    int64 // how far an instance can be moved, plus its new length, seconds
}

// onward is a change with RANGE=THISANDFUTURE: instances from at on take over
// its words and length, and are moved by as much as it was.
type onward struct {
	at, shift int64
	day       bool
	event     *Event
	clock     clock
}

func (x *expander) changes(c *Calendar, e *Event, k clock) (ch changes) {
	for _, i := range c.over[e.UID] {
		o := &c.Events[i]
		if o.broken || o.Start.IsZero() && o.Status != Cancelled {
			continue
		}
		if !o.ThisAndFuture {
			x.mark(&ch.replaced, c, e, o.RecurrenceID)
			continue
		}
		at := x.clock(c, o.RecurrenceID).place(o.RecurrenceID.Wall.Unix())
		wall := k.wall(at)
		if o.RecurrenceID.Date {
			wall = o.RecurrenceID.Wall.Unix()
			at = k.place(wall)
		}
		n := onward{at: at, event: o, clock: k}
		if !o.Start.IsZero() {
			n.clock = x.clock(c, o.Start)
			n.day = o.Start.Date != e.Start.Date || o.RecurrenceID.Date
			if n.day {
				wall -= floorMod(wall, daySecs)
			}
			n.shift = o.Start.Wall.Unix() - wall
		}
		ch.onward = append(ch.onward, n)
		ch.reach = max(ch.reach, max(n.shift, -n.shift)+o.span.days*daySecs+o.span.exact)
	}
	slices.SortStableFunc(ch.onward, func(a, b onward) int {
		if a.at != b.at {
			return int(max(-1, min(1, a.at-b.at)))
		}
		if a.event.Newer(b.event) {
			return 1
		}
		return -1
	})
	return ch
}

// from finds the change that holds for an instance, nil when none does.
func (ch *changes) from(at int64) *onward {
	for i := len(ch.onward) - 1; i >= 0; i-- {
		if ch.onward[i].at <= at {
			return &ch.onward[i]
		}
	}
	return nil
}
