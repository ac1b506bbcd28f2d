package imapsync_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dottedline/internal/desk"
	"dottedline/internal/imapsync"
	"dottedline/internal/imapsync/imap"
	"dottedline/internal/store"
	"dottedline/internal/testrig"
)

// other is another mail program at the same mailbox.
func other(t *testing.T, d *testrig.DovecotServer, user string) *imap.Client {
	t.Helper()
	conn, err := tls.Dial("tcp", d.IMAPSAddr, d.TLS())
	if err != nil {
		t.Fatal(err)
	}
	c, err := imap.New(context.Background(), conn, imap.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Login(context.Background(), user, "secret"); err != nil {
		t.Fatal(err)
	}
	return c
}

func fill(t *testing.T, c *imap.Client, folder string, from, to int) {
	t.Helper()
	for n := from; n <= to; n++ {
		if _, err := c.Append(context.Background(), folder, nil, time.Time{}, raw(n)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMailArrives is the way of a mail: LMTP, IDLE, the desk; on both engines,
// over TLS and STARTTLS, from the Inbox, from Sent and from a chosen folder.
func TestMailArrives(t *testing.T) {
	t.Parallel()
	d := testrig.Dovecot(t)
	for i, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, engine)
			user := "sam-" + engine
			c := other(t, d, user)
			fill(t, c, "INBOX", 1, 3)
			fill(t, c, "Archive", 4, 5)
			a := onDovecot(d, user)
			a.Folders = []string{"Archive", "Nowhere"}
			if engine == "postgres" {
				b := account(user, d.IMAPAddr, "starttls")
				b.CA, b.Folders = a.CA, a.Folders
				a = b
			}
			id := h.connect(a)
			e := h.run(byte(10 + i))
			h.wantMails(id, "INBOX", 3)
			h.wantMails(id, "Archive", 2)
			h.wantMails(id, "Sent", 0)
			if err := d.Deliver(user, raw(6)); err != nil {
				t.Fatal(err)
			}
			h.wantMails(id, "INBOX", 4)
			fill(t, c, "Sent", 7, 7)
			h.wantMails(id, "Sent", 1)
			fill(t, c, "Archive", 8, 8)
			e.SyncNow(h.me.Workspace, id)
			h.wantMails(id, "Archive", 3)
			s := h.eventually(id, "told", func(s desk.MailboxStatus) bool { return s.Connected && folder(s, "Archive").Total == 3 })
			in := folder(s, "INBOX")
			if s.Error != "" || len(s.Odd) > 0 || in.Total != 4 || in.Read != 4 || in.Role != "inbox" || time.Since(in.LastSync) > time.Minute || s.Progress() != 1 {
				t.Errorf("status %+v", s)
			}
			if f := folder(s, "Nowhere"); f.Error == "" {
				t.Errorf("a folder that is not there: %+v", f)
			}
		})
	}
}

func TestServerComesBack(t *testing.T) {
	t.Parallel()
	d := testrig.Dovecot(t)
	h := newHouse(t, "sqlite")
	id := h.connect(onDovecot(d, "back"))
	h.run(1)
	h.eventually(id, "connected", func(s desk.MailboxStatus) bool { return s.Connected && !s.LastSync.IsZero() })
	d.Stop()
	s := h.eventually(id, "seen as gone", func(s desk.MailboxStatus) bool { return !s.Connected })
	if s.Error == "" {
		t.Errorf("no word about it: %+v", s)
	}
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	if err := d.Deliver("back", raw(1)); err != nil {
		t.Fatal(err)
	}
	h.wantMails(id, "INBOX", 1)
	h.eventually(id, "told", func(s desk.MailboxStatus) bool { return s.Connected && s.Error == "" })
}

func TestNumberedAnew(t *testing.T) {
	t.Parallel()
	d := testrig.Dovecot(t)
	h := newHouse(t, "sqlite")
	fill(t, other(t, d, "anew"), "INBOX", 1, 5)
	id := h.connect(onDovecot(d, "anew"))
	h.run(1)
	h.wantMails(id, "INBOX", 5)
	before, err := h.FolderState(context.Background(), h.me.Workspace, id, "INBOX")
	if err != nil {
		t.Fatal(err)
	}
	d.Stop()
	h.eventually(id, "gone", func(s desk.MailboxStatus) bool { return !s.Connected })
	// Without its list of UIDs Dovecot numbers the mails anew. UIDVALIDITY is a
	// time in seconds: let it pass.
	time.Sleep(1100 * time.Millisecond)
	maildir := filepath.Join(d.Dir, "mail", "anew", "Maildir")
	for _, f := range []string{"dovecot-uidlist", "dovecot-uidvalidity", "dovecot.list.index", "dovecot.list.index.log", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"} {
		os.RemoveAll(filepath.Join(maildir, f))
	}
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	if err := d.Deliver("anew", raw(6)); err != nil {
		t.Fatal(err)
	}
	h.wantMails(id, "INBOX", 11) // 5 places under the old numbers, 6 under the new
	after, err := h.FolderState(context.Background(), h.me.Workspace, id, "INBOX")
	if err != nil || after == before {
		t.Errorf("state %s then %s, %v", before, after, err)
	}
	if got, err := h.ReceiveMail(context.Background(), h.me.Workspace, []desk.Incoming{{Raw: raw(1)}, {Raw: raw(6)}}, nil); err != nil || got.Known != 2 {
		t.Errorf("mails were doubled: %+v, %v", got, err)
	}
}

