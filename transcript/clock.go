package transcript

import (
	"math"
	"strings"
)

// clock reads 1:02, 00:01:02, 01:02.500, 01:02,500 or 1h02m03s as seconds; the
// second result says how much of s it used, 0 when s does not begin with a time.
func clock(s string) (sec float64, used int) {
	parts, i := 0, 0
	total := 0.0
	for parts < 3 {
		v, k := digits(s[i:], 5)
		if k == 0 {
			break
		}
		if parts > 0 && (k != 2 || v >= 60) {
			return 0, 0
		}
		total = total*60 + float64(v)
		i += k
		parts++
		if i < len(s) && s[i] == ':' && parts < 3 {
			i++
			continue
		}
		break
	}
	if parts < 2 || i > 0 && s[i-1] == ':' {
		return 0, 0
	}
	if i+1 < len(s) && (s[i] == '.' || s[i] == ',') {
		if v, k := digits(s[i+1:], 9); k > 0 {
			total += float64(v) / math.Pow10(k)
			i += 1 + k
		}
	}
	return total, i
}

func digits(s string, most int) (v, used int) {
	for used < len(s) && used < most && s[used] >= '0' && s[used] <= '9' {
		v = v*10 + int(s[used]-'0')
		used++
	}
	return v, used
}

// arrow reads a timing line, "from --> to settings"; comma says that the
// fraction stands after a comma, as SubRip writes it.
func arrow(line string) (from, to float64, comma, ok bool) {
	a, b, found := strings.Cut(line, "-->")
	if !found {
		return 0, 0, false, false
	}
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	from, n := clock(a)
	to, m := clock(b)
	if n == 0 || n != len(a) || m == 0 || m < len(b) && b[m] != ' ' && b[m] != '\t' || to < from {
		return 0, 0, false, false
	}
	return from, to, strings.Contains(a, ","), true
}
