package web

import (
	"fmt"
	"math"

	"dottedline"
	"dottedline/internal/web/html"
	"dottedline/survival"
)

// yesDays are the days after a yes at which its decay is told.
var yesDays = []html.Tick{{At: 1, Text: "a day", Main: true}, {At: 3, Text: "3 days"}, {At: 7, Text: "a week", Main: true}, {At: 14, Text: "2 weeks", Main: true}, {At: 21, Text: "3 weeks"}, {At: 28, Text: "4 weeks", Main: true}}

const (
	aWeek    = 7
	unlikely = 0.05 // a p below it is called a difference
)

// decayInsight is how a yes keeps, by how fast its agreement went out.
func decayInsight(y dottedline.YesDecay) html.Insight {
	n, ended := y.Soon.N+y.Late.N, y.Soon.Signed+y.Soon.Lost+y.Late.Signed+y.Late.Lost
	if y.Soon.Lost+y.Late.Lost < 5 || ended < 10 {
		return tooFew("yes", "how long a yes keeps", fmt.Sprintf("Yeses watched for more than a day: %d. Ended since: %d, of them lost: %d. It takes ten ends, five of them losses.", n, ended, y.Soon.Lost+y.Late.Lost))
	}
	soon, _ := y.Soon.Standing(aWeek)
	late, _ := y.Late.Standing(aWeek)
	x := html.Insight{Name: "yes"}
	switch {
	case y.Soon.N < 5 || y.Late.N < 5:
		g, of := y.Soon, "whose agreement went out within a day"
		if y.Soon.N < y.Late.N {
			g, of = y.Late, "whose agreement did not go out within a day"
		}
		e, _ := g.Standing(aWeek)
		x.Head = fmt.Sprintf("%s of yeses still stand after a week.", percent(e.Value))
		x.Lead = fmt.Sprintf("Of %d %s: %s. The others are too few to compare.", g.N, of, between(e))
	default:
		x.Lead = fmt.Sprintf("A week after the yes, %s still stand or are signed where the agreement went out within a day, and %s where it did not.", between(soon), between(late))
		switch p := y.Differ.P; {
		case !y.Tested || p >= unlikely:
			x.Head = "No difference seen yet between agreements sent soon and later."
		case soon.Value > late.Value:
			x.Head = "A yes keeps when the paper follows."
		default:
			x.Head = "Here, a yes did not keep better for an early paper."
		}
	}
	plot := html.Plot{Title: "How long a yes keeps", Desc: x.Lead, X: html.Axis{Min: 1, Max: 28, Ticks: yesDays}, Y: shares}
	groups := []struct {
		name, note string
		ink        bool
		g          dottedline.YesGroup
	}{{"Within a day", "", false, y.Soon}, {"Later, or not yet", "", true, y.Late}}
	x.Table.Head = []string{"Agreement out", "Day", "Still open", "Standing %", "from", "to"}
	for _, c := range groups {
		if c.g.N == 0 {
			continue
		}
		s := yesSeries(c.g)
		s.Name, s.Note, s.Ink = c.name, count(c.g.N, "yes", "yeses"), c.ink
		for _, d := range yesDays {
			e, risk := c.g.Standing(d.At)
			s.AtRisk = append(s.AtRisk, number(int64(risk)))
			x.Table.Rows = append(x.Table.Rows, append([]string{c.name, cell(d.At, 0), fmt.Sprint(risk)}, cells(e, 100, 1)...))
		}
		plot.Series = append(plot.Series, s)
		for _, p := range s.Points {
			if p.Y <= 0.5 {
				plot.Rules = append(plot.Rules, html.Rule{At: html.XY{X: p.X, Y: 0.5}, Text: fmt.Sprintf("half gone by day %.0f", math.Ceil(p.X))})
				break
			}
		}
		if h := c.g.HalfLife; !math.IsInf(h.Value, 1) {
			x.Facts = append(x.Facts, html.Fact{Number: days(h), Of: "half-life, agreement " + lower(c.name)})
			x.Table.Rows = append(x.Table.Rows, append([]string{c.name + ": half-life in days", "", ""}, cells(h, 1, 1)...))
		}
	}
	x.Charts = []html.Chart{plot}
	x.Notes = []string{fmt.Sprintf("Watched from one day after the yes, so that no group holds a yes only because it lasted; %d ended before that and are in neither. "+
		"The half-life is the day by which half would be gone if none were signed. An association: who gets the paper soon may differ in other ways%s.", y.Early, chanceOf(y))}
	return x
}

// chanceOf says how likely a difference as large would be by chance.
func chanceOf(y dottedline.YesDecay) string {
	if !y.Tested {
		return ""
	}
	return fmt.Sprintf(" (log-rank test of being lost: p %s)", pValue(y.Differ.P))
}

func pValue(p float64) string {
	if p < 0.001 {
		return "below 0.001"
	}
	return fmt.Sprintf("= %.3f", p)
}

