package desk

import (
	"context"
	"slices"

	"dottedline"
	"dottedline/internal/store"
)

// DealsQuery says which deals to list.
type DealsQuery struct {
	Words string
	Path  dottedline.Path
	Ball  dottedline.Side
	After dottedline.Listed
	Rows  int // at most; 0 is DealsAtOnce
}

// Narrows says whether some deals are left out by choice.
func (q DealsQuery) Narrows() bool { return q.Words != "" || q.Path != "" || q.Ball != "" }

// How many deals a list begins with, and how many it holds at most.
const (
	DealsAtOnce = 100
	DealsAtMost = 500
)

// DealsPage is a part of the list of deals, and what all open deals come to.
type DealsPage struct {
	Currency  string
	Rows      []Row
	Next      dottedline.Listed // where the list goes on; zero at its end
	Open      int64
	Yes, Ours int64   // of the open ones: past the yes, with the ball on our side
	Worth     float64 // of the open ones, in major units of Currency
}

// DealsPage lists deals, the one touched last first, or those that hold words:
// in their name, their people and companies, and what was written.
func (d *Desk) DealsPage(ctx context.Context, a dottedline.Actor, q DealsQuery) (p DealsPage, err error) {
	n := min(max(q.Rows, DealsAtOnce), DealsAtMost)
	err = d.view(ctx, a, func(t *store.Tx) error {
		w, s, err := t.ThisWorkspace()
		if err != nil {
			return err
		}
		sums, err := d.totals(t)
		if err != nil {
			return err
		}
		p = DealsPage{Currency: w.Currency, Open: sums.Open, Yes: sums.Yes, Ours: sums.Ours}
		for c, minor := range sums.Worth {
			p.Worth += dottedline.Money{Minor: minor, Currency: c}.Major() * s.Rate(c)
		}
		var ds []store.Ranked
		if q.Words != "" {
			ds, err = found(t, q, n+1)
		} else {
			ds, err = t.Deals(store.DealFilter{Path: q.Path, Ball: q.Ball, After: q.After, Limit: n + 1})
		}
		if err != nil {
			return err
		}
		if len(ds) > n {
			ds = ds[:n]
			p.Next = dottedline.Listed{At: ds[n-1].Last, Deal: ds[n-1].ID}
		}
		deals := make([]dottedline.Deal, len(ds))
		for i, x := range ds {
			deals[i] = x.Deal
		}
		p.Rows, err = rowsOf(t, s, deals)
		return err
	})
	return p, err
}

// foundAtMost is how many deals a search finds.
const foundAtMost = 2000

// found are the deals that hold the words, from a place on. They are in the
// order of their match, so the place is looked up by its deal.
func found(t *store.Tx, q DealsQuery, n int) ([]store.Ranked, error) {
	look := n
	if q.After.Deal != 0 || q.Path != "" || q.Ball != "" {
		look = foundAtMost
	}
	ids, err := findDeals(t, q.Words, look)
	if err != nil {
		return nil, err
	}
	ids = ids[slices.Index(ids, q.After.Deal)+1:]
	var out []store.Ranked
	for _, id := range ids {
		x, err := t.Deal(id)
		if err != nil {
			return nil, err
		}
		if (q.Path == "" || x.Path == q.Path) && (q.Ball == "" || x.Ball.Side == q.Ball) {
			if out = append(out, x); len(out) == n {
				break
			}
		}
	}
	return out, nil
}