func TestPassword(t *testing.T) {
	t.Parallel()
	d := testrig.Dovecot(t)
	h := newHouse(t, "sqlite")
	a := onDovecot(d, "pass")
	a.Secret = "wrong"
	id := h.connect(a)
	e := h.run(2)
	s := h.eventually(id, "refused", func(s desk.MailboxStatus) bool { return s.Error != "" })
	if s.Connected || !strings.Contains(s.Error, "name and password") {
		t.Errorf("%+v", s)
	}
	if _, err := e.Try(context.Background(), a); err == nil || !strings.Contains(err.Error(), "app password") {
		t.Errorf("try with the wrong password: %v", err)
	}
	a.Secret = "secret"
	h.connect(a) // the next try would be in an hour
	e.Reload()
	h.eventually(id, "connected", func(s desk.MailboxStatus) bool { return s.Connected && s.Error == "" })
	folders, err := e.Try(context.Background(), a)
	if err != nil || !strings.Contains(strings.Join(folders, " "), "Sent") {
		t.Errorf("try: %v, %v", folders, err)
	}
}

func TestOAuth(t *testing.T) {
	t.Parallel()
	d := testrig.Dovecot(t, testrig.OAuthUsers(t, func(token string) (string, bool) { return "olga", token == "fresh" }))
	h := newHouse(t, "sqlite")
	a := onDovecot(d, "olga")
	a.Auth, a.Secret = "xoauth2", "stale"
	id := h.connect(a)
	h.run(3, func(e *imapsync.Engine) {
		e.Token = func(_ context.Context, a desk.Account) (string, error) {
			if a.Secret != "stale" {
				return "", fmt.Errorf("secret is %q", a.Secret)
			}
			return "fresh", nil
		}
	})
	if err := d.Deliver("olga", raw(1)); err != nil {
		t.Fatal(err)
	}
	h.wantMails(id, "INBOX", 1)
}

func TestDeletedElsewhere(t *testing.T) {
	t.Parallel()
	d := testrig.Dovecot(t)
	h := newHouse(t, "sqlite")
	fill(t, other(t, d, "del"), "INBOX", 1, 6)
	id := h.connect(onDovecot(d, "del"))
	h.run(1)
	h.wantMails(id, "INBOX", 6)
	h.eventually(id, "in step", func(s desk.MailboxStatus) bool { return folder(s, "INBOX").Read == 6 })
	expunge(t, d, "del", "2")
	h.wantMails(id, "INBOX", 5) // told while we wait
	d.Stop()
	h.eventually(id, "gone", func(s desk.MailboxStatus) bool { return !s.Connected })
	for _, f := range mustGlob(t, filepath.Join(d.Dir, "mail", "del", "Maildir", "*", "*")) {
		if b, err := os.ReadFile(f); err == nil && bytes.Contains(b, []byte("<m5@example.com>")) {
			os.Remove(f)
			later := time.Now().Add(2 * time.Second)
			os.Chtimes(filepath.Dir(f), later, later) // Dovecot looks again only where the second of the change is another
		}
	}
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	h.wantMails(id, "INBOX", 4) // told by QRESYNC
}

func mustGlob(t *testing.T, pattern string) []string {
	t.Helper()
	m, err := filepath.Glob(pattern)
	if err != nil || len(m) == 0 {
		t.Fatalf("%s: %v, %v", pattern, m, err)
	}
	return m
}

func expunge(t *testing.T, d *testrig.DovecotServer, user, uids string) {
	t.Helper()
	c, err := tls.Dial("tcp", d.IMAPSAddr, d.TLS())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "a LOGIN %s secret\r\nb SELECT INBOX\r\nc UID STORE %s +FLAGS (\\Deleted)\r\nd EXPUNGE\r\ne LOGOUT\r\n", user, uids)
	var out bytes.Buffer
	out.ReadFrom(c)
	if !strings.Contains(out.String(), "d OK") {
		t.Fatalf("expunge: %s", out.String())
	}
}

