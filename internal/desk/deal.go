package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// refold derives a deal anew from its touches and writes what follows: its
// state, its replies, its standing in Now.
func refold(t *store.Tx, s store.Settings, id dottedline.DealID) error {
	ts, err := t.Touches(id)
	if err != nil {
		return err
	}
	m, err := t.Model()
	if err != nil {
		return err
	}
	if err := t.PutStays(id, dottedline.Stays(ts, id.Time(), t.Now)); err != nil {
		return err
	}
	state, rs := dottedline.Fold(ts)
	st := state.Stand(t.Now, m, s.Unvalued, s.Rate(state.Value.Currency))
	if err := t.PutDeal(dottedline.Deal{ID: id, State: state}, st, rs); err != nil {
		return err
	}
	if s.Promise > 0 {
		if err := setLate(t, s, dottedline.Deal{ID: id, State: state}); err != nil {
			return err
		}
	}
	if state.Path != dottedline.Yes {
		return nil
	}
	return chase(t, s, id, ts)
}

// touch records touches of one deal and derives it anew.
func touch(t *store.Tx, id dottedline.DealID, xs ...dottedline.Touch) error {
	_, s, err := t.ThisWorkspace()
	if err != nil {
		return err
	}
	xs = slices.Clone(xs) // the transaction may be run again
	for i := range xs {
		x := &xs[i]
		if x.ID == 0 {
			x.ID = store.NewID[dottedline.Touch](t)
		}
		x.Deal, x.At = id, cmpTime(x.At, t.Now)
		if err := t.AddTouch(*x); err != nil {
			return err
		}
	}
	if err := refold(t, s, id); err != nil {
		return err
	}
	return tellTouches(t, id, xs)
}

func cmpTime(at, now time.Time) time.Time {
	if at.IsZero() {
		return now
	}
	return at
}

// act is touch by a member on a deal that exists.
func (d *Desk) act(ctx context.Context, a dottedline.Actor, id dottedline.DealID, xs ...dottedline.Touch) error {
	err := d.write(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(id)
		if err != nil {
			return err
		}
		for i := range xs {
			xs[i].Member = a.Member
			xs[i].By = cmp.Or(xs[i].By, dottedline.Us)
		}
		return touch(t, r.ID, xs...)
	})
	d.wakeUp()
	return err
}

// Later puts a deal off: it stays out of Now until then, or until they write.
func (d *Desk) Later(ctx context.Context, a dottedline.Actor, id dottedline.DealID, until time.Time) error {
	return d.act(ctx, a, id, dottedline.Touch{Kind: dottedline.LaterTouch, Until: until})
}

// NothingToAnswer takes the ball off us without a mail: their last message
// needs no answer.
func (d *Desk) NothingToAnswer(ctx context.Context, a dottedline.Actor, id dottedline.DealID) error {
	return d.act(ctx, a, id, dottedline.Touch{Kind: dottedline.DoneTouch})
}

// Note keeps something for us alone.
func (d *Desk) Note(ctx context.Context, a dottedline.Actor, id dottedline.DealID, text string) error {
	if strings.TrimSpace(text) == "" {
		return dottedline.Wrong("Write what you want to remember.", "The note is empty.")
	}
	return d.act(ctx, a, id, dottedline.Touch{Kind: dottedline.NoteTouch, Text: text})
}

// Call records a call that took place, who has to move next, and what was said.
func (d *Desk) Call(ctx context.Context, a dottedline.Actor, id dottedline.DealID, at time.Time, next dottedline.Side, text string) error {
	return d.act(ctx, a, id, dottedline.Touch{Kind: dottedline.CallTouch, At: at, Ball: next, Text: text})
}

// SetValue says what a deal is worth, as a person types it: "28,800" or "2.4k EUR".
func (d *Desk) SetValue(ctx context.Context, a dottedline.Actor, id dottedline.DealID, value string) error {
	m, err := d.money(ctx, a, value)
	if err != nil {
		return err
	}
	return d.act(ctx, a, id, dottedline.Touch{Kind: dottedline.ValueTouch, Amount: m})
}

