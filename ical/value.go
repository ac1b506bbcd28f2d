package ical

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Moment is a DATE or DATE-TIME as written (sections 3.3.4, 3.3.5): a clock
// reading, and what is known of where that clock hangs.
type Moment struct {
	// Wall is the reading, held in UTC without meaning UTC.
	Wall time.Time
	// Zone is nil for a floating reading and for a day.
	Zone *Zone
	// Date is set for a whole day.
	Date bool
}

// IsZero says whether there is no moment.
func (m Moment) IsZero() bool { return m.Wall.IsZero() }

// At is the instant. Floating readings and days are placed at the given place.
func (m Moment) At(floating *time.Location) time.Time {
	if m.Zone == nil {
		return time.Unix(place(floating, m.Wall.Unix()), 0).UTC()
	}
	return time.Unix(m.Zone.place(m.Wall.Unix()), 0).UTC()
}

// UTCMoment is an instant written in UTC.
func UTCMoment(t time.Time) Moment { return Moment{Wall: t.UTC().Truncate(time.Second), Zone: utcZone} }

// DayMoment is a whole day.
func DayMoment(year int, month time.Month, day int) Moment {
	return Moment{Wall: time.Date(year, month, day, 0, 0, 0, 0, time.UTC), Date: true}
}

// ZonedMoment is an instant written as the clock of a named zone.
func ZonedMoment(t time.Time, l *time.Location) Moment {
	z := &Zone{Name: l.String(), loc: l}
	return Moment{Wall: time.Unix(z.wall(t.Unix()), 0).UTC(), Zone: z}
}

// span is a length of time: days follow the calendar, the rest the stop-watch
// (section 3.3.6).
type span struct {
	days  int64
	exact int64 // seconds
}

var errMoment = errors.New("not a date or time")

// parseWall reads 20260102, 20260102T0304 or 20260102T030405, with or without
// the marks of ISO 8601, and says whether it is a day and whether it is UTC.
func parseWall(s string) (w time.Time, date, utc bool, err error) {
	s = strings.TrimSpace(s)
	if strings.ContainsAny(s, "-:") {
		s = strings.NewReplacer("-", "", ":", "").Replace(s)
	}
	n := len(s)
	if n == 16 || n == 14 {
		if c := s[n-1]; c != 'Z' && c != 'z' {
			return w, false, false, errMoment
		}
		utc = true
		s = s[:n-1]
		n--
	}
	date = n == 8
	if !date && (n != 15 && n != 13 || s[8] != 'T' && s[8] != 't') {
		return w, false, false, errMoment
	}
	num := func(from, to int) (v int) {
		for _, c := range []byte(s[from:to]) {
			if c < '0' || c > '9' {
				err = errMoment
			}
			v = v*10 + int(c-'0')
		}
		return v
	}
	y, mo, d := num(0, 4), num(4, 6), num(6, 8)
	var h, mi, sec int
	if !date {
		h, mi = num(9, 11), num(11, 13)
		if n == 15 {
			sec = num(13, 15)
		}
	}
	if sec == 60 { // a leap second is held to be the second before it
		sec = 59
	}
	if err != nil || y < 1 || mo < 1 || mo > 12 || d < 1 || d > monthDays(y, mo) ||
		h > 24 || mi > 59 || sec > 59 || h == 24 && mi+sec > 0 {
		return w, false, false, errMoment
	}
	return time.Unix(dayNumber(y, mo, d)*daySecs+int64(h*3600+mi*60+sec), 0).UTC(), date, utc, nil
}

// parseSpan reads a DURATION, with or without a sign.
func parseSpan(s string) (sp span, err error) {
	s = strings.ToUpper(strings.TrimSpace(s))
	bad := fmt.Errorf("not a duration: %q", short(s))
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimLeft(s, "+-")
	if !strings.HasPrefix(s, "P") || len(s) < 3 {
		return sp, bad
	}
	day := true
	for s = s[1:]; s != ""; {
		if s[0] == 'T' {
			day, s = false, s[1:]
			continue
		}
		i := 0
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		v, err := strconv.ParseInt(s[:i], 10, 32)
		if err != nil || i == len(s) {
			return sp, bad
		}
		switch c := s[i]; {
		case c == 'W':
			sp.days += 7 * v
		case c == 'D':
			sp.days += v
		case c == 'H' && !day:
			sp.exact += 3600 * v
		case c == 'M' && !day:
			sp.exact += 60 * v
		case c == 'S' && !day:
			sp.exact += v
		default:
			return sp, bad
		}
		s = s[i+1:]
	}
	if sp.days > 36600 || sp.exact > 36600*daySecs {
		return sp, bad
	}
	if neg {
		sp.days, sp.exact = -sp.days, -sp.exact
	}
	return sp, nil
}

// parseOffset reads a UTC-OFFSET (section 3.3.14) in seconds.
func parseOffset(s string) (int64, error) {
	s = strings.ReplaceAll(strings.TrimSpace(s), ":", "")
	bad := fmt.Errorf("not an offset: %q", short(s))
	if len(s) != 5 && len(s) != 7 || s[0] != '+' && s[0] != '-' {
		return 0, bad
	}
	v, err := strconv.ParseUint(s[1:], 10, 32)
	if err != nil {
		return 0, bad
	}
	if len(s) == 5 {
		v *= 100
	}
	if v/100%100 > 59 || v%100 > 59 || v > 240000 {
		return 0, bad
	}
	o := int64(v/10000*3600 + v/100%100*60 + v%100)
	if s[0] == '-' {
		o = -o
	}
	return o, nil
}
