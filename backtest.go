package dottedline

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"dottedline/survival"
)

// History is a deal from when it was made here, with all its touches.
type History struct {
	Made    time.Time
	Touches []Touch
}

// backtestWithin is the days within which a backtest asks for the signature.
const backtestWithin = 28

// backtestDays are the days since a deal was made at which it is asked about.
var backtestDays = []float64{0, 1, 3, 7, 14, 28, 56}

// Backtest is how well the model, and others, would have told who signs.
type Backtest struct {
	Deals    int                `json:"deals"`
	Asked    int                `json:"asked"`
	Signed   int                `json:"signed"`
	Within   float64            `json:"within"`
	Models   []Scored           `json:"models"`
	Warnings []survival.Warning `json:"warnings,omitempty"`
}

// Scored is one model's score. LogLik is the mean log-likelihood per answer and
// Brier the mean squared error; Concordance is the share of pairs, one signed and
// one not, of which it gave the signed one the higher chance.
type Scored struct {
	Model       string       `json:"model"`
	LogLik      float64      `json:"loglik"`
	Brier       float64      `json:"brier"`
	Concordance float64      `json:"concordance"`
	Days        []Calibrated `json:"days"`
}

// Calibrated is what was said at one day since the start, on the average, beside
// the share that was signed.
type Calibrated struct {
	Day    float64 `json:"day"`
	N      int     `json:"n"`
	Said   float64 `json:"said"`
	Signed float64 `json:"signed"`
}

// question asks on a day whether a deal is signed within backtestWithin.
type question struct {
	at     time.Time
	day    float64
	state  State
	signed bool
	said   []float64 // by model
}

// RunBacktest replays the histories day by day. What is said on a day rests on
// what was known at the beginning of its week: nothing of later, and of a deal
// that was still open then no end.
func RunBacktest(hs []History, now time.Time) (Backtest, error) {
	b := Backtest{Deals: len(hs), Within: backtestWithin}
	names := []string{"dottedline", "constant hazard", "days in stage", "Kaplan-Meier"}
	qs := questions(hs, now)
	var stays []Stay
	var ends []deadline
	for _, h := range hs {
		stays = append(stays, Stays(slices.Clone(h.Touches), h.Made, now)...)
		ends = append(ends, endOf(h, now))
	}
	const week = 7 * 24 * time.Hour
	for i := 0; i < len(qs); {
		from := qs[i].at.Truncate(week)
		j := i
		for j < len(qs) && qs[j].at.Truncate(week).Equal(from) {
			j++
		}
		if err := answer(qs[i:j], qs[:i], stays, ends, from); err != nil {
			return b, fmt.Errorf("backtest: %w", err)
		}
		i = j
	}
	for _, q := range qs {
		b.Asked++
		if q.signed {
			b.Signed++
		}
	}
	for k, name := range names {
		b.Models = append(b.Models, score(name, k, qs))
	}
	if b.Signed < 5 || b.Asked-b.Signed < 5 {
		b.Warnings = append(b.Warnings, survival.TooFew)
	}
	return b, nil
}

// questions are all that can be asked and checked by now, in order of time.
func questions(hs []History, now time.Time) (qs []question) {
	for _, h := range hs {
		end := endOf(h, now)
		for _, d := range backtestDays {
			at := h.Made.Add(ofDays(d))
			until := at.Add(ofDays(backtestWithin))
			if !at.Before(end.at) || until.After(now) && end.cause == survival.Open {
				continue
			}
			var before []Touch
			for _, t := range h.Touches {
				if !t.At.After(at) {
					before = append(before, t)
				}
			}
			s, _ := Fold(before)
			if _, _, ok := s.onClock(); ok {
				qs = append(qs, question{at: at, day: d, state: s, signed: end.cause == survival.Signed && !end.at.After(until)})
			}
		}
	}
	slices.SortStableFunc(qs, func(a, b question) int { return a.at.Compare(b.at) })
	return qs
}

// deadline is when a deal that was made at some time ended, and how.
type deadline struct {
	made, at time.Time
	cause    int
}

func endOf(h History, now time.Time) deadline {
	s, _ := Fold(slices.Clone(h.Touches))
	switch s.Path {
	case Signed:
		return deadline{h.Made, s.Steps.Ended, survival.Signed}
	case No, Quiet:
		return deadline{h.Made, s.Steps.Ended, survival.Lost}
	}
	return deadline{h.Made, now, survival.Open}
}

// answer lets every model answer the questions of a week from what was known at
// its beginning; before are the questions of earlier weeks.
func answer(qs, before []question, stays []Stay, ends []deadline, from time.Time) error {
	clock := survival.NewClock()
	for _, x := range stays {
		x.To = min(x.To, from.Sub(x.Start))
		if x.To <= x.From {
			continue
		}
		if x.Start.Add(x.To).Equal(from) {
			x.Event = survival.Open
		}
		if err := clock.Observe(x.State, inDays(x.From), inDays(x.To), x.Event); err != nil {
			return err
		}
	}
	o, err := clock.Solve()
	if err != nil {
		return err
	}
	calendar := o.Calendar(backtestWithin)
	rival := rivalsAt(ends, before, from)
	for i := range qs {
		q := &qs[i]
		k, since, _ := q.state.onClock()
		q.said = []float64{calendar.Signed(k, max(0, inDays(q.at.Sub(since))), backtestWithin), rival.constant(), rival.stage(q), rival.curve(q.day)}
	}
	return nil
}

