package web

import (
	"fmt"

	"dottedline"
	"dottedline/internal/web/html"
)

// askInsight is how far the asks of the last quarter got.
func askInsight(a dottedline.AsksGot) html.Insight {
	if a.Set == 0 {
		return tooFew("asks", "how your asks are heard", "No ask of the last thirteen weeks has had its moment yet.")
	}
	x := html.Insight{Name: "asks", Head: "Everybody knows what you hoped for.", Lead: capital(plural(a.Set, "ask", "asks")) + " of the last thirteen weeks had their moment. A line is solid as far as it got."}
	if a.Set == 1 {
		x.Lead = "One ask of the last thirteen weeks had its moment. The line is solid as far as it got."
	}
	if n := a.NotKnowing(); n == 1 {
		x.Head = "One person was left not knowing."
	} else if n > 1 {
		x.Head = capital(word(n)) + " people were left not knowing."
	}
	r := html.Reach{Title: "Asks of the last thirteen weeks", Desc: fmt.Sprintf("%d set beforehand, %d asked, %d landed, %d answered.", a.Set, a.Made, a.Landed, a.Answered), Of: float64(a.Set)}
	x.Table.Head = []string{"", "Asks", "Share %", "from", "to"}
	row := func(name string, n int) {
		x.Table.Rows = append(x.Table.Rows, append([]string{name, fmt.Sprint(n)}, cells(dottedline.ShareOf(n, a.Set), 100, 1)...))
	}
	for _, s := range []struct {
		name string
		n    int
	}{{"Set beforehand", a.Set}, {"Asked", a.Made}, {"Landed", a.Landed}, {"Answered", a.Answered}} {
		r.Rows = append(r.Rows, html.ReachRow{Name: s.name, Text: number(int64(s.n)), To: float64(s.n)})
		row(s.name, s.n)
	}
	for _, s := range []struct {
		name string
		a    dottedline.Answered
	}{{"yes", dottedline.AnsweredYes}, {"not now", dottedline.AnsweredNotNow}, {"no", dottedline.AnsweredNo}} {
		x.Facts = append(x.Facts, html.Fact{Number: number(int64(a.Answers[s.a])), Of: s.name})
		row("Answered "+s.name, a.Answers[s.a])
	}
	x.Charts = []html.Chart{r}
	return x
}

// endDays are the days at which it is told where deals have ended.
var endDays = []float64{7, 14, 30, 60, 90, 180}

// endInsight is where deals end, as time passes.
func endInsight(d dottedline.DealEnds) html.Insight {
	if d.Few() {
		return tooFew("ends", "where deals end", fmt.Sprintf("Deals that ended: %d of %d. It takes five.", d.Signed+d.No+d.Quiet, d.N))
	}
	horizon := endDays[0]
	for _, day := range endDays {
		if day <= d.Longest {
			horizon = day
		}
	}
	at := func(cause int) float64 { return d.Ends.At(cause, horizon).Value }
	x := html.Insight{Name: "ends", Head: fmt.Sprintf("Of a hundred deals, %.0f are signed within %.0f days.", 100*at(dottedline.EndSigned), horizon),
		Lead: fmt.Sprintf("%.0f say no and %.0f go quiet by then. Measured on %s: %d signed, %d said no, %d went quiet, the others are open and counted as far as they have come.",
			100*at(dottedline.EndNo), 100*at(dottedline.EndQuiet), count(d.N, "deal", "deals"), d.Signed, d.No, d.Quiet)}
	plot := html.Plot{Title: "Where deals end", Desc: x.Head + " " + x.Lead, X: html.Axis{Max: horizon}}
	for _, day := range append([]float64{0}, endDays...) {
		if day <= horizon && (day == 0 || day >= horizon/8) {
			plot.X.Ticks = append(plot.X.Ticks, html.Tick{At: day, Text: fmt.Sprintf("%.0f days", day), Main: day >= horizon/3})
		}
	}
	plot.X.Ticks[0].Text, plot.X.Ticks[0].Main = "the first touch", false
	x.Table.Head = []string{"End", "Day", "Share %", "from", "to"}
	for _, c := range []struct {
		cause, n int
		name     string
	}{{dottedline.EndSigned, d.Signed, "Signed"}, {dottedline.EndNo, d.No, "Said no"}, {dottedline.EndQuiet, d.Quiet, "Gone quiet"}} {
		s := html.Series{Name: c.name, Note: count(c.n, "deal", "deals"), Ink: c.cause != dottedline.EndSigned, Thin: c.cause == dottedline.EndQuiet, Step: true, Points: []html.XY{{}}, Low: []html.XY{{}}, High: []html.XY{{}}}
		last := 0.0
		for i, t := range d.Ends.Time {
			if p := d.Ends.Prob[c.cause-1][i]; t <= horizon && p > last {
				e := d.Ends.At(c.cause, t)
				s.Points, s.Low, s.High = append(s.Points, html.XY{X: t, Y: p}), append(s.Low, html.XY{X: t, Y: e.Lo}), append(s.High, html.XY{X: t, Y: e.Hi})
				last = p
			}
		}
		e := d.Ends.At(c.cause, horizon)
		s.Points, s.Low, s.High = append(s.Points, html.XY{X: horizon, Y: e.Value}), append(s.Low, html.XY{X: horizon, Y: e.Lo}), append(s.High, html.XY{X: horizon, Y: e.Hi})
		plot.Series = append(plot.Series, s)
		for _, day := range endDays {
			if day <= horizon {
				x.Table.Rows = append(x.Table.Rows, append([]string{c.name, cell(day, 0)}, cells(d.Ends.At(c.cause, day), 100, 1)...))
			}
		}
	}
	most := 0.0
	for _, s := range plot.Series {
		most = max(most, top(s))
	}
	plot.Y = sharesTo(most)
	x.Charts = []html.Chart{plot}
	return x
}

