package desk

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/store"
)

// holdFor is how long times that are offered in a reply are held for one person.
const holdFor = 48 * time.Hour

// OfferTimes holds up to n free times of the member for the person of a deal and
// adds them, each a link that books with one press, to the draft of the reply.
// They are spread: the next days, not the same hour twice.
func (d *Desk) OfferTimes(ctx context.Context, a dottedline.Actor, id dottedline.DealID, n int) (err error) {
	defer wrap("offer times", &err)
	return d.write(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(id)
		if err != nil {
			return err
		}
		draft, err := d.prepare(t, a, r.Deal)
		if err != nil {
			return err
		}
		h, err := d.holdTimes(t, a.Member, r.Deal, n)
		if err != nil {
			return err
		}
		return t.PutDraft(a.Member, r.ID, above(draft.Text, h.Lines))
	})
}

// holdTimes holds up to n free times of a member for the person of a deal. Where
// there are none, a Problem says why.
func (d *Desk) holdTimes(t *store.Tx, m dottedline.MemberID, deal dottedline.Deal, n int) (h store.HeldTimes, err error) {
	p, err := ownPage(t, m)
	if err != nil {
		return h, err
	}
	person, _, err := who(t, deal.Person)
	if err != nil {
		return h, err
	}
	if person.ID == 0 || person.Address == "" {
		return h, dottedline.Wrong("Add one on the deal's page.", "This deal has nobody to offer a time to.")
	}
	k := p.Settings.Kinds[0]
	slots, reasons, err := d.slots(t, p, k, t.Now, t.Now.Add(14*24*time.Hour), nil)
	if err != nil {
		return h, err
	}
	if len(slots) == 0 && len(reasons) > 0 {
		return h, dottedline.Wrong("See Settings, Calendar.", "No free time can be told: %s.", strings.TrimSuffix(reasons[0].String(), "."))
	}
	slots = spread(slots, n, deal.Person)
	if len(slots) == 0 {
		return h, dottedline.Wrong("Shorten the meeting or open more hours in Settings, Calendar.", "Nothing is free in the next two weeks.")
	}
	h.Deal, h.Until = deal.ID, t.Now.Add(holdFor)
	for _, s := range slots {
		b := dottedline.Booking{ID: store.NewID[dottedline.Booking](t), Page: p.ID, Members: []dottedline.MemberID{m}, State: dottedline.Held, Start: s.Start, End: s.End,
			Until: h.Until, Kind: k.Name, Name: person.Name, Address: person.Address, Zone: zoneOf(t, m), Deal: deal.ID, Person: person.ID}
		h.Group = cmp.Or(h.Group, b.ID)
		b.Group = h.Group
		if ok, err := t.TakeSlots(b); err != nil || !ok {
			return h, cmpErr(err, errGone)
		}
		link, hash := newToken()
		if _, err := t.AddBooking(b, hash); err != nil {
			return h, err
		}
		h.Lines += fmt.Sprintf("%s: %s/booking/%s\n", at(b, b.Zone), d.URL, link)
	}
	return h, nil
}

// above puts lines before the signature, which is the last paragraph.
func above(text, lines string) string {
	i := strings.LastIndex(text, "\n\n")
	if i < 0 {
		return strings.TrimSpace(text + "\n\n" + lines)
	}
	return text[:i] + "\n\n" + strings.TrimSpace(lines) + text[i:]
}

func zoneOf(t *store.Tx, m dottedline.MemberID) string {
	x, err := t.Member(m)
	if err != nil || x.Hours.Zone == "" {
		return "UTC"
	}
	return x.Hours.Zone
}

// ownPage is the page whose rules hold for times that a member offers: the
// first that they own, else the rules to begin with.
func ownPage(t *store.Tx, m dottedline.MemberID) (dottedline.BookingPage, error) {
	ps, err := t.BookingPages()
	if err != nil {
		return dottedline.BookingPage{}, err
	}
	page := dottedline.NewBookingPage(m, "")
	for _, p := range ps {
		if p.Owner == m {
			page = p
			break
		}
	}
	page.Settings.Members, page.Settings.RoundRobin = []dottedline.MemberID{m}, false
	return page, nil
}

// spread chooses n times on different days and, as far as it can, at different
// hours; deals begin at different ones.
func spread(slots []ical.Slot, n int, salt dottedline.PersonID) (out []ical.Slot) {
	byDay := map[string][]ical.Slot{}
	var days []string
	for _, s := range slots {
		d := s.Start.Format(time.DateOnly)
		if byDay[d] == nil {
			days = append(days, d)
		}
		byDay[d] = append(byDay[d], s)
	}
	for i, d := range days {
		if len(out) == n {
			break
		}
		of := byDay[d]
		out = append(out, of[(len(of)*(2*i+1)/6+int(salt)%3)%len(of)])
	}
	return out
}

// ConfirmBooking books a time that was held for its guest; the other times that
// were offered with it are free again.
func (d *Desk) ConfirmBooking(ctx context.Context, link string) (err error) {
	defer wrap("confirm booking", &err)
	return d.change(ctx, link, func(t *store.Tx, b dottedline.Booking, p dottedline.BookingPage) error {
		if b.State == dottedline.Booked {
			return nil
		}
		if b.State != dottedline.Held || !b.Stands(t.Now) || b.Start.Before(t.Now) {
			return &dottedline.Problem{Kind: dottedline.Conflict, Text: "This time is no longer held.", Hint: "Choose another one."}
		}
		held, err := t.HeldWith(b.Group)
		if err != nil {
			return err
		}
		for _, h := range held {
			if h.ID == b.ID {
				continue
			}
			if err := letGo(t, h); err != nil {
				return err
			}
		}
		b.State, b.Until = dottedline.Booked, time.Time{}
		return d.booked(t, p, p.Settings.Kind(b.Kind), b, link)
	})
}
