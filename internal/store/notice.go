package store

import (
	"time"

	"dottedline"
)

// Notice is a notice with its facts as JSON: what webhooks get, the same bytes
// at every try.
type Notice struct {
	dottedline.Notice
	Facts string
}

const noticeCols = `id, event, deal, person, member, by, at, name, title, body, due_at, facts`

func scanNotice(n *Notice) []any {
	return []any{&n.ID, &n.Event, &n.Deal, &n.Person, &n.Member, &n.By, timeScan{&n.At}, &n.Name, &n.Title, &n.Text, timeScan{&n.Due}, &n.Facts}
}

// AddNotice keeps a notice.
func (t *Tx) AddNotice(n Notice) error {
	return t.do(`INSERT INTO notices (ws, `+noticeCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		n.ID, n.Event, n.Deal, n.Person, n.Member, n.By, us(n.At), n.Name, n.Title, n.Text, us(n.Due), n.Facts)
}

// Notice is one notice.
func (t *Tx) Notice(id dottedline.NoticeID) (Notice, error) {
	n, ok, err := one(t, scanNotice, `SELECT `+noticeCols+` FROM notices WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("notice")
	}
	return n, err
}

// NoticesSince are the notices from a time on, newest first, n at most.
func (t *Tx) NoticesSince(from time.Time, n int) ([]Notice, error) {
	return all(t, scanNotice, `SELECT `+noticeCols+` FROM notices WHERE ws = $1 AND at >= $2 ORDER BY at DESC, id DESC LIMIT $3`, us(from), n)
}

// DropNotices forgets notices from before a time, with the log of their deliveries.
func (t *Tx) DropNotices(before time.Time) error {
	if err := t.do(`DELETE FROM deliveries WHERE ws = $1 AND notice IN (SELECT id FROM notices WHERE ws = $1 AND at < $2)`, us(before)); err != nil {
		return err
	}
	return t.do(`DELETE FROM notices WHERE ws = $1 AND at < $2`, us(before))
}

// Told is how a member is told of things, and when the last digest was looked at.
type Told struct {
	dottedline.Told
	Member   dottedline.MemberID
	Digested time.Time
}

// Told is how each member who has chosen is told of things.
func (t *Tx) Told() (map[dottedline.MemberID]Told, error) {
	ts, err := all(t, func(x *Told) []any { return []any{&x.Member, jsonScan{&x.Told}, timeScan{&x.Digested}} }, `SELECT member, settings, digested FROM told WHERE ws = $1`)
	out := make(map[dottedline.MemberID]Told, len(ts))
	for _, x := range ts {
		out[x.Member] = x
	}
	return out, err
}

// PutTold keeps how a member is told of things.
func (t *Tx) PutTold(x Told) error {
	t.Changed()
	s, err := jsonText(x.Told)
	if err != nil {
		return err
	}
	return t.do(`INSERT INTO told (ws, member, settings, digested) VALUES ($1, $2, $3, $4)
		ON CONFLICT (ws, member) DO UPDATE SET settings = excluded.settings, digested = excluded.digested`, x.Member, s, us(x.Digested))
}

// DropTold forgets how a member is told of things, and their devices.
func (t *Tx) DropTold(m dottedline.MemberID) error {
	ds, err := t.Devices()
	if err != nil {
		return err
	}
	for _, d := range ds {
		if d.Member == m {
			if err := t.DropDevice(d.ID); err != nil {
				return err
			}
		}
	}
	return t.do(`DELETE FROM told WHERE ws = $1 AND member = $2`, m)
}

// AddAwayNote counts the note to a person about one absence; false where they
// had theirs.
func (t *Tx) AddAwayNote(m dottedline.MemberID, p dottedline.PersonID, from string) (bool, error) {
	n, err := t.count(`INSERT INTO away_notes (ws, member, person, from_day, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, m, p, from, us(t.Now))
	return n > 0, err
}

// Holder is the member in whose mailbox the newest mail of a deal lies, else who
// of us acted on it last; 0 if nobody did.
func (t *Tx) Holder(d dottedline.DealID) (dottedline.MemberID, error) {
	hs, err := t.Holders([]dottedline.DealID{d})
	return hs[d], err
}

// Holders are the members who hold each of the deals.
func (t *Tx) Holders(ids []dottedline.DealID) (map[dottedline.DealID]dottedline.MemberID, error) {
	type held struct {
		deal   dottedline.DealID
		member dottedline.MemberID
	}
	places, args := in(ids, 2)
	hs, err := all(t, func(h *held) []any { return []any{&h.deal, &h.member} }, `SELECT d.id, COALESCE(
		(SELECT b.member FROM threads h JOIN mails m ON m.ws = h.ws AND m.thread = h.id JOIN mailboxes b ON b.ws = m.ws AND b.id = m.mailbox
			WHERE h.ws = $1 AND h.deal = d.id ORDER BY m.at DESC LIMIT 1),
		(SELECT member FROM touches WHERE ws = $1 AND deal = d.id AND member > 0 ORDER BY at DESC, id DESC LIMIT 1), 0)
		FROM deals d WHERE d.ws = $1 AND d.id IN (`+places+`)`, args...)
	out := make(map[dottedline.DealID]dottedline.MemberID, len(hs))
	for _, h := range hs {
		out[h.deal] = h.member
	}
	return out, err
}
