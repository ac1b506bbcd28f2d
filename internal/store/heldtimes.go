package store

import (
	"time"

	"dottedline"
)

// HeldTimes are free times that are held for the prepared answer of a deal.
type HeldTimes struct {
	Deal  dottedline.DealID
	Group dottedline.BookingID // of the holds
	Mail  dottedline.MailID    // the newest that they answer
	Until time.Time
	Lines string // each with the link that books it
}

// HeldTimes are those of a deal; ok is false where none are held any more.
func (t *Tx) HeldTimes(d dottedline.DealID) (HeldTimes, bool, error) {
	return one(t, func(h *HeldTimes) []any { return []any{&h.Deal, &h.Group, &h.Mail, timeScan{&h.Until}, &h.Lines} },
		`SELECT deal, grp, mail, until, body FROM held_times WHERE ws = $1 AND deal = $2 AND until > $3`, d, us(t.Now))
}

// PutHeldTimes keeps them; a deal has one set of them.
func (t *Tx) PutHeldTimes(h HeldTimes) error {
	t.Changed()
	return t.do(`INSERT INTO held_times (ws, deal, grp, mail, until, body) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (ws, deal) DO UPDATE SET grp = excluded.grp, mail = excluded.mail, until = excluded.until, body = excluded.body`, h.Deal, h.Group, h.Mail, us(h.Until), h.Lines)
}

// DropHeldTimes forgets those of a deal; the holds are not touched.
func (t *Tx) DropHeldTimes(d dottedline.DealID) error {
	t.Changed()
	return t.do(`DELETE FROM held_times WHERE ws = $1 AND deal = $2`, d)
}
