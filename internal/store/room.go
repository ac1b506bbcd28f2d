package store

import (
	"time"

	"dottedline"
)

// RoomLink is the kept half of a link to a room, and of the code that was
// mailed last to who holds it.
type RoomLink struct {
	Workspace dottedline.WorkspaceID
	Hash      string // SHA-256 of the secret, in hex
	Agreement dottedline.AgreementID
	Signer    dottedline.SignerID
	Made      time.Time
	Until     time.Time
	Revoked   time.Time
	CodeHash  string // "" while none is good
	CodeUntil time.Time
	CodeTries int
}

const linkCols = `ws, hash, agreement, signer, made, until, revoked, code_hash, code_until, code_tries`

func scanLink(l *RoomLink) []any {
	return []any{&l.Workspace, &l.Hash, &l.Agreement, &l.Signer, timeScan{&l.Made}, timeScan{&l.Until}, timeScan{&l.Revoked}, &l.CodeHash,
		timeScan{&l.CodeUntil}, &l.CodeTries}
}

// AddRoomLink keeps a new link.
func (t *Tx) AddRoomLink(l RoomLink) error {
	return t.do(`INSERT INTO room_links (ws, hash, agreement, signer, made, until, revoked, code_hash, code_until, code_tries)
		VALUES ($1, $2, $3, $4, $5, $6, 0, '', 0, 0)`, l.Hash, l.Agreement, l.Signer, us(t.Now), us(l.Until))
}

// RoomLink finds a link that was neither revoked nor is too old.
func (g Global) RoomLink(hash string) (RoomLink, bool, error) {
	ls, err := rows(g.ctx, g.q, scanLink, `SELECT `+linkCols+` FROM room_links WHERE hash = $1 AND revoked = 0 AND until > $2`, hash, us(g.now))
	if err != nil || len(ls) == 0 {
		return RoomLink{}, false, err
	}
	return ls[0], true, nil
}

// RoomLink is a live link by its hash, read anew in a transaction.
func (t *Tx) RoomLink(hash string) (RoomLink, bool, error) {
	return one(t, scanLink, `SELECT `+linkCols+` FROM room_links WHERE ws = $1 AND hash = $2 AND revoked = 0 AND until > $3`, hash, us(t.Now))
}

// RoomLinks are all links of an agreement, newest first.
func (t *Tx) RoomLinks(a dottedline.AgreementID) ([]RoomLink, error) {
	return all(t, scanLink, `SELECT `+linkCols+` FROM room_links WHERE ws = $1 AND agreement = $2 ORDER BY made DESC`, a)
}

// SetCode keeps the hash of the code that was mailed; "" uses it up.
func (t *Tx) SetCode(link, hash string, until time.Time) error {
	return t.do(`UPDATE room_links SET code_hash = $3, code_until = $4, code_tries = 0 WHERE ws = $1 AND hash = $2`, link, hash, us(until))
}

// TryCode counts a try and gives how many there were with this one.
func (t *Tx) TryCode(link string) (int64, error) {
	n, _, err := val[int64](t, `UPDATE room_links SET code_tries = code_tries + 1 WHERE ws = $1 AND hash = $2 RETURNING code_tries`, link)
	return n, err
}

// RevokeLinks ends the links of an agreement, of one signer unless that is 0.
func (t *Tx) RevokeLinks(a dottedline.AgreementID, s dottedline.SignerID) error {
	t.Changed()
	return t.do(`UPDATE room_links SET revoked = $4 WHERE ws = $1 AND agreement = $2 AND (signer = $3 OR $3 = 0) AND revoked = 0`, a, s, us(t.Now))
}

// DropLinks removes the links of an agreement whose sending was undone.
func (t *Tx) DropLinks(a dottedline.AgreementID) error {
	return t.do(`DELETE FROM room_links WHERE ws = $1 AND agreement = $2`, a)
}

const questionCols = `id, deal, agreement, signer, who, is_proposal, body, at, answer, answered_at, member`

func scanQuestion(q *dottedline.RoomQuestion) []any {
	return []any{&q.ID, &q.Deal, &q.Agreement, &q.Signer, &q.Who, boolScan{&q.Proposal}, &q.Text, timeScan{&q.At}, &q.Answer, timeScan{&q.Answered}, &q.Member}
}

// Questions are what was asked and proposed in the rooms of a deal, oldest first.
func (t *Tx) Questions(d dottedline.DealID) ([]dottedline.RoomQuestion, error) {
	return all(t, scanQuestion, `SELECT `+questionCols+` FROM questions WHERE ws = $1 AND deal = $2 ORDER BY at, id`, d)
}

// Question is one of them.
func (t *Tx) Question(id dottedline.QuestionID) (dottedline.RoomQuestion, error) {
	q, ok, err := one(t, scanQuestion, `SELECT `+questionCols+` FROM questions WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("question")
	}
	return q, err
}

// PutQuestion adds a question, or its answer.
func (t *Tx) PutQuestion(q dottedline.RoomQuestion) error {
	t.Changed()
	return t.do(`INSERT INTO questions (ws, `+questionCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (ws, id) DO UPDATE SET answer = excluded.answer, answered_at = excluded.answered_at, member = excluded.member`,
		q.ID, q.Deal, q.Agreement, q.Signer, q.Who, bit(q.Proposal), q.Text, us(q.At), q.Answer, us(q.Answered), q.Member)
}
