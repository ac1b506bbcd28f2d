package dottedline

import "time"

// Calendar is one calendar of a member that is read, and perhaps written.
type Calendar struct {
	ID     CalendarID
	Member MemberID
	Name   string
	URL    string // of the CalDAV collection, or the ICS address
	ICS    bool   // an ICS address: read only
	Busy   bool   // its events make the member busy
	Target bool   // bookings are written into it
	User   string // who signs in; may be empty
	State  CalendarState
}

// CalendarState is how reading a calendar went.
type CalendarState struct {
	Tried    time.Time // when it was last tried, zero: never
	Read     time.Time // when it was last read whole, zero: never
	Whole    time.Time // when everything was last compared without trusting a token
	Error    string    // why the last try failed, in plain words; "" when it did not
	Failures int       // tries in a row that failed
	Next     time.Time // when it is tried again
}

// CalendarAge is the age beyond which a calendar is not trusted: no free time
// is offered from it.
const CalendarAge = 30 * time.Minute

// Closed says why a calendar can't be trusted now; "" when it can.
func (c Calendar) Closed(now time.Time) string {
	switch {
	case c.State.Error != "":
		return c.State.Error
	case c.State.Read.IsZero():
		return "It has not been read yet."
	case now.Sub(c.State.Read) > CalendarAge:
		return "It was last read too long ago."
	}
	return ""
}
