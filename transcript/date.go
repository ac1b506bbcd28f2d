package transcript

import (
	"fmt"
	"strconv"
	"strings"
)

var monthNumber = map[string]int{}
var weekdayNumber = map[string]int{}
var ordinals = map[string]int{}

func init() {
	for i, names := range []string{"january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug", "september sept sep", "october oct", "november nov", "december dec"} {
		for _, n := range strings.Fields(names) {
			monthNumber[n] = i + 1
		}
	}
	for i, names := range []string{"sunday sun", "monday mon", "tuesday tues tue", "wednesday wed", "thursday thurs thur thu", "friday fri", "saturday sat"} {
		for _, n := range strings.Fields(names) {
			weekdayNumber[n] = i
		}
	}
	for i, n := range strings.Fields(`first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
		fifteenth sixteenth seventeenth eighteenth nineteenth twentieth`) {
		ordinals[n] = i + 1
	}
	for i, n := range strings.Fields("first second third fourth fifth sixth seventh eighth ninth") {
		ordinals["twenty-"+n] = 21 + i
	}
	ordinals["thirtieth"], ordinals["thirty-first"] = 30, 31
}

// dates finds days and spans as they are said, in one form: "12-01" for "1 Dec"
// and "the first of December", "month 12", "weekday 5", "tomorrow", "end of
// month", "q3". taken marks the words that belong to one.
func dates(ws []word) (found []string, taken []bool) {
	taken = make([]bool, len(ws))
	mark := func(name string, from, to int) {
		found = append(found, name)
		for i := from; i < to; i++ {
			taken[i] = true
		}
	}
	for i := 0; i < len(ws); i++ {
		s := ws[i].s
		if m, d, ok := isoDay(s); ok {
			mark(fmt.Sprintf("%02d-%02d", m, d), i, i+1)
			continue
		}
		if m := monthNumber[s]; m != 0 && isMonth(ws, i) {
			from, to, d := dayAround(ws, i)
			if to < len(ws) && isYear(ws[to].s) {
				to++
			}
			if d > 0 {
				mark(fmt.Sprintf("%02d-%02d", m, d), from, to)
			} else {
				mark(fmt.Sprintf("month %02d", m), from, to)
			}
			i = to - 1
			continue
		}
		switch next := at(ws, i+1); {
		case len(s) > 3 && weekdays[strings.TrimSuffix(s, "s")]:
			mark(fmt.Sprintf("weekday %d", weekdayNumber[strings.TrimSuffix(s, "s")]), i, i+1)
		case s == "tomorrow" || s == "today" || s == "tonight" || s == "weekend" || s == "noon" || s == "morning" || s == "afternoon" || s == "evening":
			mark(s, i, i+1)
		case (s == "next" || s == "this") && (next == "week" || next == "month" || next == "quarter" || next == "year"):
			mark(s+" "+next, i, i+2)
		case s == "end" && next == "of":
			for k := i + 2; k < i+4 && k < len(ws); k++ {
				if w := ws[k].s; w == "week" || w == "month" || w == "quarter" || w == "year" || w == "day" {
					mark("end of "+w, i, k+1)
					break
				}
			}
		case ordinals[s] > 0 && ordinals[s] < 5 && next == "quarter":
			mark("q"+strconv.Itoa(ordinals[s]), i, i+2)
		case len(s) == 2 && s[0] == 'q' && s[1] >= '1' && s[1] <= '4':
			mark(s, i, i+1)
		}
	}
	return found, taken
}

// isMonth keeps "may" and "march" that are no months out.
func isMonth(ws []word, i int) bool {
	s := ws[i].s
	if s != "may" && s != "march" && s != "mar" && s != "sep" {
		return true
	}
	prev, next := at(ws, i-1), at(ws, i+1)
	_, d := day(next)
	return d || prev == "in" || prev == "of" || prev == "by" || prev == "until" || prev == "till" || prev == "from" || prev == "before" || prev == "since" || prev == "this" || prev == "next" || prev == "end" || isDay(prev)
}

func isDay(s string) bool { _, ok := day(s); return ok }

// dayAround looks for "1 Dec", "the first of December", "December 1st".
func dayAround(ws []word, i int) (from, to, d int) {
	from, to = i, i+1
	k := i - 1
	if k >= 0 && ws[k].s == "of" {
		k--
	}
	if k >= 0 {
		if v, ok := day(ws[k].s); ok {
			from, d = k, v
			if k > 0 && (ws[k-1].s == "twenty" || ws[k-1].s == "thirty") && v < 10 { // "twenty first of"
				d += map[string]int{"twenty": 20, "thirty": 30}[ws[k-1].s]
				from--
			}
			return from, to, d
		}
	}
	k = i + 1
	if k < len(ws) && ws[k].s == "the" {
		k++
	}
	if k < len(ws) {
		if v, ok := day(ws[k].s); ok && !isYear(ws[k].s) {
			to, d = k+1, v
			if (v == 20 || v == 30) && to < len(ws) {
				if u := ordinals[ws[to].s]; u > 0 && u < 10 {
					d, to = v+u, to+1
				}
			}
		}
	}
	return from, to, d
}

// day reads 1, 1st, first, twenty-first, or twenty as a day of the month.
func day(s string) (int, bool) {
	if n := ordinals[s]; n > 0 {
		return n, true
	}
	if n := int(numberWords[s]); n > 1 && n <= 30 {
		return n, true
	}
	for _, suffix := range []string{"st", "nd", "rd", "th"} {
		s = strings.TrimSuffix(s, suffix)
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 1 && n <= 31
}

func isYear(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 1990 && n <= 2100
}

// isoDay reads 2026-12-01.
func isoDay(s string) (m, d int, ok bool) {
	p := strings.Split(s, "-")
	if len(p) != 3 || !isYear(p[0]) {
		return 0, 0, false
	}
	m, e1 := strconv.Atoi(p[1])
	d, e2 := strconv.Atoi(p[2])
	return m, d, e1 == nil && e2 == nil && m >= 1 && m <= 12 && d >= 1 && d <= 31
}
