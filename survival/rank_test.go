package survival

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

type waiting struct {
	w                       []Wait
	value, minutes, touched float64
}

func (d waiting) cost(t float64) float64 {
	return CostOfWaiting(d.w, d.value, t-d.touched).Value / d.minutes
}

// The merge of the best of each cell is the full sort by the cost itself, at any
// time, when every deal is placed anew only at the moments it named.
func TestTopIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, _ := drawClock(t)
		o := solved(t, c)
		var curves [][]Wait
		for i := range nStates {
			if s := stateAt(i); s.Ours {
				curves = append(curves, o.Waiting(s))
			}
		}
		const start = 20_000
		deals := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) waiting {
			return waiting{rapid.SampledFrom(curves).Draw(t, "state"), math.Exp(rapid.Float64Range(0, 14).Draw(t, "ln value")),
				rapid.Float64Range(0.5, 60).Draw(t, "minutes"), start - rapid.Float64Range(0, 80).Draw(t, "age")}
		}), 1, 200).Draw(t, "deals")
		places := make([]Place, len(deals))
		for i, d := range deals {
			places[i] = PlaceOf(d.w, d.value, d.minutes, d.touched, start)
		}
		now := float64(start)
		for range 4 {
			now += rapid.Float64Range(0, 3).Draw(t, "time passes")
			for i, d := range deals {
				if places[i].NextAt <= now {
					places[i] = PlaceOf(d.w, d.value, d.minutes, d.touched, now)
				}
			}
			checkTop(t, deals, places, now)
		}
	})
}

func checkTop(t *rapid.T, deals []waiting, places []Place, now float64) {
	const n = 10
	cells := make([][]Ranked[int], Cells)
	for i, p := range places {
		cells[p.Cell] = append(cells[p.Cell], Ranked[int]{p, i})
	}
	for _, c := range cells {
		slices.SortFunc(c, func(a, b Ranked[int]) int {
			if a.Key > b.Key {
				return -1
			} else if a.Key < b.Key {
				return 1
			}
			return 0
		})
	}
	for i := range cells {
		cells[i] = cells[i][:min(n, len(cells[i]))]
	}
	got := Top(cells, n, now)
	want := make([]float64, len(deals))
	for i, d := range deals {
		want[i] = d.cost(now)
	}
	slices.Sort(want)
	slices.Reverse(want)
	for i, r := range got {
		c := deals[r.Item].cost(now)
		if math.Abs(c-want[i]) > 1e-9*want[i] {
			t.Fatalf("place %d costs %g, the full sort has %g", i+1, c, want[i])
		}
		if math.Abs(r.Cost(now)-c) > 1e-7*c {
			t.Fatalf("the key says %g, the deal costs %g", r.Cost(now), c)
		}
	}
	if len(got) != min(n, len(deals)) {
		t.Fatalf("%d of %d deals", len(got), len(deals))
	}
}

// Another origin of time, or another currency for all, changes no order.
func TestOrderKnowsNoClockOrCurrency(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, _ := drawClock(t)
		s := drawState(t)
		s.Ours = true
		w := solved(t, c).Waiting(s)
		age := rapid.Float64Range(0, 90).Draw(t, "age")
		shift, rate := rapid.Float64Range(-5000, 5000).Draw(t, "shift"), rapid.Float64Range(0.01, 100).Draw(t, "rate")
		a := PlaceOf(w, 1000, 5, 10_000-age, 10_000)
		b := PlaceOf(w, 1000*rate, 5, 10_000+shift-age, 10_000+shift)
		if a.Cell != b.Cell && math.Abs(waitEdge(w, age)) > 1e-6 {
			t.Fatalf("cell %d became %d", a.Cell, b.Cell)
		}
		if a.Cell == b.Cell && math.Abs(b.Cost(10_000+shift)-rate*a.Cost(10_000)) > 1e-6*b.Cost(10_000+shift) {
			t.Fatalf("cost %g became %g at rate %g", a.Cost(10_000), b.Cost(10_000+shift), rate)
		}
	})
}

// waitEdge is how far age is from the nearest change of cell.
func waitEdge(w []Wait, age float64) float64 {
	d := math.Inf(1)
	for _, x := range w {
		d = math.Min(d, math.Abs(age-x.From))
	}
	return d
}

func TestEffort(t *testing.T) {
	t.Parallel()
	e := Effort{Prior: 4, Worth: 5}
	if m := e.Minutes(); m.Value != 4 || !hasWarning(m.Warnings, Typical) {
		t.Errorf("before any action: %+v", m)
	}
	for range 200 {
		e.Add(1)
	}
	e.Add(1e9) // left open overnight
	if m := e.Minutes(); m.Value < 1 || m.Value > 1.5 || m.Lo > m.Value || m.Hi < m.Value {
		t.Errorf("after 200 minutes of one each: %+v", m)
	}
}
