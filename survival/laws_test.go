package survival

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func drawSpells(t *rapid.T) []Spell {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Spell {
		from := rapid.SampledFrom([]float64{0, 0, 1, 4.5}).Draw(t, "from")
		return Spell{from, from + float64(rapid.IntRange(1, 400).Draw(t, "tenths"))/10, rapid.IntRange(0, 2).Draw(t, "cause")}
	}), 1, 80).Draw(t, "spells")
}

func TestCurveLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpells(t)
		km, err := KaplanMeier(s, LogLog)
		must(t, err)
		aj, err := AalenJohansen(s, 2)
		must(t, err)
		before := 1.0
		for i := range km.Time {
			if km.Surv[i] > before || km.Surv[i] < 0 {
				t.Fatalf("survival %g after %g", km.Surv[i], before)
			}
			if km.Surv[i] > 0 && !(km.Lo[i] <= km.Surv[i] && km.Surv[i] <= km.Hi[i]) {
				t.Fatalf("%g outside [%g, %g]", km.Surv[i], km.Lo[i], km.Hi[i])
			}
			// Every way to end, and not to end, make one.
			if sum := km.Surv[i] + aj.Prob[0][i] + aj.Prob[1][i]; math.Abs(sum-1) > 1e-9 {
				t.Fatalf("shares sum to %g", sum)
			}
			before = km.Surv[i]
		}
	})
}

func TestHazardLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpells(t)
		tally, err := NewTally(Grid(50, 0, false), 2)
		must(t, err)
		for _, x := range s {
			tally.Add(x)
		}
		h, err := Fit(tally, 0)
		must(t, err)
		from, span := rapid.Float64Range(0, 60).Draw(t, "from"), rapid.Float64Range(0.01, 60).Draw(t, "span")
		a, b := h.Within(1, from, span), h.Within(2, from, span)
		if sum := a.Value + b.Value + h.Running(from, span); math.Abs(sum-1) > 1e-9 {
			t.Fatalf("ends and no end sum to %g", sum)
		}
		if !(0 <= a.Lo && a.Lo <= a.Value && a.Value <= a.Hi && a.Hi <= 1) {
			t.Fatalf("P %+v", a)
		}
		if more := h.Within(1, from, span+1); more.Value < a.Value-1e-12 {
			t.Fatalf("%g within %g days, %g within one more", a.Value, span, more.Value)
		}
		// The derivative that intervals are made of is the derivative.
		k, g := rapid.IntRange(0, 1).Draw(t, "cause"), h.Cell(from)
		_, grad := h.within(1, from, span)
		eps := 1e-6 * h.rate[k][g]
		h.rate[k][g] += eps
		up, _ := h.within(1, from, span)
		if d := (up - a.Value) / eps; math.Abs(d-grad[k][g]) > 1e-3*math.Max(1, math.Abs(d)) {
			t.Fatalf("derivative %g, difference %g", grad[k][g], d)
		}
	})
}

// A known law is found again: two causes with hazards that change on days 2 and
// 9, and intervals that hold it as often as they say.
func TestFitFindsTheLaw(t *testing.T) {
	t.Parallel()
	law := &Hazards{Starts: []float64{0, 2, 9}, Causes: 2, rate: [][]float64{{0.02, 0.15, 0.03}, {0.05, 0.02, 0.02}}}
	want, _ := law.within(1, 3, 7)
	held, runs := 0, 120
	for run := range runs {
		tally, err := NewTally(Grid(40, 0, false), 2)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 300 {
			tally.Add(law.draw(run*300 + i))
		}
		h, err := Fit(tally, 0)
		if err != nil {
			t.Fatal(err)
		}
		if e := h.Within(1, 3, 7); e.Lo <= want && want <= e.Hi {
			held++
		}
	}
	share := float64(held) / float64(runs)
	t.Logf("true %.3f held by %.3f of the 95 %% intervals of 300 deals", want, share)
	if share < 0.88 {
		t.Errorf("95 %% intervals hold the truth %.3f of the time", share)
	}
}

// draw returns the i-th spell of the law, censored at day 30.
func (h *Hazards) draw(i int) Spell {
	u := func(j int) float64 { return spread(4*i + j) }
	left := -math.Log(1 - u(1))
	for g := range h.Starts {
		d := math.Min(h.end(g), 30) - h.Starts[g]
		all := h.rate[0][g] + h.rate[1][g]
		if left < all*d {
			s := Spell{To: h.Starts[g] + left/all, Cause: 1}
			if u(2) > h.rate[0][g]/all {
				s.Cause = 2
			}
			return s
		}
		left -= all * d
	}
	return Spell{To: 30}
}
