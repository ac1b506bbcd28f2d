package ical

import (
	"fmt"
	"strings"
	"time"
)

// Calendar is one file or one CalDAV object as read.
type Calendar struct {
	Name   string // X-WR-CALNAME or NAME
	Method string // METHOD in upper case: set in an invitation (RFC 5546)
	Zone   *Zone  // X-WR-TIMEZONE, nil without one
	Events []Event
	// Taken holds the busy periods of VFREEBUSY components.
	Taken    []Interval
	Problems []Problem

	zones map[string]*Zone
	// Only in a file that has changed instances:
	over   map[string][]int // UID → events with a RECURRENCE-ID
	series map[string]bool  // UIDs that repeat
}

// Interval is a stretch of time, from the first instant up to the second.
type Interval struct{ Start, End time.Time }

// Parse reads a calendar. Whatever is odd is repaired or left out and listed
// in Problems; an error means that there is no calendar in b, or that it is
// beyond the bounds (ErrTooLarge).
func Parse(b []byte) (Calendar, error) { return parse(b, "") }

// parse takes the method of the mail part for a file that names none.
func parse(b []byte, method string) (Calendar, error) {
	if len(b) > MaxSize {
		return Calendar{}, fmt.Errorf("read calendar: %d bytes: %w", len(b), ErrTooLarge)
	}
	r := reader{cal: Calendar{zones: map[string]*Zone{}}, work: budget{maxStepsInAll}}
	root, err := parseTree(decode(b), &r.problems)
	if err != nil {
		return Calendar{}, fmt.Errorf("read calendar: %w", err)
	}
	cals := []*component{root}
	found := false
	for _, k := range root.kids {
		if k.name == "VCALENDAR" {
			cals = append(cals, k)
			found = true
		}
		found = found || top[k.name]
	}
	if !found {
		return Calendar{}, fmt.Errorf("read calendar: this is not a calendar")
	}
	if len(cals) == 1 {
		r.add(Problem{Line: 1, Text: "the frame (BEGIN:VCALENDAR) is missing", Lost: true})
	}
	for _, c := range cals {
		r.header(c)
	}
	if r.cal.Method == "" {
		r.cal.Method = strings.ToUpper(strings.TrimSpace(method))
	}
	for _, c := range cals {
		for _, k := range c.kids {
			if k.name == "VTIMEZONE" {
				r.zone(k)
			}
		}
	}
	for _, c := range cals {
		for _, k := range c.kids {
			switch k.name {
			case "VEVENT":
				if len(r.cal.Events) == MaxEvents {
					return Calendar{}, fmt.Errorf("read calendar: more than %d events: %w", MaxEvents, ErrTooLarge)
				}
				r.event(k)
			case "VFREEBUSY":
				r.freeBusy(k)
			}
		}
	}
	r.link()
	r.cal.Problems = r.problems.list
	return r.cal, nil
}

type reader struct {
	problems
	cal  Calendar
	work budget // for the zones that the file describes
}

// maxZones of one file; looking up a name that does not exist takes its time.
const maxZones = 1000

func (r *reader) header(c *component) {
	for _, p := range c.props {
		switch p.name {
		case "X-WR-CALNAME", "NAME":
			r.cal.Name = text(p.value)
		case "METHOD":
			r.cal.Method = strings.ToUpper(strings.TrimSpace(p.value))
		case "X-WR-TIMEZONE":
			if l := KnownZone(p.value); l != nil {
				r.cal.Zone = &Zone{Name: p.value, loc: l}
			} else if p.value != "" {
				r.add(Problem{Line: p.line, Text: fmt.Sprintf("unknown time zone %q of the calendar", short(p.value))})
			}
		}
	}
}

