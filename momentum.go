package dottedline

import (
	"fmt"
	"math"
	"sync"
	"time"

	"dottedline/survival"
)

// Learned is all that a workspace's own deals have taught: what their clocks
// have seen and how many minutes its actions take. It is plain data, it adds up,
// and no two workspaces share it.
type Learned struct {
	Counts  []survival.Count    `json:"counts,omitempty"`
	Efforts map[Action][3]int64 `json:"efforts,omitempty"` // as survival.Effort.Sums gives them
}

// Model says what becomes of deals and what waiting costs, from what is typical
// and what a workspace has learned. It does not change.
type Model struct {
	learned Learned
	clock   *survival.Clock
	outlook *survival.Outlook
	waits   [survival.States][]survival.Wait // P(signed) as our move, or their silence, waits
	minutes map[Action]survival.Estimate

	onceCalendar sync.Once
	cal          *survival.Calendar
}

// NewModel solves the model of what was learned; nothing gives what is typical.
func NewModel(l Learned) (*Model, error) {
	m := &Model{learned: l, clock: survival.NewClock(), minutes: map[Action]survival.Estimate{}}
	for _, c := range l.Counts {
		if err := m.clock.Add(c); err != nil {
			return nil, fmt.Errorf("model: %w", err)
		}
	}
	var err error
	if m.outlook, err = m.clock.Solve(); err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	for i := range m.waits {
		if k := survival.StateAt(i); k.Ours {
			m.waits[i] = falling(m.outlook.Waiting(k))
		} else {
			m.waits[i] = silence(m.outlook, k)
		}
	}
	for _, a := range actions {
		e := survival.Effort{Prior: a.Minutes(), Worth: effortWorth}
		if sums, ok := l.Efforts[a]; ok {
			e.Load(sums[0], sums[1], sums[2])
		}
		m.minutes[a] = e.Minutes()
	}
	return m, nil
}

// effortWorth is how many actions the prior of their minutes counts like.
const effortWorth = 5

// Typical is the model before the first deal: typical, not yet yours.
var Typical = sync.OnceValue(func() *Model {
	m, err := NewModel(Learned{})
	if err != nil {
		panic(err) // the prior is ours, and a test solves it
	}
	return m
})

// Learned is what the model was made of.
func (m *Model) Learned() Learned { return m.learned }

// Minutes of work that an action takes, with a 95 % interval.
func (m *Model) Minutes(a Action) survival.Estimate {
	return m.minutes[a]
}

// leastRate keeps every deal that waits in some cell of the ranking, at next to
// nothing a day where waiting costs nothing.
var leastRate = survival.CellRate(1)

// falling puts rates on the ladder of cells, each interval around its rung, and P
// on the curve that they make.
func falling(ws []survival.Wait) []survival.Wait {
	for i := range ws {
		rate := max(survival.OnLadder(ws[i].Rate), leastRate)
		ws[i].Lo, ws[i].Hi = max(0, ws[i].Lo+rate-ws[i].Rate), ws[i].Hi+rate-ws[i].Rate
		ws[i].Rate = rate
		if i+1 < len(ws) {
			ws[i+1].P = ws[i].P * math.Exp(-rate*(ws[i+1].From-ws[i].From))
		}
	}
	return ws
}

// nudgeSaves is the share of what silence costs that a nudge is taken to save: a
// judgement, because nobody's mail says what would have come without it.
const nudgeSaves = 0.5

// silence is how P(signed) falls while they don't move, of which a nudge saves
// its share.
func silence(o *survival.Outlook, k survival.State) []survival.Wait {
	starts := survival.ClockStarts()
	ws := make([]survival.Wait, len(starts))
	p := o.Chance(k, 0)
	for g, from := range starts {
		rate := 0.0
		if g+1 < len(starts) {
			now, then := o.Chance(k, from), o.Chance(k, starts[g+1])
			if now > 0 && then > 0 {
				rate = math.Log(now/then) / (starts[g+1] - from)
			}
		} else {
			rate = ws[g-1].Rate / nudgeSaves
		}
		ws[g] = survival.Wait{From: from, P: p, Rate: max(rate, 0) * nudgeSaves}
		h := o.Hazard(k, from, survival.NoMore)
		ws[g].Lo = max(0, ws[g].Rate-nudgeSaves*(h.Value-h.Lo))
		ws[g].Hi = ws[g].Rate + nudgeSaves*(h.Hi-h.Value)
	}
	return falling(ws)
}

