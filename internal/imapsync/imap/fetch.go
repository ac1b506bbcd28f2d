package imap

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"
)

// Message is what a FETCH tells of one message; what it does not tell is zero.
type Message struct {
	UID      uint32
	Flags    []string
	Internal time.Time // when the server got it
	Size     int64     // bytes as the server counts them; some count wrong
	ModSeq   uint64
	Body     []byte
	HasBody  bool // false when the server gave none, or one longer than MaxLiteral
}

// ErrUnnamed says that messages came without their UIDs: ask for one at a time.
var ErrUnnamed = errors.New("message without its UID")

// Fetch reads messages one after the other, each whole in memory while fn has
// it and no longer. items are FETCH's, for instance "FLAGS BODY.PEEK[]"; UID
// is always among them. An error of fn stops further calls, and is returned
// after the server has said all; so is ErrUnnamed.
func (c *Client) Fetch(ctx context.Context, set Set, items string, fn func(Message) error) error {
	if len(set) == 0 {
		return nil
	}
	var failed error
	_, err := c.command(ctx, "UID FETCH "+set.String()+" (UID "+items+")", func(r Response) bool {
		if r.Name != "FETCH" {
			return false
		}
		only := uint32(0)
		if len(set) == 1 && set[0].From == set[0].To {
			only = set[0].From
		}
		m, ok := c.message(r, only)
		if ok && m.UID == 0 && m.HasBody {
			failed = cmp.Or(failed, ErrUnnamed)
		}
		if !ok || !set.Has(m.UID) { // flags of some other message, told in between
			return m.HasBody
		}
		if failed == nil {
			failed = fn(m)
		}
		return true
	})
	if err != nil {
		return err
	}
	return failed
}

// message reads the pairs of a FETCH. Items that we do not know are passed
// over one by one, so that an odd number of them does no harm. only is the UID
// meant when the server leaves it out.
func (c *Client) message(r Response, only uint32) (m Message, ok bool) {
	if len(r.Args) == 0 || r.Args[0].Kind != List {
		c.odd([]byte("* FETCH"), "no list of items")
		return m, false
	}
	items := r.Args[0].List
	for i := 0; i+1 < len(items); i++ {
		v := items[i+1]
		switch name := items[i].upper(); {
		case name == "UID":
			n, isNum := v.uint()
			if !isNum || n == 0 || n > 1<<32-1 {
				c.odd(v.B, "not a UID")
				continue
			}
			m.UID = uint32(n)
		case name == "FLAGS" && v.Kind == List:
			for _, f := range v.List {
				m.Flags = append(m.Flags, f.Text())
			}
		case name == "INTERNALDATE":
			m.Internal = c.internalDate(v.Text())
		case name == "RFC822.SIZE":
			n, _ := v.uint()
			m.Size = int64(min(n, 1<<62))
		case name == "MODSEQ" && v.Kind == List && len(v.List) == 1:
			m.ModSeq, _ = v.List[0].uint()
		case strings.HasPrefix(name, "BODY[") || name == "RFC822" || name == "RFC822.HEADER":
			m.HasBody = v.Kind == String
			m.Body = v.B
			if v.Kind == Skipped {
				m.Size = max(m.Size, v.N)
			}
		default:
			continue
		}
		i++
	}
	if m.UID == 0 && only > 0 && m.HasBody {
		c.odd([]byte("* FETCH"), "message without its UID")
		m.UID = only
	}
	return m, true
}

func (c *Client) internalDate(s string) time.Time {
	if t, err := time.Parse("2-Jan-2006 15:04:05 -0700", strings.TrimSpace(s)); err == nil {
		return t
	}
	c.odd([]byte(s), "not a date")
	return time.Time{}
}
