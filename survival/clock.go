package survival

import (
	"fmt"
	"math"
	"slices"
)

// multiplierWorth is what a multiplier common to a path and a side is worth, in
// events.
const multiplierWorth = 4.0

// worths are what each single hazard may be worth around its multiplier, in
// events, and how likely that is before anything was seen: how well the shape of
// what is typical holds for a workspace is itself learned. Their mean on the
// logarithm is 0.5, a gamma whose 95 % interval is from 0.001 to 5 times its mean.
var worths = [...]struct{ events, prior float64 }{{12.5, 0.1}, {2.5, 0.2}, {0.5, 0.4}, {0.1, 0.2}, {0.02, 0.1}}

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
	mean := func(s State, k, g int) float64 {
		times := (multiplierWorth + seen[group(s)][k]) / (multiplierWorth + expected[group(s)][k])
		// What is not typical can still be seen to happen; a thousandth of the least
		// hazard keeps it possible.
		return math.Max(typical(s, k+1, g)*times, 1e-6)
	}
	var means [nStates][nEvents][nCells]float64
	var evidence [nPaths * 2][nEvents][len(worths)]float64
	for i, state := range cells {
		s := stateAt(i)
		for g, x := range state {
			for k := range nEvents {
				means[i][k][g] = mean(s, k, g)
				if x.exposure > 0 {
					addEvidence(&evidence[group(s)][k], means[i][k][g], x.events[k], x.exposure)
				}
			}
		}
	}
	for i := range b {
		s := stateAt(i)
		for k := range nEvents {
			worth := worthOf(evidence[group(s)][k])
			for g, x := range cells[i] {
				b[i][k][g] = Gamma{worth, worth / means[i][k][g]}.Seen(x.events[k], x.exposure)
			}
		}
	}
	return b
}

// addEvidence adds Gamma.evidence of what was seen in a cell under each worth,
// which costs one logarithm where nothing ended.
func addEvidence(to *[len(worths)]float64, mean, events, days float64) {
	for w, worth := range worths {
		a := worth.events
		to[w] -= a * math.Log1p(days*mean/a)
		if events > 0 {
			top, _ := math.Lgamma(a + events)
			to[w] += top - worthGamma[w] - events*math.Log(a/mean+days)
		}
	}
}

// worthGamma is the logarithm of the gamma function at each of the worths.
var worthGamma = func() (out [len(worths)]float64) {
	for w, worth := range worths {
		out[w], _ = math.Lgamma(worth.events)
	}
	return out
}()

// worthOf is the mean worth on the logarithm, each weighed by how well it tells
// what was seen.
func worthOf(evidence [len(worths)]float64) float64 {
	best := slices.Max(evidence[:])
	sum, mean := 0.0, 0.0
	for w, worth := range worths {
		p := worth.prior * math.Exp(evidence[w]-best)
		sum += p
		mean += p * math.Log(worth.events)
	}
	return math.Exp(mean / sum)
}
