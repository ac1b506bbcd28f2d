package survival

import (
	"math"
	"sort"
)

// Limits is the scale on which a curve's 95 % limits are made.
type Limits int

// Log is R's default; LogLog never leaves 0 to 1 and is right in small samples.
const (
	LogLog Limits = iota
	Log
)

// Curve is a Kaplan-Meier estimate: at Time[i], AtRisk were watched, Events
// ended, Censored left unfinished, and Surv is the share still standing just
// after, with Greenwood's standard error and 95 % limits. CumHaz is the
// Nelson-Aalen cumulative hazard.
type Curve struct {
	Time, Surv, StdErr, Lo, Hi, CumHaz []float64
	AtRisk, Events, Censored           []int
	Warnings                           []Warning
}

// KaplanMeier estimates the share of spells still running at each time at which
// any ended; all causes count as the end. Late entries (From > 0) join the risk
// set just after From.
func KaplanMeier(spells []Spell, limits Limits) (Curve, error) {
	if err := Check(spells); err != nil {
		return Curve{}, err
	}
	r := newRiskTable(spells, max(1, Causes(spells)))
	n := len(r.time)
	buf := make([]float64, 5*n)
	c := Curve{Time: r.time, AtRisk: r.risk, Censored: r.censored, Events: make([]int, n),
		Surv: buf[:n], StdErr: buf[n : 2*n], Lo: buf[2*n : 3*n], Hi: buf[3*n : 4*n], CumHaz: buf[4*n:]}
	surv, haz, green, total := 1.0, 0.0, 0.0, 0
	for i := range r.time {
		d := r.all(i)
		c.Events[i] = d
		total += d
		if d > 0 {
			y, e := float64(r.risk[i]), float64(d)
			surv *= (y - e) / y
			haz += e / y
			green += e / (y * (y - e))
		}
		se := math.Sqrt(green)
		c.Surv[i], c.CumHaz[i], c.StdErr[i] = surv, haz, surv*se
		c.Lo[i], c.Hi[i] = curveLimits(surv, se, limits)
		if surv == 0 {
			c.StdErr[i] = math.NaN()
		}
	}
	c.Warnings = warnFew(float64(total))
	return c, nil
}

// curveLimits takes the standard error of the cumulative hazard. Where nobody
// is left there are no limits: NaN.
func curveLimits(s, se float64, l Limits) (lo, hi float64) {
	switch {
	case s == 0:
		return math.NaN(), math.NaN()
	case s == 1 || se == 0:
		return s, s
	case l == Log:
		return s * math.Exp(-z95*se), math.Min(1, s*math.Exp(z95*se))
	}
	ls := math.Log(s)
	w := z95 * se / ls
	return math.Exp(ls * math.Exp(-w)), math.Exp(ls * math.Exp(w))
}

// At returns the share still standing at time t with its limits.
func (c Curve) At(t float64) Estimate {
	i := sort.Search(len(c.Time), func(i int) bool { return c.Time[i] > t }) - 1
	if i < 0 {
		return Estimate{Value: 1, Lo: 1, Hi: 1, Warnings: c.Warnings}
	}
	e := Estimate{Value: c.Surv[i], Lo: c.Lo[i], Hi: c.Hi[i], Warnings: c.Warnings}
	if i == len(c.Time)-1 && t > c.Time[i] && c.Surv[i] > 0 {
		e.Warnings = append(e.Warnings[:len(e.Warnings):len(e.Warnings)], BeyondData)
	}
	return e
}

// Quantile returns the time by which the share q has ended (0.5: half-life),
// with the limits read off the curve's own; +Inf where the curve never falls
// that far. On a flat stretch exactly at 1-q it is the middle, as in R.
func (c Curve) Quantile(q float64) Estimate {
	e := Estimate{Value: firstAtOrBelow(c.Time, c.Surv, 1-q), Lo: firstAtOrBelow(c.Time, c.Lo, 1-q),
		Hi: firstAtOrBelow(c.Time, c.Hi, 1-q), Warnings: c.Warnings}
	if math.IsInf(e.Value, 1) {
		e.Warnings = append(e.Warnings[:len(e.Warnings):len(e.Warnings)], BeyondData)
	}
	return e
}

func firstAtOrBelow(time, y []float64, p float64) float64 {
	const eps = 1e-12
	i := sort.Search(len(y), func(i int) bool { return !(y[i] > p+eps) })
	if i == len(y) || math.IsNaN(y[i]) {
		return math.Inf(1)
	}
	if math.Abs(y[i]-p) > eps {
		return time[i]
	}
	for j := i; j < len(y); j++ {
		if y[j] < p-eps {
			return (time[i] + time[j]) / 2
		}
	}
	return time[i]
}

// Mean returns the mean time spent before the end, counted up to the horizon
// (the restricted mean), with a 95 % interval from Greenwood's variance.
func (c Curve) Mean(horizon float64) Estimate {
	// area[i] is what lies under the curve from Time[i] to the horizon.
	n := sort.Search(len(c.Time), func(i int) bool { return c.Time[i] > horizon })
	area, variance := 0.0, 0.0
	right := horizon
	for i := n - 1; i >= 0; i-- {
		area += c.Surv[i] * (right - c.Time[i])
		right = c.Time[i]
		if y, d := float64(c.AtRisk[i]), float64(c.Events[i]); d > 0 && y > d {
			variance += area * area * d / (y * (y - d))
		}
	}
	area += right
	w := z95 * math.Sqrt(variance)
	return Estimate{Value: area, Lo: math.Max(0, area-w), Hi: math.Min(horizon, area+w), Warnings: c.Warnings}
}
