package survival

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Within returns the probability of ending by cause within the next span days,
// given still running at day t, with a 95 % interval (delta method on the
// rates, logit scale). It is closed form: hazards are constant in each cell.
func (h *Hazards) Within(cause int, t, span float64) Estimate {
	p, grad := h.within(cause, t, span)
	variance := 0.0
	for k := range grad {
		g := mat.NewVecDense(len(grad[k]), grad[k])
		variance += mat.Inner(g, h.cov[k], g)
	}
	e := Estimate{Value: p, Warnings: warnFew(h.ended[cause-1])}
	e.Lo, e.Hi = logitInterval(p, math.Sqrt(variance))
	if t+span > h.watched {
		e.Warnings = append(e.Warnings, BeyondData)
	}
	return e
}

// Running returns the probability of still running at day t+span, given still
// running at day t.
func (h *Hazards) Running(t, span float64) float64 {
	s := 0.0
	for g := h.Cell(t); g < len(h.Starts) && h.Starts[g] < t+span; g++ {
		s += h.total(g) * (math.Min(t+span, h.end(g)) - math.Max(t, h.Starts[g]))
	}
	return math.Exp(-s)
}

func (h *Hazards) total(cell int) float64 {
	s := 0.0
	for k := range h.rate {
		s += h.rate[k][cell]
	}
	return s
}

// within returns the probability and its derivative by every rate: cause, cell.
// In a cell of length d with total hazard λ, entered with probability s, the
// cause takes s·λ_k/λ·(1-e^{-λd}); a rate also thins all that comes after.
func (h *Hazards) within(cause int, t, span float64) (p float64, grad [][]float64) {
	grad = make([][]float64, h.Causes)
	for k := range grad {
		grad[k] = make([]float64, len(h.Starts))
	}
	type piece struct {
		cell           int
		days, took, in float64
	}
	var pieces []piece
	s := 1.0
	for g := h.Cell(t); g < len(h.Starts) && h.Starts[g] < t+span; g++ {
		d := math.Min(t+span, h.end(g)) - math.Max(t, h.Starts[g])
		all := h.total(g)
		took := s * h.rate[cause-1][g] / all * -math.Expm1(-all*d)
		pieces = append(pieces, piece{g, d, took, s})
		p += took
		s *= math.Exp(-all * d)
	}
	later := 0.0
	for i := len(pieces) - 1; i >= 0; i-- {
		x := pieces[i]
		all, own := h.total(x.cell), h.rate[cause-1][x.cell]
		gone := -math.Expm1(-all * x.days)
		byAll := x.in * own / all * (x.days*(1-gone) - gone/all)
		for k := range grad {
			grad[k][x.cell] = byAll - x.days*later
		}
		grad[cause-1][x.cell] += x.in * gone / all
		later += x.took
	}
	return clamp01(p), grad
}
