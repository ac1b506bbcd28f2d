package calsync

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"
)

// Calendar is one calendar that is kept at hand.
type Calendar struct {
	ID  string
	URL string // of the collection, or the ICS address
	ICS bool   // an ICS address, read only
	// Options holds how to reach it and to sign in.
	Options Options
}

// Host keeps what is read. Its methods are atomic, and called by one
// synchronisation of a calendar at a time.
type Host interface {
	// Known gives what was kept of a calendar, zero values when nothing was.
	Known(ctx context.Context, calendar string) (Known, State, error)
	// Keep stores a delta and the state in one transaction. replace says that
	// the delta is all there is: other objects go.
	Keep(ctx context.Context, calendar string, d Delta, replace bool, s State) error
	// Failed stores the state after a try that failed; the objects stay.
	Failed(ctx context.Context, calendar string, s State) error
}

// Syncer reads calendars into a host.
type Syncer struct {
	Host  Host
	Log   *slog.Logger
	Every time.Duration // between two looks; 0: 3 minutes
	// Limit is the longest that one synchronisation may take; 0: 5 minutes.
	Limit time.Duration
	// Now tells the time; nil: time.Now.
	Now func() time.Time
}

// wholeEvery is how often everything is compared without trusting a token.
const wholeEvery = 12 * time.Hour

// Sync reads what is new in one calendar and stores it. The state says how it
// went; the error is of the host alone.
func (s *Syncer) Sync(ctx context.Context, c Calendar) (State, error) {
	known, st, err := s.Host.Known(ctx, c.ID)
	if err != nil {
		return st, fmt.Errorf("sync calendar: %w", err)
	}
	limited, cancel := context.WithTimeout(ctx, or(s.Limit, 5*time.Minute))
	defer cancel()
	began := s.now()
	whole := began.Sub(st.Whole) >= wholeEvery
	var d Delta
	if c.ICS {
		d, whole, err = readFeed(limited, c, known)
	} else {
		d, err = readCollection(limited, c, known, whole)
	}
	if ctx.Err() != nil {
		return st, ctx.Err() // we were stopped: no fault of the calendar
	}
	// What was read is as of when it was begun.
	st = st.after(began, err, or(s.Every, 3*time.Minute), rand.Float64())
	if err != nil {
		s.Log.Warn("calendar not read", "calendar", c.ID, "failures", st.Failures, "error", err)
		err = s.Host.Failed(ctx, c.ID, st)
	} else {
		if whole {
			st.Whole = began
		}
		err = s.Host.Keep(ctx, c.ID, d, c.ICS && len(d.Changed) > 0, st)
	}
	if err != nil {
		return st, fmt.Errorf("sync calendar: %w", err)
	}
	return st, nil
}

func or(d, other time.Duration) time.Duration {
	if d == 0 {
		return other
	}
	return d
}

func (s *Syncer) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

func readCollection(ctx context.Context, c Calendar, known Known, whole bool) (Delta, error) {
	client, err := NewClient(c.URL, c.Options)
	if err != nil {
		return Delta{}, err
	}
	defer client.http.CloseIdleConnections()
	return client.Changes(ctx, c.URL, known, whole)
}

// readFeed treats an ICS address as a collection of one object; its
// Last-Modified is kept where a collection has its CTag.
func readFeed(ctx context.Context, c Calendar, known Known) (Delta, bool, error) {
	const path = "feed.ics"
	var last Feed
	if etag, have := known.ETags[path]; have {
		last = Feed{ETag: etag, LastModified: known.CTag}
	}
	f, err := ReadFeed(ctx, c.URL, last, c.Options)
	if err != nil || f.Same {
		return Delta{CTag: f.LastModified}, false, err
	}
	return Delta{CTag: f.LastModified, Changed: []Object{{path, f.ETag, f.Raw}}}, true, nil
}

// Run keeps one calendar at hand until ctx ends: it looks again when the state
// says so, and at once when told by now. It ends with ctx's error.
func (s *Syncer) Run(ctx context.Context, c Calendar, now <-chan struct{}) error {
	for {
		var wait time.Duration
		st, err := s.Sync(ctx, c)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			s.Log.Error("calendar not kept", "calendar", c.ID, "error", err)
			wait = shortest
		default:
			wait = max(0, st.Next.Sub(s.now()))
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		case <-now:
			t.Stop()
		case <-t.C:
		}
	}
}
