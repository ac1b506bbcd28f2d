package desk

import (
	"context"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// Refresh moves the deals whose standing has changed by the passing of time,
// fits the model anew when a day has passed, and tells when there is more to do.
func (d *Desk) Refresh(ctx context.Context, ws dottedline.WorkspaceID) (next time.Time, err error) {
	defer wrap("refresh ranks", &err)
	fit, err := d.refit(ctx, ws)
	if err != nil {
		return next, err
	}
	stale := func(t *store.Tx) (bool, error) { ids, err := t.Stale(1); return len(ids) > 0, err }
	if err := d.bySteps(ctx, ws, stale, moveStale); err != nil {
		return next, err
	}
	unplaced := func(t *store.Tx) (bool, error) { ds, err := t.Unplaced(1); return len(ds) > 0, err }
	if err := d.bySteps(ctx, ws, unplaced, placeNext); err != nil {
		return next, err
	}
	err = d.db.View(ctx, ws, func(t *store.Tx) error { next, err = t.NextStale(); return err })
	if next.IsZero() || fit.Before(next) {
		next = fit
	}
	return next, err
}

// atOnce is how many deals one transaction moves: whoever presses something
// meanwhile waits for no more.
const atOnce = 50

// bySteps repeats a step, each time in its own transaction, while something is left.
func (d *Desk) bySteps(ctx context.Context, ws dottedline.WorkspaceID, left func(*store.Tx) (bool, error), step func(*store.Tx) error) error {
	for {
		var more bool
		if err := d.db.View(ctx, ws, func(t *store.Tx) (err error) { more, err = left(t); return err }); err != nil || !more {
			return err
		}
		began := time.Now()
		if err := d.db.Write(ctx, ws, step); err != nil {
			return err
		}
		if err := d.giveWay(ctx, time.Since(began)); err != nil {
			return err
		}
	}
}

// moveStale derives the next deals anew whose standing has changed by itself.
func moveStale(t *store.Tx) error {
	_, s, err := t.ThisWorkspace()
	if err != nil {
		return err
	}
	ids, err := t.Stale(atOnce)
	for _, id := range ids {
		if err := nextBrief(t, id); err != nil { // a meeting that has begun makes way for the next
			return err
		}
		if err := refold(t, s, id); err != nil {
			return err
		}
	}
	return err
}

// placeNext places the next deals by the model in use. What they are does not
// depend on it, so they are not derived anew.
func placeNext(t *store.Tx) error {
	_, s, err := t.ThisWorkspace()
	if err != nil {
		return err
	}
	m, err := t.Model()
	if err != nil {
		return err
	}
	ds, err := t.Unplaced(atOnce)
	if err != nil {
		return err
	}
	for _, x := range ds {
		if err := t.Place(x.ID, x.Stand(t.Now, m, s.Unvalued, s.Rate(x.Value.Currency))); err != nil {
			return err
		}
	}
	if len(ds) == atOnce {
		return t.PlacedTo(ds[len(ds)-1].ID)
	}
	t.Changed()
	return t.PlacedTo(0)
}
