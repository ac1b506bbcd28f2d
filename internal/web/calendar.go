package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

func calendarPage(v *visit) (templ.Component, error) { return showCalendars(v, nil, nil) }

// showCalendars shows the calendars and booking pages; tried is one that could
// not be kept.
func showCalendars(v *visit, tried *dottedline.BookingPage, p *dottedline.Problem) (templ.Component, error) {
	out := html.CalendarSettings{Problem: problemOf(p)}
	var err error
	if out.Shell, err = v.shell("Calendar", "settings", ""); err != nil {
		return nil, err
	}
	cs, err := v.desk.Calendars(v.Context(), v.actor)
	if err != nil {
		return nil, err
	}
	lost, err := v.desk.Unwritten(v.Context(), v.actor)
	if err != nil {
		return nil, err
	}
	changes, err := v.desk.CalendarChanges(v.Context(), v.actor)
	if err != nil {
		return nil, err
	}
	for _, c := range cs {
		row := html.CalendarRow{ID: c.ID.String(), Name: c.Name, Where: c.URL, Busy: c.Busy, Target: c.Target, ReadOnly: c.ICS, State: "Read " + v.ago(c.State.Read) + "."}
		if u, err := url.Parse(c.URL); err == nil && c.ICS { // the address of a feed is its key
			row.Where = u.Host
		}
		if why := c.Closed(v.now); why != "" && !c.State.Tried.IsZero() {
			row.Problem = &html.Problem{Text: why, Hint: "While this lasts, no free time of yours is offered. Dottedline tries again by itself."}
			if !c.Busy {
				row.Problem.Hint = "Dottedline tries again by itself."
			}
		}
		for _, u := range lost {
			if u.Calendar == c.ID {
				x := html.UnwrittenLine{UID: u.UID, Text: unwritten(u), Why: u.Error}
				if !u.Again.IsZero() {
					x.Why += " It is tried again by itself."
				}
				row.Unwritten = append(row.Unwritten, x)
			}
		}
		row.Changes = v.calendarChanges(slices.DeleteFunc(slices.Clone(changes), func(x desk.CalendarChange) bool { return x.Calendar != c.ID }))
		out.Calendars = append(out.Calendars, row)
	}
	pages, err := v.desk.BookingPages(v.Context(), v.actor)
	if err != nil {
		return nil, err
	}
	ms, err := v.desk.Members(v.Context(), v.actor)
	if err != nil {
		return nil, err
	}
	fresh := dottedline.NewBookingPage(v.actor.Member, "")
	if tried != nil && tried.ID == 0 {
		fresh = *tried
	}
	for _, b := range append(pages, fresh) {
		if tried != nil && tried.ID == b.ID {
			b = *tried
		}
		f := bookingForm(b, ms)
		f.Open = len(pages) == 0 || tried != nil && tried.ID == b.ID
		out.Pages = append(out.Pages, f)
	}
	return html.CalendarPage(out), nil
}

// unwritten says which meeting is missing in which calendar.
func unwritten(u desk.Unwritten) string {
	if u.Gone {
		return "“" + u.Title + "” was called off and is still in the calendar “" + u.Name + "”."
	}
	return "“" + u.Title + "” could not be written into the calendar “" + u.Name + "”."
}

// writeAgain tries once more to write a meeting into a calendar, or lets it be.
func writeAgain(v *visit) (string, error) {
	id, err := calendarID(v)
	if err == nil {
		err = v.desk.WriteAgain(v.Context(), v.actor, id, v.PostFormValue("uid"), v.PostFormValue("again") != "no")
	}
	return "/settings/calendar", err
}

func bookingForm(b dottedline.BookingPage, ms []dottedline.Member) html.BookingForm {
	s := b.Settings
	f := html.BookingForm{Name: b.Name, Title: s.Title, Question: s.Question, Before: strconv.Itoa(s.Before), After: strconv.Itoa(s.After), Notice: strconv.Itoa(s.Notice),
		Days: strconv.Itoa(s.Days), Limit: strconv.Itoa(s.DailyLimit), RoundRobin: s.RoundRobin}
	if b.ID != 0 {
		f.ID, f.Href = b.ID.String(), "/b/"+b.Name
	}
	for _, k := range s.Kinds {
		f.Kinds += k.Name + ", " + strconv.Itoa(k.Minutes)
		if k.Place != "" {
			f.Kinds += ", " + k.Place
		}
		f.Kinds += "\n"
	}
	f.Week = workDays(dottedline.OfficeHours("UTC").Days)
	if f.OwnHours = s.Hours != nil; f.OwnHours {
		f.Week = workDays(*s.Hours)
	}
	for _, m := range ms {
		if m.ID == b.Owner {
			f.Owner = m.Name
		}
		f.Members = append(f.Members, html.Choice{Value: m.ID.String(), Label: m.Name, Chosen: slices.Contains(s.Members, m.ID)})
	}
	f.Makes = append([]html.Choice{{Label: "No deal by itself"}}, kindChoices(s.Makes)...)
	return f
}

