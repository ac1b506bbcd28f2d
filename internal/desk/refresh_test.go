package desk_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

// TestFitPlacesAll: a fit that has learned something moves every deal of Now to
// where the new model has it, and one that has not moves none.
func TestFitPlacesAll(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.refresh()
		var ids []dottedline.DealID
		for i := range 120 { // more than are moved at once
			id, err := h.NewDeal(ctx, h.me, "Northwind", fmt.Sprintf("p%d@northwind.example.org", i), dottedline.Sale, "1,000")
			must(t, err)
			ids = append(ids, id)
		}
		before := h.ranks(db, ids)
		must(t, db.Write(ctx, h.me.Workspace, func(tx *store.Tx) error { return tx.AddEffort(dottedline.Write, 40*time.Minute) }))
		h.now = h.now.Add(25 * time.Hour)
		h.refresh()
		_, m := h.learned(db)
		after := h.ranks(db, ids)
		for i, x := range after {
			if x.Minutes == before[i].Minutes {
				t.Fatalf("deal %d is where it was", i)
			}
			if want := x.Stand(h.now, m, 1000, 1); x.Cell != want.Cell || x.Key != want.Key || x.Minutes != want.Minutes || !x.Next.Equal(want.Next) {
				t.Fatalf("deal %d stands in cell %d at %v, %v minutes, until %v; the model has %+v", i, x.Cell, x.Key, x.Minutes, x.Next, want)
			}
		}
		must(t, db.View(ctx, h.me.Workspace, func(tx *store.Tx) error {
			ds, err := tx.Unplaced(1)
			if len(ds) > 0 {
				t.Error("deals wait to be placed")
			}
			return err
		}))
		h.check()
	})
}

func (h *house) ranks(db *store.DB, ids []dottedline.DealID) (out []store.Ranked) {
	h.t.Helper()
	must(h.t, db.View(ctx, h.me.Workspace, func(tx *store.Tx) error {
		out = nil
		for _, id := range ids {
			x, err := tx.Deal(id)
			if err != nil {
				return err
			}
			out = append(out, x)
		}
		return nil
	}))
	return out
}

// TestForecastOfAllDeals: a forecast reads all open deals, a few at a time, and
// comes to its end while pages are read without a pause.
func TestForecastOfAllDeals(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		const many = 1201 // three readings
		must(t, db.Write(ctx, h.me.Workspace, func(tx *store.Tx) error {
			for range many {
				id := store.NewID[dottedline.Deal](tx)
				x := dottedline.Touch{ID: store.NewID[dottedline.Touch](tx), Deal: id, At: id.Time(), Kind: dottedline.MailTouch, By: dottedline.Them}
				s, rs := dottedline.Fold([]dottedline.Touch{x})
				if err := errors.Join(tx.AddTouch(x), tx.PutStays(id, dottedline.Stays([]dottedline.Touch{x}, id.Time(), tx.Now)),
					tx.PutDeal(dottedline.Deal{ID: id, State: s}, dottedline.Standing{}, rs)); err != nil {
					return err
				}
			}
			return nil
		}))
		done, reading := make(chan struct{}), make(chan error, 1)
		go func() {
			for {
				if _, err := h.NowPage(ctx, h.me, desk.NowQuery{}); err != nil {
					reading <- err
					return
				}
				select {
				case <-done:
					reading <- nil
					return
				default:
				}
			}
		}()
		_, err := h.KeepForecast(ctx, h.me.Workspace)
		close(done)
		must(t, <-reading)
		must(t, err)
		in, err := h.Insights(ctx, h.me)
		must(t, err)
		if in.Forecast == nil || in.Forecast.Open != many {
			t.Errorf("the forecast is %+v, want one of %d deals", in.Forecast, many)
		}
	})
}
