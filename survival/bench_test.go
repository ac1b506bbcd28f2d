package survival

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
)

var benchSizes = []int{10_000, 1_000_000}

// benchDeals are spells drawn from a law with two causes, and three covariates;
// scripts/bench-survival.sh gives the same rows to R.
func benchDeals(n int) ([]Spell, *mat.Dense) {
	law := &Hazards{Starts: []float64{0, 2, 9}, Causes: 2, rate: [][]float64{{0.02, 0.15, 0.03}, {0.05, 0.02, 0.02}}}
	spells, x := make([]Spell, n), mat.NewDense(n, 3, nil)
	for i := range spells {
		spells[i] = law.draw(i)
		x.SetRow(i, []float64{float64(i * 7919 % 1000), float64(i * 104729 % 2), math.Sin(float64(i))})
	}
	return spells, x
}

func BenchmarkCurves(b *testing.B) {
	for _, n := range benchSizes {
		s, x := benchDeals(n)
		b.Run(fmt.Sprintf("KaplanMeier/%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := KaplanMeier(s, Log); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("AalenJohansen/%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := AalenJohansen(s, 2); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("Cox/%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := Cox(s, x, 1, Efron); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("Fit/%d", n), func(b *testing.B) {
			for b.Loop() {
				t, _ := NewTally(Grid(30, 0, false), 2)
				for _, x := range s {
					t.Add(x)
				}
				if _, err := Fit(t, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRank ranks open deals: the first time, after one touch (observed,
// the chain solved anew, the deal placed), and the top 50 an hour later.
func BenchmarkRank(b *testing.B) {
	for _, n := range benchSizes {
		c := NewClock()
		stays := make([]observed, n)
		for i := range stays {
			s := stateAt(i % nStates)
			stays[i] = observed{s, 0, math.Exp(2 * math.Sin(float64(i))), i % (nEvents + 1)}
		}
		b.Run(fmt.Sprintf("FirstFit/%d", n), func(b *testing.B) {
			for b.Loop() {
				c = NewClock()
				for _, o := range stays {
					if err := c.Observe(o.s, o.from, o.to, o.event); err != nil {
						b.Fatal(err)
					}
				}
				rankAll(b, c, n)
			}
		})
		cells := rankAll(b, c, n)
		b.Run(fmt.Sprintf("OneTouch/%d", n), func(b *testing.B) {
			i := 0
			for b.Loop() {
				i++
				o := stays[i%n]
				if err := c.Observe(o.s, o.from, o.to, o.event); err != nil {
					b.Fatal(err)
				}
				out, err := c.Solve()
				if err != nil {
					b.Fatal(err)
				}
				s := o.s
				s.Ours = true
				PlaceOf(out.Waiting(s), 1000, 5, 19_999, 20_000)
			}
		})
		b.Run(fmt.Sprintf("Top50/%d", n), func(b *testing.B) {
			for b.Loop() {
				if got := Top(cells, 50, 20_000+1./24); len(got) != 50 {
					b.Fatal(len(got))
				}
			}
		})
	}
}

func rankAll(b *testing.B, c *Clock, n int) [][]Ranked[int32] {
	o, err := c.Solve()
	if err != nil {
		b.Fatal(err)
	}
	var curves [][]Wait
	for i := range nStates {
		if s := stateAt(i); s.Ours {
			curves = append(curves, o.Waiting(s))
		}
	}
	cells := make([][]Ranked[int32], Cells)
	for i := range n {
		age := math.Exp(1.2 + 1.6*math.Sin(float64(i*31)))
		p := PlaceOf(curves[i%len(curves)], 1000+float64(i%9973), 1+float64(i%60), 20_000-age, 20_000)
		cells[p.Cell] = append(cells[p.Cell], Ranked[int32]{p, int32(i)})
	}
	for _, cell := range cells {
		slices.SortFunc(cell, func(a, b Ranked[int32]) int {
			switch {
			case a.Key > b.Key:
				return -1
			case a.Key < b.Key:
				return 1
			}
			return 0
		})
	}
	return cells
}
