package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/desk"
)

const (
	freeCalendars = 5
	freeEvents    = 5_000 // single ones over two years
	freeSeries    = 200
	freeWithin    = 20 * time.Millisecond
)

var freeRules = []string{"FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=DAILY;COUNT=2500", "FREQ=YEARLY", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1"}

// free measures how long a guest waits for the free times of four weeks: the
// whole act of the desk, from the database to the list.
func free(ctx context.Context, b *bench) error {
	h, err := b.newHouse(ctx, "free")
	if err != nil {
		return err
	}
	defer h.db.Close()
	if err := h.calendars(ctx); err != nil {
		return err
	}
	p := dottedline.NewBookingPage(h.me.Member, "sam")
	p.Settings.Days = 28
	if _, err := h.desk.SaveBookingPage(ctx, h.me, p); err != nil {
		return err
	}
	ask := func() (time.Duration, error) {
		now := h.desk.Now()
		began := time.Now()
		o, err := h.desk.BookingPage(ctx, "sam", "", now, now.Add(28*24*time.Hour))
		if err == nil && (o.Closed || len(o.Slots) == 0) {
			err = fmt.Errorf("no time is free")
		}
		return time.Since(began), err
	}
	cold, err := ask()
	if err != nil {
		return err
	}
	ts := make([]time.Duration, b.pages)
	for i := range ts {
		if ts[i], err = ask(); err != nil {
			return err
		}
	}
	p50, p99 := quantile(ts, .5), quantile(ts, .99)
	b.tab.add(fmt.Sprintf("free times of 4 weeks, %d calendars, %d events, %d series: p50, p99", freeCalendars, freeEvents, freeSeries), ms(p50)+", "+ms(p99),
		"the first time: "+ms(cold), goal("p50 < 20 ms", p50 < freeWithin))
	return nil
}

// calendars connects calendars with many events, each an object with its own
// zone, as CalDAV servers hold them.
func (h *house) calendars(ctx context.Context) error {
	l, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(4, 5000))
	now := h.desk.Now()
	day := time.Date(now.Year()-1, now.Month(), now.Day(), 0, 0, 0, 0, l)
	objects := make([][]desk.CalendarObject, freeCalendars)
	for i := range freeEvents + freeSeries {
		start := day.AddDate(0, 0, r.IntN(730)).Add(time.Duration(r.IntN(96)) * 15 * time.Minute)
		e := ical.Event{UID: fmt.Sprintf("%d@example.com", i), Stamp: now, Summary: "Weekly call about the offer", Description: "Dial in by phone.",
			Organizer: ical.Party{Name: "Sam", Address: "sam@example.com"}, Attendees: []ical.Party{{Name: "Anna", Address: "anna@example.com", Answer: ical.Accepted}}}
		if i >= freeEvents {
			start = start.AddDate(-r.IntN(8), 0, 0)
			e.Rule = freeRules[r.IntN(len(freeRules))]
			e.Transparent = i%4 > 0 // or no time would be left
		}
		e.Start, e.End = ical.ZonedMoment(start, l), ical.ZonedMoment(start.Add(30*time.Minute), l)
		raw, err := ical.Encode("", e)
		if err != nil {
			return err
		}
		objects[i%freeCalendars] = append(objects[i%freeCalendars], desk.CalendarObject{Path: e.UID, ETag: e.UID, Raw: raw})
	}
	var found []desk.FoundCalendar
	for i := range objects {
		found = append(found, desk.FoundCalendar{URL: fmt.Sprintf("https://cal.example.com/%d/", i), Name: fmt.Sprint(i), Busy: true})
	}
	if err := h.desk.ConnectCalendars(ctx, h.me, desk.CalendarLogin{URL: "https://cal.example.com/"}, found); err != nil {
		return err
	}
	cs, err := h.desk.Calendars(ctx, h.me)
	if err != nil {
		return err
	}
	for i, c := range cs {
		if err := h.desk.KeepCalendar(ctx, h.me.Workspace, c.ID, "", "", objects[i], nil, true, dottedline.CalendarState{Tried: now, Read: now, Whole: now}); err != nil {
			return err
		}
	}
	return nil
}
