package dottedline

import "time"

// Path is how far a deal is.
type Path string

// The path. Signed, No and Quiet are ends.
const (
	Talking Path = "talking"
	Asked   Path = "asked"
	Yes     Path = "yes"
	Signed  Path = "signed"
	No      Path = "no"
	Quiet   Path = "quiet"
)

// Ended says whether nothing more is hoped for.
func (p Path) Ended() bool { return p == Signed || p == No || p == Quiet }

// Steps are the times at which a deal reached each step; zero where it has not.
type Steps struct {
	Met, Asked, Yes, Sent, Ended time.Time
}

// step moves the path by one touch.
func (s *State) step(t Touch) {
	switch t.Kind {
	case AskTouch, RecapTouch: // the first line of a recap is the ask
		if s.Path == Talking {
			s.Path, s.Steps.Asked = Asked, t.At
		}
	case YesTouch:
		if s.Path == Talking || s.Path == Asked {
			s.Path, s.Steps.Yes = Yes, t.At
		}
	case UnyesTouch:
		if s.Path == Yes {
			s.Steps.Yes, s.Steps.Sent = time.Time{}, time.Time{}
			s.Path = s.open()
		}
	case SentTouch:
		s.Steps.Sent = t.At
	case VoidTouch:
		s.Steps.Sent = time.Time{}
	case SignedTouch:
		s.Path, s.Steps.Ended = Signed, t.At
	case NoTouch, SaidNoTouch:
		s.Path, s.Steps.Ended = No, t.At
	case MistakenTouch: // what they were asked is not what they understood: it has yet to be asked
		if s.Path == Asked {
			s.Path, s.Steps.Asked = Talking, time.Time{}
		}
	case QuietTouch:
		s.Path, s.Steps.Ended = Quiet, t.At
	case ReopenTouch:
		if s.Path.Ended() {
			s.Steps.Ended = time.Time{}
			s.Path = s.open()
		}
	case MailTouch, CallTouch, MeetingTouch, QuestionTouch, ProposalTouch, SaidYesTouch, SaidLaterTouch:
		if s.Path == Quiet && t.By == Them { // whoever writes is not quiet
			s.Steps.Ended = time.Time{}
			s.Path = s.open()
		}
	}
}

// open is the path that the steps say while the deal has not ended.
func (s *State) open() Path {
	switch {
	case !s.Steps.Yes.IsZero():
		return Yes
	case !s.Steps.Asked.IsZero():
		return Asked
	}
	return Talking
}
