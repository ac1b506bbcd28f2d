package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// Server is how to reach one server.
type Server struct {
	Host string `json:"host"`
	Port int    `json:"port"`
	TLS  string `json:"tls"` // "tls", "starttls", or "none", which only loopback may
}

// Account is a mailbox with all that is needed to read it and send from it.
type Account struct {
	Workspace dottedline.WorkspaceID     `json:"-"`
	ID        dottedline.MailboxID       `json:"-"`
	Member    dottedline.MemberID        `json:"-"`
	Address   dottedline.Address         `json:"-"`
	IMAP      Server                     `json:"imap"`
	SMTP      Server                     `json:"smtp"`
	User      string                     `json:"user"`
	Auth      string                     `json:"auth"`              // "password" or "xoauth2"
	Folders   []string                   `json:"folders,omitempty"` // besides Inbox and Sent
	Makes     map[string]dottedline.Kind `json:"makes,omitempty"`   // folders that make deals
	Secret    string                     `json:"-"`                 // password or token
	CA        string                     `json:"ca,omitempty"`      // PEM of an authority of one's own
}

// MailboxStatus is what a mailbox's connection last said.
type MailboxStatus struct {
	ID        dottedline.MailboxID `json:"-"`
	Address   dottedline.Address   `json:"-"`
	Member    dottedline.MemberID  `json:"-"`
	Account   Account              `json:"-"` // without the secret
	Mails     int64                `json:"-"` // places kept
	Connected bool                 `json:"connected"`
	Error     string               `json:"error,omitempty"` // in plain words
	LastSync  time.Time            `json:"last_sync"`
	Folders   []FolderStatus       `json:"folders,omitempty"`
	Odd       []string             `json:"odd,omitempty"` // what the server said that no standard says, newest last
}

// FolderStatus is how far one folder is read.
type FolderStatus struct {
	Name     string    `json:"name"`
	Role     string    `json:"role,omitempty"` // inbox, sent, other
	Total    int64     `json:"total"`          // on the server
	Read     int64     `json:"read"`           // of those, looked at
	LastSync time.Time `json:"last_sync"`
	Error    string    `json:"error,omitempty"`
}

// Progress is how much of the history is read, 0 to 1.
func (s MailboxStatus) Progress() float64 {
	var total, read int64
	for _, f := range s.Folders {
		total, read = total+f.Total, read+min(f.Read, f.Total)
	}
	if total == 0 {
		return 1
	}
	return float64(read) / float64(total)
}

const secretFor = "mailbox"

func (d *Desk) account(ws dottedline.WorkspaceID, m store.Mailbox) (Account, error) {
	var a Account
	if err := json.Unmarshal([]byte(m.Settings), &a); err != nil {
		return a, fmt.Errorf("mailbox %s: %w", m.Address, err)
	}
	secret, err := d.vault.open(m.Secret, secretFor+" "+ws.String()+" "+m.ID.String())
	if err != nil {
		return a, fmt.Errorf("mailbox %s: %w", m.Address, err)
	}
	a.Workspace, a.ID, a.Member, a.Address, a.Secret = ws, m.ID, m.Member, m.Address, string(secret)
	return a, nil
}

// Accounts are all mailboxes of all workspaces, for the edge that reads them.
// One whose secret can't be opened says so in its status instead.
func (d *Desk) Accounts(ctx context.Context) (out []Account, err error) {
	ids, err := d.db.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	for _, ws := range ids {
		var boxes []store.Mailbox
		if err := d.db.View(ctx, ws, func(t *store.Tx) error { boxes, err = t.Mailboxes(); return err }); err != nil {
			return nil, err
		}
		for _, b := range boxes {
			a, err := d.account(ws, b)
			if err != nil {
				if err := d.ReportMailbox(ctx, ws, b.ID, MailboxStatus{Error: err.Error()}); err != nil {
					return nil, err
				}
				continue
			}
			out = append(out, a)
		}
	}
	return out, nil
}

