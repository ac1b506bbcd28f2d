package survival

import "math"

// Rhythm is how the hazards rise and fall with the hour of the day at which
// something began: people who got an offer in the morning sign in the morning,
// and nobody signs at night. Times[k-1][b] multiplies the hazard of cause k in
// part b of each day from the second on; over all days it leaves as many
// events expected as the hazards do, so that what is said of whole days stays.
type Rhythm struct {
	Times [][rhythmParts]float64
}

const (
	rhythmParts = 12  // of two hours
	rhythmFrom  = 1.0 // days: before, the cells are hours
	rhythmWorth = 5.0 // events that "no rhythm" counts like in each part
)

// newRhythm counts what ended in each part of the day beside what the hazards
// expect there.
func newRhythm(h *Hazards, spells []Spell) *Rhythm {
	r := &Rhythm{Times: make([][rhythmParts]float64, h.Causes)}
	expected := make([][rhythmParts]float64, h.Causes)
	ended := make([][rhythmParts]float64, h.Causes)
	for _, s := range spells {
		h.parts(s, func(k, part int, hazard float64) { expected[k][part] += hazard })
		if s.Cause >= 1 && s.Cause <= h.Causes && s.To >= rhythmFrom {
			ended[s.Cause-1][partOf(s.To)]++
		}
	}
	for k := range r.Times {
		with, without := rhythmWorth, rhythmWorth
		for b := range rhythmParts {
			r.Times[k][b] = (ended[k][b] + rhythmWorth) / (expected[k][b] + rhythmWorth)
			with += expected[k][b] * r.Times[k][b]
			without += expected[k][b]
		}
		for b := range rhythmParts {
			r.Times[k][b] *= without / with
		}
	}
	return r
}

func partOf(t float64) int { return int((t-math.Floor(t))*rhythmParts) % rhythmParts }

// parts tells the hazard of each cause that a spell lived through in each part
// of each day, from the second on.
func (h *Hazards) parts(s Spell, tell func(k, part int, hazard float64)) {
	from := math.Max(s.From, rhythmFrom)
	for n := math.Floor(from * rhythmParts); from < s.To; n++ {
		to := math.Min((n+1)/rhythmParts, s.To)
		for g := h.Cell(from); g < len(h.Starts) && h.Starts[g] < to; g++ {
			days := math.Min(to, h.end(g)) - math.Max(from, h.Starts[g])
			for k := range h.rate {
				tell(k, int(n)%rhythmParts, h.rate[k][g]*days)
			}
		}
		from = to
	}
}

// logLik adds to the mean log-likelihoods of LogLik what the rhythm changes.
func (r *Rhythm) logLik(h *Hazards, spells []Spell, to []float64) {
	more := make([]float64, h.Causes)
	for _, s := range spells {
		h.parts(s, func(k, part int, hazard float64) { more[k] -= hazard * (r.Times[k][part] - 1) })
		if s.Cause >= 1 && s.Cause <= h.Causes && s.To >= rhythmFrom {
			more[s.Cause-1] += math.Log(r.Times[s.Cause-1][partOf(s.To)])
		}
	}
	for k := range to {
		to[k] += more[k] / float64(len(spells))
	}
}

// DecayHours is how many times as often as on the average something is signed
// or lost in hours From to To of each day since the start, from the second day on.
type DecayHours struct {
	From   float64 `json:"from"`
	To     float64 `json:"to"`
	Signed float64 `json:"signed"`
	Lost   float64 `json:"lost"`
}

func (r *Rhythm) hours() (out []DecayHours) {
	const each = 24. / rhythmParts
	for b := range rhythmParts {
		out = append(out, DecayHours{each * float64(b), each * float64(b+1), r.Times[Signed-1][b], r.Times[Lost-1][b]})
	}
	return out
}
