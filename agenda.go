package dottedline

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Part is one part of an agenda.
type Part struct {
	Title   string `json:"title"`
	Minutes int    `json:"minutes"`
	Ask     bool   `json:"ask,omitempty"` // here the ask is made
}

// Agenda is a meeting's time as a line of parts.
type Agenda []Part

// lastMinutes is the end of a meeting, in which an ask is no longer heard: five
// minutes, and of a short meeting the last quarter.
func lastMinutes(length int) int { return min(5, (length+3)/4) }

// NewAgenda shares a meeting's minutes so that one explores first and the ask
// has time of its own before the end. who may be "".
func NewAgenda(minutes int, who string) Agenda {
	if who == "" {
		who = "they"
	}
	last := lastMinutes(minutes)
	hello, ask := min(5, minutes/9), max(1, minutes*2/9)
	answer := max(1, minutes*4/15)
	explore := max(0, minutes-hello-ask-answer-last)
	a := Agenda{{"Hello", hello, false}, {"Who " + who + " are, what " + who + " want", explore, false},
		{"The ask", ask, true}, {"The answer, the next step", answer, false}, {"The end", last, false}}
	if who != "they" {
		a[1].Title = "Who " + who + " is, what " + who + " wants"
	}
	out := a[:0]
	for _, p := range a {
		if p.Minutes > 0 {
			out = append(out, p)
		}
	}
	return out
}

// Length is the sum of the minutes.
func (a Agenda) Length() (n int) {
	for _, p := range a {
		n += p.Minutes
	}
	return n
}

// AskAt gives the minutes from and to which the ask has its own part; ok is
// false where it has none.
func (a Agenda) AskAt() (from, to int, ok bool) {
	for _, p := range a {
		if p.Ask {
			return from, from + p.Minutes, true
		}
		from += p.Minutes
	}
	return 0, 0, false
}

var severalThings = regexp.MustCompile(`(?i),|;|&|\+|\band\b|\bplus\b|\bother\b`)

// Violations says in one sentence each which rules the agenda of a meeting of so
// many minutes breaks: the ask has a part of its own, alone, with time, and never
// in the last five minutes.
func (a Agenda) Violations(length int) (out []string) {
	from, to, ok := a.AskAt()
	asks := 0
	for _, p := range a {
		if p.Ask {
			asks++
			if severalThings.MatchString(p.Title) {
				out = append(out, fmt.Sprintf("“%s” is a list: give the ask a part of its own.", p.Title))
			}
			if p.Minutes < 2 {
				out = append(out, "The ask has less than two minutes.")
			}
		}
	}
	switch {
	case !ok:
		return append(out, "The ask has no part of its own.")
	case asks > 1:
		out = append(out, "The ask is in several parts: ask once.")
	case to > length-lastMinutes(length):
		out = append(out, fmt.Sprintf("The ask comes too late: it reaches into the last %s.", minutesInWords(lastMinutes(length))))
	case from == 0:
		out = append(out, "The ask comes first: find out what they want before.")
	}
	if n := a.Length(); n > length {
		out = append(out, fmt.Sprintf("The parts take %d minutes, the meeting has %d.", n, length))
	}
	return out
}

func minutesInWords(n int) string {
	switch n {
	case 1:
		return "minute"
	case 5:
		return "five minutes"
	}
	return strconv.Itoa(n) + " minutes"
}

// Lines writes the agenda as a person edits it: "10 The ask *" a line, where the
// star marks the part in which the ask is made.
func (a Agenda) Lines() string {
	var b strings.Builder
	for _, p := range a {
		fmt.Fprintf(&b, "%d %s", p.Minutes, p.Title)
		if p.Ask {
			b.WriteString(" *")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// maxParts bounds what one agenda holds.
const maxParts = 20

// ParseAgenda reads what Lines wrote. Where no part has a star, one that is
// called "the ask" is it.
func ParseAgenda(text string) (a Agenda, err error) {
	for _, l := range lines(text) {
		first, rest, _ := strings.Cut(l, " ")
		n, err := strconv.Atoi(strings.TrimRight(first, "'′m"))
		if err != nil || n < 1 || n > 24*60 {
			return nil, Wrong("Begin each line with its minutes: 10 The ask *", "%q does not say how many minutes it takes.", l)
		}
		title, star := strings.CutSuffix(strings.TrimSpace(rest), "*")
		if title = strings.TrimSpace(title); title == "" {
			return nil, Wrong("Write what happens in it.", "%q has no name.", l)
		}
		a = append(a, Part{Shorten(title, 80), n, star})
	}
	if len(a) > maxParts {
		return nil, Wrong("A few are enough.", "That are %d parts.", len(a))
	}
	if _, _, ok := a.AskAt(); !ok {
		for i := range a {
			if strings.EqualFold(a[i].Title, "the ask") {
				a[i].Ask = true
				break
			}
		}
	}
	return a, nil
}
