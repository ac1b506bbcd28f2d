package dottedline

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func inZone(t testing.TB, h Hours) Hours {
	t.Helper()
	h, err := h.Local()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func minute(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	h := inZone(t, OfficeHours("UTC"))
	night := QuietHours{On: true, From: 20 * 60, To: 7 * 60}
	for _, c := range []struct {
		q         QuietHours
		now, want string
	}{
		{night, "2026-03-02 19:59", ""},
		{night, "2026-03-02 20:00", "2026-03-03 07:00"},
		{night, "2026-03-03 06:59", "2026-03-03 07:00"},
		{night, "2026-03-03 07:00", ""},
		{QuietHours{On: true, From: 12 * 60, To: 13 * 60}, "2026-03-02 12:30", "2026-03-02 13:00"},
		{QuietHours{On: true, From: 20 * 60, To: 7 * 60, DaysOff: true}, "2026-03-06 21:00", "2026-03-09 07:00"}, // Friday night to Monday
		{QuietHours{On: true, DaysOff: true}, "2026-03-07 12:00", "2026-03-09 00:00"},
		{QuietHours{From: 20 * 60, To: 7 * 60}, "2026-03-02 22:00", ""},
	} {
		got, want := c.q.Until(minute(c.now), h), time.Time{}
		if c.want != "" {
			want = minute(c.want)
		}
		if !got.Equal(want) {
			t.Errorf("%+v at %s: until %v, want %v", c.q, c.now, got, want)
		}
	}
}

// TestQuietLaws: whatever the hours, quiet that holds ends, and at its end it
// does not hold; in between it does.
func TestQuietLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, err := OfficeHours(rapid.SampledFrom([]string{"UTC", "Europe/Oslo", "America/New_York", "Australia/Lord_Howe"}).Draw(t, "zone")).Local()
		if err != nil {
			t.Fatal(err)
		}
		q := QuietHours{On: true, From: rapid.IntRange(0, 1439).Draw(t, "from"), To: rapid.IntRange(0, 1439).Draw(t, "to"), DaysOff: rapid.Bool().Draw(t, "off")}
		now := time.Date(2026, 1, 1, 0, rapid.IntRange(0, 525_600).Draw(t, "minute"), 0, 0, time.UTC)
		end := q.Until(now, h)
		if end.IsZero() {
			return
		}
		if !end.After(now) || end.Sub(now) > 8*24*time.Hour {
			t.Fatalf("%+v at %v ends at %v", q, now, end)
		}
		if again := q.Until(end, h); !again.IsZero() {
			t.Fatalf("at its end %v it holds until %v", end, again)
		}
		if mid := now.Add(end.Sub(now) / 2); !q.Until(mid, h).Equal(end) {
			t.Fatalf("half way, at %v, it ends at %v and not at %v", mid, q.Until(mid, h), end)
		}
	})
}

func TestDigestNext(t *testing.T) {
	t.Parallel()
	h := OfficeHours("Europe/Oslo")
	h.Holidays = []string{"2026-03-09"}
	h = inZone(t, h)
	d := Digest{On: true, At: 8 * 60}
	for now, want := range map[string]string{"2026-03-02 05:00": "2026-03-02 07:00", "2026-03-02 07:00": "2026-03-03 07:00", "2026-03-06 08:00": "2026-03-10 07:00", "2026-03-27 08:00": "2026-03-30 06:00"} {
		if got := d.Next(minute(now), h); !got.Equal(minute(want)) {
			t.Errorf("after %s: %v, want %s", now, got.UTC(), want)
		}
	}
	if got := (Digest{At: 8 * 60}).Next(minute("2026-03-02 05:00"), h); !got.IsZero() {
		t.Errorf("one that is off comes at %v", got)
	}
	if got := d.Next(minute("2026-03-02 05:00"), inZone(t, Hours{Zone: "UTC", Days: [7]Span{3: {540, 1020}}})); !got.Equal(minute("2026-03-04 08:00")) {
		t.Errorf("who works on Wednesdays gets it on %v", got)
	}
}

