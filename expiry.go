package dottedline

import (
	"math"
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
// signed from the state to, only what comes in time counts. It goes as far as the
// piece that holds now, and the start of the next.
func (m *Model) expiring(ws []survival.Wait, to survival.State, s State, since, now time.Time) []survival.Wait {
	days, known := s.left(since)
	if !known || len(ws) == 0 {
		return ws
	}
	share := func(age float64) float64 { return max(m.calendar().Share(to, days-age), 1e-9) }
	const shortest = 0.125 // days before the end from which on it goes on as before
	age := inDays(now.Sub(since))
	out := make([]survival.Wait, 0, len(ws)+len(beforeExpiry))
	w, b := 0, 0
	for b < len(beforeExpiry) && days-beforeExpiry[b] <= 0 {
		b++
	}
	from, left := 0.0, share(0)
	for first := left; ; {
		next := math.Inf(1)
		if w+1 < len(ws) {
			next = ws[w+1].From
		}
		if b < len(beforeExpiry) {
			next = min(next, days-beforeExpiry[b])
		}
		x := ws[w]
		x.From = from
		if until := min(next, days-shortest); until > from {
			then := share(until)
			more := math.Log(left/then) / (until - from)
			x.Rate, x.Lo, x.Hi, left = x.Rate+more, x.Lo+more, x.Hi+more, then
		} else if i := len(out); i > 0 {
			x.Rate, x.Lo, x.Hi = out[i-1].Rate, out[i-1].Lo, out[i-1].Hi
		}
		if len(out) == 0 {
			x.P *= first
		}
		out = append(out, x)
		if from > age || math.IsInf(next, 1) {
			return falling(out)
		}
		from = next
		for w+1 < len(ws) && ws[w+1].From <= from {
			w++
		}
		for b < len(beforeExpiry) && days-beforeExpiry[b] <= from {
			b++
		}
	}
}
