package imap

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Append stores a message in a folder (RFC 3501 section 6.3.11). The UID that
// it got is 0 when the server does not tell (RFC 4315).
func (c *Client) Append(ctx context.Context, wire string, flags []string, internal time.Time, raw []byte) (uid uint32, err error) {
	args := ""
	if len(flags) > 0 {
		args = " (" + strings.Join(flags, " ") + ")"
	}
	if !internal.IsZero() {
		args += internal.Format(` "_2-Jan-2006 15:04:05 -0700"`)
	}
	lits := []literal{{raw, ""}}
	line := "APPEND "
	if q, ok := quote(wire); ok {
		line += q + args + " "
	} else {
		lits = []literal{{[]byte(wire), args + " "}, lits[0]}
	}
	r, err := c.command(ctx, line, nil, lits...)
	if err == nil && r.Code == "APPENDUID" {
		var validity uint32
		fmt.Sscan(r.Rest, &validity, &uid)
	}
	return uid, err
}
