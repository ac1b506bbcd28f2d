package dottedline

import (
	"math"
	"slices"
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
		f := m.Forecast(slices.Values(deals), now)
		double := append([]OpenDeal(nil), deals...)
		for i := range double {
			double[i].Value *= 2
		}
		g := m.Forecast(slices.Values(double), now)
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
	coins := make([]hope, 10)
	for i := range coins {
		coins[i] = hope{100, &chances{}}
		for j := range levels {
			coins[i].by[j][0] = 0.5
		}
	}
	mean, q := mixed(coins, 0, 1000)
	if math.Abs(mean-500) > 1e-6 || math.Abs(q[9]-500) > 2 || math.Abs(q[0]-200) > 2 || math.Abs(q[18]-800) > 2 {
		t.Errorf("mean %v, quantiles %v", mean, q)
	}
}

// Many small deals beside a large one: what is added as normal comes to what
// adding one by one comes to.
func TestForecastOfMany(t *testing.T) {
	t.Parallel()
	n := oneByOne + 500
	many := make([]hope, n)
	var variance, all float64
	for i := range many {
		many[i] = hope{50, &chances{}}
		if i == 0 {
			many[i].value = 40_000
		}
		p := 0.1 + 0.5*float64(i%7)/7
		for j := range levels {
			many[i].by[j][0] = p
		}
		all += many[i].value
		if i > 0 {
			variance += many[i].value * many[i].value * p * (1 - p)
		}
	}
	mean, q := mixed(many, 0, all)
	want := 0.0
	for _, c := range many[1:] {
		want += c.value * c.by[0][0]
	}
	// Without the large one, which comes with a tenth, the sum is normal.
	sd := math.Sqrt(variance)
	if math.Abs(mean-want-4000) > 1 {
		t.Errorf("mean %v, want %v", mean, want+4000)
	}
	// The median of the whole is the 0.5/0.9 quantile of the small ones.
	if got := q[9]; math.Abs(got-(want+0.13971*sd)) > all/bins {
		t.Errorf("median %v, want %v", got, want+0.13971*sd)
	}
	if q[18] < 40_000 {
		t.Errorf("one in ten times the large one comes: the quantile at 95 %% is %v", q[18])
	}
}

// What is not known of the hazards makes the band wider than chance alone.
func TestForecastSaysWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	var sure, unsure []hope
	for range 100 {
		s, u := hope{1, &chances{}}, hope{1, &chances{}}
		for j, l := range levels {
			s.by[j][0], u.by[j][0] = 0.5, 1/(1+math.Exp(-l.z))
		}
		sure, unsure = append(sure, s), append(unsure, u)
	}
	_, a := mixed(sure, 0, 100)
	_, b := mixed(unsure, 0, 100)
	if a[18]-a[0] > 20 || b[18]-b[0] < 40 {
		t.Errorf("90 %% within %v when the chance is known, within %v when it is not", a[18]-a[0], b[18]-b[0])
	}
}

func TestExpiryEndsTheChance(t *testing.T) {
	t.Parallel()
	m := Typical()
	out := func(expires time.Duration) State {
		s, _ := Fold([]Touch{{ID: 1, At: day0, Kind: MailTouch, By: Them}, {ID: 2, At: day0, Kind: YesTouch, By: Them}, {ID: 3, At: day0, Kind: SentTouch, By: Us, Until: day0.Add(expires)}})
		return s
	}
	const day = 24 * time.Hour
	now := day0.Add(2 * day)
	ever, _ := m.Outlook(out(400*day), now, 1000)
	last := 1.0
	for _, d := range []time.Duration{60, 20, 5, 3, 2} {
		s := out(d * day)
		o, _ := m.Outlook(s, now, 1000)
		if p := o.Signed; !(p.Value <= ever.Signed.Value && p.Value <= last && p.Lo <= p.Value && p.Value <= p.Hi) {
			t.Errorf("expires in %d days: P(signed) %+v, without an end %+v", d-2, p, ever.Signed)
		}
		last = o.Signed.Value
		if got, by := m.SignedWithin(s, now, 91)[0], m.SignedWithin(out(400*day), now, float64(d-2))[0]; math.Abs(got-by) > 1e-9 {
			t.Errorf("expires in %d days: %v signed within a quarter, %v within those days", d-2, got, by)
		}
		f := m.Forecast(slices.Values([]OpenDeal{{s, 1000}}), now)
		if last := f.Weeks[len(f.Weeks)-1].Mean; d == 2 && last != 0 || math.Abs(f.Weeks[0].Mean-last) > 1e-6 && d <= 5 {
			t.Errorf("expires in %d days: the forecast goes on to %v", d-2, last)
		}
	}
	// Their silence costs more as the end comes near.
	later, soon := out(400*day).Stand(day0.Add(6*day), m, 1000, 1), out(8*day).Stand(day0.Add(6*day), m, 1000, 1)
	if later.Action != Nudge || soon.Action != Nudge || soon.Waiting.Value/soon.Won <= later.Waiting.Value/later.Won {
		t.Errorf("a day of silence takes %v of what is left two days before the end, %v without an end", soon.Waiting.Value/soon.Won, later.Waiting.Value/later.Won)
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
