package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/testrig"
)

// told measures how long after its arrival a mail is told of: to a webhook and to
// a device, both on loopback and both real: the one reads JSON, the other decrypts.
func told(ctx context.Context, b *bench) error {
	dovecot, service := testrig.Dovecot(b), testrig.NewPushService(b)
	h, err := b.newHouse(ctx, "told")
	if err != nil {
		return err
	}
	hook, err := b.receiver()
	if err != nil {
		return err
	}
	if _, _, err := h.desk.AddWebhook(ctx, h.me, hook.url, dottedline.Events); err != nil {
		return err
	}
	var s desk.Subscription
	s.Endpoint, s.Keys.P256dh, s.Keys.Auth = service.Endpoint, service.P256dh, service.Auth
	if _, err := h.desk.PushKey(ctx, h.me); err != nil {
		return err
	}
	if err := h.desk.AddDevice(ctx, h.me, "bench", s); err != nil {
		return err
	}
	from, err := h.prospects(ctx, b.sent) // a person each, as mails come
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
	if _, _, err := b.serve(h, "--private", "yes"); err != nil {
		return err
	}
	if err := tap.idling(ctx, 1); err != nil {
		return err
	}
	var toHook, toPush, ourHook, ourPush []time.Duration
	for i := range b.sent {
		word, raw, err := question(i, from[i])
		if err != nil {
			return err
		}
		tap.forget()
		began := time.Now()
		if err := dovecot.Deliver(seller.addr, raw); err != nil {
			return err
		}
		at, err := hook.gets(word)
		if err != nil {
			return err
		}
		p, err := service.Next(time.Minute)
		if err != nil {
			return err
		}
		if !strings.Contains(p.Text, word) {
			return fmt.Errorf("mail %d was pushed as %q", i, p.Text)
		}
		exists := tap.exists()
		if exists.IsZero() || exists.After(at) {
			return fmt.Errorf("mail %d was told of before the server told us", i)
		}
		toHook, toPush = append(toHook, at.Sub(began)), append(toPush, p.At.Sub(began))
		ourHook, ourPush = append(ourHook, at.Sub(exists)), append(ourPush, p.At.Sub(exists))
	}
	n := fmt.Sprintf(" (%d mails)", b.sent)
	line := func(ts []time.Duration) string {
		return "p50 " + ms(quantile(ts, 0.5)) + ", p99 " + ms(quantile(ts, 0.99))
	}
	within := func(ts []time.Duration) string { return goal("p99 1 s", quantile(ts, 0.99) < time.Second) }
	b.tab.add("mail delivered to Dovecot → webhook posted"+n, line(toHook), "Dovecot itself tells of it only after 500 ms", within(toHook))
	b.tab.add("mail delivered to Dovecot → push at its service"+n, line(toPush), "the same; the service's own way to the phone is not in it", within(toPush))
	b.tab.add("IDLE line → webhook posted"+n, line(ourHook), "with the fetch, the commit of the fact and that of the claim", "")
	b.tab.add("IDLE line → push at its service"+n, line(ourPush), "the same, and the encryption", "")
	return nil
}

// receiver is a webhook's server.
type receiver struct {
	url  string
	told chan event
}

func (b *bench) receiver() (*receiver, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &receiver{"http://" + l.Addr().String() + "/hook", make(chan event, 1000)}
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		at := time.Now()
		var m struct{ Data struct{ Text string } }
		body, err := io.ReadAll(q.Body)
		if err == nil {
			err = json.Unmarshal(body, &m)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.told <- event{at, m.Data.Text}
	})}
	go s.Serve(l)
	b.Cleanup(func() { s.Close() })
	return r, nil
}

// gets waits for the notice that holds a word, and tells when it came.
func (r *receiver) gets(word string) (time.Time, error) {
	select {
	case e := <-r.told:
		if !strings.Contains(e.text, word) {
			return e.at, fmt.Errorf("the webhook got %q and not %q", e.text, word)
		}
		return e.at, nil
	case <-time.After(time.Minute):
		return time.Time{}, fmt.Errorf("the webhook did not get %q within a minute", word)
	}
}
