package survival

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Family is a shape of lifetimes with one curve for all: log time is
// intercept + x·coef + scale times a standard variable.
type Family int

// The families that others fit. They are here to be compared with: measured on
// offers, none knows that a four-week-old offer is not a one-week-old one.
const (
	Exponential Family = iota
	Weibull
	LogLogistic
	LogNormal
)

// ParametricFit is an accelerated-failure-time model as R's survreg gives it:
// Coef[0] is the intercept. LogLik is of the times themselves, not their logs.
type ParametricFit struct {
	Family   Family
	Coef     []float64
	Scale    float64
	LogLik   float64
	Warnings []Warning
}

// Parametric fits spells watched from 0 that ended by cause; x may be nil.
func Parametric(spells []Spell, x mat.Matrix, cause int, f Family) (ParametricFit, error) {
	if err := Check(spells); err != nil {
		return ParametricFit{}, err
	}
	p := 0
	if x != nil {
		n := 0
		if n, p = x.Dims(); n != len(spells) {
			return ParametricFit{}, fmt.Errorf("survival: %d observations with %d rows", len(spells), n)
		}
	}
	// With tau = 1/scale and a = coef/scale, z = tau·log t - a·x and the
	// log-likelihood is concave in (a, tau).
	m := p + 2
	rows := mat.NewDense(len(spells), m, nil)
	events := 0.0
	for i, s := range spells {
		if s.To <= 0 || s.From > 0 {
			return ParametricFit{}, fmt.Errorf("survival: observation %d: a parametric fit needs times above 0, watched from 0", i+1)
		}
		rows.Set(i, 0, -1)
		for j := range p {
			rows.Set(i, 1+j, -x.At(i, j))
		}
		rows.Set(i, m-1, math.Log(s.To))
		if s.Cause == cause {
			events++
		}
	}
	if events == 0 {
		return ParametricFit{}, fmt.Errorf("survival: nothing ended by cause %d", cause)
	}
	theta := make([]float64, m)
	theta[m-1] = 1
	for _, s := range spells {
		theta[0] += math.Log(s.To) / float64(len(spells))
	}
	fit := ParametricFit{Family: f, Warnings: warnFew(events)}
	grad, hess := make([]float64, m), mat.NewSymDense(m, nil)
	fit.LogLik = f.logLik(spells, rows, cause, theta, grad, hess)
	settled := false
	for range 100 {
		step, err := f.step(grad, hess)
		if err != nil {
			return ParametricFit{}, err
		}
		gain := 0.0
		for j := range step {
			gain += step[j] * grad[j]
		}
		if gain < 1e-14*(1+math.Abs(fit.LogLik)) {
			settled = true
			break
		}
		next := make([]float64, m)
		for scale, k := 1.0, 0; k < 60; scale, k = scale/2, k+1 {
			for j := range next {
				next[j] = theta[j] + scale*step[j]
			}
			if next[m-1] <= 0 {
				continue
			}
			if ll := f.logLik(spells, rows, cause, next, grad, hess); ll >= fit.LogLik-1e-12*math.Abs(fit.LogLik) {
				fit.LogLik = ll
				break
			}
		}
		theta = next
	}
	if !settled {
		fit.Warnings = append(fit.Warnings, NotConverged)
	}
	fit.Scale = 1 / theta[m-1]
	for j := range p + 1 {
		fit.Coef = append(fit.Coef, theta[j]*fit.Scale)
	}
	return fit, nil
}

// step solves for Newton's step; an exponential's scale stays 1.
func (f Family) step(grad []float64, hess *mat.SymDense) ([]float64, error) {
	m := len(grad)
	free := m
	if f == Exponential {
		free--
	}
	neg := mat.NewSymDense(free, nil)
	for a := range free {
		for b := range a + 1 {
			neg.SetSym(a, b, -hess.At(a, b))
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(neg) {
		return nil, fmt.Errorf("survival: the columns cannot be told apart")
	}
	var x mat.VecDense
	if err := chol.SolveVecTo(&x, mat.NewVecDense(free, grad[:free])); err != nil {
		return nil, fmt.Errorf("survival: solve for the step: %w", err)
	}
	out := make([]float64, m)
	copy(out, x.RawVector().Data)
	return out, nil
}

func (f Family) logLik(spells []Spell, rows *mat.Dense, cause int, theta, grad []float64, hess *mat.SymDense) float64 {
	m := len(theta)
	clear(grad)
	hess.Zero()
	ll, tau := 0.0, theta[m-1]
	for i, s := range spells {
		row := rows.RawRowView(i)
		z := 0.0
		for j, v := range row {
			z += v * theta[j]
		}
		l, d1, d2 := f.density(z, s.Cause == cause)
		ll += l
		if s.Cause == cause {
			ll += math.Log(tau) - row[m-1]
			grad[m-1] += 1 / tau
			hess.SetSym(m-1, m-1, hess.At(m-1, m-1)-1/(tau*tau))
		}
		for a, va := range row {
			grad[a] += d1 * va
			for b, vb := range row[:a+1] {
				hess.SetSym(a, b, hess.At(a, b)+d2*va*vb)
			}
		}
	}
	return ll
}

// density returns the log density (event) or log survival of z and its first
// two derivatives.
func (f Family) density(z float64, event bool) (l, d1, d2 float64) {
	switch f {
	case LogLogistic:
		p := 1 / (1 + math.Exp(-z))
		soft := math.Max(z, 0) + math.Log1p(math.Exp(-math.Abs(z)))
		if event {
			return z - 2*soft, 1 - 2*p, -2 * p * (1 - p)
		}
		return -soft, -p, -p * (1 - p)
	case LogNormal:
		if event {
			return -z*z/2 - math.Log(2*math.Pi)/2, -z, -1
		}
		surv := distuv.UnitNormal.Survival(z)
		if surv < 1e-300 { // Mills' ratio far out
			return -z*z/2 - math.Log(z*math.Sqrt(2*math.Pi)), -z, -1
		}
		r := distuv.UnitNormal.Prob(z) / surv
		return math.Log(surv), -r, -r * (r - z)
	}
	e := math.Exp(z)
	if event {
		return z - e, 1 - e, -e
	}
	return -e, -e, -e
}
