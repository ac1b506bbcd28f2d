// Package live passes the news that a workspace has changed to the pages that
// are open on it, from this process at once and from other nodes by asking the
// database every fraction of a second.
package live

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"time"

	"dottedline"
)

// Hub knows who listens to which workspace. The zero Hub works.
type Hub struct {
	mu   sync.Mutex
	subs map[dottedline.WorkspaceID]map[chan struct{}]bool
}

// Listen gives a channel that gets a value after the workspace has changed. News
// that come faster than they are read are one. stop ends it.
func (h *Hub) Listen(ws dottedline.WorkspaceID) (news <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.subs == nil {
		h.subs = map[dottedline.WorkspaceID]map[chan struct{}]bool{}
	}
	if h.subs[ws] == nil {
		h.subs[ws] = map[chan struct{}]bool{}
	}
	h.subs[ws][c] = true
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.subs[ws], c)
		if len(h.subs[ws]) == 0 {
			delete(h.subs, ws)
		}
	}
}

// Announce tells all who listen to the workspace.
func (h *Hub) Announce(ws dottedline.WorkspaceID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.subs[ws] {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// Listeners counts the open pages.
func (h *Hub) Listeners() (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.subs {
		n += len(s)
	}
	return n
}

// Follow announces what other nodes have changed, as seqs tells it, until ctx
// ends. It asks only while somebody listens.
func (h *Hub) Follow(ctx context.Context, every time.Duration, seqs func(context.Context) (map[dottedline.WorkspaceID]int64, error), log *slog.Logger) {
	var last map[dottedline.WorkspaceID]int64
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if h.Listeners() == 0 {
			last = nil
			continue
		}
		now, err := seqs(ctx)
		if err != nil {
			if ctx.Err() == nil {
				log.Warn("follow changes", "err", err)
			}
			continue
		}
		for ws, n := range now {
			if last == nil || last[ws] != n { // the first look may have missed one
				h.Announce(ws)
			}
		}
		last = maps.Clone(now)
	}
}
