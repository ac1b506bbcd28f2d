package desk

import (
	"context"
	"errors"
	"strings"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/seal"
)

// UploadAgreement makes the draft of a deal from a ready PDF, theirs or ours: it
// becomes one clean revision, and says what was left out. The places of the
// marks are set with PlaceMarks.
func (d *Desk) UploadAgreement(ctx context.Context, a dottedline.Actor, deal dottedline.DealID, name string, pdf []byte) (u Uploaded, err error) {
	if err := member(a); err != nil {
		return u, err
	}
	c, err := seal.Rewrite(pdf)
	if err != nil {
		return u, fileProblem(err)
	}
	err = d.write(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(deal)
		if err != nil {
			return err
		}
		as, err := t.Agreements(r.ID)
		if err != nil {
			return err
		}
		var x store.Agreement
		if len(as) > 0 && as[0].State == dottedline.Draft {
			x = as[0]
		} else if x, err = newDraft(t, a, r.Deal, as); err != nil {
			return err
		}
		x.Template, x.Source, x.Places, x.Rev, x.Pages = "", "", nil, x.Rev+1, len(c.Pages)
		x.Title = strings.TrimSuffix(clean(strings.TrimSpace(name)), ".pdf")
		if x.Title == "" {
			x.Title = "Agreement"
		}
		u = Uploaded{x.ID, len(c.Pages), c.Dropped}
		if err := t.PutAgreement(x); err != nil {
			return err
		}
		return t.PutFile(x.ID, store.Uploaded, hexSum(c.PDF), c.PDF)
	})
	return u, err
}

// fileProblem shows what is wrong with a file that somebody gave.
func fileProblem(err error) error {
	var f *seal.FileError
	if errors.As(err, &f) {
		return dottedline.Wrong("", "%s.", strings.ToUpper(f.Text[:1])+f.Text[1:])
	}
	return err
}

// PageSizes are the sizes of the pages of an agreement's PDF, in points, to place marks on.
func (d *Desk) PageSizes(ctx context.Context, a dottedline.Actor, id dottedline.AgreementID) ([]seal.Page, error) {
	pdf, _, err := d.AgreementPDF(ctx, a, id, "")
	if err != nil {
		return nil, err
	}
	return seal.Pages(pdf)
}

// PlaceMarks says where the marks of the signers go in an uploaded PDF. A
// signer may have several.
func (d *Desk) PlaceMarks(ctx context.Context, a dottedline.Actor, id dottedline.AgreementID, places []store.MarkPlace) error {
	sizes, err := d.PageSizes(ctx, a, id)
	if err != nil {
		return err
	}
	for _, p := range places {
		for _, r := range [][4]float64{p.Mark, p.Date} {
			if p.Page < 1 || p.Page > len(sizes) || r[0] < 0 || r[1] < 0 || r[0]+r[2] > sizes[p.Page-1].W || r[1]+r[3] > sizes[p.Page-1].H {
				return dottedline.Wrong("Move it onto the page.", "A place for a signature lies outside of page %d.", p.Page)
			}
		}
		if p.Mark[2] < 20 || p.Mark[3] < 10 {
			return dottedline.Wrong("Make it larger.", "A place for a signature on page %d is too small.", p.Page)
		}
	}
	return d.write(ctx, a, func(t *store.Tx) error {
		x, err := t.Agreement(id)
		if err != nil {
			return err
		}
		if x.State != dottedline.Draft || x.Source != "" {
			return dottedline.Wrong("", "Places are set in an uploaded PDF that was not sent yet.")
		}
		x.Places, x.Rev = places, x.Rev+1
		return t.PutAgreement(x)
	})
}

// AgreementPDF is the PDF of an agreement: sealed, else as presented, else as
// the draft looks now, in which holes are a Problem. which asks for one of them.
func (d *Desk) AgreementPDF(ctx context.Context, a dottedline.Actor, id dottedline.AgreementID, which string) (pdf []byte, name string, err error) {
	var s sheet
	err = d.view(ctx, a, func(t *store.Tx) error {
		if s, err = readSheet(t, id); err != nil {
			return err
		}
		pdf, err = pdfOf(t, s.Agreement, which)
		return err
	})
	if err == nil && pdf == nil && s.State == dottedline.Draft {
		pdf = s.upload
		if pdf == nil {
			p, err := d.present(s)
			return p.pdf, fileName(p.title), err
		}
	}
	if err == nil && pdf == nil {
		err = dottedline.Missing("PDF")
	}
	return pdf, fileName(s.Title), err
}

func pdfOf(t *store.Tx, x store.Agreement, which string) ([]byte, error) {
	for _, name := range []string{store.Sealed, store.Presented} {
		if which != "" && which != name {
			continue
		}
		if b, err := t.File(x.ID, name); err != nil || b != nil {
			return b, err
		}
	}
	return nil, nil
}

func fileName(title string) string {
	keep := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return -1
		}
		return r
	}, title)
	return strings.TrimSpace(cut(keep, 100)) + ".pdf"
}

// Uploaded is a PDF of theirs, made safe.
type Uploaded struct {
	Agreement dottedline.AgreementID
	Pages     int
	Dropped   []string // what was left out of the file
}
