package web

import (
	"fmt"
	"strconv"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

// uploadPaper takes a PDF in place of a template.
func uploadPaper(v *visit) (string, error) {
	id, err := dealID(v)
	if err != nil {
		return "", err
	}
	pdf, name, err := v.file("pdf")
	if err != nil {
		return "", err
	}
	u, err := v.desk.UploadAgreement(v.Context(), v.actor, id, name, pdf)
	return "/agreements/" + u.Agreement.String() + "/places", err
}

func placePage(v *visit) (templ.Component, error) { return v.places(nil) }

// places shows where signatures go on an uploaded PDF; those without a place
// begin at the foot of the last page, one above the other.
func (v *visit) places(p *dottedline.Problem) (templ.Component, error) {
	id, err := agreementID(v)
	if err != nil {
		return nil, err
	}
	a, err := v.desk.AgreementPage(v.Context(), v.actor, id)
	if err != nil {
		return nil, err
	}
	sizes, err := v.desk.PageSizes(v.Context(), v.actor, id)
	if err != nil {
		return nil, err
	}
	at := "/agreements/" + id.String()
	out := html.Place{ID: id.String(), Action: at + "/places", PDF: at + "/draft.pdf", Back: at, Title: a.Title, Problem: problemOf(p)}
	if out.Shell, err = v.shell("Where they sign", "deals", ""); err != nil {
		return nil, err
	}
	for i, s := range a.Signers {
		m := html.PlaceMark{Signer: s.ID.String(), Name: personName(dottedline.Person{Name: s.Name, Address: s.Address}), Page: strconv.Itoa(len(sizes)), X: "72", Y: strconv.Itoa(72 + 72*i), W: "180", H: "42"}
		for _, x := range a.Places {
			if x.Signer == s.ID {
				m.Page, m.X, m.Y, m.W, m.H = strconv.Itoa(x.Page), points(x.Mark[0]), points(x.Mark[1]), points(x.Mark[2]), points(x.Mark[3])
			}
		}
		out.Marks = append(out.Marks, m)
	}
	return html.PlacePage(out), nil
}

func points(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// place keeps the places; the day of signing stands to the right of the mark
// where there is room, else above it.
func place(v *visit) (string, again, error) {
	id, err := agreementID(v)
	if err != nil {
		return "", nil, err
	}
	sizes, err := v.desk.PageSizes(v.Context(), v.actor, id)
	if err != nil {
		return "", nil, err
	}
	var marks []desk.MarkPlace
	f := v.PostForm
	if f == nil {
		if err := v.ParseForm(); err != nil {
			return "", nil, err
		}
		f = v.PostForm
	}
	for i, who := range f["signer"] {
		var m desk.MarkPlace
		if m.Signer, err = dottedline.ParseID[dottedline.Signer](who); err != nil {
			return "", nil, dottedline.Missing("signer")
		}
		n := [5]float64{}
		for j, k := range []string{"page", "x", "y", "w", "h"} {
			if i >= len(f[k]) {
				return "", nil, dottedline.Wrong("", "The form is not whole.")
			}
			if n[j], err = strconv.ParseFloat(f[k][i], 64); err != nil {
				return "", v.places, dottedline.Wrong("Write points, 72 to an inch.", "%q is not a number.", f[k][i])
			}
		}
		m.Page, m.Mark = int(n[0]), [4]float64{n[1], n[2], n[3], n[4]}
		if m.Page >= 1 && m.Page <= len(sizes) {
			m.Date = dateBeside(m.Mark, sizes[m.Page-1].W, sizes[m.Page-1].H)
		}
		marks = append(marks, m)
	}
	at := fmt.Sprintf("/agreements/%s", id)
	return at, v.places, v.desk.PlaceMarks(v.Context(), v.actor, id, marks)
}

// dateBeside is where a day goes beside a mark on a page; nowhere if there is no
// room.
func dateBeside(m [4]float64, pageW, pageH float64) [4]float64 {
	const w, h, gap = 64, 14, 8
	switch {
	case m[0]+m[2]+gap+w <= pageW:
		return [4]float64{m[0] + m[2] + gap, m[1], w, h}
	case m[1]+m[3]+gap+h <= pageH:
		return [4]float64{m[0], m[1] + m[3] + gap, w, h}
	}
	return [4]float64{}
}
