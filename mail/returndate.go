package mail

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// monthNames are the beginnings of the months' names in the languages that
// away messages are mostly written in; the first that fits wins.
var monthNames = []struct {
	month  time.Month
	starts []string
}{
	{1, []string{"jan", "ene", "gen", "janv", "sty", "tammi", "январ", "oca"}}, {2, []string{"feb", "fév", "fev", "lut", "helmi", "феврал", "şub"}},
	{3, []string{"mar", "mär", "maa", "mrt", "март"}}, {4, []string{"apr", "avr", "abr", "kwi", "huhti", "апрел", "nis"}},
	{5, []string{"may", "mai", "mei", "mag", "maj", "touko", "мая", "май"}}, {6, []string{"jun", "juin", "giu", "cze", "kesä", "июн", "haz"}},
	{7, []string{"jul", "juil", "lug", "lip", "heinä", "июл", "tem"}}, {8, []string{"aug", "aoû", "aou", "ago", "sie", "elo", "август", "ağu"}},
	{9, []string{"sep", "set", "wrz", "syys", "сентябр", "eyl"}}, {10, []string{"oct", "okt", "out", "ott", "paź", "loka", "октябр", "eki"}},
	{11, []string{"nov", "lis", "marras", "ноябр", "kas"}}, {12, []string{"dec", "dez", "déc", "dic", "gru", "joulu", "декабр", "ara"}},
}

var weekdays = map[string]time.Weekday{
	"monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "montag": 1, "dienstag": 2, "mittwoch": 3, "donnerstag": 4, "freitag": 5,
	"lundi": 1, "mardi": 2, "mercredi": 3, "jeudi": 4, "vendredi": 5, "lunes": 1, "martes": 2, "miércoles": 3, "jueves": 4, "viernes": 5,
}

const returnWord = `(?:until|till|through|back|return(?:ing)?|resume|bis|zurück|wieder|ab dem|jusqu|retour|hasta|regres\w*|vuel\w*|fino al|rientr\w*|torn\w*|até|retorn\w*|volt\w*|tot|terug|vanaf|do dnia|wracam|tillbaka|till|tilbage|tilbake|asti|takaisin|до|вернусь|kadar)`

var (
	returnAt    = regexp.MustCompile(`(?i)(?:^|[^\pL])` + returnWord + `[^\pL]`)
	dateISO     = regexp.MustCompile(`\b(20\d\d)[-/](\d{1,2})[-/](\d{1,2})\b`)
	dateNumbers = regexp.MustCompile(`\b(\d{1,2})([./])(\d{1,2})[./]?(20\d\d|\d\d)?\b`)
	dateDayName = regexp.MustCompile(`(?i)\b(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s*(?:of |de |d')?\s*(\pL{3,})\.?,?\s*(?:de )?(20\d\d)?`)
	dateNameDay = regexp.MustCompile(`(?i)(\pL{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b,?\s*(20\d\d)?`)
	dateWeekday = regexp.MustCompile(`(?i)\pL{5,}`)
)

// returnDate finds the day after the first word that means "until" or "back".
// A date without a year is the next such day after sent; one that reads two
// ways (3/4) is left out.
func returnDate(text string, sent time.Time) time.Time {
	for _, at := range returnAt.FindAllStringIndex(text, 10) {
		s := text[at[1]-1:]
		s = strings.ToValidUTF8(s[:min(len(s), 70)], "")
		if i := strings.IndexByte(s, '\n'); i > 30 {
			s = s[:i]
		}
		if t := firstDate(s, sent); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

func firstDate(s string, sent time.Time) time.Time {
	n := func(x string) int { i, _ := strconv.Atoi(x); return i }
	if g := dateISO.FindStringSubmatch(s); g != nil {
		return day(n(g[1]), time.Month(n(g[2])), n(g[3]), sent)
	}
	for _, g := range dateDayName.FindAllStringSubmatch(s, 3) {
		if m := monthOf(g[2]); m > 0 {
			return day(n(g[3]), m, n(g[1]), sent)
		}
	}
	for _, g := range dateNameDay.FindAllStringSubmatch(s, 3) {
		if m := monthOf(g[1]); m > 0 {
			return day(n(g[3]), m, n(g[2]), sent)
		}
	}
	if g := dateNumbers.FindStringSubmatch(s); g != nil {
		a, b, year := n(g[1]), n(g[3]), n(g[4])
		if year > 0 && year < 100 {
			year += 2000
		}
		switch {
		case g[2] == "." || a > 12:
			return day(year, time.Month(b), a, sent)
		case b > 12:
			return day(year, time.Month(a), b, sent)
		}
		return time.Time{}
	}
	for _, w := range dateWeekday.FindAllString(s, 6) {
		if d, ok := weekdays[strings.ToLower(w)]; ok && !sent.IsZero() {
			ahead := (int(d)-int(sent.Weekday())+6)%7 + 1
			y, m, dd := sent.Date()
			return time.Date(y, m, dd+ahead, 0, 0, 0, 0, sent.Location())
		}
	}
	return time.Time{}
}

func monthOf(s string) time.Month {
	s = strings.ToLower(s)
	for _, m := range monthNames {
		for _, p := range m.starts {
			if strings.HasPrefix(s, p) && len(s) <= len(p)+8 {
				return m.month
			}
		}
	}
	return 0
}

func day(year int, month time.Month, d int, sent time.Time) time.Time {
	if month < 1 || month > 12 || d < 1 || d > 31 || year == 0 && sent.IsZero() {
		return time.Time{}
	}
	if year == 0 {
		year = sent.Year()
		if time.Date(year, month, d, 23, 0, 0, 0, sent.Location()).Before(sent) {
			year++
		}
	}
	t := time.Date(year, month, d, 0, 0, 0, 0, sent.Location())
	if t.Day() != d || !sent.IsZero() && t.Sub(sent) > 400*24*time.Hour {
		return time.Time{}
	}
	return t
}
