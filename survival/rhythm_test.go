package survival

import (
	"math"
	"math/rand/v2"
	"testing"
)

// daily draws spells that end at a constant hazard, or only in the first half of
// each day since they began.
func daily(n int, seed uint64, awake bool) (out []Spell) {
	r := rand.New(rand.NewPCG(seed, 9))
	for range n {
		x := 6 * r.ExpFloat64()
		if awake {
			x = math.Floor(x) + (x-math.Floor(x))/2
		}
		s := Spell{To: x, Cause: Signed + r.IntN(2)}
		if x > 20 {
			s = Spell{To: 20}
		}
		out = append(out, s)
	}
	return out
}

func TestRhythm(t *testing.T) {
	t.Parallel()
	score := func(awake bool) (with, without float64, r *Rhythm, h *Hazards) {
		train, test := daily(2000, 1, awake), daily(2000, 2, awake)
		tally, err := NewTally(Grid(20, 0, false), 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range train {
			tally.Add(s)
		}
		if h, err = Fit(tally, 0); err != nil {
			t.Fatal(err)
		}
		r = newRhythm(h, train)
		l := h.LogLik(test)
		without = l[0] + l[1]
		r.logLik(h, test, l)
		return l[0] + l[1], without, r, h
	}
	with, without, r, h := score(true)
	t.Logf("awake half of the day: log-likelihood %.4f with its rhythm, %.4f without", with, without)
	// Half days are cells of their own for a fortnight: the rest is what is gained.
	if with < without+0.02 {
		t.Errorf("log-likelihood %.4f with the rhythm, %.4f without", with, without)
	}
	for k := range r.Times {
		with, without := 0.0, 0.0
		for _, s := range daily(2000, 1, true) {
			h.parts(s, func(cause, part int, x float64) {
				if cause == k {
					with, without = with+x*r.Times[k][part], without+x
				}
			})
		}
		if math.Abs(with/without-1) > 0.001 {
			t.Errorf("cause %d: %v events are expected with the rhythm, %v without", k+1, with, without)
		}
	}
	// Every hazard that is lived through is told once.
	sum, want := 0.0, 0.0
	h.parts(Spell{From: 0.3, To: 9.77}, func(k, _ int, x float64) {
		if k == 0 {
			sum += x
		}
	})
	for _, s := range h.stays(rhythmFrom, 9.77-rhythmFrom) {
		want += s.rate[0] * s.days
	}
	if math.Abs(sum-want) > 1e-9 {
		t.Errorf("parts of the day hold %v of hazard, the days %v", sum, want)
	}
	with, without, _, _ = score(false)
	t.Logf("no rhythm: log-likelihood %.4f with the one fitted, %.4f without", with, without)
	if with < without-0.01 {
		t.Errorf("where there is none, a rhythm costs %.4f", without-with)
	}
}
