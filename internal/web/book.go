package web

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

// shownDays is how many days of free times a booking page shows at once.
const shownDays = 7

// guestZone is the zone that a guest reads times in: their own where they said
// or their browser did, else the host's.
func guestZone(v *visit, host *time.Location) (zone *time.Location, guess bool) {
	if name := strings.TrimSpace(v.FormValue("zone")); name != "" {
		if l, err := time.LoadLocation(name); err == nil && name != "Local" {
			return l, false
		}
	}
	return host, true
}

// firstDay is the day that the address names, at midnight of a zone, and not
// before today.
func firstDay(v *visit, zone *time.Location) time.Time {
	today := v.now.In(zone)
	y, m, d := today.Date()
	from := time.Date(y, m, d, 0, 0, 0, 0, zone)
	if t, err := time.ParseInLocation(time.DateOnly, v.FormValue("from"), zone); err == nil && t.After(from) && t.Before(from.AddDate(1, 0, 0)) {
		from = t
	}
	return from
}

// offer is where times are booked: on a page of its own, or from a room whose
// visitor is known.
type offer struct {
	base  string
	open  func(kind string, from, to time.Time) (desk.OpenPage, error)
	guest string // the address that the invitation goes to; "" while it is asked for
}

// namedOffer is the booking page in the address.
func namedOffer(v *visit) offer {
	name := v.PathValue("page")
	return offer{base: "/b/" + name, open: func(kind string, from, to time.Time) (desk.OpenPage, error) {
		return v.desk.BookingPage(v.Context(), name, kind, from, to)
	}}
}

func bookPage(v *visit) error { return namedOffer(v).show(v, nil) }

func (f offer) show(v *visit, wrong *dottedline.Problem) error {
	b, err := f.page(v, wrong)
	if err != nil {
		return err
	}
	code := http.StatusOK
	if wrong != nil {
		code = status(wrong.Kind)
	}
	return v.render(code, html.BookingPage(b))
}

// page is a booking page with its free times, or with the form where the
// address names one of them.
func (f offer) page(v *visit, wrong *dottedline.Problem) (b html.Booking, err error) {
	kind := v.FormValue("kind")
	o, err := f.open(kind, v.now, v.now)
	if err != nil {
		return b, err
	}
	zone, guess := guestZone(v, o.Zone)
	k := o.Settings.Kind(kind)
	b = html.Booking{Assets: v.assets.Prefix(), Base: f.base, Title: o.Settings.Title, With: hosts(o), Kind: k.Name, Zone: zone.String(), HostZone: o.Zone.String(), Zones: zones, Guess: guess, Guest: f.guest,
		Problem: problemOf(wrong), Question: o.Settings.Question, Press: v.PostFormValue("press"), Person: v.PostFormValue("person"), Mail: v.PostFormValue("mail"), Said: v.PostFormValue("answer")}
	if b.Press == "" {
		b.Press = desk.NewLink()
	}
	here := func(q ...string) string {
		u := url.Values{"kind": {k.Name}}
		if !guess {
			u.Set("zone", zone.String())
		}
		for i := 0; i < len(q); i += 2 {
			u.Set(q[i], q[i+1])
		}
		return f.base + "?" + u.Encode()
	}
	for _, x := range o.Settings.Kinds {
		b.Kinds = append(b.Kinds, html.BookLink{Label: x.Name, Note: strconv.Itoa(x.Minutes) + " min", Href: here("kind", x.Name), Chosen: x.Name == k.Name})
	}
	taken := wrong != nil && wrong.Kind == dottedline.Conflict
	if at, ok := pickedTime(v); ok && !taken {
		b.At = strconv.FormatInt(at.Unix(), 10)
		b.When, b.HostWhen = clocks(at, time.Duration(k.Minutes)*time.Minute, zone, o.Zone)
		return b, nil
	}
	from := firstDay(v, zone)
	if o, err = f.open(kind, from, from.AddDate(0, 0, shownDays)); err != nil {
		return b, err
	}
	b.Closed = o.Closed
	b.Days = bookDays(o.Slots, zone, o.Zone, func(at time.Time) string { return here("zone", zone.String(), "at", strconv.FormatInt(at.Unix(), 10)) })
	b.Earlier, b.Later = otherDays(v, from, o.Settings.Days, func(day string) string { return here("from", day) })
	return b, nil
}

