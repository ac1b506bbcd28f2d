package survival

import "math"

// Calendar is P(signed) by every later day, from any state: the chain of states
// solved in steps of a quarter of a day.
type Calendar struct {
	o    *Outlook
	by   [nStates][]float64 // P(signed within n steps) on entering the state
	last int
}

const step = 0.25 // days

// Calendar solves the renewal equations of the chain up to that many days: the
// share of each state's stays that end in each step is exact, what follows is
// read at the step's middle. It takes a fraction of a second for a quarter.
func (o *Outlook) Calendar(days float64) *Calendar {
	c := &Calendar{o: o, last: int(math.Ceil(days / step))}
	var ends [nStates][]move
	for s := range ends {
		ends[s] = o.moves(s, 0, c.last)
		c.by[s] = make([]float64, c.last+1)
	}
	for n := 1; n <= c.last; n++ {
		for s := range ends {
			c.by[s][n] = clamp01(c.sum(ends[s], n))
		}
	}
	return c
}

// Signed returns P(signed within days) of a deal in state s that has waited age
// days; days beyond the calendar count as its last. A paper that expires in x
// days is signed with Signed(s, age, x).
func (c *Calendar) Signed(s State, age, days float64) float64 {
	n := min(c.last, int(math.Round(days/step)))
	return clamp01(c.sum(c.o.moves(s.index(), age, n), n))
}

// Share returns how much of what will be signed from a state just entered is
// signed within that many days: 1 from the end of the calendar on.
func (c *Calendar) Share(s State, days float64) float64 {
	by := c.by[s.index()]
	if days <= 0 || by[c.last] == 0 {
		return 0
	}
	// Between two steps by a straight line, so that it falls with every hour.
	x := math.Min(days/step, float64(c.last))
	n := min(c.last-1, int(x))
	return (by[n] + (x-float64(n))*(by[n+1]-by[n])) / by[c.last]
}

// SignedBy returns Signed for each of several numbers of days, at the work of one.
func (c *Calendar) SignedBy(s State, age float64, days []float64) []float64 {
	moves := c.o.moves(s.index(), age, c.last)
	out := make([]float64, len(days))
	for i, d := range days {
		out[i] = clamp01(c.sum(moves, min(c.last, int(math.Round(d/step)))))
	}
	return out
}

// move is the probability that a stay ends in step n (from 1) and leads to to.
type move struct {
	n, to int
	p     float64
}

func (o *Outlook) moves(s int, age float64, last int) []move {
	var out []move
	in := 1.0
	for n := 1; n <= last; n++ {
		from := age + float64(n-1)*step
		left := 1.0
		for _, x := range stays(clockStarts[:], nEvents, from, from+step, func(k, g int) float64 { return o.belief[s][k][g].Mean() }) {
			all, ended := x.all(), x.ended()
			for k, r := range x.rate {
				to := stateAt(s).next(k+1, clockStarts[x.cell])
				if p := in * x.in * ended * r / all; to != endLost && p > 0 {
					if i := len(out) - 1; i >= 0 && out[i].n == n && out[i].to == to {
						out[i].p += p
					} else {
						out = append(out, move{n, to, p})
					}
				}
			}
			left = x.in * (1 - ended)
		}
		in *= left
	}
	return out
}

func (c *Calendar) sum(ends []move, n int) float64 {
	p := 0.0
	for _, m := range ends {
		switch {
		case m.n > n:
			return p
		case m.to == endSigned:
			p += m.p
		default:
			then := c.by[m.to][n-m.n]
			if m.n > 1 {
				then = (then + c.by[m.to][n-m.n+1]) / 2
			}
			p += m.p * then
		}
	}
	return p
}
