package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

func agreementID(v *visit) (dottedline.AgreementID, error) {
	id, err := dottedline.ParseID[dottedline.Agreement](v.PathValue("agreement"))
	if err != nil {
		return 0, dottedline.Missing("agreement")
	}
	return id, nil
}

// onAgreement serves an act on the agreement in the address.
func onAgreement(v *visit, f func(dottedline.AgreementID) error) (string, error) {
	id, err := agreementID(v)
	if err != nil {
		return "", err
	}
	return "/agreements/" + id.String(), f(id)
}

// agreementPage is a draft with everything that is sent with it, or what became
// of an agreement that has been sent.
func agreementPage(v *visit) (templ.Component, error) {
	id, err := agreementID(v)
	if err != nil {
		return nil, err
	}
	a, err := v.desk.AgreementPage(v.Context(), v.actor, id)
	if err != nil {
		return nil, err
	}
	if a.State != dottedline.Draft {
		p, err := paperView(v, a)
		return html.PaperPage(p), err
	}
	p, err := v.ready(a)
	return html.ReadyPage(p), err
}

// ready is the one screen with everything that follows a yes.
func (v *visit) ready(a desk.AgreementPage) (out html.Ready, err error) {
	if out.Shell, err = v.shell("Ready to send", "deals", ""); err != nil {
		return out, err
	}
	c, err := v.desk.Closing(v.Context(), v.actor, a.Deal.ID)
	if err != nil {
		return out, err
	}
	boxes, err := v.desk.Mailboxes(v.Context(), v.actor)
	if err != nil {
		return out, err
	}
	them := theirs(a)
	first := cmp.Or(firstOf(them.Name), "them")
	id := a.ID.String()
	out.ID, out.Once, out.DealID, out.DealName = id, newPress(), a.Deal.ID.String(), a.Deal.Name
	out.CanSend, out.NoMailbox, out.SendLabel = a.Ready(), len(boxes) == 0, "Send to "+first
	out.Title, out.Sub = "Everything is ready for "+first+".", "One press signs for you and sends the agreement, the page to sign it on and the mail that carries them."
	if !out.CanSend {
		out.Title = "Nearly ready for " + first + "."
	}
	for _, h := range a.Holes {
		x := html.Hole{Label: fieldLabel(h), Field: h}
		if strings.HasPrefix(h, "Sign") {
			x.Label, x.Field = h, "signers"
		}
		out.Holes = append(out.Holes, x)
	}
	out.Problems = a.Problems
	for _, p := range c.Papers {
		chosen := p.Name == a.Template
		out.Templates = append(out.Templates, html.Choice{Value: p.Ref, Label: p.Name, Chosen: chosen})
		if chosen {
			out.TemplateNote = p.Note
		}
	}
	for _, f := range a.Fields {
		out.Fields = append(out.Fields, paperField(f))
	}
	slices.SortStableFunc(out.Fields, func(a, b html.PaperField) int { // what is missing comes first
		return cmp.Compare(btoi(b.Hole), btoi(a.Hole))
	})
	out.Source, out.HTML, out.Upload, out.Cover = a.Source, a.HTML, a.Upload, a.Cover
	out.PDF, out.Place = "/agreements/"+id+"/draft.pdf", "/agreements/"+id+"/places"
	out.Days = "It can be signed for " + count(a.Days, "day", "days") + "."
	for i, s := range a.Signers {
		out.Signers = append(out.Signers, signerForm(i, s.Signer))
	}
	out.Signers = append(out.Signers, signerForm(len(a.Signers), dottedline.Signer{Side: dottedline.Them, Order: 1}))
	out.Plan = v.plan(a.Deal.ID, c.Steps, cmp.Or(firstOf(them.Name), "Their side"))
	out.Room = html.Room{Theirs: cmp.Or(them.Company, a.Deal.Name), Ours: v.me.Workspace.Name, Terms: dottedline.Agreed(a.Fields)}
	out.Room.Hello = hello(firstOf(them.Name), len(out.Room.Terms) > 0)
	return out, nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// theirs is the first of their side who signs.
func theirs(a desk.AgreementPage) (out dottedline.Signer) {
	for _, s := range a.Signers {
		if s.Side == dottedline.Them && s.Counts() {
			return s.Signer
		}
	}
	return out
}

var sides = map[dottedline.Side]string{dottedline.Us: "Our side", dottedline.Them: "Their side"}

func signerForm(n int, s dottedline.Signer) html.SignerForm {
	f := html.SignerForm{N: strconv.Itoa(n), Name: s.Name, Title: s.Title, Company: s.Company, Address: string(s.Address), Order: strconv.Itoa(max(s.Order, 1))}
	if s.ID != 0 {
		f.ID = s.ID.String()
	}
	for _, side := range []dottedline.Side{dottedline.Us, dottedline.Them} {
		f.Sides = append(f.Sides, html.Choice{Value: string(side), Label: sides[side], Chosen: s.Side == side})
	}
	return f
}

var fieldHints = map[dottedline.FieldKind]string{
	dottedline.MoneyField: "Like 28,800 or 2.4k EUR.", dottedline.LinesField: "One a line.", dottedline.TermsField: "A name, a colon and what was agreed, one a line.",
	dottedline.PricesField: "Item | quantity | price, one a line; a note may follow the item.",
}

var fieldLabels = map[string]string{"Us.Name": "Our legal name", "Them.Name": "Their legal name", "Yes.Words": "Their words", "Yes.Date": "When they said yes", "By": "Until when", "Points": "What we agreed"}

// fieldLabel is how a merge field is called on a page: "Terms.NetDays" is
// "Terms: net days".
func fieldLabel(name string) string {
	if l := fieldLabels[name]; l != "" {
		return l
	}
	var b strings.Builder
	last := ' '
	for _, r := range name {
		switch {
		case r == '.':
			b.WriteString(":")
			last = ' '
			b.WriteByte(' ')
			continue
		case unicode.IsUpper(r) && unicode.IsLower(last):
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
		last = r
	}
	return capital(b.String())
}

func paperField(f dottedline.Field) html.PaperField {
	x := html.PaperField{Name: f.Name, Label: fieldLabel(f.Name), Value: f.Value, Hint: fieldHints[f.Kind], Kind: "text", Hole: f.Hole}
	switch f.Kind {
	case dottedline.DayField:
		x.Kind = "date"
	case dottedline.LinesField, dottedline.TermsField, dottedline.PricesField:
		x.Kind = "lines"
	}
	if strings.ContainsRune(f.Value, '\n') || len(f.Value) > 80 {
		x.Kind = "lines"
	}
	return x
}

// agreementEdit reads what the form of a draft says.
func (v *visit) agreementEdit() (e desk.AgreementEdit, err error) {
	if err := v.ParseForm(); err != nil {
		return e, err
	}
	f := v.PostForm
	if f.Has("cover") {
		cover := f.Get("cover")
		e.Cover = &cover
	}
	if f.Has("source") {
		source := strings.ReplaceAll(f.Get("source"), "\r\n", "\n")
		e.Source = &source
	}
	for k := range f {
		if name, ok := strings.CutPrefix(k, "field."); ok {
			if e.Fields == nil {
				e.Fields = map[string]string{}
			}
			e.Fields[name] = f.Get(k)
		}
	}
	e.Signers, err = signersOf(f)
	return e, err
}

func signersOf(f url.Values) (out []dottedline.Signer, err error) {
	for _, n := range f["signer"] {
		get := func(k string) string { return strings.TrimSpace(f.Get(k + "." + n)) }
		s := dottedline.Signer{Name: get("name"), Title: get("title"), Company: get("company"), Address: dottedline.Address(get("address")), Side: dottedline.Side(get("side"))}
		if s.Name == "" && s.Address == "" {
			continue
		}
		if s.Order, err = strconv.Atoi(cmp.Or(get("order"), "1")); err != nil {
			return nil, dottedline.Wrong("Write 1 for who signs first.", "The order of %s is not a number.", cmp.Or(s.Name, string(s.Address)))
		}
		if id := get("id"); id != "" {
			if s.ID, err = dottedline.ParseID[dottedline.Signer](id); err != nil {
				return nil, dottedline.Missing("signer")
			}
		}
		out = append(out, s)
	}
	return out, nil
}

// editAgreement keeps what was changed and shows how it looks then. What can't
// be kept is said above it, and stays in the form.
func editAgreement(v *visit) error {
	id, err := agreementID(v)
	if err != nil {
		return err
	}
	e, err := v.agreementEdit()
	if err == nil {
		_, err = v.desk.EditAgreement(v.Context(), v.actor, id, e)
	}
	var p *dottedline.Problem
	if err != nil && !errors.As(err, &p) {
		return err
	}
	if v.PostFormValue("save") != "" && p == nil {
		v.see("/agreements/" + id.String() + "?saved=1")
		return nil
	}
	a, err := v.desk.AgreementPage(v.Context(), v.actor, id)
	if err != nil {
		return err
	}
	out, err := v.ready(a)
	if err != nil {
		return err
	}
	if p != nil {
		out.CanSend, out.Problems = false, append(out.Problems, p.Error())
	}
	return v.render(http.StatusOK, html.ReadyPage(out))
}

// sendAgreement is the one press that sends everything.
func sendAgreement(v *visit) (string, error) {
	id, err := agreementID(v)
	if err != nil {
		return "", err
	}
	e, err := v.agreementEdit()
	if err != nil {
		return "", err
	}
	out, err := v.desk.SendAgreement(v.Context(), v.actor, id, e, v.PostFormValue("once"))
	if err != nil {
		return "", err
	}
	a, err := v.desk.AgreementPage(v.Context(), v.actor, id)
	if err != nil {
		return "", err
	}
	to := "/deals/" + a.Deal.ID.String()
	if len(out.Mails) > 0 {
		to += "?going=" + out.Mails[0].String()
	}
	return to, nil
}

// changeTemplate makes the draft's text anew from another template.
func changeTemplate(v *visit) (string, error) {
	return onAgreement(v, func(id dottedline.AgreementID) error {
		ref := v.PostFormValue("template")
		_, err := v.desk.EditAgreement(v.Context(), v.actor, id, desk.AgreementEdit{Template: &ref})
		return err
	})
}

// dropAgreement throws a draft away.
func dropAgreement(v *visit) (string, error) {
	id, err := agreementID(v)
	if err != nil {
		return "", err
	}
	a, err := v.desk.AgreementPage(v.Context(), v.actor, id)
	if err != nil {
		return "", err
	}
	if a.State != dottedline.Draft {
		return "", &dottedline.Problem{Kind: dottedline.Conflict, Text: "This agreement has been sent.", Hint: "Take it back instead."}
	}
	return "/deals/" + a.Deal.ID.String(), v.desk.VoidAgreement(v.Context(), v.actor, id, "")
}

// agreementFile is the PDF of an agreement.
func agreementFile(which string) func(*visit) error {
	return func(v *visit) error {
		id, err := agreementID(v)
		if err != nil {
			return err
		}
		pdf, name, err := v.desk.AgreementPDF(v.Context(), v.actor, id, which)
		if err != nil {
			return err
		}
		return v.pdf(pdf, name, false)
	}
}

// pdf answers with a file, to be looked at or to be kept.
func (v *visit) pdf(b []byte, name string, keep bool) error {
	h := v.w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Cache-Control", "no-store")
	how := "inline"
	if keep {
		how = "attachment"
	}
	h.Set("Content-Disposition", fmt.Sprintf("%s; filename*=UTF-8''%s", how, url.PathEscape(name)))
	h.Set("Content-Length", strconv.Itoa(len(b)))
	_, err := v.w.Write(b)
	return err
}