// TestHistory reads 4,000 mails newest first, tells how far it is, and takes
// what arrives meanwhile first.
func TestHistory(t *testing.T) {
	if testing.Short() {
		t.Skip("4,000 mails: not with -short")
	}
	t.Parallel()
	d := testrig.Dovecot(t)
	h := newHouse(t, "sqlite")
	const all = 4000 // how far it is, is told once a second or so
	dir := filepath.Join(d.Dir, "mail", "hist", "Maildir")
	fill(t, other(t, d, "hist"), "INBOX", 1, 1) // makes the Maildir
	for n := 2; n <= all; n++ {
		name := filepath.Join(dir, "cur", fmt.Sprintf("%d.M%dP1.rig:2,S", 1700000000+n, n))
		if err := os.WriteFile(name, raw(n), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	a := onDovecot(d, "hist")
	t0 := time.Now()
	id := h.connect(a)
	h.run(1)
	s := h.eventually(id, "in the middle", func(s desk.MailboxStatus) bool { p := s.Progress(); return p > 0 && p < 0.8 && len(s.Folders) > 0 })
	if err := d.Deliver("hist", raw(all+1)); err != nil {
		t.Fatal(err)
	}
	h.eventually(id, "showing new mail", func(desk.MailboxStatus) bool { return h.has(all + 1) })
	if n := h.mails(id, "INBOX"); n > all {
		t.Errorf("new mail waited for the history: %d mails were read first", n)
	}
	if !h.has(all) || h.has(2) && h.status(id).Progress() < 0.9 {
		t.Errorf("not newest first")
	}
	h.wantMails(id, "INBOX", all+1)
	h.eventually(id, "done", func(s desk.MailboxStatus) bool { return s.Progress() == 1 })
	t.Logf("%d mails in %v; seen at %.0f %%", all+1, time.Since(t0).Round(time.Millisecond), 100*s.Progress())
}

// has says whether mail n was received.
func (h *house) has(n int) bool { return h.count(n) > 0 }

// count is how often mail n is kept.
func (h *house) count(n int) (mails int) {
	h.t.Helper()
	err := h.db.View(context.Background(), h.me.Workspace, func(t *store.Tx) error {
		ms, err := t.MailByMessageID(fmt.Sprintf("m%d@example.com", n))
		mails = len(ms)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return mails
}

// elsewhere makes a connection look as if it went to another machine.
type elsewhere struct{ net.Conn }

func (elsewhere) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 143} }

func TestWhy(t *testing.T) {
	t.Parallel()
	d := testrig.Dovecot(t)
	h := newHouse(t, "sqlite")
	c := other(t, d, "why")
	fill(t, c, "INBOX", 1, 1)
	fill(t, c, "Junk", 2, 2)
	fill(t, c, "Archive", 3, 3)
	id := h.connect(onDovecot(d, "why"))
	e := h.run(1)
	h.wantMails(id, "INBOX", 1)
	for _, q := range []struct {
		question, folder string
		here             bool
		text             string
	}{
		{"<m1@example.com>", "INBOX", true, "It was read"},
		{"m2@example.com", "Junk", false, "spam"},
		{"Message-ID: <m3@example.com>", "Archive", false, "not read"},
		{"<m4@example.com>", "", false, "no such message"},
	} {
		got, err := e.Why(context.Background(), h.me.Workspace, id, q.question)
		if err != nil || len(got) != 1 || got[0].Folder != q.folder || got[0].Here != q.here || !strings.Contains(got[0].Text, q.text) {
			t.Errorf("%s: %+v, %v", q.question, got, err)
		}
	}
	got, err := e.Why(context.Background(), h.me.Workspace, id, "maya@northwind.example.com")
	if err != nil || len(got) != 3 || got[0].From != "maya@northwind.example.com" || got[0].Subject == "" {
		t.Errorf("by sender: %+v, %v", got, err)
	}
	if _, err := e.Why(context.Background(), h.me.Workspace, 12345, "x"); err == nil {
		t.Error("a mailbox that is not there was asked")
	}
}

func TestSentCopies(t *testing.T) {
	t.Parallel()
	d := testrig.Dovecot(t)
	e := imapsync.New(nil, nil)
	a, ctx := onDovecot(d, "copies"), context.Background()
	find := func() bool {
		t.Helper()
		found, err := e.FindSent(ctx, a, "m1@example.com")
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if find() {
		t.Error("found before it was there")
	}
	for range 2 { // the second finds the first's copy
		if err := e.KeepSent(ctx, a, "m1@example.com", raw(1), time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if !find() {
		t.Error("not found")
	}
	c := other(t, d, "copies")
	if box, err := c.Examine(ctx, "Sent", nil); err != nil || box.Exists != 1 {
		t.Errorf("%+v, %v", box, err)
	}
}

func TestNoPasswordInTheClear(t *testing.T) {
	t.Parallel()
	e := imapsync.New(nil, nil)
	f := &fakeServer{}
	f.start(t)
	_, err := e.Try(context.Background(), account("sam", f.addr, "none"))
	if err != nil {
		t.Errorf("loopback: %v", err)
	}
	e.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		return elsewhere{c}, err
	}
	if _, err := e.Try(context.Background(), account("sam", f.addr, "none")); err == nil || !strings.Contains(err.Error(), "without encryption") {
		t.Errorf("elsewhere: %v", err)
	}
	if _, err := e.Try(context.Background(), account("sam", f.addr, "tls")); err == nil {
		t.Error("TLS with a server that has none")
	}
}
