package dottedline

import (
	"regexp"
	"strings"
	"time"

	"dottedline/transcript"
)

// Ask is what one hopes that somebody will do, in one sentence, and why it
// connects with what they want.
type Ask struct {
	ID       AskID
	Deal     DealID
	Meeting  MeetingID // 0 where it is to be asked by mail
	Member   MemberID
	Text     string    // who, what, how much, by when
	Why      string    // how it connects with what they want; "" if it doesn't
	Set      time.Time // when it was planned
	Due      time.Time // when the meeting ends in which it is to be made; zero without one
	Made     time.Time // zero while it was not made
	Words    string    // those in which it was made
	Landed   time.Time // since when it is known that they know it
	Missed   bool      // the meeting is over and it was not made
	Mistaken time.Time // when they said that they understood something else
	Answer   Answered
	Answered time.Time
	Their    string // their words
}

// Answered is how an ask was answered.
type Answered string

// The answers. Unanswered ones are "".
const (
	AnsweredYes    Answered = "yes"
	AnsweredNotNow Answered = "not now"
	AnsweredNo     Answered = "no"
)

// Outcome is what became of an ask, by the facts alone.
type Outcome string

// The outcomes, best first: a no is better than not to know whether they know.
const (
	OutcomeYes      Outcome = "yes"
	OutcomeNotNow   Outcome = "not now"
	OutcomeNo       Outcome = "turned down"
	OutcomeLanded   Outcome = "landed"
	OutcomeMade     Outcome = "made"
	OutcomePlanned  Outcome = "planned"
	OutcomeNotKnown Outcome = "not known"
	OutcomeNever    Outcome = "never made"
)

// Outcomes are all outcomes, best first.
var Outcomes = []Outcome{OutcomeYes, OutcomeNotNow, OutcomeNo, OutcomeLanded, OutcomeMade, OutcomePlanned, OutcomeNotKnown, OutcomeNever}

// Outcome says what became of the ask by now. Not known is one of which nobody
// can say whether they know it: the meeting is over and nobody said whether it
// was made, or they understood something else.
func (a Ask) Outcome(now time.Time) Outcome {
	switch {
	case a.Answer == AnsweredYes:
		return OutcomeYes
	case a.Answer == AnsweredNotNow:
		return OutcomeNotNow
	case a.Answer == AnsweredNo:
		return OutcomeNo
	case !a.Mistaken.IsZero():
		return OutcomeNotKnown
	case !a.Landed.IsZero():
		return OutcomeLanded
	case !a.Made.IsZero():
		return OutcomeMade
	case a.Missed:
		return OutcomeNever
	case !a.Due.IsZero() && !a.Due.After(now):
		return OutcomeNotKnown
	}
	return OutcomePlanned
}

// CountAsks counts asks by outcome.
func CountAsks(as []Ask, now time.Time) map[Outcome]int {
	n := map[Outcome]int{}
	for _, a := range as {
		n[a.Outcome(now)]++
	}
	return n
}

// Gap is something that an ask lacks to be plain.
type Gap struct {
	What string // a word: "question", "who", "how much", "by when", "why", "one thing", "plain words", "short"
	Text string // a sentence for the person who writes it
}

var (
	anybody = regexp.MustCompile(`(?i)\b(you|your|yourself|yours|we|us|let’s|let's)\b`)
	amount  = regexp.MustCompile(`(?i)[\d][\d.,’' ]*\s*(k|m|%|€|\$|£|eur|usd|gbp|chf)?\b|[€$£]|\b(an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundred|thousand|half|both|all|first)\b`)
	byWhen  = regexp.MustCompile(`(?i)\b(today|tonight|tomorrow|now|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december|(jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?|next (week|month|year|quarter)|this (week|month|year|quarter|spring|summer|autumn|fall|winter)|(within|in) (an?|one|two|three|four|five|six|\d+) (days?|weeks?|months?|hours?)|by (spring|summer|autumn|fall|winter|easter|christmas|noon|q[1-4]|the end|then)|end of|q[1-4]|\d{1,2}[./-]\d{1,2}|\d{4}-\d\d-\d\d|\d{1,2}:\d\d)\b`)
	listed  = regexp.MustCompile(`(?i)\b(and also|as well as|also|plus)\b|\?.+\?`)
)

// longAsk is how many words one can still hear as one sentence.
const longAsk = 35

// Missing says what keeps an ask from being plain. It reads the words only, and
// English only where it looks for them; a person decides.
func (a Ask) Missing() (out []Gap) {
	text := strings.TrimSpace(a.Text)
	add := func(what, s string) { out = append(out, Gap{what, s}) }
	if text == "" {
		return []Gap{{"question", "Write what you hope they will do, in one sentence."}}
	}
	if !strings.HasSuffix(text, "?") && transcript.Score(text, transcript.Talk) < 0.5 {
		add("question", "It can’t be answered with yes: make it a question.")
	}
	if !anybody.MatchString(text) {
		add("who", "It doesn’t say who: ask “will you …”.")
	}
	if !amount.MatchString(text) {
		add("how much", "It doesn’t say how much or how many.")
	}
	if !byWhen.MatchString(text) {
		add("by when", "It has no date.")
	}
	if listed.MatchString(text) {
		add("one thing", "It asks for more than one thing: ask for the one that matters most.")
	}
	if h := transcript.Hedges(text); len(h) > 0 {
		add("plain words", "“"+h[0].Text+"” softens it: say it plainly.")
	}
	if len(strings.Fields(text)) > longAsk {
		add("short", "It is long: they have to keep it in mind while they think about it.")
	}
	if strings.TrimSpace(a.Why) == "" {
		add("why", "It doesn’t say how it connects with what they want. If it doesn’t, explore first.")
	}
	return out
}
