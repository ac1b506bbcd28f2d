package ical

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

type freq int

const (
	secondly freq = iota
	minutely
	hourly
	daily
	weekly
	monthly
	yearly
)

var freqs = map[string]freq{"SECONDLY": secondly, "MINUTELY": minutely, "HOURLY": hourly, "DAILY": daily, "WEEKLY": weekly, "MONTHLY": monthly, "YEARLY": yearly}

var weekdays = map[string]int{"SU": 0, "MO": 1, "TU": 2, "WE": 3, "TH": 4, "FR": 5, "SA": 6}

// rule is a RECUR value (section 3.3.10).
type rule struct {
	freq      freq
	interval  int64
	count     int64 // 0: no bound
	until     int64 // reading, inclusive
	hasUntil  bool
	untilUTC  bool // until is an instant, not yet a reading
	weekStart int

	second, minute, hour []int
	nth                  []nthDay
	monthDay, yearDay    []int
	weekNo, month, pos   []int
}

// nthDay is a weekday; n counts within the month or year, 0 means every one.
type nthDay struct{ n, day int }

func parseRule(s string) (*rule, error) {
	r := &rule{interval: 1, weekStart: 1, freq: -1}
	for _, part := range strings.Split(strings.ToUpper(s), ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		k, v, ok := strings.Cut(part, "=")
		if !ok {
			return nil, fmt.Errorf("not a part of a recurrence: %q", short(part))
		}
		if err := r.set(strings.TrimSpace(k), strings.TrimSpace(v)); err != nil {
			return nil, err
		}
	}
	return r, r.check()
}

func (r *rule) set(k, v string) (err error) {
	bad := fmt.Errorf("not a recurrence: %s=%s", short(k), short(v))
	num := func(lo, hi int64) int64 {
		n, e := strconv.ParseInt(v, 10, 64)
		if e != nil || n < lo || n > hi {
			err = bad
		}
		return n
	}
	switch k {
	case "FREQ":
		f, ok := freqs[v]
		if !ok {
			return bad
		}
		r.freq = f
	case "INTERVAL":
		r.interval = num(1, 1e7)
	case "COUNT":
		r.count = num(1, 1e9)
	case "UNTIL":
		w, date, utc, e := parseWall(v)
		if e != nil {
			return bad
		}
		r.until, r.hasUntil, r.untilUTC = w.Unix(), true, utc
		if date { // the whole of that day
			r.until += daySecs - 1
		}
	case "WKST":
		d, ok := weekdays[v]
		if !ok {
			return bad
		}
		r.weekStart = d
	case "BYDAY":
		r.nth, err = parseDays(v)
	case "BYSECOND":
		r.second, err = ints(v, 0, 60, false)
	case "BYMINUTE":
		r.minute, err = ints(v, 0, 59, false)
	case "BYHOUR":
		r.hour, err = ints(v, 0, 23, false)
	case "BYMONTH":
		r.month, err = ints(v, 1, 12, false)
	case "BYMONTHDAY":
		r.monthDay, err = ints(v, 1, 31, true)
	case "BYYEARDAY":
		r.yearDay, err = ints(v, 1, 366, true)
	case "BYWEEKNO":
		r.weekNo, err = ints(v, 1, 53, true)
	case "BYSETPOS":
		r.pos, err = ints(v, 1, 366*86400, true)
	case "RSCALE":
		if v != "GREGORIAN" {
			return fmt.Errorf("recurrences of the calendar %s are not known (RFC 7529)", short(v))
		}
	case "SKIP":
		if v != "OMIT" {
			return fmt.Errorf("recurrences with SKIP=%s are not known (RFC 7529)", short(v))
		}
	default:
		if !strings.HasPrefix(k, "X-") {
			return bad
		}
	}
	return err
}

// check refuses what section 3.3.10 forbids and what cannot be read as a
// superset of what was meant.
func (r *rule) check() error {
	switch {
	case r.freq < 0:
		return fmt.Errorf("a recurrence without a frequency")
	case r.weekNo != nil && r.freq != yearly:
		return fmt.Errorf("a recurrence with BYWEEKNO that is not yearly")
	case r.yearDay != nil && r.freq >= daily && r.freq <= monthly:
		return fmt.Errorf("a recurrence with BYYEARDAY that is daily, weekly or monthly")
	case r.monthDay != nil && r.freq == weekly:
		return fmt.Errorf("a recurrence with BYMONTHDAY that is weekly")
	}
	if r.freq < monthly || r.weekNo != nil {
		for i := range r.nth { // a number has no meaning here: every such day
			r.nth[i].n = 0
		}
	}
	return nil
}

func ints(v string, lo, hi int, negative bool) (out []int, err error) {
	for _, s := range strings.Split(v, ",") {
		s = strings.TrimSpace(s)
		n, err := strconv.Atoi(s)
		a := n
		if negative {
			a = max(n, -n)
		}
		if err != nil || a < lo || a > hi || len(out) > 1000 {
			return nil, fmt.Errorf("not in a recurrence: %q", short(s))
		}
		out = append(out, n)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

func parseDays(v string) (out []nthDay, err error) {
	for _, s := range strings.Split(v, ",") {
		s = strings.TrimSpace(s)
		if len(s) < 2 || len(out) > 1000 {
			return nil, fmt.Errorf("not a weekday: %q", short(s))
		}
		d, ok := weekdays[s[len(s)-2:]]
		n := 0
		if num := s[:len(s)-2]; num != "" {
			n, err = strconv.Atoi(num)
			ok = ok && err == nil && n != 0 && n >= -53 && n <= 53
		}
		if !ok {
			return nil, fmt.Errorf("not a weekday: %q", short(s))
		}
		out = append(out, nthDay{n, d})
	}
	return out, nil
}
