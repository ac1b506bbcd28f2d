package web

import (
	"cmp"
	"net/http"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/web/html"
)

// merge puts a deal into another. Where both have an agreement it asks which
// one stays.
func merge(v *visit) (string, again, error) {
	from, err := dealID(v)
	if err != nil {
		return "", nil, err
	}
	into, err := dottedline.ParseID[dottedline.Deal](v.PostFormValue("into"))
	if err != nil {
		return "", nil, dottedline.Wrong("Choose the deal that is to hold everything.", "No deal was chosen.")
	}
	var keep dottedline.AgreementID
	if s := v.PostFormValue("keep"); s != "" {
		if keep, err = dottedline.ParseID[dottedline.Agreement](s); err != nil {
			return "", nil, dottedline.Missing("agreement")
		}
	}
	papers, err := v.desk.CurrentAgreements(v.Context(), v.actor, into, from)
	if err != nil {
		return "", nil, err
	}
	ask := func(p *dottedline.Problem) (templ.Component, error) { return v.whichStays(into, from, papers, p) }
	if len(papers) < 2 {
		ask = nil
	} else if keep == 0 {
		c, err := ask(nil)
		if err != nil {
			return "", nil, err
		}
		return "", nil, v.render(http.StatusOK, c)
	}
	return "/deals/" + into.String(), ask, v.desk.MergeDeals(v.Context(), v.actor, into, from, keep)
}

func (v *visit) whichStays(into, from dottedline.DealID, papers []dottedline.Agreement, p *dottedline.Problem) (templ.Component, error) {
	out := html.Merge{ID: from.String(), Into: into.String()}
	var err error
	if out.Shell, err = v.shell("Which agreement stays?", "deals", ""); err != nil {
		return nil, err
	}
	out.Problem = problemOf(p)
	for _, a := range papers {
		d, err := v.desk.DealPage(v.Context(), v.actor, a.Deal)
		if err != nil {
			return nil, err
		}
		if a.Deal == from {
			out.Name = d.Deal.Name
		}
		out.Papers = append(out.Papers, html.PaperChoice{Value: a.ID.String(), Label: cmp.Or(a.Title, "Agreement"), Note: d.Deal.Name + ": " + v.stateWords(a)})
	}
	out.Papers[0].Chosen = true
	return html.MergePage(out), nil
}
