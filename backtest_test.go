package dottedline

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"dottedline/survival"
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

// walked makes deals that go as the typical clock says, with each hazard times a
// factor of its own between 1/off and off.
func walked(n int, seed uint64, off float64) (hs []History, now time.Time) {
	r := rand.New(rand.NewPCG(seed, 11))
	m := Typical()
	var times [survival.States][5]float64
	for i := range times {
		for e := range times[i] {
			times[i][e] = math.Pow(off, 2*r.Float64()-1)
		}
	}
	for i := range n {
		made := day0.Add(ofDays(float64(i) / 2))
		h := History{Made: made}
		add := func(at float64, k TouchKind, by Side) {
			h.Touches = append(h.Touches, Touch{ID: TouchID(1000*i + len(h.Touches) + 1), At: made.Add(ofDays(at)), Kind: k, By: by})
		}
		add(0, MailTouch, Them)
		for at := 0.0; at < 300 && len(h.Touches) < 200; {
			s, _ := Fold(h.Touches)
			k, _, on := s.onClock()
			if !on {
				break
			}
			// Step by step of an hour, at most a hundredth of the time that went by.
			wait, event := 0.0, 0
			for event == 0 && wait < 300 {
				step := max(1./240, wait/100)
				for e := survival.Answered; e <= survival.NoMore && event == 0; e++ {
					if r.Float64() < -math.Expm1(-step*times[k.Index()][e]*m.outlook.HazardOf(k, wait, e)) {
						event = e
					}
				}
				wait += step
			}
			at += wait
			side := Them
			if k.Ours {
				side = Us
			}
			switch {
			case event == survival.NoMore || event == 0:
				add(at, NoTouch, Them)
			case event == survival.Signing:
				add(at, SignedTouch, Them)
			case event == survival.Stepped && k.Path == survival.Talking:
				add(at, AskTouch, Us)
			case event == survival.Stepped && k.Path == survival.Asked:
				add(at, MailTouch, Them)
				add(at+1e-4, YesTouch, Them)
			case event == survival.Stepped:
				add(at, SentTouch, Us)
			default:
				add(at, MailTouch, side)
			}
		}
		hs = append(hs, h)
		now = made.AddDate(0, 0, 120)
	}
	return hs, now
}

// The model is at least as good as its rivals on deals that all go one way that
// it does not know, on deals that go as is typical, and on such whose hazards are
// all off.
func TestBacktest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		hs   func() ([]History, time.Time)
	}{
		{"one way", func() ([]History, time.Time) { return drawn(300) }},
		{"typical", func() ([]History, time.Time) { return walked(300, 1, 1) }},
		{"off by up to 4", func() ([]History, time.Time) { return walked(300, 2, 4) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			hs, now := c.hs()
			b, err := RunBacktest(hs, now)
			if err != nil {
				t.Fatal(err)
			}
			if b.Deals != 300 || b.Asked < 300 || len(b.Models) != 4 {
				t.Fatalf("%d deals, %d questions", b.Deals, b.Asked)
			}
			ours := b.Models[0]
			for _, m := range b.Models {
				t.Logf("%-16s log-likelihood %.4f, Brier %.4f, concordance %.3f", m.Model, m.LogLik, m.Brier, m.Concordance)
				if m.LogLik > 0 || m.Brier < 0 || m.Brier > 1 || m.Concordance < 0 || m.Concordance > 1 || math.IsNaN(m.LogLik) {
					t.Errorf("%+v", m)
				}
				if ours.LogLik < m.LogLik || ours.Brier > m.Brier {
					t.Errorf("%s scores better than the model", m.Model)
				}
			}
		})
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
