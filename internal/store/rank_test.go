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

// TestDealsInPages: the list of deals goes on where it was, with many touched in
// the same moment and some touched while it is read.
func TestDealsInPages(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ws := workspace(t, db)
		at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		const n = 30
		put := func(id dottedline.DealID, last time.Time, path dottedline.Path) {
			t.Helper()
			if err := db.Write(ctx, ws, func(tx *store.Tx) error {
				return tx.PutDeal(dottedline.Deal{ID: id, State: dottedline.State{Last: last, Path: path}}, dottedline.Standing{}, nil)
			}); err != nil {
				t.Fatal(err)
			}
		}
		for i := range n {
			put(dottedline.DealID(i+1), at.Add(time.Duration(i/10)*time.Hour), []dottedline.Path{dottedline.Talking, dottedline.Yes}[i%2])
		}
		var got []dottedline.DealID
		f := store.DealFilter{Path: dottedline.Yes, Limit: 4}
		for {
			var ds []store.Ranked
			if err := db.View(ctx, ws, func(tx *store.Tx) (err error) { ds, err = tx.Deals(f); return err }); err != nil {
				t.Fatal(err)
			}
			for _, d := range ds {
				got = append(got, d.ID)
			}
			if len(ds) < f.Limit {
				break
			}
			f.After = dottedline.Listed{At: ds[3].Last, Deal: ds[3].ID}
			put(got[0], at.Add(100*time.Hour), dottedline.Yes)
		}
		var want []dottedline.DealID
		for i := n; i > 0; i -= 2 {
			want = append(want, dottedline.DealID(i))
		}
		if !slices.Equal(got, want) {
			t.Errorf("the pages hold %v, want %v", got, want)
		}
	})
}
