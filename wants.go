package dottedline

import (
	"regexp"
	"slices"
	"strings"
)

var wanting = regexp.MustCompile(`(?i)\b(i|we|they|she|he|our|my|their|the board|the team) (really |badly |just |also |still |only |all |do )*(want|need|hope|wish|dream|plan|aim|try|are trying|am trying|'m trying|’m trying|'re trying|’re trying|would like|would love|'d like|’d like|'d love|’d love|are looking|am looking|'m looking|’m looking|'re looking|’re looking|have to|must|worry|struggle|goal|dream|problem|priority|challenge|hope)s?\b|\b(wants?|needs?|hopes?|dreams?|worries) (to|for|of|that|about)\b|\b(looking for|drowning|struggling|it would help|what matters|most important|important to (me|us)|the (goal|problem|dream|priority) is)\b`)

// Wants finds the sentences of a text in which somebody says what they want, try
// to accomplish or dream of. It proposes; it reads English only.
func Wants(text string) (out []string) {
	for s := range sentences(text) {
		if len(s) < 600 && !strings.HasSuffix(s, "?") && wanting.MatchString(s) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

var word = regexp.MustCompile(`[\p{L}\p{N}]{4,}`)

var commonWords = map[string]bool{"this": true, "that": true, "will": true, "would": true, "could": true, "with": true, "your": true, "have": true,
	"from": true, "want": true, "need": true, "they": true, "them": true, "what": true, "when": true, "which": true, "their": true, "there": true,
	"like": true, "just": true, "some": true, "about": true, "into": true, "then": true, "than": true, "been": true, "were": true, "where": true, "very": true, "also": true, "because": true, "start": true}

// Connects gives the words that an ask, with its reason, shares with what they
// said they want, in the order in which they said them.
func (a Ask) Connects(wants []string) (shared []string) {
	mine := map[string]bool{}
	for _, w := range word.FindAllString(strings.ToLower(a.Text+" "+a.Why), -1) {
		mine[stem(w)] = !commonWords[w]
	}
	for _, s := range wants {
		for _, w := range word.FindAllString(s, -1) {
			l := strings.ToLower(w)
			if mine[stem(l)] && !slices.ContainsFunc(shared, func(x string) bool { return stem(strings.ToLower(x)) == stem(l) }) {
				shared = append(shared, w)
			}
		}
	}
	return shared
}

// stem cuts the endings that tell forms of one word apart.
func stem(w string) string {
	for _, end := range []string{"ies", "ing", "es", "ed", "s", "e", "y"} {
		if c, ok := strings.CutSuffix(w, end); ok && len(c) >= 4 {
			return c
		}
	}
	return w
}
