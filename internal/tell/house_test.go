package tell

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/testrig"
)

var ctx = context.Background()

// house is a desk with one owner, one mailbox and one deal with Maya, on a clock
// that the test moves.
type house struct {
	*desk.Desk
	*Teller
	t    testing.TB
	me   dottedline.Actor
	box  dottedline.MailboxID
	deal dottedline.DealID
	now  time.Time
	uid  uint32
}

func newHouse(t testing.TB, db *store.DB) *house {
	t.Helper()
	v, err := desk.NewVault([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Desk: desk.New(db, v), t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)} // a Monday
	h.Argon2 = desk.Argon2{Passes: 1, KiB: 8, Lanes: 1}                                        // no secret is kept here
	h.Desk.URL = "https://deals.example.com"
	h.Teller = New(h.Desk, slog.New(slog.DiscardHandler), true)
	db.Now = func() time.Time { return h.now }
	secret, err := h.SetupLink(ctx)
	h.ok(err)
	session, err := h.SetUp(ctx, secret, desk.NewOwner{Workspace: "Pine", Currency: "USD", Name: "Sam Field", Email: "sam@pine.example.com", Password: "a long enough one", Zone: "UTC"})
	h.ok(err)
	h.me, err = h.Session(ctx, session)
	h.ok(err)
	h.box, err = h.Connect(ctx, h.me, account("sam@pine.example.com"))
	h.ok(err)
	h.deal, err = h.NewDeal(ctx, h.me, "Northwind", "maya@northwind.example.org", dottedline.Sale, "28,800")
	h.ok(err)
	t.Cleanup(func() {
		if diffs, _, err := h.Check(ctx); err != nil || len(diffs) > 0 {
			t.Errorf("check: %v %v", diffs, err)
		}
	})
	return h
}

func account(a dottedline.Address) desk.Account {
	s := desk.Server{Host: "127.0.0.1", Port: 143, TLS: "none"}
	return desk.Account{Address: a, Secret: "secret", IMAP: s, SMTP: s}
}

func (h *house) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// mail delivers a mail of Maya's to the mailbox; further header lines may be given.
func (h *house) mail(id, text string, at time.Time, lines ...string) {
	h.t.Helper()
	h.from("Maya Okafor <maya@northwind.example.org>", "sam@pine.example.com", id, text, at, lines...)
}

func (h *house) from(from, to, id, text string, at time.Time, lines ...string) {
	h.t.Helper()
	h.uid++
	raw := fmt.Sprintf("Message-ID: <%s@northwind.example.org>\nFrom: %s\nTo: %s\nDate: %s\nSubject: Forty seats\n%s\n%s\n", id, from, to, at.Format(time.RFC1123Z), strings.Join(append(lines, ""), "\n"), text)
	_, err := h.ReceiveMail(ctx, h.me.Workspace, []desk.Incoming{{Raw: []byte(strings.ReplaceAll(raw, "\n", "\r\n")), At: at,
		Place: store.Place{Mailbox: h.box, Folder: "INBOX", UIDValidity: 1, UID: h.uid}}}, nil)
	h.ok(err)
}

// run carries out all that is due now, and gives how much that was.
func (h *house) run() (n int) {
	h.t.Helper()
	for range 1000 {
		x, at, err := h.NextTelling(ctx)
		h.ok(err)
		if x == nil {
			if at.IsZero() || at.After(h.now) {
				return n
			}
			continue
		}
		n++
		h.try(ctx, x, func() {})
	}
	h.t.Fatal("there is always more to deliver")
	return n
}

// got is one request that a receiver got.
type got struct {
	header http.Header
	body   []byte
}

// receiver is a web server of whoever is told.
type receiver struct {
	URL string

	mu     sync.Mutex
	all    []got
	answer func(w http.ResponseWriter, r *http.Request) // nil: 200
}

func newReceiver(t testing.TB) *receiver {
	r := &receiver{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		b, err := io.ReadAll(q.Body)
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.all = append(r.all, got{q.Header.Clone(), b})
		if r.answer != nil {
			r.answer(w, q)
		}
	}))
	t.Cleanup(s.Close)
	r.URL = s.URL
	return r
}

func (r *receiver) answers(code int, body string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code); io.WriteString(w, body) }
}

func (r *receiver) requests() []got {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]got{}, r.all...)
}

// subscription is that of the browser of a push service, at another endpoint.
func subscription(p *testrig.PushService, endpoint string) (s desk.Subscription) {
	s.Endpoint, s.Keys.P256dh, s.Keys.Auth = endpoint, p.P256dh, p.Auth
	return s
}
