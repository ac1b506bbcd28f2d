package calsync

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
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

	keeper *desk.Keeper[desk.CalendarFeed]
}

// NewEngine makes the engine of a desk.
func NewEngine(d *desk.Desk, log *slog.Logger, allowPrivate bool) *Engine {
	return &Engine{Desk: d, Log: log, AllowPrivate: allowPrivate, keeper: desk.NewKeeper[desk.CalendarFeed](d)}
}

// Run keeps all calendars at hand, writes bookings into them and follows what was done
// to them there, until ctx ends.
func (e *Engine) Run(ctx context.Context) error {
	k := e.keeper
	k.Look, k.Want, k.Work, k.Then = or(e.Look, 5*time.Second), e.want, e.work, e.settle
	k.Failed = func(err error) { e.Log.Error("calendars", "err", err) }
	return k.Run(ctx)
}

// Reload makes Run look at once for calendars that were connected or dropped,
// and for bookings that are to be written.
func (e *Engine) Reload() { e.keeper.Reload() }

// SyncNow reads a calendar at once.
func (e *Engine) SyncNow(ws dottedline.WorkspaceID, id dottedline.CalendarID) {
	e.keeper.Now(kept(ws, id))
}

func kept(ws dottedline.WorkspaceID, id dottedline.CalendarID) desk.Kept {
	return desk.Kept{Workspace: ws, Name: "calendar " + id.String()}
}

func (e *Engine) want(ctx context.Context) (map[desk.Kept]desk.CalendarFeed, error) {
	fs, err := e.Desk.CalendarFeeds(ctx)
	out := make(map[desk.Kept]desk.CalendarFeed, len(fs))
	for _, f := range fs {
		out[kept(f.Workspace, f.ID)] = f
	}
	return out, err
}

func (e *Engine) work(ctx context.Context, f desk.CalendarFeed, now <-chan struct{}) {
	s := &Syncer{Host: deskHost{e.Desk, f.Workspace, f.ID}, Log: e.Log, Every: e.Every}
	s.Run(ctx, Calendar{ID: f.ID.String(), URL: f.URL, ICS: f.ICS, Options: e.options(f.User, f.Secret)}, now)
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

// settle writes what waits, and follows what was done to meetings of ours.
func (e *Engine) settle(ctx context.Context) error {
	if err := e.writeAll(ctx); err != nil {
		return err
	}
	return e.followAll(ctx)
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

// mergeTries is how often a write begins anew because somebody else wrote between
// its reading and its writing.
const mergeTries = 4

// write puts one event into its calendar, over what others have made of it: their
// alarms, notes and other changes stay. Where they have changed what we change,
// or moved what we take away, it is ErrConflict.
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
	for range mergeTries {
		var now Object
		now, err = c.Get(ctx, at)
		var status *StatusError
		gone := errors.As(err, &status) && (status.Code == 404 || status.Code == 410)
		switch {
		case gone && w.Gone:
			return "", nil
		case gone:
			etag, err = c.Put(ctx, at, w.Raw, "")
		case err != nil:
			return "", err
		case w.Base == nil && w.ETag != "" && w.ETag != now.ETag:
			return "", ErrConflict // nobody knows what ours was made from
		case w.Gone:
			if same, err := ical.SameTimes(base(w, now), now.Raw); err != nil || !same {
				return "", ErrConflict
			}
			err = c.Delete(ctx, at, now.ETag)
		default:
			var raw []byte
			if raw, err = ical.Merge(w.Base, w.Raw, now.Raw); err != nil {
				return "", fmt.Errorf("%w: %w", ErrConflict, err)
			}
			if bytes.Equal(raw, now.Raw) {
				return now.ETag, nil
			}
			etag, err = c.Put(ctx, at, raw, now.ETag)
		}
		if !errors.Is(err, ErrConflict) {
			return etag, err
		}
	}
	return "", err
}

// base is what ours was made from; where that is not known, what is there now.
func base(w *desk.CalendarWrite, now Object) []byte {
	if w.Base == nil {
		return now.Raw
	}
	return w.Base
}
