package html

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// Asks is every ask with what became of it, and the meetings that are to come.
type Asks struct {
	Shell
	Lead, LeadQuiet string
	Sub             string
	Counts          []AskCount
	Next            []NextMeeting
	Lines           []AskLine
	None            string
}

// AskCount is how many asks had one outcome.
type AskCount struct {
	Name, Note, Count string
	Yet               bool // not there yet: drawn dotted
}

// NextMeeting is a meeting that is to come.
type NextMeeting struct {
	Href, When, Person, Deal, Ask string
	NoAsk                         bool
}

// AskLine is one ask.
type AskLine struct {
	Href, Person, Deal, Ask, Outcome, When string
	Good                                   bool // it was answered, or they know it
}

// Brief is a meeting before it begins.
type Brief struct {
	Shell
	MeetingHead
	Action     string // the address of the meeting, where its forms post to
	Purpose    string
	Ask, Why   string
	Made       bool // the ask was made: it can't be changed any more
	NoAsk      bool
	Gaps       []string
	Plain      string // what is good about the ask; empty while it lacks something
	Parts      []AgendaPart
	Lines      string // the agenda as it is edited
	Violations []string
	Facts      []string
	Wants      []Want
	Connects   string
	Coming     Coming
	Problem    *Problem
}

// MeetingHead says with whom and when a meeting is.
type MeetingHead struct {
	Person, Sub, Title string
	Soon, When         string // "In 40 minutes", "11:00 to 11:45"
	Join               string // a link; empty for none
	Deal               string // the address of its deal
}

// AgendaPart is one part of the line of an agenda; Width is in twenty-fourths.
type AgendaPart struct {
	Title, At string
	Width     int
	From, To  int // minutes
	Ask, Late bool
}

// Want is something that they said they want.
type Want struct {
	Words, Where, Href string
}

// Run is a meeting while it takes place.
type Run struct {
	Shell
	MeetingHead
	Action  string
	After   string
	ID      string // of the meeting
	Start   string // RFC 3339: from when the clock runs
	Minutes string
	Ask     string
	Parts   []AgendaPart
	Asked   string // when it was asked; empty if it was not
	Jots    []Jot
	Press   string // names the next jot of the plain form
}

// Jot is one thing that was put down.
type Jot struct {
	ID, When, Kind, Text string
}

// After is a meeting when it is over.
type After struct {
	Shell
	MeetingHead
	Action     string
	Ask        string
	AskID      string
	Verdict    string // "Yes, a good one."
	Because    string
	Segments   []Segment // the ask as it was said, its softeners marked
	Said       bool
	Checks     []HeardCheck
	Position   float64 // 0 to 1, of the ask in the meeting; below 0 where it is not known
	Requests   []AskLine
	Notes      []string
	Unread     []string // lines of the file that can't be read
	File       string
	Speakers   []Choice
	Settled    bool
	Jots       []Jot
	Recap      *RecapForm
	Recaps     []string // what became of those that were sent
	Problem    *Problem
	Transcript bool // there is one
	ByMail     bool // there was no meeting
}

// Segment is a stretch of what was said.
type Segment struct {
	Text string
	Mark bool
}

// marked writes what was said with no space that was not there.
func marked(list []Segment) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		for _, s := range list {
			text := templ.EscapeString(s.Text)
			if s.Mark {
				text = "<mark>" + text + "</mark>"
			}
			if _, err := io.WriteString(w, text); err != nil {
				return err
			}
		}
		return nil
	})
}

// HeardCheck is one thing that was heard.
type HeardCheck struct {
	OK         bool
	What, Note string
}

// RecapForm is the recap, ready to be sent.
type RecapForm struct {
	Action, Press, First, Body, To, Name string
	Answers                              []string
	NoMailbox                            bool
}

// RecapAnswer is what the other person sees who follows a link of a recap.
type RecapAnswer struct {
	Assets, Action    string
	From, Team, First string
	Ask, Answer       string
	Line              string
	Before            string // what was answered before
	Done              bool
	Problem           *Problem
}

// DealAsks are a deal's asks and meetings, and the forms to plan them.
type DealAsks struct {
	Deal     string
	Counts   string
	Lines    []AskLine
	Meetings []NextMeeting
}
