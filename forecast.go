package dottedline

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"time"

	"dottedline/survival"
)

// forecastWeeks is how far a forecast looks: a quarter.
const forecastWeeks = 13

// Forecast is the value that the deals open at Made will have signed by the end
// of each week, in major units of the workspace's money. Deals that come later
// are not in it, nor is what is not known of the hazards.
type Forecast struct {
	Made  time.Time      `json:"made"`
	Open  int            `json:"open"`
	Value float64        `json:"value"` // of all open deals
	Weeks []ForecastWeek `json:"weeks"`
}

// ForecastWeek is what is signed until then: the mean, and the quantiles at 5 %,
// 10 %, … 95 %.
type ForecastWeek struct {
	Until     time.Time   `json:"until"`
	Mean      float64     `json:"mean"`
	Quantiles [19]float64 `json:"q"`
}

// Quantile is the value below which the share q of what may come lies; q is a
// multiple of 0.05 from 0.05 to 0.95.
func (w ForecastWeek) Quantile(q float64) float64 { return w.Quantiles[int(math.Round(q*20))-1] }

// OpenDeal is a deal that is forecast: its state and its value in major units.
type OpenDeal struct {
	State State
	Value float64
}

// calendar is P(signed) by every day of a forecast, solved once for a model.
func (m *Model) calendar() *survival.Calendar {
	m.onceCalendar.Do(func() { m.cal = m.outlook.Calendar(7 * forecastWeeks) })
	return m.cal
}

// SignedWithin is P(signed within each of some numbers of days, at most a
// quarter), given the deal at now; nil after its end.
func (m *Model) SignedWithin(s State, now time.Time, days ...float64) []float64 {
	k, since, ok := s.onClock()
	if !ok {
		return nil
	}
	if left, known := s.left(now); known {
		days = slices.Clone(days)
		for i := range days {
			days[i] = min(days[i], left)
		}
	}
	return m.calendar().SignedBy(k, max(0, inDays(now.Sub(since))), days)
}

// Forecast adds up the open deals week by week. What is not known of the hazards
// is one draw for all deals, five levels of it weighed as a normal distribution:
// where the model is wrong, it is wrong about all of them in the same direction.
func (m *Model) Forecast(deals iter.Seq[OpenDeal], now time.Time) Forecast {
	f := Forecast{Made: now}
	var hs []hope
	type like struct {
		state survival.State
		age   float64
		left  float64
	}
	known := map[like]*chances{} // deals of one state, age and expiry have one chance
	for d := range deals {
		k, since, ok := d.State.onClock()
		if !ok {
			continue
		}
		l := like{k, roundAge(inDays(now.Sub(since))), math.Inf(1)}
		if left, known := d.State.left(now); known {
			l.left = roundAge(left)
		}
		c, ok := known[l]
		if !ok {
			c = m.chances(l.state, l.age, l.left)
			known[l] = c
		}
		hs = append(hs, hope{d.Value, c})
		f.Value += d.Value
	}
	f.Open = len(hs)
	slices.SortFunc(hs, func(a, b hope) int { return cmp.Compare(b.value, a.value) })
	for i := range forecastWeeks {
		w := ForecastWeek{Until: now.AddDate(0, 0, 7*(i+1))}
		w.Mean, w.Quantiles = mixed(hs, i, f.Value)
		f.Weeks = append(f.Weeks, w)
	}
	return f
}

// chances are P(signed by the end of each week), on each level of what is not
// known of the hazards.
type chances [len(levels)][forecastWeeks]float64

// hope is the value of a deal with its chances, which it shares with its like.
type hope struct {
	value float64
	by    *chances
}

// levels are the points and weights of a normal distribution in five (Gauss and
// Hermite): exact for polynomials up to the ninth degree.
var levels = [5]struct{ z, weight float64 }{
	{-2.8569700138728, 0.0112574113277}, {-1.3556261799742, 0.2220759220056}, {0, 0.5333333333333},
	{1.3556261799742, 0.2220759220056}, {2.8569700138728, 0.0112574113277},
}