func TestLateness(t *testing.T) {
	t.Parallel()
	h := inZone(t, OfficeHours("UTC"))
	for _, c := range []struct {
		p          Promise
		answering  time.Duration
		since      string
		turns, due string
	}{
		{2, 4 * time.Minute, "2026-03-02 10:00", "2026-03-02 11:30", "2026-03-02 12:00"},
		{2, 50 * time.Minute, "2026-03-02 10:00", "2026-03-02 11:10", "2026-03-02 12:00"}, // who takes long is told early
		{2, 4 * time.Minute, "2026-03-06 16:00", "2026-03-09 09:30", "2026-03-09 10:00"},  // over the weekend
		{2, 9 * time.Hour, "2026-03-02 10:00", "2026-03-02 10:00", "2026-03-02 12:00"},
	} {
		l := c.p.Late(minute(c.since), c.answering, h)
		if !l.Turns.Equal(minute(c.turns)) || !l.Due.Equal(minute(c.due)) {
			t.Errorf("%+v: %+v", c, l)
		}
	}
	if l := Promise(0).Late(minute("2026-03-02 10:00"), 0, h); l != (Lateness{}) || l.Soon(minute("2030-01-01 00:00")) || l.Broken(minute("2030-01-01 00:00")) {
		t.Errorf("no promise is %+v", l)
	}
	rapid.Check(t, func(t *rapid.T) {
		p := Promise(rapid.Float64Range(.1, 40).Draw(t, "hours"))
		since := minute("2026-03-02 00:00").Add(time.Duration(rapid.Int64Range(0, 30*24*60).Draw(t, "since")) * time.Minute)
		l := p.Late(since, time.Duration(rapid.IntRange(0, 600).Draw(t, "answering"))*time.Minute, h)
		if l.Turns.After(l.Due) || l.Turns.Before(since) {
			t.Fatalf("turns at %v, due at %v, since %v", l.Turns, l.Due, since)
		}
		if left, least := h.Working(l.Turns, l.Due), hoursOf(float64(p))/4; left < least-time.Microsecond {
			t.Fatalf("it turns when %v are left, of %v hours", left, p)
		}
	})
}

func TestStandIn(t *testing.T) {
	t.Parallel()
	h := inZone(t, OfficeHours("UTC"))
	now := minute("2026-03-04 12:00")
	week := func(to MemberID) Told { return Told{Away: Away{From: "2026-03-02", To: "2026-03-06", Stand: to}} }
	for _, c := range []struct {
		told map[MemberID]Told
		want MemberID
	}{
		{nil, 1}, {map[MemberID]Told{1: week(2)}, 2}, {map[MemberID]Told{1: week(0)}, 1}, {map[MemberID]Told{1: week(2), 2: week(3)}, 3},
		{map[MemberID]Told{1: week(2), 2: week(0)}, 2}, {map[MemberID]Told{1: week(2), 2: week(1)}, 1},
		{map[MemberID]Told{1: {Away: Away{From: "2026-03-05", To: "2026-03-06", Stand: 2}}}, 1},
	} {
		if got := StandIn(1, now, c.told, map[MemberID]Hours{1: h, 2: h, 3: h}); got != c.want {
			t.Errorf("%+v: %v, want %v", c.told, got, c.want)
		}
	}
	if back := week(0).Away.Back(h); !back.Equal(minute("2026-03-09 09:00")) {
		t.Errorf("back on %v", back)
	}
	for _, a := range []Away{{From: "2026-03-02"}, {From: "2026-03-06", To: "2026-03-02"}, {From: "soon", To: "later"}} {
		if a.Check() == nil {
			t.Errorf("took %+v", a)
		}
	}
}

func TestRetryIn(t *testing.T) {
	t.Parallel()
	n, last := 0, time.Duration(0)
	for at := time.Duration(0); at < DeliverFor; at += last {
		wait := RetryIn(at)
		if wait < last || wait < 5*time.Second || wait > 6*time.Hour {
			t.Fatalf("after %v it waits %v, before that %v", at, wait, last)
		}
		last, n = wait, n+1
	}
	if n < 20 || n > 60 {
		t.Errorf("%d tries in %v", n, DeliverFor)
	}
}
