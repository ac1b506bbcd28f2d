package ical

import "slices"

// dayFilter says which days of a period a rule means: every part of the table
// in section 3.3.10 that names days, read as "the days that satisfy it".
type dayFilter struct {
	months   uint16 // bit 1 to 12; 0: all
	monthDay []int
	yearDay  []int
	weekNo   []int
	nth      []nthDay
	inYear   bool // nth counts within the year
	first    int  // first day of the week
}

// filter is for daily and slower rules: what the rule leaves open is taken
// from DTSTART.
func (r *rule) filter(start int64) *dayFilter {
	f := r.limit()
	day := floorDiv(start, daySecs)
	_, m, d := civilDate(day)
	if r.nth == nil && r.monthDay == nil && r.yearDay == nil {
		switch {
		case r.freq == weekly || r.freq == yearly && r.weekNo != nil:
			f.nth = []nthDay{{0, weekday(day)}}
		case r.freq == monthly:
			f.monthDay = []int{d}
		case r.freq == yearly:
			f.monthDay = []int{d}
			if r.month == nil {
				f.months = 1 << m
			}
		}
	}
	return f
}

func (r *rule) limit() *dayFilter {
	f := &dayFilter{monthDay: r.monthDay, yearDay: r.yearDay, weekNo: r.weekNo, nth: r.nth, first: r.weekStart,
		inYear: r.freq == yearly && r.month == nil}
	for _, m := range r.month {
		f.months |= 1 << m
	}
	return f
}

// days calls g with the days of [lo, hi) that pass.
func (f *dayFilter) days(lo, hi int64, g func(day int64)) {
	y, m, d := civilDate(lo)
	for day := lo; day < hi; {
		n := monthDays(y, m)
		end := min(hi, day+int64(n-d+1))
		if f.months == 0 || f.months&(1<<m) != 0 {
			for ; day < end; day++ {
				if f.has(day, y, m, d, n) {
					g(day)
				}
				d++
			}
		}
		day, d = end, 1
		if m++; m > 12 {
			y, m = y+1, 1
		}
	}
}

func (f *dayFilter) hasDay(day int64) bool {
	if f.months == 0 && f.monthDay == nil && f.yearDay == nil && f.nth == nil {
		return true
	}
	y, m, d := civilDate(day)
	return (f.months == 0 || f.months&(1<<m) != 0) && f.has(day, y, m, d, monthDays(y, m))
}

func (f *dayFilter) has(day int64, y, m, d, n int) bool {
	if f.monthDay != nil && !slices.Contains(f.monthDay, d) && !slices.Contains(f.monthDay, d-n-1) {
		return false
	}
	if f.nth != nil && !f.isNth(day, y, d, n) {
		return false
	}
	if f.yearDay != nil {
		nth, all := int(day-dayNumber(y, 1, 1))+1, yearDays(y)
		if !slices.Contains(f.yearDay, nth) && !slices.Contains(f.yearDay, nth-all-1) {
			return false
		}
	}
	if f.weekNo != nil {
		nth, all := weekOf(day, y, f.first)
		if !slices.Contains(f.weekNo, nth) && !slices.Contains(f.weekNo, nth-all-1) {
			return false
		}
	}
	return true
}

func (f *dayFilter) isNth(day int64, y, d, n int) bool {
	wd := weekday(day)
	for _, x := range f.nth {
		if x.day != wd {
			continue
		}
		if x.n == 0 {
			return true
		}
		i, all := d, n
		if f.inYear {
			i, all = int(day-dayNumber(y, 1, 1))+1, yearDays(y)
		}
		if x.n > 0 && (i-1)/7 == x.n-1 || x.n < 0 && (all-i)/7 == -x.n-1 {
			return true
		}
	}
	return false
}

// weekOf numbers the week of a day (ISO 8601 with any first day: week 1 is the
// first with four days in the year) and says how many its year has.
func weekOf(day int64, y, first int) (nth, all int) {
	begin := weekOne(y, first)
	if day < begin {
		y--
		begin = weekOne(y, first)
	} else if next := weekOne(y+1, first); day >= next {
		y++
		begin = next
	}
	return int(day-begin)/7 + 1, int(weekOne(y+1, first)-begin) / 7
}

// weekOne is the first day of week 1 of a year: the week of January 4th.
func weekOne(y, first int) int64 {
	d := dayNumber(y, 1, 4)
	return d - floorMod(int64(weekday(d)-first), 7)
}