func lower(s string) string {
	if s == "" {
		return s
	}
	return string(s[0]|0x20) + s[1:]
}

// days writes an estimate of days with its interval; an end that is not known is left open.
func days(e survival.Estimate) string {
	to := "?"
	if !math.IsInf(e.Hi, 0) {
		to = fmt.Sprintf("%.0f", e.Hi)
	}
	return fmt.Sprintf("%.0f days (%.0f to %s)", e.Value, e.Lo, to)
}

func yesSeries(g dottedline.YesGroup) html.Series {
	s := html.Series{Step: true}
	add := func(day float64) {
		e, _ := g.Standing(day)
		s.Points, s.Low, s.High = append(s.Points, html.XY{X: day, Y: e.Value}), append(s.Low, html.XY{X: day, Y: e.Lo}), append(s.High, html.XY{X: day, Y: e.Hi})
	}
	add(1)
	last, seen := 0.0, 1.0
	for i, t := range g.Ends.Time {
		if t > 28 {
			break
		}
		if p := g.Ends.Prob[survival.Lost-1][i]; p > last {
			add(t)
			last = p
		}
		seen = t
	}
	if g.Ends.Time[len(g.Ends.Time)-1] > 28 {
		seen = 28
	}
	add(seen)
	return s
}

// hazardInsight are the ratios of hazards that go with an early agreement and
// with the value.
func hazardInsight(y dottedline.YesDecay) html.Insight {
	if len(y.Signing.Ratios)+len(y.Losing.Ratios) == 0 {
		return tooFew("hazards", "what goes with a signature", fmt.Sprintf("More than a day after the yes, signed: %d, lost: %d. It takes twenty of either.", y.Signing.Events, y.Losing.Events))
	}
	x := html.Insight{Name: "hazards", Head: "No association seen between an early agreement and the signature.",
		Lead: "Ratios of hazards with their intervals: how much more often, on any day, a yes is signed or lost. Right of 1 is more often."}
	f := html.Forest{Title: "What goes with a signature, and with a loss", Desc: x.Lead}
	x.Table.Head = []string{"Of being", "With", "Ratio", "from", "to", "Same at all times? chi²", "p"}
	for _, c := range []struct {
		of string
		h  dottedline.Hazards
	}{{"signed", y.Signing}, {"lost", y.Losing}} {
		for i, r := range c.h.Ratios {
			e := r.Ratio
			f.Rows = append(f.Rows, html.ForestRow{Name: capital(c.of) + ", " + lower(r.Of), Text: fmt.Sprintf("%.2g (%.2g to %.2g)", e.Value, e.Lo, e.Hi), Value: math.Log(e.Value), Lo: math.Log(e.Lo), Hi: math.Log(e.Hi), Ink: c.of == "lost"})
			x.Table.Rows = append(x.Table.Rows, append(append([]string{c.of, r.Of}, cells(e, 1, 2)...), cell(r.PH.ChiSq, 2), cell(r.PH.P, 3)))
			if r.PH.P < unlikely {
				x.Notes = append(x.Notes, fmt.Sprintf("The ratio of being %s with “%s” changes as time passes (p %s): read it as an average.", c.of, lower(r.Of), pValue(r.PH.P)))
			}
			if c.of == "signed" && i == 0 && e.Lo > 1 {
				x.Head = fmt.Sprintf("With the agreement out within a day, yeses are signed %.1f times as often on any day.", e.Value)
			} else if c.of == "signed" && i == 0 && e.Hi < 1 {
				x.Head = fmt.Sprintf("With the agreement out within a day, yeses are signed less often here: %.1f times.", e.Value)
			}
		}
	}
	f.Min, f.Max, f.Ticks = ratioAxis(f.Rows)
	x.Charts = []html.Chart{f}
	x.Notes = append(x.Notes, fmt.Sprintf("Cox’s model on yeses from one day on: %s, %s. Associations, no causes: nobody drew lots who gets the agreement soon.", count(y.Signing.Events, "signature", "signatures"), count(y.Losing.Events, "loss", "losses")))
	return x
}

// ratioAxis is a logarithmic axis around 1 that holds the ratios.
func ratioAxis(rows []html.ForestRow) (from, to float64, ticks []html.Tick) {
	step := 2.0
	for _, r := range rows {
		if r.Lo < -math.Log(8) || r.Hi > math.Log(8) {
			step = 4
		}
	}
	for i := -3; i <= 3; i++ {
		v := math.Pow(step, math.Abs(float64(i)))
		text := fmt.Sprintf("%.0f times", v)
		if i < 0 {
			text = fmt.Sprintf("1/%.0f", v)
		} else if i < 3 {
			text = fmt.Sprintf("%.0f", v)
		}
		ticks = append(ticks, html.Tick{At: float64(i) * math.Log(step), Text: text, Main: i%2 != 0 || i == 0})
	}
	return ticks[0].At, ticks[6].At, ticks
}
