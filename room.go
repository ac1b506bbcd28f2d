package dottedline

import "time"

// RoomQuestion is something that they asked in the room, or a change of the
// agreement that they proposed there.
type RoomQuestion struct {
	ID        QuestionID
	Deal      DealID
	Agreement AgreementID
	Signer    SignerID
	Who       string
	Proposal  bool
	Text      string
	At        time.Time
	Answer    string // "" while it waits
	Answered  time.Time
	Member    MemberID // who answered
}

// back is how long somebody was away when looking again counts as coming back.
const back = time.Hour

// VisitOf says what an opening of the room is after those before; "" when it is
// the same visit still.
func VisitOf(s Signer, passedOn bool, now time.Time) Visit {
	switch {
	case s.Opened.IsZero() && passedOn:
		return VisitNew
	case s.Opened.IsZero():
		return VisitOpened
	case now.Sub(s.Seen) >= back:
		return VisitBack
	}
	return ""
}

// Links of a room and codes.
const (
	CodeFor   = 10 * time.Minute // how long a one-time code is good
	CodeTries = 5
	RoomFor   = 12 * time.Hour // how long a browser that entered a code stays in
)
