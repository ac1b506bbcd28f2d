package store

import (
	"math"
	"time"

	"dottedline"
)

const dealCols = `id, name, kind, value, currency, path, met_at, asked_at, yes_at, sent_at, ended_at, ball, ball_at, person,
	first_at, last_at, later_at, usual, touches, ours, theirs, due_at, opens, opened_at, our_turn,
	brief_at, heard_at, recap_at, said, pace, expires_at`

func scanDeal(d *dottedline.Deal) []any {
	return []any{&d.ID, &d.Name, &d.Kind, &d.Value.Minor, &d.Value.Currency, &d.Path, timeScan{&d.Steps.Met}, timeScan{&d.Steps.Asked},
		timeScan{&d.Steps.Yes}, timeScan{&d.Steps.Sent}, timeScan{&d.Steps.Ended}, &d.Ball.Side, timeScan{&d.Ball.Since}, &d.Person,
		timeScan{&d.First}, timeScan{&d.Last}, timeScan{&d.Later}, &d.Usual, &d.Touches, &d.Ours, &d.Theirs,
		timeScan{&d.Due}, &d.Opens, timeScan{&d.Opened}, boolScan{&d.OurTurn},
		timeScan{&d.Brief}, timeScan{&d.Heard}, timeScan{&d.Recap}, &d.Said, &d.Pace, timeScan{&d.Expires}}
}

// Ranked is a deal with its standing as stored.
type Ranked struct {
	dottedline.Deal
	Cell    dottedline.Cell
	Key     float64
	Minutes float64
	Next    time.Time
}

const rankCols = `cell, rank_key, minutes, next_at`

func scanRanked(r *Ranked) []any {
	return append(scanDeal(&r.Deal), &r.Cell, &r.Key, &r.Minutes, timeScan{&r.Next})
}

