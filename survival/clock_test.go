package survival

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

type observed struct {
	s        State
	from, to float64
	event    int
}

func drawStay(t *rapid.T) observed {
	o := observed{s: stateAt(rapid.IntRange(0, nStates-1).Draw(t, "state")), event: rapid.IntRange(Open, nEvents).Draw(t, "event")}
	o.from = rapid.SampledFrom([]float64{0, 0, 0, 2.5}).Draw(t, "from")
	o.to = o.from + rapid.Float64Range(0, 90).Draw(t, "days")
	return o
}

func drawClock(t *rapid.T) (*Clock, []observed) {
	c := NewClock()
	seen := rapid.SliceOfN(rapid.Custom(drawStay), 0, 60).Draw(t, "stays")
	for _, o := range seen {
		if err := c.Observe(o.s, o.from, o.to, o.event); err != nil {
			t.Fatal(err)
		}
	}
	return c, seen
}

func drawState(t *rapid.T) State {
	return stateAt(rapid.IntRange(0, nStates-1).Draw(t, "in state"))
}

func solved(t *rapid.T, c *Clock) *Outlook {
	o, err := c.Solve()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestOutlookLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, _ := drawClock(t)
		o, s, age := solved(t, c), drawState(t), rapid.Float64Range(0, 120).Draw(t, "age")
		e := o.Signed(s, age)
		if !(0 <= e.Lo && e.Lo <= e.Value && e.Value <= e.Hi && e.Hi <= 1) {
			t.Fatalf("P(signed) %+v", e)
		}
		if d := o.Days(s, age); !(d > 0) || math.IsInf(d, 0) {
			t.Fatalf("days until the end: %g", d)
		}
		h := o.Hazard(s, age, Signing)
		if !(0 <= h.Lo && h.Lo <= h.Value && h.Value <= h.Hi) {
			t.Fatalf("hazard %+v", h)
		}
	})
}

func TestWaitingLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, _ := drawClock(t)
		s := drawState(t)
		s.Ours = true
		w := solved(t, c).Waiting(s)
		a, b := rapid.Float64Range(0, 100).Draw(t, "age"), rapid.Float64Range(0, 100).Draw(t, "later")
		b += a
		if p, q := StillWon(w, a), StillWon(w, b); !(0 <= q && q <= p+1e-12 && p <= 1) {
			t.Fatalf("P(signed) %g after %g days, %g after %g: waiting gained", p, a, q, b)
		}
		value, times := rapid.Float64Range(1, 1e6).Draw(t, "value"), rapid.Float64Range(0.1, 1000).Draw(t, "times")
		one, more := CostOfWaiting(w, value, a), CostOfWaiting(w, value*times, a)
		if one.Lo > one.Value || one.Value > one.Hi || one.Lo < 0 {
			t.Fatalf("cost %+v", one)
		}
		if math.Abs(more.Value-times*one.Value) > 1e-9*more.Value {
			t.Fatalf("cost of %g times the value is %g, not %g times %g", times, more.Value, times, one.Value)
		}
		// The cost is the fall: minus the derivative of value times P.
		if g := waitCell(w, a); waitCell(w, a+1e-6) == g {
			fall := value * (StillWon(w, a) - StillWon(w, a+1e-6)) / 1e-6
			if math.Abs(fall-one.Value) > 1e-4*value {
				t.Fatalf("cost %g a day, P falls by %g", one.Value, fall)
			}
		}
	})
}

