package dottedline

import (
	"math"
	"testing"
	"time"

	"dottedline/survival"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// learned draws what some deals have taught.
func learned(t *rapid.T) *Model {
	var l Learned
	c := survival.NewClock()
	for range rapid.IntRange(0, 5).Draw(t, "deals") {
		ts := touches(t)
		for _, x := range Stays(ts, time.Time{}, day0.AddDate(0, 1, 0)) {
			counts, err := x.Counts()
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range counts {
				if err := c.Add(n); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	l.Counts = c.Counts()
	m, err := NewModel(l)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestOutlookLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := learned(t)
		ts := touches(t)
		s, _ := Fold(ts)
		now := day0.Add(time.Duration(rapid.IntRange(0, 100_000).Draw(t, "now")) * time.Minute)
		o, ok := m.Outlook(s, now, 1000)
		if !ok {
			return
		}
		if e := o.Signed; !(0 <= e.Lo && e.Lo <= e.Value && e.Value <= e.Hi && e.Hi <= 1) {
			t.Fatalf("P(signed) %+v", e)
		}
		if !(o.Days >= 0) || o.Own < 0 || o.Own > 1 {
			t.Fatalf("days %v, own %v", o.Days, o.Own)
		}
		double, _ := m.Outlook(s, now, 2000)
		if !near(double.Momentum.Value, 2*o.Momentum.Value) || !near(double.Momentum.Hi, 2*o.Momentum.Hi) {
			t.Fatalf("twice the value moves at %v, not twice %v", double.Momentum, o.Momentum)
		}
	})
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(math.Abs(a)+math.Abs(b)) }

func TestWaitingLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := learned(t)
		s, _ := Fold(touches(t))
		s.Value = Money{rapid.Int64Range(100, 1e9).Draw(t, "value"), "USD"}
		at := day0.Add(time.Duration(rapid.IntRange(0, 100_000).Draw(t, "at")) * time.Minute)
		later := at.Add(time.Duration(rapid.IntRange(0, 100_000).Draw(t, "later")) * time.Minute)
		a, b := s.Stand(at, m, 1000, 1), s.Stand(later, m, 1000, 1)
		if a.Cell == Hidden {
			return
		}
		if a.Action == b.Action && a.Since.Equal(b.Since) && b.Won > a.Won*(1+1e-9) {
			t.Fatalf("P(signed) rose from %v to %v by waiting", a.Won, b.Won)
		}
		if c := float64(a.Cost(at)); math.Abs(c-a.Waiting.Value) > 1e-9*c || !(0 <= a.Waiting.Lo && a.Waiting.Lo <= a.Waiting.Value && a.Waiting.Value <= a.Waiting.Hi) {
			t.Fatalf("costs %v a day, ranked by %v", a.Waiting, c)
		}
		if !a.Next.IsZero() && !a.Next.After(at) {
			t.Fatalf("the standing of %v changes at %v", at, a.Next)
		}
		if x := s.Stand(at, m, 1000, 3); math.Abs(float64(x.Cost(at))-3*float64(a.Cost(at))) > 1e-6*float64(x.Cost(at)) {
			t.Fatalf("in another currency it costs %v, not three times %v", x.Cost(at), a.Cost(at))
		}
		if a.Next.IsZero() || later.Before(a.Next) { // until then the stored key says what a new look would
			if c, d := float64(a.Cost(later)), float64(b.Cost(later)); math.Abs(c-d) > 1e-6*(c+d) {
				t.Fatalf("stored %v, looked at again %v", c, d)
			}
		}
	})
}

func TestStaysInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ts := touches(t)
		now := day0.AddDate(0, 2, 0)
		want := Stays(append([]Touch(nil), ts...), day0, now)
		if got := Stays(rapid.Permutation(ts).Draw(t, "order"), day0, now); cmp.Diff(want, got) != "" {
			t.Fatal(cmp.Diff(want, got))
		}
		for i, x := range want {
			if x.From < 0 || x.To < x.From {
				t.Fatalf("stay %+v", x)
			}
			if i > 0 && x.Start.Add(x.From).Before(want[i-1].Start.Add(want[i-1].To)) {
				t.Fatalf("stays overlap: %+v, %+v", want[i-1], x)
			}
		}
	})
}

