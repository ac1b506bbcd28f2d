// Package jobs does what is due: it moves deals whose standing changes by the
// passing of time, exactly when it does, and keeps the week's forecast.
package jobs

import (
	"context"
	"log/slog"
	"time"

	"dottedline/internal/desk"
)

// atMost bounds the sleep between two looks, for what another node has written.
const atMost = time.Minute

// Ranks keeps the order of Now true until ctx ends.
func Ranks(ctx context.Context, d *desk.Desk, log *slog.Logger) {
	woken := d.Woken()
	for started := true; ; started = false {
		next := d.Now().Add(atMost)
		ids, err := d.Workspaces(ctx)
		if err != nil && ctx.Err() == nil {
			log.Error("ranks", "err", err)
		}
		for _, ws := range ids {
			if started {
				if err := d.Warm(ctx, ws); err != nil && ctx.Err() == nil {
					log.Error("totals", "workspace", ws, "err", err)
				}
			}
			at, err := d.Refresh(ctx, ws)
			if err != nil && ctx.Err() == nil {
				log.Error("ranks", "workspace", ws, "err", err)
			}
			if !at.IsZero() && at.Before(next) {
				next = at
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-woken: // what was just written may change by itself sooner
		case <-time.After(max(next.Sub(d.Now()), 200*time.Millisecond)):
		}
	}
}
