package transcript

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is a lower-case token with the bytes of the text that it was cut from.
// Contractions are cut as in the Penn treebank ("don't" is do + n't), so that
// a recogniser that writes "dont" or "lets" gives the same words.
type word struct {
	s        string
	from, to int
}

// contracted are the spellings without an apostrophe that cannot be anything else.
var contracted = map[string][2]string{
	"lets": {"let", "'s"}, "dont": {"do", "n't"}, "doesnt": {"does", "n't"}, "didnt": {"did", "n't"},
	"cant": {"can", "n't"}, "couldnt": {"could", "n't"}, "wouldnt": {"would", "n't"}, "shouldnt": {"should", "n't"},
	"isnt": {"is", "n't"}, "arent": {"are", "n't"}, "wasnt": {"was", "n't"}, "havent": {"have", "n't"},
	"hasnt": {"has", "n't"}, "youre": {"you", "'re"}, "youd": {"you", "'d"}, "youll": {"you", "'ll"},
	"youve": {"you", "'ve"}, "theyre": {"they", "'re"}, "weve": {"we", "'ve"}, "ive": {"i", "'ve"}, "im": {"i", "'m"},
	"thats": {"that", "'s"}, "whats": {"what", "'s"}, "cannot": {"can", "n't"}, "gonna": {"going", "to"},
	"wanna": {"want", "to"}, "gotta": {"got", "to"}, "hafta": {"have", "to"}, "lemme": {"let", "me"}, "gimme": {"give", "me"},
	"whynt": {"why", "n't"}, "wont": {"wo", "n't"}, "oughta": {"ought", "to"},
}

var tails = []string{"n't", "'s", "'d", "'ll", "'re", "'ve", "'m"}

// words cuts a text into words and the marks ? ! and : that end or join
// sentences; every other mark is dropped.
func words(text string) []word {
	var out []word
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case isWord(r) || r == '$' || r == '€' || r == '£':
			j := i + n
			for j < len(text) {
				q, m := utf8.DecodeRuneInString(text[j:])
				if isWord(q) || isInner(q) && j+m < len(text) && isWordAt(text, j+m) {
					j += m
					continue
				}
				break
			}
			end := j
			if j < len(text) && text[j] == '-' && r != '$' { // a word broken off: "w-"
				end = j + 1
			}
			out = cut(out, text[i:end], i)
			i = end
		case r == '?' || r == '!':
			out = append(out, word{string(r), i, i + n})
			i += n
		case r == '%':
			out = append(out, word{"%", i, i + n})
			i += n
		default:
			i += n
		}
	}
	return out
}

func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// isInner are the marks that hold a word together: don't, re-sign, 2.5, 1,200, a@b.
func isInner(r rune) bool {
	return r == '\'' || r == '’' || r == '-' || r == '.' || r == ',' || r == '@' || r == '_'
}

func isWordAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	prev := s[i-1]
	if prev == '.' || prev == ',' {
		before, _ := utf8.DecodeLastRuneInString(s[:i-1])
		return unicode.IsDigit(r) && unicode.IsDigit(before) || prev == '.' && unicode.IsLower(r) && unicode.IsLower(before)
	}
	return isWord(r)
}

func cut(out []word, raw string, at int) []word {
	s := strings.ToLower(strings.ReplaceAll(raw, "’", "'"))
	if p, ok := contracted[s]; ok {
		mid := at + min(len(p[0]), len(raw))
		return append(out, word{p[0], at, mid}, word{p[1], mid, at + len(raw)})
	}
	for _, t := range tails {
		if strings.HasSuffix(s, t) && len(s) > len(t) {
			k := len(raw) - len(t)
			if strings.Contains(raw, "’") {
				k = len(raw) - len(t) - len("’") + 1
			}
			if k <= 0 {
				break
			}
			stem := s[:len(s)-len(t)]
			if stem == "ca" {
				stem = "can"
			}
			return append(out, word{stem, at, at + k}, word{t, at + k, at + len(raw)})
		}
	}
	return append(out, word{s, at, at + len(raw)})
}

// fillers carry no meaning of their own, in any place.
var fillers = set(`uh um er ah eh hmm mm mm-hmm uh-huh mhm erm huh oh`)

// openers stand before what is meant and are passed over to find its first word.
var openers = set(`so well okay ok and but yeah yep then now anyway anyways also actually right alright or because cuz plus again
 hey hi hello yes no sure basically anyhow listen look see great good perfect thanks cool`)

// spoken drops fillers, words broken off and words said twice, as a listener
// does. The words "o k" of some transcribers become "okay".
func spoken(ws []word) []word {
	out := make([]word, 0, len(ws))
	for i, w := range ws {
		if fillers[w.s] || strings.HasSuffix(w.s, "-") {
			continue
		}
		if w.s == "k" && len(out) > 0 && out[len(out)-1].s == "o" && i > 0 && ws[i-1].s == "o" {
			out[len(out)-1].s, out[len(out)-1].to = "okay", w.to
			continue
		}
		n := len(out)
		if n > 0 && out[n-1].s == w.s && w.s != "?" && w.s != "!" {
			continue
		}
		if n > 2 && i+1 < len(ws) && out[n-2].s == w.s && out[n-1].s == ws[i+1].s { // "we could we could"
			out = out[:n-2]
		}
		out = append(out, w)
	}
	return out
}

func set(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}
