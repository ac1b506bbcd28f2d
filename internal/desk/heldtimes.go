package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dottedline"
	"dottedline/internal/store"
)

// holdJob puts free times into the prepared answer to who asked for one.
const holdJob = "hold"

// timesInAnswer is how many free times a prepared answer has.
const timesInAnswer = 3

// wantsTime has free times held for a deal, in a transaction of their own: no
// mail waits for a calendar.
func wantsTime(t *store.Tx, deal dottedline.DealID, m dottedline.MailID) error {
	return t.AddJob(store.Job{ID: "hold " + deal.String(), Kind: holdJob, Args: deal.String() + " " + m.String(), Due: t.Now})
}

// hold is the job: it holds times of who has the deal, where that member's free
// time is known at all, and renews none that are held already.
func (d *Desk) hold(ctx context.Context, j *Job) error {
	x, y, _ := strings.Cut(j.Args, " ")
	id, err := dottedline.ParseID[dottedline.Deal](x)
	if err != nil {
		return err
	}
	m, err := dottedline.ParseID[dottedline.Mail](y)
	if err != nil {
		return err
	}
	nothing := errors.New("nothing is held") // what was taken so far goes back
	err = d.finish(ctx, j, func(t *store.Tx) error {
		r, err := t.Deal(id)
		if err != nil || r.Ball.Side != dottedline.Us || r.Path.Ended() {
			return err
		}
		h, held, err := t.HeldTimes(r.ID)
		if err != nil {
			return err
		}
		if !held {
			member, err := t.Holder(r.ID)
			if err != nil || d.URL == "" {
				return err
			}
			if known, err := knowsTime(t, member); err != nil || !known {
				return err
			}
			var p *dottedline.Problem
			if h, err = d.holdTimes(t, member, r.Deal, timesInAnswer); errors.As(err, &p) {
				return fmt.Errorf("%w: %w", nothing, err)
			} else if err != nil {
				return err
			}
		}
		h.Mail = m
		return t.PutHeldTimes(h)
	})
	if errors.Is(err, nothing) { // the page of the calendars says why
		return d.finish(ctx, j, nothingElse)
	}
	return err
}

// knowsTime says whether it is known when a member is free: they have a calendar
// that makes busy, or can be booked, and they are not away.
func knowsTime(t *store.Tx, m dottedline.MemberID) (bool, error) {
	tm, err := theTeam(t)
	if err != nil {
		return false, err
	}
	if _, ok := tm.members[m]; !ok || tm.told[m].Away.Holds(t.Now, tm.hours[m]) {
		return false, nil
	}
	cs, err := t.CalendarsOf(m)
	if err != nil || slices.ContainsFunc(cs, func(c store.Calendar) bool { return c.Busy }) {
		return err == nil, err
	}
	ps, err := t.BookingPages()
	return slices.ContainsFunc(ps, func(p dottedline.BookingPage) bool { return p.Owner == m }), err
}

// timesFor are the times that are held for the answer to what they wrote last;
// empty where they have written since.
func timesFor(t *store.Tx, deal dottedline.Deal, last dottedline.MailID) (store.HeldTimes, error) {
	h, ok, err := t.HeldTimes(deal.ID)
	if err != nil || !ok || last > h.Mail || deal.Ball.Side != dottedline.Us {
		return store.HeldTimes{}, err
	}
	return h, nil
}

// timesSent settles what is held for the answer of a deal once one goes out: the
// times in it are held from now on, the others are free again.
func timesSent(t *store.Tx, deal dottedline.DealID, text string) error {
	h, ok, err := t.HeldTimes(deal)
	if err != nil || !ok {
		return err
	}
	held, err := t.HeldWith(h.Group)
	if err != nil {
		return err
	}
	lines := slices.Collect(strings.Lines(h.Lines))
	for i, b := range held { // by their start, as the lines are
		if i < len(lines) && strings.Contains(text, linkIn(lines[i])) {
			b.Until = t.Now.Add(holdFor)
			err = t.SetBooking(b)
		} else {
			err = letGo(t, b)
		}
		if err != nil {
			return err
		}
	}
	return t.DropHeldTimes(deal)
}

// linkIn is the link at the end of a line.
func linkIn(line string) string { return strings.TrimSpace(line[strings.LastIndexByte(line, ' ')+1:]) }

// letGo gives the time of a hold back.
func letGo(t *store.Tx, b dottedline.Booking) error {
	b.State = dottedline.Freed
	if err := t.FreeSlots(b.ID); err != nil {
		return err
	}
	return t.SetBooking(b)
}

// times looks whether a mail of theirs asks for a time; one that doesn't, after
// one that did, lets go of what was held.
func (b *batch) times(m store.Mail) error {
	h, err := b.Thread(m.Thread)
	if err != nil || h.Deal == 0 {
		return err
	}
	if dottedline.AsksToMeet(m.Fresh) {
		return wantsTime(b.Tx, h.Deal, m.ID)
	}
	return timesSent(b.Tx, h.Deal, "")
}
