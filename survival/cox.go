package survival

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Ties is how events at the same time are treated.
type Ties int

// Efron is R's default and the better; Breslow is the older, simpler one.
const (
	Efron Ties = iota
	Breslow
)

// CoxFit is a fitted proportional-hazards model. Coef[j] is the log hazard
// ratio per unit of column j, StdErr its standard error; Concordance the share
// of comparable pairs that the model puts in the right order.
type CoxFit struct {
	Coef, StdErr         []float64
	Var                  *mat.SymDense
	LogLik0, LogLik      float64
	Concordance          float64
	Events               int
	Iterations           int
	BaseTime, BaseCumHaz []float64 // cumulative hazard of a row of zeros
	PH                   []PHTest  // per column, then global
	Warnings             []Warning
}

// PHTest is the score test of Grambsch and Therneau (1994; as in R's cox.zph
// since 3.0, Kaplan-Meier time) that a hazard ratio does not change with time.
type PHTest struct {
	ChiSq, P float64
	DF       int
}

// Cox fits the hazard of one cause on the columns of x, one row per spell, by
// Newton's method. Other causes count as censored (cause-specific hazard).
func Cox(spells []Spell, x mat.Matrix, cause int, ties Ties) (CoxFit, error) {
	if err := Check(spells); err != nil {
		return CoxFit{}, err
	}
	n, p := x.Dims()
	if n != len(spells) || p == 0 {
		return CoxFit{}, fmt.Errorf("survival: %d observations with a table of %d by %d", len(spells), n, p)
	}
	d := newCoxData(spells, x, cause, ties)
	for _, v := range d.mean {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return CoxFit{}, fmt.Errorf("survival: a covariate is not a number")
		}
	}
	f := CoxFit{Coef: make([]float64, p)}
	for _, e := range d.event {
		if e {
			f.Events++
		}
	}
	if f.Events == 0 {
		return CoxFit{}, fmt.Errorf("survival: nothing ended by cause %d", cause)
	}
	if err := f.newton(d); err != nil {
		return CoxFit{}, err
	}
	if f.Events < 10*p {
		f.Warnings = append(f.Warnings, TooFew)
	}
	f.Concordance = d.concordance(f.Coef)
	f.afterFit(d, spells, cause)
	return f, nil
}

func (f *CoxFit) newton(d *coxData) error {
	p := d.p
	score, info := make([]float64, p), make([]float64, p*(p+1)/2)
	trial := make([]float64, p)
	f.LogLik0 = d.sweep(f.Coef, score, info, nil)
	f.LogLik = f.LogLik0
	settled := false
	var chol mat.Cholesky
	for f.Iterations = 0; f.Iterations < 30 && !settled; f.Iterations++ {
		if !chol.Factorize(symOf(info, p)) || chol.Cond() > 1e14 {
			return fmt.Errorf("survival: the columns cannot be told apart")
		}
		var step mat.VecDense
		if err := chol.SolveVecTo(&step, mat.NewVecDense(p, score)); err != nil {
			return fmt.Errorf("survival: solve for the step: %w", err)
		}
		decrement := mat.Dot(&step, mat.NewVecDense(p, score))
		ll := math.Inf(-1)
		for scale, k := 1.0, 0; k < 30; scale, k = scale/2, k+1 {
			for j := range trial {
				trial[j] = f.Coef[j] + scale*step.AtVec(j)
			}
			if ll = d.sweep(trial, score, info, nil); ll >= f.LogLik-1e-9*math.Abs(f.LogLik) {
				break
			}
		}
		copy(f.Coef, trial)
		// Newton squares its error: a small step now means a negligible one next.
		settled = decrement < 1e-12*(math.Abs(ll)+1) || decrement < 1e-13
		f.LogLik = ll
	}
	if !settled {
		f.Warnings = append(f.Warnings, NotConverged)
	}
	if !chol.Factorize(symOf(info, p)) {
		return fmt.Errorf("survival: the columns cannot be told apart")
	}
	f.Var = mat.NewSymDense(p, nil)
	if err := chol.InverseTo(f.Var); err != nil {
		return fmt.Errorf("survival: invert the information: %w", err)
	}
	for j := range p {
		f.StdErr = append(f.StdErr, math.Sqrt(f.Var.At(j, j)))
	}
	return nil
}

