package dottedline

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var day0 = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// touches draws what may happen to a deal, in any order.
func touches(t *rapid.T) []Touch {
	kinds := []TouchKind{BriefTouch, PlannedTouch, NoAskTouch, SettledTouch, RecapTouch, SaidYesTouch, SaidLaterTouch, SaidNoTouch, MistakenTouch, OfferedYesTouch, VisitTouch, QuestionTouch, AnswerTouch, ProposalTouch, DeclineTouch, SignTouch, VoidTouch, ExtendTouch, PlanTouch, StepTouch, RemindTouch, MailTouch, MachineTouch, CallTouch, NoteTouch, MeetingTouch, ValueTouch, NameTouch, LaterTouch, DoneTouch,
		AskTouch, YesTouch, UnyesTouch, SentTouch, SignedTouch, NoTouch, QuietTouch, ReopenTouch}
	n := rapid.IntRange(0, 40).Draw(t, "n")
	ts := make([]Touch, n)
	for i := range ts {
		ts[i] = Touch{
			ID:     TouchID(i + 1),
			At:     day0.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "minutes")) * time.Minute),
			Kind:   rapid.SampledFrom(kinds).Draw(t, "kind"),
			By:     rapid.SampledFrom([]Side{Us, Them}).Draw(t, "by"),
			Ball:   rapid.SampledFrom([]Side{Nobody, Us, Them}).Draw(t, "ball"),
			Person: PersonID(rapid.IntRange(0, 3).Draw(t, "person")),
			Text:   rapid.SampledFrom([]string{"", "x", string(VisitOpened), string(VisitBack)}).Draw(t, "text"),
			Amount: Money{rapid.Int64Range(0, 1e6).Draw(t, "amount"), "USD"},
		}
		switch ts[i].Kind {
		case SentTouch, ExtendTouch:
			ts[i].Until = ts[i].At.Add(time.Duration(rapid.IntRange(0, 60*24).Draw(t, "expires")) * time.Hour)
		case LaterTouch, PlanTouch, BriefTouch, PlannedTouch, RecapTouch:
			ts[i].Until = ts[i].At.Add(time.Hour)
		}
	}
	return ts
}

func TestAnyOrderOfArrival(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ts := touches(t)
		want, wantReplies := Fold(slices.Clone(ts))
		shuffled := slices.Clone(ts)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		got, gotReplies := Fold(shuffled)
		if d := want.Diff(got); len(d) > 0 || !slices.Equal(wantReplies, gotReplies) {
			t.Fatalf("another order gives another state: %v", d)
		}
	})
}

func TestMachinesNeverMoveTheBall(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ts := touches(t)
		people := slices.DeleteFunc(slices.Clone(ts), func(x Touch) bool { return x.Kind == MachineTouch || x.Kind == NoteTouch })
		all, allReplies := Fold(ts)
		some, someReplies := Fold(people)
		if all.Ball != some.Ball || !slices.Equal(allReplies, someReplies) || all.Path != some.Path {
			t.Fatalf("ball %v with machines and notes, %v without", all.Ball, some.Ball)
		}
	})
}

func TestShiftingTimeShiftsClocks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ts := touches(t)
		by := time.Duration(rapid.Int64Range(-1e6, 1e6).Draw(t, "by")) * time.Second
		moved := slices.Clone(ts)
		for i := range moved {
			moved[i].At = moved[i].At.Add(by)
			if !moved[i].Until.IsZero() {
				moved[i].Until = moved[i].Until.Add(by)
			}
		}
		a, ra := Fold(ts)
		b, rb := Fold(moved)
		if a.Ball.Side != b.Ball.Side || !a.Ball.Since.IsZero() && !a.Ball.Since.Add(by).Equal(b.Ball.Since) || a.Path != b.Path || a.Usual != b.Usual || len(ra) != len(rb) {
			t.Fatalf("ball %v became %v", a.Ball, b.Ball)
		}
		for i := range ra {
			if ra[i].Wall() != rb[i].Wall() || ra[i].By != rb[i].By {
				t.Fatalf("reply %v became %v", ra[i], rb[i])
			}
		}
		now := day0.Add(time.Duration(rapid.IntRange(0, 20000).Draw(t, "now")) * time.Minute)
		x, y := a.Stand(now, Typical(), 1000, 1), b.Stand(now.Add(by), Typical(), 1000, 1)
		if x.Cell != y.Cell || !x.Next.IsZero() && !x.Next.Add(by).Equal(y.Next) {
			t.Fatalf("standing %+v became %+v", x, y)
		}
		if c, d := float64(x.Cost(now)), float64(y.Cost(now.Add(by))); c-d > 1e-6*(c+1) || d-c > 1e-6*(c+1) {
			t.Fatalf("cost %v became %v", c, d)
		}
	})
}

func TestRepliesAlternate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, rs := Fold(touches(t))
		for i, r := range rs {
			if r.Wall() < 0 || i > 0 && rs[i-1].At.After(r.At) {
				t.Fatalf("replies %+v", rs)
			}
		}
	})
}

