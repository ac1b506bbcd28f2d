package ical

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Occurrence is one time that an event takes place.
type Occurrence struct {
	// Event holds its words: the series itself or the event that changed it.
	Event      *Event
	Start, End time.Time // UTC
	AllDay     bool
	// Original is when the series had meant it; for a single event its start.
	Original time.Time
}

const (
	maxSteps       = 200_000   // of one series
	maxStepsInAll  = 3_000_000 // of one question
	maxOccurrences = 20_000    // of one series
)

// Occurrences lists what takes place within [from, to), by start. Cancelled
// instances are left out, transparent ones are not. Days and floating readings
// are placed at floating. A series beyond the bounds is ErrTooLarge.
func (c *Calendar) Occurrences(from, to time.Time, floating *time.Location) ([]Occurrence, error) {
	x := newExpander(from, to, floating)
	return x.calendar(c)
}

// expander answers one question about a stretch of time.
type expander struct {
	from, to int64
	floating *time.Location
	total    budget
	// second asks for the other reading of times whose zone can be read in two
	// ways; twofold says that there was such a time.
	second, twofold bool
	zones           map[*Zone]*fileZone  // what files say of known zones; nil for nothing readable
	files           map[string]*fileZone // the same by description: every object brings its own copy
	same            map[*fileZone]bool   // does it agree with the known rules
}

func newExpander(from, to time.Time, floating *time.Location) *expander {
	return &expander{from: from.Unix(), to: to.Unix(), floating: floating, total: budget{maxStepsInAll}, zones: map[*Zone]*fileZone{}, files: map[string]*fileZone{}, same: map[*fileZone]bool{}}
}

func (x *expander) calendar(c *Calendar) ([]Occurrence, error) {
	var out []Occurrence
	for i := range c.Events {
		e := &c.Events[i]
		if e.Start.IsZero() || e.broken || !e.RecurrenceID.IsZero() && e.ThisAndFuture && c.series[e.UID] {
			continue
		}
		var err error
		switch {
		case !e.Repeats():
			out = x.single(c, e, out)
		default:
			if out, err = x.series(c, e, out); err != nil {
				return nil, fmt.Errorf("event %q: %w", short(e.Summary), err)
			}
		}
	}
	if x.total.left < 0 {
		return nil, ErrTooLarge
	}
	slices.SortFunc(out, func(a, b Occurrence) int { return a.Start.Compare(b.Start) })
	return out, nil
}

// clock is a way to read the times of one event.
type clock struct {
	place, wall func(int64) int64
}

func (x *expander) clock(c *Calendar, m Moment) clock {
	z := m.Zone
	if z == nil {
		l := x.floating
		if !m.Date && c.Zone != nil && c.Zone.loc != l {
			// The calendar names a zone for its floating times, the standard
			// says the reader's: both are possible.
			x.twofold = true
			if x.second {
				l = c.Zone.loc
			}
		}
		z = &Zone{loc: l}
	} else if f := x.described(z); f != nil && !x.same[f] {
		x.twofold = true
		if x.second {
			z = &Zone{file: f}
		}
	}
	return clock{z.place, z.wall}
}

// described is what the file says of a zone that is known, nil when it says
// nothing readable.
func (x *expander) described(z *Zone) *fileZone {
	if z.desc == nil {
		return nil
	}
	if f, known := x.zones[z]; known {
		return f
	}
	var key strings.Builder
	for _, o := range z.desc.kids {
		for _, p := range o.props {
			key.WriteString(p.name)
			key.WriteString(p.value)
		}
	}
	key.WriteString(z.loc.String())
	f, known := x.files[key.String()]
	if !known {
		if f, _ = newFileZone(z.desc, &x.total); f != nil {
			x.same[f] = x.compare(z.loc, f)
		}
		x.files[key.String()] = f
	}
	x.zones[z] = f
	return f
}

// compare says whether the file's rules for a zone are the known ones around
// the stretch asked for.
func (x *expander) compare(l *time.Location, f *fileZone) bool {
	from, to := x.from-8*daySecs, x.to+8*daySecs
	points := []int64{from, to}
	for _, c := range f.changes {
		if c.at > from && c.at <= to {
			points = append(points, c.at-1, c.at)
		}
	}
	for t := time.Unix(from, 0).In(l); ; {
		_, t = bounds(t)
		if t.IsZero() || t.Unix() > to {
			break
		}
		points = append(points, t.Unix()-1, t.Unix())
	}
	for _, p := range points {
		if f.offset(p) != offset(l, p) {
			return false
		}
	}
	return true
}

// add keeps an occurrence that reaches into the stretch.
func (x *expander) add(out []Occurrence, k clock, e *Event, wall, start int64, sp span, original int64) []Occurrence {
	if e.Status == Cancelled {
		return out
	}
	end := start + sp.exact
	if sp.days != 0 {
		end = k.place(wall+sp.days*daySecs) + sp.exact
	}
	if start >= x.to || end <= x.from && (end != start || start < x.from) {
		return out
	}
	return append(out, Occurrence{Event: e, Start: time.Unix(start, 0).UTC(), End: time.Unix(end, 0).UTC(), AllDay: e.Start.Date,
		Original: time.Unix(original, 0).UTC()})
}

func (x *expander) single(c *Calendar, e *Event, out []Occurrence) []Occurrence {
	w := e.Start.Wall.Unix()
	const slack = 2 * daySecs // no clock is further from UTC, nor two from each other
	if w > x.to+slack || w+e.span.days*daySecs+e.span.exact < x.from-slack {
		return out
	}
	k := x.clock(c, e.Start)
	start := k.place(w)
	original := start
	if !e.RecurrenceID.IsZero() {
		original = x.clock(c, e.RecurrenceID).place(e.RecurrenceID.Wall.Unix())
	}
	return x.add(out, k, e, w, start, e.span, original)
}

