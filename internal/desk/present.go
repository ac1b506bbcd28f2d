package desk

import (
	"fmt"
	"strings"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/paper"
)

// presented is the paper as it will be signed.
type presented struct {
	pdf    []byte
	sha    string
	title  string
	html   string
	pages  int
	places []store.MarkPlace
}

// present makes the PDF. It needs no database.
func (d *Desk) present(s sheet) (p presented, err error) {
	page := d.page(s)
	if len(page.Holes) > 0 {
		return p, dottedline.Wrong("Fill them in and send it then.", "%s", dottedline.HolesText(page.Holes))
	}
	if len(page.Problems) > 0 {
		return p, dottedline.Wrong("", "%s", strings.Join(page.Problems, " "))
	}
	if page.Upload {
		p = presented{pdf: s.upload, title: s.Title, pages: s.Pages, places: s.Places}
	} else {
		doc, _, err := d.merge(s)
		if err != nil {
			return p, err
		}
		made, err := paper.Make(doc, d.fonts(), d.options(s))
		if err != nil {
			return p, fmt.Errorf("make the PDF: %w", err)
		}
		p = presented{pdf: made.PDF, title: doc.Title, html: doc.HTML(), pages: made.Pages}
		for _, l := range made.Lines {
			signer, err := dottedline.ParseID[dottedline.Signer](l.Signer)
			if err != nil {
				return p, err
			}
			p.places = append(p.places, store.MarkPlace{Signer: signer, Page: l.Page, Mark: box(l.Mark), Date: box(l.Date), Below: box(l.Below)})
		}
	}
	p.sha = hexSum(p.pdf)
	return p, nil
}

func box(r paper.Rect) [4]float64 { return [4]float64{r.X, r.Y, r.W, r.H} }

// newLinks makes the secrets of links before the transaction, which may be run
// more than once.
func newLinks(s sheet) map[dottedline.SignerID]secretLink {
	m := map[dottedline.SignerID]secretLink{}
	for _, x := range s.signers {
		var l secretLink
		l.secret, l.hash = newToken()
		m[x.ID] = l
	}
	return m
}

type secretLink struct{ secret, hash string }
