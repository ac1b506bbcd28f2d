package survival

import (
	"math"
	"sort"
)

// Incidence is an Aalen-Johansen estimate for competing causes: Prob[k-1][i] is
// the probability of having ended by cause k at Time[i] or before, StdErr its
// standard error (infinitesimal jackknife, as R's survfit), Surv the share
// still running.
type Incidence struct {
	Time, Surv   []float64
	AtRisk       []int
	Prob, StdErr [][]float64
	Warnings     [][]Warning // per cause
}

// AalenJohansen estimates, for each cause from 1 to the highest seen (at least
// causes), how many end by it as time passes.
func AalenJohansen(spells []Spell, causes int) (Incidence, error) {
	if err := Check(spells); err != nil {
		return Incidence{}, err
	}
	causes = max(causes, Causes(spells), 1)
	r := newRiskTable(spells, causes)
	n := len(r.time)
	out := Incidence{Time: r.time, AtRisk: r.risk, Surv: make([]float64, n),
		Prob: make([][]float64, causes), StdErr: make([][]float64, causes), Warnings: make([][]Warning, causes)}
	alive := 1.0
	for i := range r.time {
		alive *= float64(r.risk[i]-r.all(i)) / float64(max(1, r.risk[i]))
		out.Surv[i] = alive
	}
	for k := range causes {
		out.Prob[k], out.StdErr[k], out.Warnings[k] = r.incidence(k+1, out.Surv)
	}
	return out, nil
}

// incidence sums F(t) = Σ S(u-) p(u) and its variance. A disturbance of the
// hazards at u moves F(t) by S(u-)·e_k - (F(t)-F(u))/(1-p)·e_all, so the
// variance is a quadratic in F(t) whose three coefficients are running sums.
func (r *riskTable) incidence(cause int, surv []float64) (prob, se []float64, w []Warning) {
	n := len(r.time)
	prob, se = make([]float64, n), make([]float64, n)
	var f, c0, c1, c2 float64
	before, total := 1.0, 0
	for i := range n {
		if d := r.all(i); d > 0 {
			y := float64(r.risk[i])
			pk, p := float64(r.count(i, cause))/y, float64(d)/y
			total += r.count(i, cause)
			f += before * pk
			if p < 1 {
				// G = (F-f)/(1-p); cov(e_k,e_all) = pk(1-p)/y, var(e_all) = p(1-p)/y
				a := before * before * pk * (1 - pk) / y
				b := before * pk / y
				g := p / (1 - p) / y
				c0 += a + 2*b*f + g*f*f
				c1 += -2*b - 2*g*f
				c2 += g
			} else {
				c0 += before * before * pk * (1 - pk) / y
			}
		}
		before = surv[i]
		prob[i] = f
		se[i] = math.Sqrt(math.Max(0, c0+f*(c1+c2*f)))
	}
	return prob, se, warnFew(float64(total))
}

// At returns the probability of having ended by cause at time t or before, with
// a 95 % interval made on the logit scale.
func (a Incidence) At(cause int, t float64) Estimate {
	i := sort.Search(len(a.Time), func(i int) bool { return a.Time[i] > t }) - 1
	w := a.Warnings[cause-1]
	if i < 0 {
		return Estimate{Warnings: w}
	}
	p := a.Prob[cause-1][i]
	lo, hi := logitInterval(p, a.StdErr[cause-1][i])
	if t > a.Time[len(a.Time)-1] && a.Surv[len(a.Surv)-1] > 0 {
		w = append(w[:len(w):len(w)], BeyondData)
	}
	return Estimate{Value: p, Lo: lo, Hi: hi, Warnings: w}
}

// Within returns the probability of ending by cause within the next span, given
// still running at time t: the observed value of a landmark. NaN when nobody
// was left to watch.
func (a Incidence) Within(cause int, t, span float64) float64 {
	i := sort.Search(len(a.Time), func(i int) bool { return a.Time[i] >= t }) - 1
	s, f := 1.0, 0.0
	if i >= 0 {
		s, f = a.Surv[i], a.Prob[cause-1][i]
	}
	j := sort.Search(len(a.Time), func(i int) bool { return a.Time[i] >= t+span }) - 1
	if s == 0 || i == len(a.Time)-1 {
		return math.NaN()
	}
	if j < 0 {
		return 0
	}
	return (a.Prob[cause-1][j] - f) / s
}
