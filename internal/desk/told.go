package desk

import (
	"context"

	"dottedline"
	"dottedline/internal/store"
)

// Told is how the member is told of things.
func (d *Desk) Told(ctx context.Context, a dottedline.Actor) (out dottedline.Told, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		all, err := t.Told()
		out = all[a.Member].Told
		return err
	})
	return out, err
}

// SetTold changes how the member is told of things.
func (d *Desk) SetTold(ctx context.Context, a dottedline.Actor, x dottedline.Told) error {
	for _, minute := range []int{x.Quiet.From, x.Quiet.To, x.Digest.At} {
		if minute < 0 || minute > 24*60 {
			return dottedline.Wrong("Write it like 07:30.", "That is not a time of the day.")
		}
	}
	if x.Quiet.On && x.Quiet.From == x.Quiet.To && !x.Quiet.DaysOff {
		return dottedline.Wrong("Choose another end.", "Quiet hours that end when they begin are none.")
	}
	if err := x.Away.Check(); err != nil {
		return err
	}
	x.Away.Note = clean(x.Away.Note)
	if x.Push != nil {
		x.Push = append([]dottedline.Event{}, dottedline.KnownEvents(x.Push)...) // none by choice is not "not chosen"
	}
	err := d.write(ctx, a, func(t *store.Tx) error {
		if x.Away.Stand != 0 {
			if _, err := t.Member(x.Away.Stand); err != nil || x.Away.Stand == a.Member {
				return dottedline.Wrong("Choose another member, or nobody.", "Who stands in for you is no other member.")
			}
		}
		all, err := t.Told()
		if err != nil {
			return err
		}
		was := all[a.Member]
		was.Member, was.Told = a.Member, x
		if was.Digested.IsZero() {
			was.Digested = t.Now
		}
		if err := t.PutTold(was); err != nil {
			return err
		}
		return setDigest(t, a.Member, x.Digest)
	})
	d.wakeUp()
	return err
}

// digestJobID names the one digest of a member that is planned.
func digestJobID(m dottedline.MemberID) string { return "digest " + m.String() }

// setDigest plans the member's next digest anew.
func setDigest(t *store.Tx, m dottedline.MemberID, g dottedline.Digest) error {
	h, err := hours(t, m)
	if err != nil {
		return err
	}
	at := g.Next(t.Now, h)
	if at.IsZero() {
		return t.DropJob(digestJobID(m))
	}
	return t.AddJob(store.Job{ID: digestJobID(m), Kind: digestJob, Args: m.String(), Due: at})
}

// Promise is the working hours within which the workspace answers.
func (d *Desk) Promise(ctx context.Context, a dottedline.Actor) (p dottedline.Promise, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		_, s, err := t.ThisWorkspace()
		p = s.Promise
		return err
	})
	return p, err
}

// SetPromise changes within how many working hours the workspace answers; 0 for
// no promise.
func (d *Desk) SetPromise(ctx context.Context, a dottedline.Actor, p dottedline.Promise) (err error) {
	defer wrap("set promise", &err)
	if err := owner(a); err != nil {
		return err
	}
	if !(p >= 0 && p <= 400) {
		return dottedline.Wrong("Write a number of hours, such as 2; 0 for none.", "That can't be promised.")
	}
	err = d.write(ctx, a, func(t *store.Tx) error {
		w, s, err := t.ThisWorkspace()
		if err != nil {
			return err
		}
		s.Promise = p
		if err := t.SetWorkspace(w, s); err != nil {
			return err
		}
		rs, err := t.Deals(store.DealFilter{Ball: dottedline.Us, Limit: 1 << 30})
		if err != nil {
			return err
		}
		for _, r := range rs {
			if err := setLate(t, s, r.Deal); err != nil {
				return err
			}
		}
		return nil
	})
	d.wakeUp()
	return err
}
