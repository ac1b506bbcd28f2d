package transcript

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Answer is how an ask was taken.
type Answer string

// What an answer can be. AnswerNone is never read from a text: it is said of an
// ask after which nobody spoke to it.
const (
	Yes         Answer = "yes"
	No          Answer = "no"
	NotNow      Answer = "not_now"
	Question    Answer = "question"
	Deflected   Answer = "deflected"
	OutOfOffice Answer = "out_of_office"
	Other       Answer = "other"
	AnswerNone  Answer = "none"
)

// answers are the heads of the model, in the order of its files.
var answers = []Answer{Yes, No, NotNow, Question, Deflected, Other}

// Reading is what a text says as an answer, how sure that is (0–1, against all
// other readings) and the words it rests on. It proposes; people decide.
type Reading struct {
	Answer     Answer  `json:"answer"`
	Confidence float64 `json:"confidence"`
	Words      []Range `json:"words"`
}

// ReadAnswer reads one spoken answer.
func ReadAnswer(text string) Reading {
	return theModels().read(text)
}

// ReadReply reads a mail's new text, quotes and signature already taken off.
// The first sentence that answers decides; a machine's note of absence is told
// apart by its wording.
func ReadReply(text string) Reading {
	if words := absence(text); len(words) > 0 {
		return Reading{OutOfOffice, 0.95, words}
	}
	best := Reading{Answer: Other, Confidence: 0.5}
	strongest := 0.0
	for i, b := range bounds(Utterance{Text: unwrap(text), Pieces: []Piece{{}}}) {
		if i == 12 {
			break
		}
		r := ReadAnswer(text[b[0]:b[1]])
		s := r.Confidence * (1 - 0.06*float64(i))
		switch r.Answer {
		case Other:
			if strongest == 0 {
				best = r
				best.Words = nil
			}
			continue
		case Question, Deflected:
			s *= 0.8 // a yes with a question is a yes
		}
		if s > strongest {
			strongest = s
			for k := range r.Words {
				r.Words[k].From += b[0]
				r.Words[k].To += b[0]
			}
			best = r
		}
	}
	return best
}

// unwrap makes spaces of line ends without moving a byte.
func unwrap(s string) string { return lineEnds.Replace(s) }

var lineEnds = strings.NewReplacer("\n", " ", "\t", " ", "\r", " ")

var absent = []string{"out of office", "out of the office", "away from my desk", "automatic reply", "auto-reply", "autoreply", "on annual leave", "on vacation", "on holiday until", "on parental leave",
	"on maternity leave", "limited access to email", "limited access to e-mail", "limited access to my email", "i am away until", "i'm away until", "i will be back on", "i will return on", "currently away", "no longer with the company", "no longer work",
	"on sick leave", "on leave until", "this is an automated", "automated response", "office is closed", "i am travelling until", "i'm travelling until", "be reading mail until", "slow to respond", "stands in for me",
	"in my absence", "during my absence", "after my return", "when i return", "when i'm back", "when i am back", "reply to your mail after", "not be forwarded"}

func absence(text string) (found []Range) {
	low := lowerSame(unwrap(text))
	for _, p := range absent {
		if i := strings.Index(low, p); i >= 0 && i < 600 {
			found = append(found, Range{i, i + len(p), text[i : i+len(p)]})
		}
	}
	return found
}

// lowerSame lowers ASCII letters only, so that no byte moves.
func lowerSame(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 32
		}
	}
	return string(b)
}

func (m *models) read(text string) Reading {
	fs := answerFeatures(text)
	p := make([]float64, len(answers))
	sum := 0.0
	for i := range answers {
		p[i] = sigmoid(m.answer[i].logit(fs))
		sum += p[i]
	}
	best := 0
	for i := range p {
		if p[i] > p[best] {
			best = i
		}
	}
	return Reading{answers[best], p[best] / max(sum, 1e-9), rests(m.answer[best], fs, text)}
}

// rests gives the words of the text that speak most for a head.
func rests(m *Model, fs []feature, text string) []Range {
	type part struct {
		words []string
		w     float64
	}
	var parts []part
	for _, f := range fs {
		if g, ok := strings.CutPrefix(f.name, "w "); ok {
			if w := m.weight[f.name] * f.v; w > 0.15 {
				parts = append(parts, part{strings.Fields(g), w})
			}
		}
	}
	sort.SliceStable(parts, func(i, j int) bool { return parts[i].w > parts[j].w })
	ws := spoken(words(text))
	var out []Range
	for _, p := range parts[:min(len(parts), 3)] {
		for i := range ws {
			if startsWith(ws[i:], p.words) {
				from, to := ws[i].from, ws[i+len(p.words)-1].to
				if n := slices.IndexFunc(out, func(r Range) bool { return from <= r.To && r.From <= to }); n >= 0 {
					out[n].From, out[n].To = min(out[n].From, from), max(out[n].To, to)
					out[n].Text = text[out[n].From:out[n].To]
				} else {
					out = append(out, Range{from, to, text[from:to]})
				}
				break
			}
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].From < out[j].From })
	return out
}

// answerFeatures weigh every word: an answer is short and its matter counts.
func answerFeatures(text string) []feature {
	ws := spoken(words(text))
	f := newBag(6 * len(ws))
	for i := range ws {
		f.add("w "+ws[i].s, 1)
		if i+1 < len(ws) {
			f.add("w "+ws[i].s+" "+ws[i+1].s, 1)
		}
		if i+2 < len(ws) {
			f.add("w "+ws[i].s+" "+ws[i+1].s+" "+ws[i+2].s, 1)
		}
		f.add("f "+class(ws[i].s)+" "+class(at(ws, i+1))+" "+class(at(ws, i+2)), 0.5)
	}
	f.add("^ "+at(ws, 0), 1)
	f.add("^ "+at(ws, 0)+" "+at(ws, 1), 1)
	for _, k := range []int{2, 4, 8, 16} {
		if len(ws) >= k {
			f.add("len>="+itoa(k), 0.5)
		}
	}
	if strings.Contains(text, "?") {
		f.add("s ?", 2)
	}
	for _, w := range ws {
		if w.s == "n't" || w.s == "not" || w.s == "no" || w.s == "never" || w.s == "unable" || w.s == "unfortunately" {
			f.add("negated", 1)
		}
	}
	return f.list
}

// writtenAnswers reads the answers written for the project.
func writtenAnswers(text string) (map[Answer][]string, error) {
	out := map[Answer][]string{}
	for n, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		label, s, ok := strings.Cut(line, ": ")
		if !ok || !slices.Contains(answers, Answer(label)) {
			return nil, fmt.Errorf("read answers: line %d has no label: %q", n+1, line)
		}
		out[Answer(label)] = append(out[Answer(label)], s)
	}
	return out, nil
}
