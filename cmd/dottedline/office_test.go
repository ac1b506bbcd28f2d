package main

import (
	"context"
	"io"
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

// office is the running program of a seller, with a mail server on either side
// and a browser that both sides use.
type office struct {
	t       *testing.T
	desk    *desk.Desk
	me      dottedline.Actor
	session string
	url     string
	dovecot *testrig.DovecotServer
	sink    *testrig.SMTPSink
	browser context.Context
}

const sam = "sam@pine.example.com"

// openOffice starts the program on an engine; the test's end checks all that is
// stored and stops it.
func openOffice(t *testing.T, engine string) *office {
	t.Helper()
	ctx := t.Context()
	o := &office{t: t, dovecot: testrig.Dovecot(t), sink: testrig.Sink(t)}
	c := config.Default()
	c.Data, c.Listen, c.Undo, c.Private = t.TempDir(), "127.0.0.1:0", "300ms", "yes"
	if engine == "postgres" {
		c.Database = storetest.URL(t, engine)
	}
	d, db, err := open(ctx, c, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	o.desk = d
	o.furnish(ctx)
	h, err := newHouse(ctx, world{nil, io.Discard, t.Output()}, c, d, db, true)
	if err != nil {
		t.Fatal(err)
	}
	o.url = h.url
	running, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.run(running) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		diffs, _, err := d.Check(context.Background())
		if err != nil || len(diffs) > 0 {
			t.Errorf("check: %v %v", diffs, err)
		}
	})
	browser, cancel := context.WithTimeout(testrig.Chromium(t), 8*time.Minute)
	t.Cleanup(cancel)
	o.browser = browser
	return o
}

// furnish makes a workspace with a mailbox and what its agreements begin with.
func (o *office) furnish(ctx context.Context) {
	o.t.Helper()
	d := o.desk
	secret, err := d.SetupLink(ctx)
	if err == nil {
		o.session, err = d.SetUp(ctx, secret, desk.NewOwner{Workspace: "Pine", Currency: "USD", Name: "Sam Field", Email: sam, Password: "a long enough one", Zone: "UTC"})
	}
	if err == nil {
		o.me, err = d.Session(ctx, o.session)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	closing, err := d.ClosingSettings(ctx, o.me)
	if err == nil {
		closing.Fields = map[string]string{"Us.Name": "Pine Ltd", "Us.Address": "1 Quay Street, Galway", "Terms.Law": "Ireland", "Terms.Court": "Dublin"}
		err = d.SetClosingSettings(ctx, o.me, closing)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	imap, err1 := loopback(o.dovecot.IMAPAddr)
	smtp, err2 := loopback(o.sink.Addr)
	if err1 != nil || err2 != nil {
		o.t.Fatal(err1, err2)
	}
	if _, err := d.Connect(ctx, o.me, desk.Account{Address: sam, Secret: "secret", IMAP: imap, SMTP: smtp}); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) mailbox(addr string) *mailbox {
	return &mailbox{t: o.t, addr: addr, dovecot: o.dovecot, sink: o.sink}
}

// deal is a deal with somebody, open on the seller's screen.
func (o *office) deal(name, addr string) (*screen, dottedline.DealID) {
	o.t.Helper()
	id, err := o.desk.NewDeal(o.t.Context(), o.me, name, addr, dottedline.Sale, "28,800")
	if err != nil {
		o.t.Fatal(err)
	}
	s := phone(o.t, o.browser)
	s.run(chromedp.Navigate(o.url+"/enter/"+o.session), chromedp.Navigate(o.url+"/deals/"+id.String()))
	return s, id
}

// saysYes lets a mail come in that reads like a yes, and waits until the
// seller's open page shows its words; y makes everything ready.
func (o *office) saysYes(seller *screen, name, addr string) {
	o.t.Helper()
	raw, err := mail.Compose(mail.Draft{MessageID: "yes." + addr, Date: time.Now(), From: mail.Address{Name: name, Addr: addr},
		To: []mail.Address{{Addr: sam}}, Subject: "Forty seats", Text: "Yes, let's do it. Send me whatever I need to sign."})
	if err == nil {
		err = o.dovecot.Deliver(sam, raw)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	seller.until(`document.querySelector("#offered")?.innerText.includes("let's do it")`)
	seller.pressed = 0
	seller.key("y")
	seller.until(`document.querySelector("h1")?.innerText.startsWith("Everything is ready for ") && document.activeElement.matches(".go")`)
}

// agreementIs waits until the seller's page says so, without having been loaded anew.
func (s *screen) agreementIs(words string) {
	s.t.Helper()
	s.until(`document.querySelector("#agreement-state").innerText.includes("` + words + `") && window.same === true`)
}

// sends presses the one key that sends, and marks the page that follows.
func (s *screen) sends() {
	s.t.Helper()
	s.key("Enter")
	s.until(`document.querySelector("#agreement-state")`)
	s.run(chromedp.Evaluate(`window.same = true`, nil))
}

// enters opens a link on a phone, asks for the code and types it.
func (o *office) enters(link string, box *mailbox) *screen {
	o.t.Helper()
	v := phone(o.t, o.browser)
	v.run(chromedp.Navigate(link))
	v.to(`button`)
	v.key("Enter")
	v.until(`document.activeElement.id === "code"`)
	v.write(box.find(`\b\d{6}\b`))
	v.key("Enter")
	v.until(`document.querySelector("[data-room]")`)
	return v
}

// signs ticks the consent and signs, with the keyboard alone.
func (s *screen) signs() {
	s.t.Helper()
	s.to(`[name=consent]`)
	s.key(" ")
	s.to(`#form-sign .go`)
	s.key("Enter")
	s.until(`document.querySelector(".sealed")?.innerText.includes("Signed")`)
}
