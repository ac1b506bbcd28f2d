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
	e.Lo, e.Hi = logitInterval(p, math.Sqrt(math.Max(0, variance)))
	if t+span > h.watched {
		e.Warnings = append(e.Warnings, BeyondData)
	}
	return e
}

func (h *Hazards) stays(t, span float64) []stay {
	return stays(h.Starts, h.Causes, t, t+span, func(k, g int) float64 { return h.rate[k][g] })
}

// Running returns the probability of still running at day t+span, given still
// running at day t.
func (h *Hazards) Running(t, span float64) float64 {
	p := 1.0
	for _, s := range h.stays(t, span) {
		p = s.in * (1 - s.ended())
	}
	return p
}

// within returns the probability and its derivative by every rate: cause, cell.
func (h *Hazards) within(cause int, t, span float64) (p float64, grad [][]float64) {
	ss := h.stays(t, span)
	p, d := expect(ss, func(k, _ int) float64 {
		if k == cause-1 {
			return 1
		}
		return 0
	})
	grad = make([][]float64, h.Causes)
	for k := range grad {
		grad[k] = make([]float64, len(h.Starts))
		for i, s := range ss {
			grad[k][s.cell] = d[i][k]
		}
	}
	return clamp01(p), grad
}
