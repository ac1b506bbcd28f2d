package desk

import (
	"context"
	"slices"
	"time"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/store"
)

// BookingPages are the booking pages of the workspace.
func (d *Desk) BookingPages(ctx context.Context, a dottedline.Actor) (out []dottedline.BookingPage, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error { out, err = t.BookingPages(); return err })
	return out, err
}

// SaveBookingPage adds (ID 0) or changes a booking page. Its owner and owners
// of the workspace may; a name that another page has is a Problem.
func (d *Desk) SaveBookingPage(ctx context.Context, a dottedline.Actor, p dottedline.BookingPage) (id dottedline.BookPageID, err error) {
	if p, err = p.Check(); err != nil {
		return 0, err
	}
	if p.Settings.Makes != "" {
		if err := checkKind(p.Settings.Makes); err != nil {
			return 0, err
		}
	}
	err = d.write(ctx, a, func(t *store.Tx) error {
		ms, err := t.Members()
		if err != nil {
			return err
		}
		for _, id := range p.Settings.Members {
			if !slices.ContainsFunc(ms, func(m store.Member) bool { return m.ID == id }) {
				return dottedline.Missing("member")
			}
		}
		if p.ID == 0 {
			p.ID, p.Owner = store.NewID[dottedline.BookingPage](t), a.Member
		} else {
			was, err := t.BookingPage(p.ID)
			if err != nil {
				return err
			}
			if p.Owner = was.Owner; p.Owner != a.Member {
				if err := owner(a); err != nil {
					return err
				}
			}
		}
		id = p.ID
		ok, err := t.PutBookingPage(p)
		if err == nil && !ok {
			err = &dottedline.Problem{Kind: dottedline.Conflict, Text: "Another page has this address.", Hint: "Choose another name."}
		}
		return err
	})
	return id, err
}

// DropBookingPage removes a booking page; what is booked stays.
func (d *Desk) DropBookingPage(ctx context.Context, a dottedline.Actor, id dottedline.BookPageID) error {
	return d.write(ctx, a, func(t *store.Tx) error {
		p, err := t.BookingPage(id)
		if err != nil {
			return err
		}
		if p.Owner != a.Member {
			if err := owner(a); err != nil {
				return err
			}
		}
		return t.DropBookingPage(id)
	})
}

// OpenPage is a booking page as a guest sees it.
type OpenPage struct {
	dottedline.BookingPage
	Workspace dottedline.WorkspaceID
	Company   string
	Hosts     []string // names, in the order of Members
	Zone      *time.Location
	Slots     []ical.Slot
	// Closed is set while a calendar that is needed can't be trusted: no time is
	// offered then.
	Closed bool
}

// BookingPage shows a guest the times that are free within [from, to).
func (d *Desk) BookingPage(ctx context.Context, name, kind string, from, to time.Time) (o OpenPage, err error) {
	defer wrap("booking page", &err)
	ws, p, err := d.pageNamed(ctx, name)
	if err != nil {
		return o, err
	}
	err = d.db.View(ctx, ws, func(t *store.Tx) error { o, err = d.openPage(t, p, kind, from, to, nil); return err })
	return o, err
}

func (d *Desk) pageNamed(ctx context.Context, name string) (ws dottedline.WorkspaceID, p dottedline.BookingPage, err error) {
	ok := false
	if err = d.db.Everywhere(ctx, func(g store.Global) error { ws, p, ok, err = g.BookingPageNamed(name); return err }); err == nil && !ok {
		err = dottedline.Missing("page")
	}
	return ws, p, err
}

// openPage fills in who and when; moved is the booking that looks for another time.
func (d *Desk) openPage(t *store.Tx, p dottedline.BookingPage, kind string, from, to time.Time, moved *dottedline.Booking) (o OpenPage, err error) {
	o = OpenPage{BookingPage: p, Workspace: t.Workspace(), Zone: time.UTC}
	w, _, err := t.ThisWorkspace()
	if err != nil {
		return o, err
	}
	o.Company = w.Name
	o.Settings.Members = nil
	for _, id := range p.Settings.Members { // those who left are no longer offered
		m, err := t.Member(id)
		if err != nil {
			continue
		}
		if h, err := m.Hours.Local(); err == nil && len(o.Hosts) == 0 {
			o.Zone = h.Location()
		}
		o.Settings.Members, o.Hosts = append(o.Settings.Members, id), append(o.Hosts, m.Name)
	}
	if len(o.Hosts) == 0 || !from.Before(to) {
		return o, nil
	}
	var reasons []ical.Reason
	o.Slots, reasons, err = d.slots(t, o.BookingPage, p.Settings.Kind(kind), from, to, moved)
	o.Closed = len(reasons) > 0 && len(o.Slots) == 0
	return o, err
}
