package ical

import (
	"fmt"
	"slices"
)

// budget bounds the work of one question, whatever a file asks for.
type budget struct{ left int }

func (b *budget) spend(n int) error {
	if b.left -= n; b.left < 0 {
		return fmt.Errorf("a recurrence with too many instances: %w", ErrTooLarge)
	}
	return nil
}

var lastDay = dayNumber(9999, 12, 31)

// each calls yield with the readings of a daily or slower rule within
// [from, to), in order. start is the reading of DTSTART, which is an instance
// only where the rule says so.
func (r *rule) each(start, from, to int64, b *budget, yield func(wall int64)) error {
	if r.freq < daily {
		return r.eachElapsed(start, from, to, func(t int64) int64 { return t }, b, yield)
	}
	f := r.filter(start)
	times := r.times(start)
	var n int64
	k := r.skip(start, from, len(times))
	if r.count > 0 {
		n = k
	}
	stop := to - 1
	if r.hasUntil {
		stop = min(stop, r.until)
	}
	var set []int64
	for ; ; k++ {
		lo, hi, ok := r.period(start, k)
		if !ok || lo*daySecs > stop {
			return nil
		}
		set = set[:0]
		f.days(lo, hi, func(d int64) {
			for _, t := range times {
				set = append(set, d*daySecs+t)
			}
		})
		if err := b.spend(1 + int(hi-lo)/32 + len(set)); err != nil {
			return err
		}
		for _, w := range r.positions(set) {
			if w < start {
				continue
			}
			if w > stop {
				return nil
			}
			if n++; r.count > 0 && n > r.count {
				return nil
			}
			if w >= from {
				yield(w)
			}
		}
	}
}

// period gives the days [lo, hi) of the k-th period after that of start.
func (r *rule) period(start, k int64) (lo, hi int64, ok bool) {
	day := floorDiv(start, daySecs)
	switch r.freq {
	case daily:
		lo = day + k*r.interval
		return lo, lo + 1, lo <= lastDay
	case weekly:
		lo = day - floorMod(int64(weekday(day)-r.weekStart), 7) + 7*k*r.interval
		return lo, lo + 7, lo <= lastDay
	}
	y, m, _ := civilDate(day)
	if r.freq == yearly {
		at := int64(y) + k*r.interval
		if at > 9999 {
			return 0, 0, false
		}
		return dayNumber(int(at), 1, 1), dayNumber(int(at)+1, 1, 1), true
	}
	at := int64(y)*12 + int64(m-1) + k*r.interval
	if at/12 > 9999 {
		return 0, 0, false
	}
	y, m = int(at/12), int(at%12)+1
	lo = dayNumber(y, m, 1)
	return lo, lo + int64(monthDays(y, m)), true
}

// skip is the number of periods that certainly lie before from and need not
// be looked at. With a count only a rule with one instance in every period
// may skip.
func (r *rule) skip(start, from int64, times int) int64 {
	if r.count > 0 && !(r.plain() && times == 1 && (r.freq == daily || r.freq == weekly)) {
		return 0
	}
	a, b := floorDiv(start, daySecs), floorDiv(from, daySecs)
	if b <= a {
		return 0
	}
	ya, ma, _ := civilDate(a)
	yb, mb, _ := civilDate(b)
	var units int64
	switch r.freq {
	case daily:
		units = b - a
	case weekly:
		units = (b - a) / 7
	case monthly:
		units = int64((yb-ya)*12 + mb - ma)
	case yearly:
		units = int64(yb - ya)
	}
	k := max(0, units/r.interval-1)
	if r.count > 0 {
		k = min(k, r.count)
	}
	return k
}

// plain says that no part limits or expands the days.
func (r *rule) plain() bool {
	return r.nth == nil && r.monthDay == nil && r.yearDay == nil && r.weekNo == nil && r.month == nil && r.pos == nil
}

// times gives the seconds of the day of the instances, in order.
func (r *rule) times(start int64) (out []int64) {
	s := int(floorMod(start, daySecs))
	hours, minutes, seconds := or(r.hour, s/3600), or(r.minute, s/60%60), or(r.second, s%60)
	for _, h := range hours {
		for _, m := range minutes {
			for _, c := range seconds {
				out = append(out, int64(h*3600+m*60+min(c, 59)))
			}
		}
	}
	return slices.Compact(out)
}

func or(list []int, one int) []int {
	if list == nil {
		return []int{one}
	}
	return list
}

// positions applies BYSETPOS to the ordered set of one period.
func (r *rule) positions(set []int64) []int64 {
	if r.pos == nil {
		return set
	}
	out := make([]int64, 0, len(r.pos))
	for _, p := range r.pos {
		if p < 0 {
			p += len(set) + 1
		}
		if p >= 1 && p <= len(set) {
			out = append(out, set[p-1])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// eachElapsed is for rules that go by hours, minutes and seconds: they follow
// the stop-watch, while their parts look at the clock. start, from, to and what
// is yielded are instants, wall reads the clock.
func (r *rule) eachElapsed(start, from, to int64, wall func(int64) int64, b *budget, yield func(t int64)) error {
	unit := []int64{1, 60, 3600}[r.freq]
	step := unit * r.interval
	w := wall(start)
	base := start - floorMod(w, unit)
	f := r.limit()
	one := r.plain() && r.hour == nil && r.minute == nil && r.second == nil
	var k, n int64
	if (r.count == 0 || one) && from > start {
		k = max(0, (from-base)/step-1)
	}
	if r.count > 0 {
		k = min(k, r.count)
		n = k
	}
	until := to - 1
	if r.hasUntil && r.untilUTC {
		until = min(until, r.until)
	}
	var set []int64
	for ; ; k++ {
		t := base + k*step
		if t > until {
			return nil
		}
		if err := b.spend(1); err != nil {
			return err
		}
		at := wall(t)
		if r.hasUntil && !r.untilUTC && at > r.until || at > lastDay*daySecs {
			return nil
		}
		day := floorDiv(at, daySecs)
		sec := int(at - day*daySecs)
		if !f.hasDay(day) {
			// Most of the day may go at once; two hours are left for a changing clock.
			k += max(0, (daySecs-int64(sec)-7200)/step-1)
			continue
		}
		if r.hour != nil && !slices.Contains(r.hour, sec/3600) || r.freq < hourly && r.minute != nil && !slices.Contains(r.minute, sec/60%60) ||
			r.freq < minutely && r.second != nil && !slices.Contains(r.second, sec%60) {
			continue
		}
		set = r.within(set[:0], t, int(floorMod(w, unit)))
		if err := b.spend(len(set)); err != nil {
			return err
		}
		for _, t := range r.positions(set) {
			if t < start {
				continue
			}
			if t > until || r.hasUntil && !r.untilUTC && wall(t) > r.until {
				return nil
			}
			if n++; r.count > 0 && n > r.count {
				return nil
			}
			if t >= from {
				yield(t)
			}
		}
	}
}

// within lists the instances inside one hour, minute or second that begins at
// t; rest is what DTSTART has of it.
func (r *rule) within(set []int64, t int64, rest int) []int64 {
	switch r.freq {
	case hourly:
		for _, m := range or(r.minute, rest/60) {
			for _, s := range or(r.second, rest%60) {
				set = append(set, t+int64(m*60+min(s, 59)))
			}
		}
	case minutely:
		for _, s := range or(r.second, rest) {
			set = append(set, t+int64(min(s, 59)))
		}
	default:
		set = append(set, t)
	}
	return slices.Compact(set)
}
