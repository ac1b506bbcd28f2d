package mail

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// zoneHours are the zone names that mean one thing: RFC 5322 §4.3 and those
// that programs write. Go's own parser reads every unknown name as UTC.
var zoneHours = map[string]float64{
	"UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1,
	"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
	"CET": 1, "CEST": 2, "MET": 1, "MEST": 2, "MEZ": 1, "MESZ": 2, "BST": 1, "EET": 2, "EEST": 3, "MSK": 3, "MSD": 4, "TRT": 3,
	"JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "PHT": 8, "WIB": 7, "NPT": 5.75, "AEST": 10, "AEDT": 11, "ACST": 9.5, "ACDT": 10.5, "AWST": 8, "NZST": 12, "NZDT": 13,
	"NST": -3.5, "NDT": -2.5, "BRT": -3, "BRST": -2, "ART": -3, "SAST": 2, "EAT": 3, "WAT": 1, "CAT": 2, "PKT": 5,
}

const months = "janfebmaraprmayjunjulaugsepoctnovdec"

var (
	dayFirst   = regexp.MustCompile(`(?i)(\d{1,2})[ \-./]+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[ ,\-./]+(\d{2,4})[ ,T]+(?:at )?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)?\s*([ap]\.?m\b\.?)?\s*(.*)$`)
	monthFirst = regexp.MustCompile(`(?i)(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(\d{1,2}),?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s+([A-Z]+\s+|[+-]\d{4}\s+)?(\d{4})\s*(.*)$`)
	offset     = regexp.MustCompile(`([+-])(\d{1,2}):?(\d{2})?\b`)
	zoneName   = regexp.MustCompile(`^\(?([A-Za-z]{1,5})\b`)
)

// readDate reads a Date field. The doubt is "" when date and zone are clear;
// a time without a usable zone is read as UTC and doubted.
func readDate(s string) (t time.Time, doubt string) {
	s = strings.TrimSpace(s)
	if s == "" {
		return t, "no date"
	}
	if len(s) > 200 {
		s = s[:200]
	}
	for _, layout := range []string{"Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 -0700 (MST)", time.RFC3339, "2006-01-02 15:04:05 -0700"} {
		if t, err := time.Parse(layout, s); err == nil {
			return plausible(t, "")
		}
	}
	if t, err := time.Parse("2006-01-02 15:04:05", s); err == nil {
		return plausible(t, "the date has no zone: read as UTC")
	}
	number := func(x string) int { n, _ := strconv.Atoi(x); return n }
	var year, day, hour, minute, second int
	var name, zone, half string
	if g := dayFirst.FindStringSubmatch(s); g != nil {
		day, name, year, hour, minute, second, half, zone = number(g[1]), g[2], number(g[3]), number(g[4]), number(g[5]), number(g[6]), strings.ToLower(g[7]), g[8]
	} else if g := monthFirst.FindStringSubmatch(s); g != nil {
		name, day, hour, minute, second, zone, year = g[1], number(g[2]), number(g[3]), number(g[4]), number(g[5]), g[6]+g[8], number(g[7])
	} else {
		return t, fmt.Sprintf("the date %.60q cannot be read", s)
	}
	switch {
	case strings.HasPrefix(half, "p") && hour < 12:
		hour += 12
	case strings.HasPrefix(half, "a") && hour == 12:
		hour = 0
	}
	if year < 50 {
		year += 2000
	} else if year < 1000 { // also programs that wrote the years since 1900
		year += 1900
	}
	month := time.Month(strings.Index(months, strings.ToLower(name))/3 + 1)
	seconds, doubt := readZone(zone)
	t = time.Date(year, month, day, hour, minute, second, 0, time.FixedZone("", seconds))
	if t.Day() != day || hour > 23 || minute > 59 || second > 60 {
		return time.Time{}, fmt.Sprintf("the date %.60q does not exist", s)
	}
	return plausible(t, doubt)
}

// readZone returns the seconds east of UTC. A numeric offset wins over a name
// beside it, as in "GMT+0100".
func readZone(s string) (seconds int, doubt string) {
	s = strings.TrimSpace(s)
	if g := offset.FindStringSubmatch(s); g != nil {
		h, _ := strconv.Atoi(g[2])
		m, _ := strconv.Atoi(g[3])
		if h > 14 || m > 59 {
			return 0, "the date's zone " + g[0] + " does not exist: read as UTC"
		}
		seconds = h*3600 + m*60
		if g[1] == "-" {
			seconds = -seconds
		}
		return seconds, ""
	}
	g := zoneName.FindStringSubmatch(s)
	if g == nil {
		return 0, "the date has no zone: read as UTC"
	}
	name := strings.ToUpper(g[1])
	if name == "IST" { // India, Ireland, Israel
		return 0, "the date's zone IST means three things: read as UTC"
	}
	if h, ok := zoneHours[name]; ok {
		return int(h * 3600), ""
	}
	return 0, "the date's zone " + name + " is not known: read as UTC"
}

// plausible doubts what no mail was sent at.
func plausible(t time.Time, doubt string) (time.Time, string) {
	if _, off := t.Zone(); off > 14*3600 || off < -12*3600 {
		return t.UTC(), "the date's zone does not exist"
	}
	if y := t.UTC().Year(); y < 1975 || y > 2150 {
		return t, fmt.Sprintf("the date is of the year %d", y)
	}
	return t, doubt
}
