package jobs

import (
	"context"
	"log/slog"

	"dottedline/internal/desk"
)

// Queue does the jobs of the desk as they become due, one after the other, until
// ctx ends. What fails is tried again later and shown on the page of jobs.
func Queue(ctx context.Context, d *desk.Desk, log *slog.Logger) {
	work := desk.Work[desk.Job]{Desk: d, AtOnce: 1, Look: atMost, Next: d.NextJob, Failed: func(err error) { log.Error("jobs", "err", err) }}
	work.Do = func(ctx context.Context, j *desk.Job, free func()) {
		defer free()
		if err := d.DoJob(ctx, j); err != nil && ctx.Err() == nil {
			work.Failed(err)
		}
	}
	work.Run(ctx) // its error is that ctx ended
}
