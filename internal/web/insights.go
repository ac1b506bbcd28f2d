package web

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
	"dottedline/survival"
)

// insightsPage is what the workspace's own history says.
func insightsPage(v *visit) (templ.Component, error) {
	s, err := v.shell("Insights", "insights", "")
	if err != nil {
		return nil, err
	}
	in, err := v.desk.Insights(v.Context(), v.actor)
	if err != nil {
		return nil, err
	}
	p := html.Insights{Shell: s, Sections: v.insights(in), Note: "Measured on " + count(in.Deals, "deal", "deals") + " of this workspace on " + v.date(in.At) + ". Intervals hold the true number in 95 of 100 such measurements."}
	if in.Cut {
		p.Note = "The newest deals only. " + p.Note
	}
	return html.InsightsPage(p), nil
}

// insightTable is the table behind one insight, as CSV.
func insightTable(v *visit) error {
	name, ok := strings.CutSuffix(v.PathValue("table"), ".csv")
	if !ok {
		return missing
	}
	in, err := v.desk.Insights(v.Context(), v.actor)
	if err != nil {
		return err
	}
	for _, x := range v.insights(in) {
		if x.Name == name {
			return v.csv(name+".csv", x.Table)
		}
	}
	return missing
}

func (v *visit) csv(name string, t html.Table) error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(append([][]string{t.Head}, t.Rows...)); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Cache-Control", "no-store")
	v.w.WriteHeader(http.StatusOK)
	_, err := b.WriteTo(v.w)
	return err
}

// insights are all findings, in the order of the page.
func (v *visit) insights(in desk.Insights) []html.Insight {
	return []html.Insight{
		decayInsight(in.Yes), v.replyInsight(in), askInsight(in.Asks), v.velocityInsight(in), v.momentumInsight(in), v.forecastInsight(in),
		v.cameInsight(in), endInsight(in.Ends), givingInsight(in.Giving), hazardInsight(in.Yes),
	}
}

// tooFew says that nothing can be told yet, and what is missing.
func tooFew(name, what, missing string) html.Insight {
	return html.Insight{Name: name, Head: "Too few to tell " + what + ".", Lead: missing}
}

// percent writes a share.
func percent(x float64) string { return fmt.Sprintf("%.0f%%", 100*x) }

// between writes a share with its interval: "66% (50 to 78)".
func between(e survival.Estimate) string {
	return fmt.Sprintf("%s (%.0f to %.0f)", percent(e.Value), 100*e.Lo, 100*e.Hi)
}

// cell writes a number for a table; what is not known stays empty.
func cell(x float64, digits int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	return fmt.Sprintf("%.*f", digits, x)
}

// cells writes an estimate and its interval, times a factor.
func cells(e survival.Estimate, times float64, digits int) []string {
	return []string{cell(times*e.Value, digits), cell(times*e.Lo, digits), cell(times*e.Hi, digits)}
}

// tick writes a day under an axis.
func (v *visit) tick(t time.Time) string { return t.In(v.zone).Format("2 Jan") }

// shares is the axis of shares.
var shares = html.Axis{Min: 0, Max: 1, Ticks: []html.Tick{{At: 0, Text: "0%", Main: true}, {At: .25, Text: "25%"}, {At: .5, Text: "50%", Main: true}, {At: .75, Text: "75%"}, {At: 1, Text: "100%", Main: true}}}

// sharesTo is the axis of shares that are never above most.
func sharesTo(most float64) html.Axis {
	switch {
	case most > .5:
		return shares
	case most > .25:
		return upTo(.5, percent)
	}
	return upTo(.25, percent)
}

// upTo is an axis from nothing to a little above max, with round ticks.
func upTo(max float64, write func(float64) string) html.Axis {
	if !(max > 0) || math.IsInf(max, 0) {
		max = 1
	}
	step := math.Pow(10, math.Floor(math.Log10(max)))
	for _, f := range []float64{0.2, 0.25, 0.5, 1, 2, 2.5} {
		if max/(step*f) <= 5 {
			step *= f
			break
		}
	}
	a := html.Axis{Max: step * math.Ceil(max/step)}
	n := int(math.Round(a.Max / step))
	for i := range n + 1 {
		a.Ticks = append(a.Ticks, html.Tick{At: step * float64(i), Text: write(step * float64(i)), Main: i == 0 || i == n || 2*i == n})
	}
	return a
}

// money writes an amount on an axis.
func money(currency string) func(float64) string {
	return func(x float64) string {
		switch {
		case x >= 1e6:
			return shortMoney(x/1e6, currency) + "m"
		case x >= 1e4:
			return shortMoney(x/1e3, currency) + "k"
		}
		return shortMoney(x, currency)
	}
}

func shortMoney(x float64, currency string) string {
	if x >= 10 || x == math.Trunc(x) {
		x = math.Round(x)
	} else {
		x = math.Round(10*x) / 10
	}
	return dottedline.FromMajor(x, currency).String()
}
