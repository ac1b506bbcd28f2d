package calsync

import (
	"context"
	"fmt"
	"net/http"

	"dottedline/ical"
)

// Feed is what an ICS address gave.
type Feed struct {
	Raw                []byte
	ETag, LastModified string
	Same               bool // nothing new since: Raw is empty
}

// ReadFeed reads an ICS address (http, https or webcal). last holds what the
// last one gave, for a question that costs nothing when nothing is new. What is
// no calendar is an error, so that a log-in page is never an empty calendar.
func ReadFeed(ctx context.Context, address string, last Feed, o Options) (Feed, error) {
	u, err := webAddress(address)
	if err != nil {
		return Feed{}, fmt.Errorf("read calendar: %w", err)
	}
	if o.MaxBody == 0 {
		o.MaxBody = ical.MaxSize
	}
	w := newWeb(o)
	defer w.http.CloseIdleConnections()
	q := request{method: http.MethodGet, url: u, roam: true, header: map[string]string{"Accept": "text/calendar, */*;q=0.1"}}
	if last.ETag != "" {
		q.header["If-None-Match"] = last.ETag
	}
	if last.LastModified != "" {
		q.header["If-Modified-Since"] = last.LastModified
	}
	a, err := w.do(ctx, q)
	if err != nil {
		return Feed{}, fmt.Errorf("read calendar: %w", err)
	}
	f := Feed{Raw: a.body, ETag: a.header.Get("ETag"), LastModified: a.header.Get("Last-Modified")}
	switch {
	case a.code == http.StatusNotModified && (last.ETag != "" || last.LastModified != ""):
		return Feed{ETag: last.ETag, LastModified: last.LastModified, Same: true}, nil
	case a.code != http.StatusOK:
		return Feed{}, fmt.Errorf("read calendar: %w: %d for 200", errAnswer, a.code)
	}
	if _, err := ical.Parse(f.Raw); err != nil {
		return Feed{}, err
	}
	return f, nil
}
