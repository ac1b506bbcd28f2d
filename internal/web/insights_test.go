package web

import (
	"encoding/csv"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
	"dottedline/survival"
)

var insightNow = time.Date(2026, 11, 17, 10, 0, 0, 0, time.UTC)

// historySample is a made-up year of deals, in which a yes keeps better when its
// agreement is out within a day.
func historySample() desk.Insights {
	r := rand.New(rand.NewPCG(3, 3))
	ago := func(days float64) time.Time { return insightNow.Add(-time.Duration(days * 24 * float64(time.Hour))) }
	var fs []dottedline.DealFacts
	for range 400 {
		began := 370 * r.Float64()
		f := dottedline.DealFacts{Made: ago(began), Met: ago(began), Path: dottedline.Talking, Value: 4000 * math.Exp(r.NormFloat64()), FirstReply: time.Duration(20+200*r.ExpFloat64()) * time.Minute, Asks: r.IntN(3), Gifts: r.IntN(2)}
		end := func(p dottedline.Path, left float64) {
			if left > 0 {
				f.Path, f.Ended = p, ago(left)
			}
		}
		if r.Float64() < .55 { // never a yes
			end([]dottedline.Path{dottedline.No, dottedline.Quiet}[r.IntN(2)], began-5-40*r.ExpFloat64())
			fs = append(fs, f)
			continue
		}
		yes := began - 1 - 12*r.ExpFloat64()
		if yes <= 0 {
			fs = append(fs, f)
			continue
		}
		f.Path, f.Yes = dottedline.Yes, ago(yes)
		sent, lost := .1+.6*r.Float64(), 30.
		if r.IntN(5) < 2 {
			sent, lost = 1.2+3*r.ExpFloat64(), 7
		}
		f.Sent = ago(yes - sent)
		signing, losing := sent+6*r.ExpFloat64(), lost*r.ExpFloat64()
		if signing < losing {
			f.Gifts += r.IntN(3)
			end(dottedline.Signed, yes-signing)
		} else {
			end([]dottedline.Path{dottedline.No, dottedline.Quiet}[r.IntN(2)], yes-losing)
		}
		fs = append(fs, f)
	}
	in := desk.Insights{At: insightNow, Currency: "USD", Since: insightNow.AddDate(0, 0, -91), Deals: len(fs), Yes: dottedline.DecayOfYes(fs, insightNow),
		Velocity: dottedline.Velocity(fs, insightNow, 12, time.UTC), Ends: dottedline.WhereDealsEnd(fs, insightNow), Giving: dottedline.GiftsAndAsks(fs), First: dottedline.CompareFirstAnswers(fs)}
	var rs []dottedline.Reply
	for i := range 500 {
		x := dottedline.Reply{By: dottedline.Us, Asked: ago(90 * r.Float64()), Path: []dottedline.Path{dottedline.Talking, dottedline.Asked, dottedline.Yes}[i%3]}
		took := 31 * math.Exp(1.5*r.NormFloat64())
		if i%2 == 0 {
			x.By, took = dottedline.Them, 540*math.Exp(1.7*r.NormFloat64())
		}
		x.At = x.Asked.Add(time.Duration(took * float64(time.Minute)))
		rs = append(rs, x)
	}
	hours, err := dottedline.OfficeHours("Europe/Oslo").Local()
	if err != nil {
		panic(err)
	}
	in.Replies, in.Ours, in.Theirs = dottedline.ReplyGroups(rs, hours)
	in.Asks = dottedline.AsksGot{Set: 48, Made: 41, Landed: 36, Answered: 33, Answers: map[dottedline.Answered]int{dottedline.AnsweredYes: 17, dottedline.AnsweredNotNow: 9, dottedline.AnsweredNo: 7}}
	for i := range 14 {
		in.Days, in.Momentum = append(in.Days, ago(float64(91-7*i))), append(in.Momentum, 900+60*float64(i)+200*math.Sin(float64(i)))
	}
	var open []dottedline.OpenDeal
	for i := range 23 {
		s, _ := dottedline.Fold([]dottedline.Touch{{ID: 1, At: ago(float64(i%9) + 1), Kind: dottedline.MailTouch, By: dottedline.Them}, {ID: 2, At: ago(float64(i % 9)), Kind: []dottedline.TouchKind{dottedline.AskTouch, dottedline.YesTouch}[i%2], By: dottedline.Us}})
		open = append(open, dottedline.OpenDeal{State: s, Value: 2000 + 700*float64(i)})
	}
	f := dottedline.Typical().Forecast(slices.Values(open), insightNow)
	in.Forecast = &f
	for i := range 20 {
		was := dottedline.Typical().Forecast(slices.Values(open), ago(float64(28+7*(20-i))))
		in.Came = append(in.Came, desk.CameOf{Weeks: 4, Came: dottedline.Came{Made: was.Made, Week: was.Weeks[3], Signed: was.Weeks[3].Quantile(.05 * float64(1+r.IntN(19)))}})
	}
	return in
}

