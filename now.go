package dottedline

import (
	"math"
	"time"
)

// Cell is a group of deals whose cost of waiting falls at one rate, so that
// their order among each other never changes. Hidden deals ask for nothing now.
type Cell int64

// Hidden is the cell of the deals that Now leaves out.
const Hidden Cell = 0

// Prior is what waiting is taken to cost in one standing of a deal.
type Prior struct {
	P     float64 // probability that the deal is signed in the end, when the wait begins
	Decay float64 // how fast that falls, per day of waiting
}

// PriorWaiting is what waiting is taken to cost while the workspace's own
// history says nothing: typical, not yet yours. The numbers are stated, not
// measured; the fitted model takes their place.
func PriorWaiting(p Path, ball Side) Prior {
	w := Prior{P: 0.15, Decay: 0.05}
	switch p {
	case Asked:
		w = Prior{P: 0.30, Decay: 0.07}
	case Yes:
		w = Prior{P: 0.80, Decay: 0.10}
	case Signed, No, Quiet:
		w = Prior{P: 0.02, Decay: 0.02}
	}
	if ball == Them {
		w.Decay /= 2 // a nudge moves less than an answer that somebody waits for
	}
	return w
}

// Action is the kind of work that a row of Now asks for.
type Action string

// The actions.
const (
	Answer        Action = "answer"    // they wrote and wait
	Nudge         Action = "nudge"     // they are silent for longer than they usually are
	SendAgreement Action = "agreement" // they said yes and the agreement has not gone out
	Write         Action = "write"     // it is our move, and nothing of theirs waits
	Countersign   Action = "sign"      // they have signed, and our signature is missing
	DoStep        Action = "step"      // a step of ours is due
	Call          Action = "call"      // they look at the agreement again and again, and don't sign
	SetAsk        Action = "ask"       // a meeting comes near that has no ask
	CheckAsk      Action = "heard"     // a meeting is over: do they know what was asked?
	AskAgain      Action = "ask again" // the recap has no answer
)

// Minutes is the prior of the seller's work that an action takes.
func (a Action) Minutes() float64 {
	switch a {
	case Answer:
		return 4
	case Nudge, AskAgain, CheckAsk:
		return 2
	case SendAgreement, Countersign:
		return 1
	}
	return 5
}

// Standing is a deal's place in Now from one known moment to the next.
//
// Within a cell, ln(cost per minute) = Key - Decay*t, with t in days since
// 2020-01-01: the order of two deals of a cell is the order of their keys.
type Standing struct {
	Cell    Cell
	Key     float64   // ln of major units per day and minute of work, at t = 0
	Decay   float64   // per day
	Next    time.Time // when the standing changes by itself; zero if never
	Action  Action
	Minutes float64
	Since   time.Time // when the waiting began
}

var epoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

func days(t time.Time) float64 { return t.Sub(epoch).Hours() / 24 }

// nudgeAfter is how long their silence lasts before it is a row of ours: three
// times what they usually take, at least a day, and four days while unknown.
func nudgeAfter(usual time.Duration) time.Duration {
	if usual == 0 {
		return 4 * 24 * time.Hour
	}
	return min(max(3*usual, 24*time.Hour), 14*24*time.Hour)
}

// Stand gives the standing of a deal at now. A deal without a value counts as
// worth unvalued, in major units; rate turns its currency into the workspace's.
func (s State) Stand(now time.Time, unvalued, rate float64) Standing {
	st := s.stand(now, unvalued, rate)
	st.Next = first(st.Next, s.wake(now))
	return st
}

func (s State) stand(now time.Time, unvalued, rate float64) Standing {
	near, urgency := s.near(now)
	if s.Later.After(now) && urgency == 0 && !s.over(now) {
		return Standing{Next: s.Later}
	}
	st := Standing{Since: s.Ball.Since, Action: Write}
	switch {
	case s.Path == Yes && s.Steps.Sent.IsZero():
		st.Action = SendAgreement
		if s.Ball.Side != Us {
			st.Since = s.Steps.Yes
		}
	case s.Ball.Side == Us && s.OurTurn:
		st.Action = Countersign
	case urgency > 0:
		st.Action, st.Since = SetAsk, near
	case s.over(now):
		st.Action, st.Since = CheckAsk, s.Heard
	case s.Ball.Side == Us:
		st.Action = Answer
	case s.Path != No && s.Path != Quiet && !s.Due.IsZero() && !s.Due.After(now):
		st.Action, st.Since = DoStep, s.Due
	case s.Ball.Side == Them && !s.Path.Ended() && !s.Recap.IsZero() && !s.Recap.After(now):
		st.Action, st.Since = AskAgain, s.Recap
	case s.Path == Yes && s.Opens >= manyOpens:
		st.Action, st.Since = Call, s.Opened
	case s.Ball.Side == Them && !s.Path.Ended():
		st.Action, st.Since = Nudge, s.Ball.Since.Add(nudgeAfter(s.Usual))
		if s.Later.After(st.Since) {
			st.Since = s.Later
		}
		if st.Since.After(now) {
			return Standing{Next: first(st.Since, s.Due)}
		}
	case s.Path == Signed:
		return Standing{Next: s.Due}
	case s.Path.Ended():
		return Standing{}
	default:
		st.Since = s.First
	}
	w := PriorWaiting(s.Path, s.Ball.Side)
	v := s.Value.Major() * rate
	if v <= 0 {
		v = unvalued
	}
	st.Cell, st.Decay, st.Minutes = cellOf(s.Path, s.Ball.Side), w.Decay, st.Action.Minutes()
	st.Key = math.Log(v*w.P*w.Decay/st.Minutes*max(urgency, 1)) + w.Decay*days(st.Since)
	return st
}

// Cost is the money per day that waiting costs at now.
func (st Standing) Cost(now time.Time) MoneyPerDay {
	if st.Cell == Hidden {
		return 0
	}
	return MoneyPerDay(math.Exp(st.Key-st.Decay*days(now)) * st.Minutes)
}

// PerMinute is the cost per minute of work, in logarithm: what Now is ordered by.
func (st Standing) PerMinute(now time.Time) float64 { return st.Key - st.Decay*days(now) }

var paths = []Path{Talking, Asked, Yes, Signed, No, Quiet}

// cellOf numbers the cells: one for every path and side with the ball.
func cellOf(p Path, ball Side) Cell {
	for i, q := range paths {
		if q == p && ball == Them {
			return Cell(2*i + 2)
		} else if q == p {
			return Cell(2*i + 1)
		}
	}
	return Hidden
}

// Cells are all cells that Now reads, with their rates of decay.
func Cells() map[Cell]float64 {
	m := map[Cell]float64{}
	for _, p := range paths {
		for _, s := range []Side{Us, Them} {
			m[cellOf(p, s)] = PriorWaiting(p, s).Decay
		}
	}
	return m
}
