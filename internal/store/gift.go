package store

import "dottedline"

// Gifts are the library with how often each was given, by name.
func (t *Tx) Gifts() ([]dottedline.Gift, error) {
	return all(t, func(g *dottedline.Gift) []any {
		return []any{&g.ID, &g.Kind, &g.Title, &g.Text, &g.URL, timeScan{&g.Made}, &g.File, &g.Given}
	}, `SELECT id, kind, title, body, url, made, COALESCE((SELECT f.name FROM gift_files f WHERE f.ws = $1 AND f.gift = g.id), ''), (SELECT count(*) FROM given n WHERE n.ws = $1 AND n.gift = g.id AND n.at > 0) FROM gifts g WHERE ws = $1 ORDER BY title, id`)
}

// PutGift adds or changes a gift of the library.
func (t *Tx) PutGift(g dottedline.Gift) error {
	t.Changed()
	return t.do(`INSERT INTO gifts (ws, id, kind, title, body, url, made) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (ws, id) DO UPDATE SET kind = excluded.kind, title = excluded.title, body = excluded.body, url = excluded.url`, g.ID, g.Kind, g.Title, g.Text, g.URL, us(t.Now))
}

// DropGift takes a gift out of the library; its links end.
func (t *Tx) DropGift(id dottedline.GiftID) error {
	t.Changed()
	if err := t.do(`DELETE FROM gift_files WHERE ws = $1 AND gift = $2`, id); err != nil {
		return err
	}
	return t.do(`DELETE FROM gifts WHERE ws = $1 AND id = $2`, id)
}

// PutGiftFile keeps the bytes of a file; a new one takes its place.
func (t *Tx) PutGiftFile(id dottedline.GiftID, name string, body []byte) error {
	t.Changed()
	return t.do(`INSERT INTO gift_files (ws, gift, name, body) VALUES ($1, $2, $3, $4) ON CONFLICT (ws, gift) DO UPDATE SET name = excluded.name, body = excluded.body`, id, name, body)
}

// GiftFile is a gift's file; the name is "" where it has none.
func (t *Tx) GiftFile(id dottedline.GiftID) (name string, body []byte, err error) {
	_, _, err = one(t, func(*struct{}) []any { return []any{&name, &body} }, `SELECT name, body FROM gift_files WHERE ws = $1 AND gift = $2`, id)
	return name, body, err
}

const givenCols = `n.gift, n.deal, n.person, n.at, n.opened_at, n.times, g.title`

func scanGiven(n *dottedline.Given) []any {
	return []any{&n.Gift, &n.Deal, &n.Person, timeScan{&n.At}, timeScan{&n.Opened}, &n.Times, &n.Title}
}

// AddGiven keeps the hash of a link that opens a gift.
func (t *Tx) AddGiven(n dottedline.Given, hash string) error {
	return t.do(`INSERT INTO given (ws, hash, gift, deal, person, at, opened_at, times) VALUES ($1, $2, $3, $4, $5, 0, 0, 0)`, hash, n.Gift, n.Deal, n.Person)
}

// GivenOn are the gifts of a deal that were sent, newest first.
func (t *Tx) GivenOn(d dottedline.DealID) ([]dottedline.Given, error) {
	return all(t, scanGiven, `SELECT `+givenCols+` FROM given n JOIN gifts g ON g.ws = n.ws AND g.id = n.gift WHERE n.ws = $1 AND n.deal = $2 AND n.at > 0 ORDER BY n.at DESC`, d)
}

// GivenAt finds a given gift of the workspace by the hash of its link.
func (t *Tx) GivenAt(hash string) (n dottedline.Given, ok bool, err error) {
	return one(t, scanGiven, `SELECT `+givenCols+` FROM given n JOIN gifts g ON g.ws = n.ws AND g.id = n.gift WHERE n.ws = $1 AND n.hash = $2`, hash)
}

// GiftSent records that the mail with a gift's link was sent.
func (t *Tx) GiftSent(hash string) error {
	return t.do(`UPDATE given SET at = $3 WHERE ws = $1 AND hash = $2 AND at = 0`, hash, us(t.Now))
}

// GiftOpened counts an opening.
func (t *Tx) GiftOpened(hash string) error {
	t.Changed()
	return t.do(`UPDATE given SET times = times + 1, opened_at = CASE WHEN opened_at = 0 THEN $3 ELSE opened_at END WHERE ws = $1 AND hash = $2`, hash, us(t.Now))
}

// GiftByLink finds whose gift a link opens, in any workspace.
func (g Global) GiftByLink(hash string) (ws dottedline.WorkspaceID, x dottedline.Gift, ok bool, err error) {
	xs, err := rows(g.ctx, g.q, func(x *dottedline.Gift) []any { return []any{&ws, &x.ID, &x.Kind, &x.Title, &x.Text, &x.URL} },
		`SELECT g.ws, g.id, g.kind, g.title, g.body, g.url FROM given n JOIN gifts g ON g.ws = n.ws AND g.id = n.gift WHERE n.hash = $1`, hash)
	if err != nil || len(xs) == 0 {
		return 0, x, false, err
	}
	return ws, xs[0], true, nil
}

const giving = `SELECT person, SUM(gifts), SUM(asks) FROM (
	SELECT person, 1 AS gifts, 0 AS asks FROM given WHERE ws = $1 AND at > 0
	UNION ALL SELECT person, 1, 0 FROM introductions WHERE ws = $1 AND state = 'joined'
	UNION ALL SELECT other, 1, 0 FROM introductions WHERE ws = $1 AND state = 'joined'
	UNION ALL SELECT person, 0, 1 FROM asks WHERE ws = $1 AND made_at > 0) x WHERE person > 0`

func scanGiving(g *dottedline.Giving) []any { return []any{&g.Person, &g.Gifts, &g.Asks} }

// Giving is what people were given and asked, over all deals: those of them that
// were.
func (t *Tx) Giving(ids []dottedline.PersonID) (map[dottedline.PersonID]dottedline.Giving, error) {
	places, args := in(ids, 2)
	gs, err := all(t, scanGiving, giving+` AND person IN (`+places+`) GROUP BY person`, args...)
	out := make(map[dottedline.PersonID]dottedline.Giving, len(gs))
	for _, g := range gs {
		out[g.Person] = g
	}
	return out, err
}

// GivingToAll is the same of everybody, n people at most.
func (t *Tx) GivingToAll(n int) ([]dottedline.Giving, error) {
	return all(t, scanGiving, giving+` GROUP BY person ORDER BY person DESC LIMIT $2`, n)
}
