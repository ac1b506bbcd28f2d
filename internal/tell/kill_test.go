package tell

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

// The kill test runs this test program as the process that is killed.
const (
	killURL = "DOTTEDLINE_KILL_URL" // set in the child: the database
	killBox = "DOTTEDLINE_KILL_BOX" // its workspace and mailbox
)

func TestMain(m *testing.M) {
	if url := os.Getenv(killURL); url != "" {
		if err := victim(url, os.Getenv(killBox)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func letter(n int) []byte {
	return fmt.Appendf(nil, "Message-ID: <q%d@northwind.example.org>\r\nFrom: Maya Okafor <maya@northwind.example.org>\r\nTo: sam@pine.example.com\r\nDate: %s\r\nSubject: Forty seats\r\n\r\nIs this question %d?\r\n",
		n, time.Now().Format(time.RFC1123Z), n)
}

// victim receives the mails that its input names, and delivers notices meanwhile.
func victim(url, box string) error {
	db, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	v, err := desk.NewVault([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		return err
	}
	d := desk.New(db, v)
	if err := d.Recover(ctx); err != nil {
		return err
	}
	ws, mailbox, _ := strings.Cut(box, " ")
	workspace, err := dottedline.ParseID[dottedline.Workspace](ws)
	if err != nil {
		return err
	}
	in, err := dottedline.ParseID[dottedline.Mailbox](mailbox)
	if err != nil {
		return err
	}
	go New(d, slog.New(slog.DiscardHandler), true).Run(ctx)
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var n int
		fmt.Sscan(lines.Text(), &n)
		if _, err := d.ReceiveMail(ctx, workspace, []desk.Incoming{{Raw: letter(n), At: d.Now(), Place: store.Place{Mailbox: in, Folder: "INBOX", UIDValidity: 1, UID: uint32(n + 1)}}}, nil); err != nil {
			return err
		}
		fmt.Println(n)
	}
	return nil
}

// TestKilledWhileTelling kills the program with SIGKILL while mails come in and
// notices go out. Each mail that was taken in is told of at least once, and never
// under two IDs.
func TestKilledWhileTelling(t *testing.T) {
	t.Parallel()
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			url := storetest.URL(t, engine)
			db, err := store.Open(context.Background(), url)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { db.Close() })
			h, r := newHouse(t, db), newReceiver(t)
			db.Now = time.Now
			_, _, err = h.AddWebhook(ctx, h.me, r.URL, dottedline.Events)
			h.ok(err)
			r.answer = func(w http.ResponseWriter, _ *http.Request) {
				time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
			}
			taken, next := map[int]bool{}, 0
			for range rounds {
				taken, next = killRound(t, h, url, taken, next)
				h.ok(db.Write(ctx, h.me.Workspace, func(t *store.Tx) error { return t.FreeLeases() })) // as a start does; on a shared database they end by themselves
			}
			last := start(t, h, url)
			defer last.kill()
			waiting := func() (n int) {
				h.ok(db.View(ctx, h.me.Workspace, func(t *store.Tx) error { ds, err := t.DeliveriesWaiting(10_000); n = len(ds); return err }))
				return n
			}
			for end := time.Now().Add(60 * time.Second); waiting() > 0; time.Sleep(20 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("%d notices still wait", waiting())
				}
			}
			question := regexp.MustCompile(`Is this question (\d+)\?`)
			ids, twice := map[string]string{}, 0
			for _, g := range r.requests() {
				m := question.FindSubmatch(g.body)
				if m == nil {
					t.Fatalf("told %s", g.body)
				}
				q, id := string(m[1]), g.header.Get("webhook-id")
				if had, ok := ids[q]; ok {
					twice++
					if had != id {
						t.Errorf("question %s was told as %s and as %s", q, had, id)
					}
				}
				ids[q] = id
			}
			for n := range taken {
				if ids[fmt.Sprint(n)] == "" {
					t.Errorf("question %d was taken in, and nobody was told", n)
				}
			}
			if len(taken) < rounds {
				t.Errorf("only %d mails were taken in: the kills came too early to show anything", len(taken))
			}
			t.Logf("%d kills, %d mails acknowledged, %d told, %d of them again", rounds, len(taken), len(ids), twice)
		})
	}
}

// killRound sends mails to a victim until it is killed, and notes which ones it
// has acknowledged.
func killRound(t *testing.T, h *house, url string, taken map[int]bool, next int) (map[int]bool, int) {
	c := start(t, h, url)
	for timer := (*time.Timer)(nil); ; {
		next++
		if _, err := fmt.Fprintln(c.in, next); err != nil {
			break
		}
		if !c.out.Scan() {
			break
		}
		taken[next] = true
		if timer == nil { // only now, so that a slow machine also shows something
			timer = time.AfterFunc(time.Duration(rand.IntN(300))*time.Millisecond, func() { c.cmd.Process.Kill() })
			defer timer.Stop()
		}
	}
	c.kill()
	return taken, next
}

// child is a running victim.
type child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

func start(t *testing.T, h *house, url string) *child {
	t.Helper()
	c := &child{cmd: exec.Command(os.Args[0])}
	c.cmd.Env = append(os.Environ(), killURL+"="+url, killBox+"="+h.me.Workspace.String()+" "+h.box.String())
	c.cmd.Stderr = os.Stderr
	var err error
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c.out = bufio.NewScanner(out)
	if !c.out.Scan() || c.out.Text() != "ready" {
		t.Fatalf("the victim did not start: %q", c.out.Text())
	}
	return c
}

func (c *child) kill() {
	c.cmd.Process.Kill()
	c.cmd.Wait()
}