// Ratio returns the hazard ratio per unit of column j with its 95 % interval.
func (f CoxFit) Ratio(j int) Estimate {
	w := z95 * f.StdErr[j]
	e := Estimate{Value: math.Exp(f.Coef[j]), Lo: math.Exp(f.Coef[j] - w), Hi: math.Exp(f.Coef[j] + w), Warnings: f.Warnings}
	if j < len(f.PH) && f.PH[j].P < 0.05 {
		e.Warnings = append(e.Warnings[:len(e.Warnings):len(e.Warnings)], NotProportion)
	}
	return e
}

func symOf(lower []float64, p int) *mat.SymDense {
	s := mat.NewSymDense(p, nil)
	k := 0
	for a := range p {
		for b := range a + 1 {
			s.SetSym(a, b, lower[k])
			k++
		}
	}
	return s
}

// afterFit makes the baseline hazard and the tests of proportionality in one
// more sweep, from the last event to the first.
func (f *CoxFit) afterFit(d *coxData, spells []Spell, cause int) {
	p := d.p
	when := kmScale(spells, cause)
	u := make([]float64, p)
	low := p * (p + 1) / 2
	v11, v12, v22 := make([]float64, low), make([]float64, low), make([]float64, low)
	atZero := 0.0
	for j, m := range d.mean {
		atZero -= m * f.Coef[j]
	}
	var jumps []float64
	score, info := make([]float64, p), make([]float64, p*(p+1)/2)
	d.sweep(f.Coef, score, info, func(s coxStep, x []float64) {
		g := when(s.t)
		for j := range x {
			u[j] += g * (x[j] - s.mean[j])
		}
		for k, v := range s.vari {
			v11[k] += v
			v12[k] += g * v
			v22[k] += g * g * v
		}
		if k := len(f.BaseTime); k > 0 && f.BaseTime[k-1] == s.t {
			jumps[k-1] += 1 / s.s0
		} else {
			f.BaseTime, jumps = append(f.BaseTime, s.t), append(jumps, 1/s.s0)
		}
	})
	for i, j := 0, len(jumps)-1; i < j; i, j = i+1, j-1 {
		f.BaseTime[i], f.BaseTime[j] = f.BaseTime[j], f.BaseTime[i]
		jumps[i], jumps[j] = jumps[j], jumps[i]
	}
	sum := 0.0
	for _, j := range jumps {
		sum += j * math.Exp(atZero)
		f.BaseCumHaz = append(f.BaseCumHaz, sum)
	}
	f.PH = phTests(u, symOf(v11, p), symOf(v12, p), symOf(v22, p))
}

// kmScale returns 1 - S(t-), the Kaplan-Meier scale of time, to be asked for
// event times from the last to the first.
func kmScale(spells []Spell, cause int) func(float64) float64 {
	own := make([]Spell, len(spells))
	for i, s := range spells {
		if s.Cause != cause {
			s.Cause = Open
		} else {
			s.Cause = 1
		}
		own[i] = s
	}
	r := newRiskTable(own, 1)
	before := make([]float64, len(r.time))
	s := 1.0
	for i := range r.time {
		before[i] = 1 - s
		if d := r.all(i); d > 0 {
			s *= float64(r.risk[i]-d) / float64(r.risk[i])
		}
	}
	i := len(r.time) - 1
	return func(t float64) float64 {
		for r.time[i] > t {
			i--
		}
		return before[i]
	}
}

// phTests are score tests of coefficients on x·g(t), one by one and together,
// with the plain coefficients also free: their scores are zero at the fit, so
// the statistic is u'(V22 - V21 V11⁻¹ V12)⁻¹u.
func phTests(u []float64, v11, v12, v22 *mat.SymDense) []PHTest {
	p := len(u)
	var inv, a, b mat.Dense
	if err := inv.Inverse(v11); err != nil {
		return nil
	}
	a.Product(v12, &inv, v12)
	b.Sub(v22, &a)
	chi := func(c float64, df int) PHTest {
		return PHTest{c, distuv.ChiSquared{K: float64(df)}.Survival(c), df}
	}
	var out []PHTest
	for j := range p {
		// One column alone: its own time effect against all plain ones.
		out = append(out, chi(u[j]*u[j]/b.At(j, j), 1))
	}
	var x mat.VecDense
	uv := mat.NewVecDense(p, u)
	if err := x.SolveVec(&b, uv); err == nil {
		out = append(out, chi(mat.Dot(&x, uv), p))
	}
	return out
}
