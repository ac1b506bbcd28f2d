package survival

import (
	"math"
	"slices"
)

// Grid returns the cells in which days since the start are tallied, up to
// horizon: hours at first, then half days, days, weeks, months, quarters, and
// after ten years years, so that the longest horizon has few; where days are only
// known whole, no cell is shorter than a day. A known expiry (0: none)
// cuts out the day that ends with it: a thing that expires after 31 days is
// struck off at some hour of the 31st.
func Grid(horizon, expiry float64, wholeDays bool) []float64 {
	g := []float64{0}
	halves := 0.5
	if wholeDays {
		halves = 1
	} else {
		g = []float64{0, 1. / 24, 4. / 24}
	}
	next := 0.0
	for _, step := range []struct{ until, by float64 }{{14, halves}, {42, 1}, {91, 7}, {361, 30}, {3650, 91}, {math.Inf(1), 365}} {
		for next+step.by <= step.until && next+step.by < horizon {
			next += step.by
			g = append(g, next)
		}
	}
	if expiry > 0 {
		g = append(g, math.Max(0, expiry-1), expiry)
		slices.Sort(g)
		g = slices.Compact(g)
	}
	return g
}
