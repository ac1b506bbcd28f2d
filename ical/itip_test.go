package ical

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var stamp = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func call() Event {
	start := time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)
	return Event{UID: "meet-42@example.com", Sequence: 1, Stamp: stamp, Start: UTCMoment(start), End: UTCMoment(start.Add(30 * time.Minute)),
		Summary: "Vertrag: 30 Minuten, Köln; \"final\"\nzweite Zeile \\ Ende", Description: strings.Repeat("sehr lange Zeile mit Ümläuten und 漢字 ", 9),
		Location: "https://example.com/call", Status: Confirmed,
		Organizer: Party{Name: `Sam "the" Seller, Ltd; ^x`, Address: "sam@example.com"},
		Attendees: []Party{{Name: "Anna Müller", Address: "anna@example.com", Answer: NoAnswer, Role: "REQ-PARTICIPANT", RSVP: true}}}
}

var sameEvent = cmp.Options{cmpopts.IgnoreUnexported(Event{}), cmp.Comparer(func(a, b Moment) bool {
	return a.Date == b.Date && a.Wall.Equal(b.Wall) && (a.Zone == nil) == (b.Zone == nil) && (a.Zone == nil || a.Zone.Name == b.Zone.Name)
})}

func TestInvitationThereAndBack(t *testing.T) {
	t.Parallel()
	e := call()
	b, err := Request(e)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range strings.Split(strings.TrimSuffix(string(b), "\r\n"), "\r\n") {
		if len(l) > 75 || strings.ContainsAny(l, "\r\n") {
			t.Errorf("a line of %d octets: %q", len(l), l)
		}
	}
	i, err := ParseInvitation(b, "")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(e, i.Events[0], sameEvent); d != "" {
		t.Errorf("(-sent +read):\n%s", d)
	}
	if i.Method != MethodRequest || i.UID != e.UID || i.Organizer.Address != "sam@example.com" {
		t.Errorf("read as %s %s %v", i.Method, i.UID, i.Organizer)
	}

	b, err = Reply(i.Events[0], i.Events[0].Attendees[0], Accepted, "see you", stamp)
	if err != nil {
		t.Fatal(err)
	}
	r, err := ParseInvitation(b, "")
	if err != nil {
		t.Fatal(err)
	}
	who, ok := r.From()
	if !ok || who.Address != "anna@example.com" || who.Answer != Accepted || r.Events[0].Comment != "see you" || r.Events[0].Sequence != 1 {
		t.Errorf("answer: %+v from %+v", r.Events[0], who)
	}

	later := UTCMoment(stamp.Add(48 * time.Hour))
	b, err = Counter(e, e.Attendees[0], later, UTCMoment(stamp.Add(49*time.Hour)), "rather then", stamp)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ParseInvitation(b, "")
	if err != nil || c.Method != MethodCounter || !c.Events[0].Start.At(nil).Equal(stamp.Add(48*time.Hour)) {
		t.Errorf("proposal: %+v, %v", c, err)
	}

	e.Sequence = 2
	b, err = Cancel(e)
	if err != nil {
		t.Fatal(err)
	}
	x, err := ParseInvitation(b, "")
	if err != nil || x.Method != MethodCancel || x.Events[0].Status != Cancelled || !x.Events[0].Newer(&i.Events[0]) {
		t.Errorf("cancellation: %+v, %v", x, err)
	}
}

