package transcript

import (
	"math"
	"sort"
	"strings"
)

// Findings is what a transcript shows of a planned ask. It judges whether the
// ask can have been understood, never a person.
type Findings struct {
	Ask       Finding   `json:"ask"`
	Requests  []Request `json:"requests"`
	Questions []Request `json:"questions"`
	Offers    []Request `json:"offers"`
	Notes     []string  `json:"notes,omitempty"` // what makes the findings unsure
	Language  string    `json:"language,omitempty"`
}

// Finding is the ask as it was said. Times are seconds from the start of the
// recording, nil where the file has none; Position is the share of the meeting
// before it, by time or else by words.
type Finding struct {
	Made       bool     `json:"made"`
	Confidence float64  `json:"confidence"` // that it was made
	AtSeconds  *float64 `json:"at_seconds"`
	Position   float64  `json:"position"`
	Text       string   `json:"text"`
	Speaker    string   `json:"speaker"`
	Line       int      `json:"line"`
	Hedges     []string `json:"hedges"`
	HedgeAt    []Range  `json:"hedge_ranges"` // bytes of Text
	InList     bool     `json:"in_list"`
	Given      float64  `json:"given_seconds"` // how long it stayed the subject; 0 without times
	GivenShare float64  `json:"given_share"`   // the same as share of the words
	Answer     Answer   `json:"answer"`
	AnswerText string   `json:"answer_text"`
	AnswerSure float64  `json:"answer_confidence"`
	Because    []string `json:"because"` // the words that the finding rests on
	AnswerOn   []string `json:"answer_because"`
	Unsure     []string `json:"unsure"` // why it may be otherwise
}

// Request is a request, question or offer that the member made.
type Request struct {
	AtSeconds *float64 `json:"at_seconds"`
	Speaker   string   `json:"speaker"`
	Text      string   `json:"text"`
	Score     float64  `json:"score"`
	IsAsk     bool     `json:"is_ask,omitempty"`
	Position  float64  `json:"position"`
}

// finder holds a transcript taken apart.
type finder struct {
	t     Transcript
	said  []sentence
	terms [][]term
	score []float64 // request probability, 0 where not computed
	total int       // words
	mine  func(speaker string) bool
	named bool // the member is one of the speakers
	end   float64
}

// Find looks for the planned ask among what the member me said. An empty ask
// finds requests only; an empty or unknown me looks at everybody and says so.
func Find(t Transcript, ask, me string) Findings {
	f := &finder{t: t.whole()}
	f.said, f.total = sentences(f.t)
	out := Findings{Requests: []Request{}, Questions: []Request{}, Offers: []Request{}}
	out.Ask = Finding{Answer: AnswerNone, Hedges: []string{}, HedgeAt: []Range{}, Because: []string{}, AnswerOn: []string{}, Unsure: []string{}}
	if !f.readable() {
		out.Language = Unreadable
		out.Notes = append(out.Notes, Unreadable)
		return out
	}
	f.who(me, &out)
	f.terms = make([][]term, len(f.said))
	f.score = make([]float64, len(f.said))
	var at []int
	var texts []string
	for i, s := range f.said {
		f.end = max(f.end, s.end)
		if !f.mine(s.speaker) || !isEnglish(s.words) {
			continue
		}
		f.terms[i] = terms(spoken(s.words))
		at, texts = append(at, i), append(texts, s.text)
	}
	for k, p := range ScoreTalk(texts) {
		f.score[at[k]] = p
	}
	best := -1
	if strings.TrimSpace(ask) != "" {
		best = f.theAsk(ask, &out)
	}
	f.list(&out, best)
	return out
}

// readable judges the whole and lets single sentences in another language be.
func (f *finder) readable() bool {
	if l := strings.ToLower(f.t.Language); l != "" && !strings.HasPrefix(l, "en") {
		return false
	}
	var all []word
	for _, s := range f.said {
		if all = append(all, s.words...); len(all) > 20000 {
			break
		}
	}
	return isEnglish(all)
}

