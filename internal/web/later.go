package web

import (
	"time"

	"dottedline"
	"dottedline/internal/web/html"
)

const evening = 19 // o'clock, when "tonight" is

// laterChoices are the moments that "later" can mean, in the member's own time.
// Tonight is not offered when it has begun.
func (v *visit) laterChoices() []html.Choice {
	var out []html.Choice
	for _, c := range []struct{ value, label string }{{"tonight", "Tonight"}, {"tomorrow", "Tomorrow"}, {"monday", "Monday"}, {"week", "In a week"}} {
		t, ok := v.until(c.value)
		if ok && t.After(v.now) {
			out = append(out, html.Choice{Value: c.value, Label: c.label, Note: v.day(t)})
		}
	}
	return out
}

// until is the moment that a choice of "later" means.
func (v *visit) until(choice string) (time.Time, bool) {
	now := v.now.In(v.zone)
	switch choice {
	case "tonight":
		return time.Date(now.Year(), now.Month(), now.Day(), evening, 0, 0, 0, v.zone), true
	case "tomorrow":
		return v.morning(now.AddDate(0, 0, 1)), true
	case "monday":
		return v.morning(now.AddDate(0, 0, (7-int(now.Weekday()))%7+1)), true
	case "week":
		return now.AddDate(0, 0, 7), true
	}
	return time.Time{}, false
}

// morning is when the member's work begins on a day; nine where it is a day off.
func (v *visit) morning(day time.Time) time.Time {
	from := 9 * 60
	if s := v.me.Member.Hours.Days[day.Weekday()]; s != (dottedline.Span{}) {
		from = s.From
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 0, from, 0, 0, v.zone)
}