func TestBall(t *testing.T) {
	t.Parallel()
	at := func(h int) time.Time { return day0.Add(time.Duration(h) * time.Hour) }
	mail := func(h int, by Side) Touch { return Touch{ID: TouchID(h + 100), At: at(h), Kind: MailTouch, By: by} }
	for _, c := range []struct {
		name    string
		ts      []Touch
		side    Side
		since   int
		replies []time.Duration
	}{
		{"they wrote twice: since the oldest", []Touch{mail(0, Us), mail(2, Them), mail(5, Them)}, Us, 2, []time.Duration{2 * time.Hour}},
		{"we wrote twice: theirs since the first", []Touch{mail(0, Them), mail(1, Us), mail(9, Us)}, Them, 1, []time.Duration{time.Hour}},
		{"a bounce is nobody's move", []Touch{mail(0, Us), {ID: 7, At: at(1), Kind: MachineTouch, By: Them}}, Them, 0, nil},
		{"nothing to answer gives it back without a reply", []Touch{mail(0, Them), {ID: 7, At: at(1), Kind: DoneTouch, By: Us}}, Them, 1, nil},
		{"a call moves it only when somebody says so", []Touch{mail(0, Them), {ID: 7, At: at(1), Kind: CallTouch, By: Us}}, Us, 0, nil},
		{"a call after which they have to move", []Touch{mail(0, Them), {ID: 7, At: at(1), Kind: CallTouch, By: Us, Ball: Them}}, Them, 1, []time.Duration{time.Hour}},
	} {
		s, rs := Fold(c.ts)
		if s.Ball.Side != c.side || !s.Ball.Since.Equal(at(c.since)) {
			t.Errorf("%s: ball %v since %v", c.name, s.Ball.Side, s.Ball.Since)
		}
		var walls []time.Duration
		for _, r := range rs {
			walls = append(walls, r.Wall())
		}
		if !slices.Equal(walls, c.replies) {
			t.Errorf("%s: replies %v, want %v", c.name, walls, c.replies)
		}
	}
}

func TestWorkingHours(t *testing.T) {
	t.Parallel()
	oslo, err := OfficeHours("Europe/Oslo").Local()
	if err != nil {
		t.Fatal(err)
	}
	oslo.Holidays = []string{"2026-03-31"}
	local := func(s string) time.Time {
		x, err := time.ParseInLocation("2006-01-02 15:04", s, oslo.Location())
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for _, c := range []struct {
		from, to string
		want     time.Duration
	}{
		{"2026-03-27 16:00", "2026-03-30 10:00", 2 * time.Hour},    // over a weekend in which the clocks change
		{"2026-03-30 16:30", "2026-04-01 09:15", 45 * time.Minute}, // over a holiday
		{"2026-03-28 10:00", "2026-03-29 10:00", 0},
		{"2026-03-27 12:00", "2026-03-27 11:00", 0},
	} {
		if got := oslo.Working(local(c.from), local(c.to)); got != c.want {
			t.Errorf("working time %s to %s: %v, want %v", c.from, c.to, got, c.want)
		}
	}
	if got, want := oslo.After(local("2026-03-27 16:00"), 2*time.Hour), local("2026-03-30 10:00"); !got.Equal(want) {
		t.Errorf("two hours after Friday four: %v, want %v", got, want)
	}
}

func TestWorkingHoursLaws(t *testing.T) {
	t.Parallel()
	h, err := OfficeHours("America/New_York").Local()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) time.Time {
			return day0.Add(time.Duration(rapid.IntRange(0, 60*24*60).Draw(t, name)) * time.Minute)
		}
		a, b, c := draw("a"), draw("b"), draw("c")
		xs := []time.Time{a, b, c}
		slices.SortFunc(xs, time.Time.Compare)
		if h.Working(xs[0], xs[1])+h.Working(xs[1], xs[2]) != h.Working(xs[0], xs[2]) {
			t.Fatalf("parts don't add up between %v, %v, %v", xs[0], xs[1], xs[2])
		}
		if w := h.Working(xs[0], xs[2]); w < 0 || w > xs[2].Sub(xs[0]) {
			t.Fatalf("working %v within %v", w, xs[2].Sub(xs[0]))
		}
		d := time.Duration(rapid.IntRange(1, 3000).Draw(t, "work")) * time.Minute
		if got := h.Working(a, h.After(a, d)); got != d {
			t.Fatalf("%v after %v holds %v of working time", d, a, got)
		}
	})
}

func TestTopOfNowNeverNeedsTheClock(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := day0.AddDate(0, 0, 10)
		draw := func(name string) Standing {
			s, _ := Fold(touches(t))
			s.Value = Money{rapid.Int64Range(1, 1e9).Draw(t, name), "USD"}
			return s.Stand(now, Typical(), 1000, 1)
		}
		a, b := draw("a"), draw("b")
		if a.Cell == Hidden || a.Cell != b.Cell {
			t.Skip("not of one cell")
		}
		later := now.Add(time.Duration(rapid.IntRange(0, 1e6).Draw(t, "later")) * time.Second)
		if (a.PerMinute(now) > b.PerMinute(now)+1e-9) && a.PerMinute(later) < b.PerMinute(later)-1e-9 {
			t.Fatalf("the order of two deals of a cell changed by waiting")
		}
	})
}
