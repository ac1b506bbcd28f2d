package html

import (
	"math"
	"testing"
)

// A curve of many deals is drawn with few corners, none of which is far from it.
func TestSteps(t *testing.T) {
	t.Parallel()
	var ps []XY
	for i := range 20_000 {
		x := float64(i) / 20_000
		ps = append(ps, XY{800 * x, 300 * math.Exp(-3*x)})
	}
	out := steps(ps)
	if len(out) > 2*300/unseen || out[0] != ps[0] || out[len(out)-1] != ps[len(ps)-1] {
		t.Fatalf("%d corners, from %v to %v", len(out), out[0], out[len(out)-1])
	}
	k := 0
	for _, p := range ps {
		for k+1 < len(out) && out[k+1].X <= p.X {
			k++
		}
		if d := math.Abs(out[k].Y - p.Y); d > unseen {
			t.Fatalf("at %v the line is off by %v", p, d)
		}
	}
}
