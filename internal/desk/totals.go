package desk

import (
	"time"

	"dottedline/internal/store"
)

// Up to fewDeals the totals are counted anew after every change; beyond, that
// would cost more than the page, and they may be up to totalsFor old.
const (
	fewDeals  = 2000
	totalsFor = 5 * time.Second
)

// totals are what the pages say of all deals and mails together.
func (d *Desk) totals(t *store.Tx) (store.Totals, error) {
	d.mu.Lock()
	x, ok := d.sums[t.Workspace()]
	d.mu.Unlock()
	if ok && x.Open > fewDeals && t.Now.Sub(x.At).Abs() < totalsFor {
		return x, nil
	}
	seq, err := t.Seq()
	if err != nil || ok && seq == x.Seq {
		return x, err
	}
	if x, err = t.Totals(); err == nil {
		d.mu.Lock()
		d.sums[t.Workspace()] = x
		d.mu.Unlock()
	}
	return x, err
}
