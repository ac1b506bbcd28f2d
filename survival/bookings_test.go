package survival

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
)

// booking is a yes: the day it was made and what became of it.
type booking struct {
	day string // 2016-12-31
	Spell
}

func bookings(t *testing.T) []booking {
	t.Helper()
	f, err := os.Open(fromShared(t, "deals/bookings.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	col := func(name string) int { return slices.Index(rows[0], name) }
	days, status, booked := col("days_booked_to_status"), col("status"), col("booked")
	var out []booking
	for _, r := range rows[1:] {
		d, err := number(r[days])
		if err != nil {
			t.Fatal(err)
		}
		b := booking{r[booked], Spell{To: d, Cause: Signed}}
		if r[status] == "Canceled" {
			b.Cause = Lost
		}
		out = append(out, b)
	}
	return out
}

// hazardOf counts what was lost per day watched, from day to day, with those who
// end within a day watched for half of it.
func hazardOf(bs []booking, from, to int) float64 {
	lost, watched := 0.0, 0.0
	for _, b := range bs {
		d := int(b.To)
		watched += math.Max(0, math.Min(float64(to), float64(d)+0.5)-float64(from))
		if b.Cause == Lost && from <= d && d < to {
			lost++
		}
	}
	return lost / watched
}

// How well one year's hazards of taking a yes back tell the next year's is a
// matter of the years, told by the log and in doc/model.md; held here is that
// the fit says, within a tenth, what the year that it was fitted on did.
func TestBookingsByYear(t *testing.T) {
	t.Parallel()
	byYear, byQuarter := map[string][]booking{}, map[string][]booking{}
	for _, b := range bookings(t) {
		month, err := strconv.Atoi(b.day[5:7])
		if err != nil {
			t.Fatal(err)
		}
		q := b.day[:4] + " quarter " + strconv.Itoa((month+2)/3)
		byYear[b.day[:4]], byQuarter[q] = append(byYear[b.day[:4]], b), append(byQuarter[q], b)
	}
	for _, q := range []string{"2016 quarter 1", "2016 quarter 2", "2016 quarter 3", "2016 quarter 4"} {
		t.Logf("%s: first day %.4f", q, hazardOf(byQuarter[q], 0, 1))
	}
	for _, year := range []string{"2015", "2016"} {
		var spells []Spell
		for _, b := range byYear[year] {
			spells = append(spells, b.Spell)
		}
		r, err := Decay(Deals{Spells: spells}, nil, DecayOptions{Horizon: 7})
		if err != nil {
			t.Fatal(err)
		}
		for day := range 7 {
			got, want := r.Bands[day].Lost, hazardOf(byYear[year], day, day+1)
			t.Logf("%s day %d: fitted %.4f [%.4f, %.4f], counted %.4f", year, day+1, got.Rate, got.Lo, got.Hi, want)
			if math.Abs(got.Rate-want) > 0.1*want {
				t.Errorf("%s day %d: fitted %.4f, counted %.4f", year, day+1, got.Rate, want)
			}
		}
	}
}

// The numbers in typical.go that come from data are what the data say.
func TestTypicalIsWhatBookingsSay(t *testing.T) {
	t.Parallel()
	bs := bookings(t)
	for g, days := range map[int][2]int{3: {0, 1}, 4: {1, 2}, 5: {2, 3}, 6: {3, 5}, 7: {5, 7}, 8: {7, 14}, 9: {14, 30}, 10: {30, 60}} {
		if h := hazardOf(bs, days[0], days[1]); math.Abs(h-regret[g]) > 6e-5 {
			t.Errorf("a yes is taken back on days %d to %d at %.5f a day, typical says %.5f", days[0]+1, days[1], h, regret[g])
		}
	}
}

func TestTypicalIsWhatPromisesBecame(t *testing.T) {
	t.Parallel()
	f, err := os.Open(fromShared(t, "talks/persuasion.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	promised, gave := 0, 0
	for lines.Scan() {
		var talk struct{ Intended, Donated json.RawMessage }
		if err := json.Unmarshal(lines.Bytes(), &talk); err != nil {
			t.Fatal(err)
		}
		if amount(talk.Intended) > 0 {
			promised++
			if amount(talk.Donated) > 0 {
				gave++
			}
		}
	}
	if promised != 150 || gave != 87 {
		t.Errorf("of %d who named a gift %d gave; doc/model.md says 87 of 150", promised, gave)
	}
}

// amount reads a number or a quoted number; anything else is nothing.
func amount(raw json.RawMessage) float64 {
	s := string(raw)
	if u, err := strconv.Unquote(s); err == nil {
		s = u
	}
	x, err := number(s)
	if err != nil {
		return 0
	}
	return x
}
