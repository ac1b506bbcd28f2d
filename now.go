package dottedline

import (
	"math"
	"time"

	"dottedline/survival"
)

// Cell is a group of deals whose cost of waiting falls at one rate, so that
// their order among each other never changes. Hidden deals ask for nothing now.
type Cell int64

// Hidden is the cell of the deals that Now leaves out.
const Hidden Cell = 0

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

// actions are all of them.
var actions = []Action{Answer, Nudge, SendAgreement, Write, Countersign, DoStep, Call, SetAsk, CheckAsk, AskAgain}

// pokes says whether an action stirs those who are silent, while the move is theirs.
func (a Action) pokes() bool { return a == Nudge || a == Call || a == AskAgain }

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
	Since   time.Time         // when the waiting began
	Won     float64           // P(signed) if it is done now
	Waiting survival.Estimate // money per day that waiting costs, with a 95 % interval
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
func (s State) Stand(now time.Time, m *Model, unvalued, rate float64) Standing {
	st := s.stand(now, m, unvalued, rate)
	st.Next = first(st.Next, s.wake(now))
	return st
}

func (s State) stand(now time.Time, m *Model, unvalued, rate float64) Standing {
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
	if s.Due.After(now) {
		st.Next = s.Due
	}
	v := s.Value.Major() * rate
	if v <= 0 {
		v = unvalued
	}
	m.place(&st, s, now, v*max(urgency, 1))
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

// Rate is the decay per day that all deals of the cell share.
func (c Cell) Rate() float64 { return survival.CellRate(int(c)) }
