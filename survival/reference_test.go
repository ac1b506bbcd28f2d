package survival

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// shared is where data that may not be part of the project lies, beside it.
const shared = "../../shared/data"

// table is one CSV file by column.
type table struct {
	n    int
	text map[string][]string
}

func readTable(t testing.TB, path string) table {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := csv.NewReader(f)
	in.LazyQuotes = true // R does not quote its terms
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := table{n: len(rows) - 1, text: map[string][]string{}}
	for j, name := range rows[0] {
		for _, r := range rows[1:] {
			out.text[name] = append(out.text[name], r[j])
		}
	}
	return out
}

func testdata(t testing.TB, name string) table {
	t.Helper()
	return readTable(t, filepath.Join("testdata", name+".csv"))
}

// fromShared skips, by name, when the file is not there.
func fromShared(t testing.TB, name string) string {
	t.Helper()
	p := filepath.Join(shared, name)
	if _, err := os.Stat(p); err != nil {
		t.Skipf("../shared/data/%s is not here: %v", name, err)
	}
	return p
}

// nums reads a column of numbers; an empty field or NA is NaN.
func (x table) nums(t testing.TB, name string) []float64 {
	t.Helper()
	out := make([]float64, x.n)
	col, ok := x.text[name]
	if !ok {
		t.Fatalf("no column %q", name)
	}
	for i, s := range col {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			if s != "" && s != "NA" {
				t.Fatalf("%s row %d: %v", name, i+1, err)
			}
			v = math.NaN()
		}
		out[i] = v
	}
	return out
}

func spellsOf(t testing.TB, x table, from, to, cause string, event float64) []Spell {
	t.Helper()
	stop, c := x.nums(t, to), x.nums(t, cause)
	start := make([]float64, x.n)
	if from != "" {
		start = x.nums(t, from)
	}
	out := make([]Spell, x.n)
	for i := range out {
		out[i] = Spell{From: start[i], To: stop[i]}
		if c[i] == event {
			out[i].Cause = 1
		}
	}
	return out
}

// near fails unless got and want differ by at most tol, of want where it is above 1.
func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if math.IsNaN(got) && math.IsNaN(want) {
		return
	}
	if d := math.Abs(got - want); !(d <= tol*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: got %.12g, R says %.12g (differ by %.2g)", what, got, want, d)
	}
}

func sorted(s []string) []string {
	out := slices.Clone(s)
	slices.Sort(out)
	return out
}
