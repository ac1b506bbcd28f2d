package web

import (
	"fmt"
	"math"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

// The columns of the histogram of replies, from a minute to two weeks.
const (
	replyColumns = 18
	shortest     = 1.0           // minutes
	longest      = 14 * 24 * 60. // minutes
	highestHeap  = 60            // dots in the highest column
)

var replyTicks = []html.Tick{{At: 1, Text: "1 m", Main: true}, {At: 5, Text: "5 m"}, {At: 15, Text: "15 m", Main: true}, {At: 60, Text: "1 h", Main: true}, {At: 240, Text: "4 h"},
	{At: 720, Text: "12 h"}, {At: 1440, Text: "1 d", Main: true}, {At: 3 * 1440, Text: "3 d"}, {At: 7 * 1440, Text: "1 w", Main: true}, {At: 14 * 1440, Text: "2 w"}}

// replyInsight are the reply times of both sides.
func (v *visit) replyInsight(in desk.Insights) html.Insight {
	us, them := in.Replies[0], in.Replies[1]
	if us.Wall.N < 5 || them.Wall.N < 5 {
		return tooFew("replies", "how fast you and they answer", fmt.Sprintf("Replies since %s: %d of yours, %d of theirs. It takes five of each.", v.date(in.Since), us.Wall.N, them.Wall.N))
	}
	x := html.Insight{Name: "replies", Head: fmt.Sprintf("You answer in %s. They take %s.", long(us.Wall.Median), long(them.Wall.Median))}
	h := html.Heap{Title: "Reply times, yours and theirs", Desc: fmt.Sprintf("Your median is %s, theirs %s.", long(us.Wall.Median), long(them.Wall.Median)), Min: shortest, Max: longest, Ticks: replyTicks,
		OurMid: us.Wall.Median.Minutes(), TheirMid: them.Wall.Median.Minutes(), OurText: long(us.Wall.Median), TheirT: long(them.Wall.Median)}
	ours, theirs := heaps(in.Ours), heaps(in.Theirs)
	each := 1
	for i := range ours {
		each = max(each, (max(ours[i], theirs[i])+highestHeap-1)/highestHeap)
	}
	for i := range ours {
		ours[i], theirs[i] = (ours[i]+each-1)/each, (theirs[i]+each-1)/each
	}
	h.Ours, h.Theirs = ours, theirs
	dot := "one reply"
	if each > 1 {
		dot = "up to " + word(each) + " replies"
	}
	x.Lead = fmt.Sprintf("Medians of %d and %d replies. Each dot is %s since %s.", us.Wall.N, them.Wall.N, dot, v.date(in.Since))
	x.Charts = []html.Chart{h}
	x.Facts = []html.Fact{{Number: long(us.Work.Median), Of: "of your working hours"}, {Number: long(them.Work.Median), Of: "of the same hours for them"}}
	x.Table.Head = []string{"Who", "While", "Replies", "Median, hours by the clock", "from", "to", "In your working hours", "from", "to"}
	for _, g := range in.Replies {
		who, at := "you", "all"
		if g.By == dottedline.Them {
			who = "they"
		}
		if g.Path != "" {
			at = string(g.Path)
		}
		if g.Wall.N > 0 {
			x.Table.Rows = append(x.Table.Rows, []string{who, at, fmt.Sprint(g.Wall.N), cell(g.Wall.Median.Hours(), 2), cell(g.Wall.Lo.Hours(), 2), cell(g.Wall.Hi.Hours(), 2),
				cell(g.Work.Median.Hours(), 2), cell(g.Work.Lo.Hours(), 2), cell(g.Work.Hi.Hours(), 2)})
		}
	}
	if c := in.First; c.SoonN >= 5 && c.LaterN >= 5 {
		x.Notes = []string{fmt.Sprintf("Of %d deals that have ended and that you first answered within an hour, %s were signed; of %d answered later, %s. An association, no cause.", c.SoonN, between(c.Soon()), c.LaterN, between(c.Later()))}
	}
	return x
}

// heaps counts times into the columns.
func heaps(ds []time.Duration) []int {
	out := make([]int, replyColumns)
	for _, d := range ds {
		m := min(max(d.Minutes(), shortest), longest)
		out[min(replyColumns-1, int(replyColumns*math.Log(m/shortest)/math.Log(longest/shortest)))]++
	}
	return out
}

// velocityInsight is the sales velocity and its four factors by month.
func (v *visit) velocityInsight(in desk.Insights) html.Insight {
	last := in.Velocity[len(in.Velocity)-1]
	x := html.Insight{Name: "velocity", Table: html.Table{Head: []string{"Until", "Open deals", "Mean value", "Signed %", "from", "to", "Ended", "Days to sign", "from", "to", "Velocity a day", "from", "to"}}}
	var all, open, value, wins, cycle html.Series
	at := func(s *html.Series, i int, y float64) { s.Points = append(s.Points, html.XY{X: float64(i), Y: y}) }
	var axis html.Axis
	axis.Max = float64(len(in.Velocity) - 1)
	for i, m := range in.Velocity {
		month := m.At.Add(-time.Second).In(v.zone)
		axis.Ticks = append(axis.Ticks, html.Tick{At: float64(i), Text: month.Format("Jan"), Main: i%4 == 3})
		at(&open, i, float64(m.Open))
		if m.Open > 0 {
			at(&value, i, m.Value)
		}
		row := []string{month.Format(time.DateOnly), fmt.Sprint(m.Open), cell(m.Value, 2)}
		if m.Few() {
			x.Table.Rows = append(x.Table.Rows, append(row, "", "", "", fmt.Sprint(m.Ended), "", "", "", "", "", ""))
			continue
		}
		at(&wins, i, m.Wins.Value)
		at(&cycle, i, m.Cycle.Value)
		at(&all, i, m.PerDay.Value)
		all.Low, all.High = append(all.Low, html.XY{X: float64(i), Y: m.PerDay.Lo}), append(all.High, html.XY{X: float64(i), Y: m.PerDay.Hi})
		row = append(append(row, cells(m.Wins, 100, 1)...), fmt.Sprint(m.Ended))
		x.Table.Rows = append(x.Table.Rows, append(append(row, cells(m.Cycle, 1, 1)...), cells(m.PerDay, 1, 2)...))
	}
	if last.Few() {
		few := tooFew("velocity", "your sales velocity", fmt.Sprintf("Deals that ended in the last ninety days: %d, of them signed: %d. It takes five, one of them signed.", last.Ended, last.Signed))
		few.Table = x.Table
		return few
	}
	inMoney := func(y float64) string { return dottedline.MoneyPerDay(y).In(in.Currency) }
	x.Head = fmt.Sprintf("Your sales velocity is %s a day.", inMoney(last.PerDay.Value))
	if n := len(in.Velocity); n > 3 && !in.Velocity[n-4].Few() {
		switch before := in.Velocity[n-4].PerDay; {
		case last.PerDay.Lo > before.Hi:
			x.Head = fmt.Sprintf("Your sales velocity rose to %s a day, from %s.", inMoney(last.PerDay.Value), inMoney(before.Value))
		case last.PerDay.Hi < before.Lo:
			x.Head = fmt.Sprintf("Your sales velocity fell to %s a day, from %s.", inMoney(last.PerDay.Value), inMoney(before.Value))
		}
	}
	x.Lead = fmt.Sprintf("%s x %s x %s signed, by %.0f days: between %s and %s a day. Win rate and days are those of the ninety days before.",
		count(last.Open, "open deal", "open deals"), inMoney(last.Value), percent(last.Wins.Value), last.Cycle.Value, inMoney(last.PerDay.Lo), inMoney(last.PerDay.Hi))
	x.Charts = []html.Chart{html.Plot{Title: "Sales velocity by month", Desc: x.Lead, X: axis, Y: upTo(top(all), money(in.Currency)), Series: []html.Series{named(all, "Velocity", "a day")}}}
	whole := func(y float64) string { return fmt.Sprintf("%.0f", y) }
	small := func(title string, s html.Series, y html.Axis) html.Chart {
		return html.Plot{Title: title, Desc: "By month; the numbers are in the table.", X: axis, Y: y, Series: []html.Series{named(s, "", "")}, Small: true}
	}
	x.Four = []html.Chart{small("Open deals", open, upTo(top(open), whole)), small("Mean value", value, upTo(top(value), money(in.Currency))), small("Win rate", wins, shares), small("Days to sign", cycle, upTo(top(cycle), whole))}
	return x
}

func named(s html.Series, name, note string) html.Series {
	s.Name, s.Note, s.Dots = name, note, true
	return s
}

// top is the highest point of a line; of its band no more than twice that.
func top(s html.Series) (y float64) {
	for _, p := range s.Points {
		y = max(y, p.Y)
	}
	most := 2 * y
	for _, p := range s.High {
		y = max(y, min(p.Y, most))
	}
	return y
}

// momentumInsight is the momentum of the workspace, week by week.
func (v *visit) momentumInsight(in desk.Insights) html.Insight {
	x := html.Insight{Name: "momentum", Table: html.Table{Head: []string{"Day", "Money a day"}}}
	var s html.Series
	var axis html.Axis
	n := len(in.Days)
	axis.Max = float64(n - 1)
	known := 0
	for i, d := range in.Days {
		s.Points = append(s.Points, html.XY{X: float64(i), Y: in.Momentum[i]})
		if (n-1-i)%4 == 0 {
			axis.Ticks = append(axis.Ticks, html.Tick{At: float64(i), Text: v.tick(d), Main: true})
		}
		x.Table.Rows = append(x.Table.Rows, []string{d.In(v.zone).Format(time.DateOnly), cell(in.Momentum[i], 2)})
		if in.Momentum[i] > 0 {
			known++
		}
	}
	if known == 0 {
		return tooFew("momentum", "your momentum", "No open deal has been watched for an hour yet.")
	}
	per := func(y float64) string { return dottedline.MoneyPerDay(y).In(in.Currency) + " a day" }
	now, before := in.Momentum[n-1], in.Momentum[max(0, n-5)]
	x.Head = "Your momentum is " + per(now) + "."
	x.Lead = "The sum over open deals of value times how likely each is signed on that day, by what is known today of such deals."
	if top(s) < 1 {
		x.Head = "Nothing is about to be signed."
		x.Lead = "Momentum is less than " + shortMoney(1, in.Currency) + " a day: the sum over open deals of value times how likely each is signed on that day. It rises when a yes gets its agreement."
		return x
	}
	if known > 4 {
		x.Lead = fmt.Sprintf("Four weeks ago it was %s. ", per(before)) + x.Lead
	}
	x.Charts = []html.Chart{html.Plot{Title: "Momentum of all open deals", Desc: x.Lead, X: axis, Y: upTo(top(s), money(in.Currency)), Series: []html.Series{named(s, "Momentum", per(now))}}}
	return x
}
