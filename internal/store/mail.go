package store

import (
	"slices"
	"strings"
	"time"

	"dottedline"
)

// Mail is a mail as kept. Digest is what two copies of it have in common.
type Mail struct {
	dottedline.Mail
	Digest   []byte
	Mailbox  dottedline.MailboxID
	Why      string   // on what Kind rests
	Problems []string // what was wrong in the bytes
}

const mailCols = `id, digest, message_id, thread, mailbox, at, is_out, kind, why, person, subject, fresh, problems`

func scanMail(m *Mail) []any {
	return []any{&m.ID, &m.Digest, &m.MessageID, &m.Thread, &m.Mailbox, timeScan{&m.At}, &m.Out, &m.Kind, &m.Why, &m.Person, &m.Subject, &m.Fresh, linesScan{&m.Problems}}
}

// linesScan scans lines of text.
type linesScan struct{ into *[]string }

func (l linesScan) Scan(v any) error {
	*l.into = nil
	if s, _ := v.(string); s != "" {
		*l.into = strings.Split(s, "\n")
	}
	return nil
}

// MailByDigest finds the mail that was received before, if it was.
func (t *Tx) MailByDigest(digest []byte) (dottedline.MailID, bool, error) {
	return val[dottedline.MailID](t, `SELECT id FROM mails WHERE ws = $1 AND digest = $2`, digest)
}

// AddMail keeps a mail and its bytes as Pack gives them.
func (t *Tx) AddMail(m Mail, packed []byte) error {
	t.Changed()
	err := t.do(`INSERT INTO mails (ws, `+mailCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		m.ID, m.Digest, m.MessageID, m.Thread, m.Mailbox, us(m.At), m.Out, m.Kind, m.Why, m.Person, m.Subject, m.Fresh, strings.Join(m.Problems, "\n"))
	if err != nil {
		return err
	}
	return t.do(`INSERT INTO raws (ws, mail, raw) VALUES ($1, $2, $3)`, m.ID, packed)
}

// Mail is one mail.
func (t *Tx) Mail(id dottedline.MailID) (Mail, error) {
	m, ok, err := one(t, scanMail, `SELECT `+mailCols+` FROM mails WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("mail")
	}
	return m, err
}

// MailByMessageID finds mails by their Message-ID, without <>.
func (t *Tx) MailByMessageID(mid string) ([]Mail, error) {
	return all(t, scanMail, `SELECT `+mailCols+` FROM mails WHERE ws = $1 AND message_id = $2`, mid)
}

// FreshByMessageID is what was newly written in a mail.
func (t *Tx) FreshByMessageID(mid string) (string, bool, error) {
	return val[string](t, `SELECT fresh FROM mails WHERE ws = $1 AND message_id = $2`, mid)
}

// MailsOf are the mails of a thread, oldest first.
func (t *Tx) MailsOf(th dottedline.ThreadID) ([]Mail, error) {
	return all(t, scanMail, `SELECT `+mailCols+` FROM mails WHERE ws = $1 AND thread = $2 ORDER BY at, id`, th)
}

// MailsFrom are the last mails of a person, newest first.
func (t *Tx) MailsFrom(p dottedline.PersonID, n int) ([]Mail, error) {
	return all(t, scanMail, `SELECT `+mailCols+` FROM mails WHERE ws = $1 AND thread IN
		(SELECT thread FROM mail_people WHERE ws = $1 AND person = $2) AND person = $2 ORDER BY at DESC LIMIT $3`, p, n)
}

// DealMails are the newest mails of a deal's threads, newest first.
func (t *Tx) DealMails(d dottedline.DealID, n int) ([]Mail, error) {
	return all(t, scanMail, `SELECT `+mailCols+` FROM mails WHERE ws = $1 AND thread IN
		(SELECT id FROM threads WHERE ws = $1 AND deal = $2 AND deal > 0) ORDER BY at DESC, id DESC LIMIT $3`, d, n)
}

// TheirLast is what a person of theirs wrote last in each of the deals.
func (t *Tx) TheirLast(ids []dottedline.DealID) (map[dottedline.DealID]string, error) {
	type last struct {
		deal  dottedline.DealID
		fresh string
	}
	places, args := in(ids, 4)
	ls, err := all(t, func(l *last) []any { return []any{&l.deal, &l.fresh} }, `SELECT d.id, COALESCE((SELECT m.fresh
		FROM touches x JOIN mails m ON m.ws = $1 AND m.id = x.mail WHERE x.ws = $1 AND x.deal = d.id AND x.kind = $2 AND x.by = $3
		ORDER BY x.at DESC, x.id DESC LIMIT 1), '') FROM deals d WHERE d.ws = $1 AND d.id IN (`+places+`)`,
		append([]any{dottedline.MailTouch, dottedline.Them}, args...)...)
	out := make(map[dottedline.DealID]string, len(ls))
	for _, l := range ls {
		out[l.deal] = l.fresh
	}
	return out, err
}

// Raw are the bytes of a mail as they came.
func (t *Tx) Raw(id dottedline.MailID) ([]byte, error) {
	b, ok, err := val[[]byte](t, `SELECT raw FROM raws WHERE ws = $1 AND mail = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("mail")
	}
	if err != nil {
		return nil, err
	}
	return unpack(b)
}

// Thread is a thread with its counts.
type Thread struct {
	dottedline.Thread
	Topic   string // subject without Re: and the like, folded, with the person
	Person  dottedline.PersonID
	Ours    int // by a person of ours
	Theirs  int // by a person of theirs
	Last    time.Time
	Offered string // '' not answered yet, yes, no
}

