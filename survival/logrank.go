package survival

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// LogRankTest compares how groups end: Observed and Expected events per group
// if all ended alike, the chi-square statistic and its p-value.
type LogRankTest struct {
	Observed, Expected []float64
	ChiSq, P           float64
	DF                 int
	Warnings           []Warning
}

// LogRank tests whether groups end by cause at the same hazards (Mantel 1966;
// R's survdiff). Other causes count as censored.
func LogRank(groups [][]Spell, cause int) (LogRankTest, error) {
	k := len(groups)
	if k < 2 {
		return LogRankTest{}, fmt.Errorf("survival: %d groups to compare", k)
	}
	// Tables: one of all spells, with the group of each event as its cause, and
	// one per group for its own risk set.
	var all []Spell
	for g, spells := range groups {
		if err := Check(spells); err != nil {
			return LogRankTest{}, fmt.Errorf("group %d: %w", g+1, err)
		}
		for _, s := range spells {
			if s.Cause == cause {
				s.Cause = g + 1
			} else {
				s.Cause = Open
			}
			all = append(all, s)
		}
	}
	r := newRiskTable(all, k)
	risk := make([]*riskAt, k)
	for g, spells := range groups {
		risk[g] = newRiskAt(spells)
	}
	t := LogRankTest{Observed: make([]float64, k), Expected: make([]float64, k), DF: k - 1}
	v := mat.NewSymDense(k-1, nil)
	for i, at := range r.time {
		d, n := float64(r.all(i)), float64(r.risk[i])
		if d == 0 {
			continue
		}
		share := make([]float64, k)
		for g := range k {
			share[g] = float64(risk[g].at(at)) / n
			t.Observed[g] += float64(r.count(i, g+1))
			t.Expected[g] += d * share[g]
		}
		if n < 2 {
			continue
		}
		f := d * (n - d) / (n - 1)
		for a := range k - 1 {
			for b := range a + 1 {
				x := -share[a] * share[b]
				if a == b {
					x += share[a]
				}
				v.SetSym(a, b, v.At(a, b)+f*x)
			}
		}
	}
	diff := mat.NewVecDense(k-1, nil)
	events := 0.0
	for g := range k {
		events += t.Observed[g]
		if g < k-1 {
			diff.SetVec(g, t.Observed[g]-t.Expected[g])
		}
	}
	t.Warnings = warnFew(events)
	var x mat.VecDense
	if err := x.SolveVec(v, diff); err != nil {
		return LogRankTest{}, fmt.Errorf("survival: groups cannot be compared: %w", err)
	}
	t.ChiSq = mat.Dot(diff, &x)
	t.P = distuv.ChiSquared{K: float64(t.DF)}.Survival(t.ChiSq)
	return t, nil
}

// riskAt counts a group's risk set at rising times.
type riskAt struct {
	to, from []float64
	i, j     int
}

func newRiskAt(spells []Spell) *riskAt {
	r := &riskAt{}
	for _, o := range orderByTo(spells) {
		r.to = append(r.to, spells[o].To)
	}
	froms := make([]float64, len(spells))
	for i, s := range spells {
		froms[i] = s.From
	}
	for _, o := range order(froms) {
		r.from = append(r.from, froms[o])
	}
	return r
}

func (r *riskAt) at(t float64) int {
	for r.j < len(r.from) && (r.from[r.j] < t || r.from[r.j] == 0) {
		r.j++
	}
	for r.i < len(r.to) && r.to[r.i] < t {
		r.i++
	}
	return r.j - r.i
}
