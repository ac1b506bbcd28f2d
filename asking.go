package dottedline

import "time"

// Asking is what the touches say about an ask that is to be set, checked or
// answered.
type Asking struct {
	Brief time.Time // when the next meeting without an ask begins; zero if there is none
	Heard time.Time // when the meeting ends after which nobody has said whether its ask was heard
	Recap time.Time // by when a recap's answer is hoped for; zero once it came
	Said  TouchKind // their answer to the recap, until we have done something about it
}

// asking moves the asking by one touch.
func (s *State) asking(t Touch) {
	switch t.Kind {
	case BriefTouch:
		s.Brief = t.Until
	case PlannedTouch:
		s.Heard = t.Until
	case NoAskTouch, SettledTouch:
		s.Heard = time.Time{}
	case RecapTouch:
		s.Asking = Asking{Brief: s.Brief, Recap: t.Until}
	case SaidYesTouch, SaidLaterTouch, SaidNoTouch, MistakenTouch:
		s.Asking = Asking{Brief: s.Brief, Said: t.Kind}
	case YesTouch, NoTouch, SignedTouch:
		s.Asking = Asking{Brief: s.Brief}
	case AskTouch:
		s.Said = ""
	case MailTouch, CallTouch, MeetingTouch:
		if t.By == Us {
			s.Said = ""
		}
		if t.By == Them || t.Kind != MailTouch {
			s.Recap = time.Time{} // they answered in another way
		}
	}
}

// nearing are the times before a meeting without an ask at which it rises in
// Now, each with how much dearer waiting has become.
var nearing = []struct {
	before  time.Duration
	urgency float64
}{{24 * time.Hour, 1}, {4 * time.Hour, 6}, {time.Hour, 24}}

// near says since when, and how urgently, a meeting wants an ask; 0 if none does.
func (s State) near(now time.Time) (since time.Time, urgency float64) {
	if s.Brief.IsZero() || s.Path.Ended() || !s.Brief.After(now) {
		return since, 0
	}
	for _, n := range nearing {
		if at := s.Brief.Add(-n.before); !at.After(now) {
			since, urgency = at, n.urgency
		}
	}
	return since, urgency
}

// over says whether a meeting with an ask has ended and they have not written since.
func (s State) over(now time.Time) bool {
	return !s.Heard.IsZero() && !s.Heard.After(now) && !s.Path.Ended() && (s.Ball.Side != Us || !s.Ball.Since.After(s.Heard))
}

// wake is when the asking next changes the standing by itself; zero if never.
func (s State) wake(now time.Time) (next time.Time) {
	if s.Path.Ended() {
		return next
	}
	at := []time.Time{s.Brief, s.Heard, s.Recap}
	for _, n := range nearing {
		if !s.Brief.IsZero() {
			at = append(at, s.Brief.Add(-n.before))
		}
	}
	for _, t := range at {
		if t.After(now) {
			next = first(next, t)
		}
	}
	return next
}
