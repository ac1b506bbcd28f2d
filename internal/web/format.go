package web

import (
	"fmt"
	"strings"
	"time"

	"dottedline"
)

// All times, spans and numbers that a page shows are written here.

// day writes when something happened as near as one needs it: "Tue 15:21",
// "12 Nov", "12 Nov 2025".
func (v *visit) day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t, now := t.In(v.zone), v.now.In(v.zone)
	age := now.Sub(t)
	switch {
	case age > -6*24*time.Hour && age < 6*24*time.Hour:
		return t.Format("Mon 15:04")
	case t.Year() == now.Year():
		return t.Format("2 Jan")
	}
	return t.Format("2 Jan 06")
}

// date writes a day without its time.
func (v *visit) date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(v.zone)
	if t.Year() == v.now.In(v.zone).Year() {
		return t.Format("2 Jan")
	}
	return t.Format("2 Jan 2006")
}

// full writes a time for the eye that wants to know exactly.
func (v *visit) full(t time.Time) string {
	return t.In(v.zone).Format("Monday 2 January 2006, 15:04 MST")
}

// since writes how long ago something was, short: "3 h".
func (v *visit) since(t time.Time) string { return short(v.now.Sub(t)) }

func short(d time.Duration) string {
	return dottedline.Ago(int(max(d, 0) / time.Minute))
}

// ago writes how long ago something was, in words.
func (v *visit) ago(t time.Time) string {
	d := v.now.Sub(t)
	if t.IsZero() {
		return "not yet"
	}
	if d < time.Minute {
		return "just now"
	}
	return long(d) + " ago"
}

// long writes a span of time in words: "18 minutes", "2 hours", "3 days".
func long(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < time.Hour:
		return count(int(d/time.Minute), "minute", "minutes")
	case d < 48*time.Hour:
		return count(int(d/time.Hour), "hour", "hours")
	}
	return count(int(d/(24*time.Hour)), "day", "days")
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(int64(n)) + " " + many
}

// number writes 20031 as "20,031".
func number(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

var words = []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}

// word writes small numbers in words.
func word(n int) string {
	if n >= 0 && n < len(words) {
		return words[n]
	}
	return number(int64(n))
}

// plural writes a small count in words: "one deal", "seven deals".
func plural(n int, one, many string) string {
	if n == 1 {
		return "one " + one
	}
	return word(n) + " " + many
}

// capital makes the first letter of a sentence one.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func minutes(m float64) string {
	n := max(1, int(m+.5))
	if n == 1 {
		return "one minute"
	}
	return word(n) + " minutes"
}

func size(n int) string {
	switch {
	case n < 1000:
		return count(n, "byte", "bytes")
	case n < 1_000_000:
		return fmt.Sprintf("%d kB", n/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
