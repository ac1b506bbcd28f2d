package dottedline

import "time"

// Closing is what the touches say about the way from a yes to the last signature.
type Closing struct {
	Due     time.Time // when the next step of ours is due; zero if none
	Opens   int       // how often they opened the agreement since we last did something
	Opened  time.Time // the last of these
	OurTurn bool      // our signature is what is missing
	Expires time.Time // from when on the agreement that is out can't be signed; zero if none is out or nobody knows
}

// manyOpens is how many openings without a signature ask for a call.
const manyOpens = 3

// Visit is what somebody did in the room.
type Visit string

// The visits.
const (
	VisitOpened Visit = "opened"      // for the first time
	VisitBack   Visit = "came back"   // after an hour or more
	VisitRead   Visit = "read"        // to the end
	VisitNew    Visit = "someone new" // the link was passed on, and who got it came
)

// closing moves the closing by one touch.
func (s *State) closing(t Touch) {
	switch t.Kind {
	case PlanTouch:
		s.Due = t.Until
	case VisitTouch:
		if v := Visit(t.Text); v == VisitOpened || v == VisitBack || v == VisitNew {
			s.Opens, s.Opened = s.Opens+1, t.At
		}
	case SignTouch:
		s.OurTurn = t.Ball == Us
	case ExtendTouch:
		s.Expires = t.Until
	case SignedTouch, VoidTouch, DeclineTouch, UnyesTouch:
		s.Opens, s.Opened, s.OurTurn, s.Expires = 0, time.Time{}, false, time.Time{}
	case MailTouch, CallTouch, MeetingTouch, AnswerTouch, SentTouch:
		if t.By != Them || t.Kind == CallTouch || t.Kind == MeetingTouch {
			s.Opens, s.Opened = 0, time.Time{}
		}
		if t.Kind == SentTouch {
			s.Expires = t.Until
		}
	}
}

// first is the earlier of two times, of which zero is never.
func first(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