func (r *reader) zone(c *component) {
	p, ok := c.find("TZID")
	if !ok {
		r.add(Problem{Line: c.line, Text: "a time zone without a name"})
		return
	}
	id := strings.Trim(p.value, `"`)
	if _, twice := r.cal.zones[id]; twice || len(r.cal.zones) > maxZones {
		return // events in a zone too many are said to be in an unknown one
	}
	z := &Zone{Name: id, loc: KnownZone(id)}
	if z.loc != nil {
		z.desc = c // compared only where an event needs it: it is in every object
	} else if z.file, z.err = newFileZone(c, &r.work); z.err != nil {
		z.file = nil
		r.add(Problem{Line: c.line, Text: fmt.Sprintf("time zone %q: %v", short(id), z.err)})
	}
	r.cal.zones[id] = z
}

// tzid finds the zone of a value. One that is neither described nor known
// comes back with an error in it.
func (r *reader) tzid(id string) *Zone {
	id = strings.Trim(id, `"`)
	z, ok := r.cal.zones[id]
	switch {
	case ok:
	case len(r.cal.zones) > maxZones:
		return &Zone{Name: id, err: fmt.Errorf("more than %d time zones", maxZones)}
	default:
		z = &Zone{Name: id, loc: KnownZone(id)}
		r.cal.zones[id] = z
	}
	if z.loc == nil && z.file == nil && z.err == nil {
		z.err = fmt.Errorf("nobody knows the time zone %q", short(id))
	}
	return z
}

// moment reads one value of a property that holds days or times.
func (r *reader) moment(p prop, v string) (Moment, error) {
	w, date, utc, err := parseWall(v)
	if err != nil {
		return Moment{}, fmt.Errorf("%s: %q is %w", p.name, short(v), err)
	}
	m := Moment{Wall: w, Date: date}
	switch {
	case date:
	case utc:
		m.Zone = utcZone
	case p.has("TZID"):
		m.Zone = r.tzid(p.get("TZID"))
		if m.Zone.loc == nil && m.Zone.file == nil {
			return m, m.Zone.err
		}
	}
	return m, nil
}

// link notes which events change an instance of another.
func (r *reader) link() {
	for i := range r.cal.Events {
		if e := &r.cal.Events[i]; !e.RecurrenceID.IsZero() {
			if r.cal.over == nil {
				r.cal.over = map[string][]int{}
			}
			r.cal.over[e.UID] = append(r.cal.over[e.UID], i)
		}
	}
	if r.cal.over == nil {
		return
	}
	r.cal.series = map[string]bool{}
	for i := range r.cal.Events {
		if e := &r.cal.Events[i]; e.RecurrenceID.IsZero() && e.Repeats() {
			r.cal.series[e.UID] = true
		}
	}
}

// freeBusy reads a VFREEBUSY (section 3.6.4). Only FBTYPE=FREE is free.
func (r *reader) freeBusy(c *component) {
	if c.cut {
		return // already said, and lost
	}
	for _, p := range c.props {
		if p.name != "FREEBUSY" || strings.EqualFold(p.get("FBTYPE"), "FREE") {
			continue
		}
		for _, v := range strings.Split(p.value, ",") {
			m, sp, err := r.period(p, v)
			if err == nil && m.Zone == nil {
				err = fmt.Errorf("FREEBUSY: %q is in no zone", short(v))
			}
			if err != nil {
				r.add(Problem{Line: p.line, Text: err.Error(), Lost: true})
				continue
			}
			s := m.At(time.UTC)
			r.cal.Taken = append(r.cal.Taken, Interval{s, sp.end(m, time.UTC)})
		}
	}
}

// period reads a PERIOD (section 3.3.9): start/end or start/duration.
func (r *reader) period(p prop, v string) (m Moment, sp span, err error) {
	a, b, _ := strings.Cut(v, "/")
	if m, err = r.moment(p, a); err != nil {
		return m, sp, err
	}
	if sp, err = parseSpan(b); err == nil {
		return m, sp, nil
	}
	end, err := r.moment(p, b)
	if err != nil {
		return m, sp, err
	}
	return m, between(m, end), nil
}
