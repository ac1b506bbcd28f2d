package dottedline

import (
	"math"
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
	return m.calendar().SignedBy(k, max(0, inDays(now.Sub(since))), days)
}

// Forecast adds up the open deals week by week.
func (m *Model) Forecast(deals []OpenDeal, now time.Time) Forecast {
	f := Forecast{Made: now}
	weeks := make([]float64, forecastWeeks)
	for i := range weeks {
		weeks[i] = float64(7 * (i + 1))
	}
	type like struct {
		state survival.State
		age   float64
	}
	known := map[like][]float64{} // deals of one state and age have one chance
	chances := make([][]float64, 0, len(deals))
	values := make([]float64, 0, len(deals))
	for _, d := range deals {
		k, since, ok := d.State.onClock()
		if !ok {
			continue
		}
		l := like{k, roundAge(inDays(now.Sub(since)))}
		if known[l] == nil {
			known[l] = m.calendar().SignedBy(k, l.age, weeks)
		}
		chances, values = append(chances, known[l]), append(values, d.Value)
		f.Value += d.Value
	}
	f.Open = len(values)
	for i := range weeks {
		p := make([]float64, len(values))
		for j := range p {
			p[j] = chances[j][i]
		}
		w := ForecastWeek{Until: now.AddDate(0, 0, 7*(i+1))}
		w.Mean, w.Quantiles = sumOfChances(values, p)
		f.Weeks = append(f.Weeks, w)
	}
	return f
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

// sumOfChances is the distribution of a sum of values each of which comes with
// its own chance, independent of the others: exact but for the width of a bin.
func sumOfChances(values, p []float64) (mean float64, q [19]float64) {
	all := 0.0
	for i, v := range values {
		mean += v * p[i]
		all += v
	}
	if all <= 0 {
		return mean, q
	}
	width := all / bins
	mass := make([]float64, bins+2)
	next := make([]float64, bins+2)
	mass[0] = 1
	top := 0
	for i, v := range values {
		at := v / width
		whole := int(at)
		rest := at - float64(whole)
		clear(next)
		for b := range top + 1 {
			x := mass[b]
			next[b] += x * (1 - p[i])
			next[min(bins+1, b+whole)] += x * p[i] * (1 - rest)
			next[min(bins+1, b+whole+1)] += x * p[i] * rest
		}
		top = min(bins+1, top+whole+1)
		mass, next = next, mass
	}
	sum, b := mass[0], 0
	for i := range q {
		for want := 0.05 * float64(i+1); sum < want && b < bins+1; {
			b++
			sum += mass[b]
		}
		q[i] = min(all, float64(b)*width)
	}
	return mean, q
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
	// Wilson's interval: overlapping weeks make it too narrow, which the page says.
	const z = 1.959964
	total := float64(len(past))
	share := float64(n) / total
	mid := (share + z*z/(2*total)) / (1 + z*z/total)
	half := z / (1 + z*z/total) * math.Sqrt(share*(1-share)/total+z*z/(4*total*total))
	e := survival.Estimate{Value: share, Lo: mid - half, Hi: mid + half}
	if len(past) < 5 {
		e.Warnings = []survival.Warning{survival.TooFew}
	}
	return e
}
