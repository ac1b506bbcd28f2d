package store

import "dottedline"

const touchCols = `id, deal, at, kind, by, member, person, mail, ball, text, amount, currency, until`

func scanTouch(x *dottedline.Touch) []any {
	return []any{&x.ID, &x.Deal, timeScan{&x.At}, &x.Kind, &x.By, &x.Member, &x.Person, &x.Mail, &x.Ball, &x.Text,
		&x.Amount.Minor, &x.Amount.Currency, timeScan{&x.Until}}
}

// AddTouch records a touch. One that is there already stays as it is.
func (t *Tx) AddTouch(x dottedline.Touch) error {
	t.Changed()
	return t.do(`INSERT INTO touches (ws, `+touchCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (ws, id) DO NOTHING`,
		x.ID, x.Deal, us(x.At), x.Kind, x.By, x.Member, x.Person, x.Mail, x.Ball, x.Text, x.Amount.Minor, x.Amount.Currency, us(x.Until))
}

// Touches are all touches of a deal, in order.
func (t *Tx) Touches(d dottedline.DealID) ([]dottedline.Touch, error) {
	return all(t, scanTouch, `SELECT `+touchCols+` FROM touches WHERE ws = $1 AND deal = $2 ORDER BY at, id`, d)
}

// MoveTouches gives the touches that are mails of a thread to another deal.
func (t *Tx) MoveTouches(th dottedline.ThreadID, to dottedline.DealID) error {
	t.Changed()
	return t.do(`UPDATE touches SET deal = $3 WHERE ws = $1 AND mail IN (SELECT id FROM mails WHERE ws = $1 AND thread = $2)`, th, to)
}

// Declined are the newest touches by which they declined to meet, of those deals
// that have one.
func (t *Tx) Declined(ids []dottedline.DealID) (map[dottedline.DealID]dottedline.Touch, error) {
	places, args := in(ids, 2)
	xs, err := all(t, scanTouch, `SELECT `+touchCols+` FROM touches WHERE ws = $1 AND kind = 'booking' AND ball = 'us' AND deal IN (`+places+`) ORDER BY at, id`, args...)
	out := make(map[dottedline.DealID]dottedline.Touch, len(xs))
	for _, x := range xs {
		out[x.Deal] = x
	}
	return out, err
}
