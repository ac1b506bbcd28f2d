package desk

import (
	"context"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// Up to few deals and mails the totals are counted anew after every change.
// Beyond, that would cost more than the page: they are counted beside it, at
// most every totalsFor, and longer when counting takes long.
const (
	fewDeals  = 2000
	fewMails  = 20_000
	totalsFor = 5 * time.Second
	pause     = 20 // times as long as counting took
)

// sums are the totals of a workspace as last counted.
type sums struct {
	store.Totals
	until    time.Time // when they may be counted anew
	counting bool
}

// totals are what the pages say of all deals and mails together.
func (d *Desk) totals(t *store.Tx) (store.Totals, error) {
	ws := t.Workspace()
	d.mu.Lock()
	x, ok := d.sums[ws]
	d.mu.Unlock()
	if ok && t.Now.Before(x.until) && !t.Now.Before(x.At) {
		return x.Totals, nil
	}
	seq, err := t.Seq()
	if err != nil || ok && seq == x.Seq {
		return x.Totals, err
	}
	if ok && many(x.Totals) {
		d.countBeside(ws)
		return x.Totals, nil
	}
	return d.count(t)
}

// Warm counts the totals before anybody asks for them: at a million deals the
// first page after a start would take a second for it.
func (d *Desk) Warm(ctx context.Context, ws dottedline.WorkspaceID) error {
	return d.db.View(ctx, ws, func(t *store.Tx) error { _, err := d.totals(t); return err })
}

func many(x store.Totals) bool { return x.Open > fewDeals || x.Mails > fewMails }

// count counts the totals and keeps them.
func (d *Desk) count(t *store.Tx) (store.Totals, error) {
	began := d.Now()
	x, err := t.Totals()
	if err != nil {
		return x, err
	}
	s := sums{Totals: x}
	if many(x) {
		s.until = x.At.Add(max(totalsFor, pause*d.Now().Sub(began)))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sums[t.Workspace()] = s
	return x, nil
}

// countBeside counts the totals while pages go on with the last ones, and has
// the open pages drawn again when they are there.
func (d *Desk) countBeside(ws dottedline.WorkspaceID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.sums[ws]
	if s.counting {
		return
	}
	s.counting = true
	d.sums[ws] = s
	go func() {
		err := d.db.View(context.Background(), ws, func(t *store.Tx) error { _, err := d.count(t); return err })
		if err != nil {
			d.mu.Lock()
			s.counting, s.until = false, d.Now().Add(totalsFor)
			d.sums[ws] = s
			d.mu.Unlock()
		} else if d.db.Announce != nil {
			d.db.Announce(ws)
		}
	}()
}
