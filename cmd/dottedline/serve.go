package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"dottedline"
	"dottedline/internal/api"
	"dottedline/internal/calsync"
	"dottedline/internal/config"
	"dottedline/internal/desk"
	"dottedline/internal/drafter"
	"dottedline/internal/imapsync"
	"dottedline/internal/jobs"
	"dottedline/internal/live"
	"dottedline/internal/oauth"
	"dottedline/internal/smtpsend"
	"dottedline/internal/store"
	"dottedline/internal/sysfonts"
	"dottedline/internal/tell"
	"dottedline/internal/tsa"
	"dottedline/internal/web"
)

func serve(ctx context.Context, w world, args []string) error {
	c := config.Default()
	if rest, err := parse(w.flags(&c, "serve", ""), args); err != nil || len(rest) > 0 {
		return cmpErr(err, errUsage)
	}
	d, db, err := open(ctx, c, true)
	if err != nil {
		return err
	}
	defer db.Close()
	h, err := newHouse(ctx, w, c, d, db, false)
	if err != nil {
		return err
	}
	secret, err := d.SetupLink(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(w.out, "Dottedline is at %s\n", h.url)
	if secret != "" {
		fmt.Fprintf(w.out, "Set it up, once, at %s/setup/%s\n", h.url, secret)
	}
	return h.run(ctx)
}

// house is the running program: pages, mailboxes, outbox and timers of one desk.
type house struct {
	url  string
	log  *slog.Logger
	desk *desk.Desk
	hub  *live.Hub
	sync *imapsync.Engine
	cals *calsync.Engine
	tell *tell.Teller
	send *smtpsend.Sender
	l    net.Listener
	h    http.Handler
}

func newHouse(ctx context.Context, w world, c config.Config, d *desk.Desk, db *store.DB, demo bool) (*house, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log)); err != nil {
		return nil, dottedline.Wrong("Choose debug, info, warn or error.", "%q is not a level of the log.", c.Log)
	}
	h := &house{log: slog.New(slog.NewTextHandler(w.err, &slog.HandlerOptions{Level: level})), desk: d, hub: &live.Hub{}}
	h.sync = imapsync.New(d, h.log)
	h.sync.Token = (&oauth.Tokens{Desk: d}).Token
	h.send = &smtpsend.Sender{Token: h.sync.Token}
	h.cals = calsync.NewEngine(d, h.log, c.Private == "yes")
	h.tell = tell.New(d, h.log, c.Private == "yes")
	db.Announce = h.hub.Announce
	if err := d.Recover(ctx); err != nil {
		return nil, err
	}
	var err error
	if h.l, err = net.Listen("tcp", c.Listen); err != nil {
		return nil, dottedline.Wrong("Choose another with --listen 127.0.0.1:0, which takes a free one.", "The address %s can't be used: %v.", c.Listen, err)
	}
	if h.url = strings.TrimSuffix(c.URL, "/"); h.url == "" {
		h.url = "http://" + h.l.Addr().String()
	}
	d.URL, d.Fonts = h.url, sysfonts.New(c.Data, h.log)
	stamps := tsa.New(c.Private == "yes")
	d.Stamps = desk.Authority{Stamp: stamps.Stamp, Fetch: stamps.Fetch}
	d.AskModel = drafter.New(c.Private == "yes").Ask
	mux := http.NewServeMux()
	mux.Handle("/api/", api.New(d, h.log))
	pages, err := web.New(ctx, d, h.hub, h.log, web.Options{Enter: demo, SyncNow: h.sync.SyncNow, Calendars: h.cals.Discover, ReadNow: h.cals.SyncNow, Why: h.why, Try: h.try})
	if err != nil {
		return nil, err
	}
	mux.Handle("/", pages)
	h.h = mux
	return h, nil
}

// tryFor bounds how long each server of a mailbox may take to let us in.
const tryFor = 20 * time.Second

// try signs in at both servers of a mailbox before it is kept, so that a password
// that only reads, or only sends, is said at once.
func (h *house) try(ctx context.Context, a desk.Account) error {
	reads := func(ctx context.Context) error { _, err := h.sync.Try(ctx, a); return err }
	sends := func(ctx context.Context) error { return h.send.Try(ctx, a) }
	for _, s := range []struct {
		does string
		at   desk.Server
		try  func(context.Context) error
	}{{"Reading from ", a.IMAP, reads}, {"Sending by ", a.SMTP, sends}} {
		ctx, cancel := context.WithTimeout(ctx, tryFor)
		err := s.try(ctx)
		cancel()
		var p *dottedline.Problem
		if errors.As(err, &p) {
			err = dottedline.Wrong(p.Hint, "%s%s does not work. %s", s.does, s.at.Host, p.Text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// why asks a mailbox's server where a mail is.
func (h *house) why(ctx context.Context, ws dottedline.WorkspaceID, box dottedline.MailboxID, question string) (texts []string, err error) {
	found, err := h.sync.Why(ctx, ws, box, question)
	for _, f := range found {
		texts = append(texts, f.Text)
	}
	return texts, err
}

// wake passes the desk's news of new work on to those who do it.
func (h *house) wake(ctx context.Context) {
	woken := h.desk.Woken()
	for {
		select {
		case <-ctx.Done():
			return
		case <-woken:
			h.sync.Reload()
			h.cals.Reload()
		}
	}
}

// run serves until ctx ends, and then lets what has begun come to its end.
func (h *house) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var wg sync.WaitGroup
	wg.Go(func() { jobs.Ranks(ctx, h.desk, h.log) })
	wg.Go(func() { jobs.Forecasts(ctx, h.desk, h.log) })
	wg.Go(func() { jobs.Queue(ctx, h.desk, h.log) })
	wg.Go(func() { h.tell.Run(ctx) })
	wg.Go(func() { h.sync.Run(ctx) })
	wg.Go(func() { h.cals.Run(ctx) })
	defer h.send.Close()
	wg.Go(func() {
		out := smtpsend.Outbox{Desk: h.desk, Log: h.log, Sender: h.send, Find: h.sync.FindSent, Keep: h.sync.KeepSent}
		out.Run(ctx)
	})
	wg.Go(func() { h.wake(ctx) })
	if h.desk.Shared() {
		wg.Go(func() { h.hub.Follow(ctx, 300*time.Millisecond, h.desk.Seqs, h.log) })
	}
	srv := &http.Server{Handler: h.h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, ErrorLog: slog.NewLogLogger(h.log.Handler(), slog.LevelDebug)}
	wg.Go(func() {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		srv.Shutdown(end)
	})
	err := srv.Serve(h.l)
	stop()
	wg.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
