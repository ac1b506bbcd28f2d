package dottedline

import (
	"strings"
	"time"
)

// GiftKind says what kind of gift something is.
type GiftKind string

// The kinds of gifts in the library.
const (
	NoteGift   GiftKind = "note"   // a few lines worth reading
	FileGift   GiftKind = "file"   // a document
	LinkGift   GiftKind = "link"   // something of others, elsewhere
	AnswerGift GiftKind = "answer" // a question that is often asked, and what we say to it
)

// GiftKinds are all of them.
var GiftKinds = []GiftKind{NoteGift, FileGift, LinkGift, AnswerGift}

// Gift is something in the library that is given without asking back.
type Gift struct {
	ID    GiftID
	Kind  GiftKind
	Title string // of an answer: the question
	Text  string // the note, the answer, or why the file or link is worth having
	URL   string // of a link
	File  string // the file's name
	Type  string // its media type
	Size  int
	Given int // times
	Made  time.Time
}

// Check tidies a gift and says what is wrong with it.
func (g Gift) Check() (Gift, error) {
	g.Title, g.Text, g.URL = strings.TrimSpace(g.Title), strings.TrimSpace(g.Text), strings.TrimSpace(g.URL)
	switch {
	case g.Title == "" || len(g.Title) > 300:
		return g, Wrong("A few words that say what it is.", "The gift has no name.")
	case g.Kind == LinkGift && !strings.HasPrefix(g.URL, "https://") && !strings.HasPrefix(g.URL, "http://"):
		return g, Wrong("It begins with https://.", "The link's address can't be read.")
	case (g.Kind == NoteGift || g.Kind == AnswerGift) && g.Text == "":
		return g, Wrong("Write what they get.", "There is nothing in it yet.")
	case g.Kind == FileGift && g.File == "":
		return g, Wrong("Choose one of up to 10 MB.", "The file is missing.")
	}
	for _, k := range GiftKinds {
		if g.Kind == k {
			return g, nil
		}
	}
	return g, Wrong("Choose note, file, link or answer.", "%q is not a kind of gift.", g.Kind)
}

// Given is a gift that somebody got, by a link of their own.
type Given struct {
	Gift   Gift
	Deal   DealID
	Person PersonID
	At     time.Time
	Opened time.Time // first; zero: not yet
	Times  int       // opened
}

// OnlyAsked says, of what was asked and given on a deal, whether all that one
// did was ask.
func OnlyAsked(asks, gifts int) bool { return asks >= 2 && gifts == 0 }

// Intro is an introduction of two people: each is asked first, and they are
// joined only when both want it.
type Intro struct {
	ID       IntroID
	Deal     DealID
	A, B     PersonID
	Why      string // what it is for, in our words
	AnswerA  string // "", "yes" or "no"
	AnswerB  string
	JoinedAt time.Time
	Made     time.Time
}

// Webhook is an address that is told what happens.
type Webhook struct {
	ID     HookID
	URL    string
	Events []string // empty: all
	Off    bool
	Made   time.Time
}