func TestStays(t *testing.T) {
	t.Parallel()
	at := func(h int) time.Time { return day0.Add(time.Duration(h) * time.Hour) }
	touch := func(h int, k TouchKind, by Side) Touch {
		return Touch{ID: TouchID(h + 100), At: at(h), Kind: k, By: by}
	}
	ours := func(path, speed int, paper bool) survival.State {
		return survival.State{Path: path, Ours: true, Speed: speed, Paper: paper}
	}
	theirs := func(path, speed int, paper bool) survival.State {
		return survival.State{Path: path, Speed: speed, Paper: paper}
	}
	h := time.Hour
	way := []Touch{touch(0, MailTouch, Them), touch(2, MailTouch, Us), touch(3, AskTouch, Us), touch(10, MailTouch, Them), touch(11, YesTouch, Them), touch(40, SentTouch, Us), touch(60, SignedTouch, Us)}
	q, d, s := survival.Quick, survival.SameDay, survival.Slow
	for _, c := range []struct {
		name      string
		ts        []Touch
		made, now int
		want      []Stay
	}{
		{"a mail that was the ask, a mail that was the yes", way, 0, 100, []Stay{
			{ours(survival.Talking, q, false), at(0), 0, 2 * h, survival.Stepped},
			{theirs(survival.Asked, q, false), at(2), 0, 8 * h, survival.Stepped},
			{ours(survival.Yes, q, false), at(10), 0, 30 * h, survival.Stepped},
			{theirs(survival.Yes, s, true), at(40), 0, 20 * h, survival.Signing},
		}},
		{"what was before it became a deal is not watched", way, 15, 100, []Stay{
			{ours(survival.Yes, q, false), at(10), 5 * h, 30 * h, survival.Stepped},
			{theirs(survival.Yes, s, true), at(40), 0, 20 * h, survival.Signing},
		}},
		{"a stay that runs is watched up to its cell's start", way[:2], 0, 30, []Stay{
			{ours(survival.Talking, q, false), at(0), 0, 2 * h, survival.Answered},
			{theirs(survival.Talking, q, false), at(2), 0, 24 * h, survival.Open},
		}},
		{"an end that was taken back was none", []Touch{touch(0, MailTouch, Us), touch(30, QuietTouch, Us), touch(40, MailTouch, Them)}, 0, 41, []Stay{
			{theirs(survival.Talking, q, false), at(0), 0, 40 * h, survival.Answered},
			{ours(survival.Talking, q, false), at(40), 0, 1 * h, survival.Open},
		}},
		{"a yes on the phone", []Touch{touch(0, MailTouch, Them), touch(5, MailTouch, Us), touch(30, YesTouch, Them), touch(31, NoTouch, Them)}, 0, 50, []Stay{
			{ours(survival.Talking, q, false), at(0), 0, 5 * h, survival.Answered},
			{theirs(survival.Talking, d, false), at(5), 0, 25 * h, survival.Stepped},
			{ours(survival.Yes, d, false), at(30), 0, 1 * h, survival.NoMore},
		}},
	} {
		if diff := cmp.Diff(c.want, Stays(append([]Touch(nil), c.ts...), at(c.made), at(c.now))); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestTypicalOrder(t *testing.T) {
	t.Parallel()
	m := Typical()
	stand := func(ts ...Touch) Standing {
		s, _ := Fold(ts)
		return s.Stand(day0.Add(30*time.Hour), m, 1000, 1)
	}
	yes := stand(Touch{At: day0, Kind: MailTouch, By: Them}, Touch{ID: 1, At: day0, Kind: YesTouch, By: Them})
	talk := stand(Touch{At: day0, Kind: MailTouch, By: Them})
	if yes.Waiting.Value <= talk.Waiting.Value {
		t.Errorf("a yes without its agreement costs %v a day, a talk %v", yes.Waiting.Value, talk.Waiting.Value)
	}
	silent := []Touch{{At: day0.AddDate(0, 0, -9), Kind: MailTouch, By: Us}}
	if nudge := stand(silent...); nudge.Action != Nudge || nudge.Waiting.Value >= talk.Waiting.Value {
		t.Errorf("silence costs %v a day, their unanswered mail %v", nudge.Waiting.Value, talk.Waiting.Value)
	}
}