func (d *Desk) money(ctx context.Context, a dottedline.Actor, value string) (m dottedline.Money, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		w, _, err := t.ThisWorkspace()
		if err == nil {
			m, err = dottedline.ParseMoney(value, w.Currency)
		}
		return err
	})
	return m, err
}

// Rename gives a deal a name.
func (d *Desk) Rename(ctx context.Context, a dottedline.Actor, id dottedline.DealID, name string) error {
	if name = strings.TrimSpace(name); name == "" {
		return dottedline.Wrong("The company or the person will do.", "A deal needs a name.")
	}
	if err := d.act(ctx, a, id, dottedline.Touch{Kind: dottedline.NameTouch, Text: name}); err != nil {
		return err
	}
	return d.write(ctx, a, func(t *store.Tx) error {
		t.Index(store.FindDeal, int64(id), store.Words(name))
		return nil
	})
}

// SetKind says what is hoped for.
func (d *Desk) SetKind(ctx context.Context, a dottedline.Actor, id dottedline.DealID, k dottedline.Kind) error {
	if err := checkKind(k); err != nil {
		return err
	}
	return d.act(ctx, a, id, dottedline.Touch{Kind: dottedline.KindTouch, Text: string(k)})
}

func checkKind(k dottedline.Kind) error {
	for _, ok := range dottedline.Kinds {
		if k == ok {
			return nil
		}
	}
	return dottedline.Wrong("Choose sale, funding, job, partnership or advice.", "%q is not a kind of deal.", k)
}

// Step records by hand how far a deal is: that the ask was made, that they said
// yes, that it is signed, turned down or gone quiet, or that an end is taken back.
func (d *Desk) Step(ctx context.Context, a dottedline.Actor, id dottedline.DealID, k dottedline.TouchKind, words string) error {
	return d.StepAt(ctx, a, id, time.Time{}, k, words)
}

// StepAt is Step for what happened earlier; the zero time is now.
func (d *Desk) StepAt(ctx context.Context, a dottedline.Actor, id dottedline.DealID, at time.Time, k dottedline.TouchKind, words string) error {
	by := dottedline.Us
	switch k {
	case dottedline.AskTouch, dottedline.SignedTouch, dottedline.QuietTouch, dottedline.ReopenTouch, dottedline.UnyesTouch:
	case dottedline.YesTouch, dottedline.NoTouch:
		by = dottedline.Them
	default:
		return dottedline.Wrong("", "%q is not a step of a deal.", k)
	}
	return d.act(ctx, a, id, dottedline.Touch{At: at, Kind: k, By: by, Text: words})
}

// newDeal makes a deal of threads and people.
func newDeal(t *store.Tx, by dottedline.MemberID, kind dottedline.Kind, value dottedline.Money, name string, threads []store.Thread, people []dottedline.PersonID) (dottedline.DealID, error) {
	id := store.NewID[dottedline.Deal](t)
	first := t.Now
	xs, err := takeThreads(t, id, threads)
	if err != nil {
		return 0, err
	}
	for _, x := range xs {
		if x.At.Before(first) {
			first = x.At
		}
	}
	for _, p := range people {
		if _, err := t.AddDealPerson(id, p); err != nil {
			return 0, err
		}
	}
	var with dottedline.PersonID
	if len(people) > 0 {
		with = people[0]
	}
	xs = append(xs, dottedline.Touch{Kind: dottedline.NameTouch, By: dottedline.Us, Member: by, Person: with, At: first, Text: name},
		dottedline.Touch{Kind: dottedline.KindTouch, By: dottedline.Us, Member: by, At: first, Text: string(kind)})
	if value.Minor != 0 {
		xs = append(xs, dottedline.Touch{Kind: dottedline.ValueTouch, By: dottedline.Us, Member: by, At: first, Amount: value})
	}
	if err := touch(t, id, xs...); err != nil {
		return 0, err
	}
	t.Index(store.FindDeal, int64(id), store.Words(name))
	return id, pickUp(t, id)
}

