package calsync

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"net/http/httptest"
)

func sorted(s []string) []string {
	slices.Sort(s)
	return s
}

func TestDiscover(t *testing.T) {
	t.Parallel()
	for _, s := range servers(t) {
		for _, from := range []string{s.base, s.base + "/sam/", s.calendar} {
			found, err := s.client(t, from).Discover(t.Context())
			if err != nil {
				t.Errorf("%s from %s: %v", s.name, from, err)
				continue
			}
			i := slices.IndexFunc(found, func(c Collection) bool { return c.URL == s.calendar })
			if i < 0 || found[i].Name != "Work" || !found[i].Writable || !found[i].Blocks {
				t.Errorf("%s from %s: found %+v", s.name, from, found)
			}
		}
	}
}

func TestDiscoverNothing(t *testing.T) {
	t.Parallel()
	s := servers(t)[0]
	wrong := s.opts
	wrong.Authorize = Basic("sam", "guess")
	c, err := NewClient(s.base, wrong)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Discover(t.Context()); Plain(err) != "The calendar server refuses the name or the password." {
		t.Errorf("a wrong password: %v", err)
	}
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>Welcome") }))
	defer page.Close()
	if found, err := s.client(t, page.URL).Discover(t.Context()); err == nil {
		t.Errorf("calendars on a web page: %v", found)
	}
}

// TestNoLostUpdate writes beside another program and never over it.
func TestNoLostUpdate(t *testing.T) {
	t.Parallel()
	for _, s := range servers(t) {
		c, at := s.client(t, s.base), ObjectURL(s.calendar, "meet-1@example.com")
		v1 := object("meet-1@example.com", "DTSTART:20261201T090000Z", "DURATION:PT1H")
		v2 := strings.Replace(v1, "PT1H", "PT2H", 1)
		if _, err := c.Put(t.Context(), at, []byte(v1), ""); err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if _, err := c.Put(t.Context(), at, []byte(v2), ""); !errors.Is(err, ErrConflict) {
			t.Errorf("%s: made twice: %v", s.name, err)
		}
		o, err := c.Get(t.Context(), at)
		if err != nil || o.ETag == "" || !strings.Contains(string(o.Raw), "PT1H") {
			t.Fatalf("%s: %+v, %v", s.name, o, err)
		}
		s.raw(t, "PUT", at, strings.Replace(v1, "PT1H", "PT3H", 1)) // another program
		if _, err := c.Put(t.Context(), at, []byte(v2), o.ETag); !errors.Is(err, ErrConflict) {
			t.Errorf("%s: written over another's change: %v", s.name, err)
		}
		if err := c.Delete(t.Context(), at, o.ETag); !errors.Is(err, ErrConflict) {
			t.Errorf("%s: another's change deleted: %v", s.name, err)
		}
		if o, err = c.Get(t.Context(), at); err != nil || !strings.Contains(string(o.Raw), "PT3H") {
			t.Errorf("%s: %+v, %v", s.name, o, err)
		}
		if _, err := c.Put(t.Context(), at, []byte(v2), o.ETag); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		o, _ = c.Get(t.Context(), at)
		for range 2 { // the second finds nothing, which is fine
			if err := c.Delete(t.Context(), at, o.ETag); err != nil {
				t.Errorf("%s: %v", s.name, err)
			}
		}
		if _, err := c.Get(t.Context(), at); err == nil {
			t.Errorf("%s: still there", s.name)
		}
	}
}

// TestSync follows a calendar through changes, with a server's own
// sync-collection, without it, and without multiget too.
func TestSync(t *testing.T) {
	t.Parallel()
	for _, s := range servers(t) {
		for _, without := range []string{"nothing", "sync-collection", "multiget"} {
			var reports, gets atomic.Int64
			front := proxy(t, s.base, func(w http.ResponseWriter, r *http.Request, body string) bool {
				if r.Method == "GET" {
					gets.Add(1)
				}
				if strings.Contains(body, "sync-collection") && without != "nothing" || strings.Contains(body, "multiget") && without == "multiget" {
					http.Error(w, "not here", http.StatusMethodNotAllowed)
					return true
				}
				if strings.Contains(body, "multiget") {
					reports.Add(1)
				}
				return false
			})
			name := s.name + " without " + without
			m := newMemory()
			sync := newSyncer(m)
			cal := Calendar{ID: "work", URL: strings.Replace(s.calendar, s.base, front, 1), Options: s.opts}
			step := func(want string) {
				t.Helper()
				st, err := sync.Sync(context.Background(), cal)
				if err != nil || st.Error != "" {
					t.Fatalf("%s: %v %+v", name, err, st)
				}
				if got := m.uids("work"); got != want {
					t.Fatalf("%s: have %s, want %s", name, got, want)
				}
			}
			s.put(t, "a", "DTSTART:20261201T090000Z")
			s.put(t, "b", "DTSTART:20261202T090000Z", "ATTENDEE;CN=\"Köln, Anna\":mailto:anna@example.com")
			step("[a b]")
			before := reports.Load() + gets.Load()
			step("[a b]")
			if reports.Load()+gets.Load() != before {
				t.Errorf("%s: nothing new, but objects were read again", name)
			}
			s.put(t, "c", "DTSTART:20261203T090000Z")
			s.put(t, "a", "DTSTART:20261201T100000Z")
			s.raw(t, "DELETE", ObjectURL(s.calendar, "b"), "")
			step("[a c]")
			if raw := string(m.objects["work"][path(mustURL(ObjectURL(s.calendar, "a")))]); !strings.Contains(raw, "T100000Z") {
				t.Errorf("%s: the change of a is missing: %s", name, raw)
			}
			k := m.known["work"]
			if (k.Token != "") != (without == "nothing") {
				t.Errorf("%s: token %q", name, k.Token)
			}
			// A token that the server has forgotten.
			if k.Token != "" {
				k.Token = "http://example.com/ns/sync/nonsense"
				m.known["work"] = k
				s.raw(t, "DELETE", ObjectURL(s.calendar, "c"), "")
				step("[a]")
			} else {
				s.raw(t, "DELETE", ObjectURL(s.calendar, "c"), "")
				step("[a]")
			}
			s.raw(t, "DELETE", ObjectURL(s.calendar, "a"), "")
			step("[]")
		}
	}
}

func mustURL(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil {
		panic(err)
	}
	return u
}

// proxy stands before a real server. fault may answer itself, and says so.
func proxy(t *testing.T, to string, fault func(w http.ResponseWriter, r *http.Request, body string) bool) string {
	t.Helper()
	p := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(mustURL(to)); r.Out.Host = r.In.Host }}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := readBody(r)
		if !fault(w, r, body) {
			p.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}
