package survival

import (
	"math"
	"slices"
)

// DecayOptions says what to report: P(signed) within Within days at each of
// Landmarks, curve and bands up to Horizon (0: as long as any was watched). A
// known Expiry (days; 0: none) is taken as known.
type DecayOptions struct {
	Landmarks []float64
	Within    float64
	Horizon   float64
	Expiry    float64
}

// Report is how a file of deals decays.
type Report struct {
	Deals     int          `json:"deals"`
	Signed    int          `json:"signed"`
	Lost      int          `json:"lost"`
	Open      int          `json:"open"`
	Horizon   float64      `json:"horizon"`
	Within    float64      `json:"within"`
	Curve     []DecayDay   `json:"curve"`
	Bands     []DecayBand  `json:"bands"`
	Landmarks []Landmark   `json:"landmarks"`
	Hours     []DecayHours `json:"hours,omitempty"` // where times are known by the hour
	Value     *OpenValue   `json:"value,omitempty"`
	LogLik    *Score       `json:"loglik,omitempty"`
	Warnings  []Warning    `json:"warnings,omitempty"`
}

// DecayDay is the curve at the end of a day: the share still open
// (Kaplan-Meier), signed and lost so far (Aalen-Johansen).
type DecayDay struct {
	Day    float64  `json:"day"`
	AtRisk int      `json:"at_risk"`
	Open   Estimate `json:"open"`
	Signed Estimate `json:"signed"`
	Lost   Estimate `json:"lost"`
}

// DecayBand is a stretch of days with constant hazards, per day.
type DecayBand struct {
	From   float64 `json:"from"`
	To     float64 `json:"to"`
	Signed Rate    `json:"signed"`
	Lost   Rate    `json:"lost"`
}

// Rate is a hazard per day with its 95 % credible interval.
type Rate struct {
	Rate     float64   `json:"rate"`
	Lo       float64   `json:"lo"`
	Hi       float64   `json:"hi"`
	Warnings []Warning `json:"warnings,omitempty"`
}

// Landmark is P(signed within some days | still open at Day), 95 % interval.
type Landmark struct {
	Day      float64   `json:"day"`
	P        float64   `json:"p"`
	Lo       float64   `json:"lo"`
	Hi       float64   `json:"hi"`
	Warnings []Warning `json:"warnings,omitempty"`
}

// OpenValue is what the open deals are worth, and what of it the hazards expect
// to be signed up to the horizon.
type OpenValue struct {
	Open     float64 `json:"open"`
	Expected float64 `json:"expected"`
}

// Score is a mean log-likelihood per deal, by cause.
type Score struct {
	Signed float64 `json:"signed"`
	Lost   float64 `json:"lost"`
	Total  float64 `json:"total"`
}

// Decay fits deals and reports their decay; test, when it is not empty, is
// scored with the hazards fitted on deals.
func Decay(deals Deals, test []Spell, o DecayOptions) (Report, error) {
	if err := Check(deals.Spells); err != nil {
		return Report{}, err
	}
	longest := 0.0
	for _, s := range deals.Spells {
		longest = max(longest, s.To)
	}
	whole := wholeDays(deals.Spells)
	spells := deals.Spells
	if whole {
		spells, test = middays(spells), middays(test)
		longest++
	}
	t, err := NewTally(Grid(longest, o.Expiry, whole), 2)
	if err != nil {
		return Report{}, err
	}
	for _, s := range spells {
		t.Add(s)
	}
	h, err := Fit(t, o.Expiry)
	if err != nil {
		return Report{}, err
	}
	if o.Horizon <= 0 {
		o.Horizon = math.Ceil(longest)
	}
	r := Report{Deals: len(spells), Signed: t.Events(Signed), Lost: t.Events(Lost), Horizon: o.Horizon, Within: o.Within, Warnings: h.Warnings}
	r.Open = r.Deals - r.Signed - r.Lost
	if err := r.curve(spells, o.Horizon); err != nil {
		return Report{}, err
	}
	r.model(h, o, longest)
	if deals.Values != nil {
		r.Value = openValue(h, spells, deals.Values, o.Horizon)
	}
	var rhythm *Rhythm
	if !whole {
		rhythm = newRhythm(h, spells)
		r.Hours = rhythm.hours()
	}
	if len(test) > 0 {
		l := h.LogLik(test)
		if rhythm != nil {
			rhythm.logLik(h, test, l)
		}
		r.LogLik = &Score{l[0], l[1], l[0] + l[1]}
	}
	if whole {
		r.Warnings = append(r.Warnings, WholeDays)
	}
	if o.Expiry == 0 && looksExpiring(h) {
		r.Warnings = append(r.Warnings, LooksExpiring)
	}
	return r, nil
}

