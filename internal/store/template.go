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

// Draft is what a member has written for a deal and not sent; "" if nothing.
func (t *Tx) Draft(m dottedline.MemberID, d dottedline.DealID) (string, error) {
	s, _, err := val[string](t, `SELECT body FROM drafts WHERE ws = $1 AND member = $2 AND deal = $3`, m, d)
	return s, err
}

// PutDraft keeps what a member has written; "" forgets it.
func (t *Tx) PutDraft(m dottedline.MemberID, d dottedline.DealID, body string) error {
	if body == "" {
		return t.do(`DELETE FROM drafts WHERE ws = $1 AND member = $2 AND deal = $3`, m, d)
	}
	return t.do(`INSERT INTO drafts (ws, member, deal, body, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (ws, member, deal) DO UPDATE SET body = excluded.body, at = excluded.at`, m, d, body, us(t.Now))
}
