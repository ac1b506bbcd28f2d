package imapsync

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/imapsync/imap"
)

// Engine reads all mailboxes of a desk. Set the fields before Run.
type Engine struct {
	Desk *desk.Desk
	Log  *slog.Logger
	Pace Pace
	// Dial opens connections; net.Dialer's when nil.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Token gives the access token of a mailbox that signs in by XOAUTH2; its
	// stored secret when nil.
	Token func(ctx context.Context, a desk.Account) (string, error)

	history chan struct{} // a place for each mailbox whose history is read right now
	keeper  *desk.Keeper[desk.Account]
}

// Pace says how long things take; a zero field means the time in its comment.
type Pace struct {
	Rearm    time.Duration // IDLE is begun anew after so long: 9 min; servers may end it at 30, home routers at 10
	Poll     time.Duration // between looks at folders without IDLE of their own: 5 min
	NoIdle   time.Duration // between looks at a server without IDLE: 1 min
	Retry    time.Duration // after the first failure: 2 s, then doubled …
	RetryMax time.Duration // … up to 15 min
	Refused  time.Duration // after a refused sign-in: 15 min, doubled up to 4 h, so that no account gets locked
	Accounts time.Duration // between looks for new mailboxes that nobody told us of: 15 s
}

func (p *Pace) fill() {
	for _, d := range []struct {
		v  *time.Duration
		is time.Duration
	}{{&p.Rearm, 9 * time.Minute}, {&p.Poll, 5 * time.Minute}, {&p.NoIdle, time.Minute}, {&p.Retry, 2 * time.Second},
		{&p.RetryMax, 15 * time.Minute}, {&p.Refused, 15 * time.Minute}, {&p.Accounts, 15 * time.Second}} {
		if *d.v == 0 {
			*d.v = d.is
		}
	}
}

// New makes the engine of a desk.
func New(d *desk.Desk, log *slog.Logger) *Engine {
	return &Engine{Desk: d, Log: log, history: make(chan struct{}, 4), keeper: desk.NewKeeper[desk.Account](d)}
}

// Run keeps the mailboxes in step until ctx ends.
func (e *Engine) Run(ctx context.Context) error {
	e.Pace.fill()
	k := e.keeper
	k.Look, k.Want, k.Work = e.Pace.Accounts, e.want, e.work
	k.Failed = func(err error) { e.Log.Error("read mailboxes", "err", err) }
	return k.Run(ctx)
}

// Reload makes Run look at once for mailboxes that were connected, changed or
// disconnected.
func (e *Engine) Reload() { e.keeper.Reload() }

// SyncNow makes a mailbox look for new mail in all its folders at once, also
// when it waits for its next try.
func (e *Engine) SyncNow(ws dottedline.WorkspaceID, id dottedline.MailboxID) {
	e.keeper.Now(kept(ws, id))
}

func kept(ws dottedline.WorkspaceID, id dottedline.MailboxID) desk.Kept {
	return desk.Kept{Workspace: ws, Name: "mailbox " + id.String()}
}

func (e *Engine) want(ctx context.Context) (map[desk.Kept]desk.Account, error) {
	as, err := e.Desk.Accounts(ctx)
	out := make(map[desk.Kept]desk.Account, len(as))
	for _, a := range as {
		out[kept(a.Workspace, a.ID)] = a
	}
	return out, err
}

func (e *Engine) work(ctx context.Context, a desk.Account, now <-chan struct{}) {
	x := newAccount(e, a)
	go func() {
		for {
			select {
			case <-now:
				x.kick()
			case <-ctx.Done():
				return
			}
		}
	}()
	x.run(ctx)
}

func (e *Engine) token(ctx context.Context, a desk.Account) (string, error) {
	if e.Token == nil {
		return a.Secret, nil
	}
	return e.Token(ctx, a)
}

// Try signs in to a mailbox once and lists its folders, to check settings
// before they are kept. The error is a *dottedline.Problem.
func (e *Engine) Try(ctx context.Context, a desk.Account) (folders []string, err error) {
	c, err := e.connect(ctx, a, nil)
	if err != nil {
		var p *dottedline.Problem
		if !errors.As(err, &p) {
			p = dottedline.Wrong(hint(err), "%s", words(err))
		}
		return nil, p
	}
	defer c.Close()
	all, err := c.Folders(ctx)
	if err != nil {
		return nil, fmt.Errorf("list folders: %w", err)
	}
	for _, f := range all {
		if f.Selectable() {
			folders = append(folders, f.Name)
		}
	}
	return folders, c.Logout(ctx)
}

// connect dials, encrypts and signs in. odd hears what the server says outside
// the standard; it may be nil.
func (e *Engine) connect(ctx context.Context, a desk.Account, odd func(line, why string)) (*imap.Client, error) {
	conn, err := e.dial(ctx, a)
	if err != nil {
		return nil, err
	}
	c, err := imap.New(ctx, conn, imap.Options{Odd: odd})
	if err != nil {
		return nil, err
	}
	if err := e.signIn(ctx, c, a); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}