// who finds the member among the speakers: the same name, or all of the words
// of the shorter in the longer ("Ana" for "Ana Brook (Example)").
func (f *finder) who(me string, out *Findings) {
	speakers := map[string]bool{}
	var unnamed bool
	for _, u := range f.t.Utterances {
		speakers[u.Speaker] = speakers[u.Speaker] || sameName(u.Speaker, me)
		unnamed = unnamed || isUnknown(u.Speaker)
		f.named = f.named || speakers[u.Speaker]
	}
	switch {
	case f.named && unnamed:
		f.mine = func(s string) bool { return speakers[s] || isUnknown(s) }
		out.Notes = append(out.Notes, "some words have no speaker; they may be yours")
	case f.named:
		f.mine = func(s string) bool { return speakers[s] }
	default:
		f.mine = func(string) bool { return true }
		if me != "" {
			out.Notes = append(out.Notes, "nobody in this transcript is called "+me+"; everybody's words were looked at")
		}
	}
}

func isUnknown(s string) bool {
	s = strings.ToLower(s)
	return s == "" || strings.HasPrefix(s, "unknown") || strings.HasPrefix(s, "unidentified")
}

func sameName(a, b string) bool {
	x, y := nameWords(a), nameWords(b)
	if len(x) == 0 || len(y) == 0 {
		return false
	}
	if len(x) > len(y) {
		x, y = y, x
	}
	for i, w := range x {
		found := false
		for _, v := range y {
			found = found || v == w || i > 0 && len(w) == 1 && strings.HasPrefix(v, w) // "Ana B."
		}
		if !found {
			return false
		}
	}
	return true
}

func nameWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" .,()|_-[]'’", r) })
}

// candidate is a sentence that may be the ask, with the parts of the plan that
// it and its neighbours say.
type candidate struct {
	at         int
	share      float64 // of the plan's weight
	parts      int
	p          float64
	confidence float64
	got        map[string]bool
}

func (f *finder) theAsk(ask string, out *Findings) int {
	var names []string
	for _, u := range f.t.Utterances {
		if len(names) == 0 || names[len(names)-1] != u.Speaker {
			names = append(names, u.Speaker)
		}
	}
	p := plan(ask, f.terms, names)
	if len(p.weight) == 0 {
		out.Notes = append(out.Notes, "the planned ask has no word to look for")
		return -1
	}
	if len(p.weight) == 1 {
		out.Notes = append(out.Notes, "the planned ask has only one word to look for")
	}
	var all []candidate
	for i := range f.said {
		if f.terms[i] != nil {
			if c := f.weigh(p, i); c.parts > 0 {
				all = append(all, c)
			}
		}
	}
	if len(all) == 0 {
		out.Ask.Unsure = append(out.Ask.Unsure, "no sentence holds a word of the ask")
		return -1
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].confidence > all[j].confidence })
	best := all[0]
	f.describe(p, best, out)
	if !out.Ask.Made {
		return -1
	}
	return best.at
}

// weigh judges sentence i by itself and together with its neighbours by the
// same speaker: an ask is often said in two breaths.
func (f *finder) weigh(p planned, i int) candidate {
	c := candidate{at: i, p: f.score[i], got: map[string]bool{}}
	p.covers(f.terms[i], c.got)
	if len(c.got) == 0 {
		return c
	}
	alone := p.share(c.got)
	c.share = alone
	for _, j := range []int{i + 1, i - 1} {
		if j < 0 || j >= len(f.said) || f.terms[j] == nil || f.said[j].speaker != f.said[i].speaker || abs(f.said[j].utterance-f.said[i].utterance) > 2 {
			continue
		}
		before := len(c.got)
		p.covers(f.terms[j], c.got)
		if len(c.got) > before {
			c.share = alone + 0.8*(p.share(c.got)-alone)
			c.p = max(c.p, 0.8*f.score[j])
		}
	}
	c.parts = len(c.got)
	c.confidence = f.believe(p, c)
	return c
}

