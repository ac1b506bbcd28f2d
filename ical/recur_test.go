package ical

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/teambition/rrule-go"
)

// TestReferenceRecurrences holds every recurrence of libical's table. All of it
// is covered by RFC 5545, there is no exception.
func TestReferenceRecurrences(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/libical/icalrecur_test.out")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	var rule, start, startAt string
	rules, instances := 0, 0
	for sc.Scan() {
		k, v, _ := strings.Cut(sc.Text(), ":")
		switch k {
		case "RRULE":
			rule, startAt = v, ""
		case "DTSTART":
			start = v
		case "START-AT":
			startAt = v
		case "INSTANCES":
			rules++
			instances += checkReference(t, rule, start, startAt, strings.TrimSpace(v))
		}
	}
	if rules != 70 || instances != 972 {
		t.Errorf("%d recurrences with %d instances were as expected, want 70 with 972", rules, instances)
	}
}

func checkReference(t *testing.T, rule, start, startAt, want string) int {
	r, err := parseRule(rule)
	if err != nil {
		t.Errorf("%s: %v", rule, err)
		return 0
	}
	s, date, utc, err := parseWall(start)
	if err != nil {
		t.Fatal(err)
	}
	from := s.Unix()
	if startAt != "" {
		w, _, _, err := parseWall(startAt)
		if err != nil {
			t.Fatal(err)
		}
		from = w.Unix()
	}
	layout := "20060102T150405"
	if date {
		layout = "20060102"
	} else if utc {
		layout += "Z"
	}
	var got []string
	r.untilUTC = false // the table has no zones
	err = r.each(s.Unix(), from, dayNumber(2100, 1, 1)*daySecs, &budget{maxSteps}, func(w int64) {
		got = append(got, time.Unix(w, 0).UTC().Format(layout))
	})
	if err != nil {
		t.Errorf("%s: %v", rule, err)
	}
	list := strings.Split(want, ",")
	if d := cmp.Diff(list, got); d != "" {
		t.Errorf("%s from %s at %s (-want +got):\n%s", rule, start, startAt, d)
		return 0
	}
	return len(list)
}

// TestRandomRecurrences compares with an engine of another author, over rules
// on which the two follow the same reading of the standard.
func TestRandomRecurrences(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(5545, 1))
	n, total, rules := 0, 0, 3000
	if testing.Short() {
		rules = 400
	}
	for n < rules {
		s := randomRule(rnd)
		start := time.Date(2019+rnd.IntN(4), time.Month(1+rnd.IntN(12)), 1+rnd.IntN(28), rnd.IntN(24), rnd.IntN(60), 0, 0, time.UTC)
		o, err := rrule.StrToROption(s)
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		from := start.AddDate(0, rnd.IntN(30), rnd.IntN(30))
		to := from.AddDate(0, 0, 1+rnd.IntN(500))
		if o.Freq == rrule.HOURLY || o.Freq == rrule.MINUTELY { // the other engine walks all the way, slowly
			from = start.AddDate(0, 0, rnd.IntN(9))
			to = from.AddDate(0, 0, 3)
		}
		o.Dtstart, o.Until = start, to
		other, err := rrule.NewRRule(*o)
		if err != nil {
			continue
		}
		r, err := parseRule(s)
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		var want, got []string
		err = r.each(start.Unix(), from.Unix(), to.Unix(), &budget{10 * maxSteps}, func(w int64) {
			got = append(got, time.Unix(w, 0).UTC().Format(time.DateTime))
		})
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		if got == nil && rnd.IntN(30) > 0 { // what never comes takes the other engine seconds each
			continue
		}
		for _, x := range other.Between(from, to.Add(-time.Second), true) {
			want = append(want, x.Format(time.DateTime))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%s from %s within %s – %s\n got %v\nwant %v", s, start, from, to, got, want)
		}
		n++
		total += len(got)
	}
	t.Logf("%d random recurrences, %d instances", n, total)
}

