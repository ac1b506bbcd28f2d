package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// decayReport is the JSON that others read: its names are a promise.
type decayReport struct {
	Landmarks []struct{ Day, P, Lo, Hi float64 }
	Bands     []struct {
		From, To     float64
		Signed, Lost struct{ Rate, Lo, Hi float64 }
	}
	LogLik *struct{ Signed, Lost, Total float64 }
}

func decayJSON(t *testing.T, stdin string, args ...string) decayReport {
	t.Helper()
	var out bytes.Buffer
	if err := decayCmd(append(args, "--json"), strings.NewReader(stdin), &out, os.Stderr); err != nil {
		t.Fatal(err)
	}
	var r decayReport
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDecay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "deals.csv")
	var b strings.Builder
	b.WriteString("days,outcome,value\n")
	for i := range 60 {
		b.WriteString([]string{"1.5,signed,100\n", "4.25,lost,80\n", "9.75,open,50\n"}[i%3])
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	r := decayJSON(t, b.String(), "--csv", "-", "--test", file, "--landmarks", "0,3", "--within", "7")
	if len(r.Landmarks) != 2 || r.Landmarks[1].Day != 3 || len(r.Bands) == 0 || r.LogLik == nil {
		t.Fatalf("%+v", r)
	}
	if p := r.Landmarks[0].P; math.Abs(p-1./3) > 0.06 {
		t.Errorf("one of three is signed within 7 days, not %.3f", p)
	}
	if s := r.LogLik; math.Abs(s.Signed+s.Lost-s.Total) > 1e-12 {
		t.Errorf("log-likelihoods %+v do not add up", *s)
	}
	last := 0.0
	for _, x := range r.Bands {
		if x.From != last || x.To <= x.From || x.Signed.Lo > x.Signed.Rate || x.Lost.Rate > x.Lost.Hi {
			t.Errorf("band %+v after day %g", x, last)
		}
		last = x.To
	}
	var text bytes.Buffer
	if err := decayCmd([]string{"--csv", file}, nil, &text, os.Stderr); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "60 deals: 20 signed, 20 lost, 20 still open.") {
		t.Errorf("printed:\n%s", text.String())
	}
}

func TestDecayRefuses(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{}, {"--csv", "-", "more"}, {"--csv", "-", "--within", "0"}, {"--csv", "-", "--landmarks", "x"}, {"--csv", "-"}, {"--csv", "nowhere.csv"}} {
		if err := decayCmd(args, strings.NewReader("days,outcome\n3,perhaps\n"), io.Discard, io.Discard); err == nil {
			t.Errorf("%q was taken", args)
		}
	}
}

// Bookings are a yes that is kept or taken back, known by whole days.
func TestDecayOfBookings(t *testing.T) {
	t.Parallel()
	const name = "../../../shared/data/deals/bookings.csv.gz"
	if _, err := os.Stat(name); err != nil {
		t.Skipf("../shared/data/deals/bookings.csv.gz is not here: %v", err)
	}
	r := decayJSON(t, "", "--csv", name, "--days", "days_booked_to_status", "--outcome", "status",
		"--signed", "Check-Out,No-Show", "--lost", "Canceled", "--horizon", "28")
	// The hazards of cancelling as they are published beside the data.
	for _, want := range []struct{ day, hazard float64 }{{1, 0.051}, {6, 0.007}, {7, 0.007}} {
		b := r.Bands[int(want.day)-1]
		t.Logf("day %g: %.4f [%.4f, %.4f]", want.day, b.Lost.Rate, b.Lost.Lo, b.Lost.Hi)
		if b.From != want.day-1 || math.Abs(b.Lost.Rate-want.hazard) > 0.1*want.hazard {
			t.Errorf("day %g: band %+v, published %.4f", want.day, b, want.hazard)
		}
	}
	if len(r.Bands) != 28 {
		t.Errorf("%d bands to day 28", len(r.Bands))
	}
}

// Offers, as published beside the data: P(signed within 7 days) of the later ones
// is told within 0.03 at every landmark.
func TestDecayOfOffers(t *testing.T) {
	t.Parallel()
	const name = "../../../shared/data/deals/offers.csv"
	if _, err := os.Stat(name); err != nil {
		t.Skipf("../shared/data/deals/offers.csv is not here: %v", err)
	}
	later := []float64{.214, .370, .412, .383, .349, .272, .178, .113}
	for _, more := range [][]string{nil, {"--expiry", "31"}} {
		r := decayJSON(t, "", append([]string{"--csv", name, "--test", name, "--landmarks", "0,3,5,7,10,14,21,28", "--within", "7"}, more...)...)
		for i, l := range r.Landmarks {
			t.Logf("%q day %2g: %.3f, later offers %.3f (%+.3f)", more, l.Day, l.P, later[i], l.P-later[i])
			if math.Abs(l.P-later[i]) > 0.03 {
				t.Errorf("%q day %g: %.3f, later offers %.3f", more, l.Day, l.P, later[i])
			}
		}
		// The file scored with its own fit; the later offers are not here.
		t.Logf("log-likelihood of the file itself %.3f", r.LogLik.Total)
	}
}
