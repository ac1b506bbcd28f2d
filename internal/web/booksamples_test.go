package web

import (
	"dottedline"
	"dottedline/internal/web/html"
)

func calendarSample(s html.Shell) html.CalendarSettings {
	return html.CalendarSettings{Shell: s,
		Calendars: []html.CalendarRow{
			{ID: "c1", Name: "Work", Where: "https://caldav.example.com/sam/work/", State: "Read 2 minutes ago.", Busy: true, Target: true,
				Changes:   changesSample("c1")[:1],
				Unwritten: []html.UnwrittenLine{{UID: "u1", Text: "“A talk” could not be written into the calendar “Work”.", Why: "The calendar server does not allow this."}}},
			{ID: "c2", Name: "Family", Where: "calendar.example.com", State: "Read 3 hours ago.", Busy: true, ReadOnly: true, Problem: &html.Problem{Text: "The calendar server did not answer in time.", Hint: "While this lasts, no free time of yours is offered."}},
		},
		Pages: []html.BookingForm{
			{ID: "p1", Name: "sam", Title: "Book a time", Kinds: "A talk, 30\n", Before: "5", After: "5", Notice: "120", Days: "21", Limit: "6", Members: []html.Choice{{Value: "m1", Label: "Sam Field", Chosen: true}}, Makes: kinds, Open: true, Href: "/b/sam", Owner: "Sam Field", OwnHours: true, Week: workDays(dottedline.OfficeHours("UTC").Days)},
			{Members: []html.Choice{{Value: "m1", Label: "Sam Field"}}, Makes: kinds},
		},
	}
}

func changesSample(calendar string) []html.CalendarChange {
	action := "/settings/calendar/" + calendar + "/change"
	return []html.CalendarChange{
		{ID: calendar + "-0", UID: "u2", Text: "“A talk with Maya Okafor” was moved in your calendar to Wed 25 November, 15:00 to 15:30.", Was: "Tue 24 November, 10:00 to 10:30", Note: "Maya Okafor is told in some minutes. Put it back before, and nobody hears of it.", Follow: "Tell them now", Action: action},
		{ID: calendar + "-1", UID: "u3", Text: "“A walk through with Tomás Herrera” is gone from your calendar.", Was: "Thu 26 November, 09:00 to 10:00", Note: "All of the calendar, or much of it, is gone at once. Nobody is told before you say so.", Follow: "Cancel it now", Action: action},
		{ID: calendar + "-2", UID: "u4", Text: "“Pilot, first look” was changed in your calendar.", Was: "Fri 27 November, 09:00 to 09:45", Note: "It repeats there now. Nobody is told before you say so.", Action: action},
	}
}

func bookingSample(assets string, form bool) html.Booking {
	times := func(from ...string) (out []html.BookTime) {
		for _, f := range from {
			out = append(out, html.BookTime{Label: f, Note: "16:30", Href: "/book-form"})
		}
		return out
	}
	b := html.Booking{Assets: assets, Base: "/b/sam", Title: "Book a time", With: "Sam Field, Acme", Kind: "A talk", Zone: "America/New_York", HostZone: "Europe/Oslo",
		Kinds: []html.BookLink{{Label: "A talk", Note: "30 min", Href: "/book", Chosen: true}, {Label: "A walk through", Note: "60 min", Href: "/book"}},
		Days:  []html.BookDay{{Name: "Tuesday 24 November", Times: times("09:00", "09:30", "10:00", "10:30", "11:00")}, {Name: "Wednesday 25 November", Times: times("09:00", "13:30")}},
		Later: "/book"}
	if form {
		b.At, b.When, b.HostWhen, b.Question, b.Press = "1", "Tuesday 24 November 2026, 10:00 to 10:30 in New York", "Tue 16:00 in Oslo", "What would make this talk worth your time?", "x"
	}
	return b
}

func movingSample(assets string) html.Booking {
	b := bookingSample(assets, false)
	b.Title, b.Kinds, b.Move, b.Keep, b.Was = "Another time", nil, "/booking/x/move", "/booking/x", "Tuesday 24 November 2026, 10:00 to 10:30 in New York"
	return b
}