// Outlook is what becomes of a deal, with 95 % intervals.
type Outlook struct {
	Signed   survival.Estimate // P(signed in the end) if it goes on as such deals do
	Days     float64           // expected until it ends
	Momentum survival.Estimate // money per day: value times the hazard of being signed now
	Own      float64           // the share of it that comes from the workspace's own deals; the rest is typical
}

// Outlook says what becomes of a deal at now; ok is false after its end and
// while nobody has moved. Its value is in major units of the workspace's money.
func (m *Model) Outlook(s State, now time.Time, value float64) (o Outlook, ok bool) {
	k, since, ok := s.onClock()
	if !ok {
		return o, false
	}
	age := max(0, inDays(now.Sub(since)))
	o.Signed, o.Days = m.outlook.Signed(k, age), m.outlook.Days(k, age)
	if left, known := s.left(now); known {
		o.Signed, o.Days = m.inTime(o.Signed, k, age, left), min(o.Days, left)
	}
	o.Own = m.clock.Own(k.Path, k.Ours)
	h := m.outlook.Hazard(k, age, survival.Signing)
	if left, known := s.left(now); known && left == 0 {
		h = survival.Estimate{Warnings: h.Warnings}
	}
	o.Momentum = survival.Estimate{Value: value * h.Value, Lo: value * h.Lo, Hi: value * h.Hi, Warnings: h.Warnings}
	return o, true
}

// HazardAt is the hazard per day of being signed, in a state of the clock at an
// age in days.
func (m *Model) HazardAt(k survival.State, age float64) survival.Estimate {
	return m.outlook.Hazard(k, age, survival.Signing)
}

// waiting is the fall of P(signed) that an action would stop, and since when it
// falls, as far as is needed at now.
func (m *Model) waiting(s State, st Standing, now time.Time) (ws []survival.Wait, since time.Time) {
	k, _, _ := s.onClock()
	switch {
	case st.Action == Countersign: // what is missing is ours alone: all that can come is that they take it back
		k = survival.State{Path: survival.Yes, Ours: true, Paper: true, Speed: k.Speed}
		ws = make([]survival.Wait, len(stayCells))
		p := 1.0
		for g, from := range survival.ClockStarts() {
			h := m.outlook.Hazard(k, from, survival.NoMore)
			ws[g] = survival.Wait{From: from, P: p, Rate: h.Value, Lo: h.Lo, Hi: h.Hi}
		}
		return falling(ws), st.Since
	case s.Path.Ended(): // they write after the end: a talk that begins again, but for a tenth of its hope
		ws = append(ws, m.waits[survival.State{Ours: true}.Index()]...)
		for i := range ws {
			ws[i].P *= afterEnd
		}
		return ws, st.Since
	case st.Action.pokes() && !s.Ball.Since.IsZero(): // before the first mail nobody has the ball
		return m.expiring(m.waits[k.Index()], k, s, s.Ball.Since, now), s.Ball.Since
	}
	k.Ours = true
	ws = m.waits[k.Index()]
	k.Ours = false // the state that our move leads to
	return m.expiring(ws, k, s, st.Since, now), st.Since
}

// afterEnd is how much of a new talk's P(signed) is left after an end: a judgement.
const afterEnd = 0.1

// place fills in the standing of a deal of that value, in major units.
func (m *Model) place(st *Standing, s State, now time.Time, v float64) {
	ws, since := m.waiting(s, *st, now)
	g := 0
	for g+1 < len(ws) && !since.Add(ofDays(ws[g+1].From)).After(now) {
		g++
	}
	if g+1 < len(ws) {
		st.Next = first(st.Next, since.Add(ofDays(ws[g+1].From)))
	}
	st.Minutes = m.Minutes(st.Action).Value
	p := survival.PlaceOf(ws[g:g+1], v, st.Minutes, days(since), days(now))
	st.Cell, st.Key, st.Decay = Cell(p.Cell), p.Key, survival.CellRate(p.Cell)
	st.Waiting = survival.CostOfWaiting(ws[g:g+1], v, inDays(now.Sub(since)))
	st.Won = survival.StillWon(ws[g:g+1], inDays(now.Sub(since)))
}
