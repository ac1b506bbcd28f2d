package desk_test

import (
	"strings"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
	"dottedline/survival"
)

// learned is what the workspace has learned.
func (h *house) learned(db *store.DB) (l dottedline.Learned, m *dottedline.Model) {
	h.t.Helper()
	if err := db.View(ctx, h.me.Workspace, func(t *store.Tx) (err error) {
		if l, err = t.Learned(); err == nil {
			m, err = t.Model()
		}
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return l, m
}

func seen(l dottedline.Learned, path int, ours bool, event int) (n int64) {
	for _, c := range l.Counts {
		if k := survival.StateAt(c.State); k.Path == path && k.Ours == ours {
			n += c.Events[event-1]
		}
	}
	return n
}

func (h *house) check() {
	h.t.Helper()
	diffs, _, err := h.Check(ctx)
	must(h.t, err)
	for _, d := range diffs {
		h.t.Error(d)
	}
}

func TestModelFollowsTheDeals(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.refresh()
		var first, second dottedline.DealID
		for i := range 12 {
			id, err := h.NewDeal(ctx, h.me, "Northwind", "maya@northwind.example.org", dottedline.Sale, "1,000")
			must(t, err)
			switch i {
			case 0:
				first = id
			case 1:
				second = id
			}
			at := h.now
			must(t, h.StepAt(ctx, h.me, id, at.Add(time.Hour), dottedline.AskTouch, ""))
			must(t, h.StepAt(ctx, h.me, id, at.Add(5*time.Hour), dottedline.YesTouch, "Yes, let us do it."))
			h.now = at.Add(6 * time.Hour)
			must(t, db.Write(ctx, h.me.Workspace, func(tx *store.Tx) error {
				return tx.AddTouch(dottedline.Touch{ID: store.NewID[dottedline.Touch](tx), Deal: id, At: h.now, Kind: dottedline.SentTouch, By: dottedline.Us})
			}))
			must(t, h.Note(ctx, h.me, id, "It went out."))
			if i < 9 {
				h.now = at.Add(30 * time.Hour)
				must(t, h.Step(ctx, h.me, id, dottedline.SignedTouch, ""))
			}
		}
		l, m := h.learned(db)
		if n := seen(l, survival.Yes, true, survival.Stepped); n != 12 {
			t.Errorf("%d agreements counted, want 12", n)
		}
		if n := seen(l, survival.Yes, false, survival.Signing); n != 9 {
			t.Errorf("%d signatures counted, want 9", n)
		}
		if len(m.Learned().Counts) != 0 {
			t.Error("the model in use has moved before its day")
		}
		if _, again := h.learned(db); again != m {
			t.Error("the model was solved twice for one fit")
		}
		h.check()

		h.now = h.now.Add(25 * time.Hour)
		next, err := h.Refresh(ctx, h.me.Workspace)
		must(t, err)
		_, fitted := h.learned(db)
		if n := seen(fitted.Learned(), survival.Yes, false, survival.Signing); n != 9 {
			t.Errorf("the model in use knows %d signatures, want 9", n)
		}
		if next.After(h.now.Add(25 * time.Hour)) {
			t.Errorf("the next look is at %v", next)
		}
		h.check()

		// Two deals that are merged were signed once.
		must(t, h.MergeDeals(ctx, h.me, first, second, 0))
		h.check()
		l, _ = h.learned(db)
		if n := seen(l, survival.Yes, false, survival.Signing); n != 8 {
			t.Errorf("%d signatures after merging, want 8: one deal is signed once", n)
		}

		// Another workspace knows nothing of it.
		other, err := db.NewWorkspace(ctx, "Other", "USD")
		must(t, err)
		must(t, db.View(ctx, other, func(tx *store.Tx) error {
			l, err := tx.Learned()
			if len(l.Counts) != 0 {
				t.Error("two workspaces share what was learned")
			}
			return err
		}))
	})
}

func TestMinutesAreLearned(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		id, err := h.NewDeal(ctx, h.me, "Northwind", "maya@northwind.example.org", dottedline.Sale, "1,000")
		must(t, err)
		send := func(press string, after time.Duration) {
			t.Helper()
			opened := h.now
			h.now = h.now.Add(after)
			_, err := h.Send(ctx, h.me, id, desk.Prepared{Subject: "Hello", Text: "Good morning.", Opened: opened}, press)
			must(t, err)
		}
		send("one", 90*time.Second)
		send("one", 90*time.Second) // the same press again is no second action
		send("two", 30*time.Second)
		send("three", 5*time.Hour) // the page was left open
		l, _ := h.learned(db)
		if got := l.Efforts[dottedline.Write]; got[0] != 2 || got[1] != 120_000 {
			t.Errorf("learned %v, want two actions of two minutes together", got)
		}
		h.refresh()
		h.now = h.now.Add(25 * time.Hour)
		h.refresh()
		_, m := h.learned(db)
		if e := m.Minutes(dottedline.Write); e.Value >= dottedline.Typical().Minutes(dottedline.Write).Value {
			t.Errorf("two quick actions, and it still takes %v", e)
		}
	})
}

func TestNumbersExplainThemselves(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		id, err := h.NewDeal(ctx, h.me, "Northwind", "maya@northwind.example.org", dottedline.Sale, "1,000")
		must(t, err)
		must(t, h.Call(ctx, h.me, id, h.now, dottedline.Us, "They want a price."))
		h.now = h.now.Add(30 * time.Hour)
		r := h.nowPage().Rows[0]
		all := strings.Join(r.Explain, "\n")
		for _, want := range []string{"It is worth $1,000.", "typical, not yet yours", "waiting costs " + r.Cost.In("USD") + " a day"} {
			if !strings.Contains(all, want) {
				t.Errorf("%q is not in\n%s", want, all)
			}
		}
		if w := r.Waiting; w.Lo > w.Value || w.Hi < w.Value || r.Outlook.Signed.Value <= 0 || r.Outlook.Days <= 0 {
			t.Errorf("waiting %+v, outlook %+v", w, r.Outlook)
		}
	})
}
