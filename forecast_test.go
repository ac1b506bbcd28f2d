package dottedline

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestForecastLaws(t *testing.T) {
	t.Parallel()
	m := Typical()
	rapid.Check(t, func(t *rapid.T) {
		var deals []OpenDeal
		for range rapid.IntRange(0, 8).Draw(t, "deals") {
			s, _ := Fold(touches(t))
			deals = append(deals, OpenDeal{s, rapid.Float64Range(1, 1e5).Draw(t, "value")})
		}
		now := day0.AddDate(0, 0, rapid.IntRange(0, 60).Draw(t, "day"))
		f := m.Forecast(deals, now)
		double := append([]OpenDeal(nil), deals...)
		for i := range double {
			double[i].Value *= 2
		}
		g := m.Forecast(double, now)
		last := ForecastWeek{}
		for i, w := range f.Weeks {
			if w.Mean < last.Mean-1e-9 || w.Mean > f.Value+1e-9 {
				t.Fatalf("mean %v after %v of %v", w.Mean, last.Mean, f.Value)
			}
			for k := 1; k < len(w.Quantiles); k++ {
				if w.Quantiles[k] < w.Quantiles[k-1] {
					t.Fatalf("quantiles fall: %v", w.Quantiles)
				}
			}
			if math.Abs(g.Weeks[i].Mean-2*w.Mean) > 1e-6*(1+w.Mean) {
				t.Fatalf("twice the values: %v, want twice %v", g.Weeks[i].Mean, w.Mean)
			}
			last = w
		}
	})
}

func TestSumOfChances(t *testing.T) {
	t.Parallel()
	// Ten coins of 100: the median of a fair binomial is 5, its 5 % and 95 % points 2 and 8.
	v, p := make([]float64, 10), make([]float64, 10)
	for i := range v {
		v[i], p[i] = 100, 0.5
	}
	mean, q := sumOfChances(v, p)
	if mean != 500 || math.Abs(q[9]-500) > 2 || math.Abs(q[0]-200) > 2 || math.Abs(q[18]-800) > 2 {
		t.Errorf("mean %v, quantiles %v", mean, q)
	}
}

func TestBelow(t *testing.T) {
	t.Parallel()
	var past []Came
	for i := range 20 {
		w := ForecastWeek{Until: day0.Add(time.Hour)}
		for k := range w.Quantiles {
			w.Quantiles[k] = float64(k + 1)
		}
		past = append(past, Came{Week: w, Signed: float64(i)})
	}
	if e := Below(past, 0.5); e.Value != 0.55 || e.Lo > 0.5 || e.Hi < 0.5 {
		t.Errorf("below the median %+v, want 11 of 20", e)
	}
}
