package desk

import (
	"errors"
	"strings"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/paper"
)

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
