package survival

import (
	"fmt"
	"testing"
)

func TestKaplanMeierEqualsR(t *testing.T) {
	t.Parallel()
	lung := spellsOf(t, testdata(t, "in_lung"), "", "time", "status", 2)
	veteran := spellsOf(t, testdata(t, "in_veteran"), "", "time", "status", 1)
	heart := spellsOf(t, testdata(t, "in_heart"), "start", "stop", "event", 1)
	for _, c := range []struct {
		table  string
		spells []Spell
		limits Limits
	}{
		{"km_lung_log", lung, Log}, {"km_lung_loglog", lung, LogLog},
		{"km_veteran_log", veteran, Log}, {"km_veteran_loglog", veteran, LogLog},
		{"km_heart_left_truncated", heart, Log},
	} {
		t.Run(c.table, func(t *testing.T) {
			t.Parallel()
			checkCurve(t, testdata(t, c.table), c.spells, c.limits)
		})
	}
}

func TestKaplanMeierEqualsROnRossi(t *testing.T) {
	t.Parallel()
	const dir = "reference/survival_r/"
	rossi := spellsOf(t, readTable(t, fromShared(t, dir+"in_rossi.csv")), "", "week", "arrest", 1)
	checkCurve(t, readTable(t, fromShared(t, dir+"km_rossi_log.csv")), rossi, Log)
	checkCurve(t, readTable(t, fromShared(t, dir+"km_rossi_loglog.csv")), rossi, LogLog)
}

func checkCurve(t *testing.T, want table, spells []Spell, limits Limits) {
	t.Helper()
	got, err := KaplanMeier(spells, limits)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Time) != want.n {
		t.Fatalf("%d times, R has %d", len(got.Time), want.n)
	}
	cols := map[string]func(i int) float64{
		"time": at(got.Time), "surv": at(got.Surv), "std.err": at(got.StdErr), "lower": at(got.Lo), "upper": at(got.Hi), "cumhaz": at(got.CumHaz),
		"n.risk": ints(got.AtRisk), "n.event": ints(got.Events), "n.censor": ints(got.Censored),
	}
	for name, get := range cols {
		for i, w := range want.nums(t, name) {
			near(t, fmt.Sprintf("%s at %g", name, got.Time[i]), get(i), w, 1e-8)
		}
	}
}

func at(x []float64) func(int) float64 { return func(i int) float64 { return x[i] } }
func ints(x []int) func(int) float64   { return func(i int) float64 { return float64(x[i]) } }

func TestAalenJohansenEqualsR(t *testing.T) {
	t.Parallel()
	want := testdata(t, "aj_mgus2")
	got, err := AalenJohansen(mgus2(t), 2)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Time) != want.n {
		t.Fatalf("%d times, R has %d", len(got.Time), want.n)
	}
	for name, get := range map[string]func(int) float64{
		"time": at(got.Time), "n.risk": ints(got.AtRisk), "pcm": at(got.Prob[0]), "death": at(got.Prob[1]),
		"se.pcm": at(got.StdErr[0]), "se.death": at(got.StdErr[1]),
	} {
		for i, w := range want.nums(t, name) {
			near(t, fmt.Sprintf("%s at %g", name, got.Time[i]), get(i), w, 1e-8)
		}
	}
}

func mgus2(t testing.TB) []Spell {
	x := testdata(t, "in_mgus2")
	to, cause := x.nums(t, "etime"), x.nums(t, "event")
	out := make([]Spell, x.n)
	for i := range out {
		out[i] = Spell{To: to[i], Cause: int(cause[i])}
	}
	return out
}

func TestQuantilesEqualR(t *testing.T) {
	t.Parallel()
	want := testdata(t, "quantiles")
	sets := [][]Spell{spellsOf(t, testdata(t, "in_lung"), "", "time", "status", 2), spellsOf(t, testdata(t, "in_veteran"), "", "time", "status", 1)}
	for i, s := range sets {
		c, err := KaplanMeier(s, Log)
		if err != nil {
			t.Fatal(err)
		}
		half, horizon := c.Quantile(0.5), want.nums(t, "horizon")[i]
		mean := c.Mean(horizon)
		near(t, "median", half.Value, want.nums(t, "median")[i], 1e-8)
		near(t, "median lower", half.Lo, want.nums(t, "lower")[i], 1e-8)
		near(t, "median upper", half.Hi, want.nums(t, "upper")[i], 1e-8)
		near(t, "mean", mean.Value, want.nums(t, "rmean")[i], 1e-8)
		near(t, "mean upper", mean.Hi, want.nums(t, "rmean")[i]+z95*want.nums(t, "se")[i], 1e-8)
	}
}

// A flat prior leaves the plain rate: events over time watched, as R's Poisson
// regression has it.
func TestTallyEqualsPoissonInR(t *testing.T) {
	t.Parallel()
	want := testdata(t, "piecewise_lung")
	tally, err := NewTally(want.nums(t, "from"), 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range spellsOf(t, testdata(t, "in_lung"), "", "time", "status", 2) {
		s.To -= 1e-9 * s.To // R counts an event on an edge to the band that it ends
		tally.Add(s)
	}
	cells, err := tally.group(tally.grid)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range cells {
		near(t, "events", c.events[0], want.nums(t, "events")[i], 0)
		near(t, "exposure", c.exposure, want.nums(t, "exposure")[i], 1e-6)
		near(t, "rate", c.events[0]/c.exposure, want.nums(t, "rate")[i], 1e-8)
	}
}
