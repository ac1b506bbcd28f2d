package dottedline

import "time"

// Ball is whose move it is, and since when: since the oldest message that the
// holder has not answered.
type Ball struct {
	Side  Side
	Since time.Time
}

// ball moves the ball by one touch, and gives the reply that the touch was, if
// it was one. More messages of the same side leave it where it lies, with the
// time of the first.
func (s *State) ball(t Touch) (Reply, bool) {
	to := t.gives()
	if to == Nobody || to == s.Ball.Side {
		return Reply{}, false
	}
	held := s.Ball
	s.Ball = Ball{to, t.At}
	if held.Side == Nobody || t.Kind == DoneTouch {
		return Reply{}, false
	}
	return Reply{By: held.Side, Asked: held.Since, At: t.At, Path: s.Path}, true
}
