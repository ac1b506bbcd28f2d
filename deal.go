package dottedline

import (
	"fmt"
	"reflect"
	"time"
)

// Kind is what is hoped for.
type Kind string

// The kinds of deals.
const (
	Sale        Kind = "sale"
	Funding     Kind = "funding"
	Job         Kind = "job"
	Partnership Kind = "partnership"
	Advice      Kind = "advice"
)

// Kinds are all kinds, in the order in which they are offered.
var Kinds = []Kind{Sale, Funding, Job, Partnership, Advice}

// Deal is one hoped-for outcome with one or more people. All but its ID is
// derived from its touches.
type Deal struct {
	ID DealID
	State
}

// State is all that the touches of a deal say about it.
type State struct {
	Name    string
	Kind    Kind
	Value   Money // zero while nobody said
	Path    Path
	Steps   Steps
	Ball    Ball
	Person  PersonID      // who wrote or was written to last
	First   time.Time     // the first touch
	Last    time.Time     // the last thing that they or we could see
	Later   time.Time     // put off until then; zero if not
	Usual   time.Duration // how long they usually take to answer: the median of their replies; 0 before two
	Pace    time.Duration // how long our last answer took; 0 before the first
	Touches int
	Ours    int // mails of ours
	Theirs  int // mails of theirs
	Closing
	Asking
}

// Fold derives a deal's state and its replies from its touches. It sorts them.
func Fold(ts []Touch) (State, []Reply) {
	SortTouches(ts)
	s := State{Kind: Sale, Path: Talking}
	var replies []Reply
	for _, t := range ts {
		if r, ok := s.add(t); ok {
			replies = append(replies, r)
		}
	}
	var theirs []time.Duration
	for _, r := range replies {
		if r.By == Them {
			theirs = append(theirs, r.Wall())
		}
	}
	if len(theirs) >= 2 {
		s.Usual = median(theirs)
	}
	return s, replies
}

func (s *State) add(t Touch) (Reply, bool) {
	s.Touches++
	if s.First.IsZero() {
		s.First = t.At
	}
	switch t.Kind {
	case NameTouch:
		s.Name = t.Text
	case KindTouch:
		s.Kind = Kind(t.Text)
	case ValueTouch:
		s.Value = t.Amount
	case LaterTouch:
		s.Later = t.Until
	case MailTouch:
		if t.By == Them {
			s.Theirs++
			s.Later = time.Time{} // what was put off is here again when they write
		} else {
			s.Ours++
			s.Later = time.Time{}
		}
	}
	if t.seen() {
		s.Last = t.At
		if s.Steps.Met.IsZero() {
			s.Steps.Met = t.At
		}
	}
	if t.Person != 0 && (t.seen() || s.Person == 0) {
		s.Person = t.Person
	}
	s.closing(t)
	s.asking(t)
	r, ok := s.ball(t)
	if ok && r.By == Us {
		s.Pace = r.Wall()
	}
	s.step(t)
	return r, ok
}

// seen says whether both sides know of the touch.
func (t Touch) seen() bool {
	switch t.Kind {
	case MailTouch, CallTouch, MeetingTouch, AskTouch, YesTouch, SentTouch, SignedTouch, QuestionTouch, AnswerTouch, ProposalTouch, DeclineTouch, SignTouch,
		RecapTouch, SaidYesTouch, SaidLaterTouch, SaidNoTouch, MistakenTouch:
		return true
	}
	return false
}

// Diff names the fields in which a stored state differs from the derived one.
func (s State) Diff(stored State) (diffs []string) {
	a, b := reflect.ValueOf(s), reflect.ValueOf(stored)
	for i := range a.NumField() {
		if x, y := a.Field(i).Interface(), b.Field(i).Interface(); x != y {
			diffs = append(diffs, fmt.Sprintf("%s is %v, its touches say %v", a.Type().Field(i).Name, y, x))
		}
	}
	return diffs
}
