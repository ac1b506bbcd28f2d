package store

import (
	"dottedline"
)

// Agreement is a paper with what it is made of. Fields and Places are JSON of
// the desk's.
type Agreement struct {
	dottedline.Agreement
	Rev      int64             // counts the edits of a draft
	Once     string            // the press that sent it
	Template string            // the name of the template it was made from; "" for an uploaded PDF
	Source   string            // Markdown with front matter
	Fields   map[string]string // values as the member writes them
	Places   []MarkPlace       // where signers' marks go
	Cover    string            // the text of the mail that carries it
	HTML     string            // of what was presented
}

// MarkPlace is where a signer's mark and day go, in points from the lower left.
type MarkPlace struct {
	Signer dottedline.SignerID `json:"signer"`
	Page   int                 `json:"page"` // from 1
	Mark   [4]float64          `json:"mark"` // x, y, width, height
	Date   [4]float64          `json:"date"`
	Below  [4]float64          `json:"below,omitzero"` // free for who signs in place of who is named; zero: nowhere
}

const agreementCols = `id, deal, member, state, number, title, version, before, made, sent_at, ends_at, ended_at, reason, sha256, final, pages,
	rev, once, template, source, fields, places, cover, html`

func scanAgreement(a *Agreement) []any {
	return []any{&a.ID, &a.Deal, &a.Member, &a.State, &a.Number, &a.Title, &a.Version, &a.Before, timeScan{&a.Made}, timeScan{&a.Sent},
		timeScan{&a.Ends}, timeScan{&a.Ended}, &a.Reason, &a.SHA256, &a.Final, &a.Pages, &a.Rev, &a.Once, &a.Template, &a.Source,
		jsonScan{&a.Fields}, jsonScan{&a.Places}, &a.Cover, &a.HTML}
}

// Agreement is one agreement.
func (t *Tx) Agreement(id dottedline.AgreementID) (Agreement, error) {
	a, ok, err := one(t, scanAgreement, `SELECT `+agreementCols+` FROM agreements WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("agreement")
	}
	return a, err
}

// Agreements are the agreements of a deal, the newest version first.
func (t *Tx) Agreements(d dottedline.DealID) ([]Agreement, error) {
	return all(t, scanAgreement, `SELECT `+agreementCols+` FROM agreements WHERE ws = $1 AND deal = $2 ORDER BY version DESC, id DESC`, d)
}

// SealingAgreements are those that everybody has signed and that have no seal yet.
func (t *Tx) SealingAgreements() ([]dottedline.AgreementID, error) {
	return vals[dottedline.AgreementID](t, `SELECT id FROM agreements WHERE ws = $1 AND state = 'sealing' ORDER BY id`)
}

// PutAgreement adds or changes an agreement.
func (t *Tx) PutAgreement(a Agreement) error {
	t.Changed()
	fields, err := jsonText(a.Fields)
	if err != nil {
		return err
	}
	places, err := jsonText(a.Places)
	if err != nil {
		return err
	}
	return t.do(`INSERT INTO agreements (ws, `+agreementCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
		$17, $18, $19, $20, $21, $22, $23, $24, $25)
		ON CONFLICT (ws, id) DO UPDATE SET state = excluded.state, title = excluded.title, sent_at = excluded.sent_at, ends_at = excluded.ends_at,
		ended_at = excluded.ended_at, reason = excluded.reason, sha256 = excluded.sha256, final = excluded.final, pages = excluded.pages,
		rev = excluded.rev, once = excluded.once, template = excluded.template, source = excluded.source, fields = excluded.fields,
		places = excluded.places, cover = excluded.cover, html = excluded.html`,
		a.ID, a.Deal, a.Member, a.State, a.Number, a.Title, a.Version, a.Before, us(a.Made), us(a.Sent), us(a.Ends), us(a.Ended), a.Reason,
		a.SHA256, a.Final, a.Pages, a.Rev, a.Once, a.Template, a.Source, fields, places, a.Cover, a.HTML)
}

// DropAgreement removes a draft with its signers and files.
func (t *Tx) DropAgreement(id dottedline.AgreementID) error {
	t.Changed()
	for _, q := range []string{`DELETE FROM agreement_files WHERE ws = $1 AND agreement = $2`, `DELETE FROM signers WHERE ws = $1 AND agreement = $2`,
		`DELETE FROM agreements WHERE ws = $1 AND id = $2 AND state = 'draft'`} {
		if err := t.do(q, id); err != nil {
			return err
		}
	}
	return nil
}

// The files of an agreement.
const (
	Uploaded  = "upload"    // their PDF, rewritten, while it is a draft
	Presented = "presented" // what is signed
	Sealed    = "sealed"
)

// PutFile keeps a file of an agreement.
func (t *Tx) PutFile(id dottedline.AgreementID, name, sha256 string, body []byte) error {
	return t.do(`INSERT INTO agreement_files (ws, agreement, name, sha256, body) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (ws, agreement, name) DO UPDATE SET sha256 = excluded.sha256, body = excluded.body`, id, name, sha256, body)
}

// DropFile removes a file of an agreement.
func (t *Tx) DropFile(id dottedline.AgreementID, name string) error {
	return t.do(`DELETE FROM agreement_files WHERE ws = $1 AND agreement = $2 AND name = $3`, id, name)
}

// File is a file of an agreement; nil where there is none.
func (t *Tx) File(id dottedline.AgreementID, name string) ([]byte, error) {
	b, _, err := val[[]byte](t, `SELECT body FROM agreement_files WHERE ws = $1 AND agreement = $2 AND name = $3`, id, name)
	return b, err
}

// SealedFile says whether a file with this SHA-256 was sealed here, in any workspace.
func (g Global) SealedFile(sha256 string) (ws dottedline.WorkspaceID, id dottedline.AgreementID, ok bool, err error) {
	type row struct {
		ws dottedline.WorkspaceID
		id dottedline.AgreementID
	}
	rs, err := rows(g.ctx, g.q, func(r *row) []any { return []any{&r.ws, &r.id} }, `SELECT ws, id FROM agreements WHERE final = $1`, sha256)
	if err != nil || len(rs) == 0 {
		return 0, 0, false, err
	}
	return rs[0].ws, rs[0].id, true, nil
}

// AllAgreements are the IDs of all agreements of the workspace.
func (t *Tx) AllAgreements() ([]dottedline.AgreementID, error) {
	return vals[dottedline.AgreementID](t, `SELECT id FROM agreements WHERE ws = $1 ORDER BY id`)
}

// OutAgreements are those that are with them.
func (t *Tx) OutAgreements() ([]dottedline.AgreementID, error) {
	return vals[dottedline.AgreementID](t, `SELECT id FROM agreements WHERE ws = $1 AND state = 'out' ORDER BY id`)
}
