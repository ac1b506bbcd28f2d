package store

import "dottedline"

const askCols = `id, deal, meeting, member, body, why, set_at, due_at, made_at, words, landed_at, missed, mistaken_at, answer, answered_at, their`

func scanAsk(a *dottedline.Ask) []any {
	return []any{&a.ID, &a.Deal, &a.Meeting, &a.Member, &a.Text, &a.Why, timeScan{&a.Set}, timeScan{&a.Due}, timeScan{&a.Made}, &a.Words,
		timeScan{&a.Landed}, boolScan{&a.Missed}, timeScan{&a.Mistaken}, &a.Answer, timeScan{&a.Answered}, &a.Their}
}

// Ask is one ask.
func (t *Tx) Ask(id dottedline.AskID) (dottedline.Ask, error) {
	a, ok, err := one(t, scanAsk, `SELECT `+askCols+` FROM asks WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("ask")
	}
	return a, err
}

// AskIn is the ask of a meeting; ok is false where it has none.
func (t *Tx) AskIn(m dottedline.MeetingID) (dottedline.Ask, bool, error) {
	return one(t, scanAsk, `SELECT `+askCols+` FROM asks WHERE ws = $1 AND meeting = $2 AND meeting > 0`, m)
}

// AsksOf are the asks of a deal, oldest first.
func (t *Tx) AsksOf(d dottedline.DealID) ([]dottedline.Ask, error) {
	return all(t, scanAsk, `SELECT `+askCols+` FROM asks WHERE ws = $1 AND deal = $2 ORDER BY set_at, id`, d)
}

// OpenAsksOf are the asks of a deal that have no answer, oldest first.
func (t *Tx) OpenAsksOf(d dottedline.DealID) ([]dottedline.Ask, error) {
	return all(t, scanAsk, `SELECT `+askCols+` FROM asks WHERE ws = $1 AND deal = $2 AND answer = '' ORDER BY set_at, id`, d)
}

// Asks are the newest asks of the workspace.
func (t *Tx) Asks(n int) ([]dottedline.Ask, error) {
	return all(t, scanAsk, `SELECT `+askCols+` FROM asks WHERE ws = $1 ORDER BY set_at DESC, id DESC LIMIT $2`, n)
}

// OpenAsks counts the asks of the workspace that have no answer.
func (t *Tx) OpenAsks() (int64, error) {
	n, _, err := val[int64](t, `SELECT COUNT(*) FROM asks a JOIN deals d ON d.ws = a.ws AND d.id = a.deal
		WHERE a.ws = $1 AND a.answer = '' AND a.missed = 0 AND d.ended_at = 0`)
	return n, err
}

// PutAsk adds or changes an ask. Who is asked is the person of its deal, until it
// was made.
func (t *Tx) PutAsk(a dottedline.Ask) error {
	t.Changed()
	return t.do(`INSERT INTO asks (ws, `+askCols+`, person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
		COALESCE((SELECT d.person FROM deals d WHERE d.ws = $1 AND d.id = $3), 0))
		ON CONFLICT (ws, id) DO UPDATE SET deal = excluded.deal, meeting = excluded.meeting, body = excluded.body, why = excluded.why,
		due_at = excluded.due_at, made_at = excluded.made_at, words = excluded.words, landed_at = excluded.landed_at, missed = excluded.missed,
		mistaken_at = excluded.mistaken_at, answer = excluded.answer, answered_at = excluded.answered_at, their = excluded.their,
		person = CASE WHEN asks.made_at = 0 THEN excluded.person ELSE asks.person END`,
		a.ID, a.Deal, a.Meeting, a.Member, a.Text, a.Why, us(a.Set), us(a.Due), us(a.Made), a.Words, us(a.Landed), bit(a.Missed), us(a.Mistaken),
		a.Answer, us(a.Answered), a.Their)
}

// DropAsk removes an ask that was not made.
func (t *Tx) DropAsk(id dottedline.AskID) error {
	t.Changed()
	return t.do(`DELETE FROM asks WHERE ws = $1 AND id = $2 AND made_at = 0`, id)
}

const recapCols = `id, ask, meeting, deal, person, member, body, sent_at, due_at, answer, line, answered_at`

func scanRecap(r *dottedline.Recap) []any {
	return []any{&r.ID, &r.Ask, &r.Meeting, &r.Deal, &r.Person, &r.Member, &r.Text, timeScan{&r.Sent}, timeScan{&r.Due},
		&r.Answer, &r.Line, timeScan{&r.Answered}}
}

// Recap is one recap.
func (t *Tx) Recap(id dottedline.RecapID) (dottedline.Recap, error) {
	r, ok, err := one(t, scanRecap, `SELECT `+recapCols+` FROM recaps WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("recap")
	}
	return r, err
}