func insightSamples(assets string) []sample {
	v := &visit{now: insightNow, zone: time.UTC}
	s := shell(assets, "Insights", "insights")
	empty := desk.Insights{At: insightNow, Currency: "USD", Since: insightNow, Replies: make([]dottedline.ReplyGroup, 8), Velocity: dottedline.Velocity(nil, insightNow, 12, time.UTC), Days: []time.Time{insightNow}, Momentum: []float64{0}, Giving: dottedline.GiftsAndAsks(nil)}
	return []sample{
		{"insights", html.InsightsPage(html.Insights{Shell: s, Sections: v.insights(historySample()), Note: "Measured on 400 deals of this workspace."})},
		{"insights-few", html.InsightsPage(html.Insights{Shell: s, Sections: v.insights(empty), Note: "Measured on no deals."})},
	}
}

// Every finding has a chart, a table behind it and words that rest on numbers;
// with nothing to tell it says so.
func TestInsightsSayWhatTheyRestOn(t *testing.T) {
	t.Parallel()
	v := &visit{now: insightNow, zone: time.UTC}
	in := historySample()
	for _, x := range v.insights(in) {
		if strings.Contains(x.Head, "Too few") || x.Lead == "" || len(x.Charts) == 0 || len(x.Table.Rows) == 0 {
			t.Errorf("%s: %q, %d charts, %d rows", x.Name, x.Head, len(x.Charts), len(x.Table.Rows))
		}
		for _, r := range x.Table.Rows {
			if len(r) != len(x.Table.Head) {
				t.Errorf("%s: row %q under %q", x.Name, r, x.Table.Head)
			}
		}
		for _, c := range append(x.Charts, x.Four...) {
			for _, narrow := range []bool{false, true} {
				inside(t, x.Name, c, narrow)
			}
		}
	}
	if soon, _ := in.Yes.Soon.Standing(7); !strings.Contains(v.insights(in)[0].Lead, percent(soon.Value)) {
		t.Errorf("%q does not say %v", v.insights(in)[0].Lead, soon)
	}
	for _, x := range v.insights(desk.Insights{Replies: make([]dottedline.ReplyGroup, 8), Velocity: dottedline.Velocity(nil, insightNow, 12, time.UTC), Giving: dottedline.GiftsAndAsks(nil)}) {
		if !strings.HasPrefix(x.Head, "Too few to tell") || len(x.Charts) > 0 {
			t.Errorf("%s of nothing: %q", x.Name, x.Head)
		}
	}
}

// inside fails where something is drawn that is no number, or outside the picture.
func inside(t *testing.T, name string, c html.Chart, narrow bool) {
	t.Helper()
	var b strings.Builder
	if err := html.Draw(c, narrow).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if s := b.String(); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") || !strings.Contains(s, "<text") {
		t.Errorf("%s: %s", name, s)
	}
}

func TestInsightsOfAHouse(t *testing.T) {
	t.Parallel()
	h := furnished(t, 3)
	v := h.visitor()
	v.get("/insights")
	v.sees("Too few to tell how long a yes keeps.", "Too few to tell your momentum.", "is expected to be signed within thirteen weeks", `href="/insights/forecast.csv"`, `data-g="i"`)
	v.get("/insights/forecast.csv")
	if b, err := csv.NewReader(strings.NewReader(v.body)).ReadAll(); err != nil || len(b) != 14 || b[0][1] != "Mean" {
		t.Errorf("%v %v", b, err)
	}
	if v.get("/insights/nothing.csv"); v.code != http.StatusNotFound {
		t.Errorf("a table that is not there: %d", v.code)
	}
}

// A ratio whose test of proportionality fails is told as an average.
func TestHazardInsight(t *testing.T) {
	t.Parallel()
	r := dottedline.HazardRatio{Of: "Agreement within a day", Ratio: survival.Estimate{Value: 2, Lo: 1.4, Hi: 3}, PH: survival.PHTest{ChiSq: 9, P: 0.003, DF: 1}}
	x := hazardInsight(dottedline.YesDecay{Signing: dottedline.Hazards{Events: 60, Ratios: []dottedline.HazardRatio{r}}})
	if !strings.Contains(x.Head, "2.0 times as often") || !strings.Contains(x.Notes[0], "changes as time passes") {
		t.Errorf("%q, %q", x.Head, x.Notes)
	}
}
