package ical

import (
	"testing"
	"time"
)

// The last day of a leap year has its bounds, clock readings and working hours like
// any other, also in years that a zone's file tells only by a rule.
func TestLastDayOfALeapYear(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Tokyo"} {
		l := zone(t, name)
		for _, year := range []int{2024, 2028, 2040, 2124} {
			for at := time.Date(year, 12, 30, 0, 0, 0, 0, l); at.Year() <= year; at = at.Add(20 * time.Minute) {
				if from, to := bounds(at); from.After(at) || !to.IsZero() && !to.After(at) {
					t.Fatalf("%v lies outside of %v – %v", at, from, to)
				}
				_, o := at.Zone()
				if got := place(l, at.Unix()+int64(o)); got != at.Unix() {
					t.Fatalf("%v is placed at %v", at, time.Unix(got, 0).In(l))
				}
			}
			s := Schedule{Zone: l}
			for d := range s.Week {
				s.Week[d] = []Hours{{540, 1020}}
			}
			from := time.Date(year, 12, 30, 0, 0, 0, 0, l)
			if got := s.open(from, from.AddDate(0, 0, 4)); len(got) != 4 {
				t.Errorf("%s, %d: open at %v", name, year, got)
			}
			for _, c := range transitions(l, from.Unix(), from.AddDate(6, 0, 0).Unix()) {
				if offset(l, c.at-1) != c.from || offset(l, c.at) != c.to {
					t.Errorf("%s: no change of the clock at %v", name, time.Unix(c.at, 0))
				}
			}
		}
	}
}
