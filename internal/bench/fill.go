package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/mail"
)

// filler writes deals as the receiving of a first mail from somebody new leaves
// them, without reading each mail again: their text is known. What is derived is
// derived by the product's own functions, so that `dottedline check` finds nothing.
type filler struct {
	*store.Tx
	settings store.Settings
	model    *dottedline.Model
}

// fillAtOnce is how many deals share a transaction.
const fillAtOnce = 5000

// first is what the first mail of a person needs no database for.
type first struct {
	person int
	at     time.Time
	packed []byte
	digest [sha256.Size]byte
	words  string
}

// fill makes a deal of each person from `from` to n. They wrote one after the
// other in the last days.
func (h *house) fill(ctx context.Context, from, n int) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	began, cpu := time.Now(), processor()
	ready, failed := make(chan []first, 1), make(chan error, 1)
	go func() {
		defer close(ready)
		failed <- letters(ctx, from, n, ready)
	}()
	for some := range ready {
		if err := h.db.Write(ctx, h.me.Workspace, func(t *store.Tx) (err error) {
			f := filler{Tx: t}
			if _, f.settings, err = t.ThisWorkspace(); err != nil {
				return err
			}
			if f.model, err = t.Model(); err != nil {
				return err
			}
			for _, l := range some {
				if err := f.deal(l); err != nil {
					return fmt.Errorf("deal %d: %w", l.person, err)
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	fmt.Fprintf(os.Stderr, "  filled from %d to %d deals in %s, %s of processor\n", from, n, time.Since(began).Round(time.Second), (processor() - cpu).Round(time.Second))
	return <-failed
}

// letters makes the mails of a transaction while the one before is written.
func letters(ctx context.Context, from, n int, ready chan<- []first) error {
	began := time.Now().Add(-73 * time.Hour)
	each := 72 * time.Hour / time.Duration(n-from)
	for next := from; next < n; {
		var some []first
		for ; next < n && len(some) < fillAtOnce; next++ {
			at := began.Add(time.Duration(next-from) * each).UTC().Truncate(time.Second) // as its header says
			in, err := ask(next, 0, at)
			if err != nil {
				return err
			}
			some = append(some, first{next, at, store.Pack(in.Raw), sha256.Sum256([]byte(messageID(next, 0))),
				store.Words(subject(next) + " " + name(next) + " " + address(next) + " " + askText)})
		}
		select {
		case ready <- some:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// deal writes one person, their mail, and the deal that it makes.
func (f *filler) deal(l first) error {
	person := l.person
	c, who, err := f.person(person)
	if err != nil {
		return err
	}
	m := store.Mail{Mail: dottedline.Mail{ID: store.NewID[dottedline.Mail](f.Tx), MessageID: messageID(person, 0), At: l.at, Kind: string(mail.Person), Person: who.ID, Subject: subject(person), Fresh: strings.TrimSpace(askText)}}
	m.Digest = l.digest[:16]
	h := store.Thread{Thread: dottedline.Thread{ID: store.NewID[dottedline.Thread](f.Tx), Deal: store.NewID[dottedline.Deal](f.Tx), Subject: m.Subject},
		Topic: who.ID.String() + " " + strings.ToLower(m.Subject), Person: who.ID, Theirs: 1, Last: m.At, Offered: "yes"}
	m.Thread = h.ID
	f.Index(store.FindMail, int64(m.ID), l.words)
	f.Index(store.FindDeal, int64(h.Deal), store.Words(c.Name))
	value := dottedline.Money{Minor: 10_000 + int64(person)*7919%10_000_019, Currency: "USD"}
	touches := []dottedline.Touch{
		{ID: dottedline.TouchID(m.ID), Kind: dottedline.MailTouch, By: dottedline.Them, Person: who.ID, Mail: m.ID},
		{Kind: dottedline.NameTouch, By: dottedline.Us, Person: who.ID, Text: c.Name},
		{Kind: dottedline.KindTouch, By: dottedline.Us, Text: string(dottedline.Sale)},
		{Kind: dottedline.ValueTouch, By: dottedline.Us, Amount: value},
	}
	for i := range touches {
		x := &touches[i]
		if x.Deal, x.At = h.Deal, m.At; x.ID == 0 {
			x.ID = store.NewID[dottedline.Touch](f.Tx)
		}
		if err := f.AddTouch(*x); err != nil {
			return err
		}
	}
	for _, write := range []func() error{
		func() error { return f.PutThread(h) },
		func() error { return f.NameThread(h.ID, []string{m.MessageID}) },
		func() error { return f.AddMailPerson(who.ID, h.ID) },
		func() error { return f.AddMail(m, l.packed) },
		func() error { _, err := f.AddDealPerson(h.Deal, who.ID); return err },
		func() error { return f.PutStays(h.Deal, dottedline.Stays(touches, h.Deal.Time(), f.Now)) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	state, replies := dottedline.Fold(touches)
	return f.PutDeal(dottedline.Deal{ID: h.Deal, State: state}, state.Stand(f.Now, f.model, f.settings.Unvalued, f.settings.Rate(value.Currency)), replies)
}

func (f *filler) person(person int) (c dottedline.Company, p dottedline.Person, err error) {
	p = dottedline.Person{ID: store.NewID[dottedline.Person](f.Tx), Address: dottedline.Address(address(person)), Name: name(person)}
	if c, err = f.CompanyAt(p.Address.Domain()); err != nil {
		return c, p, err
	}
	p.Company = c.ID
	f.Index(store.FindCompany, int64(c.ID), store.Words(c.Name+" "+c.Domain))
	f.Index(store.FindPerson, int64(p.ID), store.Words(p.Name+" "+string(p.Address)))
	if err := f.PutPerson(p); err != nil {
		return c, p, err
	}
	return c, p, f.PutAddress(p.Address, p.ID, p.Name)
}
