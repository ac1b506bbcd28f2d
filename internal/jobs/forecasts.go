package jobs

import (
	"context"
	"log/slog"
	"time"

	"dottedline/internal/desk"
)

// forecastsAtMost bounds the sleep between two looks for forecasts that are due:
// a new workspace has its first within the hour.
const forecastsAtMost = time.Hour

// Forecasts keeps a forecast of every workspace each week until ctx ends.
func Forecasts(ctx context.Context, d *desk.Desk, log *slog.Logger) {
	for {
		next := d.Now().Add(forecastsAtMost)
		ids, err := d.Workspaces(ctx)
		if err != nil && ctx.Err() == nil {
			log.Error("forecasts", "err", err)
		}
		for _, ws := range ids {
			at, err := d.KeepForecast(ctx, ws)
			if err != nil && ctx.Err() == nil {
				log.Error("forecasts", "workspace", ws, "err", err)
			}
			if !at.IsZero() && at.Before(next) {
				next = at
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(max(next.Sub(d.Now()), time.Second)):
		}
	}
}
