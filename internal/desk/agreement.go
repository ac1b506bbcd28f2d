package desk

import (
	"cmp"
	"context"
	"errors"
	"maps"
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

// AgreementEdit is what is changed of a draft; nil leaves it.
type AgreementEdit struct {
	Template *string // its reference; makes the text anew, the values stay
	Source   *string // Markdown with front matter
	Fields   map[string]string
	Signers  []dottedline.Signer // all of them; IDs of new ones are 0
	Cover    *string
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
			if err := t.AddDealPerson(s.deal.ID, p.ID); err != nil {
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

// sheet is an agreement as read in one transaction.
type sheet struct {
	store.Agreement
	deal     dottedline.Deal
	signers  []store.Signer
	links    []store.RoomLink
	lines    []byte // evidence
	upload   []byte
	currency string
	settings store.Settings
	maker    dottedline.Member
}

func readSheet(t *store.Tx, id dottedline.AgreementID) (s sheet, err error) {
	if s.Agreement, err = t.Agreement(id); err != nil {
		return s, err
	}
	r, err := t.Deal(s.Deal)
	if err != nil {
		return s, err
	}
	s.deal = r.Deal
	if s.signers, err = t.Signers(id); err != nil {
		return s, err
	}
	if s.links, err = t.RoomLinks(id); err != nil {
		return s, err
	}
	if s.lines, err = evidenceLines(t, id); err != nil {
		return s, err
	}
	if s.State == dottedline.Draft {
		if s.upload, err = t.File(id, store.Uploaded); err != nil {
			return s, err
		}
	}
	w, settings, err := t.ThisWorkspace()
	if err != nil {
		return s, err
	}
	s.currency, s.settings = w.Currency, settings
	if m, err := t.Member(s.Member); err == nil {
		s.maker = m.Member
	}
	return s, nil
}

func plain(ss []store.Signer) []dottedline.Signer {
	out := make([]dottedline.Signer, len(ss))
	for i, s := range ss {
		out[i] = s.Signer
	}
	return out
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

// merge fills the values in. The document is given with its holes; the error is
// of anything else.
func (d *Desk) merge(s sheet) (*paper.Doc, []dottedline.Field, error) {
	tpl, err := paper.ParseTemplate(s.Source)
	if err != nil {
		return nil, nil, templateProblem(err)
	}
	fields := dottedline.FieldsOf(tpl, s.Source, s.Fields)
	v, wrong := dottedline.PaperValues(fields, plain(s.signers), s.currency)
	doc, err := tpl.Merge(v)
	if doc == nil {
		return nil, fields, errors.Join(wrong, templateProblem(err))
	}
	return doc, fields, wrong
}

func (d *Desk) fonts() *paper.Fonts {
	if d.Fonts != nil {
		return d.Fonts
	}
	return embeddedFonts
}

var embeddedFonts = paper.NewFonts(nil)

func (d *Desk) options(s sheet) paper.Options {
	return paper.Options{Number: s.Number, Author: s.maker.Name, Created: s.Made}
}

// plainText gives the errors that were joined as sentences for a person.
func plainText(err error) (out []string) {
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range j.Unwrap() {
			out = append(out, plainText(e)...)
		}
		return out
	}
	var p *dottedline.Problem
	var l paper.Letter
	switch {
	case err == nil:
		return nil
	case errors.As(err, &p):
		return []string{p.Error()}
	case errors.As(err, &l):
		return []string{letterText(l)}
	}
	return []string{strings.ToUpper(err.Error()[:1]) + err.Error()[1:] + "."}
}

func letterText(l paper.Letter) string {
	return "No font here has the letter " + string(l.Rune) + " of “" + l.In + "”. Install one that has it, such as a Noto font, or write it otherwise."
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
