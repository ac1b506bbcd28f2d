package store_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

// TestTopIsTheSort: read page by page, at any size of page and while time
// passes, the list is the sort of all deals that wait, ties by age.
func TestTopIsTheSort(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ws := workspace(t, db)
		now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		db.Now = func() time.Time { return now }
		r := rand.New(rand.NewPCG(7, 7))
		var all []store.Ranked
		if err := db.Write(ctx, ws, func(tx *store.Tx) error {
			all = nil
			for i := range 700 {
				st := dottedline.Standing{Cell: dottedline.Cell(r.IntN(25)), Minutes: 4} // the first is hidden
				switch {
				case i%7 == 0: // few cells, so that they have ties and many of the dearest
					st.Cell, st.Key = 40, float64(r.IntN(3))+10
				case i%2 == 0:
					st.Cell = 41
				}
				if st.Key += r.NormFloat64(); i%3 == 0 {
					st.Key = float64(int(st.Key))
				}
				st.Key -= dottedline.Standing{Decay: st.Cell.Rate()}.PerMinute(now)
				d := store.Ranked{Deal: dottedline.Deal{ID: store.NewID[dottedline.Deal](tx)}, Cell: st.Cell, Key: st.Key}
				if err := tx.PutDeal(d.Deal, st, nil); err != nil {
					return err
				}
				if st.Cell != dottedline.Hidden {
					all = append(all, d)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for _, page := range []int{1, 3, 50, 99, 1000} {
			at := now
			slices.SortFunc(all, func(a, b store.Ranked) int {
				return cmp.Or(cmp.Compare(b.Rank(at).Cost, a.Rank(at).Cost), cmp.Compare(a.ID, b.ID))
			})
			want := all
			if page == 1 {
				want = all[:60]
			}
			var after dottedline.Rank
			var got []dottedline.DealID
			for len(got) < len(want) {
				var ds []store.Ranked
				if err := db.View(ctx, ws, func(tx *store.Tx) (err error) {
					ds, err = tx.Top(page, after)
					return err
				}); err != nil {
					t.Fatal(err)
				}
				if len(ds) != min(page, len(all)-len(got)) {
					t.Fatalf("a page of %d holds %d after %d of %d", page, len(ds), len(got), len(all))
				}
				for _, d := range ds {
					got = append(got, d.ID)
				}
				after = ds[len(ds)-1].Rank(at)
				now = now.Add(time.Hour) // the list goes on as it began
			}
			for i, id := range got {
				if id != want[i].ID {
					t.Fatalf("in pages of %d, deal %d is %v, want %v", page, i, id, want[i].ID)
				}
			}
		}
	})
}
