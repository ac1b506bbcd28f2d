package store

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"dottedline"
	"dottedline/survival"
)

const stayCols = `state, start_at, from_ms, to_ms, event`

func scanStay(x *dottedline.Stay) []any {
	return []any{stateScan{&x.State}, timeScan{&x.Start}, msScan{&x.From}, msScan{&x.To}, &x.Event}
}

// Stays are the stored stays of a deal's clock, in order.
func (t *Tx) Stays(d dottedline.DealID) ([]dottedline.Stay, error) {
	return all(t, scanStay, `SELECT `+stayCols+` FROM stays WHERE ws = $1 AND deal = $2 ORDER BY n`, d)
}

// PutStays makes the stored stays of a deal equal to xs and moves the
// workspace's counts by the difference: as much work as there are differences.
func (t *Tx) PutStays(d dottedline.DealID, xs []dottedline.Stay) error {
	had, err := t.Stays(d)
	if err != nil {
		return err
	}
	same := 0
	for same < min(len(had), len(xs)) && had[same] == xs[same] {
		same++
	}
	if same == len(had) && same == len(xs) {
		return nil
	}
	if err := t.do(`DELETE FROM stays WHERE ws = $1 AND deal = $2 AND n >= $3`, d, same); err != nil {
		return err
	}
	for i, x := range xs[same:] {
		if err := t.do(`INSERT INTO stays (ws, deal, n, `+stayCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			d, same+i, x.State.Index(), us(x.Start), x.From.Milliseconds(), x.To.Milliseconds(), x.Event); err != nil {
			return err
		}
	}
	moved := map[cellKey]survival.Count{}
	if err := tally(moved, had[same:], -1); err != nil {
		return err
	}
	if err := tally(moved, xs[same:], 1); err != nil {
		return err
	}
	return t.addCounts(moved)
}

type cellKey struct{ state, cell int }

func tally(into map[cellKey]survival.Count, xs []dottedline.Stay, sign int64) error {
	for _, x := range xs {
		cs, err := x.Counts()
		if err != nil {
			return err
		}
		for _, c := range cs {
			k := cellKey{c.State, c.Cell}
			sum := into[k]
			sum.State, sum.Cell, sum.Millis = c.State, c.Cell, sum.Millis+sign*c.Millis
			for e, n := range c.Events {
				sum.Events[e] += sign * n
			}
			into[k] = sum
		}
	}
	return nil
}

