package desk

import (
	"cmp"
	"maps"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// newDraft makes a draft with the signers, values and cover that a deal begins with.
func newDraft(t *store.Tx, a dottedline.Actor, deal dottedline.Deal, before []store.Agreement) (store.Agreement, error) {
	var x store.Agreement
	x.ID = store.NewID[dottedline.Agreement](t)
	x.Deal, x.Member, x.State, x.Made, x.Version = deal.ID, a.Member, dottedline.Draft, t.Now, 1
	x.Number = strings.ToUpper(x.ID.String())
	if len(before) > 0 {
		x.Version, x.Before = before[0].Version+1, before[0].ID
	}
	w, s, err := t.ThisWorkspace()
	if err != nil {
		return x, err
	}
	me, err := t.Member(a.Member)
	if err != nil {
		return x, err
	}
	them, company, err := who(t, deal.Person)
	if err != nil {
		return x, err
	}
	x.Cover = coverText
	if x.Fields, err = factsOf(t, w, s, deal, me, them, company); err != nil {
		return x, err
	}
	us := store.Signer{Signer: dottedline.Signer{ID: store.NewID[dottedline.Signer](t), Agreement: x.ID, Side: dottedline.Us, Order: 1,
		Name: me.Name, Company: x.Fields["Us.Name"], Address: me.Email, Member: me.ID}}
	if err := t.PutSigner(us); err != nil {
		return x, err
	}
	name := them.Name
	if strings.Contains(name, "@") {
		name = ""
	}
	return x, t.PutSigner(store.Signer{Signer: dottedline.Signer{ID: store.NewID[dottedline.Signer](t), Agreement: x.ID, Side: dottedline.Them, Order: 1,
		Name: name, Company: company.Name, Address: them.Address, Person: them.ID}})
}

// coverText is the mail that carries an agreement until a member writes another.
const coverText = `{{greeting}}

Here is what we agreed, ready to sign. It takes about a minute, on a phone too:

{{link}}

If anything reads wrong, tell me and I will change it while you wait.

{{my_name}}`

// shippedFields are values that the shipped templates begin with.
var shippedFields = map[string]string{"Terms.NetDays": "14", "Terms.Months": "12", "Terms.NoticeDays": "30"}

// factsOf are the values of merge fields that the deal and the workspace know.
func factsOf(t *store.Tx, w dottedline.Workspace, s store.Settings, deal dottedline.Deal, me store.Member, them dottedline.Person, company dottedline.Company) (map[string]string, error) {
	h, err := me.Hours.Local()
	if err != nil {
		return nil, err
	}
	iso := func(at time.Time) string { return at.In(h.Location()).Format(time.DateOnly) }
	f := maps.Clone(shippedFields)
	maps.Copy(f, map[string]string{"Us.Name": w.Name, "Us.Email": string(me.Email), "Them.Name": cmp.Or(company.Name, them.Name), "Them.Email": string(them.Address),
		"Agreement.Date": iso(t.Now), "Agreement.Start": iso(h.DayAfter(t.Now, 5)), "By": iso(h.DayAfter(t.Now, 10))})
	ts, err := t.Touches(deal.ID)
	if err != nil {
		return nil, err
	}
	for _, x := range ts {
		switch x.Kind {
		case dottedline.YesTouch:
			f["Yes.Date"], f["Yes.Words"] = iso(x.At), x.Text
		case dottedline.AskTouch:
			f["Ask"], f["Purpose"], f["Scope"] = x.Text, x.Text, x.Text
		}
	}
	if deal.Value.Minor > 0 {
		amount := strings.TrimSpace(deal.Value.String())
		f["Amount"] = amount
		f["Prices"] = cmp.Or(deal.Name, "What we agreed") + " | 1 | " + amount
	}
	maps.Copy(f, s.Closing.Fields)
	f["Points"] = cmp.Or(f["Points"], "Start: "+day(h.DayAfter(t.Now, 5), h)+"\nTerm: "+f["Terms.Months"]+" months, then month to month\nNotice: "+f["Terms.NoticeDays"]+" days, by e-mail")
	return f, nil
}
