package desk_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

var ctx = context.Background()

// house is a desk with one owner and one mailbox, on a clock that the test moves.
type house struct {
	*desk.Desk
	t   *testing.T
	me  dottedline.Actor
	box dottedline.MailboxID
	now time.Time
	uid uint32

	sent []string // what outbox has sent
}

func newHouse(t *testing.T, db *store.DB) *house {
	t.Helper()
	v, err := desk.NewVault([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Desk: desk.New(db, v), t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	h.Argon2 = desk.Argon2{Passes: 1, KiB: 8, Lanes: 1} // no secret is kept here
	db.Now = func() time.Time { return h.now }
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
	h.box, err = h.Connect(ctx, h.me, desk.Account{Address: "sam@pine.example.com", Secret: "secret",
		IMAP: desk.Server{Host: "127.0.0.1", Port: 143, TLS: "none"}, SMTP: desk.Server{Host: "127.0.0.1", Port: 25, TLS: "none"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if diffs, _, err := h.Check(ctx); err != nil || len(diffs) > 0 {
			t.Errorf("check: %v %v", diffs, err)
		}
	})
	return h
}

// deliver receives mails as a server would hand them over.
func (h *house) deliver(raws ...string) desk.Received {
	h.t.Helper()
	var in []desk.Incoming
	for _, r := range raws {
		h.uid++
		in = append(in, desk.Incoming{Raw: []byte(strings.ReplaceAll(r, "\n", "\r\n")), At: h.now, Place: store.Place{Mailbox: h.box, Folder: "INBOX", UIDValidity: 1, UID: h.uid}})
	}
	got, err := h.ReceiveMail(ctx, h.me.Workspace, in, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return got
}

func msg(id, from, to string, at time.Time, subject, text string, more ...string) string {
	return fmt.Sprintf("Message-ID: <%s@example.com>\nFrom: %s\nTo: %s\nDate: %s\nSubject: %s\n%s\n%s\n", id, from, to, at.Format(time.RFC1123Z), subject, strings.Join(append(more, ""), "\n"), text)
}

const (
	maya = "Maya Okafor <maya@northwind.example.org>"
	sam  = "Sam Field <sam@pine.example.com>"
)

func (h *house) nowPage() desk.NowPage {
	h.t.Helper()
	p, err := h.NowPage(ctx, h.me, desk.NowQuery{})
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

func TestMailToRow(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		t0 := h.now.Add(-3 * time.Hour)
		first := msg("1", sam, maya, t0, "Forty seats", "Here is the price.")
		reply := msg("2", maya, sam, t0.Add(time.Hour), "Re: Forty seats", "Does it run on our own server?\n\n> Here is the price.", "In-Reply-To: <1@example.com>")
		if got := h.deliver(reply, first); got.New != 2 {
			t.Fatalf("received %+v", got)
		}
		if got := h.deliver(first, reply); got.New != 0 || got.Known != 2 {
			t.Errorf("again: %+v", got)
		}
		p := h.nowPage()
		if len(p.Offers) != 1 || p.Offers[0].Person.Name != "Maya Okafor" || p.Offers[0].Company.Name != "Northwind" {
			t.Fatalf("offers %+v", p.Offers)
		}
		id, err := h.TakeOffer(ctx, h.me, p.Offers[0].Thread, dottedline.Sale, "28,800")
		if err != nil {
			t.Fatal(err)
		}
		p = h.nowPage()
		if len(p.Rows) != 1 || len(p.Offers) != 0 {
			t.Fatalf("%d rows, %d offers", len(p.Rows), len(p.Offers))
		}
		r := p.Rows[0]
		if r.Deal.Ball.Side != dottedline.Us || !r.Deal.Ball.Since.Equal(t0.Add(time.Hour)) || r.Said != "Does it run on our own server?" || r.Cost <= 0 {
			t.Errorf("row %+v", r)
		}
		if p.Prepared == nil || !strings.Contains(p.Prepared.Text, "Does it run on our own server?") || p.Prepared.Subject != "Re: Forty seats" || p.Prepared.To[0] != "maya@northwind.example.org" {
			t.Errorf("prepared %+v", p.Prepared)
		}

		// A machine's mail never moves the ball.
		h.deliver(msg("3", maya, sam, h.now, "Automatic reply: Forty seats", "I am away.", "In-Reply-To: <1@example.com>", "Auto-Submitted: auto-replied"))
		if r := h.nowPage().Rows[0]; !r.Deal.Ball.Since.Equal(t0.Add(time.Hour)) {
			t.Errorf("an auto-reply moved the ball to %v", r.Deal.Ball)
		}

		// The answer goes out; the ball is theirs and the row is gone.
		out, err := h.Send(ctx, h.me, id, desk.Prepared{Text: "Yes, it does."}, "press-1")
		if err != nil {
			t.Fatal(err)
		}
		again, err := h.Send(ctx, h.me, id, desk.Prepared{Text: "Yes, it does."}, "press-1")
		if err != nil || again != out {
			t.Errorf("the same press again: %v %v, want %v", again, err, out)
		}
		if n := len(h.nowPage().Rows); n != 0 {
			t.Errorf("%d rows while the answer waits", n)
		}
		if o, _, err := h.NextOutbound(ctx); err != nil || o != nil {
			t.Fatalf("outbound before its time: %v %v", o, err)
		}
		h.now = h.now.Add(11 * time.Second)
		o, _, err := h.NextOutbound(ctx)
		if err != nil || o == nil || o.Doubt || o.Box.Secret != "secret" {
			t.Fatalf("outbound %+v %v", o, err)
		}
		if err := h.Undo(ctx, h.me, out); err == nil {
			t.Error("undone although on its way")
		}
		if err := h.MailSent(ctx, o); err != nil {
			t.Fatal(err)
		}
		d, err := h.DealPage(ctx, h.me, id)
		if err != nil {
			t.Fatal(err)
		}
		if d.Deal.Ball.Side != dottedline.Them || len(d.Replies) != 2 || d.Replies[1].By != dottedline.Us {
			t.Errorf("ball %+v, replies %+v", d.Deal.Ball, d.Replies)
		}
		if len(d.Timeline) < 4 || d.Timeline[0].Said != "Yes, it does." {
			t.Errorf("timeline %+v", d.Timeline[0])
		}
	})
}

func TestUndo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		id, err := h.NewDeal(ctx, h.me, "", "maya@northwind.example.org", dottedline.Sale, "")
		if err != nil {
			t.Fatal(err)
		}
		out, err := h.Send(ctx, h.me, id, desk.Prepared{Subject: "Hello", Text: "Good morning."}, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Undo(ctx, h.me, out); err != nil {
			t.Fatal(err)
		}
		h.now = h.now.Add(time.Minute)
		if o, _, err := h.NextOutbound(ctx); err != nil || o != nil {
			t.Errorf("undone and still due: %v %v", o, err)
		}
		p, err := h.Prepare(ctx, h.me, id)
		if err != nil || p.Text != "Good morning." {
			t.Errorf("draft after undo %q %v", p.Text, err)
		}
	})
}

func TestNobodyGetsIn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		id, err := h.NewDeal(ctx, h.me, "Northwind", "maya@northwind.example.org", dottedline.Sale, "")
		if err != nil {
			t.Fatal(err)
		}
		other, err := db.NewWorkspace(ctx, "Other", "USD")
		if err != nil {
			t.Fatal(err)
		}
		stranger := dottedline.Actor{Workspace: other, Member: h.me.Member, Role: dottedline.Owner}
		if _, err := h.DealPage(ctx, stranger, id); err == nil {
			t.Error("a deal of another workspace was shown")
		}
		if err := h.Note(ctx, stranger, id, "x"); err == nil {
			t.Error("a deal of another workspace was changed")
		}
		if _, err := h.NowPage(ctx, dottedline.Actor{Workspace: h.me.Workspace}, desk.NowQuery{}); err == nil {
			t.Error("Now without a member")
		}
		for i := range 12 {
			_, err = h.SignIn(ctx, "sam@pine.example.com", "wrong password", "127.0.0.1")
			if err == nil {
				t.Fatal("signed in with a wrong password")
			}
			if i == 11 && !strings.Contains(err.Error(), "Too many") {
				t.Errorf("try %d: %v", i+1, err)
			}
		}
	})
}
