package calsync

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Known is what is kept of a collection from the last time.
type Known struct {
	Token string            // of sync-collection, "" without one
	CTag  string            // of servers without sync-collection
	ETags map[string]string // by Object.Path
}

// Object is one calendar object, byte for byte as the server gave it.
type Object struct {
	Path string
	ETag string
	Raw  []byte
}

// Delta is what has changed since Known.
type Delta struct {
	Token, CTag string
	Changed     []Object // new ones too
	Gone        []string // paths
}

const (
	batch    = 50      // objects of one multiget
	maxRound = 100     // parts of one sync-collection
	maxKnown = 200_000 // objects of one collection
)

// Changes reads what is new in a collection. With whole set it trusts no token
// and compares everything; otherwise it asks for the changes since the token
// and falls back to comparing where the server cannot tell them.
func (c *Client) Changes(ctx context.Context, collection string, known Known, whole bool) (Delta, error) {
	u, err := c.resolve(c.base, collection)
	if err != nil {
		return Delta{}, fmt.Errorf("read calendar: %w", err)
	}
	d, err := c.changes(ctx, u, known, whole)
	if err != nil {
		return Delta{}, fmt.Errorf("read calendar: %w", err)
	}
	return d, nil
}

func (c *Client) changes(ctx context.Context, u *url.URL, known Known, whole bool) (Delta, error) {
	if known.Token != "" && !whole {
		l, err := c.since(ctx, u, known.Token)
		if err == nil {
			return c.fetch(ctx, u, l, known)
		}
		// Xandikos fails with 500 on a token that it does not know.
		var status *StatusError
		if !errors.As(err, &status) || !refused(err) && status.Code != http.StatusInternalServerError {
			return Delta{}, err
		}
	}
	// From nothing: the token must be older than the listing, so that whatever
	// changes between the two is told again next time.
	l, err := c.since(ctx, u, "")
	if err != nil {
		if !refused(err) {
			return Delta{}, err
		}
		if l, err = c.listing(ctx, u, known, whole); err != nil || l.same {
			return Delta{CTag: l.ctag}, err
		}
	}
	for p := range known.ETags {
		if _, here := l.etags[p]; !here {
			l.gone = append(l.gone, p)
		}
	}
	return c.fetch(ctx, u, l, known)
}

// refused says that the server does not do what was asked, or not with this
// token: RFC 6578 section 3.2, and what servers without it answer.
func refused(err error) bool {
	var s *StatusError
	if !errors.As(err, &s) {
		return false
	}
	switch s.Code {
	case 400, 403, 404, 405, 409, 412, 415, 422, 501, 507:
		return true
	}
	return false
}

// list is what a server says is in a collection, or has changed in it.
type list struct {
	token, ctag string
	etags       map[string]string // path → ETag, "" where it is not told
	gone        []string
	same        bool // nothing has changed at all
}

// since asks for the changes since a token, or for everything.
func (c *Client) since(ctx context.Context, u *url.URL, token string) (list, error) {
	l := list{token: token, etags: map[string]string{}}
	for range maxRound {
		m, at, err := c.report(ctx, "REPORT", u, "0", `<D:sync-collection `+namespaces+`><D:sync-token>`+escaped(l.token)+
			`</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/><D:resourcetype/></D:prop></D:sync-collection>`)
		if err != nil {
			return l, err
		}
		more, err := c.note(&l, m, at)
		if err != nil {
			return l, err
		}
		if m.Token == "" {
			return l, fmt.Errorf("%w: no sync-token", errAnswer)
		}
		stuck := m.Token == l.token
		if l.token = m.Token; !more {
			return l, nil
		}
		if stuck {
			break
		}
	}
	return l, fmt.Errorf("%w: the changes do not end", errAnswer)
}

// note takes over the members that an answer lists. more says that the server
// has cut it (RFC 6578 section 3.6).
func (c *Client) note(l *list, m *multistatus, at *url.URL) (more bool, err error) {
	for _, r := range m.Responses {
		u, err := c.resolve(at, r.Href)
		if err != nil {
			return false, err
		}
		p := path(u)
		if strings.TrimSuffix(p, "/") == strings.TrimSuffix(path(at), "/") {
			more = more || code(r.Status) == http.StatusInsufficientStorage
			continue
		}
		found := r.found()
		switch status := code(r.Status); {
		case status == http.StatusNotFound || status == http.StatusGone:
			delete(l.etags, p)
			l.gone = append(l.gone, p)
		case status >= 300:
			return false, fmt.Errorf("%w: %s for %s", errAnswer, r.Status, p)
		case found == nil:
			// Listed without a readable property: looked at all the same.
			l.etags[p] = ""
		case found.Type.Collection == nil && !strings.HasSuffix(p, "/"):
			l.etags[p] = found.ETag
		}
		if len(l.etags)+len(l.gone) > maxKnown {
			return false, errTooLarge
		}
	}
	return more, nil
}