func hosts(o desk.OpenPage) string {
	return strings.Join(append(o.Hosts[:len(o.Hosts):len(o.Hosts)], o.Company), ", ")
}

// otherDays are the addresses of the days before and after those shown.
func otherDays(v *visit, from time.Time, horizon int, href func(day string) string) (earlier, later string) {
	if from.After(v.now) {
		earlier = href(from.AddDate(0, 0, -shownDays).Format(time.DateOnly))
	}
	if next := from.AddDate(0, 0, shownDays); next.Before(v.now.AddDate(0, 0, horizon)) {
		later = href(next.Format(time.DateOnly))
	}
	return earlier, later
}

// pickedTime is the time that a request names.
func pickedTime(v *visit) (time.Time, bool) {
	n, err := strconv.ParseInt(v.FormValue("at"), 10, 64)
	return time.Unix(n, 0).UTC(), err == nil && n > 0 && n < 1<<40
}

// clocks writes a time on the guest's clock and, where it differs, on the host's.
func clocks(at time.Time, long time.Duration, guest, host *time.Location) (string, string) {
	g, h := at.In(guest), at.In(host)
	when := g.Format("Monday 2 January 2006, 15:04") + " to " + g.Add(long).Format("15:04") + " in " + cityOf(guest)
	if g.Format("2 15:04") == h.Format("2 15:04") {
		return when, ""
	}
	return when, h.Format("Mon 15:04") + " in " + cityOf(host)
}

func cityOf(l *time.Location) string {
	s := l.String()
	return strings.ReplaceAll(s[strings.LastIndexByte(s, '/')+1:], "_", " ")
}

// bookDays groups free times by the guest's days.
func bookDays(slots []ical.Slot, guest, host *time.Location, href func(time.Time) string) (out []html.BookDay) {
	for _, s := range slots {
		g, h := s.Start.In(guest), s.Start.In(host)
		name := g.Format("Monday 2 January")
		if len(out) == 0 || out[len(out)-1].Name != name {
			out = append(out, html.BookDay{Name: name})
		}
		t := html.BookTime{Label: g.Format("15:04"), At: strconv.FormatInt(s.Start.Unix(), 10)}
		if g.Format("2 15:04") != h.Format("2 15:04") {
			t.Note = h.Format("15:04")
		}
		if href != nil {
			t.Href = href(s.Start)
		}
		d := &out[len(out)-1]
		d.Times = append(d.Times, t)
	}
	return out
}

func from(v *visit) string {
	host, _, err := net.SplitHostPort(v.RemoteAddr)
	if err != nil {
		return v.RemoteAddr
	}
	return host
}

func book(v *visit) error {
	return namedOffer(v).take(v, func(at time.Time, g desk.Guest) error {
		return v.desk.Book(v.Context(), v.PathValue("page"), v.PostFormValue("kind"), at, g)
	})
}

// take books the time that the form names, or shows what is wrong with it.
func (f offer) take(v *visit, book func(time.Time, desk.Guest) error) error {
	at, ok := pickedTime(v)
	if !ok {
		return missing
	}
	press := v.PostFormValue("press")
	err := book(at, desk.Guest{Name: v.PostFormValue("person"), Address: v.PostFormValue("mail"), Zone: v.PostFormValue("zone"), Answer: v.PostFormValue("answer"), Once: press, From: from(v)})
	var p *dottedline.Problem
	switch {
	case err == nil:
		v.see("/booking/" + press)
		return nil
	case !errors.As(err, &p) || p.Kind == dottedline.NotFound || p.Kind == dottedline.SignIn:
		return err
	}
	return f.show(v, p)
}

func bookedPage(v *visit) error { return showBooked(v, nil) }

