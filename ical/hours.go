package ical

import (
	"fmt"
	"time"
)

// Hours is a stretch of a working day in minutes after midnight: 9:00 to 17:30
// is {540, 1050}. To is at most 1440.
type Hours struct{ From, To int }

// Day is a calendar day.
type Day struct {
	Year  int
	Month time.Month
	Day   int
}

// Schedule is when a member can be booked.
type Schedule struct {
	Zone     *time.Location
	Week     [7][]Hours // by time.Weekday, on the clock of Zone
	Holidays map[Day]bool
	Before   time.Duration // kept free before a meeting
	After    time.Duration // kept free after it
	Notice   time.Duration // a slot begins no sooner than this from now
	Horizon  time.Duration // and no later than this
	// DailyLimit is the most bookings of one day; 0: no limit.
	DailyLimit int
}

func (s *Schedule) check() error {
	if s.Zone == nil {
		return fmt.Errorf("the working hours have no time zone")
	}
	for _, d := range s.Week {
		for _, h := range d {
			if h.From < 0 || h.To > 1440 || h.From >= h.To {
				return fmt.Errorf("working hours from minute %d to %d of a day", h.From, h.To)
			}
		}
	}
	if s.Before < 0 || s.After < 0 || s.Notice < 0 || s.DailyLimit < 0 {
		return fmt.Errorf("a buffer, a notice or a limit is negative")
	}
	return nil
}

// open lists the working time within [from, to): every instant whose clock
// reading lies within the hours of a day that is no holiday.
func (s *Schedule) open(from, to time.Time) []Interval {
	var out []Interval
	for t := from.Unix(); t < to.Unix(); {
		local := time.Unix(t, 0).In(s.Zone)
		_, o := local.Zone()
		end := to.Unix()
		if _, b := bounds(local); !b.IsZero() && b.Unix() < end {
			end = b.Unix()
		}
		// Within one span of the zone clock and instants run together.
		lo, hi := t+int64(o), end+int64(o)
		for day := floorDiv(lo, daySecs); day*daySecs < hi; day++ {
			y, m, d := civilDate(day)
			if s.Holidays[Day{y, time.Month(m), d}] {
				continue
			}
			for _, h := range s.Week[weekday(day)] {
				a, b := max(lo, day*daySecs+int64(h.From)*60), min(hi, day*daySecs+int64(h.To)*60)
				if a < b {
					out = append(out, Interval{time.Unix(a-int64(o), 0).UTC(), time.Unix(b-int64(o), 0).UTC()})
				}
			}
		}
		t = end
	}
	return unite(out)
}