// listing compares the CTag and, when that has changed, lists all ETags.
func (c *Client) listing(ctx context.Context, u *url.URL, known Known, whole bool) (list, error) {
	l := list{etags: map[string]string{}}
	m, _, err := c.propfind(ctx, u, "0", `<S:getctag/><D:resourcetype/>`)
	if err != nil {
		return l, err
	}
	isCalendar := false
	for _, r := range m.Responses {
		if p := r.found(); p != nil {
			l.ctag = p.CTag
			isCalendar = isCalendar || p.Type.Calendar != nil
		}
	}
	if !isCalendar {
		return l, ErrNoCalendars
	}
	if l.ctag != "" && l.ctag == known.CTag && !whole {
		l.same = true
		return l, nil
	}
	m, at, err := c.propfind(ctx, u, "1", `<D:getetag/><D:resourcetype/>`)
	if err != nil {
		return l, err
	}
	more, err := c.note(&l, m, at)
	if err == nil && more {
		err = fmt.Errorf("%w: the listing is cut", errAnswer)
	}
	return l, err
}

// fetch reads the objects of a list that are not known as they are.
func (c *Client) fetch(ctx context.Context, u *url.URL, l list, known Known) (Delta, error) {
	d := Delta{Token: l.token, CTag: l.ctag}
	for _, p := range l.gone {
		if _, back := l.etags[p]; !back {
			d.Gone = append(d.Gone, p)
		}
	}
	var want []string
	for p, etag := range l.etags {
		if was, ok := known.ETags[p]; !ok || etag == "" || was != etag {
			want = append(want, p)
		}
	}
	multiget := true
	var size int64
	for len(want) > 0 {
		n := min(batch, len(want))
		objects, gone, err := c.get(ctx, u, want[:n], &multiget)
		if err != nil {
			return Delta{}, err
		}
		for i := range objects {
			o := &objects[i]
			size += int64(len(o.Raw))
			if o.ETag == "" { // perhaps older than the content: it is then read once more
				o.ETag = l.etags[o.Path]
			}
		}
		if size > 4*c.MaxBody {
			return Delta{}, errTooLarge
		}
		d.Changed = append(d.Changed, objects...)
		d.Gone = append(d.Gone, gone...)
		want = want[n:]
	}
	return d, nil
}

// get reads objects by multiget (RFC 4791 section 7.9), or one by one where the
// server refuses that. Every one comes back or is gone; else it is an error.
func (c *Client) get(ctx context.Context, u *url.URL, paths []string, multiget *bool) (out []Object, gone []string, err error) {
	if *multiget {
		out, gone, err = c.multiget(ctx, u, paths)
		if err == nil || !refused(err) {
			return out, gone, err
		}
		*multiget = false
	}
	out, gone = nil, nil
	for _, p := range paths {
		o, err := c.Get(ctx, p)
		var s *StatusError
		if errors.As(err, &s) && (s.Code == http.StatusNotFound || s.Code == http.StatusGone) {
			gone = append(gone, p)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		out = append(out, o)
	}
	return out, gone, nil
}

func (c *Client) multiget(ctx context.Context, u *url.URL, paths []string) (out []Object, gone []string, err error) {
	var b strings.Builder
	b.WriteString(`<C:calendar-multiget ` + namespaces + `><D:prop><D:getetag/><C:calendar-data/></D:prop>`)
	open := map[string]bool{}
	for _, p := range paths {
		open[p] = true
		b.WriteString("<D:href>" + escaped(p) + "</D:href>")
	}
	b.WriteString(`</C:calendar-multiget>`)
	m, at, err := c.report(ctx, "REPORT", u, "1", b.String())
	if err != nil {
		return nil, nil, err
	}
	for _, r := range m.Responses {
		u, err := c.resolve(at, r.Href)
		if err != nil {
			return nil, nil, err
		}
		p := path(u)
		if !open[p] {
			continue
		}
		switch found := r.found(); {
		case found != nil && found.Data != nil:
			out = append(out, Object{p, found.ETag, []byte(*found.Data)})
		case code(r.Status) == http.StatusNotFound || code(r.Status) == http.StatusGone:
			gone = append(gone, p)
		default:
			return nil, nil, fmt.Errorf("%w: no content for %s", errAnswer, p)
		}
		delete(open, p)
	}
	for p := range open {
		return nil, nil, fmt.Errorf("%w: %s was left out", errAnswer, p)
	}
	return out, gone, nil
}
