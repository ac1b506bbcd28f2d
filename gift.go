package dottedline

import (
	"slices"
	"strings"
	"time"
)

// GiftKind says what kind of gift something is.
type GiftKind string

// The kinds of gifts in the library.
const (
	NoteGift   GiftKind = "note"   // a few lines worth reading
	LinkGift   GiftKind = "link"   // something of others, elsewhere
	AnswerGift GiftKind = "answer" // a question that is often asked, and what we say to it
	FileGift   GiftKind = "file"   // a file of ours
)

// GiftKinds are all of them.
var GiftKinds = []GiftKind{NoteGift, LinkGift, AnswerGift, FileGift}

// Gift is something in the library that is given without asking back.
type Gift struct {
	ID    GiftID
	Kind  GiftKind
	Title string // of an answer: the question
	Text  string // the note, the answer, or why the link is worth having
	URL   string // of a link
	File  string // the name of a file; its bytes are kept beside
	Given int    // times
	Made  time.Time
}

// Check tidies a gift and says what is wrong with it.
func (g Gift) Check() (Gift, error) {
	g.Title, g.Text, g.URL = strings.TrimSpace(g.Title), strings.TrimSpace(g.Text), strings.TrimSpace(g.URL)
	switch {
	case !slices.Contains(GiftKinds, g.Kind):
		return g, Wrong("Choose note, link, answer or file.", "%q is not a kind of gift.", g.Kind)
	case g.Title == "" || len(g.Title) > 300:
		return g, Wrong("A few words that say what it is.", "The gift has no name.")
	case g.Kind == LinkGift && !strings.HasPrefix(g.URL, "https://") && !strings.HasPrefix(g.URL, "http://"):
		return g, Wrong("It begins with https://.", "The link's address can't be read.")
	case g.Kind == FileGift && g.File == "":
		return g, Wrong("Choose one on your device.", "The file is missing.")
	case g.Kind != LinkGift && g.Kind != FileGift && g.Text == "":
		return g, Wrong("Write what they get.", "There is nothing in it yet.")
	}
	return g, nil
}

// MaxGiftFile is the size in bytes up to which a file can be given.
const MaxGiftFile = 20 << 20

// Given is a gift that somebody got, by a link of their own.
type Given struct {
	Gift   GiftID
	Title  string
	Deal   DealID
	Person PersonID
	At     time.Time // zero while the mail with its link was not sent
	Opened time.Time // first; zero: not yet
	Times  int       // opened
}

// Giving is what somebody was given and asked, over all deals.
type Giving struct {
	Person      PersonID
	Gifts, Asks int
}

// OnlyAsked says, of what was asked and given on a deal or to somebody, whether
// all that one did was ask.
func OnlyAsked(asks, gifts int) bool { return asks > 0 && gifts == 0 }
