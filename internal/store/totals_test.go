package store_test

import (
	"math"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

// TestTotals: the sums over cells are the sums over deals, at any later time.
func TestTotals(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ws := workspace(t, db)
		var sts []dottedline.Standing
		if err := db.Write(ctx, ws, func(tx *store.Tx) error {
			for i := range 60 {
				st := dottedline.Standing{Cell: dottedline.Cell(i % 4 * 9), Minutes: float64(5 + i)}
				if st.Cell != dottedline.Hidden {
					st.Decay = st.Cell.Rate()
					// worth 1 to 60 a day and minute now
					st.Key = math.Log(float64(i+1)) - dottedline.Standing{Decay: st.Decay}.PerMinute(tx.Now)
				}
				d := dottedline.Deal{ID: store.NewID[dottedline.Deal](tx)}
				if i%5 == 0 {
					d.Steps.Ended = tx.Now
				}
				if err := tx.PutDeal(d, st, nil); err != nil {
					return err
				}
				sts = append(sts, st)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := db.View(ctx, ws, func(tx *store.Tx) error {
			x, err := tx.Totals()
			if err != nil {
				return err
			}
			if x.Waiting != 45 || x.Open != 48 || x.Mails != 0 {
				t.Errorf("%d wait, %d open, %d mails; want 45, 48, 0", x.Waiting, x.Open, x.Mails)
			}
			for _, later := range []time.Duration{0, time.Hour, 240 * time.Hour} {
				var want dottedline.MoneyPerDay
				for _, st := range sts {
					want += st.Cost(tx.Now.Add(later))
				}
				if got := x.Cost(tx.Now.Add(later)); math.Abs(float64(got/want)-1) > 1e-9 {
					t.Errorf("after %v the cost is %v, want %v", later, got, want)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}
