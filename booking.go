package dottedline

import (
	"slices"
	"strings"
	"time"
)

// BookingPage is where others take a time of ours, without an account.
type BookingPage struct {
	ID       BookPageID
	Name     string // its address is /b/NAME
	Owner    MemberID
	Settings BookingSettings
}

// BookingSettings are the rules of a booking page. Times are in minutes.
type BookingSettings struct {
	Title      string
	Members    []MemberID // who can be booked
	RoundRobin bool       // one of them takes it; else all of them must be free
	Kinds      []MeetingKind
	Hours      *[7]Span `json:",omitempty"` // of the owner on this page; nil: the working hours
	Before     int      // kept free before a meeting
	After      int      // kept free after it
	Notice     int      // how soon one can begin
	Days       int      // how many days ahead
	DailyLimit int      // bookings of a member a day; 0: no limit
	Question   string   // about the purpose; "" asks nothing
	Makes      Kind     // of the deal that a stranger's booking makes; "" makes none
}

// MeetingKind is one kind of meeting that can be booked.
type MeetingKind struct {
	Name    string
	Minutes int
	Place   string // where it takes place: a room, a telephone number, a video link
}

// NewBookingPage is a page with the rules to begin with.
func NewBookingPage(owner MemberID, name string) BookingPage {
	return BookingPage{Name: name, Owner: owner, Settings: BookingSettings{Title: "Book a time", Members: []MemberID{owner},
		Kinds: []MeetingKind{{Name: "A talk", Minutes: 30}}, Before: 5, After: 5, Notice: 120, Days: 21, DailyLimit: 6, Question: "What would make this talk worth your time?"}}
}

// Check tidies a page and says what is wrong with it.
func (p BookingPage) Check() (BookingPage, error) {
	p.Name = strings.ToLower(strings.TrimSpace(p.Name))
	s := &p.Settings
	s.Title, s.Question = strings.TrimSpace(s.Title), strings.TrimSpace(s.Question)
	switch {
	case len(p.Name) < 2 || len(p.Name) > 40 || strings.Trim(p.Name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
		return p, Wrong("Use small letters, digits and hyphens, like sam or sam-field.", "%q can't be the address of a page.", p.Name)
	case len(s.Members) == 0:
		return p, Wrong("Choose at least one.", "Nobody can be booked on this page.")
	case len(s.Kinds) == 0 || len(s.Kinds) > 10:
		return p, Wrong("Write one a line, like: A talk, 30.", "There have to be one to ten kinds of meeting.")
	case s.Before < 0 || s.After < 0 || s.Notice < 0 || s.DailyLimit < 0 || s.Before > 24*60 || s.After > 24*60:
		return p, Wrong("Write zero or more; a buffer is a day at most.", "A buffer, the notice or the limit can't be read.")
	case s.Days < 1 || s.Days > 180:
		return p, Wrong("Choose 1 to 180 days.", "How far ahead one can book is not said.")
	}
	for i := range s.Kinds {
		k := &s.Kinds[i]
		k.Name, k.Place = strings.TrimSpace(k.Name), strings.TrimSpace(k.Place)
		if k.Name == "" || k.Minutes < 5 || k.Minutes > 8*60 || k.Minutes%5 != 0 {
			return p, Wrong("Give it a name, and 5 to 480 minutes in steps of five.", "A kind of meeting can't be read.")
		}
	}
	return p, nil
}

// Kind finds a kind of meeting by its name, else gives the first.
func (s BookingSettings) Kind(name string) MeetingKind {
	i := slices.IndexFunc(s.Kinds, func(k MeetingKind) bool { return k.Name == name })
	return s.Kinds[max(i, 0)]
}

// Step is how far apart the beginnings are that are offered.
func (k MeetingKind) Step() time.Duration {
	if k.Minutes%30 == 0 {
		return 30 * time.Minute
	}
	return 15 * time.Minute
}

// BookingState is how far a booking is.
type BookingState string

// The states of a booking.
const (
	Held   BookingState = "held"      // offered to one person, until a time
	Booked BookingState = "booked"    // it will take place
	Freed  BookingState = "cancelled" // it won't
)

// Booking is a time of members that is taken or held for somebody.
type Booking struct {
	ID         BookingID
	Page       BookPageID
	Members    []MemberID // the first is who invites
	State      BookingState
	Start, End time.Time
	Until      time.Time // a hold ends
	Group      BookingID // of holds that were offered together: one of them books, the others go
	Kind       string
	Name       string
	Address    Address
	Zone       string // of the guest
	Answer     string // to the page's question
	Deal       DealID
	Person     PersonID
	Sequence   int // of the invitation: grows with each change
	Made       time.Time
	Proposed   OtherTime // of a booking without a deal: else the meeting's attendee has it
}

// OtherTime is another time that somebody proposes for a meeting.
type OtherTime struct {
	To      time.Time // zero for none
	Minutes int
	Words   string
	Stamp   time.Time // when it was written
}

// cell is the stretch of time that one booking has alone.
const cell = 5 * time.Minute

// Cells number the stretches of five minutes that a booking takes.
func (b Booking) Cells() (out []int64) {
	for c := b.Start.Unix() / int64(cell.Seconds()); c*int64(cell.Seconds()) < b.End.Unix(); c++ {
		out = append(out, c)
	}
	return out
}

// Stands says whether the booking keeps its time.
func (b Booking) Stands(now time.Time) bool {
	return b.State == Booked || b.State == Held && b.Until.After(now)
}

// UID names the meeting in calendars.
func (b Booking) UID() string { return "dottedline-" + b.ID.String() }
