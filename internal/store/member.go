package store

import (
	"encoding/json"
	"time"

	"dottedline"
)

// Member is a member with the hash of the password.
type Member struct {
	dottedline.Member
	Password string
}

const memberCols = `id, email, name, role, password, hours`

func scanMember(m *Member) []any {
	return []any{&m.ID, &m.Email, &m.Name, &m.Role, &m.Password, jsonScan{&m.Hours}}
}

// jsonScan scans JSON text.
type jsonScan struct{ into any }

func (j jsonScan) Scan(v any) error {
	switch b := v.(type) {
	case string:
		return json.Unmarshal([]byte(b), j.into)
	case []byte:
		return json.Unmarshal(b, j.into)
	}
	return nil
}

func jsonText(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// Members are all members of the workspace, oldest first.
func (t *Tx) Members() ([]Member, error) {
	return all(t, scanMember, `SELECT `+memberCols+` FROM members WHERE ws = $1 ORDER BY id`)
}

// Member is one member of the workspace.
func (t *Tx) Member(id dottedline.MemberID) (Member, error) {
	m, ok, err := one(t, scanMember, `SELECT `+memberCols+` FROM members WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("member")
	}
	return m, err
}

// PutMember adds or changes a member.
func (t *Tx) PutMember(m Member) error {
	t.Changed()
	h, err := jsonText(m.Hours)
	if err != nil {
		return err
	}
	return t.do(`INSERT INTO members (ws, id, email, name, role, password, hours) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (ws, id) DO UPDATE SET email = excluded.email, name = excluded.name, role = excluded.role,
		password = excluded.password, hours = excluded.hours`, m.ID, m.Email, m.Name, m.Role, m.Password, h)
}

// DropMember removes a member and all tokens of theirs.
func (t *Tx) DropMember(id dottedline.MemberID) error {
	t.Changed()
	if err := t.do(`DELETE FROM tokens WHERE ws = $1 AND member = $2`, id); err != nil {
		return err
	}
	return t.do(`DELETE FROM members WHERE ws = $1 AND id = $2`, id)
}

// MembersByEmail finds whoever signs in with an address, in any workspace.
func (g Global) MembersByEmail(a dottedline.Address) (ws []dottedline.WorkspaceID, ms []Member, err error) {
	type row struct {
		ws dottedline.WorkspaceID
		m  Member
	}
	rs, err := rows(g.ctx, g.q, func(r *row) []any { return append([]any{&r.ws}, scanMember(&r.m)...) },
		`SELECT ws, `+memberCols+` FROM members WHERE email = $1 ORDER BY ws, id`, a)
	for _, r := range rs {
		ws, ms = append(ws, r.ws), append(ms, r.m)
	}
	return ws, ms, err
}

// Token is the kept half of a random secret: its hash, and what it opens.
type Token struct {
	Workspace dottedline.WorkspaceID
	Hash      string // SHA-256 in hex
	Kind      string // session, setup, invite, api
	Member    dottedline.MemberID
	Data      string
	Made      time.Time
	Until     time.Time // zero: never ends
}

const tokenCols = `ws, hash, kind, member, data, made, until`

func scanToken(k *Token) []any {
	return []any{&k.Workspace, &k.Hash, &k.Kind, &k.Member, &k.Data, timeScan{&k.Made}, timeScan{&k.Until}}
}

// PutToken keeps a token.
func (t *Tx) PutToken(k Token) error {
	return t.do(`INSERT INTO tokens (ws, hash, kind, member, data, made, until) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		k.Hash, k.Kind, k.Member, k.Data, us(t.Now), us(k.Until))
}

// Tokens are the workspace's live tokens of a kind, newest first.
func (t *Tx) Tokens(kind string) ([]Token, error) {
	return all(t, scanToken, `SELECT `+tokenCols+` FROM tokens WHERE ws = $1 AND kind = $2 AND (until = 0 OR until > $3) ORDER BY made DESC`, kind, us(t.Now))
}

// DropToken ends a token, and tells whether it was there: of two who use a
// one-time token at once, one is told so.
func (t *Tx) DropToken(hash string) (bool, error) {
	n, err := t.count(`DELETE FROM tokens WHERE ws = $1 AND hash = $2`, hash)
	return n > 0, err
}

// DropTokens ends all tokens of a kind of one member.
func (t *Tx) DropTokens(kind string, m dottedline.MemberID) error {
	return t.do(`DELETE FROM tokens WHERE ws = $1 AND kind = $2 AND member = $3`, kind, m)
}

// Token finds a live token of a kind by its hash.
func (g Global) Token(kind, hash string) (Token, bool, error) {
	ks, err := rows(g.ctx, g.q, scanToken, `SELECT `+tokenCols+` FROM tokens WHERE hash = $1 AND kind = $2 AND (until = 0 OR until > $3)`, hash, kind, us(g.now))
	if err != nil || len(ks) == 0 {
		return Token{}, false, err
	}
	return ks[0], true, nil
}

// Try counts one try of what is limited and gives how many there were within
// the span, this one included. A limit outside any workspace is kept under 0.
func (t *Tx) Try(what string, span time.Duration) (int64, error) {
	n, _, err := val[int64](t, `INSERT INTO tries (ws, what, n, until) VALUES ($1, $2, 1, $3)
		ON CONFLICT (ws, what) DO UPDATE SET n = CASE WHEN tries.until < $4 THEN 1 ELSE tries.n + 1 END,
		until = CASE WHEN tries.until < $4 THEN excluded.until ELSE tries.until END RETURNING n`, what, us(t.Now.Add(span)), us(t.Now))
	return n, err
}

// Forget clears the count of a try that succeeded.
func (t *Tx) Forget(what string) error {
	return t.do(`DELETE FROM tries WHERE ws = $1 AND (what = $2 OR until < $3)`, what, us(t.Now))
}
