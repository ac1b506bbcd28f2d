package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"syscall"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/mail"
)

// growth fills a house with deals, and measures on the way what one more mail
// costs. Each time a house of few deals is given as many
// mails in turns, so that what else the machine does is in both numbers.
func growth(ctx context.Context, b *bench) error {
	few, err := b.grown(ctx, "growth-few")
	if err != nil {
		return err
	}
	if err := few.fill(ctx, 0, b.deals[0]); err != nil {
		return err
	}
	h, err := b.grown(ctx, "growth")
	if err != nil {
		return err
	}
	made, times := 0, 0.0
	for _, n := range b.deals {
		if err := h.fill(ctx, made, n); err != nil {
			return err
		}
		made = n
		if err := errors.Join(h.db.Close(), h.open(ctx)); err != nil {
			return err
		}
		syscall.Sync() // what the filling wrote is not the mails' cost
		if times, err = b.beside(ctx, h, few, n); err != nil {
			return err
		}
	}
	b.tab.add(fmt.Sprintf("one mail received, from %d to %d deals", b.deals[0], made), fmt.Sprintf("%.2f times the processor", times), "SQLite, one transaction a mail", goal("2 times", times <= 2))
	return errors.Join(h.db.Close(), few.db.Close())
}

// grown is a house that makes deals of the mails to one address by itself.
func (b *bench) grown(ctx context.Context, name string) (*house, error) {
	h, err := b.newHouse(ctx, name)
	if err != nil {
		return nil, err
	}
	if err := h.desk.OwnAddress(ctx, h.me, dottedline.Address(seller.addr)); err != nil {
		return nil, err
	}
	return h, h.db.Write(ctx, h.me.Workspace, func(t *store.Tx) error { // no mailbox is read here
		return t.PutOwn(store.Own{Address: "sales@pine.example.com", Kind: dottedline.Sale})
	})
}

// rounds is how many turns two houses take.
const rounds = 5

// copied is how long after a turn the log has been copied to the file, which the
// store does beside the writer: it is the mails' cost too.
const copied = 1500 * time.Millisecond

// beside receives mails at n deals and at few, in turns, and tells how many times
// the processor one costs. The first turn finds nothing in the program's memory
// and is told apart.
func (b *bench) beside(ctx context.Context, h, few *house, n int) (float64, error) {
	type side struct {
		house *house
		deals int
		first costs
		rest  costs
	}
	sides := [2]side{{house: h, deals: n}, {house: few, deals: b.deals[0]}}
	for round := range rounds + 1 {
		for i := range sides {
			x := &sides[i]
			before := processor()
			c, err := x.house.receive(ctx, x.deals, b.received/rounds)
			if err != nil {
				return 0, err
			}
			time.Sleep(copied)
			c.cpu = processor() - before
			if round == 0 {
				x.first = c
			} else {
				x.rest.add(c)
			}
		}
	}
	big, small := sides[0], sides[1]
	times := float64(big.rest.mean()) / float64(small.rest.mean())
	b.tab.add(fmt.Sprintf("one mail received, at %d deals (%d times)", n, len(big.rest.each)), big.rest.String(), fmt.Sprintf("%.2f times the processor of %d deals in turns with it: %s", times, b.deals[0], small.rest), "")
	b.tab.add(fmt.Sprintf("the same, the first %d after the folder was opened", len(big.first.each)), big.first.String(), fmt.Sprintf("at %d deals: %s", b.deals[0], small.first), "")
	return times, nil
}

// costs are what mails have cost: processor time in all, wall time each.
type costs struct {
	cpu  time.Duration
	each []time.Duration
}

func (c *costs) add(x costs) { c.cpu, c.each = c.cpu+x.cpu, append(c.each, x.each...) }

func (c costs) mean() time.Duration { return c.cpu / time.Duration(len(c.each)) }

func (c costs) String() string {
	return fmt.Sprintf("%s of processor; p50 %s, p99 %s", ms(c.mean()), ms(quantile(c.each, 0.5)), ms(quantile(c.each, 0.99)))
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
func (h *house) receive(ctx context.Context, deals, n int) (c costs, err error) {
	for range n {
		h.mails++
		m, err := ask(rand.IntN(deals), h.mails, time.Now())
		if err != nil {
			return c, err
		}
		began := time.Now()
		got, err := h.desk.ReceiveMail(ctx, h.me.Workspace, []desk.Incoming{m}, nil)
		if err != nil || got.New != 1 {
			return c, fmt.Errorf("%d mails were new: %v", got.New, err)
		}
		c.each = append(c.each, time.Since(began))
	}
	return c, nil
}
