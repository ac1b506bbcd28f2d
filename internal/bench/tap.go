package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"sync"
	"time"
)

// tap stands between the program and an IMAP server, passes all bytes on at
// once and notes what the server says.
type tap struct {
	addr string

	mu    sync.Mutex
	told  time.Time         // when the first EXISTS since forget passed
	idles map[net.Conn]bool // connections that wait for news
}

// newTap listens until the part ends.
func newTap(b *bench, server string) (*tap, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b.Cleanup(func() { l.Close() })
	t := &tap{addr: l.Addr().String(), idles: map[net.Conn]bool{}}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go t.pass(c, server)
		}
	}()
	return t, nil
}

func (t *tap) pass(c net.Conn, server string) {
	defer c.Close()
	s, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer s.Close()
	go func() {
		defer s.Close()
		copyNoting(s, c, func(b []byte) {
			if bytes.Contains(b, []byte("DONE\r\n")) {
				t.note(c, false)
			}
		})
	}()
	defer t.note(c, false)
	copyNoting(c, s, func(b []byte) {
		if bytes.Contains(b, []byte(" EXISTS")) {
			t.mu.Lock()
			if t.told.IsZero() {
				t.told = time.Now()
			}
			t.mu.Unlock()
		}
		if bytes.HasPrefix(b, []byte("+ idling")) || bytes.Contains(b, []byte("\n+ idling")) {
			t.note(c, true)
		}
	})
}

// copyNoting shows each piece before it is passed on.
func copyNoting(to, from net.Conn, see func([]byte)) {
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		if n > 0 {
			see(b[:n])
			if _, err := to.Write(b[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (t *tap) note(c net.Conn, idles bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if idles {
		t.idles[c] = true
	} else {
		delete(t.idles, c)
	}
}

func (t *tap) forget() { t.mu.Lock(); t.told = time.Time{}; t.mu.Unlock() }

func (t *tap) exists() time.Time { t.mu.Lock(); defer t.mu.Unlock(); return t.told }

// idling waits until n connections wait for news.
func (t *tap) idling(ctx context.Context, n int) error {
	have := 0
	for range 1200 {
		t.mu.Lock()
		have = len(t.idles)
		t.mu.Unlock()
		if have >= n {
			return nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return fmt.Errorf("%d of %d mailboxes came to IDLE within two minutes", have, n)
}
