package survival

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// How many bands of constant hazard are expected before seeing where they lie:
// three while fewer than twenty have ended, ten from there, as measured on loan
// offers of which only a few were kept (doc/model.md).
const (
	fewBands    = 3.0
	manyBands   = 10.0
	enoughEnded = 20
)

// shrink is how many events the overall hazard is worth in every band.
const shrink = 1.0

// Hazards are piecewise-constant cause-specific hazards per day: one rate for
// each cell of a grid and each cause, with what is not known of them.
type Hazards struct {
	Starts   []float64 // starts of the cells; the last cell is endless
	Causes   int
	rate     [][]float64     // cause-1, cell
	cov      []*mat.SymDense // cause-1: covariance of the rates of two cells
	change   []float64       // probability that the hazards change at the start of the cell
	ended    []float64       // cause-1
	watched  float64         // longest time tallied, rounded to its cell
	Warnings []Warning
}

// Fit estimates the hazards from a tally. Where they change is not known, so
// every way of cutting the grid into bands is weighed by its evidence (gamma
// shrinkage towards the overall hazard of the cause, Poisson counts), and rates
// are averaged over all of them: exact Bayesian change points, Fearnhead 2006.
// A known expiry (0: none) always cuts.
func Fit(t *Tally, expiry float64) (*Hazards, error) {
	cells, err := t.group(t.grid)
	if err != nil {
		return nil, err
	}
	if t.Exposure() <= 0 {
		return nil, fmt.Errorf("survival: nothing was watched for any time")
	}
	c := newCuts(t, cells, expiry)
	h := c.average()
	h.Starts, h.Causes = t.grid, t.causes
	for k := range t.causes {
		h.ended = append(h.ended, float64(t.Events(k+1)))
	}
	for g, x := range cells {
		if x.exposure > 0 {
			h.watched = math.Inf(1)
			if g+1 < len(t.grid) {
				h.watched = t.grid[g+1]
			}
		}
	}
	h.Warnings = warnFew(float64(t.Ended()))
	return h, nil
}

// Rate returns the hazard per day of a cause in a cell with its 95 % credible
// interval: the gamma distribution with the averaged mean and variance.
func (h *Hazards) Rate(cause, cell int) Estimate {
	m, v := h.rate[cause-1][cell], h.cov[cause-1].At(cell, cell)
	e := Gamma{m * m / v, m / v}.Hazard()
	e.Warnings = warnFew(h.ended[cause-1])
	return e
}

// Cell returns the cell that holds day x.
func (h *Hazards) Cell(x float64) int { return cellOf(h.Starts, x) }

// end returns where a cell ends; +Inf for the last.
func (h *Hazards) end(cell int) float64 {
	if cell+1 < len(h.Starts) {
		return h.Starts[cell+1]
	}
	return math.Inf(1)
}

// LogLik returns, per cause, the mean log-likelihood per spell: the log of the
// hazard where it ended by that cause, less the hazard lived through.
func (h *Hazards) LogLik(spells []Spell) []float64 {
	out := make([]float64, h.Causes)
	for _, s := range spells {
		for k := range out {
			for g := h.Cell(s.From); g < len(h.Starts) && h.Starts[g] < s.To; g++ {
				out[k] -= h.rate[k][g] * (math.Min(s.To, h.end(g)) - math.Max(s.From, h.Starts[g]))
			}
		}
		if s.Cause >= 1 && s.Cause <= h.Causes {
			out[s.Cause-1] += math.Log(h.rate[s.Cause-1][h.Cell(s.To)])
		}
	}
	for k := range out {
		out[k] /= float64(len(spells))
	}
	return out
}