func (t *Tx) addCounts(moved map[cellKey]survival.Count) error {
	for _, c := range moved {
		if c == (survival.Count{State: c.State, Cell: c.Cell}) {
			continue
		}
		if err := t.do(`INSERT INTO counts (ws, `+countCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (ws, state, cell) DO UPDATE SET ms = counts.ms + excluded.ms, answered = counts.answered + excluded.answered,
			stepped = counts.stepped + excluded.stepped, signing = counts.signing + excluded.signing, nomore = counts.nomore + excluded.nomore`,
			c.State, c.Cell, c.Millis, c.Events[0], c.Events[1], c.Events[2], c.Events[3]); err != nil {
			return err
		}
	}
	return nil
}

const countCols = `state, cell, ms, answered, stepped, signing, nomore`

// Learned is all that the workspace's deals have taught until now.
func (t *Tx) Learned() (l dottedline.Learned, err error) {
	l.Counts, err = all(t, func(c *survival.Count) []any {
		return []any{&c.State, &c.Cell, &c.Millis, &c.Events[0], &c.Events[1], &c.Events[2], &c.Events[3]}
	}, `SELECT `+countCols+` FROM counts WHERE ws = $1 ORDER BY state, cell`)
	if err != nil {
		return l, err
	}
	l.Counts = slices.DeleteFunc(l.Counts, func(c survival.Count) bool { return c == survival.Count{State: c.State, Cell: c.Cell} })
	type effort struct {
		action dottedline.Action
		sums   [3]int64
	}
	es, err := all(t, func(e *effort) []any { return []any{&e.action, &e.sums[0], &e.sums[1], &e.sums[2]} },
		`SELECT action, n, ms, squares FROM efforts WHERE ws = $1`)
	for _, e := range es {
		if l.Efforts == nil {
			l.Efforts = map[dottedline.Action][3]int64{}
		}
		l.Efforts[e.action] = e.sums
	}
	return l, err
}

// AddEffort counts one action that took so long from its opening to sending.
func (t *Tx) AddEffort(a dottedline.Action, took time.Duration) error {
	var e survival.Effort
	e.Add(took.Minutes())
	n, ms, squares := e.Sums()
	return t.do(`INSERT INTO efforts (ws, action, n, ms, squares) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (ws, action)
		DO UPDATE SET n = efforts.n + excluded.n, ms = efforts.ms + excluded.ms, squares = efforts.squares + excluded.squares`, a, n, ms, squares)
}

// solved is a model with the moment of its fit.
type solved struct {
	at    time.Time
	model *dottedline.Model
}

// Model is the model in use: what is typical until the first fit. It is solved
// once for each fit and process.
func (t *Tx) Model() (*dottedline.Model, error) {
	at, err := t.Fitted()
	if err != nil || at.IsZero() {
		return dottedline.Typical(), err
	}
	if m, ok := t.db.models.Load(t.ws); ok && m.(solved).at.Equal(at) {
		return m.(solved).model, nil
	}
	raw, _, err := val[string](t, `SELECT learned FROM models WHERE ws = $1`)
	if err != nil {
		return nil, err
	}
	var l dottedline.Learned
	if err := json.Unmarshal([]byte(raw), &l); err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	m, err := dottedline.NewModel(l)
	if err == nil {
		t.db.models.Store(t.ws, solved{at, m})
	}
	return m, err
}

// Fitted is when the model in use was fitted; zero before the first fit.
func (t *Tx) Fitted() (at time.Time, err error) {
	_, _, err = one(t, func(*struct{}) []any { return []any{timeScan{&at}} }, `SELECT at FROM models WHERE ws = $1`)
	return at, err
}

// PutModel puts a fit in use. With moved, every deal in Now is to be placed anew.
func (t *Tx) PutModel(l dottedline.Learned, moved bool) error {
	b, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("model: %w", err)
	}
	placed := int64(math.MaxInt64)
	if moved {
		placed = 0
	}
	return t.do(`INSERT INTO models (ws, at, learned, placed) VALUES ($1, $2, $3, $4)
		ON CONFLICT (ws) DO UPDATE SET at = excluded.at, learned = excluded.learned, placed = CASE WHEN excluded.placed = 0 THEN 0 ELSE models.placed END`,
		us(t.Now), string(b), placed)
}

// Unplaced are the next n deals of Now that the model in use has not placed yet.
func (t *Tx) Unplaced(n int) ([]dottedline.Deal, error) {
	after, ok, err := val[dottedline.DealID](t, `SELECT placed FROM models WHERE ws = $1 AND placed < $2`, int64(math.MaxInt64))
	if err != nil || !ok {
		return nil, err
	}
	// The plus keeps SQLite from reading the index of the cells, which is in another order.
	return all(t, scanDeal, `SELECT `+dealCols+` FROM deals WHERE ws = $1 AND id > $2 AND +cell > 0 ORDER BY id LIMIT $3`, after, n)
}

// Place moves a deal to where it stands; what the deal is stays as it was.
func (t *Tx) Place(d dottedline.DealID, st dottedline.Standing) error {
	return t.do(`UPDATE deals SET cell = $3, rank_key = $4, minutes = $5, next_at = $6 WHERE ws = $1 AND id = $2`, d, st.Cell, st.Key, st.Minutes, us(st.Next))
}

// PlacedTo says that the model has placed all deals up to one; 0 says that it has placed all.
func (t *Tx) PlacedTo(d dottedline.DealID) error {
	if d == 0 {
		d = math.MaxInt64
	}
	return t.do(`UPDATE models SET placed = $2 WHERE ws = $1`, d)
}

// stateScan scans a state of the clock by its number.
type stateScan struct{ *survival.State }

func (s stateScan) Scan(v any) error {
	n, ok := v.(int64)
	if !ok || n < 0 || n >= survival.States {
		return fmt.Errorf("scan state: %v", v)
	}
	*s.State = survival.StateAt(int(n))
	return nil
}

// msScan scans a length of time in milliseconds.
type msScan struct{ *time.Duration }

func (s msScan) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("scan milliseconds: %T", v)
	}
	*s.Duration = time.Duration(n) * time.Millisecond
	return nil
}
