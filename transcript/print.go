package transcript

import (
	"fmt"
	"io"
	"strings"
)

// Print writes the findings for a person to read.
func Print(w io.Writer, f Findings) error {
	var b strings.Builder
	a := f.Ask
	switch {
	case f.Language != "":
		fmt.Fprintf(&b, "%s\n", f.Language)
	case a.Made:
		fmt.Fprintf(&b, "Made %s (sure to %.2f), at %.0f %% of the meeting:\n  %s\n", clockText(a.AtSeconds), a.Confidence, a.Position*100, underlined(a.Text, a.HedgeAt))
		fmt.Fprintf(&b, "It rests on: %s\n", strings.Join(a.Because, ", "))
		if a.InList {
			fmt.Fprintf(&b, "It was one of several asks.\n")
		}
		if a.Given > 0 {
			fmt.Fprintf(&b, "It was given %.0f seconds.\n", a.Given)
		}
		fmt.Fprintf(&b, "%s\n", answerText(a))
	default:
		fmt.Fprintf(&b, "Not made, as far as these words go.\n")
	}
	for _, n := range append(append([]string{}, a.Unsure...), f.Notes...) {
		fmt.Fprintf(&b, "Unsure: %s\n", n)
	}
	for _, l := range []struct {
		title string
		list  []Request
	}{{"Requests", f.Requests}, {"Questions", f.Questions}, {"Offers", f.Offers}} {
		if len(l.list) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s\n", l.title)
		for _, r := range l.list {
			fmt.Fprintf(&b, "  %6s  %s: %s\n", strings.TrimPrefix(clockText(r.AtSeconds), "at "), r.Speaker, r.Text)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func clockText(at *float64) string {
	if at == nil {
		return ""
	}
	s := int(*at)
	return fmt.Sprintf("at %d:%02d", s/60, s%60)
}

// underlined sets the softeners between underscores.
func underlined(text string, hedges []Range) string {
	var b strings.Builder
	from := 0
	for _, h := range hedges {
		b.WriteString(text[from:h.From] + "_" + h.Text + "_")
		from = h.To
	}
	return b.String() + text[from:]
}

func answerText(a Finding) string {
	if a.Answer == AnswerNone {
		return "Not answered."
	}
	said := map[Answer]string{Yes: "Yes", No: "No", NotNow: "Not now", Deflected: "Deflected"}[a.Answer]
	return fmt.Sprintf("%s (sure to %.2f): %s", said, a.AnswerSure, a.AnswerText)
}