// Connect adds a mailbox, or changes the one with the same address; an empty
// secret keeps the one that is there. Owners connect any, members their own.
func (d *Desk) Connect(ctx context.Context, a dottedline.Actor, acc Account) (id dottedline.MailboxID, err error) {
	if acc, err = acc.filled(); err != nil {
		return 0, err
	}
	settings, err := json.Marshal(acc)
	if err != nil {
		return 0, err
	}
	err = d.write(ctx, a, func(t *store.Tx) error {
		b, had, err := mailboxAt(t, a, acc.Address)
		if err != nil {
			return err
		}
		m := store.Mailbox{ID: store.NewID[dottedline.Mailbox](t), Member: a.Member, Address: acc.Address, Settings: string(settings), Status: "{}"}
		if had {
			m.ID, m.Member, m.Secret, m.Status = b.ID, b.Member, b.Secret, b.Status
		}
		if acc.Secret != "" {
			m.Secret = d.vault.seal([]byte(acc.Secret), secretFor+" "+a.Workspace.String()+" "+m.ID.String())
		}
		if m.Secret == nil {
			return dottedline.Wrong("Many providers want an app password here.", "The password is missing.")
		}
		id = m.ID
		if err := t.PutMailbox(m); err != nil {
			return err
		}
		for folder, k := range acc.Makes {
			if err := t.PutOwn(store.Own{Address: folderAddress(id, folder), Mailbox: id, Kind: k}); err != nil {
				return err
			}
		}
		return t.PutOwn(store.Own{Address: acc.Address, Mailbox: m.ID})
	})
	d.wakeUp()
	return id, err
}

// Untried completes what is to be kept of a mailbox with the password and the
// certificate that are kept of it already. untried says that it is reached in
// another way than before, so that signing in is worth a try first.
func (d *Desk) Untried(ctx context.Context, a dottedline.Actor, acc Account) (full Account, untried bool, err error) {
	if full, err = acc.filled(); err != nil {
		return acc, false, err
	}
	err = d.view(ctx, a, func(t *store.Tx) error {
		b, had, err := mailboxAt(t, a, full.Address)
		if err != nil || !had {
			untried = true
			return err
		}
		was, err := d.account(a.Workspace, b)
		if err != nil { // its secret can't be opened any more
			untried = full.Secret != ""
			return nil
		}
		if full.CA = cmp.Or(full.CA, was.CA); full.Secret == "" {
			full.ID, full.Workspace, full.Secret = was.ID, was.Workspace, was.Secret
		}
		untried = full.IMAP != was.IMAP || full.SMTP != was.SMTP || full.User != was.User || full.Auth != was.Auth || full.Secret != was.Secret || full.CA != was.CA
		return nil
	})
	return full, untried && full.Secret != "", err
}

// mailboxAt is the mailbox of an address, as far as the member may change it.
func mailboxAt(t *store.Tx, a dottedline.Actor, addr dottedline.Address) (m store.Mailbox, ok bool, err error) {
	boxes, err := t.Mailboxes()
	if err != nil {
		return m, false, err
	}
	for _, b := range boxes {
		if b.Address == addr {
			if b.Member != a.Member {
				err = owner(a)
			}
			return b, true, err
		}
	}
	return m, false, nil
}

// filled is an account with what goes without saying.
func (acc Account) filled() (Account, error) {
	acc.Address = dottedline.MakeAddress(string(acc.Address))
	acc.User, acc.Auth = cmp.Or(acc.User, string(acc.Address)), cmp.Or(acc.Auth, "password")
	return acc, acc.check()
}

func (acc Account) check() error {
	if acc.Address.Domain() == "" {
		return dottedline.Wrong("Write it like you@example.com.", "%q is not a mail address.", acc.Address)
	}
	for what, s := range map[string]Server{"IMAP": acc.IMAP, "SMTP": acc.SMTP} {
		if s.Host == "" || s.Port < 1 || s.Port > 65535 {
			return dottedline.Wrong("Your provider's help page names it, like imap.example.com and 993.", "The %s server is missing or its port is wrong.", what)
		}
		if !slices.Contains([]string{"tls", "starttls", "none"}, s.TLS) {
			return dottedline.Wrong("Choose TLS, or STARTTLS for ports 143 and 587.", "How to encrypt the connection to %s is not said.", what)
		}
		if s.TLS == "none" && s.Host != "127.0.0.1" && s.Host != "localhost" && s.Host != "::1" {
			return dottedline.Wrong("Choose TLS or STARTTLS.", "A password is not sent to %s without encryption.", s.Host)
		}
	}
	return nil
}

// Disconnect stops reading a mailbox. What was read stays.
func (d *Desk) Disconnect(ctx context.Context, a dottedline.Actor, id dottedline.MailboxID) error {
	err := d.write(ctx, a, func(t *store.Tx) error {
		m, err := t.Mailbox(id)
		if err != nil {
			return err
		}
		if m.Member != a.Member {
			if err := owner(a); err != nil {
				return err
			}
		}
		return t.DropMailbox(id)
	})
	d.wakeUp()
	return err
}

// AddAlias says that an address is ours too. A kind makes deals by itself of
// what people write there.
func (d *Desk) AddAlias(ctx context.Context, a dottedline.Actor, id dottedline.MailboxID, address string, k dottedline.Kind) error {
	addr := dottedline.MakeAddress(address)
	if addr.Domain() == "" || strings.ContainsAny(string(addr), " \t<>") {
		return dottedline.Wrong("Write it like sales@example.com.", "%q is not a mail address.", address)
	}
	if k != "" {
		if err := checkKind(k); err != nil {
			return err
		}
	}
	return d.write(ctx, a, func(t *store.Tx) error {
		if _, err := t.Mailbox(id); err != nil {
			return err
		}
		return t.PutOwn(store.Own{Address: addr, Mailbox: id, Kind: k})
	})
}