func (r *Report) model(h *Hazards, o DecayOptions, longest float64) {
	for g, from := range h.Starts {
		if g > 0 && from >= o.Horizon {
			break
		}
		s, l := h.Rate(Signed, g), h.Rate(Lost, g)
		r.Bands = append(r.Bands, DecayBand{from, math.Min(h.end(g), longest),
			Rate{s.Value, s.Lo, s.Hi, s.Warnings}, Rate{l.Value, l.Lo, l.Hi, l.Warnings}})
	}
	for _, d := range o.Landmarks {
		e := h.Within(Signed, d, o.Within)
		r.Landmarks = append(r.Landmarks, Landmark{d, e.Value, e.Lo, e.Hi, e.Warnings})
	}
}

// mostDays is how many points a curve is told at.
const mostDays = 120

func (r *Report) curve(spells []Spell, horizon float64) error {
	km, err := KaplanMeier(spells, LogLog)
	if err != nil {
		return err
	}
	aj, err := AalenJohansen(spells, 2)
	if err != nil {
		return err
	}
	step := math.Ceil(horizon / mostDays)
	for d := 0.0; d <= horizon; d += step {
		i, found := slices.BinarySearch(km.Time, d)
		at := 0
		if i < len(km.AtRisk) {
			at = km.AtRisk[i]
		}
		if !found && d > km.Time[len(km.Time)-1] {
			break
		}
		open := km.At(d)
		if math.IsNaN(open.Lo) { // nobody is left: R has no limits, JSON no NaN
			open.Lo, open.Hi = open.Value, open.Value
		}
		r.Curve = append(r.Curve, DecayDay{d, at, open, aj.At(Signed, d), aj.At(Lost, d)})
	}
	return nil
}

// wholeDays says whether times were written down as whole days, so that "0" is
// some time on the first day.
func wholeDays(spells []Spell) bool {
	return !slices.ContainsFunc(spells, func(s Spell) bool { return s.To != math.Trunc(s.To) })
}

func middays(spells []Spell) []Spell {
	out := slices.Clone(spells)
	for i := range out {
		out[i].To = math.Trunc(out[i].To) + 0.5
	}
	return out
}

// looksExpiring says whether a day or less takes a third of those who reach it
// when the days before and after take far less: no crowd decides like that.
func looksExpiring(h *Hazards) bool {
	for g := 1; g+1 < len(h.Starts); g++ {
		x := h.rate[Lost-1][g]
		if h.Starts[g] >= 2 && x > 5*h.rate[Lost-1][g-1] && x > 3*h.rate[Lost-1][g+1] && h.end(g)-h.Starts[g] <= 1 && -math.Expm1(-x) > 1./3 {
			return true
		}
	}
	return false
}

func openValue(h *Hazards, spells []Spell, values []float64, horizon float64) *OpenValue {
	v := &OpenValue{}
	for i, s := range spells {
		if s.Cause == Open {
			p, _ := h.within(Signed, s.To, math.Max(0, horizon-s.To))
			v.Open += values[i]
			v.Expected += values[i] * p
		}
	}
	return v
}