// rivals are what others would say. All begin from one deal that ran thirty days
// and was signed by a fifth, as the typical one is: with nothing they could say
// nothing.
type rivals struct {
	signed, lost float64 // hazards per day
	stages       map[Path][2]float64
	curves       survival.Incidence
	known        bool
}

const (
	typicalSigned = 0.21
	typicalDays   = 30
	rotten        = typicalDays // days in one stage from which on its chance counts half
)

func rivalsAt(ends []deadline, before []question, from time.Time) rivals {
	r := rivals{signed: typicalSigned, lost: 1 - typicalSigned, stages: map[Path][2]float64{}}
	days := float64(typicalDays)
	var spells []survival.Spell
	for _, e := range ends {
		if !e.made.Before(from) {
			continue
		}
		cause, at := e.cause, e.at
		if at.After(from) {
			cause, at = survival.Open, from
		}
		d := inDays(at.Sub(e.made))
		if d <= 0 {
			continue
		}
		spells = append(spells, survival.Spell{To: d, Cause: cause})
		days += d
		switch cause {
		case survival.Signed:
			r.signed++
		case survival.Lost:
			r.lost++
		}
	}
	r.signed, r.lost = r.signed/days, r.lost/days
	for _, q := range before {
		if q.at.Add(ofDays(backtestWithin)).After(from) {
			continue
		}
		s := r.stages[q.state.Path]
		s[1]++
		if q.signed {
			s[0]++
		}
		r.stages[q.state.Path] = s
	}
	var err error
	if r.curves, err = survival.AalenJohansen(spells, 2); err == nil {
		r.known = true
	}
	return r
}

func (r rivals) constant() float64 {
	all := r.signed + r.lost
	return r.signed / all * -math.Expm1(-all*backtestWithin)
}

// stage is the share signed from that stage so far, halved once it is rotten.
func (r rivals) stage(q *question) float64 {
	s := r.stages[q.state.Path]
	p := (s[0] + typicalSigned) / (s[1] + 1)
	since := q.state.Steps.Met
	switch q.state.Path {
	case Asked:
		since = q.state.Steps.Asked
	case Yes:
		since = q.state.Steps.Yes
	}
	if inDays(q.at.Sub(since)) > rotten {
		p /= 2
	}
	return p
}

// curve is the share signed next of those still open on that day; the constant
// hazard where nobody was watched for so long.
func (r rivals) curve(day float64) float64 {
	if r.known {
		if p := r.curves.Within(survival.Signed, day, backtestWithin); !math.IsNaN(p) {
			return p
		}
	}
	return r.constant()
}

// surest is the least chance that is scored: who says never and errs would
// otherwise lose everything by one answer.
const surest = 0.005

func score(name string, k int, qs []question) Scored {
	s := Scored{Model: name}
	byDay := map[float64]*Calibrated{}
	for _, q := range qs {
		p := min(max(q.said[k], surest), 1-surest)
		c := byDay[q.day]
		if c == nil {
			c = &Calibrated{Day: q.day}
			byDay[q.day] = c
		}
		c.N, c.Said = c.N+1, c.Said+q.said[k]
		y := 0.0
		if q.signed {
			y = 1
			c.Signed++
			s.LogLik += math.Log(p)
		} else {
			s.LogLik += math.Log1p(-p)
		}
		s.Brier += (q.said[k] - y) * (q.said[k] - y)
	}
	n := float64(max(1, len(qs)))
	s.LogLik, s.Brier, s.Concordance = s.LogLik/n, s.Brier/n, concordance(qs, k)
	for _, c := range byDay {
		c.Said, c.Signed = c.Said/float64(c.N), c.Signed/float64(c.N)
		s.Days = append(s.Days, *c)
	}
	slices.SortFunc(s.Days, func(a, b Calibrated) int { return cmp.Compare(a.Day, b.Day) })
	return s
}

// concordance by ranks; ties count half. It is a half where there are no pairs.
func concordance(qs []question, k int) float64 {
	by := slices.Clone(qs)
	slices.SortFunc(by, func(a, b question) int { return cmp.Compare(a.said[k], b.said[k]) })
	var ranks, signed float64
	for i := 0; i < len(by); {
		j := i
		for j < len(by) && by[j].said[k] == by[i].said[k] {
			j++
		}
		for _, q := range by[i:j] {
			if q.signed {
				ranks += float64(i+1+j) / 2
				signed++
			}
		}
		i = j
	}
	other := float64(len(by)) - signed
	if signed == 0 || other == 0 {
		return 0.5
	}
	return (ranks - signed*(signed+1)/2) / (signed * other)
}
