package survival

import (
	"math"
	"testing"
)

// How many deals does a seller need before bands pay? Offers sent from 20
// November on are scored with what 3 to 300 of the earlier ones tell, 12 times
// each; doc/model.md has the table.
func TestFewDeals(t *testing.T) {
	t.Parallel()
	before, after := offersAsOf(t, "2011-11-20")
	for _, n := range []int{3, 6, 10, 16, 25, 35, 60, 120, 300} {
		var flat, bands, three, ended float64
		const runs = 12
		for run := range runs {
			some := make([]Spell, n)
			for i := range some {
				some[i] = before[int(spread(run*1000+i)*float64(len(before)))]
			}
			tally, err := NewTally(Grid(120, 0, false), 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range some {
				tally.Add(s)
			}
			ended += float64(tally.Ended()) / runs
			for expected, sum := range map[float64]*float64{1: &flat, fewBands: &three, manyBands: &bands} {
				cells, err := tally.group(tally.grid)
				if err != nil {
					t.Fatal(err)
				}
				h := newCutsExpecting(tally, cells, 0, expected).average()
				h.Starts, h.Causes = tally.grid, 2
				l := h.LogLik(after)
				*sum += (l[0] + l[1]) / runs
			}
		}
		t.Logf("%3d deals, %5.1f ended: one hazard %.3f, three bands expected %.3f, ten %.3f", n, ended, flat, three, bands)
		if n >= 16 && math.Max(three, bands) < flat+0.05 {
			t.Errorf("%d deals: bands do not pay", n)
		}
	}
}

// spread returns numbers from 0 to 1 without order (splitmix64).
func spread(i int) float64 {
	z := uint64(i+1) * 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11) / (1 << 53)
}
