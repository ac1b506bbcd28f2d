package transcript

// Range is a stretch of a text in bytes.
type Range struct {
	From int    `json:"from"`
	To   int    `json:"to"`
	Text string `json:"text"`
}

// softeners are hedges and throw-aways, longest first where one begins another.
// They are politeness too: alone they mean nothing.
var softeners = [][]string{
	{"if", "it", "'s", "not", "too", "much", "trouble"}, {"if", "it", "is", "not", "too", "much", "trouble"}, {"if", "you", "maybe", "have", "a", "minute"},
	{"if", "you", "have", "a", "minute"}, {"if", "you", "have", "a", "second"}, {"when", "you", "have", "a", "minute"}, {"whenever", "you", "get", "a", "chance"}, {"if", "you", "get", "a", "chance"},
	{"if", "you", "do", "n't", "mind"}, {"if", "that", "'s", "okay"}, {"if", "that", "'s", "ok"}, {"if", "at", "all", "possible"}, {"if", "possible"}, {"if", "you", "want"}, {"if", "you", "like"},
	{"i", "was", "just", "wondering"}, {"i", "was", "wondering"}, {"i", "'m", "wondering"}, {"i", "wonder"}, {"i", "was", "kind", "of", "hoping"}, {"i", "was", "sort", "of", "hoping"}, {"i", "was", "hoping"}, {"i", "guess"}, {"i", "suppose"},
	{"i", "do", "n't", "know"}, {"i", "mean"}, {"or", "something"}, {"or", "whatever"}, {"or", "anything"}, {"and", "stuff"}, {"or", "so"},
	{"by", "the", "way"}, {"oh", "and"}, {"one", "more", "thing"}, {"while", "i", "have", "you"}, {"before", "i", "forget"}, {"before", "we", "go"}, {"last", "thing"},
	{"kind", "of"}, {"kinda"}, {"sort", "of"}, {"sorta"}, {"a", "little", "bit"}, {"a", "bit"}, {"a", "little"}, {"at", "some", "point"}, {"some", "time"}, {"sometime"}, {"someday"},
	{"no", "pressure"}, {"no", "rush"}, {"no", "worries", "if", "not"}, {"feel", "free"}, {"sorry", "to", "ask"}, {"sorry"}, {"real", "quick"}, {"quick", "question"}, {"small", "thing"},
	{"just"}, {"maybe"}, {"perhaps"}, {"possibly"}, {"probably"}, {"hopefully"}, {"potentially"}, {"basically"}, {"quickly"}, {"somehow"}, {"might"},
}

// Hedges finds the softeners of a text, each with its bytes, in order.
func Hedges(text string) []Range {
	ws := words(text)
	var out []Range
	for i := 0; i < len(ws); {
		n := 0
		for _, p := range softeners {
			if len(p) > n && startsWith(ws[i:], p) {
				n = len(p)
			}
		}
		if n == 0 || n == 1 && ws[i].s == "might" && at(ws, i+1) == "as" {
			i++
			continue
		}
		from, to := ws[i].from, ws[i+n-1].to
		out = append(out, Range{from, to, text[from:to]})
		i += n
	}
	return out
}

func startsWith(ws []word, p []string) bool {
	if len(ws) < len(p) {
		return false
	}
	for i, s := range p {
		if ws[i].s != s {
			return false
		}
	}
	return true
}
