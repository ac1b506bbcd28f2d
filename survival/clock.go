package survival

import "fmt"

// Beliefs' weights, in events: what a multiplier common to a path and a side is
// worth, and what each single hazard is worth around it. Both are wide: a gamma
// of 0.5 has a 95 % interval from 0.001 to 5 times its mean.
const (
	multiplierWorth = 4.0
	hazardWorth     = 0.5
)

// Clock learns, for one workspace, how long deals stay in each state and what
// happens next. It starts from what is typical and moves to the workspace's own
// deals; observing costs the same however much was seen before, and any order
// of observing gives the same clock.
type Clock struct {
	seen [nStates]*Tally
}

// NewClock returns a clock that has seen nothing.
func NewClock() *Clock {
	c := &Clock{}
	for i := range c.seen {
		c.seen[i], _ = NewTally(clockStarts[:], nEvents) // the grid is ours and sound
	}
	return c
}

// Observe counts one stay: in state s from day from (above 0 when the deal was
// imported already waiting) to day to since its last touch, ended by event
// (Answered, Stepped, Signing, NoMore) or Open.
func (c *Clock) Observe(s State, from, to float64, event int) error {
	if err := checkStay(s, from, to, event); err != nil {
		return err
	}
	c.seen[s.index()].Add(Spell{from, to, event})
	return nil
}

// Forget takes back a stay that was observed: an open one before it is
// observed longer, one whose touch was deleted.
func (c *Clock) Forget(s State, from, to float64, event int) error {
	if err := checkStay(s, from, to, event); err != nil {
		return err
	}
	c.seen[s.index()].Remove(Spell{from, to, event})
	return nil
}

func checkStay(s State, from, to float64, event int) error {
	if s.Path < 0 || s.Path >= nPaths || s.Speed < 0 || s.Speed >= nSpeeds {
		return fmt.Errorf("survival: no such state %+v", s)
	}
	if event < Open || event > nEvents || !(from >= 0 && to >= from && to <= maxDays) {
		return fmt.Errorf("survival: a stay from day %g to %g that ends by %d", from, to, event)
	}
	return nil
}

// Seen returns how many stays ended by event in a path and on a side, the
// count behind a sentence such as "41 of your yeses got their agreement".
func (c *Clock) Seen(path int, ours bool, event int) int {
	n := 0
	for i, t := range c.seen {
		if s := stateAt(i); s.Path == path && s.Ours == ours {
			n += t.Events(event)
		}
	}
	return n
}

// Own returns how much of what is said about a path and a side comes from the
// workspace's own deals: 0 is typical, 1 is all its own.
func (c *Clock) Own(path int, ours bool) float64 {
	n := 0.0
	for e := 1; e <= nEvents; e++ {
		n += float64(c.Seen(path, ours, e))
	}
	return n / (n + nEvents*multiplierWorth)
}

// belief returns the hazard of every event in every cell of every state: gamma
// with the mean that is typical, times a multiplier learned for the path and
// the side, and then what was seen in the very cell.
func (c *Clock) belief() (b [nStates][nEvents][nCells]Gamma) {
	var cells [nStates][]cell
	var seen, expected [nPaths * 2][nEvents]float64
	group := func(s State) int { return s.Path*2 + bit(s.Ours) }
	for i, t := range c.seen {
		cells[i], _ = t.group(t.grid) // a tally's own grid always groups
		s := stateAt(i)
		for g, x := range cells[i] {
			for k := range nEvents {
				seen[group(s)][k] += x.events[k]
				expected[group(s)][k] += x.exposure * typical(s, k+1, g)
			}
		}
	}
	for i := range b {
		s := stateAt(i)
		for k := range nEvents {
			times := (multiplierWorth + seen[group(s)][k]) / (multiplierWorth + expected[group(s)][k])
			for g, x := range cells[i] {
				m := typical(s, k+1, g) * times
				if m == 0 {
					// What is not typical can still be seen to happen; a thousandth
					// of the least hazard keeps it possible.
					m = 1e-6
				}
				b[i][k][g] = Gamma{hazardWorth, hazardWorth / m}.Seen(x.events[k], x.exposure)
			}
		}
	}
	return b
}
