package imap

import (
	"context"
	"fmt"
	"strings"
)

// Box is the state of a folder when it was opened. Zero means that the server
// did not say.
type Box struct {
	Exists      uint32 // messages in it
	UIDValidity uint32
	UIDNext     uint32
	ModSeq      uint64 // highest so far (RFC 7162)
	NoModSeq    bool   // the folder keeps none
}

// Events is what the server told by itself since the last TakeEvents.
type Events struct {
	Exists   uint32    // messages in the folder now
	Arrived  bool      // Exists has grown
	Expunged int       // messages gone, by number only
	Gone     Set       // messages gone, by UID (QRESYNC)
	Changed  []Message // flags of messages with known UID
	Alert    string    // must be shown to the user (RFC 3501 section 7.1)
	Bye      bool
}

// maxChanged bounds what is kept of the news between two TakeEvents.
const maxChanged = 10000

// Known asks for what happened since an earlier time (RFC 7162 section 3.2.5).
type Known struct {
	UIDValidity uint32
	ModSeq      uint64
}

// Examine opens a folder so that nothing we do changes it. When known is not
// nil and QRESYNC enabled, what was changed and deleted since is in Events.
func (c *Client) Examine(ctx context.Context, wire string, known *Known) (Box, error) {
	c.events = Events{}
	suffix := ""
	switch {
	case known != nil && known.UIDValidity > 0 && known.ModSeq > 0:
		suffix = fmt.Sprintf(" (QRESYNC (%d %d))", known.UIDValidity, known.ModSeq)
	case c.caps["CONDSTORE"]:
		suffix = " (CONDSTORE)"
	}
	var b Box
	read := func(r Response) bool {
		switch r.Code {
		case "UIDVALIDITY":
			fmt.Sscan(r.Rest, &b.UIDValidity)
		case "UIDNEXT":
			fmt.Sscan(r.Rest, &b.UIDNext)
		case "HIGHESTMODSEQ":
			fmt.Sscan(r.Rest, &b.ModSeq)
		case "NOMODSEQ":
			b.NoModSeq = true
		}
		return false
	}
	last, err := c.withName(ctx, "EXAMINE ", wire, suffix, read)
	if err != nil {
		return b, err
	}
	read(last)
	b.Exists = c.events.Exists
	c.events.Arrived = false
	return b, nil
}

// withName runs a command whose argument is a folder's name.
func (c *Client) withName(ctx context.Context, before, wire, after string, fn func(Response) bool) (Response, error) {
	if q, ok := quote(wire); ok {
		return c.command(ctx, before+q+after, fn)
	}
	return c.command(ctx, before, fn, literal{[]byte(wire), after})
}

// TakeEvents hands over what the server told by itself, and starts anew.
func (c *Client) TakeEvents() Events {
	e := c.events
	c.events = Events{Exists: e.Exists}
	return e
}

// News says whether TakeEvents has more than an unchanged count.
func (c *Client) News() bool { return c.events.news() }

// untagged takes what may come at any time (RFC 3501 section 7).
func (c *Client) untagged(r Response) {
	switch r.Code {
	case "CAPABILITY":
		c.setCaps(strings.Fields(r.Rest))
	case "ALERT":
		c.events.Alert = r.Text
	}
	switch r.Name {
	case "CAPABILITY":
		var words []string
		for _, a := range r.Args {
			words = append(words, a.Text())
		}
		c.setCaps(words)
	case "EXISTS":
		c.events.Arrived = c.events.Arrived || r.Num > c.events.Exists
		c.events.Exists = r.Num
	case "EXPUNGE":
		if c.events.Exists > 0 {
			c.events.Exists--
		}
		c.events.Expunged++
	case "VANISHED":
		c.vanished(r.Args)
	case "FETCH":
		if m, ok := c.message(r, 0); ok && m.UID > 0 && len(c.events.Changed) < maxChanged {
			m.Body = nil
			c.events.Changed = append(c.events.Changed, m)
		}
	case "BYE":
		if !c.leaving {
			c.odd([]byte(r.Text), "the server says goodbye")
		}
		c.bye, c.events.Bye = r.Text, true
	case "OK", "NO", "BAD", "PREAUTH", "FLAGS", "RECENT", "SEARCH", "ESEARCH", "LIST", "LSUB", "STATUS", "ENABLED", "ID", "NAMESPACE":
	default:
		if r.Tag == "*" {
			c.odd([]byte(r.Name), "response that no standard knows")
		}
	}
}

// vanished is RFC 7162 section 3.2.10: VANISHED [(EARLIER)] set.
func (c *Client) vanished(args []Value) {
	earlier := len(args) > 0 && args[0].Kind == List
	if earlier {
		args = args[1:]
	}
	if len(args) == 0 {
		c.odd([]byte("* VANISHED"), "no UIDs in it")
		return
	}
	s, ok := parseSet(args[0].Text())
	if !ok {
		c.odd([]byte("* VANISHED "+args[0].Text()), "not a set of UIDs")
	}
	if len(c.events.Gone) < maxChanged {
		c.events.Gone = append(c.events.Gone, s...)
	}
	if earlier {
		return
	}
	for _, r := range s {
		n := r.To - r.From + 1
		c.events.Exists -= min(n, c.events.Exists)
	}
}
