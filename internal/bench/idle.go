package main

import (
	"context"
	"fmt"
	"time"

	"dottedline/internal/testrig"
)

// idle is the memory of the program when many mailboxes wait for mail, and how
// much of it the program alone is.
func idle(ctx context.Context, b *bench) error {
	dovecot := testrig.Dovecot(b)
	tap, err := newTap(b, dovecot.IMAPAddr)
	if err != nil {
		return err
	}
	held := map[int]int64{}
	for _, n := range []int{0, b.mailboxes} {
		h, err := b.newHouse(ctx, fmt.Sprintf("idle%d", n))
		if err != nil {
			return err
		}
		for i := range n {
			if err := h.connect(ctx, fmt.Sprintf("u%d@example.com", i+1), tap.addr); err != nil {
				return err
			}
		}
		p, stop, err := b.serve(h)
		if err != nil {
			return err
		}
		if err := tap.idling(ctx, n); err != nil {
			return err
		}
		select {
		case <-time.After(3 * time.Second): // what coming in left behind is collected
		case <-ctx.Done():
			return ctx.Err()
		}
		if held[n], err = p.memory(); err != nil {
			return err
		}
		stop()
	}
	b.tab.add(fmt.Sprintf("memory with %d mailboxes in IDLE", b.mailboxes), fmt.Sprintf("%d MB", held[b.mailboxes]>>20),
		fmt.Sprintf("%d MB without any: %d KB a mailbox", held[0]>>20, (held[b.mailboxes]-held[0])>>10/int64(b.mailboxes)), "")
	return nil
}