func TestAnyOrderGivesTheSameFit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, seen := drawClock(t)
		other := NewClock()
		for _, i := range rapid.Permutation(indices(len(seen))).Draw(t, "order") {
			o := seen[i]
			// Watched in two parts is watched once.
			if mid := (o.from + o.to) / 2; mid > o.from && rapid.Bool().Draw(t, "in parts") {
				must(t, other.Observe(o.s, o.from, mid, Open))
				must(t, other.Forget(o.s, o.from, mid, Open))
			}
			must(t, other.Observe(o.s, o.from, o.to, o.event))
		}
		a, b := solved(t, c), solved(t, other)
		if a.belief != b.belief || a.signed != b.signed {
			t.Fatal("another order gave another fit")
		}
	})
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func must(t *rapid.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

// The chain's equations hold: P(signed) on entering is the mean of P(signed)
// over what comes first, and the calendar reaches it in the long run.
func TestCalendarReachesTheOutlook(t *testing.T) {
	t.Parallel()
	o, err := NewClock().Solve()
	if err != nil {
		t.Fatal(err)
	}
	c := o.Calendar(200)
	for i := range nStates {
		s := stateAt(i)
		for _, age := range []float64{0, 0.3, 6} {
			last := 0.0
			for _, d := range []float64{0, 1, 7, 30, 90, 200} {
				p := c.Signed(s, age, d)
				if p < last-1e-9 || p > 1 {
					t.Fatalf("%+v: P(signed within %g days) %g after %g", s, d, p, last)
				}
				last = p
			}
			if ever := o.Signed(s, age).Value; math.Abs(ever-last) > 0.01 {
				t.Errorf("%+v age %g: ever %.4f, within 200 days %.4f", s, age, ever, last)
			}
		}
	}
}

// What is believed before the first deal is what doc/model.md says.
func TestTypicalDealsSignAsPublished(t *testing.T) {
	t.Parallel()
	o, err := NewClock().Solve()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		s    State
		want float64
	}{{State{Path: Talking}, 0.21}, {State{Path: Asked}, 0.29}, {State{Path: Yes, Ours: true}, 0.58}} {
		e := o.Signed(c.s, 0)
		t.Logf("%+v: %.3f [%.3f, %.3f], %.0f days", c.s, e.Value, e.Lo, e.Hi, o.Days(c.s, 0))
		if math.Abs(e.Value-c.want) > 0.01 {
			t.Errorf("%+v: P(signed) %.3f, published %.2f", c.s, e.Value, c.want)
		}
		if !hasWarning(e.Warnings, Typical) {
			t.Errorf("%+v: does not say that it is typical, not yet yours", c.s)
		}
		if e.Hi-e.Lo < 0.25 {
			t.Errorf("%+v: [%.2f, %.2f] claims to know", c.s, e.Lo, e.Hi)
		}
	}
}

// A workspace whose deals go otherwise is believed after some tens of deals.
func TestOwnDealsTakeOver(t *testing.T) {
	t.Parallel()
	out := State{Path: Yes, Paper: true}
	var widths []float64
	for _, n := range []int{0, 10, 40, 400, 4000} {
		c := NewClock()
		for i := range n { // nine of ten sign, half of all end within 1.4 days
			event := Signing
			if i%10 == 9 {
				event = NoMore
			}
			days := -math.Log(1-(float64(i*7%n)+0.5)/float64(n)) / 0.5
			if err := c.Observe(out, 0, days, event); err != nil {
				t.Fatal(err)
			}
		}
		o, err := c.Solve()
		if err != nil {
			t.Fatal(err)
		}
		e := o.Signed(out, 0)
		t.Logf("%3d deals: %.3f [%.3f, %.3f], own %.2f", n, e.Value, e.Lo, e.Hi, c.Own(Yes, false))
		widths = append(widths, e.Hi-e.Lo)
		if typical := hasWarning(e.Warnings, Typical); typical != (c.Own(Yes, false) < 0.5) {
			t.Errorf("%d deals: typical is %v at an own share of %.2f", n, typical, c.Own(Yes, false))
		}
		if n >= 400 && math.Abs(e.Value-0.9) > 0.03 {
			t.Errorf("%d deals of which 90 %% sign: %.3f", n, e.Value)
		}
	}
	for i := 1; i < len(widths); i++ {
		if widths[i] >= widths[i-1] {
			t.Errorf("more deals, wider interval: %v", widths)
		}
	}
}

func TestEvidenceIsThatOfGamma(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ mean, events, days float64 }{{0.3, 0, 2}, {18, 4, 0.5}, {1e-6, 1, 300}} {
		var got [len(worths)]float64
		addEvidence(&got, c.mean, c.events, c.days)
		for w, worth := range worths {
			if want := (Gamma{worth.events, worth.events / c.mean}).evidence(c.events, c.days); math.Abs(got[w]-want) > 1e-9*(1+math.Abs(want)) {
				t.Errorf("%+v worth %v: %v, want %v", c, worth.events, got[w], want)
			}
		}
	}
}

// Where the shape of what is typical does not hold, single cells are believed
// sooner; where it holds, later.
func TestWorthIsLearned(t *testing.T) {
	t.Parallel()
	if w := worthOf([len(worths)]float64{}); math.Abs(w-0.5) > 1e-9 {
		t.Errorf("before anything was seen a hazard is worth %v events, doc/model.md says 0.5", w)
	}
	var holds, fails [len(worths)]float64
	for g := range 8 {
		addEvidence(&holds, 0.5, 10, 20)
		addEvidence(&fails, 0.5, 20*float64(g%2), 20)
	}
	if a, b := worthOf(holds), worthOf(fails); a < 2 || b > 0.5 {
		t.Errorf("worth %v where the shape holds, %v where it does not", a, b)
	}
}
