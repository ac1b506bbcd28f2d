package survival

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// complete returns the columns of x as a table and the spells, without the rows
// that miss a value, as R's formulas do.
func complete(t testing.TB, x table, spells []Spell, cols ...string) ([]Spell, *mat.Dense) {
	t.Helper()
	var flat []float64
	var out []Spell
	var data [][]float64
	for _, c := range cols {
		if c == "male" {
			sex := make([]float64, x.n)
			for i, s := range x.text["sex"] {
				if s == "M" {
					sex[i] = 1
				}
			}
			data = append(data, sex)
			continue
		}
		data = append(data, x.nums(t, c))
	}
rows:
	for i := range spells {
		row := make([]float64, len(cols))
		for j := range cols {
			if row[j] = data[j][i]; math.IsNaN(row[j]) {
				continue rows
			}
		}
		flat = append(flat, row...)
		out = append(out, spells[i])
	}
	return out, mat.NewDense(len(out), len(cols), flat)
}

type coxCase struct {
	model  string
	ties   Ties
	spells []Spell
	x      *mat.Dense
}

func coxCases(t testing.TB) []coxCase {
	lung, veteran, mgus, heart := testdata(t, "in_lung"), testdata(t, "in_veteran"), testdata(t, "in_mgus2"), testdata(t, "in_heart")
	ls, lx := complete(t, lung, spellsOf(t, lung, "", "time", "status", 2), "age", "sex")
	vs, vx := complete(t, veteran, spellsOf(t, veteran, "", "time", "status", 1), "trt", "karno", "age")
	ms, mx := complete(t, mgus, mgus2(t), "age", "male", "mspike")
	hs, hx := complete(t, heart, spellsOf(t, heart, "start", "stop", "event", 1), "age", "year", "surgery", "transplant")
	return []coxCase{
		{"lung_age_sex_efron", Efron, ls, lx}, {"lung_age_sex_breslow", Breslow, ls, lx},
		{"veteran_efron", Efron, vs, vx}, {"veteran_breslow", Breslow, vs, vx},
		{"mgus2_progression_causespecific", Efron, ms, mx},
		{"heart_left_truncated", Efron, hs, hx},
	}
}

func TestCoxEqualsR(t *testing.T) {
	t.Parallel()
	for _, c := range coxCases(t) {
		name := "cox"
		if c.model == "heart_left_truncated" {
			name = "cox_left_truncated"
		}
		checkCox(t, testdata(t, name), c)
	}
}

func TestCoxEqualsROnRossi(t *testing.T) {
	t.Parallel()
	const dir = "reference/survival_r/"
	in := readTable(t, fromShared(t, dir+"in_rossi.csv"))
	s, x := complete(t, in, spellsOf(t, in, "", "week", "arrest", 1), "fin", "age", "race", "wexp", "mar", "paro", "prio")
	for name, ties := range map[string]Ties{"rossi_efron": Efron, "rossi_breslow": Breslow} {
		checkCox(t, readTable(t, fromShared(t, dir+"cox.csv")), coxCase{name, ties, s, x})
	}
}

func checkCox(t *testing.T, want table, c coxCase) {
	t.Helper()
	fit, err := Cox(c.spells, c.x, 1, c.ties)
	if err != nil {
		t.Fatalf("%s: %v", c.model, err)
	}
	j := 0
	for i, m := range want.text["model"] {
		if m != c.model {
			continue
		}
		for col, got := range map[string]float64{"coef": fit.Coef[j], "se": fit.StdErr[j], "loglik0": fit.LogLik0, "loglik": fit.LogLik, "concordance": fit.Concordance} {
			near(t, fmt.Sprintf("%s %s %s", c.model, want.text["term"][i], col), got, want.nums(t, col)[i], 1e-8)
		}
		j++
	}
	if j != len(fit.Coef) {
		t.Errorf("%s: R has %d terms, we %d", c.model, j, len(fit.Coef))
	}
}

