package dottedline

import "strings"

// mostAgreed is how many lines of what was agreed a room begins with.
const mostAgreed = 6

// Agreed says in a few lines what an agreement is about, from its fields: what
// is delivered, what it costs, and the terms that have a name.
func Agreed(fields []Field) (out []string) {
	for _, f := range fields {
		for _, l := range lines(f.Value) {
			switch f.Kind {
			case PricesField:
				out = append(out, pricedLine(l))
			case TermsField, LinesField:
				out = append(out, l)
			}
		}
	}
	if len(out) == 0 { // a promise or a pledge has one sentence, and perhaps a sum
		for _, f := range fields {
			if (f.Name == "Ask" || f.Name == "Scope" || f.Name == "Purpose" || f.Name == "Amount") && f.Value != "" {
				out = append(out, f.Value)
			}
		}
	}
	return out[:min(len(out), mostAgreed)]
}

// pricedLine is a line of a price table in words: "Forty seats, 40 at $60".
func pricedLine(l string) string {
	cells := strings.Split(l, "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	n := len(cells)
	if n < 2 {
		return l
	}
	if n > 2 && cells[n-2] != "1" {
		return cells[0] + ", " + cells[n-2] + " at " + cells[n-1]
	}
	return cells[0] + ", " + cells[n-1]
}
