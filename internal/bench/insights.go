package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// insights asks the program for its page of insights, of a workspace with years
// of deals: each was said yes to, most got their agreement, some are open still.
func insights(ctx context.Context, b *bench) error {
	h, err := b.newHouse(ctx, "insights")
	if err != nil {
		return err
	}
	if err := h.history(ctx, b.ended); err != nil {
		return err
	}
	p, stop, err := b.serve(h)
	if err != nil {
		return err
	}
	defer stop()
	a, err := b.ask(ctx, p, h, "/insights")
	if err != nil {
		return err
	}
	b.tab.add(fmt.Sprintf("insights of %d deals (%d times)", b.ended, b.pages), a.String(), a.beside(), "")
	return nil
}

// history makes n deals that began in the last three years.
func (h *house) history(ctx context.Context, n int) error {
	const day = 24 * time.Hour
	r := rand.New(rand.NewPCG(1, 1))
	now := time.Now()
	within := func(d time.Duration) time.Duration { return time.Duration(r.ExpFloat64() * float64(d)) }
	defer func() { h.db.Now = time.Now }()
	for i := range n {
		at := now.Add(-time.Duration(r.Int64N(int64(3 * 365 * day))))
		h.db.Now = func() time.Time { return at }
		id, err := h.desk.NewDeal(ctx, h.me, fmt.Sprintf("Deal %d", i), fmt.Sprintf("p%d@corp%d.example.com", i, i), dottedline.Sale, fmt.Sprint(500+r.IntN(50_000)))
		if err != nil {
			return err
		}
		yes := at.Add(within(9 * day))
		sent := yes.Add(within(2 * day))
		ts := []dottedline.Touch{{At: at, Kind: dottedline.MailTouch, By: dottedline.Them}, {At: at.Add(within(day)), Kind: dottedline.MailTouch, By: dottedline.Us},
			{At: yes, Kind: dottedline.YesTouch, By: dottedline.Them}, {At: sent, Kind: dottedline.SentTouch, By: dottedline.Us, Until: sent.Add(31 * day)}}
		end := dottedline.Touch{At: sent.Add(within(10 * day)), Kind: dottedline.SignedTouch, By: dottedline.Them}
		if sent.Sub(yes).Hours()*r.Float64() > 24 {
			end.Kind = dottedline.QuietTouch
		}
		ts = append(ts, end)
		if err := h.db.Write(ctx, h.me.Workspace, func(t *store.Tx) error {
			for _, x := range ts {
				if x.At.After(now) {
					break
				}
				x.ID, x.Deal = store.NewID[dottedline.Touch](t), id
				if err := t.AddTouch(x); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
		h.db.Now = time.Now
		if err := h.desk.Note(ctx, h.me, id, "Brought in from the books."); err != nil { // derives the deal
			return err
		}
	}
	return nil
}
