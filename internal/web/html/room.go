package html

import "strings"

// Door asks whoever holds a room's link for the code that goes to their mail.
type Door struct {
	Assets, Action string // Action is the room's address
	From, To       string // who invites; the address that the code goes to, masked
	Sent           bool
	Problem        *Problem
}

// Room is the other person's page of a deal.
type Room struct {
	Assets, Action string // Action is the room's address
	Stream         string
	Toast          Toast
	Ours, Theirs   string // the two parties
	Hello          string // "Maya, here is what we agreed."
	Terms          []string
	Paper          RoomPaper
	Steps          []RoomStep
	State          string   // a line where nothing is to be signed now: whose turn it is, or how it ended
	Sign           *Signing // nil where it is not theirs to sign now
	Mark           string   // their signature as an image, once given
	Sealed         bool     // the sealed PDF is there
	Signed         string   // "Signed and sealed."
	Who            string   // who signs: "Maya Okafor, head of operations, Northwind Labs"
	First          string   // their first name
	Seller         Seller
	Questions      []RoomQuestion
	Open           bool // it can still be asked, declined and passed on
	CanPlan        bool // steps can be added and moved
	Quiet          bool // they asked not to be reminded
	Proved         bool // an address of their own; only then can they sign
	Records        []string
	Preview        bool // the seller looks at it before it goes
}

// RoomPaper is the agreement: as HTML first, its pages on demand.
type RoomPaper struct {
	Title, Length string // "3 pages, 4 minutes to read"
	HTML          string // made by package paper: no scripts, styles or links
	PDF, Name     string // the address of the file, and what it is called
	Read          bool
}

// RoomStep is a line of the plan; Tick and Move say what who looks can do with it.
type RoomStep struct {
	Step
	ID         string
	Tick, Move bool
	Due        string // the day in a form, of one that can be moved
}

// Signing is the dotted line.
type Signing struct {
	SHA256          string // of what is signed
	Name            string
	Intent, Consent string
	Mark            string // the name as a signature, an SVG
	Problem         *Problem
}

// Seller is who they deal with.
type Seller struct {
	Name, First, Answers string // "Answers in about 14 minutes"
	Booking              string // an address; empty for none
}

// RoomQuestion is what they asked or proposed, with its answer.
type RoomQuestion struct {
	Who, When, Text, Answer, Answered string
	Proposal                          bool
}

// said is who said it, when, and what it was.
func (q RoomQuestion) said() string {
	if q.Proposal {
		return q.Who + ", " + q.When + ", as a change"
	}
	return q.Who + ", " + q.When
}

func (s RoomStep) class() string {
	if s.Tick || s.Move {
		return s.State + " tickable"
	}
	return s.State
}

// beneath moves the headings of an agreement one level down, since the page
// around it has a first heading of its own.
var beneath = strings.NewReplacer("<h1", "<h2", "</h1", "</h2", "<h2", "<h3", "</h2", "</h3", "<h3", "<h4", "</h3", "</h4", "<h4", "<h5", "</h4", "</h5", "<h5", "<h6", "</h5", "</h6")