func randomRule(rnd *rand.Rand) string {
	f := []string{"YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"}[min(rnd.IntN(9), 5)]
	if f == "MINUTELY" && rnd.IntN(3) > 0 {
		f = "MONTHLY"
	}
	s := "FREQ=" + f
	maybe := func(part string, odds int) {
		if rnd.IntN(odds) == 0 {
			s += ";" + part
		}
	}
	sign := func() int { return 1 - 2*rnd.IntN(2) }
	days := []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}
	maybe(fmt.Sprintf("INTERVAL=%d", 1+rnd.IntN(5)), 2)
	maybe(fmt.Sprintf("COUNT=%d", 1+rnd.IntN(200)), 3)
	maybe("WKST="+days[rnd.IntN(7)], 3)
	maybe(fmt.Sprintf("BYMONTH=%d,%d", 1+rnd.IntN(12), 1+rnd.IntN(12)), 3)
	by := days[rnd.IntN(7)] + "," + days[rnd.IntN(7)]
	switch f {
	case "YEARLY":
		switch rnd.IntN(5) {
		case 0:
			s += fmt.Sprintf(";BYYEARDAY=%d,%d", sign()*(1+rnd.IntN(366)), 1+rnd.IntN(366))
		case 1: // with a weekday: without one the other engine takes all seven
			// and not -53, which it does not look for around New Year
			s += fmt.Sprintf(";BYWEEKNO=%d,%d;BYDAY=%s", sign()*(1+rnd.IntN(51)), 1+rnd.IntN(53), by)
		case 2:
			s += fmt.Sprintf(";BYMONTHDAY=%d;BYMONTH=%d", sign()*(1+rnd.IntN(31)), 1+rnd.IntN(12))
		case 3:
			s += fmt.Sprintf(";BYDAY=%d%s", sign()*(1+rnd.IntN(5)), days[rnd.IntN(7)])
		}
	case "MONTHLY":
		maybe(fmt.Sprintf("BYMONTHDAY=%d,%d", sign()*(1+rnd.IntN(31)), 1+rnd.IntN(31)), 2)
		// Not both kinds in one: the other engine takes only what is in both.
		switch rnd.IntN(3) {
		case 0:
			s += ";BYDAY=" + by
		case 1:
			s += fmt.Sprintf(";BYDAY=%d%s,%d%s", sign()*(1+rnd.IntN(5)), days[rnd.IntN(7)], sign()*(1+rnd.IntN(4)), days[rnd.IntN(7)])
		}
	default:
		maybe("BYDAY="+by, 2)
	}
	if f == "DAILY" || f == "HOURLY" {
		maybe(fmt.Sprintf("BYMONTHDAY=%d,%d,%d", 1+rnd.IntN(31), 1+rnd.IntN(31), -1-rnd.IntN(31)), 3)
	}
	if f != "HOURLY" && f != "MINUTELY" {
		maybe(fmt.Sprintf("BYHOUR=%d,%d", rnd.IntN(12), 12+rnd.IntN(12)), 4)
	}
	if f != "MINUTELY" {
		maybe(fmt.Sprintf("BYMINUTE=%d,%d", rnd.IntN(30), 30+rnd.IntN(30)), 4)
		// Not by weeks: the other engine counts positions in a first week cut at DTSTART.
		if strings.Count(s, "BY") > 0 && f != "WEEKLY" {
			maybe(fmt.Sprintf("BYSETPOS=%d,%d", sign()*(1+rnd.IntN(4)), 1+rnd.IntN(3)), 4)
		}
	}
	return s
}

// TestEndlessRecurrences asks for what never comes, or far too often.
func TestEndlessRecurrences(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MINUTELY;INTERVAL=60;BYMINUTE=7",
		"FREQ=SECONDLY;BYSETPOS=2", "FREQ=HOURLY;BYSETPOS=300;BYMINUTE=1,2", "FREQ=SECONDLY", "FREQ=SECONDLY;COUNT=1000000000",
		"FREQ=DAILY;BYDAY=MO;COUNT=1000000000", "FREQ=YEARLY;INTERVAL=10000000", "FREQ=SECONDLY;INTERVAL=10000000;BYMONTH=1",
	} {
		r, err := parseRule(s)
		if err != nil {
			t.Fatal(err)
		}
		start, n := dayNumber(1601, 1, 1)*daySecs, 0
		b := &budget{maxSteps}
		from := dayNumber(2026, 11, 1) * daySecs
		err = r.each(start, from, from+28*daySecs, b, func(int64) { n++ })
		t.Logf("%-50s %7d instances, %v", s, n, err)
		if n > maxSteps {
			t.Errorf("%s: %d instances", s, n)
		}
	}
}

func TestBadRecurrences(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "FREQ=OFTEN", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=-1", "FREQ=DAILY;UNTIL=soon", "FREQ=WEEKLY;BYDAY=XX",
		"FREQ=MONTHLY;BYWEEKNO=3", "FREQ=DAILY;BYHOUR=24", "FREQ=YEARLY;BYMONTH=13", "FREQ=MONTHLY;BYDAY=0MO", "INTERVAL=2", "D1 #5",
		"FREQ=MONTHLY;BYYEARDAY=1", "FREQ=YEARLY;RSCALE=HEBREW", "FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=FORWARD", "FREQ=DAILY;FOO=1"} {
		if _, err := parseRule(s); err == nil {
			t.Errorf("%q was taken", s)
		}
	}
}
