package desk

import (
	"slices"
	"sync"
	"time"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/store"
)

// shelf keeps calendars parsed: an object is parsed anew only when its ETag has
// changed, and a calendar is looked at only when its rev has.
type shelf struct {
	mu  sync.Mutex
	has map[dottedline.CalendarID]*shelved
}

type shelved struct {
	rev     int64
	objects map[string]parsed
	list    []ical.Calendar
}

type parsed struct {
	etag string
	cal  ical.Calendar
}

// objects are the parsed objects of a calendar; callers must not change them.
func (s *shelf) objects(t *store.Tx, c store.Calendar) ([]ical.Calendar, error) {
	s.mu.Lock()
	had := s.has[c.ID]
	s.mu.Unlock()
	if had != nil && had.rev == c.Rev {
		return had.list, nil
	}
	etags, err := t.CalendarETags(c.ID)
	if err != nil {
		return nil, err
	}
	now := &shelved{rev: c.Rev, objects: make(map[string]parsed, len(etags))}
	for path, etag := range etags {
		var p parsed
		ok := false
		if had != nil {
			p, ok = had.objects[path]
		}
		if !ok || p.etag != etag || etag == "" {
			raw, err := t.CalendarRaw(c.ID, path)
			if err != nil {
				return nil, err
			}
			var one ical.Source
			one.Add(path, raw)
			p = parsed{etag, one.Objects[0]}
		}
		now.objects[path] = p
		now.list = append(now.list, p.cal)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.has == nil {
		s.has = map[dottedline.CalendarID]*shelved{}
	}
	if x := s.has[c.ID]; x == nil || x.rev <= now.rev {
		s.has[c.ID] = now
	}
	return now.list, nil
}

// sources are the calendars that make a member busy, as last read. without is
// the UID of a meeting that is being moved, "" for none.
func (d *Desk) sources(t *store.Tx, m dottedline.MemberID, without string) (out []ical.Source, err error) {
	cs, err := t.CalendarsOf(m)
	if err != nil {
		return nil, err
	}
	for _, c := range cs {
		if !c.Busy {
			continue
		}
		s := ical.Source{Name: c.Name, Read: c.State.Read, MaxAge: dottedline.CalendarAge, Failed: c.State.Error}
		if s.Objects, err = d.shelf.objects(t, c); err != nil {
			return nil, err
		}
		if without != "" {
			s.Objects = slices.DeleteFunc(slices.Clone(s.Objects), func(o ical.Calendar) bool {
				return len(o.Events) > 0 && o.Events[0].UID == without
			})
		}
		out = append(out, s)
	}
	return out, nil
}

// bookable are the members of a page with all that keeps them from being free
// within [from, to). moved is the booking that looks for another time.
func (d *Desk) bookable(t *store.Tx, p dottedline.BookingPage, from, to time.Time, moved *dottedline.Booking) (out []ical.Member, err error) {
	const about = 48 * time.Hour // a day's limit counts the whole day, in any zone
	bs, err := t.BookingsIn(from.Add(-about), to.Add(about))
	if err != nil {
		return nil, err
	}
	owns, err := t.Mailboxes()
	if err != nil {
		return nil, err
	}
	without := ""
	if moved != nil {
		without = moved.UID()
	}
	for _, id := range p.Settings.Members {
		m, err := t.Member(id)
		if err != nil {
			return nil, err
		}
		x := ical.Member{ID: id.String(), Me: []string{string(m.Email)}}
		for _, b := range owns {
			if b.Member == id {
				x.Me = append(x.Me, string(b.Address))
			}
		}
		if x.Schedule, err = schedule(p, m.Member); err != nil {
			return nil, err
		}
		if x.Sources, err = d.sources(t, id, without); err != nil {
			return nil, err
		}
		for _, b := range bs {
			if slices.Contains(b.Members, id) && (moved == nil || b.ID != moved.ID) {
				x.Booked = append(x.Booked, ical.Interval{Start: b.Start, End: b.End})
			}
		}
		out = append(out, x)
	}
	return out, nil
}

// schedule is when a member can be booked on a page. Somebody who works round
// the clock is still booked in office hours.
func schedule(p dottedline.BookingPage, m dottedline.Member) (s ical.Schedule, err error) {
	h, err := m.Hours.Local()
	if err != nil {
		return s, err
	}
	days := h.Days
	if p.Settings.Hours != nil && m.ID == p.Owner {
		days = *p.Settings.Hours
	} else if days == ([7]dottedline.Span{}) {
		days = dottedline.OfficeHours(h.Zone).Days
	}
	minutes := func(n int) time.Duration { return time.Duration(n) * time.Minute }
	s = ical.Schedule{Zone: h.Location(), Holidays: map[ical.Day]bool{}, Before: minutes(p.Settings.Before), After: minutes(p.Settings.After),
		Notice: minutes(p.Settings.Notice), Horizon: time.Duration(p.Settings.Days) * 24 * time.Hour, DailyLimit: p.Settings.DailyLimit}
	for d, span := range days {
		if span.From < span.To {
			s.Week[d] = []ical.Hours{{From: span.From, To: span.To}}
		}
	}
	for _, text := range h.Holidays {
		if day, err := time.Parse(time.DateOnly, text); err == nil {
			s.Holidays[ical.Day{Year: day.Year(), Month: day.Month(), Day: day.Day()}] = true
		}
	}
	return s, nil
}

// slots are the free times of a page, and why somebody is not offered.
func (d *Desk) slots(t *store.Tx, p dottedline.BookingPage, k dottedline.MeetingKind, from, to time.Time, moved *dottedline.Booking) ([]ical.Slot, []ical.Reason, error) {
	ms, err := d.bookable(t, p, from, to, moved)
	if err != nil {
		return nil, nil, err
	}
	zone := time.UTC
	if len(ms) > 0 {
		zone = ms[0].Zone
	}
	slots, reasons := ical.Free(ical.Query{Now: t.Now, From: from, To: to, Length: time.Duration(k.Minutes) * time.Minute, Step: k.Step(), Zone: zone, RoundRobin: p.Settings.RoundRobin}, ms)
	return slots, reasons, nil
}
