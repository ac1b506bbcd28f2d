package desk

import (
	"context"
	"iter"
	"slices"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// forecastEvery is how often a forecast is made and kept.
const forecastEvery = 7 * 24 * time.Hour

// mostForecast is how many open deals a forecast adds up: the newest.
const mostForecast = 100_000

// readAtOnce is how many deals are read at once for a forecast.
const readAtOnce = 500

// KeepForecast makes the week's forecast when the last one is a week old, and
// tells when the next one is due, zero while nothing is open. What was kept is never made anew, so that it
// can be compared with what came.
func (d *Desk) KeepForecast(ctx context.Context, ws dottedline.WorkspaceID) (next time.Time, err error) {
	defer wrap("forecast", &err)
	var s store.Settings
	var m *dottedline.Model
	var now time.Time
	due := false
	if err = d.db.View(ctx, ws, func(t *store.Tx) error {
		at, err := t.Forecasted()
		next, now = at.Add(forecastEvery), t.Now
		if due = at.IsZero() || !now.Before(next); err != nil || !due {
			return err
		}
		if _, s, err = t.ThisWorkspace(); err == nil {
			m, err = t.Model()
		}
		return err
	}); err != nil || !due {
		return next, err
	}
	f := m.Forecast(d.openDeals(ctx, ws, s, &err), now)
	if err != nil {
		return next, err
	}
	if f.Open == 0 { // there is nothing to be wrong about
		return time.Time{}, nil
	}
	return f.Made.Add(forecastEvery), d.db.Write(ctx, ws, func(t *store.Tx) error {
		if at, err := t.Forecasted(); err != nil || at.After(f.Made.Add(-forecastEvery)) {
			return err // another node was faster
		}
		return t.AddForecast(f)
	})
}

// openDeals reads the newest open deals a few at a time, beside the pages. An
// error ends them and is left in err.
func (d *Desk) openDeals(ctx context.Context, ws dottedline.WorkspaceID, s store.Settings, err *error) iter.Seq[dottedline.OpenDeal] {
	return func(yield func(dottedline.OpenDeal) bool) {
		var last dottedline.DealID
		for n := 0; n < mostForecast; n += readAtOnce {
			began := time.Now()
			var ds []dottedline.Deal
			if *err = d.db.View(ctx, ws, func(t *store.Tx) (err error) {
				ds, err = t.OpenDeals(last, readAtOnce)
				return err
			}); *err != nil {
				return
			}
			for _, x := range ds {
				if last = x.ID; !yield(dottedline.OpenDeal{State: x.State, Value: worth(s, x.Value)}) {
					return
				}
			}
			if len(ds) < readAtOnce {
				return
			}
			if *err = d.giveWay(ctx, time.Since(began)); *err != nil {
				return
			}
		}
	}
}

// fewForecast is up to how many open deals a forecast is made anew for the page;
// beyond, the page shows the one that was kept last.
const fewForecast = 200

func (in *Insights) ofToday(t *store.Tx, s store.Settings, kept []dottedline.Forecast) error {
	m, err := t.Model()
	if err != nil {
		return err
	}
	ds, err := t.OpenDeals(0, fewForecast+1)
	if err != nil {
		return err
	}
	open := make([]dottedline.OpenDeal, len(ds))
	for i, x := range ds {
		open[i] = dottedline.OpenDeal{State: x.State, Value: worth(s, x.Value)}
	}
	f := m.Forecast(slices.Values(open), t.Now)
	if f.Open > fewForecast && len(kept) > 0 {
		f = kept[0]
	}
	if f.Open > 0 {
		in.Forecast = &f
	}
	return nil
}

// toldWeeks are the weeks of a past forecast that are compared with what came.
var toldWeeks = []int{1, 4, 13}

// mostPast is how many past forecasts are looked at: two years of weeks.
const mostPast = 104

// ofForecasts reads the last forecast, and compares the earlier ones with what
// was signed by then of the deals that were open when they were made.
func (in *Insights) ofForecasts(t *store.Tx, s store.Settings) error {
	fs, err := t.Forecasts(mostPast)
	if err != nil {
		return err
	}
	if err := in.ofToday(t, s, fs); err != nil || len(fs) == 0 {
		return err
	}
	signed, err := t.SignedSince(fs[len(fs)-1].Made)
	if err != nil {
		return err
	}
	for i := len(fs) - 1; i >= 0; i-- {
		f := fs[i]
		for _, n := range toldWeeks {
			if n > len(f.Weeks) || f.Open == 0 || f.Weeks[n-1].Until.After(t.Now) {
				continue
			}
			c := dottedline.Came{Made: f.Made, Week: f.Weeks[n-1]}
			for _, x := range signed {
				if !x.ID.Time().After(f.Made) && x.Signed.After(f.Made) && !x.Signed.After(c.Week.Until) {
					c.Signed += worth(s, x.Amount)
				}
			}
			in.Came = append(in.Came, CameOf{n, c})
		}
	}
	return nil
}
