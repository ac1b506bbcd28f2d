package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"dottedline/internal/testrig"
)

// mailToPage delivers mails to Dovecot one after the other, and waits for each
// on the live stream of a page that is open: what a browser would show.
func mailToPage(ctx context.Context, b *bench) error {
	dovecot := testrig.Dovecot(b)
	h, err := b.newHouse(ctx, "live")
	if err != nil {
		return err
	}
	from, err := h.prospects(ctx, 20)
	if err != nil {
		return err
	}
	tap, err := newTap(b, dovecot.IMAPAddr)
	if err != nil {
		return err
	}
	if err := h.connect(ctx, seller.addr, tap.addr); err != nil {
		return err
	}
	p, _, err := b.serve(h)
	if err != nil {
		return err
	}
	if err := tap.idling(ctx, 1); err != nil {
		return err
	}
	page, err := watch(ctx, p.url, h.session)
	if err != nil {
		return err
	}
	var all, ours []time.Duration
	for i := range b.sent {
		word, raw, err := question(i, from[i%len(from)])
		if err != nil {
			return err
		}
		tap.forget()
		began := time.Now()
		if err := dovecot.Deliver(seller.addr, raw); err != nil {
			return err
		}
		shown, err := page.shows(ctx, word)
		if err != nil {
			return err
		}
		told := tap.exists()
		if told.IsZero() || told.After(shown) {
			return fmt.Errorf("mail %d was shown before the server told of it", i)
		}
		all, ours = append(all, shown.Sub(began)), append(ours, shown.Sub(told))
	}
	n := fmt.Sprintf(" (%d mails)", b.sent)
	p99 := quantile(all, 0.99)
	b.tab.add("mail delivered to Dovecot → row changed in the open page"+n, "p50 "+ms(quantile(all, 0.5))+", p99 "+ms(p99), "Dovecot itself tells of it only after 500 ms", goal("p99 1 s", p99 < time.Second))
	p99 = quantile(ours, 0.99)
	b.tab.add("IDLE line → row changed"+n, "p50 "+ms(quantile(ours, 0.5))+", p99 "+ms(p99), "with the fetch from Dovecot, the commit and the page", goal("p99 50 ms", p99 < 50*time.Millisecond))
	return nil
}

// stream is the live stream of the Now page.
type stream struct{ events chan event }

type event struct {
	at   time.Time
	text string
}

// watch opens the stream and waits for the first picture of the page.
func watch(ctx context.Context, url, session string) (*stream, error) {
	req, err := signedIn(ctx, url+"/live?page=now", session)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the live stream says %s", res.Status)
	}
	s := &stream{make(chan event, 64)}
	go func() {
		defer res.Body.Close()
		defer close(s.events)
		lines := bufio.NewReader(res.Body)
		var text strings.Builder
		for {
			l, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			if text.WriteString(l); l == "\n" {
				s.events <- event{time.Now(), text.String()}
				text.Reset()
			}
		}
	}()
	_, err = s.shows(ctx, "data:")
	return s, err
}

// shows waits until the page holds a word, and tells when it came.
func (s *stream) shows(ctx context.Context, word string) (time.Time, error) {
	limit := time.After(60 * time.Second)
	for {
		select {
		case e, ok := <-s.events:
			if !ok {
				return time.Time{}, fmt.Errorf("the live stream ended before %q came", word)
			}
			if strings.Contains(e.text, word) {
				return e.at, nil
			}
		case <-limit:
			return time.Time{}, fmt.Errorf("%q did not come within a minute", word)
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
	}
}

func signedIn(ctx context.Context, url, session string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err == nil {
		req.AddCookie(&http.Cookie{Name: "dottedline", Value: session})
	}
	return req, err
}
