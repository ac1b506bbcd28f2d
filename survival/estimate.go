package survival

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Estimate is a number with the ends of its interval (95 % unless said
// otherwise) and what a reader must know before trusting it.
type Estimate struct {
	Value    float64   `json:"value"`
	Lo       float64   `json:"lo"`
	Hi       float64   `json:"hi"`
	Warnings []Warning `json:"warnings,omitempty"`
}

// Warning is a short sentence that travels with an estimate to the page.
type Warning string

// The warnings that estimates carry.
const (
	TooFew        Warning = "too few to tell"
	Typical       Warning = "typical, not yet yours"
	BeyondData    Warning = "nothing was observed for that long"
	NotConverged  Warning = "the fit did not settle"
	NotProportion Warning = "the difference changes with time"
	LooksExpiring Warning = "many end on one day: tell the expiry if there is one"
	WholeDays     Warning = "days are whole: each counts from its middle"
)

// fewEvents is the number of events below which an estimate says TooFew: a
// rate of 5 events has a 95 % interval from a third to twice its value.
const fewEvents = 5

// z95 is the 97.5 % quantile of the normal distribution.
var z95 = distuv.UnitNormal.Quantile(0.975)

func warnFew(events float64) []Warning {
	if events < fewEvents {
		return []Warning{TooFew}
	}
	return nil
}

// logit returns the interval of a probability p whose standard error is se,
// made on the logit scale so that it stays within 0 and 1.
func logitInterval(p, se float64) (lo, hi float64) {
	if p <= 0 || p >= 1 || se == 0 {
		return clamp01(p), clamp01(p)
	}
	w := z95 * se / (p * (1 - p))
	l := math.Log(p / (1 - p))
	return 1 / (1 + math.Exp(w-l)), 1 / (1 + math.Exp(-w-l))
}

func clamp01(p float64) float64 { return math.Min(1, math.Max(0, p)) }