// showBooked shows a guest the booking, or the times that it could be moved to.
func showBooked(v *visit, wrong *dottedline.Problem) error {
	link := v.PathValue("link")
	moving := v.FormValue("move") != ""
	m, err := v.desk.BookingAt(v.Context(), link, v.now, v.now)
	if err != nil {
		return err
	}
	guest, err := time.LoadLocation(m.Booking.Zone)
	if err != nil {
		guest = m.OpenPage.Zone
	}
	code := http.StatusOK
	if wrong != nil {
		code = status(wrong.Kind)
	}
	over := m.Past || m.State == dottedline.Freed
	if moving && m.State == dottedline.Booked && !over {
		b, err := moveTimes(v, m, guest, link)
		if err != nil {
			return err
		}
		b.Problem = problemOf(wrong)
		return v.render(code, html.BookingPage(b))
	}
	b := html.Booked{Assets: v.assets.Prefix(), Head: "Booked.", What: m.Booking.Kind, With: hosts(m.OpenPage), Place: m.Place, Problem: problemOf(wrong)}
	b.When, b.HostWhen = clocks(m.Start, m.End.Sub(m.Start), guest, m.OpenPage.Zone)
	switch {
	case m.State == dottedline.Freed:
		b.Head = "Cancelled."
	case m.Past:
		b.Head = "This time is over."
	case m.State == dottedline.Held && !m.Until.After(v.now):
		b.Head, over = "This time is no longer held.", true
	case m.State == dottedline.Held:
		b.Head, b.Confirm, b.Until = "A time for you.", "/booking/"+link+"/confirm", m.Until.In(guest).Format("Mon 15:04")
	default:
		b.MoveHref, b.Cancel, b.Address = "/booking/"+link+"?move=1", "/booking/"+link+"/cancel", string(m.Address)
	}
	if over && m.OpenPage.Name != "" {
		b.Again = "/b/" + m.OpenPage.Name
	}
	return v.render(code, html.BookedPage(b))
}

func moveTimes(v *visit, m desk.MyBooking, guest *time.Location, link string) (html.Booking, error) {
	if z, guess := guestZone(v, guest); !guess {
		guest = z
	}
	from := firstDay(v, guest)
	m, err := v.desk.BookingAt(v.Context(), link, from, from.AddDate(0, 0, shownDays))
	if err != nil {
		return html.Booking{}, err
	}
	b := html.Booking{Assets: v.assets.Prefix(), Title: "Another time", With: hosts(m.OpenPage), Zone: guest.String(), HostZone: m.OpenPage.Zone.String(), Zones: zones,
		Closed: m.Closed, Move: "/booking/" + link + "/move", Keep: "/booking/" + link}
	b.Was, _ = clocks(m.Start, m.End.Sub(m.Start), guest, guest)
	b.Days = bookDays(m.Slots, guest, m.OpenPage.Zone, nil)
	b.Earlier, b.Later = otherDays(v, from, m.Settings.Days, func(day string) string {
		return "/booking/" + link + "?" + url.Values{"move": {"1"}, "zone": {guest.String()}, "from": {day}}.Encode()
	})
	return b, nil
}

// changeBooking is an act on a booking by its link; what can't be done is said
// on its page.
func changeBooking(f func(*visit, string) error) func(*visit) error {
	return func(v *visit) error {
		link := v.PathValue("link")
		err := f(v, link)
		var p *dottedline.Problem
		if err != nil && errors.As(err, &p) && p.Kind != dottedline.NotFound {
			return showBooked(v, p)
		}
		if err == nil {
			v.see("/booking/" + link)
		}
		return err
	}
}

var moveBooking = changeBooking(func(v *visit, link string) error {
	at, ok := pickedTime(v)
	if !ok {
		return missing
	}
	return v.desk.MoveBooking(v.Context(), link, at)
})

var cancelBooking = changeBooking(func(v *visit, link string) error { return v.desk.CancelBooking(v.Context(), link) })

var confirmBooking = changeBooking(func(v *visit, link string) error { return v.desk.ConfirmBooking(v.Context(), link) })
