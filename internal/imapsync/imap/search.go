package imap

import (
	"context"
	"slices"
)

// maxUIDs bounds how many UIDs a search may return.
const maxUIDs = 8 << 20

// Search lists the UIDs that match, in rising order (RFC 3501 section 6.4.4).
// criteria is the text behind UID SEARCH; use Quote for what came from people.
func (c *Client) Search(ctx context.Context, criteria string) ([]uint32, error) {
	cmd := "UID SEARCH "
	if c.caps["ESEARCH"] { // RFC 4731: ranges, a fraction of the bytes
		cmd += "RETURN (ALL) "
	}
	var out []uint32
	_, err := c.command(ctx, cmd+criteria, func(r Response) bool {
		switch r.Name {
		case "SEARCH":
			for _, a := range r.Args {
				if n, ok := a.uint(); ok && n > 0 && n <= 1<<32-1 && len(out) < maxUIDs {
					out = append(out, uint32(n))
				} else if a.Kind == Atom {
					c.odd(a.B, "not a UID")
				}
			}
			return true
		case "ESEARCH":
			out = append(out, c.esearch(r.Args)...)
			return true
		}
		return false
	})
	slices.Sort(out)
	return slices.Compact(out), err
}

func (c *Client) esearch(args []Value) []uint32 {
	for i := 0; i+1 < len(args); i++ {
		if args[i].upper() == "ALL" {
			s, ok := parseSet(args[i+1].Text())
			if !ok {
				c.odd(args[i+1].B, "not a set of UIDs")
			}
			return s.uids(maxUIDs)
		}
	}
	return nil
}

// Quote writes a search's text as a quoted string; characters that such a
// string cannot hold are left out.
func Quote(s string) string {
	b := []byte(s)
	b = slices.DeleteFunc(b, func(c byte) bool { return c < 0x20 || c >= 0x7f })
	q, _ := quote(string(b))
	return q
}
