package store

import "dottedline"

const stepCols = `id, deal, owner, body, due_at, done_at, done_by, fact`

func scanStep(s *dottedline.Step) []any {
	return []any{&s.ID, &s.Deal, &s.Owner, &s.Text, timeScan{&s.Due}, timeScan{&s.Done}, &s.By, &s.Fact}
}

// Steps are the steps of a deal's plan in the order in which they are due.
func (t *Tx) Steps(d dottedline.DealID) ([]dottedline.Step, error) {
	out, err := all(t, scanStep, `SELECT `+stepCols+` FROM steps WHERE ws = $1 AND deal = $2 ORDER BY id`, d)
	dottedline.SortSteps(out)
	return out, err
}

// Step is one step.
func (t *Tx) Step(id dottedline.StepID) (dottedline.Step, error) {
	s, ok, err := one(t, scanStep, `SELECT `+stepCols+` FROM steps WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("step")
	}
	return s, err
}

// PutStep adds or changes a step.
func (t *Tx) PutStep(s dottedline.Step) error {
	t.Changed()
	return t.do(`INSERT INTO steps (ws, `+stepCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (ws, id) DO UPDATE SET owner = excluded.owner, body = excluded.body, due_at = excluded.due_at, done_at = excluded.done_at,
		done_by = excluded.done_by, fact = excluded.fact`, s.ID, s.Deal, s.Owner, s.Text, us(s.Due), us(s.Done), s.By, s.Fact)
}

// DropStep removes a step.
func (t *Tx) DropStep(id dottedline.StepID) error {
	t.Changed()
	return t.do(`DELETE FROM steps WHERE ws = $1 AND id = $2`, id)
}
