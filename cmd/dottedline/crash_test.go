package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/config"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
	"dottedline/internal/testrig"
	"dottedline/mail"
)

// rounds is how often each test kills the program; DOTTEDLINE_CRASH_ROUNDS says more.
func rounds(t *testing.T, usual int) int {
	if s := os.Getenv("DOTTEDLINE_CRASH_ROUNDS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return usual
}

// long leaves a test that takes minutes out of short runs.
func long(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes: not with -short")
	}
}

// subprocess is this test binary as the program (see TestMain).
func subprocess(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "DOTTEDLINE_RUN=1")
	cmd.Stderr = os.Stderr
	return cmd
}

func letter(id, from, to, subject, text string, at time.Time) []byte {
	raw, err := mail.Compose(mail.Draft{MessageID: id, Date: at, From: mail.Address{Addr: from}, To: []mail.Address{{Addr: to}}, Subject: subject, Text: text})
	if err != nil {
		panic(err)
	}
	return raw
}

func TestKilledWhileImporting(t *testing.T) {
	long(t)
	t.Parallel()
	const mails = 3000
	dir := t.TempDir()
	var box bytes.Buffer
	at := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	for i := range mails {
		from, to := "sam@pine.example.com", fmt.Sprintf("p%d@north%d.example.com", i/4, i/4)
		if i%2 == 1 {
			from, to = to, from
		}
		raw := letter(fmt.Sprintf("m%d@example.com", i), from, to, fmt.Sprintf("Topic %d", i/4), strings.Repeat("Some words of a mail. ", 40), at.Add(time.Duration(i)*time.Minute))
		fmt.Fprintf(&box, "From x Mon Jan  5 09:00:00 2026\n%s\n", bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")))
	}
	mbox := filepath.Join(dir, "mbox")
	if err := os.WriteFile(mbox, box.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			c := config.Default()
			c.Data = t.TempDir()
			if engine == "postgres" {
				c.Database = storetest.URL(t, engine)
			}
			args := []string{"import", "mbox", mbox, "--me", "sam@pine.example.com", "--data", c.Data, "--database-url", c.Database}
			killed := 0
			for i := range rounds(t, 6) {
				cmd := subprocess(args...)
				cmd.Stderr = nil
				progress, err := cmd.StderrPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				bufio.NewReader(progress).ReadString('\n') // it has begun to read
				timer := time.AfterFunc(time.Duration(rand.IntN(700)+300*i)*time.Millisecond, func() { cmd.Process.Kill() })
				io.Copy(io.Discard, progress)
				if cmd.Wait() != nil {
					killed++
				}
				timer.Stop()
			}
			cmd := subprocess(args...)
			out := &bytes.Buffer{}
			cmd.Stderr = out
			if err := cmd.Run(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			t.Logf("killed %d times; at the end: %s", killed, lastLine(out.String()))
			d, db, err := open(t.Context(), c, false)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			me, err := d.Operator(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			if err := db.View(t.Context(), me.Workspace, func(tx *store.Tx) error {
				all, err := tx.Totals()
				if all.Mails != mails {
					t.Errorf("%d mails, want %d", all.Mails, mails)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			clean(t, d)
		})
	}
}

func lastLine(s string) string {
	ls := strings.Split(strings.TrimSpace(s), "\n")
	return ls[len(ls)-1]
}

func clean(t *testing.T, d *desk.Desk) {
	t.Helper()
	diffs, _, err := d.Check(t.Context())
	if err != nil || len(diffs) > 0 {
		t.Errorf("check: %v %v", diffs, err)
	}
}

// crashed is a program that is killed again and again, and what it promised.
type crashed struct {
	*testing.T
	c       config.Config
	key     string
	deals   []dottedline.DealID
	dovecot *testrig.DovecotServer
	sink    *testrig.SMTPSink

	mu        sync.Mutex
	delivered []string                      // Message-IDs that Dovecot has taken
	acked     map[dottedline.OutgoingID]int // mails that the API has accepted
}

func TestKilledWhileReadingAndSending(t *testing.T) {
	long(t)
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			x := &crashed{T: t, c: config.Default(), dovecot: testrig.Dovecot(t), sink: testrig.Sink(t), acked: map[dottedline.OutgoingID]int{}}
			x.c.Data = t.TempDir()
			if engine == "postgres" {
				x.c.Database = storetest.URL(t, engine)
			}
			x.setUp()
			for i := range rounds(t, 5) {
				x.round(i, time.Duration(400+rand.IntN(2200))*time.Millisecond)
			}
			x.settle()
		})
	}
}

func (x *crashed) setUp() {
	ctx := x.Context()
	d, db, err := open(ctx, x.c, true)
	if err != nil {
		x.Fatal(err)
	}
	defer db.Close()
	me, err := d.Operator(ctx, "sam@pine.example.com")
	if err != nil {
		x.Fatal(err)
	}
	if x.key, err = d.NewAPIKey(ctx, me, "crash test"); err != nil {
		x.Fatal(err)
	}
	imap, err := loopback(x.dovecot.IMAPAddr)
	if err != nil {
		x.Fatal(err)
	}
	smtp, err := loopback(x.sink.Addr)
	if err != nil {
		x.Fatal(err)
	}
	if _, err := d.Connect(ctx, me, desk.Account{Address: "sam@pine.example.com", Secret: "secret", IMAP: imap, SMTP: smtp}); err != nil {
		x.Fatal(err)
	}
	for i := range 8 {
		id, err := d.NewDeal(ctx, me, "", fmt.Sprintf("p%d@north%d.example.com", i, i), dottedline.Sale, "1000")
		if err != nil {
			x.Fatal(err)
		}
		x.deals = append(x.deals, id)
	}
}

// start starts the program and gives the address of its pages.
func (x *crashed) start() (*exec.Cmd, string) {
	x.Helper()
	cmd := subprocess("serve", "--listen", "127.0.0.1:0", "--undo", "150ms", "--data", x.c.Data, "--database-url", x.c.Database, "--log", "error")
	out, err := cmd.StdoutPipe()
	if err != nil {
		x.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		x.Fatal(err)
	}
	x.Cleanup(func() { cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		x.Fatalf("the program said %q: %v", line, err)
	}
	return cmd, strings.TrimSpace(strings.TrimPrefix(line, "Dottedline is at "))
}

// round lets mail arrive and answers go out, and kills the program in the middle.
func (x *crashed) round(n int, after time.Duration) {
	x.Helper()
	cmd, url := x.start()
	ctx, stop := context.WithTimeout(x.Context(), after)
	defer stop()
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			id := fmt.Sprintf("in.%d.%d@example.com", n, i)
			raw := letter(id, fmt.Sprintf("p%d@north%d.example.com", i%8, i%8), "sam@pine.example.com", fmt.Sprintf("Question %d", i%8), "How does it work?", time.Now())
			if err := x.dovecot.Deliver("sam@pine.example.com", raw); err != nil {
				x.Error(err)
				return
			}
			x.mu.Lock()
			x.delivered = append(x.delivered, id)
			x.mu.Unlock()
			time.Sleep(20 * time.Millisecond)
		}
	})
	wg.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			x.send(ctx, url, x.deals[i%8], fmt.Sprintf("press %d %d", n, i))
			time.Sleep(30 * time.Millisecond)
		}
	})
	<-ctx.Done()
	cmd.Process.Kill()
	cmd.Wait()
	wg.Wait()
}

