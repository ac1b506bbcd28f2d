package dottedline

import (
	"math"
	"slices"
	"time"

	"dottedline/survival"
)

// left is how many days the agreement that is out can still be signed; known is
// false where none is out or its end is not known.
func (s State) left(now time.Time) (days float64, known bool) {
	if s.Path != Yes || s.Steps.Sent.IsZero() || s.Expires.IsZero() {
		return 0, false
	}
	return max(0, inDays(s.Expires.Sub(now))), true
}

// inTime keeps of P(signed) what comes within the days that are left. Its
// interval moves with it on the logit scale.
func (m *Model) inTime(e survival.Estimate, k survival.State, age, left float64) survival.Estimate {
	if left >= 7*forecastWeeks {
		return e
	}
	p := min(e.Value, m.calendar().Signed(k, age, left))
	logit := func(x float64) float64 { return math.Log(x / (1 - x)) }
	if p <= 0 || e.Value >= 1 {
		return survival.Estimate{Value: p, Lo: p, Hi: p, Warnings: e.Warnings}
	}
	by := logit(p) - logit(e.Value)
	back := func(x float64) float64 {
		if x <= 0 || x >= 1 {
			return x
		}
		return 1 / (1 + math.Exp(-logit(x)-by))
	}
	return survival.Estimate{Value: p, Lo: back(e.Lo), Hi: back(e.Hi), Warnings: e.Warnings}
}

// beforeExpiry are the days before an expiry between which the fall of P(signed)
// is taken as one rate.
var beforeExpiry = []float64{56, 28, 14, 7, 5, 3, 2, 1, 0.5, 0.25}

// expiring adds to a fall of P(signed) what the known expiry takes: of what is
// signed from the state to, only what comes in time counts.
func (m *Model) expiring(ws []survival.Wait, to survival.State, s State, since time.Time) []survival.Wait {
	days, known := s.left(since)
	if !known || len(ws) == 0 {
		return ws
	}
	share := func(age float64) float64 { return max(m.calendar().Share(to, days-age), 1e-9) }
	var edges []float64
	for _, w := range ws {
		edges = append(edges, w.From)
	}
	for _, d := range beforeExpiry {
		if days-d > 0 {
			edges = append(edges, days-d)
		}
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	out := make([]survival.Wait, 0, len(edges))
	g := 0
	for i, from := range edges {
		for g+1 < len(ws) && ws[g+1].From <= from {
			g++
		}
		w := ws[g]
		w.From = from
		until := days // of the last piece: it goes on as it ends
		if i+1 < len(edges) {
			until = edges[i+1]
		}
		if until = min(until, days-beforeExpiry[len(beforeExpiry)-1]/2); until > from {
			more := math.Log(share(from)/share(until)) / (until - from)
			w.Rate, w.Lo, w.Hi = w.Rate+more, w.Lo+more, w.Hi+more
		} else if i > 0 {
			w.Rate, w.Lo, w.Hi = out[i-1].Rate, out[i-1].Lo, out[i-1].Hi
		}
		out = append(out, w)
	}
	out[0].P *= share(0)
	return falling(out)
}
