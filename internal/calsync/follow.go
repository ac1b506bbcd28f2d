package calsync

import (
	"context"
	"errors"
	"net/http"
	"time"

	"dottedline/internal/desk"
)

// followAll has meetings of ours follow what was done to them in calendars. One
// that a reading lacked is gone only when the server, asked for it by its name,
// says so, and still has the calendar.
func (e *Engine) followAll(ctx context.Context) error {
	due, err := e.Desk.DueCalendarChanges(ctx)
	if err != nil {
		return err
	}
	for _, c := range due {
		do := e.Desk.FollowCalendarChange
		if c.Missing != "" {
			gone, err := e.gone(ctx, c)
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil:
				e.Log.Warn("meeting not looked for", "calendar", c.Feed.ID, "error", err)
				do = e.Desk.WaitCalendarChange
			case !gone:
				do = e.Desk.StillInCalendar
			}
		}
		if err := do(ctx, c); err != nil {
			return err
		}
		e.SyncNow(c.Feed.Workspace, c.Feed.ID)
	}
	return nil
}

func (e *Engine) gone(ctx context.Context, d desk.DueChange) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	c, err := NewClient(d.Feed.URL, e.options(d.Feed.User, d.Feed.Secret))
	if err != nil {
		return false, err
	}
	defer c.http.CloseIdleConnections()
	_, err = c.Get(ctx, d.Missing)
	var status *StatusError
	if !errors.As(err, &status) || status.Code != http.StatusNotFound && status.Code != http.StatusGone {
		return false, err
	}
	u, err := c.resolve(c.base, d.Feed.URL)
	if err != nil {
		return false, err
	}
	m, _, err := c.propfind(ctx, u, "0", `<D:resourcetype/>`)
	if err != nil {
		return false, err
	}
	for _, r := range m.Responses {
		if p := r.found(); p != nil && p.Type.Calendar != nil {
			return true, nil
		}
	}
	return false, ErrNoCalendars
}
