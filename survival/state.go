package survival

// How far a deal is, as its clock sees it.
const (
	Talking = iota
	Asked
	Yes
)

// How fast we answered last time.
const (
	Quick    = iota // within four hours
	SameDay         // within a day
	Slow            // later
	nSpeeds  = 3
	nPaths   = 3
	nStates  = nPaths * 2 * nSpeeds * 2
	sameDay  = 4. / 24
	slowFrom = 1.
)

// State is where a deal's clock stands, beside the time since the last touch:
// how far it is, whose move it is, how fast we answered last time (Quick,
// SameDay, Slow) and whether the agreement is out.
type State struct {
	Path  int
	Ours  bool
	Speed int
	Paper bool
}

// SpeedOf returns the speed of an answer that took that many days.
func SpeedOf(days float64) int {
	switch {
	case days < sameDay:
		return Quick
	case days < slowFrom:
		return SameDay
	}
	return Slow
}

func (s State) index() int {
	return ((s.Path*2+bit(s.Ours))*nSpeeds+s.Speed)*2 + bit(s.Paper)
}

func stateAt(i int) State {
	return State{Paper: i%2 == 1, Speed: i / 2 % nSpeeds, Ours: i/2/nSpeeds%2 == 1, Path: i / 2 / nSpeeds / 2}
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// What can happen next to a deal: the causes of a Clock. Answered: the ball
// passes. Stepped: it passes and the deal is a step further (the ask is made,
// the yes is said, the agreement is out). Signing and NoMore end the deal; a
// deal declared gone quiet is NoMore.
const (
	Answered = iota + 1
	Stepped
	Signing
	NoMore
	nEvents = 4
)

// Ends of the chain, in place of a next state.
const (
	endSigned = -1
	endLost   = -2
)

// next returns the state after an event that came days after the last touch.
func (s State) next(event int, days float64) int {
	switch event {
	case Signing:
		return endSigned
	case NoMore:
		return endLost
	case Stepped:
		if s.Path < Yes {
			s.Path++
		} else {
			s.Paper = true
		}
	}
	if s.Ours {
		s.Speed = SpeedOf(days)
	}
	s.Ours = !s.Ours
	return s.index()
}
