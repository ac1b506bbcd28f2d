package ical

const daySecs = 86400

// Days are counted from 1970-01-01. The two conversions are those of Howard
// Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013).

func dayNumber(y, m, d int) int64 {
	if m <= 2 {
		y--
	}
	era := floorDiv(int64(y), 400)
	yoe := int64(y) - era*400
	mp := int64((m + 9) % 12)
	doy := (153*mp+2)/5 + int64(d) - 1
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 719468
}

func civilDate(n int64) (y, m, d int) {
	n += 719468
	era := floorDiv(n, 146097)
	doe := n - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d = int(doy - (153*mp+2)/5 + 1)
	m = int(mp+2)%12 + 1
	y = int(yoe + era*400)
	if m <= 2 {
		y++
	}
	return y, m, d
}

// weekday counts from Sunday, like time.Weekday.
func weekday(n int64) int { return int(floorMod(n+4, 7)) }

func leap(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

func yearDays(y int) int {
	if leap(y) {
		return 366
	}
	return 365
}

func monthDays(y, m int) int {
	switch m {
	case 2:
		return yearDays(y) - 337
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func floorMod(a, b int64) int64 { return a - floorDiv(a, b)*b }
