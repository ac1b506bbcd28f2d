package survival

import "math"

// Wait is how P(signed) falls while the ball lies with us and we do nothing, in
// one cell of the clock: P at the cell's start (From days after the touch) and
// Rate, its fall per day as a share: P(t) = P·exp(-Rate·(t-From)).
type Wait struct {
	From, P, Rate float64
	Lo, Hi        float64 // 95 % interval of Rate
}

// Waiting returns the fall cell by cell for a state in which the ball is ours.
// Acting later leads to a worse state (how fast we answered), and while we wait
// they may say no; what they may do for us meanwhile is taken off. The curve is
// continuous and never rises: waiting alone cannot be a gain. Rates are on the
// ladder of CellRate.
func (o *Outlook) Waiting(s State) []Wait {
	i := s.index()
	out := make([]Wait, nCells)
	act := func(g int) float64 { // P(signed) when we move at the start of cell g
		step := o.belief[i][Stepped-1][g].Mean()
		pass := o.belief[i][Answered-1][g].Mean()
		w := o.worth(i)
		return (step*w(Stepped-1, g) + pass*w(Answered-1, g)) / (step + pass)
	}
	p := act(0)
	for g := range out {
		sign, no := o.belief[i][Signing-1][g].Mean(), o.belief[i][NoMore-1][g].Mean()
		now := act(g)
		// Per day of waiting: a no costs now, a signature gains 1-now, and moving
		// only in the next cell costs the difference, spread over this one.
		rate := no - sign*(1-now)/now
		if g+1 < nCells {
			rate += math.Log(now/act(g+1)) / (clockStarts[g+1] - clockStarts[g])
		}
		rate = CellRate(rung(rate))
		h := o.belief[i][NoMore-1][g].Hazard()
		out[g] = Wait{From: clockStarts[g], P: p, Rate: rate, Lo: math.Max(0, rate-(h.Value-h.Lo)), Hi: rate + h.Hi - h.Value}
		if g+1 < nCells {
			p *= math.Exp(-rate * (clockStarts[g+1] - clockStarts[g]))
		}
	}
	return out
}

// CostOfWaiting returns what one more day of doing nothing costs a deal of that
// value, age days after the touch that gave us the ball: value times the fall
// of P(signed) per day.
func CostOfWaiting(w []Wait, value, age float64) Estimate {
	x := w[waitCell(w, age)]
	p := value * x.P * math.Exp(-x.Rate*(age-x.From))
	return Estimate{Value: p * x.Rate, Lo: p * x.Lo, Hi: p * x.Hi}
}

// StillWon returns P(signed) when we move only age days after the touch.
func StillWon(w []Wait, age float64) float64 {
	x := w[waitCell(w, age)]
	return x.P * math.Exp(-x.Rate*(age-x.From))
}

func waitCell(w []Wait, age float64) int {
	g := 0
	for g+1 < len(w) && w[g+1].From <= age {
		g++
	}
	return g
}
