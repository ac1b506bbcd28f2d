package html

// Invite is a meeting that somebody asks the member to by mail.
type Invite struct {
	ID, Title, When, Place string
	From                   string // who asks
	Deal, DealName         string // the address of the deal; empty on its own page
	Note                   string // what else one should know, such as a clash
	Answer                 string // what was answered; empty while nothing was
	Theirs                 bool   // somebody else of us was invited: only they answer
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
