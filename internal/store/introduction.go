package store

import (
	"time"

	"dottedline"
)

const introCols = `id, deal, member, person, other, why, state, until, sent_at, joined_at, seen_at, said, said_at, other_said, other_said_at, took_at, took_by`

func scanIntro(i *dottedline.Introduction) []any {
	return []any{&i.ID, &i.Deal, &i.Member, &i.Person, &i.Other, &i.Why, &i.State, timeScan{&i.Until}, timeScan{&i.Sent}, timeScan{&i.Joined}, timeScan{&i.Seen},
		&i.Said, timeScan{&i.SaidAt}, &i.OSaid, timeScan{&i.OSaidAt}, timeScan{&i.Took}, &i.TookBy}
}

// Introduction is one introduction.
func (t *Tx) Introduction(id dottedline.IntroductionID) (dottedline.Introduction, error) {
	i, ok, err := one(t, scanIntro, `SELECT `+introCols+` FROM introductions WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("introduction")
	}
	return i, err
}

// IntroductionsOf are the introductions of a deal that were not taken back, newest first.
func (t *Tx) IntroductionsOf(d dottedline.DealID) ([]dottedline.Introduction, error) {
	return all(t, scanIntro, `SELECT `+introCols+` FROM introductions WHERE ws = $1 AND deal = $2 AND state <> 'back' ORDER BY id DESC`, d)
}

// RefusedIntroductions are those of a member that somebody would rather not have,
// and of which the member has not said that it was seen.
func (t *Tx) RefusedIntroductions(m dottedline.MemberID) ([]dottedline.Introduction, error) {
	return all(t, scanIntro, `SELECT `+introCols+` FROM introductions WHERE ws = $1 AND member = $2 AND state = 'asking' AND seen_at = 0 AND (said = 'no' OR other_said = 'no') ORDER BY id LIMIT 20`, m)
}

// SeeIntroduction keeps that a no, or that it took, was seen.
func (t *Tx) SeeIntroduction(id dottedline.IntroductionID) error {
	t.Changed()
	return t.do(`UPDATE introductions SET seen_at = $3 WHERE ws = $1 AND id = $2 AND seen_at = 0`, id, us(t.Now))
}

// AddIntroduction keeps a new introduction.
func (t *Tx) AddIntroduction(i dottedline.Introduction) error {
	t.Changed()
	return t.do(`INSERT INTO introductions (ws, `+introCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, '', 0, '', 0, 0, 0)`,
		i.ID, i.Deal, i.Member, i.Person, i.Other, i.Why, i.State, us(i.Until))
}

// MoveIntroduction changes the state of an introduction, and says whether this
// transaction did: of all that try to, one does.
func (t *Tx) MoveIntroduction(id dottedline.IntroductionID, was, is dottedline.IntroductionState) (bool, error) {
	t.Changed()
	n, err := t.count(`UPDATE introductions SET state = $4 WHERE ws = $1 AND id = $2 AND state = $3`, id, was, is)
	return n > 0, err
}

// JoinIntroduction moves an introduction on to be joined where both said yes, and
// says whether this transaction did.
func (t *Tx) JoinIntroduction(id dottedline.IntroductionID) (bool, error) {
	n, err := t.count(`UPDATE introductions SET state = 'joining' WHERE ws = $1 AND id = $2 AND state = 'asking' AND said = 'yes' AND other_said = 'yes'`, id)
	return n > 0, err
}

// IntroductionSent records that the two were asked, and whether that is new.
func (t *Tx) IntroductionSent(id dottedline.IntroductionID, at time.Time) (bool, error) {
	t.Changed()
	n, err := t.count(`UPDATE introductions SET sent_at = $3 WHERE ws = $1 AND id = $2 AND sent_at = 0`, id, us(at))
	return n > 0, err
}

// IntroductionJoined records that the mail that joins the two went out, and whether that is new.
func (t *Tx) IntroductionJoined(id dottedline.IntroductionID, at time.Time) (bool, error) {
	t.Changed()
	n, err := t.count(`UPDATE introductions SET state = 'joined', joined_at = $3 WHERE ws = $1 AND id = $2 AND joined_at = 0`, id, us(at))
	return n > 0, err
}

// IntroductionTook records who of the two first wrote to the other, and whether
// that is new.
func (t *Tx) IntroductionTook(id dottedline.IntroductionID, by dottedline.PersonID, at time.Time) (bool, error) {
	t.Changed()
	n, err := t.count(`UPDATE introductions SET took_at = $3, took_by = $4, seen_at = 0 WHERE ws = $1 AND id = $2 AND took_at = 0`, id, us(at), by)
	return n > 0, err
}

// TakenIntroductions are those of a member that took, and of which the member has
// not said that it was seen.
func (t *Tx) TakenIntroductions(m dottedline.MemberID) ([]dottedline.Introduction, error) {
	return all(t, scanIntro, `SELECT `+introCols+` FROM introductions WHERE ws = $1 AND member = $2 AND state = 'joined' AND seen_at = 0 AND took_at > 0 ORDER BY id LIMIT 20`, m)
}

// SayIntroduction keeps the answer of one side.
func (t *Tx) SayIntroduction(l IntroductionLink) error {
	t.Changed()
	if l.Other {
		return t.do(`UPDATE introductions SET other_said = $3, other_said_at = $4 WHERE ws = $1 AND id = $2 AND state = 'asking'`, l.Introduction, l.Answer, us(t.Now))
	}
	return t.do(`UPDATE introductions SET said = $3, said_at = $4 WHERE ws = $1 AND id = $2 AND state = 'asking'`, l.Introduction, l.Answer, us(t.Now))
}

// IntroductionMail is a mail of an introduction; Joins tells the one that joins
// the two from those that ask.
type IntroductionMail struct {
	MessageID    string
	Introduction dottedline.IntroductionID
	Outgoing     dottedline.OutgoingID
	Joins        bool
}

const introMailCols = `message_id, introduction, outgoing, joins`

func scanIntroMail(m *IntroductionMail) []any {
	return []any{&m.MessageID, &m.Introduction, &m.Outgoing, boolScan{&m.Joins}}
}

// AddIntroductionMail keeps that a mail of the outbox belongs to an introduction.
func (t *Tx) AddIntroductionMail(m IntroductionMail) error {
	return t.do(`INSERT INTO introduction_mails (ws, `+introMailCols+`) VALUES ($1, $2, $3, $4, $5)`, m.MessageID, m.Introduction, m.Outgoing, bit(m.Joins))
}

// Introducing says whether the workspace has ever put an introduction into the outbox.
func (t *Tx) Introducing() (bool, error) {
	_, ok, err := val[string](t, `SELECT message_id FROM introduction_mails WHERE ws = $1 LIMIT 1`)
	return ok, err
}

// IntroductionByMail finds the introduction that a mail belongs to.
func (t *Tx) IntroductionByMail(messageID string) (IntroductionMail, bool, error) {
	return one(t, scanIntroMail, `SELECT `+introMailCols+` FROM introduction_mails WHERE ws = $1 AND message_id = $2`, messageID)
}

// IntroductionMails are the mails of an introduction.
func (t *Tx) IntroductionMails(id dottedline.IntroductionID) ([]IntroductionMail, error) {
	return all(t, scanIntroMail, `SELECT `+introMailCols+` FROM introduction_mails WHERE ws = $1 AND introduction = $2`, id)
}

// IntroductionLink says whose answer to which introduction a link is.
type IntroductionLink struct {
	Workspace    dottedline.WorkspaceID
	Introduction dottedline.IntroductionID
	Other        bool // of the Other, not of the deal's person
	Answer       dottedline.IntroductionAnswer
}

// AddIntroductionLink keeps the hash of a link.
func (t *Tx) AddIntroductionLink(hash string, l IntroductionLink) error {
	return t.do(`INSERT INTO introduction_links (ws, hash, introduction, other, answer) VALUES ($1, $2, $3, $4, $5)`, hash, l.Introduction, bit(l.Other), l.Answer)
}

// IntroductionLink finds a link by the hash of its secret.
func (g Global) IntroductionLink(hash string) (IntroductionLink, bool, error) {
	ls, err := rows(g.ctx, g.q, func(l *IntroductionLink) []any {
		return []any{&l.Workspace, &l.Introduction, boolScan{&l.Other}, &l.Answer}
	}, `SELECT ws, introduction, other, answer FROM introduction_links WHERE hash = $1`, hash)
	if err != nil || len(ls) == 0 {
		return IntroductionLink{}, false, err
	}
	return ls[0], true, nil
}
