package desk

import (
	"context"
	"strings"

	"dottedline"
	"dottedline/internal/store"
)

// PassOn gives the signing to the right person, who proves the own address by a
// code as everybody does.
func (d *Desk) PassOn(ctx context.Context, v Visitor, name, address, title string) error {
	addr := dottedline.MakeAddress(address)
	if addr.Domain() == "" || strings.HasPrefix(string(addr), "@") || strings.ContainsAny(string(addr), " \r\n\t<>,;") {
		return dottedline.Wrong("Write it like dana@example.com.", "%q is not a mail address.", address)
	}
	if name = clean(strings.TrimSpace(name)); name == "" || len(name) > 200 {
		return dottedline.Wrong("It stands under the signature.", "The name is missing.")
	}
	var l secretLink
	l.secret, l.hash = newToken()
	return d.visit(ctx, v, func(r *room) error {
		me := r.me()
		if !r.State.Open() || !me.Counts() || !me.Signed.IsZero() {
			return dottedline.Wrong("", "There is nothing to pass on any more.")
		}
		if len(r.signers) >= 40 {
			return &dottedline.Problem{Kind: dottedline.TooMany, Text: "This was passed on too often.", Hint: "Write to " + r.maker.Name + "."}
		}
		p, err := personAt(r.t, addr, name)
		if err != nil {
			return err
		}
		if _, err := r.t.AddDealPerson(r.deal.ID, p.ID); err != nil {
			return err
		}
		next := store.Signer{Signer: dottedline.Signer{ID: store.NewID[dottedline.Signer](r.t), Agreement: r.ID, Side: me.Side, Order: me.Order,
			Name: name, Title: clean(strings.TrimSpace(title)), Company: me.Company, Address: addr, Person: p.ID}}
		me.PassedTo = next.ID
		if err := r.keep("passed on", map[string]string{"to": named(next)}); err != nil {
			return err
		}
		if err := r.t.PutSigner(next); err != nil {
			return err
		}
		x, err := r.t.Agreement(r.ID) // keep may have changed its state
		if err != nil {
			return err
		}
		for i := range x.Places { // the new one signs where the old one would have
			if x.Places[i].Signer == me.ID {
				x.Places[i].Signer = next.ID
			}
		}
		if err := r.t.PutAgreement(x); err != nil {
			return err
		}
		_, err = d.carry(r.t, r.sheet, x, &next, l, "pass", passText(me.Name), 0)
		if err != nil {
			return err
		}
		return pickUp(r.t, r.deal.ID)
	})
}

func passText(by string) string {
	return "{{greeting}}\n\n" + strings.NewReplacer("{", "", "}", "").Replace(by) + " says that you are the right person to sign this:\n\n{{link}}\n\nA code is mailed to you first, so that nobody else can. If you have a question, ask it there or answer this mail.\n\n{{my_name}}"
}
