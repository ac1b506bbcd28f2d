package dottedline

import (
	"strings"
	"time"
)

// Meeting is a time with somebody of a deal. It has one purpose, and one ask or
// by choice none.
type Meeting struct {
	ID        MeetingID
	Deal      DealID
	At        time.Time
	Minutes   int
	Title     string
	Place     string // a room or a link
	Source    string // which calendar it is from; "" when it was made by hand
	UID       string // what the calendar calls this one; "" by hand
	Purpose   string // what it is for; "" while nobody said
	NoAsk     bool   // nothing is to be asked in it, by choice
	Agenda    Agenda
	Started   time.Time // of running it; zero while it was not
	Ended     time.Time
	Cancelled bool
}

// End is when the meeting is over: as it was ended, else as it was planned.
func (m Meeting) End() time.Time {
	if !m.Ended.IsZero() {
		return m.Ended
	}
	return m.At.Add(time.Duration(m.Minutes) * time.Minute)
}

// Joinable says whether its place is a link that a browser may open.
func (m Meeting) Joinable() bool {
	return len(m.Place) < 2000 && (strings.HasPrefix(m.Place, "https://") || strings.HasPrefix(m.Place, "http://"))
}

// JotKind says what was put down while a meeting ran.
type JotKind string

// The kinds of jots.
const (
	NoteJot   JotKind = "note"
	AskedJot  JotKind = "asked"  // the ask was made now
	AnswerJot JotKind = "answer" // what they answered, in their words
	EndJot    JotKind = "end"    // the meeting is over
)

// Jot is one thing put down while a meeting ran. The page that it was typed on
// names it, so that it can be sent again when the connection was lost.
type Jot struct {
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	Kind JotKind   `json:"kind"`
	Text string    `json:"text"`
}
