package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/paper"
)

// AgreementPage is an agreement with all that can be edited, and how it looks now.
type AgreementPage struct {
	store.Agreement
	Deal     dottedline.Deal
	Upload   bool // it is a PDF that was uploaded
	Fields   []dottedline.Field
	Signers  []store.Signer
	Turn     []dottedline.Signer
	HTML     string   // the live preview, with holes marked; "" for an upload
	Holes    []string // fields without a value
	Problems []string // what else stands in the way, in plain words
	Evidence []EvidenceLine
	Links    []store.RoomLink
	Days     int // how long it can be signed once it is sent
}

// EvidenceLine is one line of the evidence in words.
type EvidenceLine struct {
	At                  time.Time
	What, Who, IP, Hash string
}

// Ready says whether it can be sent.
func (p AgreementPage) Ready() bool {
	return p.State == dottedline.Draft && len(p.Holes) == 0 && len(p.Problems) == 0
}

// openAgreement is the agreement of a deal that can be signed now; nil if none.
func openAgreement(t *store.Tx, id dottedline.DealID) (*store.Agreement, error) {
	as, err := t.Agreements(id)
	for _, a := range as {
		if a.State.Open() || a.State == dottedline.Sealing {
			return &a, nil
		}
	}
	return nil, err
}

// MakeAgreement makes the draft of an agreement from a template ("" is the one
// that fits the kind of deal) and the deal's facts. While there is a draft it is
// that one, with the template changed where one is named.
func (d *Desk) MakeAgreement(ctx context.Context, a dottedline.Actor, deal dottedline.DealID, ref string) (id dottedline.AgreementID, err error) {
	defer wrap("make agreement", &err)
	err = d.write(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(deal)
		if err != nil {
			return err
		}
		p, err := paperBy(t, ref, r.Kind)
		if err != nil {
			return err
		}
		as, err := t.Agreements(r.ID)
		if err != nil {
			return err
		}
		for _, x := range as {
			if x.State == dottedline.Draft {
				id = x.ID
				if ref == "" || x.Template == p.Name {
					return nil
				}
				x.Template, x.Source, x.Rev = p.Name, p.Source, x.Rev+1
				if err := t.DropFile(x.ID, store.Uploaded); err != nil {
					return err
				}
				return t.PutAgreement(x)
			}
		}
		x, err := newDraft(t, a, r.Deal, as)
		if err != nil {
			return err
		}
		x.Template, x.Source, id = p.Name, p.Source, x.ID
		return t.PutAgreement(x)
	})
	return id, err
}

// AgreementPage shows an agreement and what is still missing in it.
func (d *Desk) AgreementPage(ctx context.Context, a dottedline.Actor, id dottedline.AgreementID) (p AgreementPage, err error) {
	var s sheet
	err = d.view(ctx, a, func(t *store.Tx) error {
		s, err = readSheet(t, id)
		return err
	})
	if err != nil {
		return p, err
	}
	return d.page(s), nil
}

// page makes the page of a sheet; it needs no database.
func (d *Desk) page(s sheet) AgreementPage {
	p := AgreementPage{Agreement: s.Agreement, Deal: s.deal, Signers: s.signers, Turn: dottedline.Turn(plain(s.signers)), Links: s.links,
		HTML: s.HTML, Upload: s.Source == "", Days: days(s.settings)}
	p.Evidence = evidencePage(s.lines)
	if s.State != dottedline.Draft {
		return p
	}
	for _, x := range s.signers {
		if x.Name == "" {
			p.Holes = append(p.Holes, "Signers: name of "+string(x.Address))
		}
	}
	if p.Upload {
		for _, x := range s.signers {
			if !slices.ContainsFunc(s.Places, func(m store.MarkPlace) bool { return m.Signer == x.ID }) {
				p.Holes = append(p.Holes, "Signature of "+cmp.Or(x.Name, string(x.Address)))
			}
		}
		return p
	}
	doc, fields, err := d.merge(s)
	p.Fields = fields
	if doc != nil {
		p.HTML, p.Title = doc.HTML(), doc.Title
		for _, h := range doc.Holes() {
			if !slices.Contains(p.Holes, h) && !strings.HasPrefix(h, "Signers: name") {
				p.Holes = append(p.Holes, h)
			}
		}
		for i := range p.Fields {
			p.Fields[i].Hole = slices.Contains(p.Holes, p.Fields[i].Name)
		}
	}
	if err != nil {
		p.Problems = append(p.Problems, plainText(err)...)
	} else if len(p.Holes) == 0 {
		if _, err := paper.Make(doc, d.fonts(), d.options(s)); err != nil {
			p.Problems = append(p.Problems, plainText(err)...)
		}
	}
	return p
}

func evidencePage(jsonl []byte) (out []EvidenceLine) {
	for _, e := range events(jsonl) {
		at, _ := time.Parse("2006-01-02T15:04:05.000Z", e.At)
		out = append(out, EvidenceLine{At: at, What: happened(e), Who: e.Actor, IP: e.IP, Hash: e.Prev})
	}
	return out
}

// days is how long an agreement can be signed.
func days(s store.Settings) int { return cmp.Or(s.Closing.Days, 30) }