// AddRecap keeps a recap, with the mail that it is and the hashes of its links.
func (t *Tx) AddRecap(r dottedline.Recap, messageID string, links map[string]dottedline.RecapAnswer) error {
	t.Changed()
	err := t.do(`INSERT INTO recaps (ws, `+recapCols+`, message_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		r.ID, r.Ask, r.Meeting, r.Deal, r.Person, r.Member, r.Text, us(r.Sent), us(r.Due), r.Answer, r.Line, us(r.Answered), messageID)
	for hash, a := range links {
		if err == nil {
			err = t.do(`INSERT INTO recap_links (ws, hash, recap, answer) VALUES ($1, $2, $3, $4)`, hash, r.ID, a)
		}
	}
	return err
}

// SetRecap writes how far a recap is: sent, answered.
func (t *Tx) SetRecap(r dottedline.Recap) error {
	t.Changed()
	return t.do(`UPDATE recaps SET sent_at = $3, due_at = $4, answer = $5, line = $6, answered_at = $7 WHERE ws = $1 AND id = $2`,
		r.ID, us(r.Sent), us(r.Due), r.Answer, r.Line, us(r.Answered))
}

// RecapByMail finds the recap that a mail is.
func (t *Tx) RecapByMail(messageID string) (dottedline.Recap, bool, error) {
	return one(t, scanRecap, `SELECT `+recapCols+` FROM recaps WHERE ws = $1 AND message_id = $2`, messageID)
}

// RecapsOf are the recaps of an ask, oldest first, without those that were taken
// back before they went out.
func (t *Tx) RecapsOf(a dottedline.AskID) ([]dottedline.Recap, error) {
	return all(t, scanRecap, `SELECT `+recapCols+` FROM recaps r WHERE ws = $1 AND ask = $2
		AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.ws = $1 AND o.message_id = r.message_id AND o.state = 'undone') ORDER BY id`, a)
}

// SaidBy keeps that somebody who has to sign in a deal said something now, which
// ends the reminders to them.
func (t *Tx) SaidBy(d dottedline.DealID, p dottedline.PersonID) error {
	return t.do(`UPDATE signers SET said_at = $4 WHERE ws = $1 AND person = $3 AND person > 0
		AND agreement IN (SELECT id FROM agreements WHERE ws = $1 AND deal = $2)`, d, p, us(t.Now))
}

// RecapLink says which answer of which recap a link is.
type RecapLink struct {
	Workspace dottedline.WorkspaceID
	Recap     dottedline.RecapID
	Answer    dottedline.RecapAnswer
}

// RecapLink finds a link by the hash of its secret.
func (g Global) RecapLink(hash string) (RecapLink, bool, error) {
	ls, err := rows(g.ctx, g.q, func(l *RecapLink) []any { return []any{&l.Workspace, &l.Recap, &l.Answer} },
		`SELECT ws, recap, answer FROM recap_links WHERE hash = $1`, hash)
	if err != nil || len(ls) == 0 {
		return RecapLink{}, false, err
	}
	return ls[0], true, nil
}

// LastTouch is the newest touch of a kind in a deal; ok is false if there is none.
func (t *Tx) LastTouch(d dottedline.DealID, k dottedline.TouchKind) (dottedline.Touch, bool, error) {
	return one(t, scanTouch, `SELECT `+touchCols+` FROM touches WHERE ws = $1 AND deal = $2 AND kind = $3 ORDER BY at DESC, id DESC LIMIT 1`, d, k)
}
