package desk

import (
	"context"
	"reflect"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// fitEvery is how often the model follows what was learned. A fit moves every
// key of Now a little, so it is not done at each touch; what is counted is.
const fitEvery = 24 * time.Hour

// refit puts what was learned into use when the last fit is a day old, and tells
// when the next one is due.
func (d *Desk) refit(ctx context.Context, ws dottedline.WorkspaceID) (next time.Time, err error) {
	due := func(t *store.Tx) (bool, error) {
		at, err := t.Fitted()
		next = at.Add(fitEvery)
		return at.IsZero() || !t.Now.Before(next), err
	}
	var now bool
	if err = d.db.View(ctx, ws, func(t *store.Tx) error {
		now, err = due(t)
		return err
	}); err != nil || !now {
		return next, err
	}
	err = d.db.Write(ctx, ws, func(t *store.Tx) error {
		now, err := due(t)
		if err != nil || !now {
			return err
		}
		next = t.Now.Add(fitEvery)
		l, err := t.Learned()
		if err != nil {
			return err
		}
		m, err := t.Model()
		if err != nil {
			return err
		}
		return t.PutModel(l, !reflect.DeepEqual(l, m.Learned()))
	})
	return next, err
}

// Backtest replays all deals and says how well the model would have told who
// signs.
func (d *Desk) Backtest(ctx context.Context, a dottedline.Actor) (b dottedline.Backtest, err error) {
	defer wrap("backtest", &err)
	var hs []dottedline.History
	var now time.Time
	if err = d.view(ctx, a, func(t *store.Tx) error {
		now = t.Now
		ids, err := t.AllDeals()
		if err != nil {
			return err
		}
		for _, id := range ids {
			ts, err := t.Touches(id)
			if err != nil {
				return err
			}
			hs = append(hs, dottedline.History{Made: id.Time(), Touches: ts})
		}
		return nil
	}); err != nil {
		return b, err
	}
	return dottedline.RunBacktest(hs, now)
}
