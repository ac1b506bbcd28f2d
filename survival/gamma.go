package survival

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Gamma is what is believed of a hazard, per day: Shape is how many events the
// belief is worth, Rate in how many days they would have been seen. Shape/Rate
// is the mean. It is the conjugate prior of events counted over time watched.
type Gamma struct {
	Shape float64 `json:"shape"`
	Rate  float64 `json:"rate"`
}

// Seen returns the belief after events were seen in that many days.
func (g Gamma) Seen(events, days float64) Gamma { return Gamma{g.Shape + events, g.Rate + days} }

// Mean returns the expected hazard per day.
func (g Gamma) Mean() float64 { return g.Shape / g.Rate }

// Hazard returns the mean with its 95 % credible interval.
func (g Gamma) Hazard() Estimate {
	d := distuv.Gamma{Alpha: g.Shape, Beta: g.Rate}
	return Estimate{Value: g.Mean(), Lo: d.Quantile(0.025), Hi: d.Quantile(0.975)}
}

// evidence is the log probability of having seen that many events in that many
// days under the belief g.
func (g Gamma) evidence(events, days float64) float64 {
	a, _ := math.Lgamma(g.Shape)
	b, _ := math.Lgamma(g.Shape + events)
	return g.Shape*math.Log(g.Rate) - a + b - (g.Shape+events)*math.Log(g.Rate+days)
}
