package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/mail"
)

// growth fills a house with deals, and measures on the way what one more mail
// costs and how fast Now is.
func growth(ctx context.Context, b *bench) error {
	h, err := b.newHouse(ctx, "growth")
	if err != nil {
		return err
	}
	if err := h.desk.OwnAddress(ctx, h.me, dottedline.Address(seller.addr)); err != nil {
		return err
	}
	if err := h.db.Write(ctx, h.me.Workspace, func(t *store.Tx) error { // no mailbox is read here
		return t.PutOwn(store.Own{Address: "sales@pine.example.com", Kind: dottedline.Sale})
	}); err != nil {
		return err
	}
	type cost struct{ cpu, p50, p99 time.Duration }
	var costs []cost
	made := 0
	for _, n := range b.deals {
		if err := h.fill(ctx, made, n); err != nil {
			return err
		}
		made = n
		cpu, all, err := h.receive(ctx, n, b.received)
		if err != nil {
			return err
		}
		c := cost{cpu, quantile(all, 0.5), quantile(all, 0.99)}
		costs = append(costs, c)
		b.tab.add(fmt.Sprintf("one mail received, at %d deals", n), fmt.Sprintf("%s of processor; p50 %s, p99 %s", ms(c.cpu), ms(c.p50), ms(c.p99)),
			fmt.Sprintf("%.2f times as at %d", c.cpu.Seconds()/costs[0].cpu.Seconds(), b.deals[0]), "")
		if n == b.nowDeals {
			if err := b.page(ctx, h, "/now", fmt.Sprintf("Now with %d open deals", n), 20*time.Millisecond); err != nil {
				return err
			}
		}
	}
	grown := costs[len(costs)-1].cpu.Seconds() / costs[0].cpu.Seconds()
	b.tab.add(fmt.Sprintf("one mail received, from %d to %d deals", b.deals[0], made), fmt.Sprintf("%.2f times the processor", grown), "SQLite, one transaction a mail", goal("2 times", grown <= 2))
	return h.db.Close()
}

// askText is what all of them write.
const askText = "Can you send us an offer for the second quarter?\nWe are about forty people.\n"

func name(person int) string    { return fmt.Sprintf("Person Number%d", person) }
func address(person int) string { return fmt.Sprintf("p%d@corp%d.example.com", person, person/5) }
func subject(person int) string { return fmt.Sprintf("Offer %d", person) }
func messageID(person, i int) string {
	return fmt.Sprintf("%d.%d@corp%d.example.com", person, i, person/5)
}

// ask is the i-th mail of a person: a first one, or a further one with no thread.
func ask(person, i int, at time.Time) (desk.Incoming, error) {
	raw, err := mail.Compose(mail.Draft{MessageID: messageID(person, i), Date: at, From: mail.Address{Name: name(person), Addr: address(person)},
		To: []mail.Address{{Addr: "sales@pine.example.com"}}, Subject: subject(person), Text: askText})
	return desk.Incoming{Raw: raw, At: at}, err
}

// receive takes one mail after the other from people who are known, as they
// come in by IDLE: a transaction each.
func (h *house) receive(ctx context.Context, deals, n int) (cpu time.Duration, each []time.Duration, err error) {
	r := rand.New(rand.NewPCG(uint64(deals), 1))
	before := processor()
	for i := range n {
		m, err := ask(r.IntN(deals), deals+i, time.Now())
		if err != nil {
			return 0, nil, err
		}
		began := time.Now()
		got, err := h.desk.ReceiveMail(ctx, h.me.Workspace, []desk.Incoming{m}, nil)
		if err != nil || got.New != 1 {
			return 0, nil, fmt.Errorf("%d mails were new: %v", got.New, err)
		}
		each = append(each, time.Since(began))
	}
	return (processor() - before) / time.Duration(n), each, nil
}

// page asks the program for a page of a house, as a browser does, and opens the
// house again. limit is the goal of its p99; 0 for none.
func (b *bench) page(ctx context.Context, h *house, path, what string, limit time.Duration) error {
	p, stop, err := b.serve(h)
	if err != nil {
		return err
	}
	defer func() {
		stop()
	}()
	var all []time.Duration
	var before time.Duration
	size := 0
	for i := range b.pages + 5 {
		if i == 5 {
			if before, err = p.processor(); err != nil {
				return err
			}
		}
		req, err := signedIn(ctx, p.url+path, h.session)
		if err != nil {
			return err
		}
		began := time.Now()
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		page, err := io.ReadAll(res.Body)
		res.Body.Close()
		took := time.Since(began)
		if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(page), "</html>") {
			return fmt.Errorf("%s says %s: %v", path, res.Status, err)
		}
		if size = len(page); i >= 5 { // the first ones prepare their statements
			all = append(all, took)
		}
	}
	used, err := p.processor()
	if err != nil {
		return err
	}
	p99, met := quantile(all, 0.99), ""
	if limit > 0 {
		met = goal("p99 "+ms(limit), p99 < limit)
	}
	b.tab.add(fmt.Sprintf("%s (%d times)", what, b.pages), fmt.Sprintf("p50 %s, p99 %s; %s of processor", ms(quantile(all, 0.5)), ms(p99), ms((used-before)/time.Duration(b.pages))), fmt.Sprintf("%d KB of page", size>>10), met)
	stop()
	return h.open(ctx)
}