const threadCols = `id, deal, subject, topic, person, ours, theirs, last_at, offered`

func scanThread(h *Thread) []any {
	return []any{&h.ID, &h.Deal, &h.Subject, &h.Topic, &h.Person, &h.Ours, &h.Theirs, timeScan{&h.Last}, &h.Offered}
}

// Thread is one thread.
func (t *Tx) Thread(id dottedline.ThreadID) (Thread, error) {
	h, ok, err := one(t, scanThread, `SELECT `+threadCols+` FROM threads WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("thread")
	}
	return h, err
}

// PutThread adds or changes a thread.
func (t *Tx) PutThread(h Thread) error {
	return t.do(`INSERT INTO threads (ws, `+threadCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (ws, id) DO UPDATE SET deal = excluded.deal, subject = excluded.subject, topic = excluded.topic, person = excluded.person,
		ours = excluded.ours, theirs = excluded.theirs, last_at = excluded.last_at, offered = excluded.offered`,
		h.ID, h.Deal, h.Subject, h.Topic, h.Person, h.Ours, h.Theirs, us(h.Last), h.Offered)
}

// ThreadsNaming are the threads in which one of the Message-IDs was seen, each
// once, and the Message-IDs that were seen in none.
func (t *Tx) ThreadsNaming(mids []string) (ids []dottedline.ThreadID, unseen []string, err error) {
	type seen struct {
		mid    string
		thread dottedline.ThreadID
	}
	of := map[string]dottedline.ThreadID{}
	for part := range slices.Chunk(mids, 64) {
		places, args := in(part, 2)
		ss, err := all(t, func(s *seen) []any { return []any{&s.mid, &s.thread} },
			`SELECT message_id, thread FROM thread_ids WHERE ws = $1 AND message_id IN (`+places+`)`, args...)
		if err != nil {
			return nil, nil, err
		}
		for _, s := range ss {
			of[s.mid] = s.thread
		}
	}
	for _, m := range mids {
		id, ok := of[m]
		switch {
		case !ok:
			unseen = append(unseen, m)
		case !slices.Contains(ids, id):
			ids = append(ids, id)
		}
	}
	return ids, unseen, nil
}

// ThreadOn is the newest thread on a topic since a time.
func (t *Tx) ThreadOn(topic string, since time.Time) (dottedline.ThreadID, bool, error) {
	return val[dottedline.ThreadID](t, `SELECT id FROM threads WHERE ws = $1 AND topic = $2 AND last_at >= $3 ORDER BY last_at DESC LIMIT 1`, topic, us(since))
}

// NameThread says that the Message-IDs belong to a thread.
func (t *Tx) NameThread(id dottedline.ThreadID, mids []string) error {
	for _, m := range mids {
		if err := t.do(`INSERT INTO thread_ids (ws, message_id, thread) VALUES ($1, $2, $3) ON CONFLICT (ws, message_id) DO NOTHING`, m, id); err != nil {
			return err
		}
	}
	return nil
}

// JoinThreads makes one thread of two: what belonged to from belongs to into.
func (t *Tx) JoinThreads(into, from dottedline.ThreadID) error {
	for _, q := range []string{
		`UPDATE mails SET thread = $2 WHERE ws = $1 AND thread = $3`,
		`UPDATE thread_ids SET thread = $2 WHERE ws = $1 AND thread = $3`,
		`INSERT INTO mail_people (ws, person, thread) SELECT ws, person, $2 FROM mail_people WHERE ws = $1 AND thread = $3 ON CONFLICT DO NOTHING`,
	} {
		if err := t.do(q, into, from); err != nil {
			return err
		}
	}
	if err := t.do(`DELETE FROM mail_people WHERE ws = $1 AND thread = $2`, from); err != nil {
		return err
	}
	return t.do(`DELETE FROM threads WHERE ws = $1 AND id = $2`, from)
}

// AddMailPerson says that a person took part in a thread.
func (t *Tx) AddMailPerson(p dottedline.PersonID, h dottedline.ThreadID) error {
	return t.do(`INSERT INTO mail_people (ws, person, thread) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, p, h)
}

// ThreadPeople are the people who took part in a thread.
func (t *Tx) ThreadPeople(h dottedline.ThreadID) ([]dottedline.PersonID, error) {
	return vals[dottedline.PersonID](t, `SELECT person FROM mail_people WHERE ws = $1 AND thread = $2 ORDER BY person`, h)
}

// ThreadsOf are the threads of a deal, newest first.
func (t *Tx) ThreadsOf(d dottedline.DealID) ([]Thread, error) {
	return all(t, scanThread, `SELECT `+threadCols+` FROM threads WHERE ws = $1 AND deal = $2 AND deal > 0 ORDER BY last_at DESC`, d)
}

// Offers are two-way threads with somebody outside that belong to no deal yet, newest first.
func (t *Tx) Offers(since time.Time, n int) ([]Thread, error) {
	return all(t, scanThread, `SELECT `+threadCols+` FROM threads WHERE ws = $1 AND deal = 0 AND offered = '' AND ours > 0 AND theirs > 0
		AND last_at >= $2 ORDER BY last_at DESC LIMIT $3`, us(since), n)
}

// DealOfMail is the deal that a mail's thread belongs to; 0 if none.
func (t *Tx) DealOfMail(id dottedline.MailID) (dottedline.DealID, error) {
	d, _, err := val[dottedline.DealID](t, `SELECT h.deal FROM mails m JOIN threads h ON h.ws = $1 AND h.id = m.thread WHERE m.ws = $1 AND m.id = $2`, id)
	return d, err
}