// instance is one member of a recurrence set.
type instance struct {
	wall, at int64
	span     span
}

func (x *expander) series(c *Calendar, e *Event, out []Occurrence) ([]Occurrence, error) {
	if err := x.total.spend(1 + len(c.over[e.UID]) + len(e.removed) + len(e.added)); err != nil {
		return nil, err
	}
	k := x.clock(c, e.Start)
	ch := x.changes(c, e, k)
	reach := e.span.days*daySecs + e.span.exact + ch.reach + 2*daySecs
	set, err := x.set(c, e, k, x.from-reach, x.to+ch.reach+2*daySecs)
	if err != nil {
		return nil, err
	}
	gone := x.removed(c, e)
	last := int64(math.MinInt64)
	for _, in := range set {
		if in.at == last || gone.has(in) || ch.replaced.has(in) {
			continue
		}
		last = in.at
		if n := ch.from(in.at); n != nil {
			w := in.wall + n.shift
			if n.day { // a series moved between days and times starts on the new event's reading
				w = in.wall - floorMod(in.wall, daySecs) + n.shift
			}
			out = x.add(out, n.clock, n.event, w, n.clock.place(w), n.event.span, in.at)
			continue
		}
		out = x.add(out, k, e, in.wall, in.at, in.span, in.at)
	}
	return out, nil
}

// set builds the recurrence set within the readings [from, to): DTSTART, the
// rules and the RDATEs, in order, the same instant perhaps more than once.
func (x *expander) set(c *Calendar, e *Event, k clock, from, to int64) ([]instance, error) {
	w := e.Start.Wall.Unix()
	var set []instance
	if w >= from && w < to {
		set = append(set, instance{w, k.place(w), e.span})
	}
	b := &budget{left: min(maxSteps, x.total.left)}
	was := b.left
	for _, r := range e.rules {
		if err := x.rule(r, e, k, from, to, b, &set); err != nil {
			return nil, err
		}
	}
	x.total.left -= was - b.left
	for _, a := range e.added {
		sp := e.span
		if a.own {
			sp = a.span
		}
		at := x.clock(c, a.at).place(a.at.Wall.Unix())
		wall := k.wall(at)
		if e.Start.Date {
			wall = a.at.Wall.Unix()
			at = k.place(wall)
		}
		if wall < to && wall+sp.days*daySecs+sp.exact+daySecs >= from {
			set = append(set, instance{wall, at, sp})
		}
	}
	// The longest of several at one instant comes first and is the one kept.
	slices.SortFunc(set, func(a, b instance) int {
		if a.at != b.at {
			return int(max(-1, min(1, a.at-b.at)))
		}
		return int(max(-1, min(1, b.span.days*daySecs+b.span.exact-a.span.days*daySecs-a.span.exact)))
	})
	return set, nil
}

func (x *expander) rule(r *rule, e *Event, k clock, from, to int64, b *budget, set *[]instance) error {
	w := e.Start.Wall.Unix()
	n := 0
	if r.freq < daily && !e.Start.Date {
		err := r.eachElapsed(k.place(w), k.place(from), k.place(to), k.wall, b, func(t int64) {
			if n++; n <= maxOccurrences {
				*set = append(*set, instance{k.wall(t), t, e.span})
			}
		})
		return tooMany(n, err)
	}
	ru := *r
	if ru.hasUntil && ru.untilUTC && !e.Start.Date {
		ru.until = k.wall(ru.until)
	}
	if e.Start.Date { // a day has no hours (section 3.3.10)
		ru.hour, ru.minute, ru.second = nil, nil, nil
	}
	err := ru.each(w, from, to, b, func(w int64) {
		if n++; n <= maxOccurrences {
			*set = append(*set, instance{w, k.place(w), e.span})
		}
	})
	return tooMany(n, err)
}

func tooMany(n int, err error) error {
	if err == nil && n > maxOccurrences {
		return fmt.Errorf("more than %d instances: %w", maxOccurrences, ErrTooLarge)
	}
	return err
}

// Key names this one time of a meeting: it stays the same when the time is
// moved, and for a single event it is the UID.
func (o Occurrence) Key() string { return o.Event.key(o.Original) }

// Alone is this one time of a series as an event that names it by its
// RECURRENCE-ID (section 3.8.4.4), in the form that the series is written in.
func (o Occurrence) Alone() Event {
	e := *o.Event
	if e.Repeats() || e.ThisAndFuture {
		switch z := e.Start.Zone; {
		case e.Start.Date:
			e.RecurrenceID = DayMoment(o.Original.Date())
		case z != nil && z.loc != nil:
			e.RecurrenceID = Moment{Wall: time.Unix(z.wall(o.Original.Unix()), 0).UTC(), Zone: z}
		default:
			e.RecurrenceID = UTCMoment(o.Original)
		}
	}
	e.Start, e.End, e.Length = UTCMoment(o.Start), UTCMoment(o.End), ""
	e.Rule, e.rules, e.added, e.removed, e.ThisAndFuture = "", nil, nil, nil, false
	return e
}

func (e *Event) key(original time.Time) string {
	if !e.Repeats() && e.RecurrenceID.IsZero() {
		return e.UID
	}
	return e.UID + " " + original.Format("20060102T150405Z")
}
