package html

// Introduce is the form that introduces somebody to the person of a deal.
type Introduce struct {
	Shell
	Deal, Person       string
	Press              string
	Address, Name, Why string
	Could              []Choice // people by address
	Problem            *Problem
}

// IntroLine is one introduction on its deal's page.
type IntroLine struct {
	ID, Who, Note string
	Back          bool // it can be taken back
}

// Refusal says on Now that somebody would rather not be introduced to another, or
// has written to them.
type Refusal struct{ ID, Who, Other, Deal string }

// Introduction is what one of the two sees who is asked.
type Introduction struct {
	Assets, Action  string
	From, Team      string
	Other, Why      string
	Answer, Before  string
	Yes, Done, Open bool
	Joined          bool
}
