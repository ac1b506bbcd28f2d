package calsync

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestRun keeps a calendar at hand, is told to look at once, and ends.
func TestRun(t *testing.T) {
	t.Parallel()
	s := servers(t)[0]
	m := newMemory()
	sync := newSyncer(m)
	sync.Every = time.Hour
	ctx, stop := context.WithCancel(t.Context())
	now, ended := make(chan struct{}), make(chan error, 1)
	s.put(t, "a", "DTSTART:20261201T090000Z")
	go func() { ended <- sync.Run(ctx, Calendar{ID: "work", URL: s.calendar, Options: s.opts}, now) }()
	wait := func(want string) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); m.uids("work") != want; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("have %s, want %s", m.uids("work"), want)
			}
		}
	}
	wait("[a]")
	s.put(t, "b", "DTSTART:20261202T090000Z")
	now <- struct{}{}
	wait("[a b]")
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
	if st := m.states["work"]; st.Error != "" || st.Failures != 0 || st.Next.Sub(st.Read) < 50*time.Minute {
		t.Errorf("%+v", st)
	}
}
