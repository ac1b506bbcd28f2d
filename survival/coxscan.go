package survival

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// coxData is a Cox model's input in the order in which it is swept: from the
// last end to the first, so that the risk set grows; covariates centred, so
// that exp() stays in range.
type coxData struct {
	n, p  int
	to    []float64
	event []bool
	x     []float64 // row i at [i*p:]
	from  []float64 // nil when all were watched from the beginning
	leave []int32   // rows by From, latest first: they leave the risk set
	mean  []float64
	ties  Ties
	eta   []float64 // x·beta and its exp, filled by sweep
	risk  []float64
}

func newCoxData(spells []Spell, x mat.Matrix, cause int, ties Ties) *coxData {
	n, p := x.Dims()
	d := &coxData{n: n, p: p, to: make([]float64, n), event: make([]bool, n), x: make([]float64, n*p),
		mean: make([]float64, p), ties: ties, eta: make([]float64, n), risk: make([]float64, n)}
	at := func(i, j int) float64 { return x.At(i, j) }
	if m, ok := x.(*mat.Dense); ok {
		raw := m.RawMatrix()
		at = func(i, j int) float64 { return raw.Data[i*raw.Stride+j] }
	}
	byTo := orderByTo(spells)
	froms := make([]float64, n)
	late := false
	for i := range n {
		o := byTo[n-1-i]
		s := spells[o]
		d.to[i], d.event[i], froms[i] = s.To, s.Cause == cause, s.From
		late = late || s.From > 0
		for j := range p {
			v := at(int(o), j)
			d.x[i*p+j] = v
			d.mean[j] += v / float64(n)
		}
	}
	for i := range d.x {
		d.x[i] -= d.mean[i%p]
	}
	if late {
		up := order(froms)
		d.from, d.leave = froms, make([]int32, n)
		for i, r := range up {
			d.leave[n-1-i] = r
		}
	}
	return d
}

// moments are sums over a set of rows, weighted by risk: how many, of x, of x x'.
type moments struct {
	s0 float64
	s1 []float64
	s2 []float64 // lower triangle, row by row
}

func newMoments(p int) moments {
	return moments{s1: make([]float64, p), s2: make([]float64, p*(p+1)/2)}
}

func (m *moments) add(x []float64, w float64) {
	m.s0 += w
	t := 0
	for a, xa := range x {
		wa := w * xa
		m.s1[a] += wa
		for _, xb := range x[:a+1] {
			m.s2[t] += wa * xb
			t++
		}
	}
}

func (m *moments) clear() {
	m.s0 = 0
	clear(m.s1)
	clear(m.s2)
}

// coxStep is told at each event of a sweep: the risk set as it stands for this
// one event (with Efron's share of the tied ones taken out) at time t.
type coxStep struct {
	t    float64
	s0   float64
	mean []float64 // of x over the risk set
	vari []float64 // lower triangle of its variance
}

// sweep returns the log partial likelihood at beta and fills score and
// information (lower triangle); visit, when not nil, sees every event's step
// and the sum of x over the events tied with it, divided evenly.
func (d *coxData) sweep(beta, score, info []float64, visit func(coxStep, []float64)) float64 {
	p := d.p
	all, tied := newMoments(p), newMoments(p)
	step := coxStep{mean: make([]float64, p), vari: make([]float64, len(info))}
	sumx := make([]float64, p)
	clear(score)
	clear(info)
	loglik, gone := 0.0, 0
	for i := range d.n {
		e := 0.0
		for j, b := range beta {
			e += b * d.x[i*p+j]
		}
		d.eta[i], d.risk[i] = e, math.Exp(e)
	}
	for i := 0; i < d.n; {
		t := d.to[i]
		for d.leave != nil && gone < d.n && d.from[d.leave[gone]] >= t && !(t == 0 && d.from[d.leave[gone]] == 0) {
			r := int(d.leave[gone])
			all.add(d.x[r*p:r*p+p], -d.risk[r])
			gone++
		}
		tied.clear()
		clear(sumx)
		deaths := 0
		for ; i < d.n && d.to[i] == t; i++ {
			row := d.x[i*p : i*p+p]
			all.add(row, d.risk[i])
			if d.event[i] {
				deaths++
				tied.add(row, d.risk[i])
				loglik += d.eta[i]
				for j, v := range row {
					sumx[j] += v
					score[j] += v
				}
			}
		}
		for l := range deaths {
			share := 0.0
			if d.ties == Efron {
				share = float64(l) / float64(deaths)
			}
			step.t, step.s0 = t, all.s0-share*tied.s0
			loglik -= math.Log(step.s0)
			k := 0
			for a := range p {
				step.mean[a] = (all.s1[a] - share*tied.s1[a]) / step.s0
				score[a] -= step.mean[a]
				for b := range a + 1 {
					v := (all.s2[k]-share*tied.s2[k])/step.s0 - step.mean[a]*step.mean[b]
					step.vari[k] = v
					info[k] += v
					k++
				}
			}
			if visit != nil {
				for j := range sumx {
					sumx[j] /= float64(deaths)
				}
				visit(step, sumx)
				for j := range sumx {
					sumx[j] *= float64(deaths)
				}
			}
		}
	}
	return loglik
}
