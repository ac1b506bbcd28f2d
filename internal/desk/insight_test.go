package desk_test

import (
	"math"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
	"dottedline/survival"
)

// sign makes a deal that is said yes to after some hours, gets its agreement
// after some more, and is signed or lost (gone quiet) later.
func (h *house) sign(db *store.DB, yes, sent, end time.Duration, last dottedline.TouchKind) dottedline.DealID {
	h.t.Helper()
	id, err := h.NewDeal(ctx, h.me, "Northwind", "maya@northwind.example.org", dottedline.Sale, "1,000")
	must(h.t, err)
	at := h.now
	must(h.t, db.Write(ctx, h.me.Workspace, func(tx *store.Tx) error {
		for _, x := range []dottedline.Touch{{At: at, Kind: dottedline.MailTouch, By: dottedline.Them}, {At: at.Add(yes), Kind: dottedline.YesTouch, By: dottedline.Them},
			{At: at.Add(sent), Kind: dottedline.SentTouch, By: dottedline.Us, Until: at.AddDate(0, 2, 0)}, {At: at.Add(end), Kind: last, By: dottedline.Them}} {
			if x.Kind == "" {
				continue
			}
			x.ID, x.Deal = store.NewID[dottedline.Touch](tx), id
			if err := tx.AddTouch(x); err != nil {
				return err
			}
		}
		return nil
	}))
	return id
}

func TestInsightsAndForecasts(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.refresh()
		const day = 24 * time.Hour
		var ids []dottedline.DealID
		for range 4 {
			ids = append(ids, h.sign(db, 2*time.Hour, 5*time.Hour, 4*day, dottedline.SignedTouch))
		}
		for range 2 {
			ids = append(ids, h.sign(db, 2*time.Hour, 3*day, 5*day, dottedline.QuietTouch))
		}
		ids = append(ids, h.sign(db, 2*time.Hour, 5*time.Hour, 0, ""))
		began := h.now
		fold := func(at time.Duration) {
			h.now = began.Add(at)
			for _, id := range ids {
				must(t, h.Note(ctx, h.me, id, "Look."))
			}
			h.refresh()
		}
		h.now = began.Add(6 * time.Hour)
		next, err := h.KeepForecast(ctx, h.me.Workspace)
		must(t, err)
		if !next.IsZero() && next.Before(h.now) {
			t.Errorf("the next forecast is due at %v", next)
		}
		fold(30 * day)
		in, err := h.Insights(ctx, h.me)
		must(t, err)
		if y := in.Yes; y.Soon.N != 5 || y.Soon.Signed != 4 || y.Late.N != 2 || y.Late.Lost != 2 {
			t.Errorf("yeses: soon %d, %d signed; late %d, %d lost", y.Soon.N, y.Soon.Signed, y.Late.N, y.Late.Lost)
		}
		if e := in.Ends; e.Signed != 4 || e.Quiet != 2 || e.N != 7 {
			t.Errorf("ends %+v", e)
		}
		if v := in.Velocity[len(in.Velocity)-1]; v.Open != 1 || v.Signed != 4 || v.Ended != 6 || math.Abs(v.Cycle.Value-4) > 1e-9 {
			t.Errorf("velocity %+v", v)
		}
		// One deal is left: its paper has been out for a month.
		_, m := h.learned(db)
		k := survival.State{Path: survival.Yes, Paper: true, Speed: survival.Quick}
		want := 1000 * m.HazardAt(k, 29.8).Value
		if got := in.Momentum[len(in.Momentum)-1]; math.Abs(got-want) > 1e-9*want {
			t.Errorf("momentum %v, want %v", got, want)
		}
		// A week's forecast is kept once, and compared when its weeks are over.
		next, err = h.KeepForecast(ctx, h.me.Workspace)
		must(t, err)
		if again, err := h.KeepForecast(ctx, h.me.Workspace); err != nil || !again.Equal(next) {
			t.Errorf("due at %v, then at %v: %v", next, again, err)
		}
		h.now = h.now.Add(3 * day)
		must(t, h.Step(ctx, h.me, ids[6], dottedline.SignedTouch, ""))
		h.now = h.now.Add(5 * day)
		in, err = h.Insights(ctx, h.me)
		must(t, err)
		last := in.Came[len(in.Came)-1]
		if last.Weeks != 1 || last.Signed != 1000 {
			t.Errorf("what came of the forecast: %+v", last)
		}
		if in.Forecast != nil {
			t.Errorf("nothing is open, and yet %+v is forecast", in.Forecast)
		}
		h.check()
	})
}