// send presses send by the API, and once more where no answer came.
func (x *crashed) send(ctx context.Context, url string, id dottedline.DealID, once string) {
	body := fmt.Sprintf(`{"subject":"Hello","text":"It works like this.","once":%q}`, once)
	req, err := http.NewRequestWithContext(ctx, "POST", url+"/api/v1/deals/"+id.String()+"/answer", strings.NewReader(body))
	if err != nil {
		x.Error(err)
		return
	}
	req.Header.Set("Authorization", "Bearer "+x.key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return // not acknowledged
	}
	defer resp.Body.Close()
	var out struct{ ID dottedline.OutgoingID }
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil || resp.StatusCode != 200 {
		if err == nil {
			x.Errorf("send: %s", resp.Status)
		}
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.acked[out.ID]++
}

// settle lets the program end its work and compares with what was promised.
func (x *crashed) settle() {
	x.Helper()
	cmd, _ := x.start()
	d, db, err := open(x.Context(), x.c, false)
	if err != nil {
		x.Fatal(err)
	}
	defer db.Close()
	me, err := d.Operator(x.Context(), "")
	if err != nil {
		x.Fatal(err)
	}
	var here int
	states := map[dottedline.OutgoingID]store.Outgoing{}
	look := func() (done bool) {
		here, done = 0, true
		if err := db.View(x.Context(), me.Workspace, func(tx *store.Tx) error {
			for _, id := range x.delivered {
				ms, err := tx.MailByMessageID(id)
				if err != nil {
					return err
				}
				if len(ms) > 1 {
					return fmt.Errorf("%s is here %d times", id, len(ms))
				}
				here += len(ms)
			}
			for id := range x.acked {
				o, err := tx.Outgoing(id)
				if err != nil {
					return err
				}
				states[id] = o
				done = done && o.State != dottedline.Waiting && o.State != dottedline.Sending
			}
			return nil
		}); err != nil {
			x.Fatal(err)
		}
		return done && here == len(x.delivered)
	}
	end := time.Now().Add(2 * time.Minute)
	if x.c.Database != "" { // the leases of the dead end by themselves
		end = end.Add(2 * time.Minute)
	}
	for !look() && time.Now().Before(end) {
		time.Sleep(200 * time.Millisecond)
	}
	cmd.Process.Signal(os.Interrupt)
	if err := cmd.Wait(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 0 {
			x.Errorf("end: %v", err)
		}
	}
	if here != len(x.delivered) {
		x.Errorf("%d of %d delivered mails are here", here, len(x.delivered))
	}
	count := map[string]int{}
	for _, m := range x.sink.Mails() {
		p, _ := mail.Parse(m.Raw)
		count[p.MessageID]++
		if count[p.MessageID] > 1 {
			x.Errorf("%s was sent %d times", p.MessageID, count[p.MessageID])
		}
	}
	sent, unknown := 0, 0
	for id, o := range states {
		switch n := count[o.MessageID]; {
		case o.State == dottedline.Sent && n == 1:
			sent++
		case o.State == dottedline.Unknown:
			unknown++
		default:
			x.Errorf("mail %v is %s (%s) and went out %d times", id, o.State, o.Error, n)
		}
	}
	x.Logf("%d mails read, %d sent once, %d may have gone out and wait for a person's word", here, sent, unknown)
	if here == 0 || sent == 0 {
		x.Error("nothing was tried")
	}
	clean(x.T, d)
}
