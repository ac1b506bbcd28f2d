package web

import (
	"fmt"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

// forecastInsight is what the open deals will have signed, week by week.
func (v *visit) forecastInsight(in desk.Insights) html.Insight {
	f := in.Forecast
	if f == nil || len(f.Weeks) == 0 {
		return tooFew("forecast", "what will be signed", "No deal is open.")
	}
	inMoney := func(y float64) string { return dottedline.MoneyPerDay(y).In(in.Currency) }
	last := f.Weeks[len(f.Weeks)-1]
	x := html.Insight{Name: "forecast", Head: fmt.Sprintf("%s is expected to be signed within thirteen weeks.", inMoney(last.Mean)),
		Lead: fmt.Sprintf("Nine times of ten between %s and %s, of %s in %s. Made on %s.", inMoney(last.Quantile(.05)), inMoney(last.Quantile(.95)), inMoney(f.Value), count(f.Open, "open deal", "open deals"), v.date(f.Made))}
	x.Table.Head = []string{"Signed until", "Mean", "5 of 100 below", "25", "50", "75", "95"}
	zero := html.XY{}
	mean := html.Series{Name: "Expected", Note: "dotted: not yet", Yet: true, Points: []html.XY{zero}}
	half := html.Series{Low: []html.XY{zero}, High: []html.XY{zero}}
	nine := half
	axis := html.Axis{Max: float64(len(f.Weeks)), Ticks: []html.Tick{{At: 0, Text: v.tick(f.Made), Main: true}}}
	for i, w := range f.Weeks {
		at := float64(i + 1)
		p := func(y float64) html.XY { return html.XY{X: at, Y: y} }
		mean.Points = append(mean.Points, p(w.Mean))
		half.Low, half.High = append(half.Low, p(w.Quantile(.25))), append(half.High, p(w.Quantile(.75)))
		nine.Low, nine.High = append(nine.Low, p(w.Quantile(.05))), append(nine.High, p(w.Quantile(.95)))
		if (len(f.Weeks)-1-i)%4 == 0 {
			axis.Ticks = append(axis.Ticks, html.Tick{At: at, Text: v.tick(w.Until), Main: (len(f.Weeks)-1-i)%8 == 0})
		}
		row := []string{w.Until.In(v.zone).Format(time.DateOnly), cell(w.Mean, 2)}
		for _, q := range []float64{.05, .25, .5, .75, .95} {
			row = append(row, cell(w.Quantile(q), 2))
		}
		x.Table.Rows = append(x.Table.Rows, row)
	}
	if axis.Ticks[1].At < 3 {
		axis.Ticks = append(axis.Ticks[:1], axis.Ticks[2:]...)
	}
	x.Charts = []html.Chart{html.Plot{Title: "What the open deals will have signed", Desc: x.Head + " " + x.Lead, X: axis, Y: upTo(last.Quantile(.95), money(in.Currency)), Series: []html.Series{nine, half, mean}}}
	x.Notes = []string{"The bands hold half and nine of ten of what may come: each deal is signed or not, and what is not known of the hazards is wrong for all of them together. Deals that have not begun are not in it, and an agreement counts until its expiry."}
	return x
}

// checked are the shares below which a forecast's quantiles are checked.
var checked = []float64{.1, .25, .5, .75, .9}

// checkedWeeks is how far ahead the forecasts looked that are checked.
const checkedWeeks = 4

// cameInsight is what came of the past forecasts.
func (v *visit) cameInsight(in desk.Insights) html.Insight {
	x := html.Insight{Name: "forecasts", Table: html.Table{Head: []string{"Made", "For weeks", "Mean", "5 of 100 below", "50", "95", "Came"}}}
	var past []dottedline.Came
	within := 0
	for _, c := range in.Came {
		x.Table.Rows = append(x.Table.Rows, []string{c.Made.In(v.zone).Format(time.DateOnly), fmt.Sprint(c.Weeks), cell(c.Week.Mean, 2), cell(c.Week.Quantile(.05), 2), cell(c.Week.Quantile(.5), 2), cell(c.Week.Quantile(.95), 2), cell(c.Signed, 2)})
		if c.Weeks == checkedWeeks {
			past = append(past, c.Came)
			if c.Signed >= c.Week.Quantile(.1) && c.Signed <= c.Week.Quantile(.9) {
				within++
			}
		}
	}
	if len(past) < 5 {
		few := tooFew("forecasts", "whether our forecasts come true", fmt.Sprintf("Forecasts that are four weeks old: %d. One is kept each week; from the fifth on they are compared with what came.", len(past)))
		few.Table = x.Table
		return few
	}
	x.Head = fmt.Sprintf("What came lay where eight of ten should, %s of %s times.", word(within), word(len(past)))
	x.Lead = "Each forecast for four weeks ahead, as it was kept, beside what came. On the dotted line what came is as often below as was said."
	s := html.Series{Dots: true, Bars: true, Name: "Four weeks ahead", Note: count(len(past), "forecast", "forecasts")}
	for _, q := range checked {
		e := dottedline.Below(past, q)
		s.Points, s.Low, s.High = append(s.Points, html.XY{X: q, Y: e.Value}), append(s.Low, html.XY{X: q, Y: e.Lo}), append(s.High, html.XY{X: q, Y: e.Hi})
	}
	axis := shares
	x.Charts = []html.Chart{html.Plot{Title: "How often what came was below what was said", Desc: x.Head, X: axis, Y: shares, Series: []html.Series{s}, Diagonal: true}}
	x.Notes = []string{"Weeks overlap, so the intervals are too narrow. A value is what the deal counts as today."}
	return x
}
