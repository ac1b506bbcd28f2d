package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

func lateJobID(id dottedline.DealID) string { return "late " + id.String() }

func promiseJobID(id dottedline.DealID) string { return "promise " + id.String() }

// setLate plans when a deal's row turns: whenever the deal is derived anew, so an
// answer takes the plan back in the transaction that records it.
func setLate(t *store.Tx, s store.Settings, deal dottedline.Deal) error {
	if deal.Ball.Side != dottedline.Us || s.Promise <= 0 {
		if err := t.DropJob(promiseJobID(deal.ID)); err != nil {
			return err
		}
		return t.DropJob(lateJobID(deal.ID))
	}
	tm, err := theTeam(t)
	if err != nil {
		return err
	}
	l, _, err := tm.late(t, s, deal)
	switch {
	case err != nil:
		return err
	case l.Soon(t.Now): // who was to be told has been, or it was read too late
		return aboutToBeLate(t, deal.ID, l)
	case !l.Turns.After(t.Now):
		return nil
	}
	if err := t.DropJob(promiseJobID(deal.ID)); err != nil {
		return err
	}
	return t.AddJob(store.Job{ID: lateJobID(deal.ID), Kind: lateJob, Args: deal.ID.String(), Due: l.Turns})
}

// aboutToBeLate has a deal stand above Now until the promise to it is broken.
func aboutToBeLate(t *store.Tx, id dottedline.DealID, l dottedline.Lateness) error {
	return t.AddJob(store.Job{ID: promiseJobID(id), Kind: store.PromiseJob, Args: id.String(), Due: l.Due})
}

// soonAtMost is how many of those about to be late stand above Now.
const soonAtMost = 8

// soonLate are the rows whose answer is about to be late and that nobody has put
// off, the soonest first; rows are those that are at hand.
func soonLate(t *store.Tx, s store.Settings, rows []Row) (out []Row, err error) {
	if s.Promise <= 0 {
		return nil, nil
	}
	js, err := t.PromiseJobs(4 * soonAtMost)
	if err != nil || len(js) == 0 {
		return nil, err
	}
	pending, err := t.PendingDeals()
	if err != nil {
		return nil, err
	}
	var others []dottedline.Deal
	for _, j := range js {
		id, err := dottedline.ParseID[dottedline.Deal](j.Args)
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(rows, func(r Row) bool { return r.Deal.ID == id }); i >= 0 {
			out = append(out, rows[i])
			continue
		}
		r, err := t.Deal(id)
		if err != nil {
			return nil, err
		}
		if r.ID == id && !r.Later.After(t.Now) && !slices.Contains(pending, id) {
			others = append(others, r.Deal)
		}
	}
	more, err := rowsOf(t, s, others)
	if err != nil {
		return nil, err
	}
	if err := turn(t, s, more); err != nil {
		return nil, err
	}
	out = slices.DeleteFunc(append(out, more...), func(r Row) bool { return !r.Late.Soon(t.Now) })
	slices.SortStableFunc(out, func(a, b Row) int { return a.Late.Due.Compare(b.Late.Due) })
	return out[:min(len(out), soonAtMost)], nil
}

// late is where a deal stands against the promise, by the hours of who holds it
// now and by how long answering takes here; and who holds it.
func (tm team) late(t *store.Tx, s store.Settings, deal dottedline.Deal) (dottedline.Lateness, dottedline.MemberID, error) {
	holder, err := t.Holder(deal.ID)
	if err != nil {
		return dottedline.Lateness{}, 0, err
	}
	m, err := t.Model()
	if err != nil {
		return dottedline.Lateness{}, 0, err
	}
	return tm.lateness(s, deal.Ball, holder, deal.Stand(t.Now, m, s.Unvalued, 1).Minutes, t.Now), holder, nil
}

