package survival

import "math"

// Effort learns how many minutes one kind of action takes a seller, from the
// times between opening it and sending. Prior minutes count like Worth actions.
type Effort struct {
	Prior, Worth float64
	actions      int64
	ms, squares  int64 // of milliseconds, and of whole seconds squared
}

// longest caps an action, in minutes: beyond it the page was merely left open.
const longestAction = 60

// Add counts one action that took that many minutes.
func (e *Effort) Add(minutes float64) {
	minutes = math.Min(math.Max(0, minutes), longestAction)
	e.actions++
	e.ms += int64(math.Round(minutes * 60_000))
	s := int64(math.Round(minutes * 60))
	e.squares += s * s
}

// Minutes returns the expected minutes, never below a tenth, with a 95 %
// interval for the mean.
func (e *Effort) Minutes() Estimate {
	n := e.Worth + float64(e.actions)
	mean := (e.Worth*e.Prior + float64(e.ms)/60_000) / n
	// The prior's spread is its own size: times of work are skewed like that.
	square := (e.Worth*2*e.Prior*e.Prior + float64(e.squares)/3600) / n
	w := z95 * math.Sqrt(math.Max(0, square-mean*mean)/n)
	out := Estimate{Value: math.Max(0.1, mean), Lo: math.Max(0.1, mean-w), Hi: math.Max(0.1, mean+w)}
	switch {
	case e.actions == 0:
		out.Warnings = []Warning{Typical}
	case e.actions < fewEvents:
		out.Warnings = []Warning{TooFew}
	}
	return out
}

// Load sets what was added so far: the number of actions, their milliseconds,
// and the sum of the squares of their whole seconds. Sums is its inverse.
func (e *Effort) Load(actions, ms, squares int64) {
	e.actions, e.ms, e.squares = actions, ms, squares
}

// Sums returns what was added so far, as Load takes it.
func (e *Effort) Sums() (actions, ms, squares int64) { return e.actions, e.ms, e.squares }
