package imap_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"dottedline/internal/imapsync/imap"
	"dottedline/internal/testrig"
)

// dial connects to addr from the loopback address that ends in from: Dovecot
// slows down addresses that failed to sign in.
func dial(t *testing.T, addr string, from byte) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, from)}}
	c, err := d.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func options(t *testing.T) imap.Options {
	return imap.Options{Odd: func(line, why string) { t.Errorf("Dovecot said %s: %s", line, why) }, Timeout: 20 * time.Second}
}

func client(t *testing.T, d *testrig.DovecotServer, user string) *imap.Client {
	t.Helper()
	c, err := imap.New(t.Context(), tls.Client(dial(t, d.IMAPSAddr, 1), d.TLS()), options(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Login(t.Context(), user, "secret"); err != nil {
		t.Fatal(err)
	}
	return c
}

func message(n int) []byte {
	return fmt.Appendf(nil, "Message-ID: <%d@example.com>\r\nSubject: mail %d\r\n\r\nbody %d\r\n", n, n, n)
}

func TestDovecot(t *testing.T) {
	t.Parallel()
	d := testrig.Dovecot(t, testrig.OAuthUsers(t, func(token string) (string, bool) { return "olga", token == "good" }))
	t.Run("sign in", func(t *testing.T) { testSignIn(t, d) })
	t.Run("folders", func(t *testing.T) { testFolders(t, d) })
	t.Run("fetch", func(t *testing.T) { testFetch(t, d) })
	t.Run("idle", func(t *testing.T) { testIdle(t, d) })
	t.Run("qresync", func(t *testing.T) { testQresync(t, d) })
}

func testSignIn(t *testing.T, d *testrig.DovecotServer) {
	t.Parallel()
	ctx := t.Context()
	c, err := imap.New(ctx, dial(t, d.IMAPAddr, 1), options(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.StartTLS(ctx, d.TLS()); err != nil {
		t.Fatal(err)
	}
	if err := c.Login(ctx, "anna", "secret"); err != nil {
		t.Fatal(err)
	}
	if !c.Has("IDLE") || c.Has("STARTTLS") {
		t.Error("capabilities after sign-in are not the new ones")
	}
	if err := c.ID(ctx, "Dottedline", "test"); err != nil {
		t.Error(err)
	}
	if err := c.Logout(ctx); err != nil {
		t.Error(err)
	}

	for i, try := range []struct {
		ok bool
		f  func(*imap.Client) error
	}{
		{false, func(c *imap.Client) error { return c.Login(ctx, "anna", "bad") }},
		{false, func(c *imap.Client) error { return c.LoginOAuth(ctx, "olga", "bad") }},
		{true, func(c *imap.Client) error { return c.LoginOAuth(ctx, "olga", "good") }},
		{true, func(c *imap.Client) error { return c.Login(ctx, "anna@example.com", "secret") }},
	} {
		c, err := imap.New(ctx, tls.Client(dial(t, d.IMAPSAddr, byte(20+i)), d.TLS()), options(t))
		if err != nil {
			t.Fatal(err)
		}
		err = try.f(c)
		if (err == nil) != try.ok || !try.ok && !imap.Refused(err) {
			t.Errorf("try %d: %v", i, err)
		}
		if err := c.Noop(ctx); err != nil {
			t.Errorf("try %d: the connection did not survive: %v", i, err)
		}
	}
}

func testFolders(t *testing.T, d *testrig.DovecotServer) {
	t.Parallel()
	c := client(t, d, "folders")
	all, err := c.Folders(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sent, ok := imap.SentFolder(all)
	if !ok || sent.Name != "Sent" {
		t.Errorf("sent folder %+v of %+v", sent, all)
	}
	if junk, ok := imap.JunkFolder(all); !ok || junk.Name != "Junk" {
		t.Errorf("junk folder %+v", junk)
	}
	if f, ok := imap.SentFolder([]imap.Folder{{Name: "INBOX.Gesendete Elemente", Wire: "x", Sep: "."}}); !ok || f.Wire != "x" {
		t.Errorf("a folder that is just called so was not found: %+v", f)
	}
}

func testFetch(t *testing.T, d *testrig.DovecotServer) {
	t.Parallel()
	ctx, c := t.Context(), client(t, d, "fetch")
	when := time.Date(2024, 3, 4, 5, 6, 7, 0, time.FixedZone("", 3600))
	for n := 1; n <= 5; n++ {
		uid, err := c.Append(ctx, "Sent", []string{`\Seen`}, when, message(n))
		if err != nil || uid != uint32(n) {
			t.Fatalf("append %d: uid %d, %v", n, uid, err)
		}
	}
	box, err := c.Examine(ctx, "Sent", nil)
	if err != nil || box.Exists != 5 || box.UIDNext != 6 || box.UIDValidity == 0 || box.ModSeq == 0 {
		t.Fatalf("%+v, %v", box, err)
	}
	var got []uint32
	err = c.Fetch(ctx, imap.Set{{From: 2, To: 4}}, "FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.20>", func(m imap.Message) error {
		got = append(got, m.UID)
		if !m.Internal.Equal(when) || m.Size != int64(len(message(2))) || string(m.Body) != string(message(int(m.UID))[:20]) || m.Flags[0] != `\Seen` {
			t.Errorf("%+v %q", m, m.Body)
		}
		return nil
	})
	if err != nil || fmt.Sprint(got) != "[2 3 4]" {
		t.Errorf("fetched %v, %v", got, err)
	}
	uids, err := c.Search(ctx, "HEADER Message-ID "+imap.Quote("<3@example.com>"))
	if err != nil || fmt.Sprint(uids) != "[3]" {
		t.Errorf("search: %v, %v", uids, err)
	}
	if uids, err = c.Search(ctx, "UID 2:4"); err != nil || fmt.Sprint(uids) != "[2 3 4]" {
		t.Errorf("search: %v, %v", uids, err)
	}
	if _, err := c.Examine(ctx, "No such", nil); err == nil {
		t.Error("a folder that is not there was opened")
	}
	var no *imap.Error
	if _, err := c.Append(ctx, "&ANw-brig", nil, time.Time{}, message(9)); !errors.As(err, &no) || no.Code != "TRYCREATE" {
		t.Errorf("append to no folder: %v", err)
	}
	if err := c.Noop(ctx); err != nil {
		t.Errorf("the connection did not survive a refused literal: %v", err)
	}
}

func testIdle(t *testing.T, d *testrig.DovecotServer) {
	t.Parallel()
	ctx, c := t.Context(), client(t, d, "idle")
	if _, err := c.Examine(ctx, "INBOX", nil); err != nil {
		t.Fatal(err)
	}
	delivered := make(chan error, 1)
	time.AfterFunc(50*time.Millisecond, func() { delivered <- d.Deliver("idle", message(1)) })
	if err := c.Idle(ctx, 20*time.Second); err != nil {
		t.Fatal(err)
	}
	if err := <-delivered; err != nil {
		t.Fatal(err)
	}
	if e := c.TakeEvents(); !e.Arrived || e.Exists != 1 {
		t.Errorf("after a delivery: %+v", e)
	}
	time.AfterFunc(50*time.Millisecond, c.Wake)
	t0 := time.Now()
	if err := c.Idle(ctx, 20*time.Second); err != nil || time.Since(t0) > 10*time.Second {
		t.Errorf("woken after %v, %v", time.Since(t0), err)
	}
	if err := c.Idle(ctx, 50*time.Millisecond); err != nil {
		t.Errorf("re-arm: %v", err)
	}
	cctx, cancel := context.WithCancel(ctx)
	time.AfterFunc(50*time.Millisecond, cancel)
	if err := c.Idle(cctx, 20*time.Second); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := c.Noop(ctx); err == nil {
		t.Error("a connection cut in the middle of a command was used again")
	}
}

func testQresync(t *testing.T, d *testrig.DovecotServer) {
	t.Parallel()
	ctx, c := t.Context(), client(t, d, "qresync")
	for n := 1; n <= 5; n++ {
		if _, err := c.Append(ctx, "INBOX", nil, time.Time{}, message(n)); err != nil {
			t.Fatal(err)
		}
	}
	box, err := c.Examine(ctx, "INBOX", nil)
	if err != nil {
		t.Fatal(err)
	}
	other := dial(t, d.IMAPSAddr, 1)
	tc := tls.Client(other, d.TLS())
	fmt.Fprintf(tc, "a LOGIN qresync secret\r\nb SELECT INBOX\r\nc UID STORE 2,4 +FLAGS (\\Deleted)\r\nd UID STORE 5 +FLAGS (\\Flagged)\r\ne EXPUNGE\r\nf LOGOUT\r\n")
	buf := make([]byte, 4096)
	for {
		if _, err := tc.Read(buf); err != nil {
			break
		}
	}
	c = client(t, d, "qresync")
	if on, err := c.Enable(ctx, "QRESYNC"); err != nil || !on["QRESYNC"] {
		t.Fatalf("enable: %v, %v", on, err)
	}
	if _, err := c.Examine(ctx, "INBOX", &imap.Known{UIDValidity: box.UIDValidity, ModSeq: box.ModSeq}); err != nil {
		t.Fatal(err)
	}
	e := c.TakeEvents()
	if e.Gone.String() != "2,4" || len(e.Changed) != 1 || e.Changed[0].UID != 5 || strings.Join(e.Changed[0].Flags, "") != `\Flagged` {
		t.Errorf("since then: %+v", e)
	}
}
