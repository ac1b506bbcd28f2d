package dottedline

import (
	"strings"
	"time"
)

// Recap is the mail after a meeting that lets them say whether they know what
// was asked. Its first line is the ask.
type Recap struct {
	ID       RecapID
	Ask      AskID
	Meeting  MeetingID // 0 where there was none
	Deal     DealID
	Person   PersonID // to whom it goes
	Member   MemberID
	Text     string    // the ask as the first line said it
	Sent     time.Time // when it went out; zero while it waits
	Due      time.Time // by when an answer is hoped for
	Answer   RecapAnswer
	Line     string // what they added
	Answered time.Time
}

// RecapAnswer is one of the four answers of a recap.
type RecapAnswer string

// The answers. Mistaken is "that's not what I understood".
const (
	RecapYes      RecapAnswer = "yes"
	RecapNotNow   RecapAnswer = "not now"
	RecapNo       RecapAnswer = "no"
	RecapMistaken RecapAnswer = "mistaken"
)

// RecapAnswers are the four, in the order in which they are offered.
var RecapAnswers = []RecapAnswer{RecapYes, RecapNotNow, RecapNo, RecapMistaken}

// Label is the answer as its link says it.
func (a RecapAnswer) Label() string {
	switch a {
	case RecapYes:
		return "Yes"
	case RecapNotNow:
		return "Not now"
	case RecapNo:
		return "No"
	}
	return "That’s not what I understood"
}

// Touch is the touch that the answer is.
func (a RecapAnswer) Touch() TouchKind {
	switch a {
	case RecapYes:
		return SaidYesTouch
	case RecapNotNow:
		return SaidLaterTouch
	case RecapNo:
		return SaidNoTouch
	}
	return MistakenTouch
}

// Settle writes an answer of theirs at a time into the ask that it answers.
func (a *Ask) Settle(r RecapAnswer, line string, at time.Time) {
	a.Landed, a.Mistaken, a.Their, a.Answered = at, time.Time{}, line, at
	switch r {
	case RecapYes:
		a.Answer = AnsweredYes
	case RecapNotNow:
		a.Answer = AnsweredNotNow
	case RecapNo:
		a.Answer = AnsweredNo
	default:
		a.Answer, a.Answered, a.Landed, a.Mistaken = "", time.Time{}, time.Time{}, at
	}
}

// RecapWithin is how long an answer to a recap may take before it is a row in Now.
const RecapWithin = 2 * 24 * time.Hour

// RecapFacts are what a recap is written from.
type RecapFacts struct {
	Wants  []string // what they said they want
	Agreed string   // what was agreed, or the notes of it
}

// RecapText is what stands between the ask and the links, ready to be edited.
func RecapText(f RecapFacts) string {
	var b strings.Builder
	b.WriteString("That is what I most hoped to ask you")
	if len(f.Wants) > 0 {
		b.WriteString(", because of what you told me:\n")
		for _, w := range f.Wants[:min(2, len(f.Wants))] {
			b.WriteString("“" + w + "”\n")
		}
	} else {
		b.WriteString(".\n")
	}
	if f.Agreed = strings.TrimSpace(f.Agreed); f.Agreed != "" {
		b.WriteString("\nWhat we said:\n" + f.Agreed + "\n")
	}
	return strings.TrimSpace(b.String())
}

// FirstLine is a recap's first line: the ask, said to them by name.
func FirstLine(firstName, ask string) string {
	ask = strings.TrimSpace(ask)
	if firstName == "" || strings.HasPrefix(ask, firstName) || ask == "" {
		return ask
	}
	r := []rune(ask)
	if len(r) > 1 && (r[1] >= 'a' && r[1] <= 'z') { // not "I …", not "CRM …"
		r[0] = []rune(strings.ToLower(string(r[0])))[0]
	}
	return firstName + ", " + string(r)
}

// RecapMail is the whole text of a recap: the ask, what the member wrote, the
// links in the order of RecapAnswers, and the member's name.
func RecapMail(first, body string, links []string, myName string) string {
	var b strings.Builder
	b.WriteString(first + "\n\n")
	if body = strings.TrimSpace(strings.ReplaceAll(body, "\r\n", "\n")); body != "" {
		b.WriteString(body + "\n\n")
	}
	b.WriteString("One press is enough; you need no login.\n\n")
	for i, a := range RecapAnswers {
		if i < len(links) {
			b.WriteString(a.Label() + ":\n" + links[i] + "\n\n")
		}
	}
	b.WriteString(myName + "\n")
	return b.String()
}
