package store

import (
	"time"

	"dottedline"
)

const pageCols = `id, name, owner, settings`

func scanPage(p *dottedline.BookingPage) []any {
	return []any{&p.ID, &p.Name, &p.Owner, jsonScan{&p.Settings}}
}

// BookingPages are the booking pages of the workspace, oldest first.
func (t *Tx) BookingPages() ([]dottedline.BookingPage, error) {
	return all(t, scanPage, `SELECT `+pageCols+` FROM booking_pages WHERE ws = $1 ORDER BY id`)
}

// BookingPage is one booking page.
func (t *Tx) BookingPage(id dottedline.BookPageID) (dottedline.BookingPage, error) {
	p, ok, err := one(t, scanPage, `SELECT `+pageCols+` FROM booking_pages WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("page")
	}
	return p, err
}

// BookingPageNamed finds a booking page by its name, in any workspace.
func (g Global) BookingPageNamed(name string) (ws dottedline.WorkspaceID, p dottedline.BookingPage, ok bool, err error) {
	ps, err := rows(g.ctx, g.q, func(p *dottedline.BookingPage) []any { return append([]any{&ws}, scanPage(p)...) },
		`SELECT ws, `+pageCols+` FROM booking_pages WHERE name = $1`, name)
	if err != nil || len(ps) == 0 {
		return 0, p, false, err
	}
	return ws, ps[0], true, nil
}

// PutBookingPage adds or changes a booking page. It answers false where another
// has the name.
func (t *Tx) PutBookingPage(p dottedline.BookingPage) (bool, error) {
	t.Changed()
	s, err := jsonText(p.Settings)
	if err != nil {
		return false, err
	}
	n, err := t.count(`UPDATE booking_pages SET name = $3, owner = $4, settings = $5 WHERE ws = $1 AND id = $2
		AND NOT EXISTS (SELECT 1 FROM booking_pages b WHERE b.name = $3 AND NOT (b.ws = $1 AND b.id = $2))`, p.ID, p.Name, p.Owner, s)
	if err != nil || n > 0 {
		return n > 0, err
	}
	n, err = t.count(`INSERT INTO booking_pages (ws, id, name, owner, settings) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, p.ID, p.Name, p.Owner, s)
	return n > 0, err
}

// DropBookingPage removes a booking page; its bookings stay.
func (t *Tx) DropBookingPage(id dottedline.BookPageID) error {
	t.Changed()
	return t.do(`DELETE FROM booking_pages WHERE ws = $1 AND id = $2`, id)
}

const bookingCols = `id, page, members, state, start_at, end_at, until, held_for, kind, name, address, zone, answer, deal, person, sequence, made, to_at, to_minutes, to_words, to_stamp`

func scanBooking(b *dottedline.Booking) []any {
	return []any{&b.ID, &b.Page, idsScan{&b.Members}, &b.State, timeScan{&b.Start}, timeScan{&b.End}, timeScan{&b.Until}, &b.Group, &b.Kind, &b.Name, &b.Address, &b.Zone,
		&b.Answer, &b.Deal, &b.Person, &b.Sequence, timeScan{&b.Made},
		timeScan{&b.Proposed.To}, &b.Proposed.Minutes, &b.Proposed.Words, timeScan{&b.Proposed.Stamp}}
}

// idsScan scans the IDs of members, one a line.
type idsScan struct{ into *[]dottedline.MemberID }

func (s idsScan) Scan(v any) error {
	var names []string
	if err := (linesScan{&names}).Scan(v); err != nil {
		return err
	}
	*s.into = nil
	for _, n := range names {
		id, err := dottedline.ParseID[dottedline.Member](n)
		if err != nil {
			return err
		}
		*s.into = append(*s.into, id)
	}
	return nil
}

func idLines(ids []dottedline.MemberID) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = id.String()
	}
	return lines(out)
}

// AddBooking keeps a new booking under the hash of the link that moves and
// cancels it. It answers false where that link has a booking already.
func (t *Tx) AddBooking(b dottedline.Booking, hash string) (bool, error) {
	t.Changed()
	n, err := t.count(`INSERT INTO bookings (ws, id, page, members, state, start_at, end_at, until, held_for, kind, name, address, zone, answer, deal, person, sequence, made, once)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) ON CONFLICT (once) DO NOTHING`,
		b.ID, b.Page, idLines(b.Members), b.State, us(b.Start), us(b.End), us(b.Until), b.Group, b.Kind, b.Name, b.Address, b.Zone, b.Answer, b.Deal, b.Person, b.Sequence, us(t.Now), hash)
	return n > 0, err
}

