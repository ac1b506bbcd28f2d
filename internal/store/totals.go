package store

import (
	"math"
	"time"

	"dottedline"
)

// Totals are what all deals and mails of a workspace come to together.
type Totals struct {
	Seq     int64 // of the change that they hold for
	At      time.Time
	Waiting int              // deals in Now
	Open    int64            // deals that have not ended
	Yes     int64            // of these, past the yes
	Ours    int64            // of these, with the ball on our side
	Worth   map[string]int64 // of these, in minor units by currency
	Mails   int64

	cost map[dottedline.Cell]float64 // of waiting, in money per day at At
}

// Cost is what all waiting costs together at now. It is exact for any now, since
// the costs of a cell fall at one rate.
func (x Totals) Cost(now time.Time) (sum dottedline.MoneyPerDay) {
	for c, cost := range x.cost {
		sum += dottedline.MoneyPerDay(cost * math.Exp(-c.Rate()*now.Sub(x.At).Hours()/24))
	}
	return sum
}

// Seq counts the changes of the workspace.
func (t *Tx) Seq() (int64, error) {
	n, _, err := val[int64](t, `SELECT seq FROM workspaces WHERE ws = $1`)
	return n, err
}

// Totals reads all deals, in their indexes alone.
func (t *Tx) Totals() (Totals, error) {
	x := Totals{At: t.Now, cost: map[dottedline.Cell]float64{}}
	var err error
	if x.Seq, err = t.Seq(); err != nil {
		return x, err
	}
	if err := t.openTotals(&x); err != nil {
		return x, err
	}
	if x.Mails, _, err = val[int64](t, `SELECT COUNT(*) FROM mails WHERE ws = $1`); err != nil {
		return x, err
	}
	cells, err := vals[dottedline.Cell](t, usedCells+` SELECT cell FROM c WHERE cell IS NOT NULL`)
	for _, c := range cells {
		type sum struct {
			n    int
			cost float64
		}
		at0 := dottedline.Standing{Decay: c.Rate()}.PerMinute(t.Now)
		s, _, err := one(t, func(s *sum) []any { return []any{&s.n, &s.cost} },
			`SELECT COUNT(*), SUM(minutes * EXP(rank_key + $3)) FROM deals WHERE ws = $1 AND cell = $2 AND cell > 0`, c, at0)
		if err != nil {
			return x, err
		}
		x.Waiting, x.cost[c] = x.Waiting+s.n, s.cost
	}
	return x, err
}

func (t *Tx) openTotals(x *Totals) error {
	type group struct {
		path     dottedline.Path
		ball     dottedline.Side
		currency string
		n, value int64
	}
	gs, err := all(t, func(g *group) []any { return []any{&g.path, &g.ball, &g.currency, &g.n, &g.value} },
		`SELECT path, ball, currency, COUNT(*), CAST(SUM(value) AS BIGINT) FROM deals WHERE ws = $1 AND merged = 0 AND ended_at = 0 GROUP BY path, ball, currency`)
	x.Worth = map[string]int64{}
	for _, g := range gs {
		x.Open += g.n
		x.Worth[g.currency] += g.value
		if g.path == dottedline.Yes {
			x.Yes += g.n
		}
		if g.ball == dottedline.Us {
			x.Ours += g.n
		}
	}
	return err
}
