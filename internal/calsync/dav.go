package calsync

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Client speaks CalDAV (RFC 4791) with WebDAV sync (RFC 6578) to one server.
type Client struct {
	*web
	base *url.URL
}

// NewClient makes a client for the address that a member gave.
func NewClient(address string, o Options) (*Client, error) {
	u, err := webAddress(address)
	if err != nil {
		return nil, err
	}
	return &Client{newWeb(o), u}, nil
}

func webAddress(s string) (*url.URL, error) {
	s = strings.TrimSpace(s)
	for _, p := range []string{"webcal://", "webcals://"} {
		if rest, ok := strings.CutPrefix(s, p); ok {
			s = "https://" + rest
		}
	}
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("not a web address: %q", s)
	}
	return u, nil
}

type multistatus struct {
	XMLName   xml.Name   `xml:"DAV: multistatus"`
	Token     string     `xml:"DAV: sync-token"`
	Responses []response `xml:"DAV: response"`
}

type response struct {
	Href   string     `xml:"DAV: href"`
	Status string     `xml:"DAV: status"`
	Stats  []propstat `xml:"DAV: propstat"`
}

type propstat struct {
	Status string `xml:"DAV: status"`
	Prop   props  `xml:"DAV: prop"`
}

type props struct {
	ETag      string   `xml:"DAV: getetag"`
	Data      *string  `xml:"urn:ietf:params:xml:ns:caldav calendar-data"`
	CTag      string   `xml:"http://calendarserver.org/ns/ getctag"`
	Token     string   `xml:"DAV: sync-token"`
	Name      string   `xml:"DAV: displayname"`
	Color     string   `xml:"http://apple.com/ns/ical/ calendar-color"`
	Principal hrefs    `xml:"DAV: current-user-principal"`
	Homes     hrefs    `xml:"urn:ietf:params:xml:ns:caldav calendar-home-set"`
	Type      resource `xml:"DAV: resourcetype"`
	Parts     []struct {
		Name string `xml:"name,attr"`
	} `xml:"urn:ietf:params:xml:ns:caldav supported-calendar-component-set>comp"`
	Rights *struct {
		List []struct {
			All          *struct{} `xml:"DAV: all"`
			Write        *struct{} `xml:"DAV: write"`
			WriteContent *struct{} `xml:"DAV: write-content"`
			Bind         *struct{} `xml:"DAV: bind"`
		} `xml:"DAV: privilege"`
	} `xml:"DAV: current-user-privilege-set"`
	Shows struct {
		Transparent *struct{} `xml:"urn:ietf:params:xml:ns:caldav transparent"`
	} `xml:"urn:ietf:params:xml:ns:caldav schedule-calendar-transp"`
}

type hrefs struct {
	List []string `xml:"DAV: href"`
}

type resource struct {
	Collection *struct{} `xml:"DAV: collection"`
	Calendar   *struct{} `xml:"urn:ietf:params:xml:ns:caldav calendar"`
}

// found gives the properties that the server has, nil when it has none.
func (r response) found() *props {
	for i := range r.Stats {
		if code(r.Stats[i].Status) == http.StatusOK {
			return &r.Stats[i].Prop
		}
	}
	return nil
}

// code reads "HTTP/1.1 404 Not Found", 0 when it cannot.
func code(status string) (n int) {
	_, rest, _ := strings.Cut(status, " ")
	fmt.Sscanf(rest, "%d", &n)
	return n
}

const namespaces = `xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:S="http://calendarserver.org/ns/" xmlns:A="http://apple.com/ns/ical/"`

var errAnswer = errors.New("the answer cannot be understood")

// report sends a PROPFIND or REPORT and reads the multistatus.
func (c *Client) report(ctx context.Context, method string, u *url.URL, depth, body string) (*multistatus, *url.URL, error) {
	a, err := c.do(ctx, request{method: method, url: u, body: []byte(`<?xml version="1.0" encoding="utf-8"?>` + body),
		header: map[string]string{"Depth": depth, "Content-Type": "application/xml; charset=utf-8"}})
	if err != nil {
		return nil, nil, err
	}
	if a.code != http.StatusMultiStatus {
		return nil, nil, fmt.Errorf("%s %s: %w: %d for 207", method, u.Redacted(), errAnswer, a.code)
	}
	var m multistatus
	d := xml.NewDecoder(bytes.NewReader(a.body))
	err = d.Decode(&m)
	if err == nil { // and nothing after it
		if _, end := d.Token(); end != io.EOF {
			err = errors.New("it goes on after its end")
		}
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s %s: %w: %w", method, u.Redacted(), errAnswer, err)
	}
	return &m, a.url, nil
}

func (c *Client) propfind(ctx context.Context, u *url.URL, depth, wanted string) (*multistatus, *url.URL, error) {
	return c.report(ctx, "PROPFIND", u, depth, `<D:propfind `+namespaces+`><D:prop>`+wanted+`</D:prop></D:propfind>`)
}

// resolve makes an address of an href, which must stay on the site.
func (c *Client) resolve(at *url.URL, href string) (*url.URL, error) {
	u, err := at.Parse(strings.TrimSpace(href))
	if err != nil || href == "" {
		return nil, fmt.Errorf("%w: href %q", errAnswer, href)
	}
	if !sameSite(c.base, u) {
		return nil, fmt.Errorf("%s: %w", u.Redacted(), errElsewhere)
	}
	return u, nil
}

// path is the one way that an object is named, however the server escapes it.
func path(u *url.URL) string {
	if strings.Contains(strings.ToLower(u.RawPath), "%2f") {
		return u.RawPath
	}
	return (&url.URL{Path: u.Path}).EscapedPath()
}

func escaped(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s))
	return b.String()
}
