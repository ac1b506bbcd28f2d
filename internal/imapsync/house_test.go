package imapsync_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/imapsync"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
	"dottedline/internal/testrig"
)

// house is a desk on a real database with one owner.
type house struct {
	*desk.Desk
	t  testing.TB
	db *store.DB
	me dottedline.Actor
}

func newHouse(t testing.TB, engine string) *house {
	t.Helper()
	return houseOn(t, storetest.Open(t, engine))
}

func houseOn(t testing.TB, db *store.DB) *house {
	v, err := desk.NewVault([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Desk: desk.New(db, v), t: t, db: db}
	h.Argon2 = desk.Argon2{Passes: 1, KiB: 8, Lanes: 1} // no secret is kept here
	ctx := context.Background()
	secret, err := h.SetupLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	session, err := h.SetUp(ctx, secret, desk.NewOwner{Workspace: "Pine", Currency: "usd", Name: "Sam Field", Email: "sam@pine.example.com", Password: "a long enough one", Zone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	if h.me, err = h.Session(ctx, session); err != nil {
		t.Fatal(err)
	}
	return h
}

// account is a mailbox's settings for a server at addr.
func account(user, addr, tls string) desk.Account {
	host, p, _ := net.SplitHostPort(addr)
	port, _ := strconv.Atoi(p)
	return desk.Account{Address: dottedline.Address(user + "@pine.example.com"), User: user, Secret: "secret",
		IMAP: desk.Server{Host: host, Port: port, TLS: tls}, SMTP: desk.Server{Host: "127.0.0.1", Port: 25, TLS: "none"}}
}

func onDovecot(d *testrig.DovecotServer, user string) desk.Account {
	a := account(user, d.IMAPSAddr, "tls")
	a.CA = d.CertPEM
	return a
}

func (h *house) connect(a desk.Account) dottedline.MailboxID {
	h.t.Helper()
	id, err := h.Connect(context.Background(), h.me, a)
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

// quick is the pace of tests.
var quick = imapsync.Pace{Retry: 50 * time.Millisecond, RetryMax: 400 * time.Millisecond, Poll: 300 * time.Millisecond,
	NoIdle: 100 * time.Millisecond, Refused: time.Hour, Accounts: 100 * time.Millisecond}

// run starts an engine, to the end of the test. from is the last number of the
// loopback address it dials from.
func (h *house) run(from byte, change ...func(*imapsync.Engine)) *imapsync.Engine {
	h.t.Helper()
	e := imapsync.New(h.Desk, slog.New(slog.DiscardHandler))
	e.Pace = quick
	e.Dial = (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, from)}}).DialContext
	for _, f := range change {
		f(e)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.Run(ctx)
	}()
	h.t.Cleanup(func() {
		cancel()
		<-done
	})
	return e
}

func (h *house) status(id dottedline.MailboxID) desk.MailboxStatus {
	h.t.Helper()
	all, err := h.Mailboxes(context.Background(), h.me)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, s := range all {
		if s.ID == id {
			return s
		}
	}
	h.t.Fatalf("no mailbox %v", id)
	return desk.MailboxStatus{}
}

// eventually waits until ok is true of the mailbox's status.
func (h *house) eventually(id dottedline.MailboxID, what string, ok func(desk.MailboxStatus) bool) desk.MailboxStatus {
	h.t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for {
		s := h.status(id)
		if ok(s) {
			return s
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("after 60 s still not %s: %+v", what, s)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// mails counts the mails that lie in a folder, as the desk knows them.
func (h *house) mails(id dottedline.MailboxID, folder string) (n int64) {
	h.t.Helper()
	err := h.db.View(context.Background(), h.me.Workspace, func(t *store.Tx) error {
		all, err := t.Folders(id)
		for _, f := range all {
			if f.Name == folder {
				n = f.Mails
			}
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

func (h *house) wantMails(id dottedline.MailboxID, folder string, want int64) {
	h.t.Helper()
	h.eventually(id, fmt.Sprintf("%d mails in %s", want, folder), func(desk.MailboxStatus) bool { return h.mails(id, folder) == want })
}

func folder(s desk.MailboxStatus, name string) desk.FolderStatus {
	for _, f := range s.Folders {
		if f.Name == name {
			return f
		}
	}
	return desk.FolderStatus{}
}

func raw(n int) []byte {
	return []byte(strings.ReplaceAll(fmt.Sprintf("Message-ID: <m%d@example.com>\nFrom: Maya <maya@northwind.example.com>\nTo: sam@pine.example.com\nDate: %s\nSubject: mail %d\n\nbody %d\n",
		n, time.Date(2026, 3, 1, 10, 0, n, 0, time.UTC).Format(time.RFC1123Z), n, n), "\n", "\r\n"))
}
