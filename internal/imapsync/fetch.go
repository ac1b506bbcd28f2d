package imapsync

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"dottedline/internal/desk"
	"dottedline/internal/imapsync/imap"
)

var items = fmt.Sprintf("INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.%d>", maxMail)

// newMail fetches what lies above the last UID. A long backlog is fetched in
// pieces, so that a broken connection does not begin from the start.
func (r *reader) newMail(ctx context.Context) error {
	if r.pos.Last == 1<<32-1 {
		return nil
	}
	if r.newDied > 0 {
		return r.backlog(ctx)
	}
	next, n := r.pos, 0
	err := r.c.Fetch(ctx, imap.Set{{From: r.pos.Last + 1, To: 1<<32 - 1}}, items, func(m imap.Message) error {
		next.Last = max(next.Last, m.UID)
		n++
		return r.take(ctx, m)
	})
	if err != nil {
		r.newDied++
		if isNo(err) || errors.Is(err, imap.ErrUnnamed) {
			r.drop(err)
			return r.backlog(ctx)
		}
		return r.drop(err)
	}
	if n == 0 {
		return nil
	}
	r.pos = next
	return r.save(ctx, nil)
}

// backlog fetches new mail by its UIDs.
func (r *reader) backlog(ctx context.Context) error {
	uids, err := r.c.Search(ctx, fmt.Sprintf("UID %d:*", r.pos.Last+1))
	if err != nil {
		return err
	}
	uids = slices.DeleteFunc(uids, func(u uint32) bool { return u <= r.pos.Last })
	for some := range slices.Chunk(uids, chunk) {
		next := r.pos
		next.Last = some[len(some)-1]
		if err := r.fetch(ctx, some, next); err != nil {
			return err
		}
	}
	r.newDied = 0
	return nil
}

// older fetches the next piece of the history.
func (r *reader) older(ctx context.Context) error {
	select {
	case r.a.e.history <- struct{}{}:
		defer func() { <-r.a.e.history }()
	case <-ctx.Done():
		return ctx.Err()
	}
	at := max(0, len(r.left)-chunk)
	some, next := r.left[at:], r.pos
	next.From = some[0]
	if at == 0 {
		next.From = 1
	}
	if err := r.fetch(ctx, some, next); err != nil {
		return err
	}
	if r.left = r.left[:at]; at == 0 {
		r.left = nil
	}
	r.synced()
	return nil
}

// fetch fetches these mails and goes on to next. A mail that the server lists
// but does not give, or at which the connection dies again and again, is told
// and passed over: one bad mail must not hold up all others.
func (r *reader) fetch(ctx context.Context, uids []uint32, next position) error {
	missing := map[uint32]bool{}
	var together []uint32
	for _, u := range uids {
		missing[u] = true
		if r.died[u] < 2 {
			together = append(together, u)
		}
	}
	take := func(m imap.Message) error {
		if given(m) {
			delete(missing, m.UID)
		}
		return r.take(ctx, m)
	}
	if err := r.c.Fetch(ctx, imap.SetOf(together...), items, take); err != nil && !isNo(err) && !errors.Is(err, imap.ErrUnnamed) {
		r.blame(err, missing)
		return r.drop(err)
	}
	for _, u := range uids {
		if !missing[u] {
			continue
		}
		why := "lost the connection four times"
		if r.died[u] < 4 {
			err := r.c.Fetch(ctx, imap.SetOf(u), items, take)
			if err != nil && !isNo(err) {
				r.blame(err, map[uint32]bool{u: true})
				return r.drop(err)
			}
			if !missing[u] {
				continue
			}
			if there, serr := r.c.Search(ctx, fmt.Sprintf("UID %d", u)); serr == nil && len(there) == 0 {
				continue // deleted meanwhile
			}
			why = "the server lists it and does not give it"
			if err != nil {
				why = err.Error()
			}
		}
		r.a.odd(fmt.Sprintf("%s, UID %d", r.folder.Name, u), "a mail can't be read, "+why)
	}
	r.pos = next
	return r.save(ctx, nil)
}

// blame counts a broken connection against the mails that were being fetched.
func (r *reader) blame(err error, uids map[uint32]bool) {
	var d *deskError
	if errors.As(err, &d) || r.a.ctx.Err() != nil {
		return
	}
	for u := range uids {
		r.died[u]++
	}
}

// drop forgets what was fetched and not handed over.
func (r *reader) drop(err error) error {
	r.batch, r.bytes = nil, 0
	return err
}

// given says whether a FETCH brought the mail; some servers answer with nothing.
func given(m imap.Message) bool { return m.HasBody && (len(m.Body) > 0 || m.Size == 0) }

// take collects one mail. Pieces are handed over without moving the position:
// a piece that comes twice changes nothing.
func (r *reader) take(ctx context.Context, m imap.Message) error {
	if !given(m) {
		return nil
	}
	delete(r.died, m.UID)
	in := desk.Incoming{Raw: m.Body, At: m.Internal}
	in.Place.Mailbox, in.Place.Folder = r.a.acc.ID, r.folder.Name
	in.Place.UIDValidity, in.Place.UID = r.pos.Validity, m.UID
	r.batch = append(r.batch, in)
	if r.bytes += len(m.Body); len(r.batch) >= batchLen || r.bytes >= batchSize {
		return r.save(ctx, nil)
	}
	return nil
}

// deskError is a failure on our side of the house, not the server's.
type deskError struct{ err error }

func (e *deskError) Error() string { return "keep mail: " + e.err.Error() }
func (e *deskError) Unwrap() error { return e.err }

// save hands the collected mails over together with the position.
func (r *reader) save(ctx context.Context, gone imap.Set) error {
	uids := r.read(gone)
	_, err := r.a.e.Desk.ReceiveFolder(ctx, r.a.acc.Workspace, r.a.acc.ID, r.folder.Name, r.pos.String(), r.batch, r.pos.Validity, uids)
	r.batch, r.bytes = nil, 0
	if err != nil {
		return &deskError{err}
	}
	return nil
}

func (r *reader) gone(ctx context.Context, s imap.Set) error {
	if len(r.read(s)) == 0 {
		return nil
	}
	return r.save(ctx, s)
}

// read lists those UIDs of a set that have been handed over.
func (r *reader) read(s imap.Set) []uint32 {
	var uids []uint32
	for _, x := range s {
		for u := uint64(max(x.From, r.pos.From)); u <= uint64(min(x.To, r.pos.Last)) && len(uids) < maxGone; u++ {
			uids = append(uids, uint32(u))
		}
	}
	return uids
}
