package store

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"dottedline"
)

// Top gives the n deals with the dearest minute, from the start of the list or
// after a place in it. It is exact: the order within a cell never changes.
func (t *Tx) Top(n int, after dottedline.Rank) ([]Ranked, error) {
	if after.At.IsZero() {
		after = dottedline.Rank{At: t.Now, Cost: math.Inf(1)}
	}
	heads, err := t.heads(n, after)
	if err != nil || len(heads) == 0 {
		return nil, err
	}
	ids := make([]dottedline.DealID, len(heads))
	place := map[dottedline.DealID]int{}
	for i, h := range heads {
		ids[i], place[h.id] = h.id, i
	}
	places, args := in(ids, 2)
	ds, err := all(t, scanRanked, `SELECT `+dealCols+`, `+rankCols+` FROM deals WHERE ws = $1 AND id IN (`+places+`)`, args...)
	slices.SortFunc(ds, func(a, b Ranked) int { return cmp.Compare(place[a.ID], place[b.ID]) })
	return ds, err
}

// Rank is where a deal stands in the order of Now at a moment.
func (r Ranked) Rank(at time.Time) dottedline.Rank {
	return dottedline.Rank{At: at, Cost: dottedline.Standing{Key: r.Key, Decay: r.Cell.Rate()}.PerMinute(at), Deal: r.ID}
}

// head is one of the dearest deals of its cell.
type head struct {
	id   dottedline.DealID
	cell dottedline.Cell
	key  float64
	cost float64 // per minute of work, in logarithm
}

// heads are the n dearest deals after a place. The cells are read in the order
// of their first deals, and only what is dearer than the nth found so far: few
// of them have one.
func (t *Tx) heads(n int, after dottedline.Rank) (top []head, err error) {
	cells, err := t.firsts(after)
	for len(cells) > 0 && err == nil {
		least := math.Inf(-1)
		if len(top) == n {
			least = top[n-1].cost
		}
		if cells[0].cost < least {
			break
		}
		some := cells[:min(len(cells), arms)]
		if top == nil {
			some = cells[:1] // so that the others are asked for few
		}
		var hs []head
		hs, err = t.cellHeads(some, n, least, after)
		top = append(top, hs...)
		slices.SortFunc(top, func(a, b head) int { return cmp.Or(cmp.Compare(b.cost, a.cost), cmp.Compare(a.id, b.id)) })
		top, cells = top[:min(n, len(top))], cells[len(some):]
	}
	return top, err
}

// usedCells are the cells that hold a deal, found by one step of the index each.
const usedCells = `WITH RECURSIVE c(cell) AS (
	SELECT (SELECT cell FROM deals WHERE ws = $1 AND cell > 0 ORDER BY cell LIMIT 1)
	UNION ALL SELECT (SELECT d.cell FROM deals d WHERE d.ws = $1 AND d.cell > c.cell AND d.cell > 0 ORDER BY d.cell LIMIT 1) FROM c WHERE c.cell IS NOT NULL)`

// firsts are the used cells with the most that a deal of theirs after a place can cost,
// dearest first.
func (t *Tx) firsts(after dottedline.Rank) ([]head, error) {
	hs, err := all(t, func(h *head) []any { return []any{&h.cell, &h.key} }, usedCells+`
		SELECT c.cell, (SELECT MAX(d.rank_key) FROM deals d WHERE d.ws = $1 AND d.cell = c.cell AND d.cell > 0) FROM c WHERE c.cell IS NOT NULL`)
	for i, h := range hs {
		hs[i].cost = min(h.key+at0(h.cell, after), after.Cost)
	}
	slices.SortFunc(hs, func(a, b head) int { return cmp.Compare(b.cost, a.cost) })
	return hs, err
}

// at0 is what a deal of a cell with the key 0 costs.
func at0(c dottedline.Cell, at dottedline.Rank) float64 {
	return dottedline.Standing{Decay: c.Rate()}.PerMinute(at.At)
}

// arms is how many cells are read at once. The statement is always the same one,
// so that it is prepared once for each connection.
const arms = 8

var topOfCells = func() string {
	var q []string
	for i := range arms {
		a := 6 + 4*i
		q = append(q, fmt.Sprintf(`SELECT * FROM (SELECT id, cell, rank_key, rank_key + $%[3]d AS cost FROM deals WHERE ws = $1 AND cell = $%[2]d AND cell > 0
			AND rank_key >= $%[4]d AND rank_key <= $%[5]d AND (rank_key + $%[3]d < $2 OR rank_key + $%[3]d = $2 AND id > $3)
			ORDER BY rank_key DESC, id LIMIT $4) c%[1]d`, i, a-1, a, a+1, a+2))
	}
	return strings.Join(q, ` UNION ALL `)
}()

// cellHeads are the first n of each of the cells that come after a place and cost no less
// than least.
func (t *Tx) cellHeads(cells []head, n int, least float64, after dottedline.Rank) ([]head, error) {
	args := []any{after.Cost, after.Deal, n}
	for i := range arms {
		if i >= len(cells) {
			args = append(args, -1, 0., 0., 0.)
			continue
		}
		// The key is what the index is read by, the sum is what is compared:
		// rounding may put them apart by a little.
		zero := at0(cells[i].cell, after)
		args = append(args, cells[i].cell, zero, least-zero-slack(zero), after.Cost-zero+slack(zero))
	}
	return all(t, func(h *head) []any { return []any{&h.id, &h.cell, &h.key, &h.cost} }, topOfCells, args...)
}

func slack(x float64) float64 { return 1e-12 * (1 + math.Abs(x)) }
