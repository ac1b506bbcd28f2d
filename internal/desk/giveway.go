package desk

import (
	"context"
	"time"
)

// How work that can wait goes on beside the pages. On SQLite each of its
// transactions makes what the readers have in memory stale, so while pages are
// being read it goes on slowly.
const (
	rests    = 3                      // times as long as a step the pause after it takes
	calm     = 200 * time.Millisecond // without a page: then the next step follows
	patience = time.Second            // for that
)

// giveWay is the pause after a step that took so long.
func (d *Desk) giveWay(ctx context.Context, took time.Duration) error {
	until := time.Now().Add(patience)
	for pause := rests * took; ; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
		pause = calm - time.Since(time.UnixMicro(d.viewed.Load()))
		if pause <= 0 || !time.Now().Before(until) {
			return nil
		}
	}
}
