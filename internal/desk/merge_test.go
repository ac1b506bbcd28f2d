package desk_test

import (
	"testing"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

// Two deals with agreements become one with one: whoever merges says which, and
// the other can't be signed any more.
func TestMergeLeavesOneAgreement(t *testing.T) {
	t.Parallel()
	for _, keepFirst := range []bool{true, false} {
		storetest.Each(t, func(t *testing.T, db *store.DB) {
			c := newClosing(t, db)
			first, ms := c.send()
			v := c.letIn(c.to(ms[0]))
			into := c.deal
			var err error
			c.deal, err = c.NewDeal(ctx, c.me, "Northwind too", "dana@northwind.example.org", dottedline.Sale, "9000")
			c.ok(err)
			second, err := c.MakeAgreement(ctx, c.me, c.deal, "")
			c.ok(err)
			_, err = c.SendAgreement(ctx, c.me, second, desk.AgreementEdit{Signers: []dottedline.Signer{
				{Name: "Sam Field", Address: "sam@pine.example.com", Side: dottedline.Us, Order: 1}, {Name: "Dana Wells", Address: "dana@northwind.example.org", Side: dottedline.Them, Order: 1}}}, "second press")
			c.ok(err)
			w := c.letIn(c.to(c.mails()[0]))
			from := c.deal

			c.problem(c.MergeDeals(ctx, c.me, into, from, 0), "Both deals have an agreement")
			as, err := c.CurrentAgreements(ctx, c.me, into, from)
			c.ok(err)
			if len(as) != 2 || as[0].ID != first || as[1].ID != second {
				t.Fatalf("to choose from: %+v", as)
			}
			keep, stays, goes, n := first, v, w, "Maya Okafor"
			if !keepFirst {
				keep, stays, goes, n = second, w, v, "Dana Wells"
			}
			c.ok(c.MergeDeals(ctx, c.me, into, from, keep))
			c.deal = into
			p := c.page()
			if p.Deal.Path != dottedline.Yes || p.Deal.Steps.Sent.IsZero() || len(p.Steps) != 5 {
				t.Errorf("merged: %v, sent %v, %d steps", p.Deal.Path, p.Deal.Steps.Sent, len(p.Steps))
			}
			room, err := c.Room(ctx, goes)
			c.ok(err)
			if room.MyTurn || room.Agreement.State != dottedline.Void {
				t.Errorf("the other agreement is %v", room.Agreement.State)
			}
			room, err = c.Room(ctx, stays)
			c.ok(err)
			c.ok(c.Sign(ctx, stays, desk.Signing{Name: n, SHA256: room.Agreement.SHA256, Consent: true}))
			if p := c.page(); p.Deal.Path != dottedline.Signed {
				t.Errorf("after signing the one that stays: %v", p.Deal.Path)
			}
		})
	}
}
