package dottedline

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// drawn makes deals of one law: an ask on the first day, a yes of half of them
// after some days, signed soon where there was one, and a no later where not.
func drawn(n int) (hs []History, now time.Time) {
	r := rand.New(rand.NewPCG(7, 7))
	days := func(d float64) time.Duration { return time.Duration(d * 24 * float64(time.Hour)) }
	for i := range n {
		made := day0.Add(days(float64(i) / 2))
		h := History{Made: made}
		add := func(after float64, k TouchKind, by Side) {
			h.Touches = append(h.Touches, Touch{ID: TouchID(100*i + len(h.Touches) + 1), At: made.Add(days(after)), Kind: k, By: by})
		}
		add(0, MailTouch, Them)
		add(0.1, AskTouch, Us)
		wait := 0.2 + 2*r.ExpFloat64()
		add(wait, MailTouch, Them)
		if r.Float64() < 0.5 {
			add(wait+0.01, YesTouch, Them)
			add(wait+0.5, SentTouch, Us)
			add(wait+1+3*r.ExpFloat64(), SignedTouch, Us)
		} else {
			add(wait+0.1, MailTouch, Us)
			add(wait+10+20*r.ExpFloat64(), NoTouch, Them)
		}
		hs = append(hs, h)
		now = made.Add(days(90))
	}
	return hs, now
}

func TestBacktest(t *testing.T) {
	t.Parallel()
	hs, now := drawn(300)
	b, err := RunBacktest(hs, now)
	if err != nil {
		t.Fatal(err)
	}
	if b.Deals != 300 || b.Asked < 600 || len(b.Models) != 4 {
		t.Fatalf("%d deals, %d questions", b.Deals, b.Asked)
	}
	ours := b.Models[0]
	for _, m := range b.Models {
		t.Logf("%-16s log-likelihood %.4f, Brier %.4f, concordance %.3f", m.Model, m.LogLik, m.Brier, m.Concordance)
		if m.LogLik > 0 || m.Brier < 0 || m.Brier > 1 || m.Concordance < 0 || m.Concordance > 1 || math.IsNaN(m.LogLik) {
			t.Errorf("%+v", m)
		}
	}
	if c := b.Models[1]; ours.LogLik <= c.LogLik || ours.Concordance <= c.Concordance {
		t.Errorf("the model (%v, %v) is no better than one hazard (%v, %v) on deals that have a path", ours.LogLik, ours.Concordance, c.LogLik, c.Concordance)
	}
}

func TestBacktestKnowsNothingOfLater(t *testing.T) {
	t.Parallel()
	hs, now := drawn(60)
	var early []History
	cut := day0.AddDate(0, 0, 20)
	for _, h := range hs {
		if h.Made.Before(cut) {
			early = append(early, h)
		}
	}
	all, few := questions(hs, now), questions(early, now)
	// The first weeks' answers are the same whether later deals exist or not.
	for _, x := range []struct {
		hs []History
		qs []question
	}{{hs, all}, {early, few}} {
		var stays []Stay
		var ends []deadline
		for _, h := range x.hs {
			stays = append(stays, Stays(h.Touches, h.Made, now)...)
			ends = append(ends, endOf(h, now))
		}
		if err := answer(x.qs[:1], nil, stays, ends, day0.AddDate(0, 0, 7)); err != nil {
			t.Fatal(err)
		}
	}
	for k := range all[0].said {
		if all[0].said[k] != few[0].said[k] {
			t.Errorf("model %d said %v, and %v without the later deals", k, all[0].said[k], few[0].said[k])
		}
	}
}
