package survival

import "fmt"

// States is the number of states of a clock, CellsOfClock the number of cells
// of time in each.
const (
	States       = nStates
	CellsOfClock = len(clockStarts)
)

// Count is what a clock has seen in one cell of one state: the time watched and
// what it ended by (Answered, Stepped, Signing, NoMore, in this order). Counts
// are all that a clock knows, and they add up.
type Count struct {
	State  int      `json:"s"` // State.Index
	Cell   int      `json:"c"`
	Millis int64    `json:"ms"`
	Events [4]int64 `json:"e"`
}

// Index numbers the states from 0 to States-1; StateAt is its inverse.
func (s State) Index() int { return s.index() }

// StateAt returns the state that has an index.
func StateAt(i int) State { return stateAt(i) }

// CountsOf returns what observing one stay adds to a clock's counts.
func CountsOf(s State, from, to float64, event int) ([]Count, error) {
	if err := checkStay(s, from, to, event); err != nil {
		return nil, err
	}
	t, err := NewTally(clockStarts[:], nEvents)
	if err != nil {
		return nil, err
	}
	t.Add(Spell{from, to, event})
	return stateCounts(s.index(), t, nil), nil
}

// Counts returns all that was observed, in the order of states and cells,
// without what is zero.
func (c *Clock) Counts() (out []Count) {
	for s, t := range c.seen {
		out = stateCounts(s, t, out)
	}
	return out
}

func stateCounts(s int, t *Tally, out []Count) []Count {
	for g := range t.grid {
		x := Count{State: s, Cell: g, Millis: t.ticks[g]}
		copy(x.Events[:], t.events[g*t.causes:(g+1)*t.causes])
		if x != (Count{State: s, Cell: g}) {
			out = append(out, x)
		}
	}
	return out
}

// Add counts what another clock has seen in one cell.
func (c *Clock) Add(x Count) error {
	if x.State < 0 || x.State >= nStates || x.Cell < 0 || x.Cell >= nCells {
		return fmt.Errorf("survival: no cell %d of state %d", x.Cell, x.State)
	}
	t := c.seen[x.State]
	t.ticks[x.Cell] += x.Millis
	for k, n := range x.Events {
		t.events[x.Cell*t.causes+k] += n
	}
	return nil
}
