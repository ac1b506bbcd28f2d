package html

import "strings"

// Now is the home page: what to do, dearest minute first.
type Now struct {
	Shell
	Cost       string // what waiting costs a day in all; empty when there is no money in it
	Sub        string
	Renew      bool       // a subscription to pushes is under an older key
	Soon       []SoonLine // whose answer is about to be late, and that is not in sight
	Hero       *Card
	Rows       []Row
	Below      []Row // whose wait is cheaper than a minute of ours
	More       More
	Top        string // where the list begins; empty where this is its beginning
	Offers     []Offer
	Invites    []Invite
	OtherTimes []OtherTime // that are proposed to us
	Changes    []CalendarChange
	Refusals   []Refusal // of introductions
	Taken      []Refusal // introductions that took
	Unsure     []Unsent
	Later      []Choice
	First      *FirstRun // instead of the list until there is something to list
	Clear      *Clear    // instead of the list when nothing waits
}

// SoonLine is a row that one would not see without looking for it.
type SoonLine struct{ Person, Href, At string }

// Card is the opened first row, with its answer ready to send.
type Card struct {
	ID        string // of the deal
	Person    string
	Company   string
	Cost, Why string
	Late      Late
	Explain   []string // where the number comes from
	Path      []Stop
	Ball      Ball
	Heard     string // the words that wait for an answer
	Reply     Reply
	SendLabel string
	LaterHref string
	Offered   *YesOffer // what reads like a yes
	Asked     *RoomAsk  // what they asked in the room, in place of a mail
	Go        *Go       // what is to be done in place of a mail
	Hint      string    // a quiet one, such as that one has only asked so far; empty for none
	Reads     string    // how what they wrote reads as an answer; empty for none
}

// Go is an act that leads to a page of its own; Post says that it makes something.
type Go struct {
	Label, Href string
	Post        bool
}

// Reply is a form that sends a mail; Text is the prepared answer.
type Reply struct {
	Action    string
	Draft     string // where what is being written is kept
	ID        string // of this press, so that pressing twice sends once; the live stream leaves it empty
	Deal      string
	To, Cc    string
	Editable  bool // To, Cc and the subject can be changed too
	Subject   string
	Text      string
	With      []string // what else one should know: from where it goes
	Choices   []Choice // templates to start from
	NoMailbox bool     // nothing can be sent before one is connected
	Writer    *Writer  // the language model that may write the text; nil while that is off
	Model     string   // the language model that wrote the text; empty for none
}

// Row is a deal further down.
type Row struct {
	ID                        string
	Person, Company, Why      string
	Said                      string // the gist of what they wrote; shown instead of Why
	Late                      Late
	Cost                      string
	Ball                      Ball
	Act, Href, Deal, LaterURL string
}

// Late says where a row stands against the promise, Broken when it is no longer
// kept, and who stands in for whom; the zero Late says nothing.
type Late struct {
	Text   string
	Broken bool
	Away   string
}

// Offer is a thread that may be a deal.
type Offer struct {
	ID, Person, Company, Subject string
	Action                       string
	Currency                     string
	Kinds                        []Choice
}

// FirstRun is what Now says before there is history: no mailbox yet, or
// reading it.
type FirstRun struct {
	Reading bool
	Percent int // 0 to 100 of the history read
	Text    string
}

// Clear is Now with nothing to do.
type Clear struct {
	Text string
}

// Unsent is a mail of ours that may have gone out, or was refused.
type Unsent struct {
	ID, Text, Error string
	Maybe           bool // it may have gone out
}

// firstName is how a button calls a person.
func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}
