package desk

import (
	"context"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

const (
	setupToken   = "setup"
	sessionToken = "session"
	inviteToken  = "invite"
	apiToken     = "api"

	sessionFor = 30 * 24 * time.Hour
	inviteFor  = 7 * 24 * time.Hour
)

// SetupLink gives the secret of a new one-time set-up link while nobody can sign
// in, and "" from then on.
func (d *Desk) SetupLink(ctx context.Context) (secret string, err error) {
	defer wrap("set-up link", &err)
	_, found, err := d.home(ctx)
	if err != nil || found.Password != "" {
		return "", err
	}
	secret, hash := newToken()
	return secret, d.db.Write(ctx, 0, func(t *store.Tx) error {
		if err := t.DropTokens(setupToken, 0); err != nil {
			return err
		}
		return t.PutToken(store.Token{Hash: hash, Kind: setupToken})
	})
}

// home is the oldest workspace and its oldest owner, who has no password while
// only the command line was used; zero values where there is none.
func (d *Desk) home(ctx context.Context) (ws dottedline.WorkspaceID, m store.Member, err error) {
	ids, err := d.db.Workspaces(ctx)
	if err != nil || len(ids) == 0 {
		return 0, m, err
	}
	err = d.db.View(ctx, ids[0], func(t *store.Tx) error {
		ms, err := t.Members()
		for _, x := range ms {
			if x.Role == dottedline.Owner {
				m = x
				break
			}
		}
		return err
	})
	return ids[0], m, err
}

// Operator is who acts on the command line: whoever can read the data folder is
// the first owner. Where nothing was set up yet, a workspace is made for the
// address, "" for none; the set-up link takes it over later.
func (d *Desk) Operator(ctx context.Context, address dottedline.Address) (dottedline.Actor, error) {
	ws, m, err := d.home(ctx)
	if err != nil {
		return dottedline.Actor{}, err
	}
	if m.ID == 0 {
		if ws, err = d.db.NewWorkspace(ctx, "My workspace", "USD"); err != nil {
			return dottedline.Actor{}, err
		}
		m.Email, m.Name, m.Role, m.Hours = address, string(address), dottedline.Owner, dottedline.OfficeHours("UTC")
		err = d.db.Write(ctx, ws, func(t *store.Tx) error {
			m.ID = store.NewID[dottedline.Member](t)
			return t.PutMember(m)
		})
	}
	return dottedline.Actor{Workspace: ws, Member: m.ID, Role: m.Role}, err
}

// CanSetUp says whether a set-up secret opens the set-up page.
func (d *Desk) CanSetUp(ctx context.Context, secret string) (ok bool, err error) {
	err = d.db.Everywhere(ctx, func(g store.Global) error {
		_, ok, err = g.Token(setupToken, hashOf(secret))
		return err
	})
	return ok, err
}

// NewOwner is what the first start asks for.
type NewOwner struct {
	Workspace, Currency   string
	Name, Email, Password string
	Zone                  string // IANA time zone
}

// SetUp makes the first workspace and its owner, once, and signs the owner in.
func (d *Desk) SetUp(ctx context.Context, secret string, o NewOwner) (session string, err error) {
	if ok, err := d.CanSetUp(ctx, secret); err != nil || !ok {
		if err == nil {
			err = &dottedline.Problem{Kind: dottedline.Forbidden, Text: "This set-up link has been used.", Hint: "Sign in, or start the program again for a new link."}
		}
		return "", err
	}
	m, err := d.newMember(o.Email, o.Name, o.Password, o.Zone, dottedline.Owner)
	if err != nil {
		return "", err
	}
	cur, err := dottedline.ParseMoney("1", strings.ToUpper(strings.TrimSpace(o.Currency)))
	if err != nil {
		return "", dottedline.Wrong("Write it as three letters, like USD or EUR.", "%q is not a currency.", o.Currency)
	}
	name := strings.TrimSpace(o.Workspace)
	if name == "" {
		name = m.Name
	}
	var first bool
	err = d.db.Write(ctx, 0, func(t *store.Tx) error {
		first, err = t.DropToken(hashOf(secret))
		return err
	})
	if err == nil && !first {
		err = &dottedline.Problem{Kind: dottedline.Conflict, Text: "Somebody else is setting this up."}
	}
	if err != nil {
		return "", err
	}
	ws, had, err := d.home(ctx)
	if err != nil {
		return "", err
	}
	if ws == 0 {
		if ws, err = d.db.NewWorkspace(ctx, name, cur.Currency); err != nil {
			return "", err
		}
	}
	return d.enter(ctx, ws, func(t *store.Tx) (dottedline.MemberID, error) {
		_, s, err := t.ThisWorkspace()
		if err != nil {
			return 0, err
		}
		if m.ID = had.ID; m.ID == 0 {
			m.ID = store.NewID[dottedline.Member](t)
		}
		if err := t.SetWorkspace(dottedline.Workspace{ID: ws, Name: name, Currency: cur.Currency}, s); err != nil {
			return 0, err
		}
		return m.ID, t.PutMember(m)
	})
}

// enter begins a session of the member that f gives.
func (d *Desk) enter(ctx context.Context, ws dottedline.WorkspaceID, f func(*store.Tx) (dottedline.MemberID, error)) (string, error) {
	secret, hash := newToken()
	return secret, d.db.Write(ctx, ws, func(t *store.Tx) error {
		id, err := f(t)
		if err != nil {
			return err
		}
		return t.PutToken(store.Token{Hash: hash, Kind: sessionToken, Member: id, Until: t.Now.Add(sessionFor)})
	})
}

func (d *Desk) newMember(email, name, password, zone string, r dottedline.Role) (store.Member, error) {
	a := dottedline.MakeAddress(email)
	if a.Domain() == "" || strings.ContainsAny(string(a), " \t\r\n<>") || strings.HasPrefix(string(a), "@") {
		return store.Member{}, dottedline.Wrong("Write it like ada@example.com.", "%q is not a mail address.", email)
	}
	if name = strings.TrimSpace(name); name == "" {
		return store.Member{}, dottedline.Wrong("People see it under your mails.", "Your name is missing.")
	}
	if zone == "" {
		zone = "UTC"
	}
	h, err := dottedline.OfficeHours(zone).Local()
	if err != nil {
		return store.Member{}, err
	}
	p, err := d.Argon2.hash(password)
	return store.Member{Member: dottedline.Member{Email: a, Name: name, Role: r, Hours: h}, Password: p}, err
}

// SignIn begins a session. from is the network address: ten wrong tries from
// one, or for one mail address, within a quarter of an hour are enough.
func (d *Desk) SignIn(ctx context.Context, email, password, from string) (session string, err error) {
	a := dottedline.MakeAddress(email)
	tries := []string{"signin " + string(a), "signin from " + from}
	err = d.db.Write(ctx, 0, func(t *store.Tx) error {
		for _, what := range tries {
			if n, err := t.Try(what, 15*time.Minute); err != nil {
				return err
			} else if n > 10 {
				err = &dottedline.Problem{Kind: dottedline.TooMany, Text: "Too many tries.", Hint: "Wait a quarter of an hour and try again."}
				return err
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	var ids []dottedline.WorkspaceID
	var ms []store.Member
	if err := d.db.Everywhere(ctx, func(g store.Global) error { ids, ms, err = g.MembersByEmail(a); return err }); err != nil {
		return "", err
	}
	if len(ms) == 0 { // takes as long as for an address that is known
		checkPassword(d.Argon2.decoy(), password)
	}
	for i, m := range ms {
		if !checkPassword(m.Password, password) {
			continue
		}
		err := d.db.Write(ctx, 0, func(t *store.Tx) error { return t.Forget(tries[0]) })
		if err != nil {
			return "", err
		}
		return d.enter(ctx, ids[i], func(*store.Tx) (dottedline.MemberID, error) { return m.ID, nil })
	}
	return "", &dottedline.Problem{Kind: dottedline.SignIn, Text: "That address and password don't belong together.", Hint: "Check both, or ask an owner of the workspace for a new invitation."}
}

// Session tells who acts with a session's secret.
func (d *Desk) Session(ctx context.Context, secret string) (dottedline.Actor, error) {
	return d.actor(ctx, sessionToken, secret)
}

// APIActor tells who acts with an API key.
func (d *Desk) APIActor(ctx context.Context, secret string) (dottedline.Actor, error) {
	return d.actor(ctx, apiToken, secret)
}

func (d *Desk) actor(ctx context.Context, kind, secret string) (a dottedline.Actor, err error) {
	none := &dottedline.Problem{Kind: dottedline.SignIn, Text: "Please sign in."}
	if secret == "" {
		return a, none
	}
	var k store.Token
	ok := false
	if err := d.db.Everywhere(ctx, func(g store.Global) error { k, ok, err = g.Token(kind, hashOf(secret)); return err }); err != nil {
		return a, err
	}
	if !ok {
		return a, none
	}
	err = d.db.View(ctx, k.Workspace, func(t *store.Tx) error {
		m, err := t.Member(k.Member)
		a = dottedline.Actor{Workspace: k.Workspace, Member: m.ID, Role: m.Role}
		return err
	})
	return a, err
}

// SignOut ends a session.
func (d *Desk) SignOut(ctx context.Context, a dottedline.Actor, secret string) error {
	return d.write(ctx, a, func(t *store.Tx) error { _, err := t.DropToken(hashOf(secret)); return err })
}

// APIKeys are the member's own live API keys, newest first, without the secrets.
func (d *Desk) APIKeys(ctx context.Context, a dottedline.Actor) (out []store.Token, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		ks, err := t.Tokens(apiToken)
		for _, k := range ks {
			if k.Member == a.Member {
				out = append(out, k)
			}
		}
		return err
	})
	return out, err
}

// EndAPIKey ends one of the member's own API keys, named by its hash.
func (d *Desk) EndAPIKey(ctx context.Context, a dottedline.Actor, hash string) error {
	ks, err := d.APIKeys(ctx, a)
	if err != nil {
		return err
	}
	for _, k := range ks {
		if k.Hash == hash {
			return d.write(ctx, a, func(t *store.Tx) error { _, err := t.DropToken(hash); return err })
		}
	}
	return dottedline.Missing("key of yours")
}

// NewAPIKey gives the member a key for the API; it is shown once.
func (d *Desk) NewAPIKey(ctx context.Context, a dottedline.Actor, name string) (secret string, err error) {
	if name == "" {
		return "", dottedline.Wrong("The name of the program will do.", "What the key is for is not said.")
	}
	secret, hash := newToken()
	return secret, d.write(ctx, a, func(t *store.Tx) error {
		return t.PutToken(store.Token{Hash: hash, Kind: apiToken, Member: a.Member, Data: name})
	})
}

// Invite lets an owner bring somebody in: the secret is for a link that works once.
func (d *Desk) Invite(ctx context.Context, a dottedline.Actor, r dottedline.Role) (secret string, err error) {
	if err := owner(a); err != nil {
		return "", err
	}
	if r != dottedline.Owner && r != dottedline.MemberRole {
		return "", dottedline.Wrong("Choose owner or member.", "%q is not a role.", r)
	}
	secret, hash := newToken()
	return secret, d.write(ctx, a, func(t *store.Tx) error {
		return t.PutToken(store.Token{Hash: hash, Kind: inviteToken, Member: a.Member, Data: string(r), Until: t.Now.Add(inviteFor)})
	})
}

// Invited gives the name of the workspace that an invitation leads to.
func (d *Desk) Invited(ctx context.Context, secret string) (workspace string, err error) {
	var k store.Token
	ok := false
	if err := d.db.Everywhere(ctx, func(g store.Global) error { k, ok, err = g.Token(inviteToken, hashOf(secret)); return err }); err != nil {
		return "", err
	}
	if !ok {
		return "", &dottedline.Problem{Kind: dottedline.Forbidden, Text: "This invitation has been used or is too old.", Hint: "Ask for a new one."}
	}
	err = d.db.View(ctx, k.Workspace, func(t *store.Tx) error {
		w, _, err := t.ThisWorkspace()
		workspace = w.Name
		return err
	})
	return workspace, err
}

// Join makes a member of whoever holds an invitation, and signs them in.
func (d *Desk) Join(ctx context.Context, secret, email, name, password, zone string) (session string, err error) {
	if _, err := d.Invited(ctx, secret); err != nil {
		return "", err
	}
	var k store.Token
	if err := d.db.Everywhere(ctx, func(g store.Global) error { k, _, err = g.Token(inviteToken, hashOf(secret)); return err }); err != nil {
		return "", err
	}
	m, err := d.newMember(email, name, password, zone, dottedline.Role(k.Data))
	if err != nil {
		return "", err
	}
	return d.enter(ctx, k.Workspace, func(t *store.Tx) (dottedline.MemberID, error) {
		if ok, err := t.DropToken(k.Hash); err != nil || !ok {
			return 0, dottedline.Wrong("Ask for a new one.", "This invitation has been used.")
		}
		ms, err := t.Members()
		if err != nil {
			return 0, err
		}
		for _, o := range ms {
			if o.Email == m.Email {
				return 0, dottedline.Wrong("Sign in instead.", "%s is a member already.", m.Email)
			}
		}
		m.ID = store.NewID[dottedline.Member](t)
		return m.ID, t.PutMember(m)
	})
}