func TestOddInvitations(t *testing.T) {
	t.Parallel()
	bare := strings.Replace(string(must(Request(call()))), "METHOD:REQUEST\r\n", "", 1)
	if i, err := ParseInvitation([]byte(bare), "request"); err != nil || i.Method != MethodRequest {
		t.Errorf("the method of the mail part: %v, %v", i.Method, err)
	}
	if _, err := ParseInvitation([]byte(bare), ""); err == nil {
		t.Error("no method at all was taken")
	}
	two := call()
	two.UID = "other@example.com"
	if _, err := ParseInvitation(must(Encode(MethodRequest, call(), two)), ""); err == nil {
		t.Error("two meetings were taken")
	}
	answer := "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:a\r\nATTENDEE;PARTSTAT=DECLINED:MAILTO:Anna@Example.com\r\nORGANIZER:mailto:sam@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	i, err := ParseInvitation([]byte(answer), "")
	if p, ok := i.From(); err != nil || !ok || p.Address != "anna@example.com" || p.Answer != Declined {
		t.Errorf("an answer without a time: %+v, %v", i, err)
	}
	for _, bad := range []func(*Event){
		func(e *Event) { e.UID = "" },
		func(e *Event) { e.Stamp = time.Time{} },
		func(e *Event) { e.Start = Moment{} },
		func(e *Event) { e.Organizer.Address = "sam@example.com\r\nATTENDEE:mailto:eve@example.com" },
		func(e *Event) { e.Attendees = nil },
		func(e *Event) { e.Rule = "FREQ=SOMETIMES" },
		func(e *Event) { e.Rule = "FREQ=WEEKLY" }, // in UTC it would drift
		func(e *Event) { e.Length = "an hour" },
	} {
		e := call()
		bad(&e)
		if b, err := Request(e); err == nil {
			t.Errorf("was written:\n%s", b)
		}
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// TestWordsThereAndBack holds for any words: what is written is one event that
// says the same, whatever stands in it.
func TestWordsThereAndBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := call()
		words := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("\\;,:\"^\n\r\t nN漢Ü"))))
		e.Summary, e.Location, e.Organizer.Name = words.Draw(t, "summary"), words.Draw(t, "place"), words.Draw(t, "name")
		b, err := Request(e)
		if err != nil {
			t.Fatal(err)
		}
		i, err := ParseInvitation(b, "")
		if err != nil || len(i.Problems) > 0 {
			t.Fatalf("%v %v\n%s", err, i.Problems, b)
		}
		plain := strings.NewReplacer("\r\n", "\n", "\r", "\n")
		want := func(s string) string {
			return strings.Map(func(r rune) rune {
				if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
					return -1
				}
				return r
			}, plain.Replace(s))
		}
		got := i.Events[0]
		if got.Summary != want(e.Summary) || got.Location != want(e.Location) || got.Organizer.Name != want(e.Organizer.Name) {
			t.Fatalf("%q %q %q came back as %q %q %q", e.Summary, e.Location, e.Organizer.Name, got.Summary, got.Location, got.Organizer.Name)
		}
	})
}

// TestZonedSeries writes a series in zones of every kind, renames its zone so
// that only the description counts, and compares the instants.
func TestZonedSeries(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "America/Santiago", "Asia/Jerusalem", "Pacific/Apia"} {
		l := zone(t, name)
		e := call()
		e.Start, e.End = ZonedMoment(time.Date(2026, 2, 3, 9, 0, 0, 0, l), l), ZonedMoment(time.Date(2026, 2, 3, 10, 0, 0, 0, l), l)
		e.Rule = "FREQ=DAILY;COUNT=1000"
		b := must(Request(e))
		c, err := Parse([]byte(strings.ReplaceAll(string(b), name, "Somewhere of our own")))
		if err != nil || len(c.Problems) > 0 {
			t.Fatalf("%s: %v %v\n%s", name, err, c.Problems, b)
		}
		occ, err := c.Occurrences(day("2026-01-01"), day("2030-01-01"), time.UTC)
		if err != nil || len(occ) != 1000 {
			t.Fatalf("%s: %d, %v", name, len(occ), err)
		}
		for i, o := range occ {
			if want := time.Date(2026, 2, 3+i, 9, 0, 0, 0, l); !o.Start.Equal(want) {
				t.Fatalf("%s: %s, want %s\n%s", name, o.Start, want, b)
			}
		}
	}
}

// TestAlone: one time of a series is named as the series is written.
func TestAlone(t *testing.T) {
	t.Parallel()
	for start, want := range map[string]string{
		"DTSTART;TZID=Europe/Oslo:20260324T100000": `RECURRENCE-ID;TZID="Europe/Oslo":20260331T100000`, // the clock went on in between
		"DTSTART:20260324T100000Z":                 "RECURRENCE-ID:20260331T100000Z",
		"DTSTART;VALUE=DATE:20260324":              "RECURRENCE-ID;VALUE=DATE:20260331",
	} {
		c, err := Parse([]byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:s\r\nDTSTAMP:20260101T000000Z\r\n" + start + "\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nORGANIZER:mailto:maya@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		times, err := c.Occurrences(stamp.AddDate(-1, 0, 0), stamp.AddDate(1, 0, 0), time.UTC)
		if err != nil || len(times) != 3 {
			t.Fatalf("%s: %d times, %v", start, len(times), err)
		}
		b, err := Counter(times[1].Alone(), Party{Address: "sam@example.com"}, UTCMoment(stamp), UTCMoment(stamp.Add(time.Hour)), "", stamp)
		if err != nil || !strings.Contains(string(b), want+"\r\n") || strings.Contains(string(b), "RRULE:FREQ=WEEKLY") {
			t.Errorf("%s: %v, no %q in %s", start, err, want, b)
		}
		if !c.Events[0].Repeats() {
			t.Errorf("%s: the series was changed", start)
		}
	}
}
