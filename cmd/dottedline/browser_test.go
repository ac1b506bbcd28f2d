package main

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dottedline"
	"dottedline/internal/config"
	"dottedline/internal/desk"
	"dottedline/internal/store/storetest"
	"dottedline/internal/testrig"
	"dottedline/mail"
)

// TestMailToOpenPage is the whole way: a mail delivered to Dovecot becomes a row
// on the page that is open, without a reload; Enter sends the answer by SMTP,
// and the row is gone.
func TestMailToOpenPage(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			dovecot, sink := testrig.Dovecot(t), testrig.Sink(t)
			c := config.Default()
			c.Data, c.Listen, c.Undo = t.TempDir(), "127.0.0.1:0", "300ms"
			if engine == "postgres" {
				c.Database = storetest.URL(t, engine)
			}
			d, db, err := open(ctx, c, true)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			secret, err := d.SetupLink(ctx)
			if err != nil {
				t.Fatal(err)
			}
			session, err := d.SetUp(ctx, secret, desk.NewOwner{Workspace: "Pine", Currency: "USD", Name: "Sam Field", Email: "sam@pine.example.com", Password: "a long enough one", Zone: "UTC"})
			if err != nil {
				t.Fatal(err)
			}
			me, err := d.Session(ctx, session)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.NewDeal(ctx, me, "Northwind", "maya@northwind.example.com", dottedline.Sale, "28,800"); err != nil {
				t.Fatal(err)
			}
			imap, err := loopback(dovecot.IMAPAddr)
			if err != nil {
				t.Fatal(err)
			}
			smtp, err := loopback(sink.Addr)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.Connect(ctx, me, desk.Account{Address: "sam@pine.example.com", Secret: "secret", IMAP: imap, SMTP: smtp}); err != nil {
				t.Fatal(err)
			}
			h, err := newHouse(ctx, world{nil, io.Discard, t.Output()}, c, d, db, true)
			if err != nil {
				t.Fatal(err)
			}
			running, stop := context.WithCancel(ctx)
			ended := make(chan error, 1)
			go func() { ended <- h.run(running) }()
			defer func() {
				stop()
				if err := <-ended; err != nil {
					t.Error(err)
				}
			}()

			tab, cancel := context.WithTimeout(testrig.Chromium(t), time.Minute)
			defer cancel()
			var mark bool
			if err := chromedp.Run(tab, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(h.url+"/enter/"+session),
				chromedp.WaitVisible(`main`), chromedp.Evaluate(`window.same = true`, &mark)); err != nil {
				t.Fatal(err)
			}
			raw, err := mail.Compose(mail.Draft{MessageID: "q1@northwind.example.com", Date: time.Now(), From: mail.Address{Name: "Maya Okafor", Addr: "maya@northwind.example.com"},
				To: []mail.Address{{Addr: "sam@pine.example.com"}}, Subject: "Notice period", Text: "One question on the notice period, can we talk at four?"})
			if err != nil {
				t.Fatal(err)
			}
			if err := dovecot.Deliver("sam@pine.example.com", raw); err != nil {
				t.Fatal(err)
			}
			var text string
			see(t, tab, &text, "can we talk at four?")
			if err := chromedp.Run(tab, chromedp.Evaluate(`window.same === true`, &mark)); err != nil || !mark {
				t.Errorf("the page was loaded anew: %v", err)
			}
			if !strings.Contains(text, "Maya Okafor") || !strings.Contains(text, "Waiting costs you") {
				t.Errorf("the page says %q", text)
			}
			// Enter sends the prepared answer.
			if err := chromedp.Run(tab, chromedp.Evaluate(`document.querySelector(".hero [data-send], .hero .go").click()`, nil)); err != nil {
				t.Fatal(err)
			}
			sent := sink.Wait(t, 1)
			m, _ := mail.Parse(sent[0].Raw)
			if len(m.InReplyTo) != 1 || m.InReplyTo[0] != "q1@northwind.example.com" || m.Subject != "Re: Notice period" || !strings.Contains(m.Text, "can we talk at four?") {
				t.Errorf("sent %q in reply to %v: %q", m.Subject, m.InReplyTo, m.Text)
			}
			clean(t, d)
		})
	}
}

// see waits until the page's text holds some words.
func see(t *testing.T, tab context.Context, text *string, words string) {
	t.Helper()
	for range 200 {
		if err := chromedp.Run(tab, chromedp.Evaluate(`document.querySelector("main").innerText`, text)); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(*text, words) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("the page never said %q but %q", words, *text)
}
