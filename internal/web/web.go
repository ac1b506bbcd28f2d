package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/live"
	"dottedline/internal/web/assets"
)

// Options are what the pages need besides the desk. The zero value works.
type Options struct {
	// SyncNow asks the edge that reads mail to look at a mailbox at once.
	SyncNow func(dottedline.WorkspaceID, dottedline.MailboxID)
	// Try signs in at the servers of an account before it is kept.
	Try func(context.Context, desk.Account) error
	// Why asks the server of a mailbox about a Message-ID or a sender: where it
	// has such mails, and why they are not here.
	Why func(ctx context.Context, ws dottedline.WorkspaceID, box dottedline.MailboxID, question string) ([]string, error)
	// Calendars finds the calendars behind a login, and ReadNow reads one at once.
	Calendars func(context.Context, desk.CalendarLogin) ([]desk.FoundCalendar, error)
	ReadNow   func(dottedline.WorkspaceID, dottedline.CalendarID)
	// Enter lets GET /enter/SECRET sign in with a session's secret: for the
	// demo, whose printed link is signed in already.
	Enter bool
}

type server struct {
	desk    *desk.Desk
	hub     *live.Hub
	log     *slog.Logger
	assets  *assets.Handler
	opt     Options
	closing <-chan struct{} // streams end when it is closed
	open    atomic.Int64    // streams
}

// New makes the handler of all pages. Open streams end with ctx.
func New(ctx context.Context, d *desk.Desk, hub *live.Hub, log *slog.Logger, opt Options) (http.Handler, error) {
	a, err := assets.New()
	if err != nil {
		return nil, fmt.Errorf("read assets: %w", err)
	}
	s := &server{desk: d, hub: hub, log: log, assets: a, opt: opt, closing: ctx.Done()}
	return secure(http.NewCrossOriginProtection().Handler(s.routes())), nil
}
