package html

// Deal is everything about one deal on one page.
type Deal struct {
	Shell
	Asks                DealAsks
	Reads               string // how what they wrote last reads as an answer; empty for none
	ID, Name, Sub, Cost string
	Explain             []string // where the number comes from
	Path                []Stop
	Gifts               *GiftSide
	Ended               string // how it ended; empty while it is open
	Ball                Ball
	NoBall              bool // nobody has written yet
	Invites             []Invite
	OtherTimes          []OtherTime // that are proposed to us
	PutOff              string      // until when it is put off; empty if not
	Unsure              []Unsent
	LaterHref           string
	Later               []Choice
	Reply               Reply
	ReplyLabel          string // "Your mail to Maya"
	WriteLabel          string // "Answer Maya"
	Writing             bool   // the form to write is opened
	Rally               *Rally
	Timeline            []Moment
	Older               string // the address of the rest of the timeline; empty for none
	Ask                 *Ask
	Closing             Closing
	People              []Member
	Threads             []Thread
	Form                DealForm
	Others              []Choice // deals that this one can be merged into
}

// Ask is what one hopes this person will do, and how it stands.
type Ask struct {
	Text, State string
}

// Member is somebody on the other side of a deal.
type Member struct {
	ID, Name, Note string
	Given          string // what they were given and asked; may be empty
	Only           bool   // the last one cannot be taken off
}

// Thread is a conversation that belongs to the deal.
type Thread struct {
	ID, Subject, Note string
	Only              bool // the last one cannot be split off
}

// DealForm is what a member can say about a deal by hand.
type DealForm struct {
	Name, Value, Currency string
	Kinds, Steps          []Choice
}

func (d Deal) pathClass() string {
	if d.Ended != "" {
		return "big ended"
	}
	return "big"
}