// SetBooking changes a booking.
func (t *Tx) SetBooking(b dottedline.Booking) error {
	t.Changed()
	return t.do(`UPDATE bookings SET members = $3, state = $4, start_at = $5, end_at = $6, until = $7, held_for = $8, name = $9, address = $10, zone = $11,
		answer = $12, deal = $13, person = $14, sequence = $15, kind = $16, to_at = $17, to_minutes = $18, to_words = $19, to_stamp = $20 WHERE ws = $1 AND id = $2`,
		b.ID, idLines(b.Members), b.State, us(b.Start), us(b.End), us(b.Until), b.Group, b.Name, b.Address, b.Zone, b.Answer, b.Deal, b.Person, b.Sequence, b.Kind,
		us(b.Proposed.To), b.Proposed.Minutes, b.Proposed.Words, us(b.Proposed.Stamp))
}

// Booking is one booking.
func (t *Tx) Booking(id dottedline.BookingID) (dottedline.Booking, error) {
	b, ok, err := one(t, scanBooking, `SELECT `+bookingCols+` FROM bookings WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("booking")
	}
	return b, err
}

// BookingByLink finds a booking by the hash of its link, in any workspace.
func (g Global) BookingByLink(hash string) (ws dottedline.WorkspaceID, b dottedline.Booking, ok bool, err error) {
	bs, err := rows(g.ctx, g.q, func(b *dottedline.Booking) []any { return append([]any{&ws}, scanBooking(b)...) },
		`SELECT ws, `+bookingCols+` FROM bookings WHERE once = $1`, hash)
	if err != nil || len(bs) == 0 {
		return 0, b, false, err
	}
	return ws, bs[0], true, nil
}

// BookingsIn are the bookings that keep a time within [from, to), by start.
func (t *Tx) BookingsIn(from, to time.Time) ([]dottedline.Booking, error) {
	return all(t, scanBooking, `SELECT `+bookingCols+` FROM bookings WHERE ws = $1 AND start_at < $3 AND end_at > $2 AND start_at > $4
		AND (state = 'booked' OR (state = 'held' AND until > $5)) ORDER BY start_at, id`, us(from), us(to), us(from.Add(-24*time.Hour)), us(t.Now))
}

// BookingsProposed are the bookings for which the guest proposes another time
// that is still ahead, by that time.
func (t *Tx) BookingsProposed() ([]dottedline.Booking, error) {
	return all(t, scanBooking, `SELECT `+bookingCols+` FROM bookings WHERE ws = $1 AND to_at > $2 AND state = 'booked' AND start_at > $2 ORDER BY to_at LIMIT 50`, us(t.Now))
}

// BookingsOf are the bookings of a deal, newest first.
func (t *Tx) BookingsOf(d dottedline.DealID) ([]dottedline.Booking, error) {
	return all(t, scanBooking, `SELECT `+bookingCols+` FROM bookings WHERE ws = $1 AND deal = $2 AND state <> 'held' ORDER BY start_at DESC`, d)
}

// HeldWith are the holds that were offered together.
func (t *Tx) HeldWith(group dottedline.BookingID) ([]dottedline.Booking, error) {
	return all(t, scanBooking, `SELECT `+bookingCols+` FROM bookings WHERE ws = $1 AND held_for = $2 AND held_for > 0 AND state = 'held' ORDER BY start_at`, group)
}

// TakeSlots takes the minutes of a booking for all of its members; false where
// one of them is taken, and the transaction is to be given up. Holds that have
// ended make room first.
func (t *Tx) TakeSlots(b dottedline.Booking) (bool, error) {
	if err := t.do(`DELETE FROM slots WHERE ws = $1 AND booking IN (SELECT id FROM bookings WHERE ws = $1 AND state = 'held' AND until <= $2)`, us(t.Now)); err != nil {
		return false, err
	}
	for _, m := range b.Members {
		for _, c := range b.Cells() {
			n, err := t.count(`INSERT INTO slots (ws, member, cell, booking) VALUES ($1, $2, $3, $4) ON CONFLICT (ws, member, cell) DO NOTHING`, m, c, b.ID)
			if err != nil || n == 0 {
				return false, err
			}
		}
	}
	return true, nil
}

// FreeSlots gives the minutes of a booking back.
func (t *Tx) FreeSlots(id dottedline.BookingID) error {
	return t.do(`DELETE FROM slots WHERE ws = $1 AND booking = $2`, id)
}
