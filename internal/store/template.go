package store

import "dottedline"

// Templates are the workspace's own reply templates, oldest first.
func (t *Tx) Templates() ([]dottedline.Template, error) {
	return all(t, func(x *dottedline.Template) []any { return []any{&x.ID, &x.Name, &x.When, &x.Text} },
		`SELECT id, name, fits, body FROM templates WHERE ws = $1 ORDER BY id`)
}

// PutTemplate adds or changes a reply template.
func (t *Tx) PutTemplate(x dottedline.Template) error {
	t.Changed()
	return t.do(`INSERT INTO templates (ws, id, name, fits, body) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (ws, id) DO UPDATE SET name = excluded.name, fits = excluded.fits, body = excluded.body`, x.ID, x.Name, x.When, x.Text)
}

// DropTemplate removes a reply template.
func (t *Tx) DropTemplate(id dottedline.TemplateID) error {
	t.Changed()
	return t.do(`DELETE FROM templates WHERE ws = $1 AND id = $2`, id)
}

// Draft is what a member has written for a deal and not sent. Model is the
// language model that wrote it, "" for none; Was is the text before that.
type Draft struct{ Text, Model, Was string }

// Draft is the member's own draft for a deal; the zero Draft where there is none.
func (t *Tx) Draft(m dottedline.MemberID, d dottedline.DealID) (Draft, error) {
	x, _, err := one(t, func(x *Draft) []any { return []any{&x.Text, &x.Model, &x.Was} }, `SELECT body, model, was FROM drafts WHERE ws = $1 AND member = $2 AND deal = $3`, m, d)
	return x, err
}

// PutModelDraft keeps what a language model has written.
func (t *Tx) PutModelDraft(m dottedline.MemberID, d dottedline.DealID, x Draft) error {
	if err := t.PutDraft(m, d, x.Text); err != nil {
		return err
	}
	return t.do(`UPDATE drafts SET model = $4, was = $5 WHERE ws = $1 AND member = $2 AND deal = $3`, m, d, x.Model, x.Was)
}

// PutDraft keeps what a member has written; "" forgets it. A draft that a model
// began stays marked so.
func (t *Tx) PutDraft(m dottedline.MemberID, d dottedline.DealID, body string) error {
	if body == "" {
		return t.do(`DELETE FROM drafts WHERE ws = $1 AND member = $2 AND deal = $3`, m, d)
	}
	return t.do(`INSERT INTO drafts (ws, member, deal, body, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (ws, member, deal) DO UPDATE SET body = excluded.body, at = excluded.at`, m, d, body, us(t.Now))
}
