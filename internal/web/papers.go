package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

func papersPage(v *visit) (templ.Component, error) {
	var out html.PapersSettings
	var err error
	if out.Shell, err = v.shell("Agreements", "settings", ""); err != nil {
		return nil, err
	}
	ps, err := v.desk.PaperTemplates(v.Context(), v.actor)
	if err != nil {
		return nil, err
	}
	for _, p := range ps {
		x := html.PaperTemplate{ID: p.Ref, Name: p.Name, Kind: capital(string(p.Kind)), Note: p.Note}
		if p.Shipped {
			out.Shipped = append(out.Shipped, x)
			continue
		}
		x.Version = "version " + strconv.Itoa(p.Version)
		out.Own = append(out.Own, x)
	}
	return html.PapersPage(out), nil
}

// template is the template in the address.
func (v *visit) template() (desk.PaperInfo, error) {
	ps, err := v.desk.PaperTemplates(v.Context(), v.actor)
	if err != nil {
		return desk.PaperInfo{}, err
	}
	i := slices.IndexFunc(ps, func(p desk.PaperInfo) bool { return p.Ref == v.PathValue("paper") })
	if i < 0 {
		return desk.PaperInfo{}, dottedline.Missing("template")
	}
	return ps[i], nil
}

func paperEditPage(v *visit) (templ.Component, error) {
	p, err := v.template()
	if err != nil {
		return nil, err
	}
	return v.paperEdit(p, nil)
}

// paperEdit shows a template with the values of an invented deal.
func (v *visit) paperEdit(p desk.PaperInfo, wrong *dottedline.Problem) (templ.Component, error) {
	out := html.PaperEdit{ID: p.Ref, Name: p.Name, Source: p.Source, Own: !p.Shipped, Note: p.Note, Problem: problemOf(wrong)}
	var err error
	if out.Shell, err = v.shell(p.Name, "settings", ""); err != nil {
		return nil, err
	}
	if wrong != nil {
		out.Toast.Text = wrong.Error()
	}
	if out.Own {
		vs, err := v.desk.PaperVersions(v.Context(), v.actor, p.ID)
		if err != nil {
			return nil, err
		}
		shown := v.URL.Query().Get("version")
		for i, x := range vs {
			n := strconv.Itoa(x.Version)
			here := shown == n || shown == "" && i == 0
			if here && shown != "" {
				out.Source = x.Source
			}
			out.Versions = append(out.Versions, html.PaperVersion{N: "Version " + n, When: v.day(x.Made), Href: "/settings/papers/" + p.Ref + "?version=" + n, Shown: here})
		}
	}
	text, fields, err := v.desk.PreviewPaper(out.Source)
	var bad *dottedline.Problem
	if err != nil && !errors.As(err, &bad) {
		return nil, err
	}
	if bad != nil && wrong == nil {
		out.Problem, out.Toast.Text = problemOf(bad), bad.Error()
	}
	out.HTML = text
	for _, f := range fields {
		out.Fields = append(out.Fields, html.Field{Name: f, What: fieldLabel(f)})
	}
	return html.PaperEditPage(out), nil
}

// paperPreview shows a template as it is being written.
func paperPreview(v *visit) error {
	p, err := v.template()
	if err != nil {
		return err
	}
	p.Source, p.Name = lineEnds(v.PostFormValue("source")), v.PostFormValue("name")
	c, err := v.paperEdit(p, nil)
	if err != nil {
		return err
	}
	return v.render(http.StatusOK, c)
}

func savePaper(v *visit) (string, again, error) {
	p, err := v.template()
	if err != nil {
		return "", nil, err
	}
	p.Name, p.Source = v.PostFormValue("name"), lineEnds(v.PostFormValue("source"))
	_, err = v.desk.SavePaper(v.Context(), v.actor, p.ID, p.Name, p.Source)
	return "/settings/papers/" + p.Ref + "?saved=1", func(wrong *dottedline.Problem) (templ.Component, error) { return v.paperEdit(p, wrong) }, err
}

func copyPaper(v *visit) (string, error) {
	id, err := v.desk.CopyPaper(v.Context(), v.actor, v.PathValue("paper"), "")
	return "/settings/papers/" + id.String(), err
}

func dropPaper(v *visit) (string, error) {
	p, err := v.template()
	if err != nil {
		return "", err
	}
	return "/settings/papers", v.desk.DropPaper(v.Context(), v.actor, p.ID)
}

func lineEnds(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }
