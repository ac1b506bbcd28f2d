package calsync

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dottedline/ical"
)

func TestFeed(t *testing.T) {
	t.Parallel()
	ics, etag, full := object("a", "DTSTART:20261201T090000Z"), `"1"`, 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		full++
		fmt.Fprint(w, ics)
	}))
	defer s.Close()
	m := newMemory()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	sync := newSyncer(m)
	sync.Now = func() time.Time { return now }
	cal := Calendar{ID: "feed", URL: s.URL + "/sam.ics", ICS: true, Options: Options{AllowPrivate: true}}
	step := func(want string, reads int) {
		t.Helper()
		now = now.Add(time.Hour)
		st, err := sync.Sync(context.Background(), cal)
		if err != nil || st.Error != "" || !st.Read.Equal(now) {
			t.Fatalf("%+v, %v", st, err)
		}
		if got := string(m.objects["feed"]["feed.ics"]); !strings.Contains(got, want) || full != reads {
			t.Fatalf("read %d times: %s", full, got)
		}
	}
	step("UID:a", 1)
	step("UID:a", 1)
	ics, etag = object("b", "DTSTART:20261201T090000Z"), `"2"`
	step("UID:b", 2)
	s.Close()
	if st, err := sync.Sync(context.Background(), cal); err != nil || st.Error != "The calendar server cannot be reached." || st.Failures != 1 || !st.Read.Equal(now) {
		t.Errorf("%+v, %v", st, err)
	}
}

func TestFeedLimits(t *testing.T) {
	t.Parallel()
	answers := map[string]http.HandlerFunc{
		"/page":  func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>Please log in</html>") },
		"/empty": func(http.ResponseWriter, *http.Request) {},
		"/gone":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) },
		"/same":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) },
		"/short": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5000")
			fmt.Fprint(w, object("a", "DTSTART:20261201T090000Z"))
		},
		"/slow": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil { // a little at a time, for ever
				fmt.Fprint(w, "X")
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		},
		"/huge": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write([]byte(strings.Repeat("X-A:B\r\n", 1000))); err != nil {
					return
				}
			}
		},
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answers[r.URL.Path](w, r) }))
	defer s.Close()
	for p, want := range map[string]string{
		"/page": "cannot be understood", "/empty": "cannot be understood", "/gone": "not there any more", "/same": "cannot be understood",
		"/short": "cannot be understood", "/slow": "did not answer in time", "/huge": "too large",
	} {
		start := time.Now()
		f, err := ReadFeed(t.Context(), s.URL+p, Feed{}, Options{AllowPrivate: true, Timeout: time.Second, MaxBody: 1 << 20})
		if err == nil || !strings.Contains(Plain(err), want) {
			t.Errorf("%s: %+v, %v (%s)", p, f, err, Plain(err))
		}
		if d := time.Since(start); d > 4*time.Second {
			t.Errorf("%s took %s", p, d)
		}
	}
}

func TestState(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	var s State
	if !s.Stale(now, time.Hour) {
		t.Error("never read, and not stale")
	}
	s = s.after(now, nil, 3*time.Minute, 0.5)
	if s.Stale(now.Add(time.Hour), time.Hour) || !s.Stale(now.Add(time.Hour+1), time.Hour) || !s.Next.Equal(now.Add(3*time.Minute)) {
		t.Errorf("%+v", s)
	}
	var last time.Duration
	for i := range 12 {
		s = s.after(now, errors.New("x"), 3*time.Minute, 0)
		wait := s.Next.Sub(now)
		if wait < last || wait > longest || s.Failures != i+1 {
			t.Errorf("failure %d: waits %s after %s", i+1, wait, last)
		}
		last = wait
	}
	if last != longest/2 || !s.Read.Equal(now) {
		t.Errorf("at last waits %s, read %s", last, s.Read)
	}
	s = State{}.after(now, &StatusError{Code: 429, RetryAfter: 10 * time.Minute}, 0, 0)
	if !s.Next.Equal(now.Add(10*time.Minute)) || s.Error != "The calendar server asks us to slow down." {
		t.Errorf("%+v", s)
	}
	src := s.Source("Work", time.Hour)
	if _, err := ical.Busy([]ical.Source{src}, ical.Window{From: now, To: now.Add(time.Hour), Now: now, Zone: time.UTC}); err == nil {
		t.Error("a calendar that failed counts as free")
	}
}
