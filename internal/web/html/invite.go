package html

// Invite is a meeting that somebody asks the member to by mail.
type Invite struct {
	ID, Title, When, Place string
	From                   string // who asks
	Deal, DealName         string // the address of the deal; empty on its own page
	Note                   string // what else one should know, such as a clash
	Answer                 string // what was answered; empty while nothing was
	Theirs                 bool   // somebody else of us was invited: only they answer
	Series                 bool   // it repeats: another time is proposed for its next one alone
}

// OtherTime is another time that somebody proposes for a meeting of ours.
type OtherTime struct {
	ID, Who, Title, When, Was string
	Words                     string // that came with it
	Address                   string // of who proposes
	Action                    string // where it is answered
	Deal, DealName            string // the address of the deal; empty on its own page
	Note                      string // why it can't be taken; empty where it can
}

// CalendarChange is a meeting of ours that the member moved or deleted in a
// calendar program.
type CalendarChange struct {
	ID, UID, Text, Was string
	Note               string // what happens by itself, or why nothing does
	Follow             string // the button that tells the guests; empty where that can't be
	Action             string
}

// ProposeTime is the form that proposes another time for an invitation.
type ProposeTime struct {
	Shell
	Title, From, When string
	Goes              string // where the proposal goes, and for what it is
	Action, Back      string
	Days              []TimeDay
	Why               string // nothing is free, for this reason
	Problem           *Problem
}

// TimeDay is a day with the times that can be chosen on it.
type TimeDay struct {
	Name  string
	Times []Choice
}

// Coming is who comes to a meeting, and the forms that move it and invite to it.
type Coming struct {
	Action    string // the address of the meeting
	People    []Comer
	Moves     bool   // it can be moved here
	Elsewhere string // why it can't; empty where it can
	At        string // for the form, 2026-11-17T15:30
	Minutes   string
	Place     string
	Invited   bool     // an invitation of ours went out
	Could     []Choice // who can be invited
}

// Comer is one who was invited, with the other time that they propose.
type Comer struct {
	Name, Address, Answer, Words string
	To                           string
}