func takeThreads(t *store.Tx, id dottedline.DealID, hs []store.Thread) (xs []dottedline.Touch, err error) {
	for _, h := range hs {
		ts, err := takeThread(t, id, h)
		if err != nil {
			return nil, err
		}
		xs = append(xs, ts...)
	}
	return xs, nil
}

// takeThread gives a thread and its people to a deal, and the touches that its
// mails are.
func takeThread(t *store.Tx, id dottedline.DealID, h store.Thread) ([]dottedline.Touch, error) {
	h.Deal, h.Offered = id, "yes"
	if err := t.PutThread(h); err != nil {
		return nil, err
	}
	ps, err := t.ThreadPeople(h.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range ps {
		if _, err := t.AddDealPerson(id, p); err != nil {
			return nil, err
		}
	}
	ms, err := t.MailsOf(h.ID)
	xs := make([]dottedline.Touch, len(ms))
	for i, m := range ms {
		xs[i] = mailTouch(id, m)
	}
	return xs, err
}

// TakeOffer makes a deal of an offered thread.
func (d *Desk) TakeOffer(ctx context.Context, a dottedline.Actor, th dottedline.ThreadID, k dottedline.Kind, value string) (id dottedline.DealID, err error) {
	if err := checkKind(k); err != nil {
		return 0, err
	}
	var m dottedline.Money
	if strings.TrimSpace(value) != "" {
		if m, err = d.money(ctx, a, value); err != nil {
			return 0, err
		}
	}
	err = d.write(ctx, a, func(t *store.Tx) error {
		h, err := t.Thread(th)
		if err != nil {
			return err
		}
		if h.Deal != 0 {
			id = h.Deal
			return nil
		}
		id, err = newOf(t, a.Member, k, m, h)
		return err
	})
	d.wakeUp()
	return id, err
}

// newOf makes a deal of threads with one person.
func newOf(t *store.Tx, by dottedline.MemberID, k dottedline.Kind, value dottedline.Money, hs ...store.Thread) (dottedline.DealID, error) {
	with := hs[0].Person
	name, err := dealName(t, with)
	if err != nil {
		return 0, err
	}
	return newDeal(t, by, k, value, name, hs, []dottedline.PersonID{with})
}

// addThreads gives threads to a deal that is there.
func addThreads(t *store.Tx, id dottedline.DealID, hs ...store.Thread) error {
	xs, err := takeThreads(t, id, hs)
	if err != nil {
		return err
	}
	if err := touch(t, id, xs...); err != nil {
		return err
	}
	return pickUp(t, id)
}

// dealName is the company where there is one, else the person.
func dealName(t *store.Tx, p dottedline.PersonID) (string, error) {
	if p == 0 {
		return "Unknown", nil
	}
	who, err := t.Person(p)
	if err != nil {
		return "", err
	}
	c, err := t.Company(who.Company)
	return cmp.Or(c.Name, who.Name, string(who.Address)), err
}

// DeclineOffer says that an offered thread is no deal; again takes that back.
func (d *Desk) DeclineOffer(ctx context.Context, a dottedline.Actor, th dottedline.ThreadID, no bool) error {
	return d.write(ctx, a, func(t *store.Tx) error {
		h, err := t.Thread(th)
		if err != nil || h.Deal != 0 {
			return err
		}
		if h.Offered = ""; no {
			h.Offered = "no"
		}
		t.Changed()
		return t.PutThread(h)
	})
}

// NewDeal makes a deal by hand with a person who is known or new.
func (d *Desk) NewDeal(ctx context.Context, a dottedline.Actor, name string, address string, k dottedline.Kind, value string) (id dottedline.DealID, err error) {
	if err := checkKind(k); err != nil {
		return 0, err
	}
	var m dottedline.Money
	if strings.TrimSpace(value) != "" {
		if m, err = d.money(ctx, a, value); err != nil {
			return 0, err
		}
	}
	addr := dottedline.MakeAddress(address)
	if addr.Domain() == "" {
		return 0, dottedline.Wrong("Write it like maya@example.com.", "%q is not a mail address.", address)
	}
	err = d.write(ctx, a, func(t *store.Tx) error {
		p, err := personAt(t, addr, "")
		if err != nil {
			return err
		}
		if name = strings.TrimSpace(name); name == "" {
			if name, err = dealName(t, p.ID); err != nil {
				return err
			}
		}
		id, err = newDeal(t, a.Member, k, m, name, nil, []dottedline.PersonID{p.ID})
		return err
	})
	d.wakeUp()
	return id, err
}

// SplitDeal makes a deal of its own of one thread of a deal; every touch is kept.
func (d *Desk) SplitDeal(ctx context.Context, a dottedline.Actor, from dottedline.DealID, th dottedline.ThreadID) (id dottedline.DealID, err error) {
	err = d.write(ctx, a, func(t *store.Tx) error {
		x, err := t.Deal(from)
		if err != nil {
			return err
		}
		h, err := t.Thread(th)
		if err != nil {
			return err
		}
		if h.Deal != x.ID {
			return dottedline.Missing("thread in this deal")
		}
		hs, err := t.ThreadsOf(x.ID)
		if err != nil {
			return err
		}
		if len(hs) < 2 {
			return dottedline.Wrong("Rename the deal instead.", "It holds this one thread only.")
		}
		name, err := dealName(t, h.Person)
		if err != nil {
			return err
		}
		if name == x.Name {
			name = dottedline.Shorten(h.Subject, 60)
		}
		if id, err = newDeal(t, a.Member, x.Kind, dottedline.Money{}, name, nil, []dottedline.PersonID{h.Person}); err != nil {
			return err
		}
		if err := t.MoveTouches(h.ID, id); err != nil {
			return err
		}
		if _, err := takeThread(t, id, h); err != nil {
			return err
		}
		if err := touch(t, id); err != nil {
			return err
		}
		return touch(t, x.ID, dottedline.Touch{Kind: dottedline.NoteTouch, By: dottedline.Us, Member: a.Member, Text: "Split off: " + h.Subject})
	})
	d.wakeUp()
	return id, err
}

// AddThread puts a thread that belongs to no deal into one.
func (d *Desk) AddThread(ctx context.Context, a dottedline.Actor, id dottedline.DealID, th dottedline.ThreadID) error {
	err := d.write(ctx, a, func(t *store.Tx) error {
		x, err := t.Deal(id)
		if err != nil {
			return err
		}
		h, err := t.Thread(th)
		if err != nil {
			return err
		}
		if h.Deal != 0 {
			return dottedline.Wrong("Merge the two deals, or split it off there.", "This thread belongs to a deal.")
		}
		return addThreads(t, x.ID, h)
	})
	d.wakeUp()
	return err
}

// TakeAllOffers makes deals of one kind of all threads that would be offered,
// however old: one for each person. It gives how many.
func (d *Desk) TakeAllOffers(ctx context.Context, a dottedline.Actor, k dottedline.Kind) (n int, err error) {
	if err := checkKind(k); err != nil {
		return 0, err
	}
	for {
		took, deals := 0, 0
		err = d.write(ctx, a, func(t *store.Tx) error {
			hs, err := t.Offers(time.Time{}, 1000)
			if err != nil {
				return err
			}
			took, deals = len(hs), 0
			of := map[dottedline.PersonID][]store.Thread{}
			for _, h := range hs {
				of[h.Person] = append(of[h.Person], h)
			}
			for _, h := range hs { // in their order: a deal may take in who comes next
				theirs := of[h.Person]
				if theirs == nil {
					continue
				}
				delete(of, h.Person)
				id, err := (&batch{Tx: t}).openDeal(h.Person)
				if err != nil {
					return err
				}
				if id == 0 {
					deals++
					_, err = newOf(t, a.Member, k, dottedline.Money{}, theirs...)
				} else {
					err = addThreads(t, id, theirs...)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || took == 0 {
			return n, err
		}
		n += deals
	}
}
