package survival

import (
	"fmt"
	"math"
)

// Open is the Cause of a spell whose end has not been seen: it was still
// running at To (right-censored).
const Open = 0

// Spell is one stretch of time under observation, in any one unit (days, in
// this program). It was watched from From (0, or later when it was imported
// already old: left truncation) until To, when it ended by Cause: 1, 2, …, or
// Open when it was still running.
type Spell struct {
	From, To float64
	Cause    int
}

// Check says what makes spells unusable: none at all, times that are not
// finite, that are below zero or that do not advance, a negative cause. A spell
// may have From == To only when both are 0: it ended the moment it began.
func Check(spells []Spell) error {
	if len(spells) == 0 {
		return fmt.Errorf("survival: no observations")
	}
	for i, s := range spells {
		switch {
		case math.IsNaN(s.From) || math.IsInf(s.From, 0) || math.IsNaN(s.To) || math.IsInf(s.To, 0):
			return fmt.Errorf("survival: observation %d: time is not a number", i+1)
		case s.From < 0 || s.To < s.From || s.To == s.From && s.To != 0:
			return fmt.Errorf("survival: observation %d: runs from %g to %g", i+1, s.From, s.To)
		case s.Cause < 0:
			return fmt.Errorf("survival: observation %d: cause %d", i+1, s.Cause)
		}
	}
	return nil
}

// Causes returns the highest cause among spells.
func Causes(spells []Spell) int {
	k := 0
	for _, s := range spells {
		k = max(k, s.Cause)
	}
	return k
}
