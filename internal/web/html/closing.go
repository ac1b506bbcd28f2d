package html

// Closing is the way from a yes to the dotted line, as a deal's page shows it.
type Closing struct {
	DealID    string
	CanYes    bool // "they said yes" can be pressed
	Offered   *YesOffer
	Paper     *PaperState
	MakeLabel string // "Make the agreement"; empty where there is one or no yes
	CanUnyes  bool
	Waiting   []RoomAsk // questions that wait for an answer
	Answered  []RoomAsk
	Plan      Plan
}

// YesOffer is what reads like a yes. Only a press makes it one.
type YesOffer struct {
	Before, Words, After string // the words in what they wrote
	Who, When, Mail      string // Mail is the ID of the message; empty if it was said elsewhere
	Person               string
}

// PaperState is how far an agreement is.
type PaperState struct {
	ID, Title string
	State     string // in words: "With them since Tue 15:21."
	Href      string
	HrefLabel string
	Signers   []SignerState
	Next      string // the reminder that comes next, and why
	Fired     []string
	Older     []Thread // versions before: Note says how they ended, ID leads there
	Sealed    string   // the address of the sealed PDF; empty before
}

// SignerState is one who signs; State as in Stop.
type SignerState struct {
	Name, Said, State string
}

// RoomAsk is a question or a proposal that they made in the room.
type RoomAsk struct {
	RoomQuestion
	ID string
}

// Paper is the page of an agreement that has been sent.
type Paper struct {
	Shell
	ID, DealID, DealName    string
	Title, Sub              string
	Signers                 []SignerLine
	HTML                    string
	Presented, Sealed       string // addresses of the PDFs; empty where there is none
	Presented256, Sealed256 string
	CanVoid, CanVersion     bool
	Sign                    *Signing // our own signature is what is missing
	Evidence                []Evidence
	Log                     string // the address of the evidence as it is kept
}

// SignerLine is one who signs, with what a member can do for them.
type SignerLine struct {
	SignerState
	ID, Address          string
	CanRevoke, CanResend bool
}

// Evidence is one line of what was recorded.
type Evidence struct {
	When, What, Who, Where, Hash string
}