func (m *Model) chances(k survival.State, age, left float64) *chances {
	c := &chances{}
	days := make([]float64, forecastWeeks)
	for i := range days {
		days[i] = min(left, float64(7*(i+1)))
	}
	e := m.outlook.Signed(k, age)
	logit := func(p float64) float64 { return math.Log(p / (1 - p)) }
	spread := 0.0
	if e.Lo > 0 && e.Hi < 1 {
		spread = (logit(e.Hi) - logit(e.Lo)) / (2 * 1.959964)
	}
	for i, p := range m.calendar().SignedBy(k, age, days) {
		for j, l := range levels {
			if c[j][i] = p; p > 0 && p < 1 {
				c[j][i] = 1 / (1 + math.Exp(-logit(p)-l.z*spread))
			}
		}
	}
	return c
}

// roundAge keeps the number of ages small: quarters of a day, then days.
func roundAge(days float64) float64 {
	if days < 14 {
		return math.Max(0, math.Round(4*days)/4)
	}
	return math.Round(days)
}

// bins of the distribution of a sum, from nothing to all.
const bins = 1000

// oneByOne is how many deals, the largest, are added one by one; the sum of all
// others is taken as normal, which it is as near as can be seen: each of them is
// less than a two thousandth of the whole.
const oneByOne = 2000

// mixed is the mean and the quantiles of what is signed by the end of a week.
// The deals fall by value.
func mixed(hs []hope, week int, all float64) (mean float64, q [19]float64) {
	if all <= 0 {
		return 0, q
	}
	mass := make([]float64, bins+2)
	for j, l := range levels {
		m, sum := sumOf(hs, week, j, all)
		mean += l.weight * m
		for b, p := range sum {
			mass[b] += l.weight * p
		}
	}
	sum, b := mass[0], 0
	for i := range q {
		for want := 0.05 * float64(i+1); sum < want && b < bins+1; {
			b++
			sum += mass[b]
		}
		q[i] = min(all, float64(b)*all/bins)
	}
	return mean, q
}

// sumOf is the distribution of a sum of values, each of which comes with its own
// chance and independent of the others on one level: a Poisson-binomial
// compounded with the values, exact but for the width of a bin.
func sumOf(hs []hope, week, level int, all float64) (mean float64, mass []float64) {
	width := all / bins
	mass, next := make([]float64, bins+2), make([]float64, bins+2)
	mass[0] = 1
	top := 0
	var restMean, restVar float64
	for i, c := range hs {
		p := c.by[level][week]
		mean += c.value * p
		if i >= oneByOne {
			restMean += c.value * p
			restVar += c.value * c.value * p * (1 - p)
			continue
		}
		at := c.value / width
		whole := int(at)
		rest := at - float64(whole)
		clear(next[:min(bins+2, top+whole+2)])
		for b := range top + 1 {
			x := mass[b]
			next[b] += x * (1 - p)
			next[min(bins+1, b+whole)] += x * p * (1 - rest)
			next[min(bins+1, b+whole+1)] += x * p * rest
		}
		top = min(bins+1, top+whole+1)
		mass, next = next, mass
	}
	if restMean > 0 {
		mass = spreadBy(mass, restMean/width, math.Sqrt(restVar)/width)
	}
	return mean, mass
}

// spreadBy adds a normal variable, in bins.
func spreadBy(mass []float64, mean, sd float64) []float64 {
	out := make([]float64, len(mass))
	below := func(x float64) float64 { return math.Erfc(-(x-mean)/(max(sd, 1e-9)*math.Sqrt2)) / 2 }
	from, to := max(0, int(mean-6*sd)-1), int(mean+6*sd)+2
	for k := from; k <= to; k++ {
		p := below(float64(k)+0.5) - below(float64(k)-0.5)
		if k == from {
			p = below(float64(k) + 0.5)
		}
		for b, x := range mass {
			out[min(len(out)-1, b+k)] += x * p
		}
	}
	return out
}

// Came is a past forecast of so many weeks beside what came of it.
type Came struct {
	Made   time.Time
	Week   ForecastWeek
	Signed float64
}

// Below is the share of past forecasts in which no more came than the quantile
// q said: q itself when the forecasts are calibrated.
func Below(past []Came, q float64) survival.Estimate {
	n := 0
	for _, c := range past {
		if c.Signed <= c.Week.Quantile(q) {
			n++
		}
	}
	return ShareOf(n, len(past)) // overlapping weeks make it too narrow, which the page says
}
