package survival

import "math"

// stay is time spent in one cell of constant hazards: it is entered with
// probability in and lasts days (+Inf in an endless cell) unless ended before.
type stay struct {
	cell     int
	days, in float64
	rate     []float64 // by cause - 1
}

// stays cuts the time from day from to day to along starts; rate(k, g) is the
// hazard of cause k+1 in cell g.
func stays(starts []float64, causes int, from, to float64, rate func(k, g int) float64) []stay {
	var out []stay
	in := 1.0
	for g := cellOf(starts, from); g < len(starts) && starts[g] < to; g++ {
		end := to
		if g+1 < len(starts) {
			end = math.Min(end, starts[g+1])
		}
		s := stay{cell: g, days: end - math.Max(from, starts[g]), in: in, rate: make([]float64, causes)}
		for k := range s.rate {
			s.rate[k] = rate(k, g)
		}
		out = append(out, s)
		in *= math.Exp(-s.all() * s.days)
	}
	return out
}

func (s stay) all() float64 {
	sum := 0.0
	for _, r := range s.rate {
		sum += r
	}
	return sum
}

// ended is the probability that it ends in the cell, once there.
func (s stay) ended() float64 { return -math.Expm1(-s.all() * s.days) }

// expect returns the mean of what ending pays, pay(k, g) for cause k+1 in cell
// g, and its derivative by every rate: derivative[i][k] for stay i. A rate adds
// its own ends, and thins all that comes after.
func expect(ss []stay, pay func(k, g int) float64) (value float64, derivative [][]float64) {
	derivative = make([][]float64, len(ss))
	later := 0.0
	for i := len(ss) - 1; i >= 0; i-- {
		s := ss[i]
		derivative[i] = make([]float64, len(s.rate))
		all, ended := s.all(), s.ended()
		if all == 0 {
			continue
		}
		mean := 0.0
		for k, r := range s.rate {
			mean += r / all * pay(k, s.cell)
		}
		thin := 0.0 // d(ended)/d(rate) and the loss of later ends; 0 in an endless cell
		if !math.IsInf(s.days, 1) {
			thin = s.in*mean*s.days*(1-ended) - s.days*later
		}
		for k := range s.rate {
			derivative[i][k] = s.in*(pay(k, s.cell)-mean)/all*ended + thin
		}
		later += s.in * ended * mean
	}
	return later, derivative
}
