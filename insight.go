package dottedline

import (
	"math"
	"time"

	"dottedline/survival"
)

// DealFacts are what the insights look at in one deal. Times are zero where
// something has not happened.
type DealFacts struct {
	Made       time.Time     // since when it is watched here
	Met        time.Time     // the first thing that both sides knew of
	Yes        time.Time     // when they said yes
	Sent       time.Time     // when the first agreement went out
	Ended      time.Time     // signed, no or gone quiet
	Path       Path          // how it stands
	Value      float64       // in major units of the workspace's money
	FirstReply time.Duration // how long our first answer took; 0 before it
	Asks       int           // made
	Gifts      int           // given
}

// began is the start of a deal's clock as the insights count it.
func (f DealFacts) began() time.Time { return first(f.Met, f.Made) }

// fewToTell is the number of events below which a finding says "too few to tell".
const fewToTell = 5

// ShareOf is the share k of n with Wilson's 95 % interval.
func ShareOf(k, n int) survival.Estimate {
	if n == 0 {
		return survival.Estimate{Hi: 1, Warnings: []survival.Warning{survival.TooFew}}
	}
	const z = 1.959964
	total := float64(n)
	share := float64(k) / total
	mid := (share + z*z/(2*total)) / (1 + z*z/total)
	half := z / (1 + z*z/total) * math.Sqrt(share*(1-share)/total+z*z/(4*total*total))
	e := survival.Estimate{Value: share, Lo: max(0, mid-half), Hi: min(1, mid+half)}
	if n < fewToTell {
		e.Warnings = []survival.Warning{survival.TooFew}
	}
	return e
}

// meanOf is the mean of what was measured with its 95 % interval, by the normal
// approximation and never below zero.
func meanOf(x []float64) survival.Estimate {
	if len(x) == 0 {
		return survival.Estimate{Hi: math.Inf(1), Warnings: []survival.Warning{survival.TooFew}}
	}
	n, mean, squares := float64(len(x)), 0.0, 0.0
	for _, v := range x {
		mean += v / n
	}
	for _, v := range x {
		squares += (v - mean) * (v - mean)
	}
	e := survival.Estimate{Value: mean, Lo: 0, Hi: math.Inf(1)}
	if len(x) > 1 {
		half := 1.959964 * math.Sqrt(squares/(n-1)/n)
		e.Lo, e.Hi = max(0, mean-half), mean+half
	}
	if len(x) < fewToTell {
		e.Warnings = []survival.Warning{survival.TooFew}
	}
	return e
}
