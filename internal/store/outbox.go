package store

import (
	"time"

	"dottedline"
)

// Outgoing is a mail in the outbox with its bytes.
type Outgoing struct {
	dottedline.Outgoing
	Workspace dottedline.WorkspaceID
	Member    dottedline.MemberID
	MessageID string
	Rcpts     []string
	Raw       []byte
	Made      time.Time
}

const outCols = `ws, id, mailbox, member, deal, message_id, rcpts, raw, state, due_at, tries, err, made`

func scanOut(o *Outgoing) []any {
	return []any{&o.Workspace, &o.ID, &o.Mailbox, &o.Member, &o.Deal, &o.MessageID, linesScan{&o.Rcpts}, &o.Raw, &o.State, timeScan{&o.Due}, &o.Tries, &o.Error, timeScan{&o.Made}}
}

// AddOutgoing puts a mail into the outbox. The same Message-ID again is no
// second mail; it answers false.
func (t *Tx) AddOutgoing(o Outgoing) (bool, error) {
	t.Changed()
	n, err := t.count(`INSERT INTO outbox (ws, id, mailbox, member, deal, message_id, rcpts, raw, state, due_at, lease, tries, err, made)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, '', $11) ON CONFLICT (ws, message_id) DO NOTHING`,
		o.ID, o.Mailbox, o.Member, o.Deal, o.MessageID, lines(o.Rcpts), o.Raw, dottedline.Waiting, us(o.Due), us(t.Now))
	return n > 0, err
}

func lines(ss []string) string {
	out := ""
	for i, s := range ss {
		if i > 0 {
			out += "\n"
		}
		out += s
	}
	return out
}

// DueOutgoing are the mails, of any workspace, that somebody has to look at by
// now: due, left in the middle of sending, or not known to have gone out.
func (g Global) DueOutgoing(n int) ([]Outgoing, error) {
	return rows(g.ctx, g.q, scanOut, `SELECT `+outCols+` FROM outbox WHERE (state = 'waiting' OR state = 'sending' OR state = 'unknown')
		AND due_at <= $1 AND lease <= $1 ORDER BY due_at LIMIT $2`, us(g.now), n)
}

// NextOutgoing is when the next mail is due; zero if none waits.
func (g Global) NextOutgoing() (at time.Time, err error) {
	_, err = rows(g.ctx, g.q, func(*struct{}) []any { return []any{timeScan{&at}} },
		`SELECT CASE WHEN lease > due_at THEN lease ELSE due_at END AS at FROM outbox
		WHERE state = 'waiting' OR state = 'sending' OR state = 'unknown' ORDER BY at LIMIT 1`)
	return at, err
}

// ClaimOutgoing takes a mail for one worker until the lease ends, when it is
// still in the state that was read. It answers false when somebody else was first.
func (t *Tx) ClaimOutgoing(id dottedline.OutgoingID, was, is dottedline.OutgoingState, lease time.Time) (bool, error) {
	n, err := t.count(`UPDATE outbox SET state = $4, lease = $5, tries = tries + 1 WHERE ws = $1 AND id = $2 AND state = $3 AND lease <= $6`, id, was, is, us(lease), us(t.Now))
	return n > 0, err
}

// SetOutgoing records how far a mail is, and when to look again.
func (t *Tx) SetOutgoing(id dottedline.OutgoingID, s dottedline.OutgoingState, due time.Time, errText string) error {
	t.Changed()
	return t.do(`UPDATE outbox SET state = $3, due_at = $4, err = $5, lease = 0 WHERE ws = $1 AND id = $2`, id, s, us(due), errText)
}

// UndoOutgoing takes a mail back that nobody has begun to send.
func (t *Tx) UndoOutgoing(id dottedline.OutgoingID) (bool, error) {
	t.Changed()
	n, err := t.count(`UPDATE outbox SET state = 'undone' WHERE ws = $1 AND id = $2 AND state = 'waiting' AND tries = 0`, id)
	return n > 0, err
}

// Outgoing is one mail of the outbox.
func (t *Tx) Outgoing(id dottedline.OutgoingID) (Outgoing, error) {
	o, ok, err := one(t, scanOut, `SELECT `+outCols+` FROM outbox WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("mail")
	}
	return o, err
}

// OutgoingByMessageID finds a mail of ours when it is seen in a folder.
func (t *Tx) OutgoingByMessageID(mid string) (Outgoing, bool, error) {
	return one(t, scanOut, `SELECT `+outCols+` FROM outbox WHERE ws = $1 AND message_id = $2`, mid)
}

// OutgoingOf are the mails of a deal that are not out yet, or have failed, oldest first.
func (t *Tx) OutgoingOf(d dottedline.DealID) ([]Outgoing, error) {
	return all(t, scanOut, `SELECT `+outCols+` FROM outbox WHERE ws = $1 AND deal = $2 AND state <> 'sent' AND state <> 'undone' ORDER BY made`, d)
}

// Unsure are the mails of the workspace that a member has to decide about.
func (t *Tx) Unsure() ([]Outgoing, error) {
	return all(t, scanOut, `SELECT `+outCols+` FROM outbox WHERE ws = $1 AND (state = 'unknown' OR state = 'refused') ORDER BY made`)
}

// PendingDeals are the deals that a mail of ours is on its way to.
func (t *Tx) PendingDeals() ([]dottedline.DealID, error) {
	return vals[dottedline.DealID](t, `SELECT deal FROM outbox WHERE ws = $1 AND (state = 'waiting' OR state = 'sending' OR state = 'unknown') AND deal > 0`)
}
