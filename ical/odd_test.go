package ical

import (
	"strings"
	"testing"
	"time"
)

func file(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n"
}

// meeting is an event of one hour, or a day, unless it says otherwise.
func meeting(lines ...string) string {
	j := strings.Join(lines, " ")
	if !strings.Contains(j, "DTEND") && !strings.Contains(j, "DURATION") && !strings.Contains(j, "X-NOEND") {
		if strings.Contains(lines[0], "VALUE=DATE:") {
			lines = append(lines, "DURATION:P1D")
		} else {
			lines = append(lines, "DURATION:PT1H")
		}
	}
	return "BEGIN:VEVENT\r\nUID:u@x\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:s\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT"
}

const ownZone = "BEGIN:VTIMEZONE\r\nTZID:My Own/Zone\r\nBEGIN:DAYLIGHT\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nDTSTART:20070311T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\r\nEND:DAYLIGHT\r\nBEGIN:STANDARD\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\nDTSTART:20071104T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE"

const berlin = "DTSTART;TZID=Europe/Berlin:20261020T090000"

// odd holds calendars that real programs write, with the starts (UTC) that
// they mean to a reader in Berlin.
var odd = []struct{ name, ics, want string }{
	{"weekly over the end of summer time", file(meeting(berlin, "DTEND;TZID=Europe/Berlin:20261020T100000", "RRULE:FREQ=WEEKLY;COUNT=3")), "1020T0700 1027T0800 1103T0800"},
	{"EXDATE with TZID", file(meeting(berlin, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20261027T090000")), "1020T0700 1103T0800"},
	{"two EXDATE lines and a list", file(meeting(berlin, "RRULE:FREQ=WEEKLY;COUNT=5", "EXDATE;TZID=Europe/Berlin:20261027T090000", "EXDATE;TZID=Europe/Berlin:20261103T090000,20261110T090000")), "1020T0700 1117T0800"},
	{"EXDATE in UTC", file(meeting(berlin, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20261027T080000Z")), "1020T0700 1103T0800"},
	{"EXDATE as a day of a timed series", file(meeting(berlin, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20261027")), "1020T0700 1103T0800"},
	{"EXDATE of the start itself", file(meeting(berlin, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20261020T090000")), "1027T0800 1103T0800"},
	{"one instance moved", file(meeting(berlin, "RRULE:FREQ=WEEKLY;COUNT=3"), meeting("RECURRENCE-ID;TZID=Europe/Berlin:20261027T090000", "DTSTART;TZID=Europe/Berlin:20261028T150000")), "1020T0700 1028T1400 1103T0800"},
	{"one instance moved, named in UTC", file(meeting(berlin, "RRULE:FREQ=WEEKLY;COUNT=3"), meeting("RECURRENCE-ID:20261027T080000Z", "DTSTART;TZID=Europe/Berlin:20261028T150000")), "1020T0700 1028T1400 1103T0800"},
	{"one instance moved, named as a day", file(meeting(berlin, "RRULE:FREQ=WEEKLY;COUNT=3"), meeting("RECURRENCE-ID;VALUE=DATE:20261027", "DTSTART;TZID=Europe/Berlin:20261028T150000")), "1020T0700 1028T1400 1103T0800"},
	{"one instance cancelled", file(meeting(berlin, "RRULE:FREQ=WEEKLY;COUNT=3"), meeting("RECURRENCE-ID;TZID=Europe/Berlin:20261027T090000", "DTSTART;TZID=Europe/Berlin:20261027T090000", "STATUS:CANCELLED")), "1020T0700 1103T0800"},
	{"this and the following moved", file(meeting(berlin, "RRULE:FREQ=WEEKLY;COUNT=4"), meeting("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261103T090000", "DTSTART;TZID=Europe/Berlin:20261104T110000")), "1020T0700 1027T0800 1104T1000 1111T1000"},
	{"this and the following moved, one of them again", file(meeting(berlin, "RRULE:FREQ=WEEKLY;COUNT=4"), meeting("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261027T090000", "DTSTART;TZID=Europe/Berlin:20261027T110000"), meeting("RECURRENCE-ID;TZID=Europe/Berlin:20261103T090000", "DTSTART;TZID=Europe/Berlin:20261105T080000")), "1020T0700 1027T1000 1105T0700 1110T1000"},
	{"this and the following cancelled", file(meeting(berlin, "RRULE:FREQ=WEEKLY;COUNT=4"), meeting("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261103T090000", "DTSTART;TZID=Europe/Berlin:20261103T090000", "STATUS:CANCELLED")), "1020T0700 1027T0800"},
	{"moved far ahead out of a long series", file(meeting("DTSTART;TZID=Europe/Berlin:20200107T090000", "RRULE:FREQ=YEARLY"), meeting("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260107T090000", "DTSTART;TZID=Europe/Berlin:20261007T090000")), "1007T0700"},
	{"an instance without its series", file(meeting("RECURRENCE-ID;TZID=Europe/Berlin:20261027T090000", "DTSTART;TZID=Europe/Berlin:20261028T150000")), "1028T1400"},
	{"UNTIL in UTC at the last start", file(meeting(berlin, "RRULE:FREQ=WEEKLY;UNTIL=20261103T080000Z")), "1020T0700 1027T0800 1103T0800"},
	{"UNTIL a second before it", file(meeting(berlin, "RRULE:FREQ=WEEKLY;UNTIL=20261103T075959Z")), "1020T0700 1027T0800"},
	{"UNTIL as a day of a timed series", file(meeting(berlin, "RRULE:FREQ=WEEKLY;UNTIL=20261103")), "1020T0700 1027T0800 1103T0800"},
	{"UNTIL on the local clock (Outlook)", file(meeting("DTSTART;TZID=America/New_York:20261020T210000", "RRULE:FREQ=WEEKLY;UNTIL=20261103T210000")), "1021T0100 1028T0100 1104T0200"},
	{"all-day weekly", file(meeting("DTSTART;VALUE=DATE:20261020", "RRULE:FREQ=WEEKLY;COUNT=2")), "1019T2200 1026T2300"},
	{"all-day with EXDATE", file(meeting("DTSTART;VALUE=DATE:20261020", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20261027")), "1019T2200 1102T2300"},
	{"all-day with EXDATE at midnight UTC", file(meeting("DTSTART;VALUE=DATE:20261020", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20261027T000000Z")), "1019T2200 1102T2300"},
	{"RDATE", file(meeting("DTSTART:20261020T090000Z", "RDATE:20261022T090000Z,20261024T090000Z")), "1020T0900 1022T0900 1024T0900"},
	{"RDATE as a period", file(meeting("DTSTART:20261020T090000Z", "RDATE;VALUE=PERIOD:20261022T090000Z/PT1H")), "1020T0900 1022T0900"},
	{"Windows zone", file(meeting("DTSTART;TZID=W. Europe Standard Time:20261020T090000", "RRULE:FREQ=WEEKLY;COUNT=2")), "1020T0700 1027T0800"},
	{"zone of the file's own", file(ownZone, meeting("DTSTART;TZID=My Own/Zone:20261020T090000", "RRULE:FREQ=WEEKLY;COUNT=3")), "1020T1300 1027T1300 1103T1400"},
	{"zone described after the event", file(meeting("DTSTART;TZID=My Own/Zone:20261020T090000", "RRULE:FREQ=WEEKLY;COUNT=3"), ownZone), "1020T1300 1027T1300 1103T1400"},
	{"zone with Mozilla's prefix", file(meeting("DTSTART;TZID=/mozilla.org/20070129_1/Europe/Berlin:20261020T090000")), "1020T0700"},
	{"zone in quotes", file(meeting("DTSTART;TZID=\"Europe/Berlin\":20261020T090000")), "1020T0700"},
	{"start in the gap of spring", file(meeting("DTSTART;TZID=Europe/Berlin:20270327T023000", "RRULE:FREQ=DAILY;COUNT=3")), "0327T0130 0328T0130 0329T0030"},
	{"start in the hour that comes twice", file(meeting("DTSTART;TZID=Europe/Berlin:20261024T023000", "RRULE:FREQ=DAILY;COUNT=3")), "1024T0030 1025T0030 1026T0130"},
	{"the same in a zone of the file's own", file(ownZone, meeting("DTSTART;TZID=My Own/Zone:20261031T013000", "RRULE:FREQ=DAILY;COUNT=3")), "1031T0530 1101T0530 1102T0630"},
	{"hourly over spring", file(meeting("DTSTART;TZID=America/New_York:20270314T000000", "RRULE:FREQ=HOURLY;COUNT=4")), "0314T0500 0314T0600 0314T0700 0314T0800"},
	{"every 30 minutes over autumn", file(meeting("DTSTART;TZID=Europe/Berlin:20261025T020000", "RRULE:FREQ=MINUTELY;INTERVAL=30;COUNT=5")), "1025T0000 1025T0030 1025T0100 1025T0130 1025T0200"},
	{"hourly within hours", file(meeting("DTSTART;TZID=Europe/Berlin:20261024T090000", "RRULE:FREQ=HOURLY;BYHOUR=9,10;UNTIL=20261026T220000Z")), "1024T0700 1024T0800 1025T0800 1025T0900 1026T0800 1026T0900"},
	{"last weekday of the month", file(meeting("DTSTART:20261030T090000Z", "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3")), "1030T0900 1130T0900 1231T0900"},
	{"DURATION for DTEND", file(meeting("DTSTART:20261020T090000Z", "DURATION:PT90M")), "1020T0900"},
	{"neither DTEND nor DURATION", file(meeting("DTSTART:20261020T090000Z", "X-NOEND:1")), "1020T0900"},
	{"bare LF, folded by a tab", strings.ReplaceAll(file(meeting("DTSTART:20261020T090000Z", "DESCRIPTION:long\r\n\t folded")), "\r\n", "\n"), "1020T0900"},
	{"bare CR", strings.ReplaceAll(file(meeting("DTSTART:20261020T090000Z")), "\r\n", "\r"), "1020T0900"},
	{"byte order mark", "\xef\xbb\xbf" + file(meeting("DTSTART:20261020T090000Z")), "1020T0900"},
	{"UTF-16", utf16le(file(meeting("DTSTART:20261020T090000Z"))), "1020T0900"},
	{"a line that is none", file(meeting("DTSTART:20261020T090000Z", "THIS IS JUNK")), "1020T0900"},
	{"a description over bare lines", file(meeting("DTSTART:20261020T090000Z", "DESCRIPTION:first", "second line: with a colon", "", "third; more")), "1020T0900"},
	{"a parameter with a stray quote", file(meeting("DTSTART:20261020T090000Z", "X-FOO;P=a\"b:1")), "1020T0900"},
	{"floating", file(meeting("DTSTART:20261020T090000")), "1020T0700"},
	{"a day without VALUE=DATE", file(meeting("DTSTART:20261020", "X-NOEND:1")), "1019T2200"},
	{"no seconds", file(meeting("DTSTART:20261020T0900Z")), "1020T0900"},
	{"marks of ISO 8601", file(meeting("DTSTART:2026-10-20T09:00:00Z")), "1020T0900"},
	{"lower case", strings.ToLower(file("BEGIN:VEVENT", "DTSTART:20261020T090000Z", "RRULE:FREQ=DAILY;COUNT=2", "END:VEVENT")), "1020T0900 1021T0900"},
	{"two files in one", file(meeting("DTSTART:20261020T090000Z")) + file(meeting("DTSTART:20261021T090000Z")), "1020T0900 1021T0900"},
}

func utf16le(s string) string {
	b := []byte("\xff\xfe")
	for _, c := range []byte(s) {
		b = append(b, c, 0)
	}
	return string(b)
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func day(s string) time.Time {
	d, err := time.Parse("2006-01-02", s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestOddCalendars(t *testing.T) {
	t.Parallel()
	ber := zone(t, "Europe/Berlin")
	for _, c := range odd {
		cal, err := Parse([]byte(c.ics))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		occ, err := cal.Occurrences(day("2026-10-01"), day("2027-04-01"), ber)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		var got []string
		for _, o := range occ {
			got = append(got, o.Start.Format("0102T1504"))
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, g, c.want)
		}
		for _, p := range cal.Problems {
			if p.Lost {
				t.Errorf("%s: %s", c.name, p)
			}
		}
	}
}

// TestLengths holds sections 3.3.6 and 3.8.5.3: an end is exact, days of a
// duration follow the clock.
func TestLengths(t *testing.T) {
	t.Parallel()
	ber := zone(t, "Europe/Berlin")
	for _, c := range []struct{ lines, want string }{
		{"DTSTART;TZID=Europe/Berlin:20261024T120000|DURATION:P1D", "1024T1000-1025T1100"},
		{"DTSTART;TZID=Europe/Berlin:20261024T120000|DURATION:PT24H", "1024T1000-1025T1000"},
		{"DTSTART;TZID=Europe/Berlin:20261024T120000|DURATION:P1DT1H", "1024T1000-1025T1200"},
		{"DTSTART;TZID=Europe/Berlin:20261024T120000|DTEND;TZID=Europe/Berlin:20261025T120000", "1024T1000-1025T1100"},
		{"DTSTART;VALUE=DATE:20261025|X-NOEND:1", "1024T2200-1025T2300"},
		{"DTSTART;VALUE=DATE:20261024|DTEND;VALUE=DATE:20261026", "1023T2200-1025T2300"},
		{"DTSTART;VALUE=DATE:20261024|DTEND;VALUE=DATE:20261024", "1023T2200-1024T2200"},
		{"DTSTART;TZID=Europe/London:20261020T090000|DTEND;TZID=America/New_York:20261020T090000", "1020T0800-1020T1300"},
		{"DTSTART;TZID=Europe/Berlin:20261025T024500|DTEND;TZID=Europe/Berlin:20261025T021500", "1025T0045-1025T0115"},
		{"DTSTART:20261020T090000Z|X-NOEND:1", "1020T0900-1020T0900"},
	} {
		cal, err := Parse([]byte(file(meeting(strings.Split(c.lines, "|")...))))
		if err != nil {
			t.Fatal(err)
		}
		occ, err := cal.Occurrences(day("2026-10-01"), day("2026-12-01"), ber)
		if err != nil || len(occ) != 1 {
			t.Fatalf("%s: %v, %v", c.lines, occ, err)
		}
		if got := occ[0].Start.Format("0102T1504-") + occ[0].End.Format("0102T1504"); got != c.want {
			t.Errorf("%s: %s, want %s", c.lines, got, c.want)
		}
	}
}
