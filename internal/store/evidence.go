package store

import "dottedline"

// Evidence are the lines of an agreement's evidence, oldest first.
func (t *Tx) Evidence(a dottedline.AgreementID) ([][]byte, error) {
	return vals[[]byte](t, `SELECT line FROM evidence WHERE ws = $1 AND agreement = $2 ORDER BY seq`, a)
}

// LastEvidence is the last line and its number; nil and 0 before the first.
func (t *Tx) LastEvidence(a dottedline.AgreementID) (line []byte, seq int64, err error) {
	_, _, err = one(t, func(*struct{}) []any { return []any{&line, &seq} },
		`SELECT line, seq FROM evidence WHERE ws = $1 AND agreement = $2 ORDER BY seq DESC LIMIT 1`, a)
	return line, seq, err
}

// AddEvidence keeps the next line.
func (t *Tx) AddEvidence(a dottedline.AgreementID, seq int64, line []byte) error {
	return t.do(`INSERT INTO evidence (ws, agreement, seq, line) VALUES ($1, $2, $3, $4)`, a, seq, line)
}

// DropEvidence removes the lines of an agreement whose sending was undone.
func (t *Tx) DropEvidence(a dottedline.AgreementID) error {
	return t.do(`DELETE FROM evidence WHERE ws = $1 AND agreement = $2`, a)
}
