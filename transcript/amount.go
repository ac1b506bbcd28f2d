package transcript

import (
	"math"
	"strconv"
	"strings"
)

// quantity is a number as it was said or written, with the words it stands in.
type quantity struct {
	value    float64
	money    bool
	percent  bool
	from, to int // words
}

var numberWords = map[string]float64{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
	"nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}

var scales = map[string]float64{
	"hundred": 100, "thousand": 1000, "grand": 1000, "k": 1000, "million": 1e6, "mil": 1e6, "m": 1e6, "mio": 1e6, "billion": 1e9, "bn": 1e9, "dozen": 12,
}

var currencies = set(`dollar dollars usd bucks buck euro euros eur pound pounds gbp quid cents cent`)

// quantities finds numbers: 40, "forty", $2,400, 2.4k, "two and a half thousand",
// "half a million", "twenty five percent", "a dozen". Years and days of the
// month are left to dates.
func quantities(ws []word, taken []bool) []quantity {
	var out []quantity
	for i := 0; i < len(ws); {
		if taken != nil && taken[i] {
			i++
			continue
		}
		q, n := number(ws[i:])
		if n == 0 {
			i++
			continue
		}
		q.from, q.to = i, i+n
		if q.to < len(ws) {
			switch next := ws[q.to].s; {
			case currencies[next]:
				q.money = true
				if strings.HasPrefix(next, "cent") {
					q.value /= 100
				}
				q.to++
			case next == "percent" || next == "%":
				q.percent = true
				q.to++
			}
		}
		if !(q.value == 1 && !q.money && !q.percent) {
			out = append(out, q)
		}
		i = q.to
	}
	return out
}

// number reads one number at the head of ws and says how many words it took.
func number(ws []word) (quantity, int) {
	var q quantity
	total, part, used, seen := 0.0, 0.0, 0, false
	if v, ok := fraction(ws); ok { // "half a million", "half a dozen"
		return quantity{value: v}, 3
	}
	for used < len(ws) {
		s := ws[used].s
		v, scale, money, ok := numeral(s)
		switch {
		case ok:
			if seen && part >= 1 && v >= part && part < 1000 && part != 0 && !(part >= 20 && v < 10) && scale == 1 && math.Mod(part, 100) != 0 {
				return finish(q, total+part, used)
			}
			part += v * scale
			q.money = q.money || money
			seen = true
		case scales[s] != 0 && (seen || s == "dozen"):
			part = max(part, 1) * scales[s]
			if scales[s] >= 1000 {
				total, part = total+part, 0
			}
			seen = true
		case seen && s == "and" && used+2 < len(ws) && ws[used+1].s == "a" && ws[used+2].s == "half":
			half := 0.5
			if total > 0 && part == 0 { // "two thousand and a half" is not said; "a million and a half" is
				half = 0.5 * total
			}
			part += half
			used += 2
		case seen && s == "and" && part >= 100 && used+1 < len(ws) && numberWords[ws[used+1].s] != 0:
		case !seen && s == "a" && used+1 < len(ws) && scales[ws[used+1].s] >= 12 && len(ws[used+1].s) > 2:
			part, seen = 1, true
		default:
			return finish(q, total+part, used)
		}
		used++
	}
	return finish(q, total+part, used)
}

func finish(q quantity, v float64, used int) (quantity, int) {
	q.value = v
	if v == 0 {
		return q, 0
	}
	return q, used
}

func fraction(ws []word) (float64, bool) {
	if len(ws) > 2 && ws[0].s == "half" && ws[1].s == "a" && scales[ws[2].s] > 1 {
		return scales[ws[2].s] / 2, true
	}
	return 0, false
}

// numeral reads one word: forty, forty-five, 40, 2,400, $2.4k, 10k, €5.
func numeral(s string) (v, scale float64, money, ok bool) {
	if n := numberWords[s]; n != 0 {
		return n, 1, false, true
	}
	if a, b, cut := strings.Cut(s, "-"); cut && numberWords[a] >= 20 && numberWords[b] > 0 && numberWords[b] < 10 {
		return numberWords[a] + numberWords[b], 1, false, true
	}
	for _, c := range []string{"$", "€", "£"} {
		if rest, cut := strings.CutPrefix(s, c); cut {
			s, money = rest, true
		}
	}
	scale = 1
	for _, suffix := range []string{"k", "m", "bn"} {
		if rest, cut := strings.CutSuffix(s, suffix); cut && rest != "" {
			s, scale = rest, scales[suffix]
			break
		}
	}
	s = strings.TrimRight(s, ".,")
	if s == "" || s[0] < '0' || s[0] > '9' || len(s) > 15 {
		return 0, 1, false, false
	}
	if i := strings.IndexAny(s, ".,"); i >= 0 && len(s)-i-1 == 3 {
		s = strings.NewReplacer(",", "", ".", "").Replace(s) // 2,400 and 2.400
	} else {
		s = strings.ReplaceAll(s, ",", "")
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, scale, money, err == nil && !math.IsInf(v, 0)
}
