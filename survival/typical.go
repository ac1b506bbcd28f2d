package survival

import "math"

// ClockStarts are the starts, in days since the last touch, of the cells within
// which a deal's hazards are constant: hours at first, then days and weeks.
var clockStarts = [...]float64{0, 1. / 24, 4. / 24, 12. / 24, 1, 2, 3, 5, 7, 14, 30, 60}

const nCells = len(clockStarts)

// ClockStarts returns the starts of the clock's cells, in days.
func ClockStarts() []float64 { return append([]float64(nil), clockStarts[:]...) }

// The numbers below are what is believed before a workspace has any deal of its
// own; each is explained, with its source, in doc/model.md.
var (
	// replied is the share of replies that have come by the end of a cell, of
	// those that ever come: half within 47 minutes and nine of ten within a day
	// (Kooti et al. 2015), joined along the log of time.
	replied = [nCells - 1]float64{0.53, 0.69, 0.82, 0.90, 0.94, 0.96, 0.975, 0.985, 0.993, 0.998, 0.9995}
	// everMoved is the share of waits that end in a move at all, theirs and ours:
	// people in a deal do answer, and the one who sells does so nearly always.
	everMoved = [2]float64{0.85, 0.97}
	// regret is the hazard per day of a yes taken back: bookings cancelled, by
	// day since booking (hotel bookings, CC BY 4.0).
	regret = [nCells]float64{0.0520, 0.0520, 0.0520, 0.0520, 0.0164, 0.0110, 0.0082, 0.0070, 0.0053, 0.0047, 0.0035, 0.0035}
	// quiet is the hazard per day of being declared gone quiet, in the last two
	// cells: half of those silent for a month are given up within the next.
	quiet = [nCells]float64{10: 0.023, 11: 0.023}
	// slowCosts scales the hazard of a no by how fast we answered last time.
	slowCosts = [nSpeeds]float64{1, 1.2, 1.5}
)

// stepShare is the share of moves that are a step forward, signShare the share
// that are the signature: chosen so that the chain signs 21 % of what is talked
// about and 29 % of what is asked (HubSpot's survey) and 58 % of what was said
// yes to (Persuasion For Good: 87 gave of 150 who had promised).
func stepShare(s State) float64 {
	switch {
	case s.Path == Talking && s.Ours:
		return 0.58 // we ask
	case s.Path == Asked && !s.Ours:
		return 0.235 // they say yes
	case s.Path == Yes && s.Ours && !s.Paper:
		return 0.60 // we send the agreement
	}
	return 0
}

func signShare(s State) float64 {
	switch {
	case s.Path == Yes && s.Paper && !s.Ours:
		return 0.455
	case s.Path == Yes && !s.Paper && !s.Ours:
		return 0.05 // signed without paper of ours
	case s.Path == Yes && s.Paper && s.Ours:
		return 0.05 // signed although we owe an answer
	}
	return 0
}

// typical returns the hazard per day of an event in a state and cell before
// anything of one's own is known.
func typical(s State, event, cell int) float64 {
	if event == NoMore {
		return regret[cell]*slowCosts[s.Speed] + quiet[cell]
	}
	step, sign := stepShare(s), signShare(s)
	switch event {
	case Stepped:
		return moves[bit(s.Ours)][cell] * step
	case Signing:
		return moves[bit(s.Ours)][cell] * sign
	}
	return moves[bit(s.Ours)][cell] * (1 - step - sign)
}

// moves is the hazard per day of any move, theirs and ours, from the share that has come by the
// end of each cell; the endless last cell goes on like the one before.
var moves = func() (h [2][nCells]float64) {
	for side, ever := range everMoved {
		before := 0.0
		for g := range nCells - 1 {
			now := replied[g] * ever
			h[side][g] = math.Log((1-before)/(1-now)) / (clockStarts[g+1] - clockStarts[g])
			before = now
		}
		h[side][nCells-1] = h[side][nCells-2]
	}
	return h
}()
