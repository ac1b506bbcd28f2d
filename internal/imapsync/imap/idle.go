package imap

import (
	"context"
	"errors"
	"os"
	"time"
)

// Idle waits until the server has news (RFC 2177), Wake is called, or max has
// passed; servers may hang up on an IDLE of 30 minutes. What came is in Events.
func (c *Client) Idle(ctx context.Context, max time.Duration) error {
	return c.during(ctx, func() error {
		until := time.Now().Add(max)
		tag, err := c.send("IDLE", nil)
		if err != nil {
			return err
		}
		for asked := false; ; {
			if asked {
				quiet, err := c.quiet(until)
				if err != nil {
					return err
				}
				if quiet {
					return c.done(tag)
				}
			}
			r, err := c.read()
			if err != nil {
				return err
			}
			if r.Tag == tag { // the server ended it
				c.untagged(r)
				if r.Name != "OK" {
					return asError(r, "IDLE")
				}
				return nil
			}
			if asked || r.Tag != "+" {
				c.other(r)
			}
			asked = true // "+", or news from a server that forgot to say it
			if c.events.news() && c.fr.br.Buffered() == 0 {
				return c.done(tag)
			}
		}
	})
}

func (e *Events) news() bool {
	return e.Arrived || e.Bye || len(e.Gone) > 0 || len(e.Changed) > 0 || e.Expunged > 0
}

func (c *Client) done(tag string) error {
	if err := c.write([]byte("DONE\r\n")); err != nil {
		return err
	}
	_, err := c.result(tag, "IDLE", nil)
	return err
}

// quiet waits for the first byte of the next line without taking it; true when
// none came until the time, or until Wake.
func (c *Client) quiet(until time.Time) (bool, error) {
	c.mu.Lock()
	if c.woken {
		c.woken = false
		c.mu.Unlock()
		return true, nil
	}
	c.waiting = true
	c.conn.SetReadDeadline(until)
	c.mu.Unlock()
	_, err := c.fr.br.Peek(1)
	c.mu.Lock()
	c.waiting = false
	defer c.mu.Unlock()
	if errors.Is(err, os.ErrDeadlineExceeded) && c.ctx.Err() == nil {
		c.woken = false
		return true, nil
	}
	return false, err
}

// Wake makes a running Idle return, or else the next one; for other goroutines.
func (c *Client) Wake() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.woken = true
	if c.waiting {
		c.conn.SetReadDeadline(time.Unix(1, 0))
	}
}
