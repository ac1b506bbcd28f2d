package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/mail"
)

// visitor is somebody with a room, the code already entered.
type visitor struct{ room, session string }

// roomsAtOnce lets as many people open their rooms in the same moment: each gets
// the page, and says by its script that it is on a screen.
func roomsAtOnce(ctx context.Context, b *bench) error {
	h, err := b.newHouse(ctx, "rooms")
	if err != nil {
		return err
	}
	if err := h.lawful(ctx); err != nil {
		return err
	}
	nowhere := desk.Server{Host: "127.0.0.1", Port: 1, TLS: "none"} // nothing is sent while it runs
	if _, err := h.desk.Connect(ctx, h.me, desk.Account{Address: dottedline.Address(seller.addr), Secret: "secret", IMAP: nowhere, SMTP: nowhere}); err != nil {
		return err
	}
	h.desk.UndoFor = 0
	var all []visitor
	for i := range b.rooms {
		v, err := h.letIn(ctx, i)
		if err != nil {
			return err
		}
		all = append(all, v)
	}
	p, stop, err := b.serve(h)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var shown, said []time.Duration
	var failed error
	var wg sync.WaitGroup
	used, err := p.processor()
	if err != nil {
		return err
	}
	began := time.Now()
	for _, v := range all {
		wg.Go(func() {
			page, opened, err := v.open(ctx, p.url, began)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed = err
			}
			shown, said = append(shown, page), append(said, opened)
		})
	}
	wg.Wait()
	if failed != nil {
		return failed
	}
	now, err := p.processor()
	if err != nil {
		return err
	}
	b.tab.add(fmt.Sprintf("%d rooms opened at once", b.rooms), fmt.Sprintf("all shown after %.1f s, p50 %s, p99 %s", quantile(shown, 1).Seconds(), ms(quantile(shown, 0.5)), ms(quantile(shown, 0.99))),
		fmt.Sprintf("all recorded as opened after %.1f s; %s of processor each", quantile(said, 1).Seconds(), ms((now-used)/time.Duration(b.rooms))), "")
	stop()
	return nil
}

// letIn sends an agreement and enters the code of its room, without a server.
func (h *house) letIn(ctx context.Context, i int) (visitor, error) {
	id, err := h.ready(ctx, i)
	if err != nil {
		return visitor{}, err
	}
	if _, err := h.desk.SendAgreement(ctx, h.me, id, desk.AgreementEdit{}, "press "+id.String()); err != nil {
		return visitor{}, err
	}
	m, err := h.accept(ctx)
	if err != nil {
		return visitor{}, err
	}
	room := roomPath.FindString(m.Text)
	v := desk.Visitor{Link: strings.TrimPrefix(room, "/room/"), IP: fmt.Sprintf("192.0.2.%d", i%250)}
	if err := h.desk.RequestCode(ctx, v); err != nil {
		return visitor{}, err
	}
	if m, err = h.accept(ctx); err != nil {
		return visitor{}, err
	}
	session, err := h.desk.EnterCode(ctx, v, m.Subject[:6])
	return visitor{room, session}, err
}

// accept takes the next mail as a server would.
func (h *house) accept(ctx context.Context) (*mail.Message, error) {
	o, _, err := h.desk.NextOutbound(ctx)
	if err != nil || o == nil {
		return nil, fmt.Errorf("nothing in the outbox: %v", err)
	}
	if err := h.desk.MailSent(ctx, o); err != nil {
		return nil, err
	}
	return mail.Parse(o.Raw)
}

// open gets the page and says that it was opened; both are counted from the
// moment at which all begin.
func (v visitor) open(ctx context.Context, base string, began time.Time) (page, opened time.Duration, err error) {
	in := &http.Cookie{Name: "dottedline-room", Value: v.session}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+v.room, nil)
	if err != nil {
		return 0, 0, err
	}
	req.AddCookie(in)
	_, body, err := do(req)
	if err == nil && !strings.Contains(body, "here is what we agreed") {
		err = fmt.Errorf("%s does not show the room", v.room)
	}
	if err != nil {
		return 0, 0, err
	}
	page = time.Since(began)
	_, _, err = post(ctx, base, v.room+"/opened", in, nil)
	return page, time.Since(began), err
}
