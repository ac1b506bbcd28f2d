package store

import (
	"fmt"
	"slices"

	"dottedline"
	"dottedline/survival"
)

// CheckDeal replays a deal's touches and names every difference to what is
// stored. Its standing is left out: it depends on the moment it was made.
func (t *Tx) CheckDeal(id dottedline.DealID) (diffs []string, err error) {
	d, err := t.Deal(id)
	if err != nil {
		return nil, err
	}
	ts, err := t.Touches(id)
	if err != nil {
		return nil, err
	}
	had, err := t.Replies(id)
	if err != nil {
		return nil, err
	}
	want, rs := dottedline.Fold(ts)
	for _, f := range want.Diff(d.State) {
		diffs = append(diffs, fmt.Sprintf("deal %v (%s): %s", id, d.Name, f))
	}
	if !slices.Equal(rs, had) {
		diffs = append(diffs, fmt.Sprintf("deal %v (%s): %d replies stored, %d by its touches, or other ones", id, d.Name, len(had), len(rs)))
	}
	stays, err := t.Stays(id)
	if err != nil {
		return nil, err
	}
	if !sameStays(stays, dottedline.Stays(ts, id.Time(), t.Now)) {
		diffs = append(diffs, fmt.Sprintf("deal %v (%s): its clock is not what its touches say", id, d.Name))
	}
	return diffs, nil
}

// sameStays compares the stored stays with those of now. What still runs was
// watched until some earlier moment, or not yet.
func sameStays(had, want []dottedline.Stay) bool {
	if last := len(want) - 1; last >= 0 && want[last].Running() {
		switch {
		case len(had) == last:
			want = want[:last]
		case len(had) > last && had[last].To <= want[last].To:
			want[last].To = had[last].To
		}
	}
	return slices.Equal(had, want)
}

// CheckCounts names the cells whose stored counts are not the sum over all stays.
func (t *Tx) CheckCounts() (diffs []string, err error) {
	xs, err := all(t, scanStay, `SELECT `+stayCols+` FROM stays WHERE ws = $1`)
	if err != nil {
		return nil, err
	}
	l, err := t.Learned()
	if err != nil {
		return nil, err
	}
	sum := map[cellKey]survival.Count{}
	if err := tally(sum, xs, 1); err != nil {
		return nil, err
	}
	for _, c := range l.Counts {
		k := cellKey{c.State, c.Cell}
		if sum[k] != c {
			diffs = append(diffs, fmt.Sprintf("the model counts %+v, its stays %+v", c, sum[k]))
		}
		delete(sum, k)
	}
	for _, c := range sum {
		diffs = append(diffs, fmt.Sprintf("the model counts nothing, its stays %+v", c))
	}
	return diffs, nil
}

// CheckLinks names rows that point nowhere, and mails of a deal without a touch.
func (t *Tx) CheckLinks() (diffs []string, err error) {
	for _, c := range []struct{ what, q string }{
		{"touches of no deal", `SELECT COUNT(*) FROM touches x WHERE ws = $1 AND NOT EXISTS (SELECT 1 FROM deals d WHERE d.ws = $1 AND d.id = x.deal AND d.merged = 0)`},
		{"mails of no thread", `SELECT COUNT(*) FROM mails x WHERE ws = $1 AND NOT EXISTS (SELECT 1 FROM threads h WHERE h.ws = $1 AND h.id = x.thread)`},
		{"mails without their bytes", `SELECT COUNT(*) FROM mails x WHERE ws = $1 AND NOT EXISTS (SELECT 1 FROM raws r WHERE r.ws = $1 AND r.mail = x.id)`},
		{"mails of a deal without a touch", `SELECT COUNT(*) FROM mails x JOIN threads h ON h.ws = x.ws AND h.id = x.thread WHERE x.ws = $1 AND h.deal > 0
			AND NOT EXISTS (SELECT 1 FROM touches k WHERE k.ws = $1 AND k.id = x.id)`},
		{"addresses of nobody", `SELECT COUNT(*) FROM addresses x WHERE ws = $1 AND NOT EXISTS (SELECT 1 FROM people p WHERE p.ws = $1 AND p.id = x.person)`},
	} {
		n, _, err := val[int64](t, c.q)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			diffs = append(diffs, fmt.Sprintf("%d %s", n, c.what))
		}
	}
	return diffs, nil
}
