package desk

import (
	"context"
	"sync"
	"time"
)

// Work is a queue of the desk's and who does it.
type Work[T any] struct {
	Desk   *Desk
	AtOnce int                                          // how many are done at the same time
	Look   time.Duration                                // how often to ask for what other nodes have put in, of which nobody tells us
	Next   func(context.Context) (*T, time.Time, error) // claims one, or gives nil and when to ask again (zero: when woken)
	Do     func(ctx context.Context, x *T, free func()) // does it, and calls free when the next may begin
	Failed func(error)                                  // is told why nothing could be claimed
}

// Run does the work until ctx ends, and then lets end what is under way.
func (w Work[T]) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	places := make(chan struct{}, w.AtOnce)
	woken := w.Desk.Woken()
	for {
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		x, at, err := w.Next(ctx)
		if x != nil && err == nil {
			wg.Go(func() { w.Do(ctx, x, func() { <-places }) })
			continue
		}
		<-places
		if ctx.Err() != nil {
			return ctx.Err()
		}
		wait := w.Look
		if err != nil {
			w.Failed(err)
		} else if !at.IsZero() {
			wait = min(wait, max(10*time.Millisecond, at.Sub(w.Desk.Now())))
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-woken:
		case <-t.C:
		}
		t.Stop()
	}
}
