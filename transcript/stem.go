package transcript

import (
	_ "embed"
	"strings"
)

//go:embed data/synonyms.txt
var synonymsText string

// families maps a stem to its family; phrases the first word of a longer way of
// saying it to the whole.
var families, phrases = readSynonyms(synonymsText)

type phrase struct {
	words  []string
	family string
}

func readSynonyms(text string) (map[string]string, map[string][]phrase) {
	families, phrases := map[string]string{}, map[string][]phrase{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		list := strings.Fields(line)
		for _, w := range list {
			if strings.Contains(w, "_") {
				p := strings.Split(w, "_")
				phrases[p[0]] = append(phrases[p[0]], phrase{p, list[0]})
			} else if s := stem(w); families[s] == "" {
				families[s] = list[0]
			}
		}
	}
	return families, phrases
}

// stem cuts the endings that an ask is inflected with: -s, -ed, -ing, -ion, -er.
func stem(w string) string {
	if len(w) < 4 {
		return w
	}
	for _, e := range []struct{ end, to string }{
		{"ations", ""}, {"ation", ""}, {"ments", ""}, {"ment", ""}, {"ingly", ""}, {"ings", ""}, {"ing", ""}, {"ions", ""}, {"ion", ""},
		{"ies", "y"}, {"ied", "y"}, {"sses", "ss"}, {"ers", ""}, {"er", ""}, {"ed", ""}, {"es", ""}, {"ly", ""}, {"s", ""}, {"e", ""},
	} {
		if s, ok := strings.CutSuffix(w, e.end); ok && len(s) >= 3 && !(e.end == "s" && strings.HasSuffix(s, "s")) {
			s += e.to
			if n := len(s); n > 3 && s[n-1] == s[n-2] && s[n-1] != 'l' && s[n-1] != 's' {
				s = s[:n-1]
			}
			return strings.TrimSuffix(s, "e")
		}
	}
	return w
}
