package store

import (
	"time"

	"dottedline"
)

// Signer is a signer with what is kept of the signature.
type Signer struct {
	dottedline.Signer
	Asked    time.Time             // when the link was sent: it is their turn since
	Mark     string                // JSON of the desk's: what was typed or drawn
	Said     time.Time             // when they last said something: it ends the reminders
	Outgoing dottedline.OutgoingID // the mail that carries the link
}

const signerCols = `id, agreement, side, ord, name, title, company, address, member, person, asked_at, signed_at, mark, passed_to,
	opened_at, seen_at, read_at, said_at, quiet, outgoing`

func scanSigner(s *Signer) []any {
	return []any{&s.ID, &s.Agreement, &s.Side, &s.Order, &s.Name, &s.Title, &s.Company, &s.Address, &s.Member, &s.Person, timeScan{&s.Asked},
		timeScan{&s.Signed}, &s.Mark, &s.PassedTo, timeScan{&s.Opened}, timeScan{&s.Seen}, timeScan{&s.Read}, timeScan{&s.Said},
		boolScan{&s.Quiet}, &s.Outgoing}
}

// Signers are the signers of an agreement in the order of signing, those who
// passed it on included.
func (t *Tx) Signers(a dottedline.AgreementID) ([]Signer, error) {
	return all(t, scanSigner, `SELECT `+signerCols+` FROM signers WHERE ws = $1 AND agreement = $2 ORDER BY ord, id`, a)
}

// Signer is one signer.
func (t *Tx) Signer(id dottedline.SignerID) (Signer, error) {
	s, ok, err := one(t, scanSigner, `SELECT `+signerCols+` FROM signers WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("signer")
	}
	return s, err
}

// SignersByMail are the signers to whom a mail of the outbox carries the link.
func (t *Tx) SignersByMail(o dottedline.OutgoingID) ([]Signer, error) {
	return all(t, scanSigner, `SELECT `+signerCols+` FROM signers WHERE ws = $1 AND outgoing = $2 AND outgoing > 0`, o)
}

// PutSigner adds or changes a signer.
func (t *Tx) PutSigner(s Signer) error {
	t.Changed()
	return t.do(`INSERT INTO signers (ws, `+signerCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
		ON CONFLICT (ws, id) DO UPDATE SET side = excluded.side, ord = excluded.ord, name = excluded.name, title = excluded.title,
		company = excluded.company, address = excluded.address, member = excluded.member, person = excluded.person, asked_at = excluded.asked_at,
		signed_at = excluded.signed_at, mark = excluded.mark, passed_to = excluded.passed_to, opened_at = excluded.opened_at,
		seen_at = excluded.seen_at, read_at = excluded.read_at, said_at = excluded.said_at, quiet = excluded.quiet, outgoing = excluded.outgoing`,
		s.ID, s.Agreement, s.Side, s.Order, s.Name, s.Title, s.Company, s.Address, s.Member, s.Person, us(s.Asked), us(s.Signed), s.Mark,
		s.PassedTo, us(s.Opened), us(s.Seen), us(s.Read), us(s.Said), bit(s.Quiet), s.Outgoing)
}

// DropSigners removes the signers of a draft.
func (t *Tx) DropSigners(a dottedline.AgreementID) error {
	return t.do(`DELETE FROM signers WHERE ws = $1 AND agreement = $2`, a)
}

// Reminders are the reminders of an agreement that fired, oldest first. signer
// 0 gives all.
func (t *Tx) Reminders(a dottedline.AgreementID, signer dottedline.SignerID) ([]dottedline.Reminder, error) {
	return all(t, func(r *dottedline.Reminder) []any { return []any{timeScan{&r.At}, &r.Kind, &r.To, &r.Why} },
		`SELECT at, kind, side, why FROM reminders WHERE ws = $1 AND agreement = $2 AND (signer = $3 OR $3 = 0) ORDER BY at`, a, signer)
}

// AddReminder records that one fired.
func (t *Tx) AddReminder(a dottedline.AgreementID, signer dottedline.SignerID, r dottedline.Reminder) error {
	return t.do(`INSERT INTO reminders (ws, agreement, signer, at, kind, side, why) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		a, signer, us(r.At), r.Kind, r.To, r.Why)
}
