package calsync

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Collection is one calendar that a server offers.
type Collection struct {
	URL      string
	Name     string
	Color    string // as the server gives it, "#ff0000ff"
	Writable bool
	// Blocks is what the server says of it: false when its events are meant not
	// to make busy (RFC 6638 section 9.1). The member may say otherwise.
	Blocks bool
}

// ErrNoCalendars says that nothing at the address is a CalDAV calendar.
var ErrNoCalendars = errors.New("no calendars were found at this address")

const collectionProps = `<D:resourcetype/><D:displayname/><A:calendar-color/><D:current-user-privilege-set/>` +
	`<C:supported-calendar-component-set/><C:schedule-calendar-transp/>`

// Discover finds the calendars behind the address that the member gave: the
// address itself, or the home of the principal that it, /.well-known/caldav
// (RFC 6764) or the root of the server names.
func (c *Client) Discover(ctx context.Context) ([]Collection, error) {
	wellKnown := c.base.ResolveReference(&url.URL{Path: "/.well-known/caldav"})
	root := c.base.ResolveReference(&url.URL{Path: "/"})
	var first error
	for _, u := range []*url.URL{c.base, wellKnown, root} {
		out, err := c.discoverAt(ctx, u)
		if len(out) > 0 {
			return out, nil
		}
		if first == nil || errors.Is(first, ErrNoCalendars) && !errors.Is(err, ErrNoCalendars) {
			first = err
		}
		var s *StatusError
		if err != nil && !errors.As(err, &s) && !errors.Is(err, ErrNoCalendars) && !errors.Is(err, errAnswer) && !errors.Is(err, errElsewhere) {
			break // nobody there: asking again at another path gives nothing new
		}
		if s != nil && s.Code == 401 {
			break
		}
	}
	return nil, fmt.Errorf("find calendars: %w", first)
}

func (c *Client) discoverAt(ctx context.Context, u *url.URL) ([]Collection, error) {
	m, at, err := c.propfind(ctx, u, "0", `<D:current-user-principal/><C:calendar-home-set/>`+collectionProps)
	if err != nil {
		return nil, err
	}
	var homes, principals []string
	for _, r := range m.Responses {
		p := r.found()
		if p == nil {
			continue
		}
		if p.Type.Calendar != nil {
			return c.collections(m, at)
		}
		homes = append(homes, p.Homes.List...)
		principals = append(principals, p.Principal.List...)
	}
	if len(homes) == 0 {
		if homes, at, err = c.homes(ctx, at, principals); err != nil {
			return nil, err
		}
	}
	var out []Collection
	for _, h := range homes {
		u, err := c.resolve(at, h)
		if err != nil {
			return nil, err
		}
		m, from, err := c.propfind(ctx, u, "1", collectionProps)
		if err != nil {
			return nil, err
		}
		found, err := c.collections(m, from)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	if len(out) == 0 {
		return nil, ErrNoCalendars
	}
	return out, nil
}

func (c *Client) homes(ctx context.Context, at *url.URL, principals []string) ([]string, *url.URL, error) {
	for _, p := range principals {
		u, err := c.resolve(at, p)
		if err != nil {
			return nil, nil, err
		}
		m, from, err := c.propfind(ctx, u, "0", `<C:calendar-home-set/>`)
		if err != nil {
			return nil, nil, err
		}
		for _, r := range m.Responses {
			if p := r.found(); p != nil && len(p.Homes.List) > 0 {
				return p.Homes.List, from, nil
			}
		}
	}
	return nil, at, nil
}

// collections picks the calendars that can hold events.
func (c *Client) collections(m *multistatus, at *url.URL) ([]Collection, error) {
	var out []Collection
	for _, r := range m.Responses {
		p := r.found()
		if p == nil || p.Type.Calendar == nil {
			continue
		}
		events := len(p.Parts) == 0
		for _, x := range p.Parts {
			events = events || strings.EqualFold(x.Name, "VEVENT")
		}
		if !events {
			continue
		}
		u, err := c.resolve(at, r.Href)
		if err != nil {
			return nil, err
		}
		col := Collection{URL: u.String(), Name: strings.TrimSpace(p.Name), Color: p.Color, Writable: p.Rights == nil, Blocks: p.Shows.Transparent == nil}
		if col.Name == "" {
			parts := strings.Split(strings.Trim(u.Path, "/"), "/")
			col.Name = parts[len(parts)-1]
		}
		if p.Rights != nil {
			for _, x := range p.Rights.List {
				col.Writable = col.Writable || x.All != nil || x.Write != nil || x.WriteContent != nil && x.Bind != nil
			}
		}
		out = append(out, col)
	}
	slices.SortFunc(out, func(a, b Collection) int { return strings.Compare(a.Name+a.URL, b.Name+b.URL) })
	return out, nil
}
