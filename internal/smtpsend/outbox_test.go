package smtpsend_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/imapsync"
	"dottedline/internal/smtpsend"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
	"dottedline/internal/testrig"
)

// house is a desk with a mailbox, on a clock that the test can put forward.
type house struct {
	*desk.Desk
	t     *testing.T
	db    *store.DB
	me    dottedline.Actor
	box   dottedline.MailboxID
	ahead atomic.Int64
}

func openDesk(t *testing.T, url string) (*desk.Desk, *store.DB) {
	t.Helper()
	db, err := store.Open(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	v, err := desk.NewVault([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return desk.New(db, v), db
}

func newHouse(t *testing.T, url string, box desk.Account) *house {
	t.Helper()
	d, db := openDesk(t, url)
	t.Cleanup(func() { db.Close() })
	h := &house{Desk: d, t: t, db: db}
	h.Argon2 = desk.Argon2{Passes: 1, KiB: 8, Lanes: 1} // no secret is kept here
	db.Now = func() time.Time { return time.Now().Add(time.Duration(h.ahead.Load())) }
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
	if h.box, err = h.Connect(ctx, h.me, box); err != nil {
		t.Fatal(err)
	}
	return h
}

// post puts mails n to m into the outbox, due now.
func (h *house) post(from, until int) {
	h.t.Helper()
	err := h.db.Write(context.Background(), h.me.Workspace, func(t *store.Tx) error {
		for n := from; n <= until; n++ {
			o := store.Outgoing{Member: h.me.Member, MessageID: mid(n), Rcpts: to, Raw: raw(n)}
			o.ID, o.Mailbox, o.Due = store.NewID[dottedline.Outgoing](t), h.box, t.Now
			if _, err := t.AddOutgoing(o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func mid(n int) string { return fmt.Sprintf("s%d@pine.example.com", n) }

func (h *house) outgoing(n int) (o store.Outgoing) {
	h.t.Helper()
	err := h.db.View(context.Background(), h.me.Workspace, func(t *store.Tx) (err error) {
		o, _, err = t.OutgoingByMessageID(mid(n))
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return o
}

func (h *house) wantState(n int, want dottedline.OutgoingState) store.Outgoing {
	h.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		o := h.outgoing(n)
		if o.State == want {
			return o
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("mail %d is %s (%s), want %s", n, o.State, o.Error, want)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (h *house) run(o *smtpsend.Outbox) {
	o.Desk, o.Log, o.Sender = h.Desk, slog.New(slog.DiscardHandler), &smtpsend.Sender{}
	o.Look = 50 * time.Millisecond
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		o.Run(ctx)
	}()
	h.t.Cleanup(func() {
		cancel()
		<-done
		o.Sender.Close()
	})
}

// TestOutbox sends through a real mailbox and finds its copies there.
func TestOutbox(t *testing.T) {
	t.Parallel()
	sink := testrig.Sink(t)
	d := testrig.Dovecot(t, testrig.RelayTo(sink.Addr))
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			box := account(d.SubmissionAddr, "starttls")
			box.User, box.CA = "sam-"+engine, d.CertPEM
			box.IMAP = account(d.IMAPSAddr, "tls").SMTP
			h := newHouse(t, storetest.URL(t, engine), box)
			mail := imapsync.New(h.Desk, slog.New(slog.DiscardHandler))
			h.run(&smtpsend.Outbox{Find: mail.FindSent, Keep: mail.KeepSent})
			h.post(1, 1)
			h.wantState(1, dottedline.Sent)
			accounts, err := h.Accounts(context.Background())
			if err != nil || len(accounts) != 1 {
				t.Fatalf("%v, %v", accounts, err)
			}
			for range 300 {
				if found, err := mail.FindSent(context.Background(), accounts[0], mid(1)); err != nil {
					t.Fatal(err)
				} else if found {
					return
				}
				time.Sleep(50 * time.Millisecond)
			}
			t.Error("no copy in Sent")
		})
	}
}

// TestOutboxFaults follows mails through a server that fails.
func TestOutboxFaults(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			sink := testrig.Sink(t)
			h := newHouse(t, storetest.URL(t, engine), account(sink.Addr, "none"))
			var inSent atomic.Bool
			h.run(&smtpsend.Outbox{
				Find: func(context.Context, desk.Account, string) (bool, error) { return inSent.Load(), nil },
				Keep: func(context.Context, desk.Account, string, []byte, time.Time) error { return nil },
			})

			sink.Script(testrig.Fault{At: testrig.AfterData, Code: 452, Text: "full"})
			h.post(1, 1)
			for h.outgoing(1).Error == "" {
				time.Sleep(10 * time.Millisecond)
			}
			if o := h.wantState(1, dottedline.Waiting); !strings.Contains(o.Error, "full") || !o.Due.After(h.Now()) {
				t.Errorf("put off: %+v", o)
			}
			h.ahead.Add(int64(5 * time.Minute))
			h.wantState(1, dottedline.Sent)

			sink.Script(testrig.Fault{At: testrig.AtRcpt, Code: 550, Text: "no such user"})
			h.post(2, 2)
			h.wantState(2, dottedline.Refused)

			sink.Script(testrig.Fault{At: testrig.AfterData, Cut: true, Keep: true})
			h.post(3, 3)
			h.wantState(3, dottedline.Unknown)
			h.ahead.Add(int64(5 * time.Minute)) // looked up, not found: the member is asked
			for !strings.Contains(h.outgoing(3).Error, "not in the folder") {
				time.Sleep(10 * time.Millisecond)
			}
			h.wantState(3, dottedline.Unknown)
			inSent.Store(true) // the server's own copy turns up
			h.ahead.Add(int64(5 * time.Minute))
			h.wantState(3, dottedline.Sent)
			if n := len(sink.Mails()); n != 2 {
				t.Errorf("the server took %d mails, want the first and the third, once each", n)
			}
		})
	}
}

// TestNothingIsSentTwice kills the sender at random moments, again and again.
func TestNothingIsSentTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the worker again and again: not with -short")
	}
	t.Parallel()
	if url := os.Getenv("OUTBOX_CHILD"); url != "" {
		d, _ := openDesk(t, url)
		if err := d.Recover(context.Background()); err != nil {
			t.Fatal(err)
		}
		(&smtpsend.Outbox{Desk: d, Log: slog.New(slog.DiscardHandler), Sender: &smtpsend.Sender{},
			Find: func(context.Context, desk.Account, string) (bool, error) { return false, nil },
			Keep: func(context.Context, desk.Account, string, []byte, time.Time) error { return nil }}).Run(context.Background())
	}
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			const mails, kills = 300, 8
			sink := testrig.Sink(t)
			url := storetest.URL(t, engine)
			h := newHouse(t, url, account(sink.Addr, "none"))
			h.post(1, mails)
			for range kills {
				cmd := exec.Command(os.Args[0], "-test.run=^TestNothingIsSentTwice$")
				cmd.Env = append(os.Environ(), "OUTBOX_CHILD="+url)
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				had := len(sink.Mails())
				for range 500 { // let it get to work, then stop it anywhere
					if len(sink.Mails()) > had {
						break
					}
					time.Sleep(10 * time.Millisecond)
				}
				time.Sleep(rand.N(150 * time.Millisecond))
				cmd.Process.Kill()
				cmd.Wait()
			}
			times := map[string]int{}
			for _, m := range sink.Mails() {
				times[string(m.Raw)]++
			}
			sent, doubt, waiting := 0, 0, 0
			for n := 1; n <= mails; n++ {
				o, got := h.outgoing(n), times[string(raw(n))]
				if got > 1 {
					t.Errorf("mail %d was sent %d times", n, got)
				}
				switch o.State {
				case dottedline.Sent:
					if sent++; got != 1 {
						t.Errorf("mail %d is marked sent, the server has it %d times", n, got)
					}
				case dottedline.Sending, dottedline.Unknown:
					doubt++
				case dottedline.Waiting:
					if waiting++; got != 0 {
						t.Errorf("mail %d waits, the server has it already", n)
					}
				default:
					t.Errorf("mail %d is %s: %s", n, o.State, o.Error)
				}
			}
			if sent == 0 {
				t.Error("nothing was sent: the test shows nothing")
			}
			t.Logf("%d kills: %d sent, %d in doubt, %d waiting", kills, sent, doubt, waiting)
		})
	}
}
