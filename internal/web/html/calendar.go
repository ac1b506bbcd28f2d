package html

// CalendarSettings are the member's calendars and booking pages.
type CalendarSettings struct {
	Shell
	Calendars []CalendarRow
	Pages     []BookingForm
	Problem   *Problem
}

// CalendarRow is one calendar and how reading it goes.
type CalendarRow struct {
	ID, Name, Where string
	State           string   // "Read 2 minutes ago."
	Problem         *Problem // why it offers no time
	Busy, Target    bool
	ReadOnly        bool // an ICS address
	Unwritten       []UnwrittenLine
	Changes         []CalendarChange
}

// UnwrittenLine is a meeting that is missing in a calendar.
type UnwrittenLine struct{ UID, Text, Why string }

// CalendarForm connects calendars.
type CalendarForm struct {
	Shell
	URL, User string
	ICS       bool
	Problem   *Problem
}

// BookingForm changes a booking page; ID is empty for a new one.
type BookingForm struct {
	ID, Name, Title, Kinds, Question string
	Before, After, Notice            string
	Days, Limit                      string
	Members                          []Choice
	RoundRobin                       bool
	Makes                            []Choice
	Owner                            string // whose hours these are
	OwnHours                         bool   // they differ from the working hours
	Week                             []WorkDay
	Open                             bool
	Href                             string // where guests find it; empty for a new one
}

func (b BookingForm) action() string {
	if b.ID == "" {
		return "/settings/booking"
	}
	return "/settings/booking/" + b.ID
}

// Booking is a booking page as a guest sees it.
type Booking struct {
	Assets             string
	Base, Title        string // Base is the page's address
	With               string // "Sam Field, Pine"
	Kinds              []BookLink
	Kind               string
	Zone, HostZone     string
	Zones              []string
	Guess              bool // the zone is not the guest's own yet
	Days               []BookDay
	Earlier, Later     string // addresses; empty for none
	Closed             bool
	Problem            *Problem
	Press              string // secret of the booking that the form makes
	At                 string // of the time that is chosen; empty while none is
	When, HostWhen     string // the chosen time on both clocks
	Question           string
	Person, Mail, Said string // as typed
	Guest              string // where the invitation goes, when who books is known; then neither name nor address is asked for
	Move               string // action of moving a booking there; empty for a new one
	Was, Keep          string // the time that is moved, and where it stays as it is
}

// BookLink is one of several to choose from.
type BookLink struct {
	Label, Note, Href string
	Chosen            bool
}

// BookDay is a day with its free times.
type BookDay struct {
	Name  string
	Times []BookTime
}

// BookTime is one free time: Note is what it is on the host's clock, where that
// differs.
type BookTime struct{ Label, Note, Href, At string }

// Booked is a booking, for its guest.
type Booked struct {
	Assets           string
	Head             string // "Booked.", "Cancelled." …
	What, With       string
	When, HostWhen   string
	Place            string
	Address          string // where the invitation went
	MoveHref, Cancel string // empty when it is over
	Again            string // to book anew
	Problem          *Problem
	Confirm          string // where the one press goes that takes a held time
	Until            string // the hold ends
}
