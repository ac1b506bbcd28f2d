package survival

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Outlook is a clock solved: what becomes of a deal from any state and any time
// since its last touch. It does not change when the clock goes on observing.
type Outlook struct {
	belief [nStates][nEvents][nCells]Gamma
	signed [nStates]float64 // P(signed) on entering the state
	days   [nStates]float64 // expected days until the end on entering
	own    [nPaths * 2]float64
	lu     mat.LU // of I - T, T[s][r]: probability that s is followed by r
}

// Solve solves the chain of states: P(signed) on entering a state is what
// signing at once adds, plus P(signed) of each next state by its probability,
// one linear system for all states.
func (c *Clock) Solve() (*Outlook, error) {
	o := &Outlook{belief: c.belief()}
	for g := range o.own {
		o.own[g] = c.Own(g/2, g%2 == 1)
	}
	m := mat.NewDense(nStates, nStates, nil)
	direct, stay := mat.NewVecDense(nStates, nil), mat.NewVecDense(nStates, nil)
	for s := range nStates {
		m.Set(s, s, 1)
		for _, x := range o.stays(s, 0) {
			all, ended := x.all(), x.ended()
			stay.SetVec(s, stay.AtVec(s)+x.in*ended/all)
			for k, r := range x.rate {
				p := x.in * ended * r / all
				switch to := stateAt(s).next(k+1, clockStarts[x.cell]); to {
				case endSigned:
					direct.SetVec(s, direct.AtVec(s)+p)
				case endLost:
				default:
					m.Set(s, to, m.At(s, to)-p)
				}
			}
		}
	}
	o.lu.Factorize(m)
	var v, d mat.VecDense
	if err := o.lu.SolveVecTo(&v, false, direct); err != nil {
		return nil, fmt.Errorf("survival: solve the chain: %w", err)
	}
	if err := o.lu.SolveVecTo(&d, false, stay); err != nil {
		return nil, fmt.Errorf("survival: solve the chain: %w", err)
	}
	for s := range nStates {
		o.signed[s], o.days[s] = clamp01(v.AtVec(s)), d.AtVec(s)
	}
	return o, nil
}

func (o *Outlook) stays(s int, age float64) []stay {
	return stays(clockStarts[:], nEvents, age, math.Inf(1), func(k, g int) float64 { return o.belief[s][k][g].Mean() })
}

// worth is P(signed) once event k+1 has come in cell g of state s.
func (o *Outlook) worth(s int) func(k, g int) float64 {
	return func(k, g int) float64 {
		switch to := stateAt(s).next(k+1, clockStarts[g]); to {
		case endSigned:
			return 1
		case endLost:
			return 0
		default:
			return o.signed[to]
		}
	}
}

// Signed returns P(signed, ever) of a deal that is in state s and has waited
// age days since its last touch, with a 95 % interval: the delta method on all
// hazards of all states that may still come.
func (o *Outlook) Signed(s State, age float64) Estimate {
	i := s.index()
	ss := o.stays(i, age)
	p, d := expect(ss, o.worth(i))
	// How often each state is still entered, given the first move from here.
	reach := mat.NewVecDense(nStates, nil)
	for _, x := range ss {
		for k, r := range x.rate {
			if to := s.next(k+1, clockStarts[x.cell]); to >= 0 {
				reach.SetVec(to, reach.AtVec(to)+x.in*x.ended()*r/x.all())
			}
		}
	}
	var visits mat.VecDense
	if err := o.lu.SolveVecTo(&visits, true, reach); err != nil {
		return Estimate{Value: clamp01(p), Lo: 0, Hi: 1, Warnings: []Warning{NotConverged}}
	}
	var grad [nStates][nEvents][nCells]float64
	add := func(s int, weight float64, ss []stay, d [][]float64) {
		for j, x := range ss {
			for k := range nEvents {
				grad[s][k][x.cell] += weight * d[j][k]
			}
		}
	}
	add(i, 1, ss, d)
	for r := range nStates {
		if w := visits.AtVec(r); w > 0 {
			rs := o.stays(r, 0)
			_, rd := expect(rs, o.worth(r))
			add(r, w, rs, rd)
		}
	}
	variance := 0.0
	for r := range grad {
		for k := range grad[r] {
			for g, x := range grad[r][k] {
				b := o.belief[r][k][g]
				variance += x * x * b.Shape / (b.Rate * b.Rate)
			}
		}
	}
	e := Estimate{Value: clamp01(p), Warnings: o.warnings(s)}
	e.Lo, e.Hi = logitInterval(e.Value, math.Sqrt(variance))
	return e
}

// Chance is the Value of Signed alone, at a fraction of its work.
func (o *Outlook) Chance(s State, age float64) float64 {
	p, _ := expect(o.stays(s.index(), age), o.worth(s.index()))
	return clamp01(p)
}

// Days returns the expected number of days until the deal ends, signed or not.
func (o *Outlook) Days(s State, age float64) float64 {
	d := 0.0
	for _, x := range o.stays(s.index(), age) {
		all, ended := x.all(), x.ended()
		d += x.in * ended / all
		for k, r := range x.rate {
			if to := s.next(k+1, clockStarts[x.cell]); to >= 0 {
				d += x.in * ended * r / all * o.days[to]
			}
		}
	}
	return d
}

// Hazard returns the hazard per day of an event now, with its 95 % credible
// interval: of Signing, times the value, it is the deal's momentum.
func (o *Outlook) Hazard(s State, age float64, event int) Estimate {
	e := o.belief[s.index()][event-1][cellOf(clockStarts[:], age)].Hazard()
	e.Warnings = o.warnings(s)
	return e
}

// HazardOf is the Value of Hazard alone, at a fraction of its work.
func (o *Outlook) HazardOf(s State, age float64, event int) float64 {
	return o.belief[s.index()][event-1][cellOf(clockStarts[:], age)].Mean()
}

// warnings says so while more than half of what is told is not the workspace's.
func (o *Outlook) warnings(s State) []Warning {
	if o.own[s.Path*2+bit(s.Ours)] < 0.5 {
		return []Warning{Typical}
	}
	return nil
}
