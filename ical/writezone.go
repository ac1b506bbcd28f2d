package ical

import (
	"fmt"
	"time"
)

// zones writes a VTIMEZONE for each zone that the events name.
func (w *writer) zones(events []Event) error {
	type span struct {
		loc      *time.Location
		from, to int64
	}
	used := map[string]span{}
	var names []string
	for i := range events {
		e := &events[i]
		for _, m := range []Moment{e.Start, e.End, e.RecurrenceID} {
			z := m.Zone
			if m.IsZero() || z == nil || z.loc == time.UTC {
				continue
			}
			if z.loc == nil {
				return fmt.Errorf("the zone %q is known to nobody else", z.Name)
			}
			at := m.At(nil).Unix()
			u, again := used[z.Name]
			if !again {
				u = span{z.loc, at, at}
				names = append(names, z.Name)
			}
			u.from, u.to = min(u.from, at), max(u.to, at)
			if e.Rule != "" {
				u.to = max(u.to, at+10*366*daySecs)
			}
			used[z.Name] = u
		}
	}
	for _, n := range names {
		u := used[n]
		w.zone(n, u.loc, u.from, u.to)
	}
	return nil
}

// zone describes a location from before the first instant to after the last.
// Where the same two changes come every year they are written as rules that
// hold on, else change by change.
func (w *writer) zone(name string, l *time.Location, from, to int64) {
	w.line("BEGIN:VTIMEZONE")
	w.text("TZID", name)
	from -= 400 * daySecs
	years := transitions(l, from, from+12*366*daySecs) // enough to tell a rule from chance
	if a, b, ok := yearlyPair(years); ok {
		w.observance(kind(a), years[0], a.rule())
		w.observance(kind(b), years[1], b.rule())
	} else {
		o := offset(l, from)
		w.observance("STANDARD", change{from - o, o, o}, "")
		for _, c := range transitions(l, from, to+400*daySecs) {
			w.observance(kind(asRule(c)), c, "")
		}
	}
	w.line("END:VTIMEZONE")
}

func (w *writer) observance(kind string, c change, rule string) {
	w.line("BEGIN:" + kind)
	w.line("DTSTART:" + time.Unix(c.at+c.from, 0).UTC().Format("20060102T150405"))
	w.line("TZOFFSETFROM:" + offsetText(c.from))
	w.line("TZOFFSETTO:" + offsetText(c.to))
	if rule != "" {
		w.line("RRULE:" + rule)
	}
	w.line("END:" + kind)
}

func offsetText(o int64) string {
	sign := '+'
	if o < 0 {
		sign, o = '-', -o
	}
	s := fmt.Sprintf("%c%02d%02d", sign, o/3600, o/60%60)
	if o%60 != 0 {
		s += fmt.Sprintf("%02d", o%60)
	}
	return s
}

func transitions(l *time.Location, from, to int64) (out []change) {
	for t := time.Unix(from, 0).In(l); ; {
		_, was := t.Zone()
		_, end := bounds(t)
		if end.IsZero() || end.Unix() > to {
			return out
		}
		t = end.In(l)
		_, is := t.Zone()
		if was != is {
			out = append(out, change{t.Unix(), int64(was), int64(is)})
		}
	}
}

// clockRule is a change of the clock as a rule: a weekday of a month, counted from
// its beginning or, where it is always among the last seven days, from its end.
type clockRule struct {
	month, day, clock int
	nth               int // -1: the last
	from, to          int64
}

func asRule(c change) clockRule {
	at := c.at + c.from
	day := floorDiv(at, daySecs)
	y, m, d := civilDate(day)
	n := (d-1)/7 + 1
	if d > monthDays(y, m)-7 {
		n = -1
	}
	return clockRule{m, weekday(day), int(floorMod(at, daySecs)), n, c.from, c.to}
}

func (y clockRule) rule() string {
	names := []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}
	return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", y.month, y.nth, names[y.day])
}

func kind(y clockRule) string {
	if y.to > y.from {
		return "DAYLIGHT"
	}
	return "STANDARD"
}

// yearlyPair says whether the changes are two that return every year.
func yearlyPair(cs []change) (a, b clockRule, ok bool) {
	if len(cs) < 20 {
		return a, b, false
	}
	a, b = asRule(cs[0]), asRule(cs[1])
	seen := []clockRule{a, b}
	for i, c := range cs[2:] {
		if asRule(c) != seen[i%2] {
			return a, b, false
		}
	}
	return a, b, true
}
