package calsync

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"dottedline/ical"
	"dottedline/internal/testrig"
)

// server is a real CalDAV server with a calendar "work" on it.
type server struct {
	name, base string
	opts       Options
	calendar   string // URL of the collection
}

func options() Options {
	return Options{AllowPrivate: true, Timeout: 5 * time.Second, Authorize: Basic("sam", "secret")}
}

// servers starts both servers for one test.
func servers(t *testing.T) []*server {
	t.Helper()
	out := []*server{{name: "Radicale", base: testrig.Radicale(t)}, {name: "Xandikos", base: testrig.Xandikos(t)}}
	for i, s := range out {
		s.opts = options()
		s.calendar = s.base + "/sam/"
		out[i] = s.collection(t, "Work")
	}
	return out
}

// collection makes a calendar beside that of s.
func (s *server) collection(t *testing.T, name string) *server {
	t.Helper()
	to := *s
	to.calendar = s.calendar[:strings.Index(s.calendar, "/sam/")+5]
	if s.name == "Xandikos" {
		to.calendar += "calendars/"
	}
	to.calendar += strings.ToLower(name) + "/"
	s.raw(t, "MKCALENDAR", to.calendar, `<?xml version="1.0"?><C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop><D:displayname>`+name+`</D:displayname></D:prop></D:set></C:mkcalendar>`)
	return &to
}

// raw sends what another program would.
func (s *server) raw(t *testing.T, method, url, body string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth("sam", "secret")
	r.Header.Set("Content-Type", "text/calendar; charset=utf-8")
	if strings.HasPrefix(body, "<") {
		r.Header.Set("Content-Type", "application/xml; charset=utf-8")
	}
	p, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	p.Body.Close()
	if p.StatusCode >= 300 {
		t.Fatalf("%s: %s %s: %s", s.name, method, url, p.Status)
	}
}

func (s *server) put(t *testing.T, uid string, lines ...string) {
	t.Helper()
	s.raw(t, "PUT", ObjectURL(s.calendar, uid), object(uid, lines...))
}

func (s *server) client(t *testing.T, base string) *Client {
	t.Helper()
	c, err := NewClient(base, s.opts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func object(uid string, lines ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:" + uid + "\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:" + uid + "\r\n" +
		strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}

// memory keeps calendars as a store would.
type memory struct {
	mu      sync.Mutex
	known   map[string]Known
	states  map[string]State
	objects map[string]map[string][]byte
}

func newMemory() *memory {
	return &memory{known: map[string]Known{}, states: map[string]State{}, objects: map[string]map[string][]byte{}}
}

func (m *memory) Known(_ context.Context, id string) (Known, State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.known[id]
	k.ETags = maps.Clone(k.ETags)
	return k, m.states[id], nil
}

func (m *memory) Keep(_ context.Context, id string, d Delta, replace bool, s State) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.known[id]
	if replace || k.ETags == nil {
		k.ETags = map[string]string{}
		m.objects[id] = map[string][]byte{}
	}
	k.Token, k.CTag = d.Token, d.CTag
	for _, o := range d.Changed {
		k.ETags[o.Path] = o.ETag
		m.objects[id][o.Path] = o.Raw
	}
	for _, p := range d.Gone {
		delete(k.ETags, p)
		delete(m.objects[id], p)
	}
	m.known[id], m.states[id] = k, s
	return nil
}

func (m *memory) Failed(_ context.Context, id string, s State) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.states[id] = s
	return nil
}

// source is the calendar as free time is asked of it.
func (m *memory) source(id string, maxAge time.Duration) ical.Source {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.states[id].Source(id, maxAge)
	for p, raw := range m.objects[id] {
		s.Add(p, raw)
	}
	return s
}

func (m *memory) uids(id string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for p := range m.objects[id] {
		p = p[strings.LastIndex(p, "/")+1:]
		out = append(out, strings.TrimSuffix(p, ".ics"))
	}
	return fmt.Sprint(sorted(out))
}

var discard = log.New(io.Discard, "", 0)

func newSyncer(h Host) *Syncer {
	return &Syncer{Host: h, Log: slog.New(slog.DiscardHandler), Limit: 20 * time.Second}
}

// readBody reads a request and puts its body back.
func readBody(r *http.Request) string {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(b))
	return string(b)
}
