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

// setLate plans when a deal's row turns: whenever the deal is derived anew, so an
// answer takes the plan back in the transaction that records it.
func setLate(t *store.Tx, s store.Settings, deal dottedline.Deal) error {
	job := lateJobID(deal.ID)
	if deal.Ball.Side != dottedline.Us || s.Promise <= 0 {
		return t.DropJob(job)
	}
	tm, err := theTeam(t)
	if err != nil {
		return err
	}
	l, _, err := tm.late(t, s, deal)
	if err != nil || !l.Turns.After(t.Now) {
		return err // it has turned: who was to be told has been, or it was read too late
	}
	return t.AddJob(store.Job{ID: job, Kind: lateJob, Args: deal.ID.String(), Due: l.Turns})
}

// late is where a deal stands against the promise, by the hours of who holds it
// now and by how long answering takes here.
func (tm team) late(t *store.Tx, s store.Settings, deal dottedline.Deal) (l dottedline.Lateness, holder dottedline.MemberID, err error) {
	if holder, err = t.Holder(deal.ID); err != nil || deal.Ball.Side != dottedline.Us || s.Promise <= 0 {
		return l, holder, err
	}
	h, ok := tm.hours[tm.standIn(holder, t.Now)]
	if !ok {
		for _, id := range sortedMembers(tm) { // nobody's: the first member's
			h = tm.hours[id]
			break
		}
	}
	m, err := t.Model()
	if err != nil {
		return l, holder, err
	}
	st := deal.Stand(t.Now, m, s.Unvalued, 1)
	return s.Promise.Late(deal.Ball.Since, time.Duration(st.Minutes*float64(time.Minute)), h), holder, nil
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
	return d.db.Write(ctx, j.Workspace, func(t *store.Tx) error {
		if ok, err := t.FinishJob(j.ID, j.lease); err != nil || !ok {
			return err
		}
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
	for i := range rows {
		r := &rows[i]
		l, holder, err := tm.late(t, s, r.Deal)
		if err != nil {
			return err
		}
		r.Late = l
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