func TestCoxBaselineEqualsR(t *testing.T) {
	t.Parallel()
	c := coxCases(t)[0]
	fit, err := Cox(c.spells, c.x, 1, Efron)
	if err != nil {
		t.Fatal(err)
	}
	want := testdata(t, "cox_lung_basehaz_uncentered")
	haz, when := want.nums(t, "hazard"), want.nums(t, "time")
	k := -1
	for i := range want.n { // R also tells times at which only censoring happened
		for k+1 < len(fit.BaseTime) && fit.BaseTime[k+1] <= when[i] {
			k++
		}
		near(t, fmt.Sprintf("baseline at %g", when[i]), fit.BaseCumHaz[k], haz[i], 1e-8)
	}
}

func TestProportionalityEqualsR(t *testing.T) {
	t.Parallel()
	want := testdata(t, "zph")
	chi, pval := want.nums(t, "chisq"), want.nums(t, "p")
	row := 0
	for _, c := range []coxCase{coxCases(t)[0], coxCases(t)[2], coxCases(t)[5]} {
		fit, err := Cox(c.spells, c.x, 1, Efron)
		if err != nil {
			t.Fatal(err)
		}
		for _, z := range fit.PH {
			near(t, c.model+" "+want.text["term"][row]+" chisq", z.ChiSq, chi[row], 1e-6)
			near(t, c.model+" "+want.text["term"][row]+" p", z.P, pval[row], 1e-6)
			row++
		}
	}
	if row != want.n {
		t.Errorf("%d tests, R has %d", row, want.n)
	}
}

func TestLogRankEqualsR(t *testing.T) {
	t.Parallel()
	want := testdata(t, "logrank")
	row := 0
	for _, c := range []struct{ in, by, to, status, event string }{
		{"in_lung", "sex", "time", "status", "2"}, {"in_veteran", "celltype", "time", "status", "1"}, {"in_ovarian", "rx", "futime", "fustat", "1"},
	} {
		x := testdata(t, c.in)
		ev := 1.0
		if c.event == "2" {
			ev = 2
		}
		var names []string
		groups := map[string][]Spell{}
		for i, s := range spellsOf(t, x, "", c.to, c.status, ev) {
			g := x.text[c.by][i]
			if groups[g] == nil {
				names = append(names, g)
			}
			groups[g] = append(groups[g], s)
		}
		var list [][]Spell
		for _, n := range sorted(names) {
			list = append(list, groups[n])
		}
		got, err := LogRank(list, 1)
		if err != nil {
			t.Fatal(err)
		}
		for g := range list {
			near(t, c.in+" observed", got.Observed[g], want.nums(t, "obs")[row], 1e-8)
			near(t, c.in+" expected", got.Expected[g], want.nums(t, "exp")[row], 1e-8)
			near(t, c.in+" chisq", got.ChiSq, want.nums(t, "chisq")[row], 1e-8)
			row++
		}
	}
}

func TestParametricEqualsR(t *testing.T) {
	t.Parallel()
	want := testdata(t, "parametric")
	lung := testdata(t, "in_lung")
	s, x := complete(t, lung, spellsOf(t, lung, "", "time", "status", 2), "age", "sex")
	families := map[string]Family{"exponential": Exponential, "weibull": Weibull, "lognormal": LogNormal, "loglogistic": LogLogistic}
	for i := range want.n {
		var cov mat.Matrix
		if want.text["data"][i] == "lung_age_sex" {
			cov = x
		}
		got, err := Parametric(s, cov, 1, families[want.text["dist"][i]])
		if err != nil {
			t.Fatal(err)
		}
		what := want.text["data"][i] + " " + want.text["dist"][i]
		near(t, what+" intercept", got.Coef[0], want.nums(t, "intercept")[i], 1e-6)
		near(t, what+" scale", got.Scale, want.nums(t, "scale")[i], 1e-6)
		near(t, what+" loglik", got.LogLik, want.nums(t, "loglik")[i], 1e-8)
	}
}
