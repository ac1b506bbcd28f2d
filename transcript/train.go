package transcript

import (
	"math"
	"sort"
	"strings"
)

// problem is a data set in numbers: rows of feature ids and values.
type problem struct {
	names []string
	rows  [][]entry
	y     []float64 // 0 or 1
	w     []float64
}

type entry struct {
	id int
	v  float64
}

// numbered gives the examples in numbers. It keeps the features seen in at least
// two of them, in the order of their names, so that the same data gives the same
// bytes.
func numbered(examples []Example, features func(string) []feature) *problem {
	p := &problem{}
	feats := make([][]feature, len(examples))
	for i, e := range examples {
		feats[i] = features(e.Text)
		y := 0.0
		if e.Yes {
			y = 1
		}
		p.y, p.w = append(p.y, y), append(p.w, e.Weight)
	}
	seen := map[string]int{}
	for _, fs := range feats {
		for _, f := range fs {
			seen[f.name]++
		}
	}
	for n, k := range seen {
		if k >= 2 {
			p.names = append(p.names, n)
		}
	}
	sort.Strings(p.names)
	id := make(map[string]int, len(p.names))
	for i, n := range p.names {
		id[n] = i
	}
	for _, fs := range feats {
		row := make([]entry, 0, len(fs))
		for _, f := range fs {
			if i, ok := id[f.name]; ok {
				row = append(row, entry{i, f.v})
			}
		}
		p.rows = append(p.rows, row)
	}
	return p
}

// fit minimises the weighted logistic loss plus lambda/2 |x|² by L-BFGS; the
// last unknown is the bias, which is not shrunk. Products are rounded before
// they are added (float64(...)), so no machine fuses them differently.
func fit(p *problem, lambda float64, rounds int) []float64 {
	n := len(p.names) + 1
	x, g := make([]float64, n), make([]float64, n)
	f := p.loss(x, lambda, g)
	const memory = 8
	var ss, ys [][]float64
	var rho []float64
	for range rounds {
		d := direction(g, ss, ys, rho)
		slope := dot(d, g)
		if slope > -1e-9 {
			break
		}
		step := 1.0
		if len(ss) == 0 {
			step = 1 / math.Sqrt(dot(g, g))
		}
		nx, ng := make([]float64, n), make([]float64, n)
		var nf float64
		for try := 0; ; try++ {
			for i := range nx {
				nx[i] = x[i] + float64(step*d[i])
			}
			nf = p.loss(nx, lambda, ng)
			if nf <= f+1e-4*step*slope || try == 30 {
				break
			}
			step /= 2
		}
		s, y := make([]float64, n), make([]float64, n)
		for i := range s {
			s[i], y[i] = nx[i]-x[i], ng[i]-g[i]
		}
		if sy := dot(s, y); sy > 1e-12 {
			ss, ys, rho = append(ss, s), append(ys, y), append(rho, 1/sy)
			if len(ss) > memory {
				ss, ys, rho = ss[1:], ys[1:], rho[1:]
			}
		}
		done := math.Abs(f-nf) < 1e-7*math.Abs(f)
		x, g, f = nx, ng, nf
		if done {
			break
		}
	}
	return x
}

func (p *problem) loss(x []float64, lambda float64, g []float64) float64 {
	clear(g)
	last := len(x) - 1
	sum := 0.0
	for i, row := range p.rows {
		z := x[last]
		for _, e := range row {
			z += float64(x[e.id] * e.v)
		}
		q := sigmoid(z)
		if p.y[i] > 0.5 {
			sum += float64(p.w[i] * softplus(-z))
		} else {
			sum += float64(p.w[i] * softplus(z))
		}
		r := float64(p.w[i] * (q - p.y[i]))
		for _, e := range row {
			g[e.id] += float64(r * e.v)
		}
		g[last] += r
	}
	for i, v := range x[:last] {
		sum += float64(lambda / 2 * v * v)
		g[i] += float64(lambda * v)
	}
	return sum
}

func softplus(z float64) float64 {
	if z > 0 {
		return z + math.Log1p(math.Exp(-z))
	}
	return math.Log1p(math.Exp(z))
}

func direction(g []float64, ss, ys [][]float64, rho []float64) []float64 {
	d := make([]float64, len(g))
	for i, v := range g {
		d[i] = -v
	}
	alpha := make([]float64, len(ss))
	for k := len(ss) - 1; k >= 0; k-- {
		alpha[k] = rho[k] * dot(ss[k], d)
		axpy(d, -alpha[k], ys[k])
	}
	if k := len(ss) - 1; k >= 0 {
		scale := 1 / (rho[k] * dot(ys[k], ys[k]))
		for i := range d {
			d[i] *= scale
		}
	}
	for k := range ss {
		beta := rho[k] * dot(ys[k], d)
		axpy(d, alpha[k]-beta, ss[k])
	}
	return d
}

func dot(a, b []float64) float64 {
	s := 0.0
	for i := range a {
		s += float64(a[i] * b[i])
	}
	return s
}

func axpy(y []float64, a float64, x []float64) {
	for i := range y {
		y[i] += float64(a * x[i])
	}
}

// trainHead fits one head. Weights under smallest, which would change nothing, are left out.
func trainHead(examples []Example, features func(string) []feature, lambda, smallest float64) *Model {
	p := numbered(examples, features)
	x := fit(p, lambda, 60)
	m := &Model{weight: map[string]float64{biasName: round(x[len(x)-1])}}
	for i, n := range p.names {
		if v := x[i]; math.Abs(v) >= smallest {
			m.weight[n] = round(v)
		}
	}
	return m
}

func round(v float64) float64 { return math.Round(v*1000) / 1000 }

// ratios are how much oftener each feature is seen on one side, as the log of the
// counts' ratio (Wang and Manning, 2012); what other heads say counts 1.
func (p *problem) ratios() []float64 {
	yes, no := make([]float64, len(p.names)), make([]float64, len(p.names))
	allYes, allNo := 2.0, 2.0
	for i, row := range p.rows {
		side, all := no, &allNo
		if p.y[i] > 0.5 {
			side, all = yes, &allYes
		}
		for _, e := range row {
			side[e.id] += p.w[i]
			*all += p.w[i]
		}
	}
	r := make([]float64, len(p.names))
	for i := range r {
		r[i] = 1
		if !strings.HasPrefix(p.names[i], heard) {
			r[i] = math.Abs(math.Log((yes[i] + 0.5) / allYes * allNo / (no[i] + 0.5)))
		}
	}
	return r
}
