package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

var ctx = context.Background()

func workspace(t *testing.T, db *store.DB) dottedline.WorkspaceID {
	t.Helper()
	ws, err := db.NewWorkspace(ctx, "Harbor & Pine", "EUR")
	if err != nil {
		t.Fatal(err)
	}
	return ws
}

func TestRoundTrips(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ws := workspace(t, db)
		deal := dottedline.Deal{}
		at := time.Date(2026, 3, 1, 9, 30, 0, 123456000, time.UTC)
		touch := dottedline.Touch{At: at, Kind: dottedline.ValueTouch, By: dottedline.Us, Text: "“ж” 値", Amount: dottedline.Money{Minor: 250, Currency: "EUR"}}
		err := db.Write(ctx, ws, func(tx *store.Tx) error {
			deal.ID = store.NewID[dottedline.Deal](tx)
			touch.ID, touch.Deal = store.NewID[dottedline.Touch](tx), deal.ID
			if err := tx.AddTouch(touch); err != nil {
				return err
			}
			if err := tx.AddTouch(touch); err != nil { // again is no second one
				return err
			}
			s, rs := dottedline.Fold([]dottedline.Touch{touch})
			deal.State = s
			return tx.PutDeal(deal, s.Stand(tx.Now, dottedline.Typical(), 1, 1), rs)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.View(ctx, ws, func(tx *store.Tx) error {
			ts, err := tx.Touches(deal.ID)
			if err != nil {
				return err
			}
			if !slices.Equal(ts, []dottedline.Touch{touch}) {
				t.Errorf("touches %+v, want %+v", ts, touch)
			}
			d, err := tx.Deal(deal.ID)
			if d.Deal != deal {
				t.Errorf("deal %+v, want %+v", d.Deal, deal)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestWorkspacesDontMeet(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a, b := workspace(t, db), workspace(t, db)
		err := db.Write(ctx, a, func(tx *store.Tx) error {
			tx.Index(store.FindMail, 7, store.Words("secret plans"))
			return tx.PutOwn(store.Own{Address: "me@example.com"})
		})
		if err != nil {
			t.Fatal(err)
		}
		for ws, want := range map[dottedline.WorkspaceID]int{a: 1, b: 0} {
			err := db.View(ctx, ws, func(tx *store.Tx) error {
				found, err := tx.Find(store.FindMail, "plan", 10)
				if len(found) != want {
					t.Errorf("workspace %v finds %v, want %d", ws, found, want)
				}
				if err != nil {
					return err
				}
				owns, err := tx.Owns()
				if len(owns) != want {
					t.Errorf("workspace %v owns %v, want %d", ws, owns, want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestFind(t *testing.T) {
	t.Parallel()
	texts := map[int64]string{1: "Preis für Łódź: 12 Plätze", 2: "見積もりをお願いします", 3: "O'Hara & Sons, q3_report \"final\"", 4: "Ωμέγα"}
	queries := map[string][]int64{
		"fur lodz": {1}, "für": {1}, "plat": {1}, "見積": {2}, "hara son": {3}, "ωμεγα": {4}, "łódź": {1},
		`" OR 1=1`: {}, "mail": {}, "": {}, "'; drop": {}, "& | ! ( ) : *": {}, "plans secret": {},
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ws := workspace(t, db)
		if err := db.Write(ctx, ws, func(tx *store.Tx) error {
			for id, s := range texts {
				tx.Index(store.FindMail, id, store.Words(s))
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for query, want := range queries {
			if err := db.View(ctx, ws, func(tx *store.Tx) error {
				got, err := tx.Find(store.FindMail, query, 10)
				if len(got) != len(want) || len(got) > 0 && !slices.Equal(got, want) {
					t.Errorf("find %q: %v, want %v", query, got, want)
				}
				return err
			}); err != nil {
				t.Errorf("find %q: %v", query, err)
			}
		}
	})
}

func TestWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", " -- ": "", "Re: RE re, a re": "re a", "Straße, Cafe\u0301 ＡＢ": "strasse cafe ab", "x見積x": "x 見 積",
		"a\x00b_c": "a b c", strings.Repeat("a", 65) + " b " + strings.Repeat("c", 64): "b " + strings.Repeat("c", 64),
	} {
		if got := store.Words(text); got != want {
			t.Errorf("words of %q: %q, want %q", text, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		ws := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z0-9]{1,12}`), 0, 500, rapid.ID).Draw(t, "words")
		if got, want := store.Words(strings.ToUpper(strings.Join(ws, ", "))+" "+strings.Join(ws, "\n")), strings.Join(ws, " "); got != want {
			t.Fatalf("words: %q, want %q", got, want)
		}
	})
}

func TestThreadsNaming(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var mids []string
		for i := range 150 {
			mids = append(mids, fmt.Sprintf("%d@example.com", i))
		}
		err := db.Write(ctx, workspace(t, db), func(tx *store.Tx) error {
			if err := tx.NameThread(1, mids[:3]); err != nil {
				return err
			}
			if err := tx.NameThread(2, mids[100:149]); err != nil {
				return err
			}
			ids, unseen, err := tx.ThreadsNaming(mids)
			if want := []dottedline.ThreadID{1, 2}; !slices.Equal(ids, want) {
				t.Errorf("threads %v, want %v", ids, want)
			}
			if want := append(slices.Clone(mids[3:100]), mids[149]); !slices.Equal(unseen, want) {
				t.Errorf("unseen %v, want %v", unseen, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestWriteFailsAlone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ws := workspace(t, db)
		no := errors.New("no")
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				err := db.Write(ctx, ws, func(tx *store.Tx) error {
					if err := tx.PutOwn(store.Own{Address: dottedline.Address(string(rune('a'+i)) + "@example.com")}); err != nil {
						return err
					}
					if i%2 == 1 {
						return no
					}
					return nil
				})
				if (i%2 == 1) != errors.Is(err, no) {
					t.Errorf("write %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if err := db.View(ctx, ws, func(tx *store.Tx) error {
			owns, err := tx.Owns()
			if len(owns) != 20 {
				t.Errorf("%d addresses, want 20", len(owns))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAnnouncesAfterCommit(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ws := workspace(t, db)
		var heard []dottedline.WorkspaceID
		db.Announce = func(w dottedline.WorkspaceID) {
			heard = append(heard, w)
			if err := db.View(ctx, w, func(tx *store.Tx) error {
				owns, err := tx.Owns()
				if len(owns) != 1 {
					t.Errorf("announced before it could be read")
				}
				return err
			}); err != nil {
				t.Error(err)
			}
		}
		before, err := db.Seqs(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Write(ctx, ws, func(tx *store.Tx) error { return tx.PutOwn(store.Own{Address: "a@example.com"}) }); err != nil {
			t.Fatal(err)
		}
		after, err := db.Seqs(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(heard, []dottedline.WorkspaceID{ws}) || after[ws] != before[ws]+1 {
			t.Errorf("heard %v, seq %d → %d", heard, before[ws], after[ws])
		}
	})
}

func TestLeasesAndJobs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ws := workspace(t, db)
		now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
		db.Now = func() time.Time { return now }
		lease := func(who string, want bool) {
			t.Helper()
			if err := db.Write(ctx, ws, func(tx *store.Tx) error {
				ok, err := tx.Lease("mailbox 1", who, tx.Now.Add(time.Minute))
				if ok != want {
					t.Errorf("lease for %s: %v, want %v", who, ok, want)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		lease("a", true)
		lease("b", false)
		lease("a", true)
		now = now.Add(2 * time.Minute)
		lease("b", true)

		job := store.Job{ID: "remind 7", Kind: "remind", Due: now}
		if err := db.Write(ctx, ws, func(tx *store.Tx) error {
			if err := tx.AddJob(job); err != nil {
				return err
			}
			return tx.AddJob(job)
		}); err != nil {
			t.Fatal(err)
		}
		var due []store.Job
		if err := db.Everywhere(ctx, func(g store.Global) (err error) { due, err = g.DueJobs(10); return err }); err != nil {
			t.Fatal(err)
		}
		if len(due) != 1 {
			t.Fatalf("%d jobs due, want 1", len(due))
		}
		claims := 0
		for range 2 {
			if err := db.Write(ctx, ws, func(tx *store.Tx) error {
				ok, err := tx.ClaimJob(due[0], now.Add(time.Minute))
				if ok {
					claims++
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		if claims != 1 {
			t.Errorf("%d workers got the job, want 1", claims)
		}
	})
}

// A folder may be called as its owner likes.
func TestOddPaths(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "100% ours? #1")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), filepath.Join(dir, "dottedline.db"))
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := os.Stat(filepath.Join(dir, "dottedline.db")); err != nil {
		t.Error(err)
	}
}

// What was written lies in the one file once the database is closed: who copies
// it then has all.
func TestCloseLeavesOneFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "dottedline.db")
	db, err := store.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	ws := workspace(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(file + "-*"); err != nil || len(left) > 0 {
		t.Errorf("left beside it: %v %v", left, err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(copied, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if db, err = store.Open(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if ids, err := db.Workspaces(ctx); err != nil || !slices.Equal(ids, []dottedline.WorkspaceID{ws}) {
		t.Errorf("the copy has %v, want %v, %v", ids, ws, err)
	}
}
