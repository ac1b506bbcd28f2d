package main

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"dottedline/internal/config"
	"dottedline/internal/desk"
	"dottedline/internal/testrig"
)

// TestMailboxIsTriedBothWays: a mailbox that can be read and can't send, or the
// other way round, says so in the form, and is not kept; what is kept already is
// tried anew only where its servers or its password change.
func TestMailboxIsTriedBothWays(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	dovecot := testrig.Dovecot(t)
	sends := testrig.Sink(t, testrig.SinkAuth(func(_, secret string) bool { return secret == "secret" }))
	refuses := testrig.Sink(t, testrig.SinkAuth(func(_, secret string) bool { return false }))
	c := config.Default()
	c.Data, c.Listen = t.TempDir(), "127.0.0.1:0"
	d, db, err := open(ctx, c, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	o := &office{t: t, desk: d, dovecot: dovecot, sink: sends}
	o.furnish(ctx)
	h, err := newHouse(ctx, world{nil, io.Discard, t.Output()}, c, d, db, true)
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.run(running) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	if _, err := browser.Get(h.url + "/enter/" + o.session); err != nil {
		t.Fatal(err)
	}
	imap, err := loopback(dovecot.IMAPAddr)
	if err != nil {
		t.Fatal(err)
	}
	post := func(path, password, imapAddr, smtpAddr, folders string) string {
		t.Helper()
		f := url.Values{"address": {"ben@pine.example.com"}, "user": {"ben"}, "auth": {"password"}, "password": {password}, "folders": {folders}}
		for name, addr := range map[string]string{"imap": imapAddr, "smtp": smtpAddr} {
			s, err := loopback(addr)
			if err != nil {
				t.Fatal(err)
			}
			f.Set(name+"-host", s.Host)
			f.Set(name+"-port", strconv.Itoa(s.Port))
			f.Set(name+"-tls", "none")
		}
		r, err := browser.PostForm(h.url+path, f)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		if err != nil || r.StatusCode >= 500 {
			t.Fatalf("%s: %s %v", path, r.Status, err)
		}
		return string(b)
	}
	box := func() (b desk.MailboxStatus, ok bool) {
		t.Helper()
		bs, err := d.Mailboxes(ctx, o.me)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range bs {
			if b.Address == "ben@pine.example.com" {
				return b, true
			}
		}
		return b, false
	}
	const fresh = "/settings/mail/new"
	for _, x := range []struct{ password, imap, smtp, says string }{
		{"secret", dovecot.IMAPAddr, refuses.Addr, "Sending by " + imap.Host + " does not work. The server does not accept this name and password"},
		{"wrong", dovecot.IMAPAddr, sends.Addr, "Reading from " + imap.Host + " does not work. The server does not accept this name and password"},
		{"secret", dovecot.IMAPAddr, "127.0.0.1:1", "Sending by " + imap.Host + " does not work. Nothing answers at this server and port."},
	} {
		if page := post(fresh, x.password, x.imap, x.smtp, ""); !strings.Contains(page, x.says) || strings.Contains(page, `value="`+x.password+`"`) {
			t.Errorf("%+v: the form says %s", x, page)
		}
		if _, ok := box(); ok {
			t.Fatalf("%+v: it is kept", x)
		}
	}
	post(fresh, "secret", dovecot.IMAPAddr, sends.Addr, "")
	kept, ok := box()
	if !ok {
		t.Fatal("a right mailbox is not kept")
	}
	change := "/settings/mail/" + kept.ID.String()
	if page := post(change, "", dovecot.IMAPAddr, refuses.Addr, ""); !strings.Contains(page, "Sending by "+imap.Host+" does not work.") {
		t.Errorf("another server, with the password of before, says %s", page)
	}
	before := sends.Conns()
	post(change, "", dovecot.IMAPAddr, sends.Addr, "Deals")
	if b, _ := box(); len(b.Account.Folders) != 1 || b.Account.SMTP.Port != kept.Account.SMTP.Port || sends.Conns() != before {
		t.Errorf("one more folder: kept %+v, tried %d times", b.Account, sends.Conns()-before)
	}
	if page := post(change, "another", dovecot.IMAPAddr, sends.Addr, "Deals"); !strings.Contains(page, "does not accept this name and password") {
		t.Errorf("another password says %s", page)
	}
}
