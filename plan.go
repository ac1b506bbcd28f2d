package dottedline

import (
	"cmp"
	"slices"
	"time"
)

// Step is one thing that is left until a deal is done.
type Step struct {
	ID    StepID
	Deal  DealID
	Owner Side
	Text  string
	Due   time.Time // the end of the day, in the zone of the member; zero if none
	Done  time.Time
	By    Side // who ticked it
	Fact  Fact // what ticks it by itself; "" only a person does
}

// Fact is what ticks a step by itself.
type Fact string

// The facts.
const (
	FactYes    Fact = "yes"
	FactSent   Fact = "sent"
	FactRead   Fact = "read"
	FactSigned Fact = "signed"
)

// outline is one step of a shipped plan.
type outline struct {
	owner Side
	text  string
	days  int // working days after the yes
	fact  Fact
}

// last is what a deal of a kind is for: the step after the signature.
var last = map[Kind]outline{
	Sale:        {Us, "We begin", 5, ""},
	Funding:     {Them, "The money is on its way", 7, ""},
	Job:         {Us, "The first day is set", 5, ""},
	Partnership: {Us, "The first thing together is on the calendar", 5, ""},
	Advice:      {Them, "The time for it is set", 5, ""},
}

// NewPlan is the plan that a yes begins with, for a kind of deal. Days are
// counted in the working days of the member.
func NewPlan(k Kind, yes time.Time, h Hours) []Step {
	steps := []outline{
		{Us, "We agreed", 0, FactYes},
		{Us, "The agreement is sent", 0, FactSent},
		{Them, "Read the agreement", 2, FactRead},
		{Them, "Sign it", 4, FactSigned},
	}
	l, ok := last[k]
	if !ok {
		l = last[Sale]
	}
	var out []Step
	for _, o := range append(steps, l) {
		s := Step{Owner: o.owner, Text: o.text, Due: h.DayAfter(yes, o.days), Fact: o.fact}
		if o.fact == FactYes {
			s.Done, s.By = yes, Them
		}
		out = append(out, s)
	}
	return out
}

// NextDue is when the next open step of ours that no fact ticks is due; zero if
// none is. The sending of the agreement has a place of its own in Now.
func NextDue(steps []Step) (at time.Time) {
	for _, s := range steps {
		if s.Owner == Us && s.Done.IsZero() && s.Fact == "" {
			at = first(at, s.Due)
		}
	}
	return at
}

// SortSteps puts steps in the order in which they are due; what has no day comes last.
func SortSteps(steps []Step) {
	slices.SortStableFunc(steps, func(a, b Step) int {
		if a.Due.IsZero() != b.Due.IsZero() {
			if a.Due.IsZero() {
				return 1
			}
			return -1
		}
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID))
	})
}

// Overdue are the open steps of a side whose day is over.
func Overdue(steps []Step, owner Side, now time.Time) (out []Step) {
	for _, s := range steps {
		if s.Owner == owner && s.Done.IsZero() && !s.Due.IsZero() && !s.Due.After(now) {
			out = append(out, s)
		}
	}
	return out
}

// DayAfter is the end of the working day that lies so many working days after
// the one of t.
func (h Hours) DayAfter(t time.Time, n int) time.Time {
	day := t.In(h.Location())
	for range maxDays {
		from, to := h.span(day)
		if h.always() || from.Before(to) {
			if n == 0 {
				break
			}
			n--
		}
		y, m, d := day.Date()
		day = time.Date(y, m, d+1, 12, 0, 0, 0, h.Location())
	}
	y, m, d := day.Date()
	if _, to := h.span(day); !h.always() {
		return to
	}
	return time.Date(y, m, d, 23, 59, 0, 0, h.Location())
}
