package dottedline

import (
	"fmt"

	"dottedline/transcript"
)

// Chance is how likely it is that they don't know what was asked.
type Chance string

// The chances, from the best to the worst.
const (
	ChanceNone  Chance = "hardly"
	ChanceSome  Chance = "some"
	ChanceGood  Chance = "a good one"
	ChanceSure  Chance = "yes"     // it was not asked
	ChanceUnsay Chance = "unknown" // nothing was heard of the meeting
)

// Check is one thing that was heard of how the ask was made.
type Check struct {
	OK     bool
	What   string // "Asked", "Late", "Softened", "In a list", "Not answered"
	Detail string
}

// Hearing judges by what a transcript shows whether the ask can have been
// understood. length is the meeting's in seconds, 0 while unknown. Softeners
// count against it only together with what else does: they are politeness too.
func Hearing(f transcript.Finding, length float64) (c Chance, checks []Check) {
	if !f.Made {
		return ChanceSure, []Check{{false, "Not asked", "nothing that was said reads like it"}}
	}
	at := "when is not known"
	if f.AtSeconds != nil {
		at = "at " + clock(*f.AtSeconds)
	}
	checks = append(checks, Check{true, "Asked", at})
	bad := 0
	note := func(is bool, yes, detail, no, fine string) {
		if is {
			checks, bad = append(checks, Check{false, yes, detail}), bad+1
		} else {
			checks = append(checks, Check{true, no, fine})
		}
	}
	late := f.Position > 0.9
	detail := "in the last tenth of the meeting"
	if f.AtSeconds != nil && length > 0 {
		late = *f.AtSeconds > length-float64(60*lastMinutes(int(length/60)))
		detail = "in the last " + minutesInWords(max(1, lastMinutes(int(length/60))))
	}
	note(late, "Late", detail, "In time", fmt.Sprintf("after %.0f%% of the meeting", 100*f.Position))
	note(f.InList, "In a list", "beside other requests", "Alone", "not one of several")
	answered := f.Answer == transcript.Yes || f.Answer == transcript.No || f.Answer == transcript.NotNow || f.Answer == transcript.Question
	words := f.AnswerText
	if words != "" {
		words = "“" + Shorten(words, 80) + "”"
	}
	switch {
	case answered:
		note(false, "", "", "Answered", words)
	case f.Answer == transcript.Deflected:
		note(true, "Deflected", words, "", "")
	case words != "":
		note(true, "Not answered", words, "", "")
	default:
		note(true, "Not answered", "nobody spoke to it", "", "")
	}
	if n := len(f.Hedges); n > 0 {
		checks = append(checks, Check{bad == 0, "Softened", times(n)})
		if bad > 0 {
			bad++
		}
	}
	switch {
	case f.Answer == transcript.Yes || f.Answer == transcript.No || f.Answer == transcript.NotNow:
		if bad > 1 {
			return ChanceSome, checks
		}
		return ChanceNone, checks
	case bad > 1:
		return ChanceGood, checks
	}
	return ChanceSome, checks
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

func clock(seconds float64) string {
	s := int(seconds)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
