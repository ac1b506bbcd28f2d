package dottedline

import (
	"math"
	"time"

	"dottedline/survival"
)

// MonthlyVelocity is the sales velocity at the end of a month, or today, and its
// four factors: open deals x mean value x win rate / cycle time.
type MonthlyVelocity struct {
	At     time.Time
	Open   int
	Value  float64           // mean of the open deals, as they are worth today
	Wins   survival.Estimate // share signed of those that ended in the ninety days before
	Cycle  survival.Estimate // mean days from the first touch to the signature, of those signed in them
	PerDay survival.Estimate // money per day; its interval is that of wins and cycle
	Ended  int               // on how many the win rate rests
	Signed int               // on how many the cycle rests
}

// Few says that too few deals ended to tell the velocity.
func (v MonthlyVelocity) Few() bool { return v.Ended < fewToTell || v.Signed == 0 }

// velocityDays is how far back win rate and cycle time look.
const velocityDays = 90

// Velocity gives the velocity of the last months, the running one as of now.
func Velocity(fs []DealFacts, now time.Time, months int, zone *time.Location) []MonthlyVelocity {
	y, m, _ := now.In(zone).Date()
	out := make([]MonthlyVelocity, 0, months)
	for i := months - 1; i >= 0; i-- {
		end := time.Date(y, m-time.Month(i)+1, 1, 0, 0, 0, 0, zone)
		if i == 0 {
			end = now
		}
		out = append(out, velocityAt(fs, end))
	}
	return out
}

func velocityAt(fs []DealFacts, at time.Time) MonthlyVelocity {
	v := MonthlyVelocity{At: at}
	since := at.AddDate(0, 0, -velocityDays)
	sum := 0.0
	var cycles []float64
	for _, f := range fs {
		ended := f.Path.Ended() && !f.Ended.After(at)
		switch {
		case f.Made.After(at):
		case !ended:
			v.Open++
			sum += f.Value
		case f.Ended.After(since):
			v.Ended++
			if f.Path == Signed {
				v.Signed++
				cycles = append(cycles, max(inDays(f.Ended.Sub(f.began())), 1./24))
			}
		}
	}
	if v.Open > 0 {
		v.Value = sum / float64(v.Open)
	}
	v.Wins, v.Cycle = ShareOf(v.Signed, v.Ended), meanOf(cycles)
	if v.Few() {
		v.PerDay = survival.Estimate{Warnings: []survival.Warning{survival.TooFew}}
		return v
	}
	x := sum * v.Wins.Value / v.Cycle.Value
	// The two factors are independent of each other: their spreads add up as squares.
	up := math.Hypot(math.Log(v.Wins.Hi/v.Wins.Value), math.Log(v.Cycle.Value/max(v.Cycle.Lo, v.Cycle.Value/100)))
	down := math.Hypot(math.Log(v.Wins.Value/v.Wins.Lo), math.Log(min(v.Cycle.Hi, v.Cycle.Value*100)/v.Cycle.Value))
	v.PerDay = survival.Estimate{Value: x, Lo: x * math.Exp(-down), Hi: x * math.Exp(up)}
	return v
}

// ValuedStay is a stay of a deal's clock with the deal's value. It goes on after
// To where the deal is still in it.
type ValuedStay struct {
	Stay
	Value  float64
	GoesOn bool
}

// MomentumAt is the momentum of the workspace at each of some moments: the sum
// of value x hazard of signing over the deals that were open, by the hazards as
// they are known today.
func (m *Model) MomentumAt(xs []ValuedStay, at []time.Time) []float64 {
	out := make([]float64, len(at))
	for _, x := range xs {
		from, to := x.Start.Add(x.From), x.Start.Add(x.To)
		for i, t := range at {
			if !t.Before(from) && (t.Before(to) || x.GoesOn) {
				out[i] += x.Value * m.outlook.HazardOf(x.State, inDays(t.Sub(x.Start)), survival.Signing)
			}
		}
	}
	return out
}
