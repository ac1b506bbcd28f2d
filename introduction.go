package dottedline

import (
	"strings"
	"time"
)

// Introduction is a gift of two people to each other: both are asked first, and
// joined by one mail when both would like it.
type Introduction struct {
	ID     IntroductionID
	Deal   DealID
	Member MemberID // who introduces them
	Person PersonID // of the deal
	Other  PersonID
	Why    string // in one sentence, which both read
	State  IntroductionState
	Until  time.Time // nobody can answer later
	Sent   time.Time // when they were asked; zero while that waits
	Joined time.Time
	Seen   time.Time // when a member has seen a no, or that it took
	Took   time.Time // when one of the two first wrote to the other; zero if not
	TookBy PersonID  // who did

	Said    IntroductionAnswer // of Person
	SaidAt  time.Time
	OSaid   IntroductionAnswer // of Other
	OSaidAt time.Time
}

// IntroductionState says how far an introduction is.
type IntroductionState string

// The states. An introduction leaves Introducing once, by one act.
const (
	Introducing IntroductionState = "asking"  // both may answer
	Joining     IntroductionState = "joining" // both said yes: the mail that joins them is on its way
	Introduced  IntroductionState = "joined"
	TakenBack   IntroductionState = "back"
)

// IntroductionAnswer is one of the two answers of each side.
type IntroductionAnswer string

// The answers.
const (
	IntroduceMe IntroductionAnswer = "yes"
	RatherNot   IntroductionAnswer = "no"
)

// IntroductionAnswers are both, in the order in which they are offered.
var IntroductionAnswers = []IntroductionAnswer{IntroduceMe, RatherNot}

// Label is the answer as its link says it.
func (a IntroductionAnswer) Label() string {
	if a == IntroduceMe {
		return "Yes, please"
	}
	return "Rather not"
}

// IntroduceWithin is how long the two may take to answer.
const IntroduceWithin = 30 * 24 * time.Hour

// Open says whether one of the two may answer at a moment.
func (i Introduction) Open(now time.Time) bool { return i.State == Introducing && now.Before(i.Until) }

// Refused says whether one of the two would rather not.
func (i Introduction) Refused() bool { return i.Said == RatherNot || i.OSaid == RatherNot }

// MaxWhy is how long the sentence of an introduction may be, in bytes.
const MaxWhy = 400

// CheckWhy tidies the sentence that says why two people should know each other.
func CheckWhy(why string) (string, error) {
	why = strings.Join(strings.Fields(why), " ")
	switch {
	case why == "":
		return "", Wrong("One sentence is enough.", "Say why the two should know each other.")
	case len(why) > MaxWhy:
		return "", Wrong("One sentence is enough; both read it.", "That is too long.")
	}
	return why, nil
}

// AskIntroduction is the mail that asks one side, with the links in the order of
// IntroductionAnswers.
func AskIntroduction(first, other, why string, links []string, myName string) string {
	var b strings.Builder
	b.WriteString(hello(first) + "\n\nmay I introduce you to " + other + "?\n\n" + why + "\n\n")
	for i, a := range IntroductionAnswers {
		b.WriteString(a.Label() + ":\n" + links[i] + "\n\n")
	}
	b.WriteString("I write to you both only if you both would like it. If not, nobody else hears of it.\n\n" + myName + "\n")
	return b.String()
}

// JoinMail is the mail that joins the two.
func JoinMail(first, otherFirst, name, other, why, myName string) string {
	return hello(strings.Trim(first+", "+otherFirst, ", ")) + "\n\n" + name + ", meet " + other + ". " + other + ", meet " + name + ".\n\n" + why + "\n\nYou both said that you would like it, so I leave you to it: an answer to all reaches the other.\n\n" + myName + "\n"
}

func hello(first string) string {
	if first == "" {
		return "Hello,"
	}
	return "Hello " + first + ","
}