// givingInsight is what was given and asked per deal, by how it stands.
func givingInsight(gs []dottedline.Generosity) html.Insight {
	signed, lost := gs[0], gs[1]
	x := html.Insight{Name: "giving", Table: html.Table{Head: []string{"Deals or people", "Number", "Gifts of each", "from", "to", "Asks of each", "from", "to", "Asked without a gift"}}}
	f := html.Forest{Title: "Gifts and asks per deal"}
	for _, g := range gs {
		x.Table.Rows = append(x.Table.Rows, append(append(append([]string{g.Of, fmt.Sprint(g.N)}, cells(g.Gifts, 1, 2)...), cells(g.Asks, 1, 2)...), fmt.Sprint(g.OnlyAsked)))
		if g.N < 2 || g.Of == "people" {
			continue
		}
		f.Max = max(f.Max, g.Gifts.Hi, g.Asks.Hi)
		f.Rows = append(f.Rows, html.ForestRow{Name: "Gifts, " + g.Of, Text: fmt.Sprintf("%.1f (%.1f to %.1f)", g.Gifts.Value, g.Gifts.Lo, g.Gifts.Hi), Value: g.Gifts.Value, Lo: g.Gifts.Lo, Hi: g.Gifts.Hi},
			html.ForestRow{Name: "Asks, " + g.Of, Text: fmt.Sprintf("%.1f (%.1f to %.1f)", g.Asks.Value, g.Asks.Lo, g.Asks.Hi), Value: g.Asks.Value, Lo: g.Asks.Lo, Hi: g.Asks.Hi, Ink: true})
	}
	if signed.N < 5 || lost.N < 5 {
		few := tooFew("giving", "what gifts go with", fmt.Sprintf("Signed: %d, lost: %d. It takes five of each.", signed.N, lost.N))
		few.Table = x.Table
		return few
	}
	a := upTo(f.Max, func(y float64) string { return fmt.Sprintf("%.3g", y) })
	f.Max, f.Ticks, f.Mark = a.Max, a.Ticks, -1
	x.Head = "No difference seen in what signed and lost deals were given."
	if signed.Gifts.Lo > lost.Gifts.Hi {
		x.Head = fmt.Sprintf("Signed deals were given %.1f gifts, lost ones %.1f.", signed.Gifts.Value, lost.Gifts.Value)
	} else if signed.Gifts.Hi < lost.Gifts.Lo {
		x.Head = fmt.Sprintf("Lost deals were given more: %.1f gifts, signed ones %.1f.", lost.Gifts.Value, signed.Gifts.Value)
	}
	x.Lead = fmt.Sprintf("Of %d signed deals, %d were asked without anything given; of %d lost ones, %d.", signed.N, signed.OnlyAsked, lost.N, lost.OnlyAsked)
	f.Desc = x.Head + " " + x.Lead
	if len(gs) > 3 && gs[3].N > 0 {
		x.Lead += fmt.Sprintf(" Of %s you asked or gave something, %d were only asked.", count(gs[3].N, "person", "people"), gs[3].OnlyAsked)
	}
	x.Charts = []html.Chart{f}
	x.Notes = []string{"An association: deals that last longer have more time for gifts and for asks."}
	return x
}
