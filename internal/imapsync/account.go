package imapsync

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"dottedline/internal/desk"
	"dottedline/internal/imapsync/imap"
)

// account reads one mailbox: Inbox and Sent each wait on a connection of their
// own, the other folders are looked at in turns.
type account struct {
	e   *Engine
	acc desk.Account
	log *slog.Logger
	ctx context.Context // of run; for reports that a timer sends

	noQresync atomic.Bool // the server offers it and then refuses it

	reportMu sync.Mutex
	mu       sync.Mutex
	status   desk.MailboxStatus
	pending  *time.Timer // of the next report, nil while none is due
	due      time.Time
	reported time.Time
	oddCount map[string]int
	readers  map[string]*reader // by folder
	kicked   chan struct{}      // closed to end all waits, then made anew
	clients  map[*imap.Client]bool
}

func newAccount(e *Engine, acc desk.Account) *account {
	return &account{e: e, acc: acc, log: e.Log.With("mailbox", acc.Address), oddCount: map[string]int{},
		readers: map[string]*reader{}, kicked: make(chan struct{}), clients: map[*imap.Client]bool{}}
}

func (a *account) run(ctx context.Context) {
	a.ctx = ctx
	a.retry(ctx, a.session, func(err error) {
		a.tell(func(s *desk.MailboxStatus) bool { s.Connected, s.Error = false, words(err); return false })
	})
}

// retry runs f again and again, after ever longer waits while it fails.
func (a *account) retry(ctx context.Context, f func(context.Context) error, failed func(error)) {
	for n := 0; ; n++ {
		t0 := time.Now()
		err := f(ctx)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			err = errors.New("the server ended the session")
		}
		a.log.Warn("mailbox connection", "err", err)
		failed(err)
		if time.Since(t0) > 2*time.Minute {
			n = 0
		}
		first, most := a.e.Pace.Retry, a.e.Pace.RetryMax
		if imap.Refused(err) {
			first, most = a.e.Pace.Refused, 16*a.e.Pace.Refused
		}
		wait := min(first<<min(n, 20), most)
		a.sleep(ctx, wait/2+rand.N(wait)) // jitter: not all mailboxes of a server at once
	}
}

// sleep waits; less when ctx ends or the member presses "sync now".
func (a *account) sleep(ctx context.Context, d time.Duration) {
	a.mu.Lock()
	kicked := a.kicked
	a.mu.Unlock()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-kicked:
	case <-t.C:
	}
}

// kick ends all waits of the mailbox.
func (a *account) kick() {
	a.mu.Lock()
	defer a.mu.Unlock()
	close(a.kicked)
	a.kicked = make(chan struct{})
	for c := range a.clients {
		c.Wake()
	}
}

// with runs f on a fresh connection.
func (a *account) with(ctx context.Context, f func(*imap.Client) error) error {
	c, err := a.e.connect(ctx, a.acc, a.odd)
	if err != nil {
		return err
	}
	a.mu.Lock()
	a.clients[c] = true
	a.mu.Unlock()
	defer func() {
		a.mu.Lock()
		delete(a.clients, c)
		a.mu.Unlock()
		c.Close()
	}()
	if !a.noQresync.Load() {
		if _, err := c.Enable(ctx, "QRESYNC"); err != nil && !isNo(err) {
			return err
		}
	}
	return f(c)
}

func isNo(err error) bool {
	var no *imap.Error
	return errors.As(err, &no)
}

// session lasts as long as Inbox's connection.
func (a *account) session(ctx context.Context) error {
	return a.with(ctx, func(c *imap.Client) error {
		all, err := c.Folders(ctx)
		if err != nil {
			return fmt.Errorf("list folders: %w", err)
		}
		inbox, sent, others := a.choose(all)
		a.tell(func(s *desk.MailboxStatus) bool { s.Connected, s.Error = true, ""; return false })
		ctx, cancel := context.WithCancel(ctx)
		var wg sync.WaitGroup
		defer wg.Wait()
		defer cancel()
		if sent != nil {
			wg.Go(func() {
				a.retry(ctx, func(ctx context.Context) error {
					return a.with(ctx, func(c *imap.Client) error { return sent.watch(ctx, c) })
				}, sent.failed)
			})
		}
		if len(others) > 0 {
			wg.Go(func() { a.poll(ctx, others) })
		}
		return inbox.watch(ctx, c)
	})
}

// poll looks at the folders that have no connection of their own.
func (a *account) poll(ctx context.Context, rs []*reader) {
	for ctx.Err() == nil {
		err := a.with(ctx, func(c *imap.Client) error {
			for _, r := range rs {
				if err := r.catchUp(ctx, c); isNo(err) {
					r.failed(err)
				} else if err != nil {
					return err
				}
			}
			return c.Logout(ctx)
		})
		if err != nil && ctx.Err() == nil {
			a.log.Warn("other folders", "err", err)
			for _, r := range rs {
				r.failed(err)
			}
		}
		a.sleep(ctx, a.e.Pace.Poll)
	}
}

// choose finds the folders to read; those the member named and the server does
// not have are told.
func (a *account) choose(all []imap.Folder) (inbox, sent *reader, others []*reader) {
	var status []desk.FolderStatus
	add := func(f imap.Folder, role string) *reader {
		status = append(status, desk.FolderStatus{Name: f.Name, Role: role})
		a.mu.Lock()
		defer a.mu.Unlock()
		r := a.readers[f.Name]
		if r == nil {
			r = &reader{a: a, died: map[uint32]int{}}
			a.readers[f.Name] = r
		}
		r.folder = f
		return r
	}
	inbox = add(imap.Folder{Name: "INBOX", Wire: "INBOX"}, "inbox")
	if f, ok := imap.SentFolder(all); ok && f.Name != "INBOX" {
		sent = add(f, "sent")
	}
	for _, name := range a.acc.Folders {
		if slices.ContainsFunc(status, func(s desk.FolderStatus) bool { return s.Name == name }) {
			continue
		}
		i := slices.IndexFunc(all, func(f imap.Folder) bool { return f.Name == name && f.Selectable() })
		if i < 0 {
			status = append(status, desk.FolderStatus{Name: name, Role: "other", Error: "There is no such folder on the server."})
			continue
		}
		others = append(others, add(all[i], "other"))
	}
	a.tell(func(s *desk.MailboxStatus) (quiet bool) {
		for i, f := range status { // what was known of a folder stays until it is read again
			if j := slices.IndexFunc(s.Folders, func(had desk.FolderStatus) bool { return had.Name == f.Name }); j >= 0 {
				status[i].Total, status[i].Read, status[i].LastSync = s.Folders[j].Total, s.Folders[j].Read, s.Folders[j].LastSync
			}
		}
		s.Folders = status
		return false
	})
	return inbox, sent, others
}
