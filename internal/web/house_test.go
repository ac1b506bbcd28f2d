package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/live"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

// house is the pages of a fresh database on a loopback port, with an owner whose
// clock the test moves.
type house struct {
	*desk.Desk
	t       testing.TB
	url     string
	setup   string // the secret of the set-up link
	session string
	me      dottedline.Actor
	box     dottedline.MailboxID
	shift   atomic.Int64 // of the clock
	uid     uint32
	asked   atomic.Int64 // how often "sync now" was asked
}

// logs fails the test on anything that the server logs as an error.
type logs struct {
	slog.Handler
	t testing.TB
}

func (l logs) Handle(_ context.Context, r slog.Record) error {
	if r.Level >= slog.LevelWarn {
		var b strings.Builder
		r.Attrs(func(a slog.Attr) bool { fmt.Fprintf(&b, " %s", a); return true })
		l.t.Errorf("logged: %s%s", r.Message, b.String())
	}
	return nil
}

// newHouse opens the house before its set-up.
func newHouse(t testing.TB) *house {
	t.Helper()
	db := storetest.Open(t, "sqlite")
	vault, err := desk.NewVault([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	hub := &live.Hub{}
	db.Announce = hub.Announce
	h := &house{t: t, Desk: desk.New(db, vault)}
	h.Argon2 = desk.Argon2{Passes: 1, KiB: 8, Lanes: 1} // no secret is kept here
	db.Now = func() time.Time { return time.Now().Add(time.Duration(h.shift.Load())) }
	if h.setup, err = h.SetupLink(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	handler, err := New(ctx, h.Desk, hub, slog.New(logs{slog.DiscardHandler, t}), Options{
		Enter: true, SyncNow: func(dottedline.WorkspaceID, dottedline.MailboxID) { h.asked.Add(1) },
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(handler)
	t.Cleanup(func() { cancel(); srv.Close() })
	h.url, h.URL = srv.URL, srv.URL
	return h
}

// furnished is a house with an owner, a mailbox, and so many people who wait
// for an answer, each in a deal.
func furnished(t testing.TB, waiting int) *house {
	t.Helper()
	h := newHouse(t)
	var err error
	h.session, err = h.SetUp(t.Context(), h.setup, desk.NewOwner{Workspace: "Pine", Currency: "USD", Name: "Sam Field", Email: "sam@pine.example.com", Password: "a long enough one", Zone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	if h.me, err = h.Session(t.Context(), h.session); err != nil {
		t.Fatal(err)
	}
	h.connect()
	for i := range waiting {
		h.deal(i)
	}
	return h
}

func (h *house) connect() {
	h.t.Helper()
	var err error
	h.box, err = h.Connect(h.t.Context(), h.me, desk.Account{Address: "sam@pine.example.com", Secret: "secret",
		IMAP: desk.Server{Host: "127.0.0.1", Port: 143, TLS: "none"}, SMTP: desk.Server{Host: "127.0.0.1", Port: 25, TLS: "none"}})
	if err == nil {
		err = h.ReportMailbox(h.t.Context(), h.me.Workspace, h.box, desk.MailboxStatus{Connected: true, LastSync: h.Now(),
			Folders: []desk.FolderStatus{{Name: "INBOX", Role: "inbox", Total: 2, Read: 2, LastSync: h.Now()}}})
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

var names = []string{"Maya Okafor", "Tomás Herrera", "Priya Raman", "Ingrid Dahl", "Kwame Mensah", "Aiko Tanaka", "Lena Fischer", "Sofia Rossi", "Łucja Nowak", "Elin Berg"}

func address(i int) string { return fmt.Sprintf("p%d@company%d.example.org", i, i) }

// thread delivers our mail to person i and their answer, hours ago.
func (h *house) thread(i int) {
	h.t.Helper()
	at, name := h.Now().Add(-time.Duration(i+3)*time.Hour), names[i%len(names)]
	h.deliver(
		fmt.Sprintf("Message-ID: <a%d@pine.example.com>\nFrom: Sam Field <sam@pine.example.com>\nTo: %s <%s>\nDate: %s\nSubject: Forty seats for %d\n\nHere is the price.\n", i, name, address(i), at.Format(time.RFC1123Z), i),
		h.answer(i, 1, at.Add(time.Hour), "Does it run on our own server?"))
}

// answer is the nth mail of person i.
func (h *house) answer(i, n int, at time.Time, text string) string {
	return fmt.Sprintf("Message-ID: <b%d.%d@company.example.org>\nIn-Reply-To: <a%d@pine.example.com>\nReferences: <a%d@pine.example.com>\nFrom: %s <%s>\nTo: Sam Field <sam@pine.example.com>\nDate: %s\nSubject: Re: Forty seats for %d\n\n%s\n",
		i, n, i, i, names[i%len(names)], address(i), at.Format(time.RFC1123Z), i, text)
}

// offer is the thread with a person that is offered as a deal.
func (h *house) offer(name string) dottedline.ThreadID {
	h.t.Helper()
	p, err := h.NowPage(h.t.Context(), h.me, desk.NowQuery{})
	for _, o := range p.Offers {
		if o.Person.Name == name {
			return o.Thread
		}
	}
	h.t.Fatalf("%s is not offered: %v %v", name, p.Offers, err)
	return 0
}

// deal makes a deal of person i's thread, worth the less the later it comes.
func (h *house) deal(i int) dottedline.DealID {
	h.t.Helper()
	h.thread(i)
	id, err := h.TakeOffer(h.t.Context(), h.me, h.offer(names[i%len(names)]), dottedline.Sale, fmt.Sprint(100_000/(i+1)))
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func (h *house) deliver(raws ...string) {
	h.t.Helper()
	var in []desk.Incoming
	for _, r := range raws {
		h.uid++
		in = append(in, desk.Incoming{Raw: []byte(strings.ReplaceAll(r, "\n", "\r\n")), At: h.Now(), Place: store.Place{Mailbox: h.box, Folder: "INBOX", UIDValidity: 1, UID: h.uid}})
	}
	if _, err := h.ReceiveMail(h.t.Context(), h.me.Workspace, in, nil); err != nil {
		h.t.Fatal(err)
	}
}

// post carries the outbox out as the sending edge does, without a server.
func (h *house) post() (sent int) {
	h.t.Helper()
	for {
		o, _, err := h.NextOutbound(h.t.Context())
		if err != nil {
			h.t.Fatal(err)
		}
		if o == nil {
			return sent
		}
		if err := h.MailSent(h.t.Context(), o); err != nil {
			h.t.Fatal(err)
		}
		sent++
	}
}

// visitor is a plain HTTP client: no scripts, but cookies and forms.
type visitor struct {
	t    testing.TB
	http *http.Client
	base string
	at   string // the address of the last page
	code int
	body string
}

func (h *house) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	v := &visitor{t: h.t, http: &http.Client{Jar: jar}, base: h.url}
	if h.session != "" {
		u, _ := url.Parse(h.url)
		jar.SetCookies(u, []*http.Cookie{{Name: cookieName, Value: h.session}})
	}
	return v
}

func (v *visitor) do(req *http.Request, err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	if v.at != "" {
		req.Header.Set("Referer", v.at)
	}
	res, err := v.http.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	v.at, v.code, v.body = res.Request.URL.String(), res.StatusCode, string(b)
}

func (v *visitor) get(path string) {
	v.t.Helper()
	v.do(http.NewRequest("GET", v.base+path, nil))
}

func (v *visitor) post(path string, fields ...string) {
	v.t.Helper()
	f := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		f.Add(fields[i], fields[i+1])
	}
	req, err := http.NewRequest("POST", v.base+path, strings.NewReader(f.Encode()))
	if err == nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", v.base)
	}
	v.do(req, err)
}

func (v *visitor) sees(texts ...string) {
	v.t.Helper()
	for _, s := range texts {
		if !strings.Contains(v.body, s) {
			v.t.Fatalf("%s (%d) does not hold %q:\n%s", v.at, v.code, s, visible(v.body))
		}
	}
}

func (v *visitor) lacks(texts ...string) {
	v.t.Helper()
	for _, s := range texts {
		if strings.Contains(v.body, s) {
			v.t.Fatalf("%s holds %q:\n%s", v.at, s, visible(v.body))
		}
	}
}

// match is what the first group of the pattern finds on the page.
func (v *visitor) match(pattern string) string {
	v.t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(v.body)
	if m == nil {
		v.t.Fatalf("%s (%d) does not match %s:\n%s", v.at, v.code, pattern, visible(v.body))
	}
	return m[1]
}

var tags = regexp.MustCompile(`(?s)<[^>]*>|\s+`)

func visible(body string) string {
	s := tags.ReplaceAllString(body, " ")
	return s[:min(len(s), 3000)]
}
