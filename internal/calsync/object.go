package calsync

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// ErrConflict says that somebody else has changed, made or deleted the object
// since it was read: read it again before writing.
var ErrConflict = errors.New("the meeting was changed in the calendar in the meantime")

// Get reads one object by its path or address.
func (c *Client) Get(ctx context.Context, at string) (Object, error) {
	u, err := c.resolve(c.base, at)
	if err != nil {
		return Object{}, fmt.Errorf("read meeting: %w", err)
	}
	a, err := c.do(ctx, request{method: http.MethodGet, url: u, header: map[string]string{"Accept": "text/calendar"}})
	if err != nil {
		return Object{}, fmt.Errorf("read meeting: %w", err)
	}
	return Object{path(u), a.header.Get("ETag"), a.body}, nil
}

// Put writes one object and returns its ETag, "" where the server does not say
// (the next Changes will). ifMatch is the ETag that it replaces; "" makes a new
// object, and fails where one exists. Both fail with ErrConflict. Any other
// error leaves it unknown whether it was written: Get tells.
func (c *Client) Put(ctx context.Context, at string, raw []byte, ifMatch string) (etag string, err error) {
	u, err := c.resolve(c.base, at)
	if err != nil {
		return "", fmt.Errorf("write meeting: %w", err)
	}
	h := map[string]string{"Content-Type": "text/calendar; charset=utf-8"}
	if ifMatch == "" {
		h["If-None-Match"] = "*"
	} else {
		h["If-Match"] = strong(ifMatch)
	}
	a, err := c.do(ctx, request{method: http.MethodPut, url: u, header: h, body: raw})
	if err != nil {
		return "", fmt.Errorf("write meeting: %w", conflict(err))
	}
	return a.header.Get("ETag"), nil
}

// Delete takes one object away if it still is what it was. One that is gone
// already is no error.
func (c *Client) Delete(ctx context.Context, at, ifMatch string) error {
	u, err := c.resolve(c.base, at)
	if err != nil {
		return fmt.Errorf("delete meeting: %w", err)
	}
	if ifMatch == "" {
		return errors.New("delete meeting: its ETag is not known")
	}
	_, err = c.do(ctx, request{method: http.MethodDelete, url: u, header: map[string]string{"If-Match": strong(ifMatch)}})
	var s *StatusError
	if errors.As(err, &s) && (s.Code == http.StatusNotFound || s.Code == http.StatusGone) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("delete meeting: %w", conflict(err))
	}
	return nil
}

// strong makes the ETag that If-Match needs of one that a proxy has weakened.
func strong(etag string) string { return strings.TrimPrefix(etag, "W/") }

func conflict(err error) error {
	var s *StatusError
	if errors.As(err, &s) && s.Code == http.StatusPreconditionFailed {
		return ErrConflict
	}
	return err
}

// ObjectURL names the object of a meeting in a collection by its UID.
func ObjectURL(collection, uid string) string {
	safe := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.', r == '@':
			return r
		}
		return '-'
	}, uid)
	return strings.TrimSuffix(collection, "/") + "/" + safe + ".ics"
}
