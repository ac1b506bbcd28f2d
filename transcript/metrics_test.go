package transcript

import (
	"fmt"
	"math/rand/v2"
	"sort"
)

// scored is a probability and whether it should have been high.
type scored struct {
	p   float64
	yes bool
}

// table holds the usual measures of a ranking and of its cut at 0.5.
type table struct {
	n, yes                                 int
	precision, recall, f1, ap, auc, f1Best float64
}

func (t table) String() string {
	return fmt.Sprintf("n %5d  yes %4d  P %.3f  R %.3f  F1 %.3f  AP %.3f  AUC %.3f  (best F1 %.3f)", t.n, t.yes, t.precision, t.recall, t.f1, t.ap, t.auc, t.f1Best)
}

func measure(s []scored) table {
	s = append([]scored(nil), s...)
	sort.SliceStable(s, func(i, j int) bool { return s[i].p > s[j].p })
	t := table{n: len(s)}
	tp, fp, fn := 0, 0, 0
	for _, x := range s {
		if x.yes {
			t.yes++
			if x.p < 0.5 {
				fn++
			} else {
				tp++
			}
		} else if x.p >= 0.5 {
			fp++
		}
	}
	t.precision, t.recall = ratio(tp, tp+fp), ratio(tp, tp+fn)
	t.f1 = ratio(2*tp, 2*tp+fp+fn)
	hits, above := 0, 0.0
	for i := 0; i < len(s); {
		j, y := i, 0
		for ; j < len(s) && s[j].p == s[i].p; j++ { // ties count half
			if s[j].yes {
				y++
			}
		}
		n := j - i - y
		above += float64(n)*float64(hits) + float64(n)*float64(y)/2
		hits += y
		t.ap += float64(y) * float64(hits) / float64(j)
		t.f1Best = max(t.f1Best, ratio(2*hits, j+t.yes))
		i = j
	}
	t.ap /= float64(max(t.yes, 1))
	t.auc = above / float64(max(1, t.yes*(t.n-t.yes)))
	return t
}

// apBetween gives the bounds of nine tenths of the average precisions that come
// of drawing the talks anew, with replacement, a thousand times.
func apBetween(talks [][]scored) (low, high float64) {
	r := rand.New(rand.NewPCG(1, 2))
	var ap []float64
	for range 1000 {
		var drawn []scored
		for range talks {
			drawn = append(drawn, talks[r.IntN(len(talks))]...)
		}
		ap = append(ap, measure(drawn).ap)
	}
	sort.Float64s(ap)
	return ap[50], ap[949]
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// raceEnabled is set by race_test.go: speed is not measured under the detector.
var raceEnabled bool
