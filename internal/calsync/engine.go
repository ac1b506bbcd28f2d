package calsync

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"sync"
	"time"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/desk"
)

// Engine reads and writes all calendars of a desk.
type Engine struct {
	Desk *desk.Desk
	Log  *slog.Logger
	// AllowPrivate lets calendars lie in the server's own network.
	AllowPrivate bool
	Every        time.Duration // between two looks at a calendar; 0: 3 minutes
	Look         time.Duration // between looks for new calendars and writes; 0: 5 seconds

	who     string
	reload  chan struct{}
	mu      sync.Mutex
	running map[feedKey]*feed
}

type feedKey struct {
	ws dottedline.WorkspaceID
	id dottedline.CalendarID
}

type feed struct {
	desk.CalendarFeed
	stop context.CancelFunc
	done chan struct{}
	now  chan struct{}
}

// NewEngine makes the engine of a desk.
func NewEngine(d *desk.Desk, log *slog.Logger, allowPrivate bool) *Engine {
	return &Engine{Desk: d, Log: log, AllowPrivate: allowPrivate, who: rand.Text(), reload: make(chan struct{}, 1), running: map[feedKey]*feed{}}
}

// Run keeps all calendars at hand, and writes bookings into them, until ctx ends.
func (e *Engine) Run(ctx context.Context) error {
	tick := time.NewTicker(or(e.Look, 5*time.Second))
	defer tick.Stop()
	defer e.settle(ctx, nil)
	for {
		feeds, err := e.Desk.CalendarFeeds(ctx)
		if err == nil {
			feeds, err = e.ours(ctx, feeds)
		}
		if err == nil {
			e.settle(ctx, feeds)
			err = e.writeAll(ctx)
		}
		if err != nil && ctx.Err() == nil {
			e.Log.Error("calendars", "err", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-e.reload:
		case <-tick.C:
		}
	}
}

// Reload makes Run look at once for calendars that were connected or dropped,
// and for bookings that are to be written.
func (e *Engine) Reload() {
	select {
	case e.reload <- struct{}{}:
	default:
	}
}

// SyncNow reads a calendar at once.
func (e *Engine) SyncNow(ws dottedline.WorkspaceID, id dottedline.CalendarID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if f := e.running[feedKey{ws, id}]; f != nil {
		select {
		case f.now <- struct{}{}:
		default:
		}
	}
}

// ours are the feeds that this process reads: with several nodes on one
// database one of them does, as long as it renews its lease.
func (e *Engine) ours(ctx context.Context, feeds []desk.CalendarFeed) (out []desk.CalendarFeed, err error) {
	for _, f := range feeds {
		ok := !e.Desk.Shared()
		if !ok {
			if ok, err = e.Desk.Lease(ctx, f.Workspace, "calendar "+f.ID.String(), e.who, 4*or(e.Look, 5*time.Second)); err != nil {
				return nil, err
			}
		}
		if ok {
			out = append(out, f)
		}
	}
	return out, nil
}

// settle starts what is to run and stops what is not.
func (e *Engine) settle(ctx context.Context, feeds []desk.CalendarFeed) {
	want := map[feedKey]desk.CalendarFeed{}
	for _, f := range feeds {
		want[feedKey{f.Workspace, f.ID}] = f
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for k, r := range e.running {
		if f, ok := want[k]; !ok || !reflect.DeepEqual(f, r.CalendarFeed) {
			r.stop()
			<-r.done
			delete(e.running, k)
		}
	}
	for k, f := range want {
		if e.running[k] != nil {
			continue
		}
		fctx, stop := context.WithCancel(ctx)
		r := &feed{f, stop, make(chan struct{}), make(chan struct{}, 1)}
		e.running[k] = r
		s := &Syncer{Host: deskHost{e.Desk, f.Workspace, f.ID}, Log: e.Log, Every: e.Every}
		go func() {
			defer close(r.done)
			s.Run(fctx, Calendar{ID: f.ID.String(), URL: f.URL, ICS: f.ICS, Options: e.options(f.User, f.Secret)}, r.now)
		}()
	}
}

func (e *Engine) options(user, secret string) Options {
	o := Options{AllowPrivate: e.AllowPrivate}
	if user != "" {
		o.Authorize = Basic(user, secret)
	}
	return o
}

// Discover finds the calendars behind a login, to choose from before they are
// kept. The error is a *dottedline.Problem.
func (e *Engine) Discover(ctx context.Context, l desk.CalendarLogin) ([]desk.FoundCalendar, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	found, err := e.discover(ctx, l)
	if err != nil {
		return nil, dottedline.Wrong("Check the address, the name and the password; many providers want an app password here.", "%s", Plain(err))
	}
	return found, nil
}

func (e *Engine) discover(ctx context.Context, l desk.CalendarLogin) (out []desk.FoundCalendar, err error) {
	o := e.options(l.User, l.Secret)
	if l.ICS {
		f, err := ReadFeed(ctx, l.URL, Feed{}, o)
		if err != nil {
			return nil, err
		}
		c, err := ical.Parse(f.Raw)
		if err != nil {
			return nil, err
		}
		return []desk.FoundCalendar{{URL: l.URL, Name: c.Name, Busy: true}}, nil
	}
	client, err := NewClient(l.URL, o)
	if err != nil {
		return nil, err
	}
	defer client.http.CloseIdleConnections()
	cs, err := client.Discover(ctx)
	for _, c := range cs {
		name := c.Name
		if name == "" {
			name = strings.Trim(c.URL[strings.LastIndex(strings.TrimSuffix(c.URL, "/"), "/"):], "/")
		}
		out = append(out, desk.FoundCalendar{URL: c.URL, Name: name, Writable: c.Writable, Busy: c.Blocks})
	}
	return out, err
}

// writeAll writes what waits.
func (e *Engine) writeAll(ctx context.Context) error {
	for {
		w, err := e.Desk.NextCalendarWrite(ctx)
		if err != nil || w == nil {
			return err
		}
		etag, err := e.write(ctx, w)
		if err == nil {
			err = e.Desk.CalendarWritten(ctx, w, etag)
			e.SyncNow(w.Workspace, w.Calendar)
		} else {
			if ctx.Err() != nil {
				return ctx.Err() // its lease ends by itself
			}
			e.Log.Warn("meeting not written", "calendar", w.Calendar, "error", err)
			var status *StatusError
			again := !errors.Is(err, ErrConflict) && (!errors.As(err, &status) || status.Code >= 500 || status.Code == 429)
			err = e.Desk.CalendarNotWritten(ctx, w, Plain(err), again)
		}
		if err != nil {
			return err
		}
	}
}

// write puts one event where nobody else has changed it. A try that failed may
// have written it: what is there now tells.
func (e *Engine) write(ctx context.Context, w *desk.CalendarWrite) (etag string, err error) {
	c, err := NewClient(w.Feed.URL, e.options(w.Feed.User, w.Feed.Secret))
	if err != nil {
		return "", err
	}
	defer c.http.CloseIdleConnections()
	at := w.Path
	if at == "" {
		at = ObjectURL(w.Feed.URL, w.UID)
	}
	etag = w.ETag
	if etag == "" || w.Tries > 0 {
		now, err := c.Get(ctx, at)
		var status *StatusError
		switch {
		case err == nil && string(now.Raw) == string(w.Raw) && !w.Gone:
			return now.ETag, nil
		case err == nil && etag == "": // ours alone has this UID; an earlier try wrote it
			etag = now.ETag
		case errors.As(err, &status) && status.Code == 404:
			if w.Gone {
				return "", nil
			}
			etag = ""
		case err != nil:
			return "", err
		}
	}
	if w.Gone {
		return "", c.Delete(ctx, at, etag)
	}
	return c.Put(ctx, at, w.Raw, etag)
}
