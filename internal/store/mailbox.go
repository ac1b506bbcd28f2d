package store

import (
	"time"

	"dottedline"
)

// Mailbox is a mailbox with how to reach it. Settings and Status are JSON of
// the desk's; Secret is sealed with the key file.
type Mailbox struct {
	ID       dottedline.MailboxID
	Member   dottedline.MemberID
	Address  dottedline.Address
	Settings string
	Secret   []byte
	Status   string
}

const mailboxCols = `id, member, address, settings, secret, status`

func scanMailbox(m *Mailbox) []any {
	return []any{&m.ID, &m.Member, &m.Address, &m.Settings, &m.Secret, &m.Status}
}

// Mailboxes are all mailboxes of the workspace, oldest first.
func (t *Tx) Mailboxes() ([]Mailbox, error) {
	return all(t, scanMailbox, `SELECT `+mailboxCols+` FROM mailboxes WHERE ws = $1 ORDER BY id`)
}

// Mailbox is one mailbox.
func (t *Tx) Mailbox(id dottedline.MailboxID) (Mailbox, error) {
	m, ok, err := one(t, scanMailbox, `SELECT `+mailboxCols+` FROM mailboxes WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("mailbox")
	}
	return m, err
}

// PutMailbox adds or changes a mailbox; its status stays.
func (t *Tx) PutMailbox(m Mailbox) error {
	t.Changed()
	return t.do(`INSERT INTO mailboxes (ws, id, member, address, settings, secret, status) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (ws, id) DO UPDATE SET member = excluded.member, address = excluded.address,
		settings = excluded.settings, secret = excluded.secret`, m.ID, m.Member, m.Address, m.Settings, m.Secret, m.Status)
}

// DropMailbox stops reading a mailbox. Its mails stay.
func (t *Tx) DropMailbox(id dottedline.MailboxID) error {
	t.Changed()
	for _, q := range []string{`DELETE FROM folders WHERE ws = $1 AND mailbox = $2`, `DELETE FROM places WHERE ws = $1 AND mailbox = $2`,
		`DELETE FROM mailboxes WHERE ws = $1 AND id = $2`} {
		if err := t.do(q, id); err != nil {
			return err
		}
	}
	return nil
}

// SetMailboxStatus keeps what the connection last said, as JSON.
func (t *Tx) SetMailboxStatus(id dottedline.MailboxID, status string) error {
	t.Changed()
	return t.do(`UPDATE mailboxes SET status = $3 WHERE ws = $1 AND id = $2`, id, status)
}

// Own is an address of ours. Kind, when not "", makes deals by itself of what
// people write there.
type Own struct {
	Address dottedline.Address
	Mailbox dottedline.MailboxID
	Kind    dottedline.Kind
}

// Owns are all addresses of ours.
func (t *Tx) Owns() ([]Own, error) {
	return all(t, func(o *Own) []any { return []any{&o.Address, &o.Mailbox, &o.Kind} }, `SELECT address, mailbox, kind FROM own WHERE ws = $1 ORDER BY address`)
}

// PutOwn adds or changes an address of ours.
func (t *Tx) PutOwn(o Own) error {
	t.Changed()
	return t.do(`INSERT INTO own (ws, address, mailbox, kind) VALUES ($1, $2, $3, $4)
		ON CONFLICT (ws, address) DO UPDATE SET mailbox = excluded.mailbox, kind = excluded.kind`, o.Address, o.Mailbox, o.Kind)
}

// DropOwn forgets that an address is ours.
func (t *Tx) DropOwn(a dottedline.Address) error {
	t.Changed()
	return t.do(`DELETE FROM own WHERE ws = $1 AND address = $2`, a)
}

// FolderState is what is known of a folder, as JSON of the desk's; "" if never read.
func (t *Tx) FolderState(m dottedline.MailboxID, folder string) (string, error) {
	s, _, err := val[string](t, `SELECT state FROM folders WHERE ws = $1 AND mailbox = $2 AND name = $3`, m, folder)
	return s, err
}

// SetFolderState keeps what is known of a folder.
func (t *Tx) SetFolderState(m dottedline.MailboxID, folder, state string) error {
	return t.do(`INSERT INTO folders (ws, mailbox, name, state) VALUES ($1, $2, $3, $4)
		ON CONFLICT (ws, mailbox, name) DO UPDATE SET state = excluded.state`, m, folder, state)
}

// Folder is a folder of a mailbox and how many of its mails are kept.
type Folder struct {
	Name  string
	State string
	Mails int64
}

// Folders are the folders of a mailbox that were ever read.
func (t *Tx) Folders(m dottedline.MailboxID) ([]Folder, error) {
	return all(t, func(f *Folder) []any { return []any{&f.Name, &f.State, &f.Mails} }, `SELECT name, state,
		(SELECT COUNT(*) FROM places p WHERE p.ws = $1 AND p.mailbox = $2 AND p.folder = f.name) FROM folders f WHERE ws = $1 AND mailbox = $2 ORDER BY name`, m)
}

// Place is where a server keeps a mail.
type Place struct {
	Mailbox     dottedline.MailboxID
	Folder      string
	UIDValidity uint32
	UID         uint32
}

// PutPlace records where a mail is kept; again is no harm.
func (t *Tx) PutPlace(p Place, m dottedline.MailID) error {
	return t.do(`INSERT INTO places (ws, mailbox, folder, uidvalidity, uid, mail) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (ws, mailbox, folder, uidvalidity, uid) DO NOTHING`, p.Mailbox, p.Folder, int64(p.UIDValidity), int64(p.UID), m)
}

// DropPlaces forgets where mails were kept that the server has no more. The
// mails stay: deleting mail never changes a deal.
func (t *Tx) DropPlaces(m dottedline.MailboxID, folder string, validity uint32, uids []uint32) error {
	for _, u := range uids {
		if err := t.do(`DELETE FROM places WHERE ws = $1 AND mailbox = $2 AND folder = $3 AND uidvalidity = $4 AND uid = $5`,
			m, folder, int64(validity), int64(u)); err != nil {
			return err
		}
	}
	return nil
}

// PlacesOf are the places of one mail.
func (t *Tx) PlacesOf(m dottedline.MailID) ([]Place, error) {
	return all(t, func(p *Place) []any { return []any{&p.Mailbox, &p.Folder, &p.UIDValidity, &p.UID} },
		`SELECT mailbox, folder, uidvalidity, uid FROM places WHERE ws = $1 AND mail = $2 ORDER BY mailbox, folder`, m)
}

// Lease takes or keeps a lease until a time, for who; false where somebody else
// holds it. With several nodes, one reads a mailbox.
func (t *Tx) Lease(name, who string, until time.Time) (bool, error) {
	n, err := t.count(`INSERT INTO leases (ws, name, who, until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (ws, name) DO UPDATE SET who = excluded.who, until = excluded.until
		WHERE leases.who = excluded.who OR leases.until < $5`, name, who, us(until), us(t.Now))
	return n > 0, err
}
