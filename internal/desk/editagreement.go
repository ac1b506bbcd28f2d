package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/paper"
)

// AgreementEdit is what is changed of a draft; nil leaves it.
type AgreementEdit struct {
	Template *string // its reference; makes the text anew, the values stay
	Source   *string // Markdown with front matter
	Fields   map[string]string
	Signers  []dottedline.Signer // all of them; IDs of new ones are 0
	Cover    *string
}

// EditAgreement changes a draft and shows it.
func (d *Desk) EditAgreement(ctx context.Context, a dottedline.Actor, id dottedline.AgreementID, e AgreementEdit) (p AgreementPage, err error) {
	defer wrap("edit agreement", &err)
	var s sheet
	err = d.write(ctx, a, func(t *store.Tx) error {
		if s, err = readSheet(t, id); err != nil {
			return err
		}
		if err := edit(t, &s, e); err != nil {
			return err
		}
		return t.PutAgreement(s.Agreement)
	})
	if err != nil {
		return p, err
	}
	return d.page(s), nil
}

// edit makes the changes to a draft and keeps its signers.
func edit(t *store.Tx, s *sheet, e AgreementEdit) error {
	if s.State != dottedline.Draft {
		return &dottedline.Problem{Kind: dottedline.Conflict, Text: "This agreement has been sent, so it stays as it is.", Hint: "Make a new version of it."}
	}
	s.Rev++
	if e.Template != nil {
		p, err := paperBy(t, *e.Template, s.deal.Kind)
		if err != nil {
			return err
		}
		s.Template, s.Source = p.Name, p.Source
	}
	if e.Source != nil {
		if _, err := paper.ParseTemplate(*e.Source); err != nil {
			return templateProblem(err)
		}
		s.Source = *e.Source
	}
	for k, v := range e.Fields {
		s.Fields[k] = clean(v)
	}
	if e.Cover != nil {
		s.Cover = clean(strings.ReplaceAll(*e.Cover, "\r\n", "\n"))
	}
	if e.Signers == nil {
		return nil
	}
	return editSigners(t, s, e.Signers)
}

func editSigners(t *store.Tx, s *sheet, want []dottedline.Signer) error {
	if len(want) == 0 || len(want) > 20 {
		return dottedline.Wrong("Name who signs.", "An agreement has 1 to 20 signers.")
	}
	had := s.signers
	s.signers = nil
	if err := t.DropSigners(s.ID); err != nil {
		return err
	}
	for _, x := range want {
		var row store.Signer
		if i := slices.IndexFunc(had, func(h store.Signer) bool { return h.ID == x.ID }); i >= 0 {
			row = had[i]
		} else {
			row.ID = store.NewID[dottedline.Signer](t)
		}
		row.Agreement, row.Side, row.Order = s.ID, x.Side, max(x.Order, 1)
		row.Name, row.Title, row.Company = clean(strings.TrimSpace(x.Name)), clean(strings.TrimSpace(x.Title)), clean(strings.TrimSpace(x.Company))
		row.Address, row.Member = dottedline.MakeAddress(string(x.Address)), 0
		if row.Side != dottedline.Us && row.Side != dottedline.Them {
			return dottedline.Wrong("Choose us or them.", "It isn't said on whose side %s signs.", cmp.Or(row.Name, "somebody"))
		}
		if row.Address.Domain() == "" || strings.ContainsAny(string(row.Address), " \r\n\t<>,;") {
			return dottedline.Wrong("Write it like maya@example.com.", "%q is not a mail address.", x.Address)
		}
		if row.Side == dottedline.Us {
			ms, err := t.Members()
			if err != nil {
				return err
			}
			for _, m := range ms {
				if m.Email == row.Address {
					row.Member = m.ID
				}
			}
		} else {
			p, err := personAt(t, row.Address, row.Name)
			if err != nil {
				return err
			}
			row.Person = p.ID
			if _, err := t.AddDealPerson(s.deal.ID, p.ID); err != nil {
				return err
			}
			if err := pickUp(t, s.deal.ID); err != nil {
				return err
			}
		}
		if err := t.PutSigner(row); err != nil {
			return err
		}
		s.signers = append(s.signers, row)
	}
	return nil
}