// believe turns what speaks for a candidate into 0–1: the share of the plan that
// is said, how many parts that is, and how much it sounds like a request.
func (f *finder) believe(p planned, c candidate) float64 {
	sounds := math.Log(max(c.p, 1e-3) / (1 - min(c.p, 0.999)))
	parts := min(float64(c.parts), 4)
	z := -5.2 + 7.5*c.share + 0.75*parts + 0.7*max(-4.5, min(sounds+1.2, 2))
	if c.p < 0.02 { // the same words, told and not asked
		z -= 1.2
	}
	matter := false
	for name := range c.got {
		matter = matter || name[0] != '@'
	}
	if !matter { // a day alone is no ask
		z -= 2
	}
	if len(f.said[c.at].words) < 4 {
		z--
	}
	return sigmoid(z)
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

func (f *finder) describe(p planned, c candidate, out *Findings) {
	a := &out.Ask
	conf := c.confidence
	s := f.said[c.at]
	if !f.named {
		a.Unsure = append(a.Unsure, "it is not known which words are yours")
	} else if isUnknown(s.speaker) {
		conf *= 0.85
		a.Unsure = append(a.Unsure, "the recorder did not know who said it")
	}
	a.Made = conf >= 0.5
	a.Confidence = math.Round(conf*1000) / 1000
	if !a.Made {
		if conf > 0.3 {
			a.Unsure = append(a.Unsure, "this comes near it: "+short(s.text))
		}
		return
	}
	if conf < 0.7 {
		a.Unsure = append(a.Unsure, "only a part of the planned ask was said")
	}
	a.AtSeconds, a.Position = f.place(c.at)
	if at := f.cueOf(p, c.at); at > s.start && a.AtSeconds != nil {
		at = math.Round(at*10) / 10
		a.AtSeconds = &at
	}
	a.Text, a.Speaker, a.Line = s.text, s.speaker, s.line
	for name := range c.got {
		a.Because = append(a.Because, p.spoken[name])
	}
	sort.Strings(a.Because)
	if p.amount && !saysAmount(c.got) {
		a.Unsure = append(a.Unsure, "the planned amount was not said with it")
	}
	a.HedgeAt = nonNil(Hedges(s.text))
	a.Hedges = []string{}
	for _, h := range a.HedgeAt {
		a.Hedges = append(a.Hedges, strings.ToLower(h.Text))
	}
	for _, j := range []int{c.at - 1, c.at + 1} {
		if j >= 0 && j < len(f.said) && f.said[j].utterance == s.utterance {
			for _, h := range Hedges(f.said[j].text) {
				a.Hedges = append(a.Hedges, strings.ToLower(h.Text))
			}
		}
	}
	a.InList = f.inList(c.at)
	last := f.answered(c.at, p, a)
	f.given(c.at, last, p, a)
}

// cueOf is the start of the cue in which the first part of the plan is said: a
// recogniser's sentence may begin with other matter, cues earlier.
func (f *finder) cueOf(p planned, i int) float64 {
	s := f.said[i]
	ws := spoken(s.words)
	u := f.t.Utterances[s.utterance]
	for _, t := range f.terms[i] {
		if p.weight[t.name] == 0 {
			continue
		}
		k := 0
		for k+1 < len(u.Pieces) && u.Pieces[k+1].At <= s.from+ws[t.from].from {
			k++
		}
		if u.Pieces[k].At > s.from {
			return u.Pieces[k].Start
		}
		break
	}
	return s.start
}

func nonNil(r []Range) []Range {
	if r == nil {
		return []Range{}
	}
	return r
}

func saysAmount(got map[string]bool) bool {
	for name := range got {
		if name[0] == '=' {
			return true
		}
	}
	return false
}

// place gives when a sentence was said and the share of the meeting before it.
func (f *finder) place(i int) (*float64, float64) {
	s := f.said[i]
	byWords := float64(s.wordBefore) / float64(max(f.total, 1))
	if s.start < 0 {
		return nil, round(byWords)
	}
	at := math.Round(s.start*10) / 10
	first := 0.0
	for _, x := range f.said {
		if x.start >= 0 {
			first = x.start
			break
		}
	}
	if f.end > first {
		return &at, round(max(0, min(1, (s.start-first)/(f.end-first))))
	}
	return &at, round(byWords)
}
