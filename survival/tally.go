package survival

import (
	"fmt"
	"math"
	"slices"
	"sort"
)

// Tally is all that hazards in bands need to know about any number of spells:
// for each cell of a fixed grid, the time spent in it and how many ended there
// by each cause. Adding a spell costs the same whatever was added before, and
// any order of adding gives the same tally, to the bit.
type Tally struct {
	grid   []float64 // starts of the cells; the first is 0, the last cell is endless
	causes int
	ticks  []int64 // exposure per cell, in ticks so that sums do not depend on order
	events []int64 // cell g, cause k at [g*causes+k-1]
}

// ticksPerDay is a millisecond: whole numbers up to 100 million years of days.
const ticksPerDay = 24 * 60 * 60 * 1000

// NewTally starts an empty tally over cells that begin at the times in grid
// (rising, from 0) for that many causes.
func NewTally(grid []float64, causes int) (*Tally, error) {
	if len(grid) == 0 || grid[0] != 0 || causes < 1 {
		return nil, fmt.Errorf("survival: a grid starts at 0 and has causes")
	}
	for i := 1; i < len(grid); i++ {
		if !(grid[i] > grid[i-1]) || math.IsInf(grid[i], 0) {
			return nil, fmt.Errorf("survival: grid does not rise at %g", grid[i])
		}
	}
	g := slices.Clone(grid)
	return &Tally{g, causes, make([]int64, len(g)), make([]int64, len(g)*causes)}, nil
}

// Add counts a spell; Remove takes back one that was added.
func (t *Tally) Add(s Spell) { t.count(s, 1) }

// Remove takes back a spell that was added.
func (t *Tally) Remove(s Spell) { t.count(s, -1) }

func (t *Tally) count(s Spell, sign int64) {
	from, to := toTicks(s.From), toTicks(s.To)
	for g := cellOf(t.grid, s.From); g < len(t.grid); g++ {
		end := to
		if g+1 < len(t.grid) {
			end = min(to, toTicks(t.grid[g+1]))
		}
		t.ticks[g] += sign * max(0, end-from)
		from = max(from, end)
		if end == to {
			break
		}
	}
	if s.Cause >= 1 && s.Cause <= t.causes {
		t.events[cellOf(t.grid, s.To)*t.causes+s.Cause-1] += sign
	}
}

func toTicks(days float64) int64 { return int64(math.Round(days * ticksPerDay)) }

// cellOf returns the cell that holds time x: starts[g] ≤ x < starts[g+1].
func cellOf(starts []float64, x float64) int {
	return max(0, sort.Search(len(starts), func(i int) bool { return starts[i] > x })-1)
}

// Merge adds all that other counted; the grids must be the same.
func (t *Tally) Merge(other *Tally) error {
	if !slices.Equal(t.grid, other.grid) || t.causes != other.causes {
		return fmt.Errorf("survival: tallies over different grids")
	}
	for i, v := range other.ticks {
		t.ticks[i] += v
	}
	for i, v := range other.events {
		t.events[i] += v
	}
	return nil
}

// Events returns how many ended by cause.
func (t *Tally) Events(cause int) int {
	n := int64(0)
	for g := range t.grid {
		n += t.events[g*t.causes+cause-1]
	}
	return int(n)
}

// Ended returns how many ended by any cause.
func (t *Tally) Ended() int {
	n := int64(0)
	for _, v := range t.events {
		n += v
	}
	return int(n)
}

// Exposure returns the time watched, in days.
func (t *Tally) Exposure() float64 {
	n := int64(0)
	for _, v := range t.ticks {
		n += v
	}
	return float64(n) / ticksPerDay
}

// cell is what was seen in one band.
type cell struct {
	exposure float64
	events   []float64 // by cause - 1
}

// group sums the cells of the grid into bands that start at starts, each of
// which must be the start of a cell.
func (t *Tally) group(starts []float64) ([]cell, error) {
	out := make([]cell, len(starts))
	b := -1
	ticks := make([]int64, len(starts))
	for g, x := range t.grid {
		if b+1 < len(starts) && starts[b+1] == x {
			b++
			out[b].events = make([]float64, t.causes)
		}
		if b < 0 {
			return nil, fmt.Errorf("survival: bands start at %g", starts[0])
		}
		ticks[b] += t.ticks[g]
		for k := range t.causes {
			out[b].events[k] += float64(t.events[g*t.causes+k])
		}
	}
	if b != len(starts)-1 {
		return nil, fmt.Errorf("survival: no cell of the grid starts at %g", starts[b+1])
	}
	for i := range out {
		out[i].exposure = float64(ticks[i]) / ticksPerDay
	}
	return out, nil
}
