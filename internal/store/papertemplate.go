package store

import "dottedline"

const paperCols = `id, name, version, source, made`

func scanPaper(p *dottedline.PaperTemplate) []any {
	return []any{&p.ID, &p.Name, &p.Version, &p.Source, timeScan{&p.Made}}
}

// PaperTemplates are the newest versions of the workspace's own templates of
// agreements, oldest first.
func (t *Tx) PaperTemplates() ([]dottedline.PaperTemplate, error) {
	return all(t, scanPaper, `SELECT `+paperCols+` FROM paper_templates p WHERE ws = $1 AND dropped = 0
		AND version = (SELECT MAX(version) FROM paper_templates q WHERE q.ws = $1 AND q.id = p.id) ORDER BY id`)
}

// PaperVersions are all versions of a template, newest first.
func (t *Tx) PaperVersions(id dottedline.PaperID) ([]dottedline.PaperTemplate, error) {
	return all(t, scanPaper, `SELECT `+paperCols+` FROM paper_templates WHERE ws = $1 AND id = $2 ORDER BY version DESC`, id)
}

// AddPaperVersion keeps a new version of a template.
func (t *Tx) AddPaperVersion(p dottedline.PaperTemplate) error {
	t.Changed()
	return t.do(`INSERT INTO paper_templates (ws, id, version, name, source, made, dropped) VALUES ($1, $2, $3, $4, $5, $6, 0)`,
		p.ID, p.Version, p.Name, p.Source, us(t.Now))
}

// DropPaper takes a template out of use; its versions stay.
func (t *Tx) DropPaper(id dottedline.PaperID) error {
	t.Changed()
	return t.do(`UPDATE paper_templates SET dropped = $3 WHERE ws = $1 AND id = $2`, id, us(t.Now))
}
