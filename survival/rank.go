package survival

import (
	"container/heap"
	"math"
)

// Rates of decay are kept on a ladder of rungs a quarter apart, from 0.0001 to
// 10 a day, so that any number of deals falls into few cells of the ranking.
// A snapped rate is at most 12 % off, far within what is known of it.
const (
	lowestRate = 1e-4
	rungRatio  = 1.25
	topRung    = 53
)

// rung returns the cell of a rate: 0 for none.
func rung(rate float64) int {
	if !(rate >= lowestRate) {
		return 0
	}
	return min(topRung, 1+int(math.Round(math.Log(rate/lowestRate)/logRatio)))
}

// CellRate returns the rate of decay per day that all deals in a cell of the
// ranking share; cell 0 decays not at all.
func CellRate(cell int) float64 { return rungs[max(cell, 0)] }

// rungs are the rates of all cells.
var rungs = func() (r [Cells]float64) {
	for c := 1; c < Cells; c++ {
		r[c] = lowestRate * math.Pow(rungRatio, float64(c-1))
	}
	return r
}()

var logRatio = math.Log(rungRatio)

// OnLadder returns the rate of the cell that a rate of decay falls into.
func OnLadder(rate float64) float64 { return CellRate(rung(rate)) }

// Cells is the number of cells that a ranking has, from 0.
const Cells = topRung + 1

// Place is where a deal stands in the ranking. Inside a cell every cost falls
// at the cell's rate λ, ln cost(t) = Key - λ·t, so the order of Keys is the
// order of costs at any time t, until NextAt (+Inf: until something happens).
// Times are days since any one origin.
type Place struct {
	Cell   int
	Key    float64
	NextAt float64
}

// PlaceOf ranks a deal whose ball came to us at touched by its cost of waiting
// per minute of work (the c-mu rule). It holds from now until NextAt. A deal
// that costs nothing has the Key -Inf.
func PlaceOf(w []Wait, value, minutes, touched, now float64) Place {
	g := waitCell(w, now-touched)
	x := w[g]
	p := Place{Cell: rung(x.Rate), Key: math.Inf(-1), NextAt: math.Inf(1)}
	if x.Rate > 0 && value > 0 {
		p.Key = math.Log(value*x.P*x.Rate/minutes) + x.Rate*(touched+x.From)
	}
	if g+1 < len(w) {
		p.NextAt = touched + w[g+1].From
	}
	return p
}

// Cost returns the money per day and minute of work that the deal at p costs at
// time t, which must be before NextAt.
func (p Place) Cost(t float64) float64 { return math.Exp(p.logCost(t)) }

func (p Place) logCost(t float64) float64 { return p.Key - CellRate(p.Cell)*t }

// Ranked is something with its place.
type Ranked[T any] struct {
	Place
	Item T
}

// Top returns the n dearest at time t, dearest first, from the best of every
// cell: each list holds one cell, largest Key first, and is as long as n or
// complete. It reads about n + the number of cells entries.
func Top[T any](cells [][]Ranked[T], n int, t float64) []Ranked[T] {
	h := &heads[T]{t: t}
	for _, c := range cells {
		if len(c) > 0 {
			h.lists = append(h.lists, c)
		}
	}
	heap.Init(h)
	var out []Ranked[T]
	for len(out) < n && len(h.lists) > 0 {
		out = append(out, h.lists[0][0])
		if h.lists[0] = h.lists[0][1:]; len(h.lists[0]) == 0 {
			heap.Pop(h)
		} else {
			heap.Fix(h, 0)
		}
	}
	return out
}

// heads is a heap of lists by the cost of their first.
type heads[T any] struct {
	t     float64
	lists [][]Ranked[T]
}

func (h *heads[T]) Len() int { return len(h.lists) }
func (h *heads[T]) Less(i, j int) bool {
	return h.lists[i][0].logCost(h.t) > h.lists[j][0].logCost(h.t)
}
func (h *heads[T]) Swap(i, j int) { h.lists[i], h.lists[j] = h.lists[j], h.lists[i] }
func (h *heads[T]) Push(x any)    { h.lists = append(h.lists, x.([]Ranked[T])) }
func (h *heads[T]) Pop() any {
	last := h.lists[len(h.lists)-1]
	h.lists = h.lists[:len(h.lists)-1]
	return last
}