// lateness is the same of a ball whose holder and whose minutes of work are known.
func (tm team) lateness(s store.Settings, b dottedline.Ball, holder dottedline.MemberID, minutes float64, now time.Time) dottedline.Lateness {
	if b.Side != dottedline.Us || s.Promise <= 0 {
		return dottedline.Lateness{}
	}
	h, ok := tm.hours[tm.standIn(holder, now)]
	if !ok {
		for _, id := range sortedMembers(tm) { // nobody's: the first member's
			h = tm.hours[id]
			break
		}
	}
	return s.Promise.Late(b.Since, time.Duration(minutes*float64(time.Minute)), h)
}

func sortedMembers(tm team) (ids []dottedline.MemberID) {
	for id := range tm.members {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// turnLate tells that a promise is about to be broken, unless it was answered.
func (d *Desk) turnLate(ctx context.Context, j *Job) error {
	id, err := dottedline.ParseID[dottedline.Deal](j.Args)
	if err != nil {
		return err
	}
	return d.finish(ctx, j, func(t *store.Tx) error {
		_, s, err := t.ThisWorkspace()
		if err != nil {
			return err
		}
		r, err := t.Deal(id)
		if err != nil || r.ID != id { // merged: the other deal has its own
			return err
		}
		pending, err := t.PendingDeals()
		if err != nil || slices.Contains(pending, r.ID) || r.Later.After(t.Now) {
			return err // an answer is on its way, or it was put off by choice
		}
		tm, err := theTeam(t)
		if err != nil {
			return err
		}
		l, holder, err := tm.late(t, s, r.Deal)
		if err != nil || l.Turns.IsZero() {
			return err
		}
		if l.Turns.After(t.Now) { // hours have changed since
			return t.AddJob(store.Job{ID: j.ID, Kind: lateJob, Args: j.Args, Due: l.Turns})
		}
		t.Changed()
		if l.Soon(t.Now) {
			if err := aboutToBeLate(t, id, l); err != nil {
				return err
			}
		}
		p, _, err := who(t, r.Person)
		if err != nil {
			return err
		}
		last, err := theirLast(t, r.ID)
		if err != nil {
			return err
		}
		n := dottedline.Notice{Event: dottedline.LateEvent, Deal: r.ID, Person: p.ID, Member: holder, At: t.Now, Name: r.Name, Text: last.Fresh, Due: l.Due,
			Title: fmt.Sprintf("%s waits: %s left", nameOr(p, r.Name), span(l.Due.Sub(t.Now)))}
		if l.Broken(t.Now) {
			n.Title = nameOr(p, r.Name) + " has waited for longer than you promise"
		}
		return tell(t, n)
	})
}

// turn says of rows where they stand against the promise, and who stands in for
// whom.
func turn(t *store.Tx, s store.Settings, rows []Row) error {
	tm, err := theTeam(t)
	if err != nil {
		return err
	}
	away := slices.ContainsFunc(sortedMembers(tm), func(m dottedline.MemberID) bool { return tm.told[m].Away.Holds(t.Now, tm.hours[m]) })
	if s.Promise <= 0 && !away {
		return nil
	}
	held, err := holders(t, rows)
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		holder := held[r.Deal.ID]
		r.Late = tm.lateness(s, r.Deal.Ball, holder, r.Minutes, t.Now)
		if tm.told[holder].Away.Holds(t.Now, tm.hours[holder]) {
			r.Away = tm.members[holder].Name
			r.Back = tm.told[holder].Away.Back(tm.hours[holder])
			if stand := tm.standIn(holder, t.Now); stand != holder {
				r.Stand = tm.members[stand]
			}
		}
	}
	return nil
}

// holders are the members who hold the deals of rows.
func holders(t *store.Tx, rows []Row) (map[dottedline.DealID]dottedline.MemberID, error) {
	ids := make([]dottedline.DealID, len(rows))
	for i, r := range rows {
		ids[i] = r.Deal.ID
	}
	return t.Holders(ids)
}
