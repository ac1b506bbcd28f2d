package survival

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// cuts weighs all ways of cutting a grid into bands. A band from cell i up to
// cell j has a weight that depends on i and j alone, so sums over all the ways
// are two passes over pairs.
type cuts struct {
	n, causes int
	days      []float64   // exposure before cell g
	events    [][]float64 // cause-1: events before cell g
	prior     []Gamma     // cause-1
	pieces    [][]float64 // log weight of the band [i, j)
}

func newCuts(t *Tally, cells []cell, expiry float64) *cuts {
	if t.Ended() >= enoughEnded {
		return newCutsExpecting(t, cells, expiry, manyBands)
	}
	return newCutsExpecting(t, cells, expiry, fewBands)
}

func newCutsExpecting(t *Tally, cells []cell, expiry, bands float64) *cuts {
	n := len(cells)
	c := &cuts{n: n, causes: t.causes, days: make([]float64, n+1)}
	for g, x := range cells {
		c.days[g+1] = c.days[g] + x.exposure
	}
	for k := range t.causes {
		sum := make([]float64, n+1)
		for g, x := range cells {
			sum[g+1] = sum[g] + x.events[k]
		}
		c.events = append(c.events, sum)
		c.prior = append(c.prior, Gamma{shrink, shrink * c.days[n] / (sum[n] + 0.5)})
	}
	cut := math.Min(0.5, (bands-1)/math.Max(1, float64(n-1)))
	c.weigh(t.grid, expiry, math.Log(cut), math.Log(1-cut))
	return c
}

func (c *cuts) weigh(grid []float64, expiry, logCut, logKeep float64) {
	c.pieces = make([][]float64, c.n)
	for i := range c.n {
		c.pieces[i] = make([]float64, c.n+1)
		for j := i + 1; j <= c.n; j++ {
			if j > i+1 && expiry > 0 && (grid[j-1] == expiry || grid[j-1] == math.Max(0, expiry-1)) {
				for ; j <= c.n; j++ {
					c.pieces[i][j] = math.Inf(-1)
				}
				break
			}
			w := logKeep * float64(j-i-1)
			if j < c.n {
				w += logCut
			}
			for k, p := range c.prior {
				w += p.evidence(c.events[k][j]-c.events[k][i], c.days[j]-c.days[i])
			}
			c.pieces[i][j] = w
		}
	}
}

// average returns the rates, their covariance and the probability of a change.
// Two cells move together as far as they lie in one band; where the bands lie
// adds to the variance of each.
func (c *cuts) average() *Hazards {
	before, after := make([]float64, c.n+1), make([]float64, c.n+1)
	for j := 1; j <= c.n; j++ {
		w := make([]float64, j)
		for i := range w {
			w[i] = before[i] + c.pieces[i][j]
		}
		before[j] = floats.LogSumExp(w)
	}
	for i := c.n - 1; i >= 0; i-- {
		w := make([]float64, c.n-i)
		for j := range w {
			w[j] = c.pieces[i][i+1+j] + after[i+1+j]
		}
		after[i] = floats.LogSumExp(w)
	}
	h := &Hazards{change: make([]float64, c.n)}
	for i := range c.n {
		h.change[i] = math.Exp(before[i] + after[i] - before[c.n])
	}
	for k := range c.causes {
		rate, cov := c.cause(k, before, after)
		h.rate, h.cov = append(h.rate, rate), append(h.cov, cov)
	}
	return h
}

// cause averages one cause over all bands. together[a][b] starts as what the
// one band [a, b] adds to the covariance of its cells; two cells share all
// bands that begin at a or before and end at b or after, so two running sums
// make it the covariance.
func (c *cuts) cause(k int, before, after []float64) ([]float64, *mat.SymDense) {
	rate, square := make([]float64, c.n), make([]float64, c.n)
	together := make([][]float64, c.n)
	for i := range c.n {
		together[i] = make([]float64, c.n)
		for j := i + 1; j <= c.n; j++ {
			p := math.Exp(before[i] + c.pieces[i][j] + after[j] - before[c.n])
			if p < 1e-12 {
				continue
			}
			g := c.prior[k].Seen(c.events[k][j]-c.events[k][i], c.days[j]-c.days[i])
			m := g.Mean()
			together[i][j-1] = p * m / g.Rate
			for a := i; a < j; a++ {
				rate[a] += p * m
				square[a] += p * m * m
			}
		}
	}
	cov := mat.NewSymDense(c.n, nil)
	for a := range c.n {
		for b := c.n - 1; b >= a; b-- {
			if a > 0 {
				together[a][b] += together[a-1][b]
			}
			if a > 0 && b+1 < c.n {
				together[a][b] -= together[a-1][b+1]
			}
			if b+1 < c.n {
				together[a][b] += together[a][b+1]
			}
			cov.SetSym(a, b, together[a][b])
		}
		cov.SetSym(a, a, cov.At(a, a)+math.Max(0, square[a]-rate[a]*rate[a]))
	}
	return rate, cov
}
