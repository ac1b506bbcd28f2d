package imapsync_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"dottedline/internal/desk"
	"dottedline/internal/imapsync"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
	"dottedline/internal/testrig"
)

// TestKilled kills the reader at random moments of reading a history, again
// and again; in the end every mail is there once.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the worker again and again: not with -short")
	}
	t.Parallel()
	if url := os.Getenv("SYNC_CHILD"); url != "" {
		db, err := store.Open(context.Background(), url)
		if err != nil {
			t.Fatal(err)
		}
		v, err := desk.NewVault([]byte("0123456789abcdef0123456789abcdef"))
		if err != nil {
			t.Fatal(err)
		}
		e := imapsync.New(desk.New(db, v), slog.New(slog.DiscardHandler))
		e.Pace = quick
		e.Run(context.Background())
	}
	d := testrig.Dovecot(t)
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			const all, kills = 800, 6
			user := "kill-" + engine
			fill(t, other(t, d, user), "INBOX", 1, 1) // makes the Maildir
			for n := 2; n <= all; n++ {
				name := filepath.Join(d.Dir, "mail", user, "Maildir", "cur", fmt.Sprintf("%d.M%dP1.rig:2,S", 1700000000+n, n))
				if err := os.WriteFile(name, raw(n), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			url := storetest.URL(t, engine)
			db, err := store.Open(context.Background(), url)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { db.Close() })
			h := houseOn(t, db)
			id := h.connect(onDovecot(d, user))
			seen := []int64{0}
			for k := range kills {
				cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
				cmd.Env = append(os.Environ(), "SYNC_CHILD="+url)
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				for range 2000 { // let it get to work
					if n := h.mails(id, "INBOX"); n > seen[k] || n == all {
						break
					}
					time.Sleep(5 * time.Millisecond)
				}
				time.Sleep(rand.N(50 * time.Millisecond))
				cmd.Process.Kill()
				cmd.Wait()
				seen = append(seen, h.mails(id, "INBOX"))
				if seen[k+1] < seen[k] {
					t.Errorf("mails were lost: %v", seen)
				}
			}
			t.Logf("mails after each kill: %v of %d", seen[1:], all)
			h.run(1)
			h.wantMails(id, "INBOX", all)
			for n := 1; n <= all; n++ {
				if c := h.count(n); c != 1 {
					t.Errorf("mail %d is there %d times", n, c)
				}
			}
			if diffs, _, err := h.Check(context.Background()); err != nil || len(diffs) > 0 {
				t.Errorf("check: %v, %v", diffs, err)
			}
		})
	}
}
