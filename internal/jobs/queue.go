package jobs

import (
	"context"
	"log/slog"
	"time"

	"dottedline/internal/desk"
)

// Queue does the jobs of the desk as they become due, one after the other, until
// ctx ends. What fails is tried again later and shown on the page of jobs.
func Queue(ctx context.Context, d *desk.Desk, log *slog.Logger) {
	woken := d.Woken()
	for ctx.Err() == nil {
		j, at, err := d.NextJob(ctx)
		if err == nil && j != nil {
			err = d.DoJob(ctx, j)
		}
		if err != nil && ctx.Err() == nil {
			log.Error("jobs", "err", err)
		}
		if j != nil {
			continue
		}
		next := d.Now().Add(atMost)
		if !at.IsZero() && at.Before(next) {
			next = at
		}
		select {
		case <-ctx.Done():
		case <-woken:
		case <-time.After(max(next.Sub(d.Now()), 200*time.Millisecond)):
		}
	}
}