// Deal is one deal; one that was merged into another gives that one.
func (t *Tx) Deal(id dottedline.DealID) (Ranked, error) {
	for range 20 {
		into, ok, err := val[dottedline.DealID](t, `SELECT merged FROM deals WHERE ws = $1 AND id = $2`, id)
		if err != nil {
			return Ranked{}, err
		}
		if !ok {
			return Ranked{}, dottedline.Missing("deal")
		}
		if into == 0 {
			break
		}
		id = into
	}
	d, ok, err := one(t, scanRanked, `SELECT `+dealCols+`, `+rankCols+` FROM deals WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("deal")
	}
	return d, err
}

// PutDeal writes what was derived of a deal: its state, its standing, its replies.
func (t *Tx) PutDeal(d dottedline.Deal, st dottedline.Standing, rs []dottedline.Reply) error {
	t.Changed()
	err := t.do(`INSERT INTO deals (ws, `+dealCols+`, `+rankCols+`, merged) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
		$14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, 0)
		ON CONFLICT (ws, id) DO UPDATE SET name = excluded.name, kind = excluded.kind, value = excluded.value, currency = excluded.currency,
		path = excluded.path, met_at = excluded.met_at, asked_at = excluded.asked_at, yes_at = excluded.yes_at, sent_at = excluded.sent_at,
		ended_at = excluded.ended_at, ball = excluded.ball, ball_at = excluded.ball_at, person = excluded.person, first_at = excluded.first_at,
		last_at = excluded.last_at, later_at = excluded.later_at, usual = excluded.usual, touches = excluded.touches, ours = excluded.ours,
		theirs = excluded.theirs, due_at = excluded.due_at, opens = excluded.opens, opened_at = excluded.opened_at, our_turn = excluded.our_turn,
		brief_at = excluded.brief_at, heard_at = excluded.heard_at, recap_at = excluded.recap_at, said = excluded.said, pace = excluded.pace, expires_at = excluded.expires_at, cell = excluded.cell, rank_key = excluded.rank_key, minutes = excluded.minutes, next_at = excluded.next_at`,
		d.ID, d.Name, d.Kind, d.Value.Minor, d.Value.Currency, d.Path, us(d.Steps.Met), us(d.Steps.Asked), us(d.Steps.Yes), us(d.Steps.Sent),
		us(d.Steps.Ended), d.Ball.Side, us(d.Ball.Since), d.Person, us(d.First), us(d.Last), us(d.Later), int64(d.Usual), d.Touches, d.Ours, d.Theirs,
		us(d.Due), d.Opens, us(d.Opened), bit(d.OurTurn),
		us(d.Brief), us(d.Heard), us(d.Recap), d.Said, int64(d.Pace), us(d.Expires), st.Cell, st.Key, st.Minutes, us(st.Next))
	if err != nil {
		return err
	}
	return t.putReplies(d.ID, rs)
}

// putReplies makes the stored replies of a deal equal to rs with as few writes
// as there are differences: mostly one more.
func (t *Tx) putReplies(d dottedline.DealID, rs []dottedline.Reply) error {
	had, err := t.Replies(d)
	if err != nil {
		return err
	}
	for n, r := range rs {
		if n < len(had) && had[n] == r {
			continue
		}
		if err := t.do(`INSERT INTO replies (ws, deal, n, asked, at, by, path) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (ws, deal, n) DO UPDATE SET asked = excluded.asked, at = excluded.at, by = excluded.by, path = excluded.path`,
			d, n, us(r.Asked), us(r.At), r.By, r.Path); err != nil {
			return err
		}
	}
	if len(had) > len(rs) {
		return t.do(`DELETE FROM replies WHERE ws = $1 AND deal = $2 AND n >= $3`, d, len(rs))
	}
	return nil
}

const replyCols = `asked, at, by, path`

func scanReply(r *dottedline.Reply) []any {
	return []any{timeScan{&r.Asked}, timeScan{&r.At}, &r.By, &r.Path}
}

// Replies are the stored replies of a deal, in order.
func (t *Tx) Replies(d dottedline.DealID) ([]dottedline.Reply, error) {
	return all(t, scanReply, `SELECT `+replyCols+` FROM replies WHERE ws = $1 AND deal = $2 ORDER BY n`, d)
}

// RepliesSince are all replies of the workspace from a time on, 100,000 at most.
func (t *Tx) RepliesSince(from time.Time) ([]dottedline.Reply, error) {
	return all(t, scanReply, `SELECT `+replyCols+` FROM replies WHERE ws = $1 AND at >= $2 ORDER BY at DESC LIMIT 100000`, us(from))
}

// Stale are the deals whose standing has changed by the passing of time, at most n.
func (t *Tx) Stale(n int) ([]dottedline.DealID, error) {
	return vals[dottedline.DealID](t, `SELECT id FROM deals WHERE ws = $1 AND next_at > 0 AND next_at <= $2 ORDER BY next_at LIMIT $3`, us(t.Now), n)
}

// NextStale is when the next standing changes; zero if none does.
func (t *Tx) NextStale() (at time.Time, err error) {
	_, _, err = one(t, func(*struct{}) []any { return []any{timeScan{&at}} },
		`SELECT next_at FROM deals WHERE ws = $1 AND next_at > 0 ORDER BY next_at LIMIT 1`)
	return at, err
}

// DealFilter says which deals to list.
type DealFilter struct {
	Path  dottedline.Path // "" all
	Ball  dottedline.Side // "" both
	After dottedline.Listed
	Limit int
}

// Deals lists deals, the one touched last first.
func (t *Tx) Deals(f DealFilter) ([]Ranked, error) {
	last := int64(math.MaxInt64)
	if !f.After.At.IsZero() {
		last = us(f.After.At)
	}
	return all(t, scanRanked, `SELECT `+dealCols+`, `+rankCols+` FROM deals WHERE ws = $1 AND merged = 0 AND ($2 = '' OR path = $2) AND ($3 = '' OR ball = $3)
		AND last_at <= $4 AND (last_at < $4 OR id < $5) ORDER BY last_at DESC, id DESC LIMIT $6`, string(f.Path), string(f.Ball), last, f.After.Deal, f.Limit)
}

// AllDeals are the IDs of all deals that are not merged into another.
func (t *Tx) AllDeals() ([]dottedline.DealID, error) {
	return vals[dottedline.DealID](t, `SELECT id FROM deals WHERE ws = $1 AND merged = 0 ORDER BY id`)
}

// Merge turns from into a sign that points to into; what belonged to it moves.
func (t *Tx) Merge(into, from dottedline.DealID) error {
	t.Changed()
	if err := t.PutStays(from, nil); err != nil {
		return err
	}
	for _, q := range []string{
		`UPDATE touches SET deal = $2 WHERE ws = $1 AND deal = $3`,
		`UPDATE threads SET deal = $2 WHERE ws = $1 AND deal = $3`,
		`UPDATE outbox SET deal = $2 WHERE ws = $1 AND deal = $3`,
		`UPDATE agreements SET deal = $2 WHERE ws = $1 AND deal = $3`,
		`UPDATE steps SET deal = $2 WHERE ws = $1 AND deal = $3`,
		`UPDATE questions SET deal = $2 WHERE ws = $1 AND deal = $3`,
		`UPDATE meetings SET deal = $2 WHERE ws = $1 AND deal = $3`,
		`UPDATE asks SET deal = $2 WHERE ws = $1 AND deal = $3`,
		`UPDATE recaps SET deal = $2 WHERE ws = $1 AND deal = $3`,
		`UPDATE invitations SET deal = $2 WHERE ws = $1 AND deal = $3`,
		`UPDATE introductions SET deal = $2 WHERE ws = $1 AND deal = $3`,
		`INSERT INTO deal_people (ws, deal, person) SELECT ws, $2, person FROM deal_people WHERE ws = $1 AND deal = $3 ON CONFLICT DO NOTHING`,
		`UPDATE deals SET merged = $2, cell = 0, next_at = 0, touches = 0 WHERE ws = $1 AND id = $3`,
	} {
		if err := t.do(q, into, from); err != nil {
			return err
		}
	}
	for _, q := range []string{`DELETE FROM replies WHERE ws = $1 AND deal = $2`, `DELETE FROM deal_people WHERE ws = $1 AND deal = $2`, `DELETE FROM drafts WHERE ws = $1 AND deal = $2`} {
		if err := t.do(q, from); err != nil {
			return err
		}
	}
	return nil
}

// AddDealPerson says that a person is part of a deal. It answers false where
// that was so.
func (t *Tx) AddDealPerson(d dottedline.DealID, p dottedline.PersonID) (bool, error) {
	n, err := t.count(`INSERT INTO deal_people (ws, deal, person) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, d, p)
	return n > 0, err
}

// DropDealPerson takes a person out of a deal.
func (t *Tx) DropDealPerson(d dottedline.DealID, p dottedline.PersonID) error {
	t.Changed()
	return t.do(`DELETE FROM deal_people WHERE ws = $1 AND deal = $2 AND person = $3`, d, p)
}

// DealPeople are the people of a deal.
func (t *Tx) DealPeople(d dottedline.DealID) ([]dottedline.Person, error) {
	return all(t, scanPerson, `SELECT p.id, p.company, p.name, p.address FROM deal_people dp JOIN people p ON p.ws = $1 AND p.id = dp.person
		WHERE dp.ws = $1 AND dp.deal = $2 ORDER BY dp.person`, d)
}

// DealsOf are the deals that a person is part of.
func (t *Tx) DealsOf(p dottedline.PersonID) ([]dottedline.DealID, error) {
	return vals[dottedline.DealID](t, `SELECT deal FROM deal_people WHERE ws = $1 AND person = $2 ORDER BY deal`, p)
}
