package dottedline

import (
	"math"
	"time"

	"dottedline/survival"
)

// Stay is one stretch of a deal's clock: in one state, watched From after its
// Start until To, when it ended by an event of survival's, or is still running
// (survival.Open).
type Stay struct {
	State    survival.State
	Start    time.Time
	From, To time.Duration
	Event    int
}

// Running says whether the stay has not ended, as far as was watched.
func (x Stay) Running() bool { return x.Event == survival.Open }

// Counts are what the stay adds to a workspace's counts.
func (x Stay) Counts() ([]survival.Count, error) {
	return survival.CountsOf(x.State, inDays(x.From), inDays(x.To), x.Event)
}

func inDays(d time.Duration) float64 { return d.Hours() / 24 }

// ofDays rounds to milliseconds, so that the edges of cells are exact times.
func ofDays(days float64) time.Duration {
	return time.Duration(math.Round(days*24*60*60*1000)) * time.Millisecond
}

// stayCells are the starts of the clock's cells.
var stayCells = func() (out []time.Duration) {
	for _, d := range survival.ClockStarts() {
		out = append(out, ofDays(d))
	}
	return out
}()

// onClock is the state of a deal's clock and since when it is in it; ok is false
// while nobody has moved and after the end. Between a yes and the agreement the
// move is ours whatever was written: the paper is what they wait for.
func (s State) onClock() (k survival.State, since time.Time, ok bool) {
	if s.Path.Ended() {
		return k, since, false
	}
	k = survival.State{Ours: s.Ball.Side == Us, Speed: survival.SpeedOf(inDays(s.Pace))}
	since = s.Ball.Since
	switch {
	case s.Path == Yes && s.Steps.Sent.IsZero():
		k.Path, k.Ours, since = survival.Yes, true, s.Steps.Yes
	case s.Path == Yes:
		k.Path, k.Paper = survival.Yes, true
	case s.Path == Asked:
		k.Path = survival.Asked
	}
	return k, since, s.Ball.Side != Nobody || s.Path == Yes
}

// sameMove is how long after a message a step may be recorded and still count
// as what the message was.
const sameMove = 24 * time.Hour

// Stays derives the stays of a deal's clock from its touches, which it sorts.
// What was before made, when it became a deal here, is not watched: only deals
// that lived until then were made. A stay that still runs is watched up to the
// last edge between two cells of the clock before now.
func Stays(ts []Touch, made, now time.Time) []Stay {
	SortTouches(ts)
	s := State{Path: Talking}
	var all []Stay
	for _, t := range ts {
		was, _, on := s.onClock()
		s.add(t)
		is, since, still := s.onClock()
		last := len(all) - 1
		switch {
		case on && still && was != is:
			all = move(all, was, is, since, t.At)
		case on && !still:
			all[last].To = t.At.Sub(all[last].Start)
			switch s.Path {
			case Signed:
				all[last].Event = survival.Signing
			case No, Quiet:
				all[last].Event = survival.NoMore
			}
		case !on && still && (last < 0 || all[last].Running()):
			all = append(all, Stay{State: is, Start: since})
		case !on && still: // an end that was taken back was none
			all[last].Event = survival.Open
			if all[last].State != is {
				all = move(all, all[last].State, is, since, t.At)
			}
		}
	}
	_, _, running := s.onClock()
	return watched(all, running, made, now)
}

// move ends the running stay at a time and begins the one that follows.
func move(all []Stay, was, is survival.State, since, at time.Time) []Stay {
	last := &all[len(all)-1]
	further := is.Path > was.Path || is.Path == was.Path && is.Paper && !was.Paper
	back := is.Path < was.Path || is.Path == was.Path && was.Paper && !is.Paper
	switch passed := was.Ours != is.Ours; {
	case passed && !back:
		last.To, last.Event = at.Sub(last.Start), survival.Answered
		if further {
			last.Event = survival.Stepped
		}
		return append(all, Stay{State: is, Start: at})
	case !passed && further && len(all) > 1 && at.Sub(last.Start) <= sameMove && all[len(all)-2].Event == survival.Answered:
		// Their message was the yes, our mail was the ask: it is recorded a little later.
		all[len(all)-2].Event = survival.Stepped
		last.State = is
		return all
	case passed:
		last.To = at.Sub(last.Start)
		return append(all, Stay{State: is, Start: at})
	}
	// Changed from outside the chain of moves: the old state is no longer watched,
	// the new one is from here on, at the age that it has.
	last.To = at.Sub(last.Start)
	if since.After(at) {
		since = at
	}
	return append(all, Stay{State: is, Start: since, From: at.Sub(since)})
}

// watched cuts off what was not seen. The last stay may still be running.
func watched(all []Stay, running bool, made, now time.Time) []Stay {
	out := all[:0]
	for i, x := range all {
		if running && i == len(all)-1 {
			x.To = edgeBefore(now.Sub(x.Start))
		}
		x.From = max(x.From, made.Sub(x.Start), 0)
		x.From, x.To = x.From.Truncate(time.Millisecond), x.To.Truncate(time.Millisecond)
		if x.To < x.From || x.To == x.From && (x.Running() || x.From > 0) {
			continue
		}
		out = append(out, x)
	}
	return out
}

// edgeBefore is the start of the cell that holds an age.
func edgeBefore(age time.Duration) time.Duration {
	edge := time.Duration(0)
	for _, d := range stayCells {
		if d <= age {
			edge = d
		}
	}
	return edge
}
