package desk

import (
	"context"
	"time"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/store"
)

// Unwritten is a meeting that could not be written into a calendar so far, or
// not be taken out of it.
type Unwritten struct {
	Calendar dottedline.CalendarID
	Name     string // of the calendar
	UID      string
	Title    string
	Gone     bool // it was to be taken out
	Error    string
	Again    time.Time // of the next try by itself; zero: a person has to say
}

// Unwritten are those of the member's own calendars.
func (d *Desk) Unwritten(ctx context.Context, a dottedline.Actor) (out []Unwritten, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		ws, err := t.CalendarWritesFailed()
		if err != nil {
			return err
		}
		for _, w := range ws {
			c, err := t.Calendar(w.Calendar)
			if err != nil {
				return err
			}
			if c.Member != a.Member {
				continue
			}
			u := Unwritten{Calendar: c.ID, Name: c.Name, UID: w.UID, Title: "A meeting", Gone: w.Gone, Error: w.Error, Again: w.Due}
			if cal, err := ical.Parse(w.Raw); err == nil && len(cal.Events) > 0 && cal.Events[0].Summary != "" {
				u.Title = clean(cal.Events[0].Summary)
			}
			out = append(out, u)
		}
		return nil
	})
	return out, err
}

// WriteAgain tries at once to write a meeting into a calendar of one's own: ours
// holds over what is in its place by now. With again false it is let be.
func (d *Desk) WriteAgain(ctx context.Context, a dottedline.Actor, id dottedline.CalendarID, uid string, again bool) error {
	err := d.write(ctx, a, func(t *store.Tx) error {
		if err := ownCalendar(t, a, id); err != nil {
			return err
		}
		due := t.Now
		if !again {
			due = time.Time{}
		}
		return t.WriteAgain(id, uid, due)
	})
	d.wakeUp()
	return err
}
