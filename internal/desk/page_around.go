package desk

import (
	"cmp"
	"context"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// Around is what stands beside every page.
type Around struct {
	Waiting   int
	Open      int64 // deals
	Asks      int64 // that have no answer
	Mailboxes []MailboxStatus
}

// Around tells how many deals wait and are open, and how the mailboxes are.
func (d *Desk) Around(ctx context.Context, a dottedline.Actor) (out Around, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		sums, err := d.totals(t)
		if err != nil {
			return err
		}
		out.Waiting, out.Open = sums.Waiting, sums.Open
		if out.Asks, err = t.OpenAsks(); err != nil {
			return err
		}
		out.Mailboxes, err = mailboxStatus(t)
		return err
	})
	return out, err
}

// DealName is a deal by its names alone.
type DealName struct {
	ID     dottedline.DealID
	Name   string
	Person string
}

// DealNames are the n deals that something happened in last.
func (d *Desk) DealNames(ctx context.Context, a dottedline.Actor, n int) (out []DealName, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		rs, err := t.Deals(store.DealFilter{Limit: n})
		if err != nil {
			return err
		}
		for _, r := range rs {
			p, _, err := who(t, r.Person)
			if err != nil {
				return err
			}
			out = append(out, DealName{r.ID, r.Name, cmp.Or(p.Name, string(p.Address))})
		}
		return nil
	})
	return out, err
}

// NameOfDeal is what a deal is called.
func (d *Desk) NameOfDeal(ctx context.Context, a dottedline.Actor, id dottedline.DealID) (name string, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(id)
		name = r.Name
		return err
	})
	return name, err
}

// Going is a mail of ours on its way out.
type Going struct {
	To       string        // a name, or the address
	Undoable bool          // nobody has begun to send it
	Left     time.Duration // for which it can be taken back
}

// Going tells how far a mail of the outbox is.
func (d *Desk) Going(ctx context.Context, a dottedline.Actor, id dottedline.OutgoingID) (g Going, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		o, err := t.Outgoing(id)
		if err != nil {
			return err
		}
		g = Going{To: cmp.Or(append(o.Rcpts, "")[0], "nobody"), Left: o.Due.Sub(t.Now)}
		g.Undoable = o.State == dottedline.Waiting && o.Tries == 0 && g.Left > 0
		p, ok, err := t.PersonAt(dottedline.MakeAddress(g.To))
		if ok && !strings.Contains(p.Name, "@") {
			g.To = cmp.Or(p.Name, g.To)
		}
		return err
	})
	return g, err
}

// AddPerson puts somebody into a deal by their address.
func (d *Desk) AddPerson(ctx context.Context, a dottedline.Actor, id dottedline.DealID, address string) error {
	addr := dottedline.MakeAddress(address)
	if addr.Domain() == "" || strings.ContainsAny(string(addr), " \t<>,;") {
		return dottedline.Wrong("Write it like maya@example.com.", "%q is not a mail address.", address)
	}
	return d.write(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(id)
		if err != nil {
			return err
		}
		p, err := personAt(t, addr, "")
		if err != nil {
			return err
		}
		t.Changed()
		if _, err := t.AddDealPerson(r.ID, p.ID); err != nil {
			return err
		}
		return pickUp(t, r.ID)
	})
}

// RemovePerson takes somebody off a deal. The last one stays.
func (d *Desk) RemovePerson(ctx context.Context, a dottedline.Actor, id dottedline.DealID, p dottedline.PersonID) error {
	return d.write(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(id)
		if err != nil {
			return err
		}
		ps, err := t.DealPeople(r.ID)
		if err != nil {
			return err
		}
		if len(ps) < 2 {
			return dottedline.Wrong("End the deal instead.", "A deal is with somebody.")
		}
		t.Changed()
		return t.DropDealPerson(r.ID, p)
	})
}
