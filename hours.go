package dottedline

import (
	"fmt"
	"time"
)

// Span is a part of a day in minutes after local midnight, [From, To).
type Span struct{ From, To int }

// Hours are a member's working hours. The zero value works round the clock in UTC.
type Hours struct {
	Zone     string         // IANA name
	Days     [7]Span        // by time.Weekday; an empty span is a day off
	Holidays []string       // days off, "2026-12-25"
	loc      *time.Location // of Zone, set by Local
}

// OfficeHours are Monday to Friday, nine to five, in a zone.
func OfficeHours(zone string) Hours {
	h := Hours{Zone: zone}
	for d := time.Monday; d <= time.Friday; d++ {
		h.Days[d] = Span{9 * 60, 17 * 60}
	}
	return h
}

// OfficeHoursAt are office hours at a fixed distance from UTC: all that the
// Date field of a mail says about its writer's zone.
func OfficeHoursAt(secondsEast int) Hours {
	h := OfficeHours("")
	h.loc = time.FixedZone("", secondsEast)
	h.Zone = time.Time{}.In(h.loc).Format("-07:00")
	return h
}

// Local gives the hours with their zone looked up; an unknown zone is a Problem.
func (h Hours) Local() (Hours, error) {
	loc, err := time.LoadLocation(h.Zone)
	if err != nil {
		return h, Wrong("Choose one like Europe/Oslo or America/New_York.", "%q is not a time zone.", h.Zone)
	}
	h.loc = loc
	for d, s := range h.Days {
		if s.From < 0 || s.To > 24*60 || s.From > s.To {
			return h, Wrong("A day's hours end after they begin.", "The hours of %v can't be read.", time.Weekday(d))
		}
	}
	for _, d := range h.Holidays {
		if _, err := time.Parse(time.DateOnly, d); err != nil {
			return h, Wrong("Write holidays like 2026-12-25.", "%q is not a day.", d)
		}
	}
	return h, nil
}

// Location is the zone of the hours, UTC before Local.
func (h Hours) Location() *time.Location {
	if h.loc == nil {
		return time.UTC
	}
	return h.loc
}

func (h Hours) always() bool { return h.Days == [7]Span{} }

// span is the working part of the local day that t lies in.
func (h Hours) span(t time.Time) (from, to time.Time) {
	y, m, d := t.Date()
	s := h.Days[t.Weekday()]
	for _, off := range h.Holidays {
		if off == fmt.Sprintf("%04d-%02d-%02d", y, m, d) {
			s = Span{}
		}
	}
	return time.Date(y, m, d, 0, s.From, 0, 0, t.Location()), time.Date(y, m, d, 0, s.To, 0, 0, t.Location())
}

// maxDays bounds how far working time is looked for: ten years.
const maxDays = 3660

// Working is how much of [from, to) lies within the working hours.
func (h Hours) Working(from, to time.Time) time.Duration {
	if !from.Before(to) {
		return 0
	}
	if h.always() {
		return to.Sub(from)
	}
	var sum time.Duration
	day := from.In(h.Location())
	for range maxDays {
		a, b := h.span(day)
		if a.Before(from) {
			a = from
		}
		if b.After(to) {
			b = to
		}
		if a.Before(b) {
			sum += b.Sub(a)
		}
		y, m, d := day.Date()
		if day = time.Date(y, m, d+1, 0, 0, 0, 0, h.Location()); !day.Before(to) {
			break
		}
	}
	return sum
}

// After is the moment at which so much working time has passed since from.
func (h Hours) After(from time.Time, work time.Duration) time.Time {
	if h.always() {
		return from.Add(work)
	}
	day := from.In(h.Location())
	for range maxDays {
		a, b := h.span(day)
		if a.Before(from) {
			a = from
		}
		if a.Before(b) {
			if b.Sub(a) >= work {
				return a.Add(work)
			}
			work -= b.Sub(a)
		}
		y, m, d := day.Date()
		day = time.Date(y, m, d+1, 0, 0, 0, 0, h.Location())
	}
	return from.Add(work)
}
