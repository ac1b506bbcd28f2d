package desk

import (
	"context"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// Insights are what a workspace's own history says, measured at At.
type Insights struct {
	At       time.Time
	Currency string
	Since    time.Time // replies, momentum and asks are those of since then
	Deals    int
	Cut      bool // there are more deals: only the newest are looked at

	Yes      dottedline.YesDecay
	Replies  []dottedline.ReplyGroup
	Ours     []time.Duration // all reply times on the wall clock
	Theirs   []time.Duration
	First    dottedline.FirstAnswers
	Velocity []dottedline.MonthlyVelocity
	Days     []time.Time // at which Momentum is told
	Momentum []float64   // money per day
	Asks     dottedline.AsksGot
	Ends     dottedline.DealEnds
	Giving   []dottedline.Generosity
	Forecast *dottedline.Forecast // nil while nothing is open
	Came     []CameOf             // what came of the earlier ones, oldest first
}

// CameOf is a past forecast for some weeks on, beside what came of it.
type CameOf struct {
	Weeks int
	dottedline.Came
}

// Of how much the insights are made at most: the newest come first.
const (
	insightDeals = 50_000
	insightStays = 200_000
	insightAsks  = 20_000
)

// quarter is how far back replies, momentum and asks are looked at.
const quarter = 91

// keptInsights are insights and the state of the workspace that they were made of.
type keptInsights struct {
	Insights
	seq int64
}

// How long insights are kept: while nothing changes, until time has passed that
// shows; of many deals, which take longer, for a moment through changes too.
const (
	keepInsights = 10 * time.Minute
	keepOfMany   = time.Minute
	manyDeals    = 2000
)

// Insights measures the workspace's history for its pages, where it was not
// measured just now.
func (d *Desk) Insights(ctx context.Context, a dottedline.Actor) (in Insights, err error) {
	defer wrap("insights", &err)
	err = d.view(ctx, a, func(t *store.Tx) error {
		seq, err := t.Seq()
		if err != nil {
			return err
		}
		d.mu.Lock()
		k, ok := d.insights[a]
		d.mu.Unlock()
		if age := t.Now.Sub(k.At); ok && age >= 0 && (age < keepInsights && seq == k.seq || age < keepOfMany && k.Deals > manyDeals) {
			in = k.Insights
			return nil
		}
		if in, err = insights(t, a); err != nil {
			return err
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		if len(d.insights) == 100 { // of this many members; the others measure again
			clear(d.insights)
		}
		d.insights[a] = keptInsights{in, seq}
		return nil
	})
	return in, err
}

func insights(t *store.Tx, a dottedline.Actor) (Insights, error) {
	w, s, err := t.ThisWorkspace()
	if err != nil {
		return Insights{}, err
	}
	h, err := hours(t, a.Member)
	if err != nil {
		return Insights{}, err
	}
	in := Insights{At: t.Now, Currency: w.Currency, Since: t.Now.AddDate(0, 0, -quarter)}
	if err := in.ofDeals(t, s, h); err != nil {
		return Insights{}, err
	}
	rs, err := t.RepliesSince(in.Since)
	if err != nil {
		return Insights{}, err
	}
	in.Replies, in.Ours, in.Theirs = dottedline.ReplyGroups(rs, h)
	ks, err := t.Asks(insightAsks)
	if err != nil {
		return Insights{}, err
	}
	in.Asks = dottedline.HowFarAsksGot(ks, in.Since, t.Now)
	if err := in.ofMomentum(t, s); err != nil {
		return Insights{}, err
	}
	err = in.ofForecasts(t, s)
	return in, err
}

// worth is what a deal counts as, in major units of the workspace's money.
func worth(s store.Settings, m dottedline.Money) float64 {
	if v := m.Major() * s.Rate(m.Currency); v > 0 {
		return v
	}
	return s.Unvalued
}

func (in *Insights) ofDeals(t *store.Tx, s store.Settings, h dottedline.Hours) error {
	raw, err := t.DealFacts(insightDeals + 1)
	if err != nil {
		return err
	}
	if in.Cut = len(raw) > insightDeals; in.Cut {
		raw = raw[:insightDeals]
	}
	fs := make([]dottedline.DealFacts, len(raw))
	for i, r := range raw {
		fs[i] = r.DealFacts
		fs[i].Value = worth(s, r.Amount)
	}
	in.Deals = len(fs)
	in.Yes = dottedline.DecayOfYes(fs, t.Now)
	in.Velocity = dottedline.Velocity(fs, t.Now, 12, h.Location())
	in.Ends = dottedline.WhereDealsEnd(fs, t.Now)
	gs, err := t.GivingToAll(insightDeals)
	if err != nil {
		return err
	}
	in.Giving = append(dottedline.GiftsAndAsks(fs), dottedline.GiftsAndAsksOfPeople(gs))
	in.First = dottedline.CompareFirstAnswers(fs)
	return nil
}

func (in *Insights) ofMomentum(t *store.Tx, s store.Settings) error {
	raw, err := t.StaysSince(in.Since, insightStays)
	if err != nil {
		return err
	}
	m, err := t.Model()
	if err != nil {
		return err
	}
	xs := make([]dottedline.ValuedStay, len(raw))
	for i, r := range raw {
		xs[i] = r.ValuedStay
		xs[i].Value = worth(s, r.Amount)
	}
	for day := quarter; day >= 0; day -= 7 {
		in.Days = append(in.Days, t.Now.AddDate(0, 0, -day))
	}
	in.Momentum = m.MomentumAt(xs, in.Days)
	return nil
}
