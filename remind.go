package dottedline

import (
	"fmt"
	"time"
)

// ReminderKind is the event for which somebody is reminded.
type ReminderKind string

// The reminders. Unanswered goes to us, the others to who has to sign.
const (
	NotOpened   ReminderKind = "not opened" // the agreement was never looked at
	LeftOpen    ReminderKind = "opened"     // looked at, and left unsigned
	Unanswered  ReminderKind = "unanswered" // their question waits for us
	StepOverdue ReminderKind = "step"       // a step of theirs is over its day
	Expiring    ReminderKind = "expiring"   // soon it can't be signed any more
)

// ReminderKinds are all kinds, in the order in which the settings show them.
var ReminderKinds = []ReminderKind{NotOpened, LeftOpen, Unanswered, StepOverdue, Expiring}

// ReminderRules say when somebody is reminded, in hours of their working time.
// Zero or less turns a kind off.
type ReminderRules struct {
	NotOpened   float64 `json:"not_opened"` // after it was sent
	LeftOpen    float64 `json:"left_open"`  // after they were last there
	Unanswered  float64 `json:"unanswered"` // after they asked
	StepOverdue float64 `json:"overdue"`    // after the step's day
	Expiring    float64 `json:"expiring"`   // before the end, in hours of the wall clock
	Most        int     `json:"most"`       // mails of reminder to one person for one agreement
}

// ShippedReminders begin in hours right after a yes and get rarer.
var ShippedReminders = ReminderRules{NotOpened: 3, LeftOpen: 4, Unanswered: 0.5, StepOverdue: 2, Expiring: 48, Most: 4}

// Hours of a kind.
func (r ReminderRules) Hours(k ReminderKind) float64 {
	switch k {
	case NotOpened:
		return r.NotOpened
	case LeftOpen:
		return r.LeftOpen
	case Unanswered:
		return r.Unanswered
	case StepOverdue:
		return r.StepOverdue
	case Expiring:
		return r.Expiring
	}
	return 0
}

// Chase is what is known of one who has to sign, and of what waits for us.
type Chase struct {
	Sent     time.Time // when it became their turn; zero while it isn't
	Opened   time.Time
	Seen     time.Time // the last time they were there
	Answered time.Time // the last thing they wrote or said since it was sent; zero if nothing
	Signed   time.Time
	Quiet    bool // asked not to be reminded
	Ends     time.Time
	Overdue  Step      // the first open step of theirs with a day; the zero Step if none
	Asked    time.Time // the oldest question that waits for us
	Reminded []Reminder
}

// Reminder is one that fired, or the next that will.
type Reminder struct {
	Kind ReminderKind
	At   time.Time
	To   Side
	Why  string // said in the mail and on the deal
}

// Next gives the reminder that fires next while nothing else happens. theirs
// and ours are the working hours of the two sides. Any answer ends the chain to
// them for good; nobody gets two within a day.
func (r ReminderRules) Next(c Chase, theirs, ours Hours) (Reminder, bool) {
	if c.Sent.IsZero() || !c.Signed.IsZero() {
		return Reminder{}, false
	}
	var next Reminder
	better := func(x Reminder) {
		if next.At.IsZero() || x.At.Before(next.At) {
			next = x
		}
	}
	if !c.Asked.IsZero() && r.Unanswered > 0 && !c.had(Unanswered, c.Asked) {
		at := ours.After(c.Asked, hoursOf(r.Unanswered))
		better(Reminder{Unanswered, c.dayApart(at, Us, ours), Us, fmt.Sprintf("They asked on %s, and nobody has answered.", dayAndTime(c.Asked, ours))})
	}
	if !c.Quiet && c.Answered.IsZero() && c.sentTo(Them) < r.Most {
		for _, x := range r.toThem(c, theirs) {
			x.At = c.dayApart(x.At, Them, theirs)
			if c.Ends.IsZero() || x.At.Before(c.Ends) {
				better(x)
			}
		}
	}
	return next, !next.At.IsZero()
}

// toThem are the reminders to them that could fire, each at its time.
func (r ReminderRules) toThem(c Chase, h Hours) (out []Reminder) {
	// Each one after the first of its kind waits twice as long as the one before.
	after := func(k ReminderKind, from time.Time) time.Time {
		return h.After(from, hoursOf(r.Hours(k))<<min(c.count(k), 6))
	}
	switch {
	case c.Opened.IsZero() && r.NotOpened > 0:
		out = append(out, Reminder{NotOpened, after(NotOpened, c.Sent), Them, fmt.Sprintf("The agreement of %s has not been opened yet.", dayAndTime(c.Sent, h))})
	case !c.Opened.IsZero() && r.LeftOpen > 0:
		out = append(out, Reminder{LeftOpen, after(LeftOpen, c.Seen), Them, fmt.Sprintf("It was opened, last on %s, and is not signed yet.", dayAndTime(c.Seen, h))})
	}
	if s := c.Overdue; s.Text != "" && !s.Due.IsZero() && r.StepOverdue > 0 && s.Due.After(c.Sent) && !c.had(StepOverdue, s.Due) {
		out = append(out, Reminder{StepOverdue, h.After(s.Due, hoursOf(r.StepOverdue)), Them, fmt.Sprintf("%q was planned for %s.", s.Text, s.Due.In(h.Location()).Format("Monday 2 January"))})
	}
	if !c.Ends.IsZero() && r.Expiring > 0 && c.count(Expiring) == 0 {
		at := c.Ends.Add(-hoursOf(r.Expiring))
		if at.Before(c.Sent) {
			at = c.Sent.Add(c.Ends.Sub(c.Sent) / 2)
		}
		out = append(out, Reminder{Expiring, h.After(at, 0), Them, fmt.Sprintf("It can be signed until %s.", c.Ends.In(h.Location()).Format("Monday 2 January"))})
	}
	return out
}

// dayApart moves a reminder to a day after the one before it, within hours.
func (c Chase) dayApart(at time.Time, to Side, h Hours) time.Time {
	for _, x := range c.Reminded {
		if x.To == to && at.Before(x.At.Add(24*time.Hour)) {
			at = x.At.Add(24 * time.Hour)
		}
	}
	return h.After(at, 0)
}

func (c Chase) count(k ReminderKind) (n int) {
	for _, x := range c.Reminded {
		if x.Kind == k {
			n++
		}
	}
	return n
}

func (c Chase) sentTo(s Side) (n int) {
	for _, x := range c.Reminded {
		if x.To == s {
			n++
		}
	}
	return n
}

// had says whether a reminder of the kind fired after a moment.
func (c Chase) had(k ReminderKind, since time.Time) bool {
	for _, x := range c.Reminded {
		if x.Kind == k && x.At.After(since) {
			return true
		}
	}
	return false
}

func hoursOf(h float64) time.Duration { return time.Duration(h * float64(time.Hour)) }

func dayAndTime(t time.Time, h Hours) string {
	return t.In(h.Location()).Format("Monday, 2 January, 15:04")
}
