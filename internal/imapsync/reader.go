package imapsync

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"dottedline/internal/desk"
	"dottedline/internal/imapsync/imap"
)

// position is where reading a folder goes on. All mails with UIDs from From to
// Last have been handed over; below From lies history, above Last what is new.
type position struct {
	Validity uint32 `json:"uidvalidity"`
	Last     uint32 `json:"last"`
	From     uint32 `json:"from"` // 1: the history is done
	ModSeq   uint64 `json:"modseq,omitempty"`
}

func (p position) String() string { b, _ := json.Marshal(p); return string(b) }

// reader reads one folder, over one connection after the other.
type reader struct {
	a      *account
	folder imap.Folder
	c      *imap.Client
	pos    position
	total  uint32
	left   []uint32 // of the history, rising

	batch    []desk.Incoming // not handed over yet
	bytes    int
	died     map[uint32]int // how often the connection died while a mail was fetched
	newDied  int            // the same for mails whose UIDs are not known yet
	idleless int            // how often IDLE has failed in a row
}

const (
	chunk     = 100      // mails asked for at once
	batchLen  = 50       // mails handed over at once
	batchSize = 4 << 20  // or bytes
	maxMail   = 24 << 20 // of a longer mail the first bytes are taken
	maxGone   = 10000    // deletions handed over at once
)

func (r *reader) failed(err error) {
	r.a.tellFolder(r.folder.Name, func(s *desk.FolderStatus) { s.Error = words(err) })
}

func (r *reader) synced() {
	r.a.tellFolder(r.folder.Name, func(s *desk.FolderStatus) {
		s.Error, s.LastSync = "", time.Now().UTC()
		s.Total, s.Read = int64(r.total), max(0, int64(r.total)-int64(len(r.left)))
	})
}

// watch keeps the folder in step on c until the connection ends: new mail at
// once, history in between.
func (r *reader) watch(ctx context.Context, c *imap.Client) error {
	if err := r.catchUpNew(ctx, c); err != nil {
		return err
	}
	for {
		if len(r.left) > 0 {
			if err := r.older(ctx); err != nil {
				return err
			}
			if err := c.Noop(ctx); err != nil {
				return err
			}
		} else if err := r.wait(ctx); err != nil {
			return err
		}
		if err := r.news(ctx, len(r.left) == 0); err != nil {
			return err
		}
	}
}

// catchUp reads all that there is to read and returns.
func (r *reader) catchUp(ctx context.Context, c *imap.Client) error {
	if err := r.catchUpNew(ctx, c); err != nil {
		return err
	}
	for len(r.left) > 0 {
		if err := r.older(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) catchUpNew(ctx context.Context, c *imap.Client) error {
	r.c, r.idleless = c, 0
	if err := r.open(ctx); err != nil {
		return fmt.Errorf("open folder: %w", err)
	}
	if err := r.newMail(ctx); err != nil {
		return err
	}
	r.synced()
	return nil
}

// news takes what the server told by itself. always asks for new mail even if
// nothing was told.
func (r *reader) news(ctx context.Context, always bool) error {
	e := r.c.TakeEvents()
	if e.Alert != "" {
		r.a.odd(e.Alert, "the server says")
	}
	r.total = e.Exists
	if err := r.gone(ctx, e.Gone); err != nil {
		return err
	}
	if e.Arrived || always {
		if err := r.newMail(ctx); err != nil {
			return err
		}
	}
	r.synced()
	return nil
}

// open opens the folder and finds out where reading goes on.
func (r *reader) open(ctx context.Context) error {
	r.batch, r.bytes, r.left = nil, 0, nil
	r.a.e.Log.Debug("open folder", "folder", r.folder.Name)
	text, err := r.a.e.Desk.FolderState(ctx, r.a.acc.Workspace, r.a.acc.ID, r.folder.Name)
	if err != nil {
		return err
	}
	r.pos = position{}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &r.pos); err != nil {
			return fmt.Errorf("folder state %q: %w", text, err)
		}
	}
	box, err := r.examine(ctx)
	if err != nil {
		return err
	}
	events := r.c.TakeEvents()
	r.total = box.Exists
	if text == "" || box.UIDValidity != r.pos.Validity {
		if text != "" {
			r.a.log.Info("the server has numbered a folder anew", "folder", r.folder.Name)
		}
		if r.pos, err = r.start(ctx, box); err != nil {
			return err
		}
	} else {
		r.pos.ModSeq = box.ModSeq
	}
	if err := r.save(ctx, events.Gone); err != nil {
		return err
	}
	return r.listHistory(ctx)
}

// examine opens the folder with QRESYNC where that works.
func (r *reader) examine(ctx context.Context) (imap.Box, error) {
	var known *imap.Known
	if r.c.Has("QRESYNC") && !r.a.noQresync.Load() {
		known = &imap.Known{UIDValidity: r.pos.Validity, ModSeq: r.pos.ModSeq}
	}
	box, err := r.c.Examine(ctx, r.folder.Wire, known)
	var no *imap.Error
	if known != nil && errors.As(err, &no) && no.Status == "BAD" {
		r.a.odd(no.Text, "QRESYNC is offered and then refused")
		r.a.noQresync.Store(true)
		return r.c.Examine(ctx, r.folder.Wire, nil)
	}
	return box, err
}

// start is the position in a folder that was never read: all is history.
func (r *reader) start(ctx context.Context, box imap.Box) (position, error) {
	p := position{Validity: box.UIDValidity, ModSeq: box.ModSeq, Last: box.UIDNext - 1, From: box.UIDNext}
	if box.UIDNext == 0 { // the server does not say
		uids, err := r.c.Search(ctx, "ALL")
		if err != nil {
			return p, err
		}
		p.Last, p.From = 0, 1
		if len(uids) > 0 {
			p.Last = uids[len(uids)-1]
			p.From = p.Last + 1
		}
	}
	return p, nil
}

func (r *reader) listHistory(ctx context.Context) error {
	if r.pos.From <= 1 {
		return nil
	}
	uids, err := r.c.Search(ctx, fmt.Sprintf("UID 1:%d", r.pos.From-1))
	if err != nil {
		return err
	}
	// An open range may hold more than was asked for, on some servers.
	r.left = slices.DeleteFunc(uids, func(u uint32) bool { return u >= r.pos.From })
	if len(r.left) == 0 {
		r.pos.From = 1
		return r.save(ctx, nil)
	}
	return nil
}

// wait returns when the server has news, or when it is time to look.
func (r *reader) wait(ctx context.Context) error {
	p := r.a.e.Pace
	if r.c.Has("IDLE") && r.idleless < 3 {
		t0 := time.Now()
		err := r.c.Idle(ctx, p.Rearm)
		if err == nil && time.Since(t0) < time.Second && !r.c.News() {
			r.idleless++ // it returns at once and says nothing: do not spin
			r.a.sleep(ctx, time.Second)
		} else if err == nil {
			r.idleless = 0
		}
		if !isNo(err) {
			return err
		}
		r.a.odd(err.Error(), "IDLE is offered and then refused")
		r.idleless = 3
	}
	r.a.sleep(ctx, p.NoIdle)
	return r.c.Noop(ctx)
}