// DropAlias forgets that an address is ours.
func (d *Desk) DropAlias(ctx context.Context, a dottedline.Actor, address string) error {
	return d.write(ctx, a, func(t *store.Tx) error {
		boxes, err := t.Mailboxes()
		if err != nil {
			return err
		}
		for _, b := range boxes {
			if string(b.Address) == address {
				return dottedline.Wrong("Disconnect the mailbox instead.", "%s is the mailbox's own address.", address)
			}
		}
		return t.DropOwn(dottedline.MakeAddress(address))
	})
}

// Aliases are the addresses of ours besides the mailboxes' own.
func (d *Desk) Aliases(ctx context.Context, a dottedline.Actor) (out []store.Own, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		all, err := t.Owns()
		for _, o := range all {
			if !strings.HasPrefix(string(o.Address), "folder ") {
				out = append(out, o)
			}
		}
		return err
	})
	return out, err
}

// Mailboxes are the workspace's mailboxes and how they are.
func (d *Desk) Mailboxes(ctx context.Context, a dottedline.Actor) (out []MailboxStatus, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error { out, err = mailboxStatus(t); return err })
	return out, err
}

func mailboxStatus(t *store.Tx) ([]MailboxStatus, error) {
	boxes, err := t.Mailboxes()
	out := make([]MailboxStatus, len(boxes))
	for i, b := range boxes {
		if err := json.Unmarshal([]byte(b.Status), &out[i]); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(b.Settings), &out[i].Account); err != nil {
			return nil, err
		}
		out[i].ID, out[i].Address, out[i].Member = b.ID, b.Address, b.Member
	}
	return out, err
}

// ReportMailbox keeps what a mailbox's connection says.
func (d *Desk) ReportMailbox(ctx context.Context, ws dottedline.WorkspaceID, id dottedline.MailboxID, s MailboxStatus) error {
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return d.db.Write(ctx, ws, func(t *store.Tx) error { return t.SetMailboxStatus(id, clean(string(b))) })
}

// Lease takes or keeps a lease, so that of several nodes one does a work.
func (d *Desk) Lease(ctx context.Context, ws dottedline.WorkspaceID, name, who string, long time.Duration) (ok bool, err error) {
	err = d.db.Write(ctx, ws, func(t *store.Tx) error { ok, err = t.Lease(name, who, t.Now.Add(long)); return err })
	return ok, err
}

// FolderState is where reading a folder goes on, as the edge wrote it.
func (d *Desk) FolderState(ctx context.Context, ws dottedline.WorkspaceID, id dottedline.MailboxID, folder string) (s string, err error) {
	err = d.db.View(ctx, ws, func(t *store.Tx) error { s, err = t.FolderState(id, folder); return err })
	return s, err
}

// ReceiveFolder takes mails of a folder in and keeps, in the same transaction,
// where reading goes on and which mails the server has no more.
func (d *Desk) ReceiveFolder(ctx context.Context, ws dottedline.WorkspaceID, id dottedline.MailboxID, folder, state string, in []Incoming, validity uint32, gone []uint32) (Received, error) {
	return d.ReceiveMail(ctx, ws, in, func(t *store.Tx) error {
		if err := t.DropPlaces(id, folder, validity, gone); err != nil {
			return err
		}
		return t.SetFolderState(id, folder, state)
	})
}

// OwnAddress says that an address is ours although no mailbox is connected: for
// mail that comes from files.
func (d *Desk) OwnAddress(ctx context.Context, a dottedline.Actor, address dottedline.Address) error {
	return d.write(ctx, a, func(t *store.Tx) error {
		owns, err := t.Owns()
		if err != nil {
			return err
		}
		for _, o := range owns {
			if o.Address == address {
				return nil
			}
		}
		return t.PutOwn(store.Own{Address: address})
	})
}

// KeepSecret keeps the secret that a provider has given a mailbox in place of
// the one that it was signed in with.
func (d *Desk) KeepSecret(ctx context.Context, acc Account, secret string) error {
	return d.db.Write(ctx, acc.Workspace, func(t *store.Tx) error {
		m, err := t.Mailbox(acc.ID)
		if err != nil {
			return err
		}
		m.Secret = d.vault.seal([]byte(secret), secretFor+" "+acc.Workspace.String()+" "+m.ID.String())
		return t.PutMailbox(m)
	})
}
