package ical

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Source is one calendar of a member as last read: an ICS address is one
// object, a CalDAV collection has many.
type Source struct {
	Name    string // as the member knows it
	Objects []Calendar
	Read    time.Time     // when it was last read whole; zero: never
	MaxAge  time.Duration // older than this it is not trusted; 0: any age is
	Failed  string        // why reading it failed since, "" when it did not
}

// Add parses one object into the source. One that cannot be read is kept as a
// problem that closes the calendar; name says which it is.
func (s *Source) Add(name string, raw []byte) {
	c, err := Parse(raw)
	if err != nil {
		c = Calendar{Problems: []Problem{{Text: fmt.Sprintf("%s: %v", name, err), Lost: true}}}
	}
	s.Objects = append(s.Objects, c)
}

// Reason says why no free time is offered.
type Reason struct {
	Member string // ID, empty where there is but one
	Source string // name of the calendar, empty when it is not one calendar's fault
	Text   string
}

func (r Reason) String() string {
	if r.Source == "" {
		return r.Text
	}
	return fmt.Sprintf("calendar “%s”: %s", r.Source, r.Text)
}

// ClosedError is returned when it cannot be known what is busy.
type ClosedError struct{ Reasons []Reason }

func (e *ClosedError) Error() string {
	s := make([]string, len(e.Reasons))
	for i, r := range e.Reasons {
		s[i] = r.String()
	}
	return "no free time can be told: " + strings.Join(s, "; ")
}

// Window is what Busy is asked about.
type Window struct {
	From, To time.Time
	Now      time.Time      // for the age of the calendars
	Zone     *time.Location // of the member: places days and floating times
	// Me holds the member's addresses: what they declined does not block.
	Me []string
}

// maxReasons of one calendar; the first few are enough to act on.
const maxReasons = 3

// Busy unites what is taken in the calendars within the window: confirmed and
// tentative events that are not transparent. It fails closed: when a calendar
// was not read, is too old, or has parts that may hide time, the error is a
// *ClosedError. Where a time can be read in two ways, both are busy.
func Busy(sources []Source, w Window) ([]Interval, error) {
	var closed ClosedError
	var out []Interval
	x := newExpander(w.From, w.To, w.Zone)
	for i := range sources {
		s := &sources[i]
		reasons := s.untrusted(w)
		for j := range s.Objects {
			if len(reasons) >= maxReasons {
				break
			}
			c := &s.Objects[j]
			for _, p := range c.Problems {
				if p.Lost && (p.Until.IsZero() || p.Until.After(w.From)) && len(reasons) < maxReasons {
					reasons = append(reasons, p.String())
				}
			}
			var err error
			if out, err = x.busy(c, w, out); err != nil {
				reasons = append(reasons, err.Error())
			}
		}
		for _, r := range reasons {
			closed.Reasons = append(closed.Reasons, Reason{Source: s.Name, Text: r})
		}
	}
	if closed.Reasons != nil {
		return nil, &closed
	}
	return unite(out), nil
}

// untrusted says why a calendar as a whole cannot be relied on.
func (s *Source) untrusted(w Window) (reasons []string) {
	switch age := w.Now.Sub(s.Read); {
	case s.Read.IsZero():
		reasons = append(reasons, "it has never been read")
	case s.MaxAge > 0 && age > s.MaxAge:
		reasons = append(reasons, fmt.Sprintf("it was last read %s ago", age.Round(time.Minute)))
	}
	if s.Failed != "" {
		reasons = append(reasons, s.Failed)
	}
	return reasons
}

func (x *expander) busy(c *Calendar, w Window, out []Interval) ([]Interval, error) {
	x.second, x.twofold = false, false
	declined := map[*Event]bool{} // an event can have many attendees and instances
	for {
		occ, err := x.calendar(c)
		if err != nil {
			return out, err
		}
		for _, o := range occ {
			if !o.End.After(o.Start) || !o.Event.busies() {
				continue
			}
			no, known := declined[o.Event]
			if !known {
				no = o.Event.declined(w.Me)
				declined[o.Event] = no
			}
			if !no {
				out = append(out, Interval{o.Start, o.End})
			}
		}
		if x.second || !x.twofold {
			break
		}
		x.second = true
	}
	for _, t := range c.Taken {
		if t.Start.Before(w.To) && t.End.After(w.From) && t.End.After(t.Start) {
			out = append(out, t)
		}
	}
	return out, nil
}

func (e *Event) declined(me []string) bool {
	for _, m := range me {
		if a, ok := e.Attendee(m); ok && a.Answer == Declined {
			return true
		}
	}
	return false
}

// unite sorts intervals and joins those that touch.
func unite(in []Interval) []Interval {
	slices.SortFunc(in, func(a, b Interval) int { return a.Start.Compare(b.Start) })
	var out []Interval
	for _, i := range in {
		if n := len(out); n > 0 && !i.Start.After(out[n-1].End) {
			if i.End.After(out[n-1].End) {
				out[n-1].End = i.End
			}
			continue
		}
		out = append(out, i)
	}
	return out
}
