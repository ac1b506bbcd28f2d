package desk

import (
	"context"
	"errors"
	"strings"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/paper"
)

// PaperInfo is a template of agreements: shipped, or the workspace's own.
type PaperInfo struct {
	Ref     string // names it in MakeAgreement: "services", or the ID of an own one
	ID      dottedline.PaperID
	Name    string
	Kind    dottedline.Kind
	Note    string
	Version int // of an own one
	Shipped bool
	Source  string
}

// PaperTemplates are the workspace's own templates and then the shipped ones.
func (d *Desk) PaperTemplates(ctx context.Context, a dottedline.Actor) (out []PaperInfo, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error { out, err = papers(t); return err })
	return out, err
}

func papers(t *store.Tx) ([]PaperInfo, error) {
	own, err := t.PaperTemplates()
	if err != nil {
		return nil, err
	}
	var out []PaperInfo
	for _, p := range own {
		x := PaperInfo{Ref: p.ID.String(), ID: p.ID, Name: p.Name, Version: p.Version, Source: p.Source}
		if tpl, err := paper.ParseTemplate(p.Source); err == nil {
			x.Kind, x.Note = dottedline.Kind(tpl.Kind), tpl.Note
		}
		out = append(out, x)
	}
	for _, s := range paper.Templates() {
		out = append(out, PaperInfo{Ref: s.Name, Name: shippedName[s.Name], Kind: dottedline.Kind(s.Kind), Note: s.Note, Shipped: true, Source: s.Source})
	}
	return out, nil
}

var shippedName = map[string]string{"services": "Services agreement", "subscription": "Subscription order form", "funding": "Note for future equity", "donation": "Donation pledge",
	"job": "Job offer and acceptance", "partnership": "Partnership memorandum", "advice": "A promise of advice"}

// paperBy finds a template by its reference; "" is the first that fits the kind.
func paperBy(t *store.Tx, ref string, k dottedline.Kind) (PaperInfo, error) {
	ps, err := papers(t)
	if err != nil {
		return PaperInfo{}, err
	}
	for _, p := range ps {
		if p.Ref == ref || ref == "" && p.Kind == k && (k != dottedline.Sale || !p.Shipped || p.Ref == "subscription") {
			return p, nil
		}
	}
	return PaperInfo{}, dottedline.Missing("template of agreements")
}

// CopyPaper makes a template of the workspace's own from another.
func (d *Desk) CopyPaper(ctx context.Context, a dottedline.Actor, ref, name string) (id dottedline.PaperID, err error) {
	err = d.write(ctx, a, func(t *store.Tx) error {
		p, err := paperBy(t, ref, "")
		if err != nil {
			return err
		}
		if name = strings.TrimSpace(name); name == "" {
			name = p.Name + ", ours"
		}
		id = store.NewID[dottedline.PaperTemplate](t)
		return t.AddPaperVersion(dottedline.PaperTemplate{ID: id, Name: name, Version: 1, Source: p.Source})
	})
	return id, err
}

// SavePaper keeps a new version of an own template, or a new one for ID 0.
// Agreements that were made from an older version stay as they are.
func (d *Desk) SavePaper(ctx context.Context, a dottedline.Actor, id dottedline.PaperID, name, source string) (dottedline.PaperID, error) {
	if name = strings.TrimSpace(name); name == "" {
		return 0, dottedline.Wrong("It is found by it when an agreement is made.", "The template has no name.")
	}
	if _, err := paper.ParseTemplate(source); err != nil {
		return 0, templateProblem(err)
	}
	err := d.write(ctx, a, func(t *store.Tx) error {
		next := dottedline.PaperTemplate{ID: id, Name: name, Version: 1, Source: source}
		if id == 0 {
			next.ID = store.NewID[dottedline.PaperTemplate](t)
			id = next.ID
			return t.AddPaperVersion(next)
		}
		vs, err := t.PaperVersions(id)
		if err != nil {
			return err
		}
		if len(vs) == 0 {
			return dottedline.Missing("template of agreements")
		}
		if vs[0].Source == source && vs[0].Name == name {
			return nil
		}
		next.Version = vs[0].Version + 1
		return t.AddPaperVersion(next)
	})
	return id, err
}

// PaperVersions are all versions of an own template, newest first.
func (d *Desk) PaperVersions(ctx context.Context, a dottedline.Actor, id dottedline.PaperID) (out []dottedline.PaperTemplate, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error { out, err = t.PaperVersions(id); return err })
	return out, err
}

// DropPaper takes an own template out of use.
func (d *Desk) DropPaper(ctx context.Context, a dottedline.Actor, id dottedline.PaperID) error {
	return d.write(ctx, a, func(t *store.Tx) error { return t.DropPaper(id) })
}

// PreviewPaper shows a template with the values of an invented deal.
func (d *Desk) PreviewPaper(source string) (html string, fields []string, err error) {
	tpl, err := paper.ParseTemplate(source)
	if err != nil {
		return "", nil, templateProblem(err)
	}
	doc, err := tpl.Merge(paper.Example())
	if doc == nil {
		return "", nil, templateProblem(err)
	}
	return doc.HTML(), tpl.Fields(), nil
}

// templateProblem shows what is wrong with a template's text.
func templateProblem(err error) error {
	var p *dottedline.Problem
	if err == nil || errors.As(err, &p) {
		return err
	}
	return dottedline.Wrong("Fields look like {{.Them.Name}}, days like {{date .Agreement.Start}}, amounts like {{money .Amount}}.", "The template can't be read: %v.", err)
}
