package ical

import (
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // a zone that is not found closes a calendar, so none may depend on the machine
)

// Zone is what a TZID means. A name that the time-zone database or Windows
// knows beats the rules that a file brings along: those are often stale.
type Zone struct {
	Name string
	loc  *time.Location // nil when only the file's rules exist
	file *fileZone      // the file's rules, where they are needed
	desc *component     // the file's description of a zone that is known
	err  error          // why neither can be had
}

var utcZone = &Zone{Name: "UTC", loc: time.UTC}

// Location is the zone in the time-zone database, nil when it is not there.
func (z *Zone) Location() *time.Location { return z.loc }

func (z *Zone) place(wall int64) int64 {
	if z.loc != nil {
		return place(z.loc, wall)
	}
	return z.file.place(wall)
}

func (z *Zone) wall(t int64) int64 {
	if z.loc != nil {
		return t + offset(z.loc, t)
	}
	return z.file.wall(t)
}

func offset(l *time.Location, t int64) int64 {
	if l == time.UTC {
		return 0
	}
	_, o := time.Unix(t, 0).In(l).Zone()
	return int64(o)
}

// bounds are the instants around t between which a zone keeps its offset, or
// nearer ones; zero where there is none. In years that go by a rule
// time.Time.ZoneBounds counts 365 days, so that on the last day of a leap year its
// end lies before t.
func bounds(t time.Time) (from, to time.Time) {
	from, to = t.ZoneBounds()
	if !to.IsZero() && !to.After(t) {
		to = to.Add(24 * time.Hour)
	}
	return from, to
}

// place turns a clock reading into an instant (section 3.3.5): the first of
// two, and where the clock jumped over it, counted on from before the jump.
func place(l *time.Location, wall int64) int64 {
	if l == time.UTC {
		return wall
	}
	guess := wall - offset(l, wall)
	from, to := bounds(time.Unix(guess, 0).In(l))
	// Far from a change on both sides there is nothing to weigh.
	const far = 26 * 3600
	if (from.IsZero() || guess-from.Unix() > far) && (to.IsZero() || to.Unix()-guess > far) {
		return guess
	}
	// Walk over the spans of constant offset around the guess, earliest first.
	t := time.Unix(guess-far, 0).In(l)
	for {
		_, o := t.Zone()
		at := wall - int64(o)
		_, end := bounds(t)
		if end.IsZero() || at < end.Unix() {
			return at
		}
		t = end.In(l)
		if _, next := t.Zone(); wall-int64(next) < end.Unix() {
			return at // in the gap
		}
	}
}

// locations remembers what time.LoadLocation gave. It only ever holds names
// that exist, so nobody can make it grow without bound.
var locations sync.Map

func loadLocation(name string) *time.Location {
	if l, ok := locations.Load(name); ok {
		return l.(*time.Location)
	}
	if name == "" || strings.EqualFold(name, "local") || len(name) > 64 {
		return nil
	}
	l, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	locations.Store(name, l)
	return l
}

// KnownZone finds the zone that an IANA name, a Windows name or a path ending
// in an IANA name (Mozilla, Evolution) means; nil when none is known.
func KnownZone(id string) *time.Location {
	id = strings.Trim(strings.TrimSpace(id), `"`)
	if l := loadLocation(id); l != nil {
		return l
	}
	if n, ok := windowsZones[strings.ToLower(id)]; ok {
		return loadLocation(n)
	}
	if !strings.HasPrefix(id, "/") {
		return nil
	}
	parts := strings.Split(id[1:], "/")
	for i := 1; i < len(parts) && i < 4; i++ {
		if l := loadLocation(strings.Join(parts[i:], "/")); l != nil {
			return l
		}
	}
	return nil
}
