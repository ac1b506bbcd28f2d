package html

import "strings"

// Stop is one station of a deal's path.
type Stop struct {
	Name, When string
	State      string // "made", "next" or "yet"
}

func (s Stop) spoken() string {
	switch s.State {
	case "made":
		return ", made"
	case "next":
		return ", next"
	}
	return ", not yet"
}

// Ball says whose move it is, and since when ("3 h").
type Ball struct {
	Ours  bool
	Since string
	Work  string // how long our move takes ("1 minute of work"); empty for none
}

func (b Ball) side() string {
	if b.Ours {
		return "you"
	}
	return "them"
}

func (b Ball) spoken() string {
	if b.Ours {
		return "Your ball"
	}
	return "Their ball"
}

// Choice is one way to answer a question, such as when "later" is.
type Choice struct {
	Value, Label, Note string
	Chosen             bool
}

// Step is one line of a deal's plan; State as in Stop.
type Step struct {
	What, Who, State string
}

// Moment is one touch on the timeline.
type Moment struct {
	When  string
	Stamp string // RFC 3339, for machines
	By    string // "you", "them", "machine", "own" (a note) or "yet"
	Said  string // in serif: what somebody wrote or said
	Text  string // in sans: what the program says happened
	Note  string // who, by which way
	Href  string // the whole message
}

func (m Moment) class() string {
	if len(m.Said) > 700 || strings.Count(m.Said, "\n") > 9 {
		return m.By + " long"
	}
	return m.By
}

// More leads on in a list that is longer than its page; the zero More does not.
type More struct {
	Label string
	Get   string // the page with the next rows
	Href  string // the same for those without a script
}
