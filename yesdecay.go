package dottedline

import (
	"math"
	"time"

	"gonum.org/v1/gonum/mat"

	"dottedline/survival"
)

// soonDays is how soon an agreement follows its yes to count as soon, in days,
// and the day from which on yeses are compared.
const soonDays = 1

// YesDecay compares what became of yeses whose agreement was out within a day
// with those where it was not. Both are watched from that day on, so that no
// group holds a yes because it lived long enough to be in it (a landmark
// analysis, Anderson 1983); a yes that ended within its first day is in neither.
type YesDecay struct {
	Soon, Late YesGroup
	Early      int                  // ended within the first day
	Differ     survival.LogRankTest // of being lost, a signature ending the watch
	Tested     bool                 // Differ is set: both groups hold a yes
	Signing    Hazards              // of being signed
	Losing     Hazards              // of being lost
}

// YesGroup are yeses watched from the first day on. Ends holds the shares
// signed and lost since; HalfLife is the day by which half would be lost if none
// were signed.
type YesGroup struct {
	N, Signed, Lost int
	Ends            survival.Incidence
	HalfLife        survival.Estimate
	spells          []survival.Spell
}

// Standing is the share that was not lost by a day after the yes, with its
// 95 % interval, and how many were still open then.
func (g YesGroup) Standing(day float64) (e survival.Estimate, atRisk int) {
	if len(g.spells) == 0 {
		return survival.Estimate{Hi: 1, Warnings: []survival.Warning{survival.TooFew}}, 0
	}
	lost := g.Ends.At(survival.Lost, day)
	for _, s := range g.spells {
		if s.From < day && day <= s.To || day <= soonDays && s.From <= soonDays {
			atRisk++
		}
	}
	return survival.Estimate{Value: 1 - lost.Value, Lo: 1 - lost.Hi, Hi: 1 - lost.Lo, Warnings: lost.Warnings}, atRisk
}

// Hazards are Cox's ratios of hazards, each with its test of proportionality.
// They are associations: nobody drew lots who gets the agreement soon.
type Hazards struct {
	Events int
	Ratios []HazardRatio // empty where there is too little to fit
}

// HazardRatio is one column of a Cox model.
type HazardRatio struct {
	Of    string
	Ratio survival.Estimate
	PH    survival.PHTest
}

// DecayOfYes measures on all deals that were said yes to.
func DecayOfYes(fs []DealFacts, now time.Time) YesDecay {
	var d YesDecay
	var all []survival.Spell
	var columns [][2]float64
	for _, f := range fs {
		if f.Yes.IsZero() {
			continue
		}
		s := survival.Spell{From: max(soonDays, inDays(f.Made.Sub(f.Yes))), To: inDays(now.Sub(f.Yes))}
		if f.Path.Ended() {
			s.To, s.Cause = inDays(f.Ended.Sub(f.Yes)), survival.Lost
			if f.Path == Signed {
				s.Cause = survival.Signed
			}
		}
		if s.To <= s.From {
			if s.Cause != survival.Open && s.From == soonDays {
				d.Early++
			}
			continue
		}
		g, soon := &d.Late, 0.0
		if !f.Sent.IsZero() && inDays(f.Sent.Sub(f.Yes)) <= soonDays {
			g, soon = &d.Soon, 1
		}
		g.add(s)
		all = append(all, s)
		columns = append(columns, [2]float64{soon, math.Log10(max(1, f.Value))})
	}
	d.Soon.fit()
	d.Late.fit()
	if d.Soon.N > 0 && d.Late.N > 0 {
		var err error
		d.Differ, err = survival.LogRank([][]survival.Spell{d.Soon.spells, d.Late.spells}, survival.Lost)
		d.Tested = err == nil
	}
	d.Signing, d.Losing = ratios(all, columns, survival.Signed), ratios(all, columns, survival.Lost)
	return d
}

func (g *YesGroup) add(s survival.Spell) {
	g.N++
	switch s.Cause {
	case survival.Signed:
		g.Signed++
	case survival.Lost:
		g.Lost++
	}
	g.spells = append(g.spells, s)
}

func (g *YesGroup) fit() {
	g.HalfLife = survival.Estimate{Value: math.Inf(1), Hi: math.Inf(1), Warnings: []survival.Warning{survival.TooFew}}
	if len(g.spells) == 0 {
		return
	}
	g.Ends, _ = survival.AalenJohansen(g.spells, 2) // the spells are ours and sound
	open := make([]survival.Spell, len(g.spells))
	for i, s := range g.spells {
		if s.Cause == survival.Signed {
			s.Cause = survival.Open
		}
		open[i] = s
	}
	if c, err := survival.KaplanMeier(open, survival.LogLog); err == nil {
		g.HalfLife = c.Quantile(0.5)
	}
}

// eventsEach is how many events a column of a Cox model needs.
const eventsEach = 10

// ratios fits how the hazard of one end goes with an early agreement and with
// ten times the value.
func ratios(spells []survival.Spell, columns [][2]float64, cause int) (h Hazards) {
	for _, s := range spells {
		if s.Cause == cause {
			h.Events++
		}
	}
	if h.Events < 2*eventsEach {
		return h
	}
	x := mat.NewDense(len(spells), 2, nil)
	for i, c := range columns {
		x.SetRow(i, c[:])
	}
	names := []string{"Agreement within a day", "Ten times the value"}
	f, err := survival.Cox(spells, x, cause, survival.Efron)
	if err != nil { // all of one value: nothing to compare them by
		f, err = survival.Cox(spells, x.Slice(0, len(spells), 0, 1), cause, survival.Efron)
		names = names[:1]
	}
	if err != nil {
		return h
	}
	for j, name := range names {
		r := HazardRatio{Of: name, Ratio: f.Ratio(j)}
		if j < len(f.PH) {
			r.PH = f.PH[j]
		}
		h.Ratios = append(h.Ratios, r)
	}
	return h
}
