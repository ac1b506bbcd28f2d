package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// RoomTimes are the times within [from, to) that the visitor of a room can book
// with who sent the agreement, and who the visitor is.
func (d *Desk) RoomTimes(ctx context.Context, v Visitor, kind string, from, to time.Time) (o OpenPage, me dottedline.Signer, err error) {
	defer wrap("times of a room", &err)
	l, in, err := d.door(ctx, v)
	if err == nil && !in {
		err = errCode()
	}
	if err != nil {
		return o, me, err
	}
	err = d.db.View(ctx, l.Workspace, func(t *store.Tx) error {
		r, err := openRoom(t, v)
		if err != nil {
			return err
		}
		me = r.me().Signer
		p, err := r.bookingPage()
		if err == nil {
			o, err = d.openPage(t, p, kind, from, to, nil)
		}
		return err
	})
	return o, me, err
}

// bookingPage holds the rules by which a room books: those of a page of who sent
// the agreement, else the ones that a new page begins with.
func (r *room) bookingPage() (dottedline.BookingPage, error) {
	if r.maker.ID == 0 {
		return dottedline.BookingPage{}, dottedline.Missing("page")
	}
	ps, err := r.t.BookingPages()
	if i := slices.IndexFunc(ps, func(p dottedline.BookingPage) bool { return p.Owner == r.maker.ID }); i >= 0 {
		return ps[i], err
	}
	return dottedline.NewBookingPage(r.maker.ID, ""), err
}

// BookFromRoom takes a time for the visitor of a room: name and address are
// known, and the booking belongs to the deal. Of the guest only the zone, the
// answer and what names the press are read.
func (d *Desk) BookFromRoom(ctx context.Context, v Visitor, kind string, start time.Time, g Guest) (err error) {
	defer wrap("book from a room", &err)
	l, in, err := d.door(ctx, v)
	if err == nil && !in {
		err = errCode()
	}
	if err != nil {
		return err
	}
	if ok, err := d.sameBooking(ctx, g.Once); ok || err != nil {
		return err
	}
	if err := d.limit(ctx, l.Workspace, v.IP, dottedline.Address(l.Hash)); err != nil {
		return err
	}
	return d.visit(ctx, v, func(r *room) error {
		p, err := r.bookingPage()
		if err != nil {
			return err
		}
		me := r.me()
		g.Name, g.Address = me.Name, string(me.Address)
		addr, err := g.check(p)
		if err != nil {
			return err
		}
		k := p.Settings.Kind(kind)
		b := dottedline.Booking{ID: store.NewID[dottedline.Booking](r.t), Page: p.ID, State: dottedline.Booked, Start: start.UTC(), End: start.UTC().Add(time.Duration(k.Minutes) * time.Minute),
			Kind: k.Name, Name: g.Name, Address: addr, Zone: g.Zone, Answer: clean(strings.TrimSpace(g.Answer)), Deal: r.deal.ID}
		if err := d.takeSlot(r.t, p, k, &b, nil); err != nil {
			return err
		}
		if err := known(r.t, p, &b); err != nil {
			return err
		}
		if fresh, err := r.t.AddBooking(b, hashOf(g.Once)); err != nil || !fresh {
			return cmpErr(err, errGone)
		}
		if err := r.keep("", nil); err != nil {
			return err
		}
		return d.booked(r.t, p, k, b, g.Once)
	})
}