func connectCalendarPage(v *visit) (templ.Component, error) {
	return showConnectCalendar(v, desk.CalendarLogin{}, nil)
}

func showConnectCalendar(v *visit, l desk.CalendarLogin, p *dottedline.Problem) (templ.Component, error) {
	s, err := v.shell("Connect a calendar", "settings", "")
	return html.ConnectCalendarPage(html.CalendarForm{Shell: s, URL: l.URL, User: l.User, ICS: l.ICS, Problem: problemOf(p)}), err
}

// connectCalendar looks behind the address and keeps all calendars there; which
// make busy is then said on their page.
func connectCalendar(v *visit) (string, again, error) {
	l := desk.CalendarLogin{URL: strings.TrimSpace(v.PostFormValue("url")), User: strings.TrimSpace(v.PostFormValue("user")), Secret: v.PostFormValue("password"), ICS: v.PostFormValue("ics") != ""}
	var found []desk.FoundCalendar
	var err error = dottedline.Wrong("Ask whoever runs it.", "This Dottedline reads no calendars.")
	if v.opt.Calendars != nil {
		found, err = v.opt.Calendars(v.Context(), l)
	}
	if err == nil {
		for i := range found {
			if found[i].Name == "" {
				found[i].Name = "Calendar"
			}
		}
		err = v.desk.ConnectCalendars(v.Context(), v.actor, l, found)
	}
	return "/settings/calendar", func(p *dottedline.Problem) (templ.Component, error) { return showConnectCalendar(v, l, p) }, err
}

func calendarID(v *visit) (dottedline.CalendarID, error) {
	id, err := dottedline.ParseID[dottedline.Calendar](v.PathValue("calendar"))
	if err != nil {
		return 0, dottedline.Missing("calendar")
	}
	return id, nil
}

func setCalendar(v *visit) (string, again, error) {
	id, err := calendarID(v)
	if err == nil {
		if v.PostFormValue("remove") != "" {
			err = v.desk.DropCalendar(v.Context(), v.actor, id)
		} else {
			err = v.desk.SetCalendar(v.Context(), v.actor, id, v.PostFormValue("busy") != "", v.PostFormValue("target") != "")
		}
	}
	return "/settings/calendar?saved=1", func(p *dottedline.Problem) (templ.Component, error) { return showCalendars(v, nil, p) }, err
}

func readCalendar(v *visit) (string, error) {
	id, err := calendarID(v)
	if err == nil && v.opt.ReadNow != nil {
		v.opt.ReadNow(v.actor.Workspace, id)
	}
	return "/settings/calendar", err
}

// setBooking adds or changes a booking page.
func setBooking(v *visit) (string, again, error) {
	p := dottedline.NewBookingPage(v.actor.Member, v.PostFormValue("name"))
	if id := v.PathValue("page"); id != "" {
		var err error
		if p.ID, err = dottedline.ParseID[dottedline.BookingPage](id); err != nil {
			return "", nil, dottedline.Missing("page")
		}
		if v.PostFormValue("remove") != "" {
			return "/settings/calendar", func(p *dottedline.Problem) (templ.Component, error) { return showCalendars(v, nil, p) }, v.desk.DropBookingPage(v.Context(), v.actor, p.ID)
		}
	}
	s := &p.Settings
	s.Title, s.Question, s.Makes, s.RoundRobin = v.PostFormValue("title"), v.PostFormValue("question"), dottedline.Kind(v.PostFormValue("makes")), v.PostFormValue("turns") != ""
	s.Members, s.Kinds = nil, nil
	for _, m := range v.PostForm["member"] {
		if id, err := dottedline.ParseID[dottedline.Member](m); err == nil {
			s.Members = append(s.Members, id)
		}
	}
	for line := range strings.Lines(v.PostFormValue("kinds")) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		f := strings.SplitN(line+",,", ",", 3)
		n, _ := strconv.Atoi(strings.TrimSpace(f[1])) // what can't be read is 0, and Check says so
		s.Kinds = append(s.Kinds, dottedline.MeetingKind{Name: f[0], Minutes: n, Place: strings.Trim(f[2], ", ")})
	}
	for name, into := range map[string]*int{"before": &s.Before, "after": &s.After, "notice": &s.Notice, "days": &s.Days, "limit": &s.DailyLimit} {
		n, err := strconv.Atoi(strings.TrimSpace(v.PostFormValue(name)))
		if err != nil {
			n = -1
		}
		*into = n
	}
	var err error
	if v.PostFormValue("hours") == "own" {
		s.Hours = new([7]dottedline.Span)
		*s.Hours, err = v.weekOf()
	}
	if err == nil {
		_, err = v.desk.SaveBookingPage(v.Context(), v.actor, p)
	}
	return "/settings/calendar?saved=1", func(w *dottedline.Problem) (templ.Component, error) { return showCalendars(v, &p, w) }, err
}
