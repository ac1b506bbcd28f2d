package transcript

import (
	"math"
	"strings"
)

const (
	replySentences = 16  // of the others after the ask that may hold its answer
	replySeconds   = 150 // after which nothing is taken for an answer
)

var backchannel = set(`yeah yes yep okay ok right mm-hmm uh-huh mhm hmm sure exactly mm huh oh ah k o`)

// answered reads how the others took the ask at i and gives the last sentence
// that belongs to it.
func (f *finder) answered(i int, p planned, a *Finding) int {
	ask := f.said[i]
	last, heard := i, 0
	a.Answer = AnswerNone
	strength, asked, sidestep := 0.0, -1, -1
	var nod *Reading
	nodAt := -1
	for j := i + 1; j < len(f.said) && heard < replySentences; j++ {
		s := f.said[j]
		if ask.start >= 0 && s.start > ask.start+replySeconds {
			break
		}
		if f.isAsker(s, ask) {
			if s.utterance != ask.utterance {
				last = j
			}
			continue
		}
		heard++
		r := ReadAnswer(s.text)
		r.Confidence *= 1 - 0.04*float64(heard-1)
		short := nods(s.words)
		switch {
		case short && r.Answer == Yes:
			if nod == nil {
				nod, nodAt = &r, j
			}
		case (r.Answer == Yes || r.Answer == No || r.Answer == NotNow) && r.Confidence > max(0.36, strength):
			strength = r.Confidence
			f.take(a, r, j)
			last = j
		case r.Answer == Question && asked < 0:
			asked = j
		case r.Answer == Deflected && sidestep < 0 && r.Confidence > 0.4:
			sidestep = j
		}
		if strength > 0.75 {
			break
		}
	}
	switch {
	case strength > 0:
	case sidestep >= 0:
		f.take(a, readAs(f.said[sidestep].text, Deflected), sidestep)
		last = max(last, sidestep)
	case nod != nil:
		nod.Confidence = 0.45
		f.take(a, *nod, nodAt)
		last = max(last, nodAt)
		a.Unsure = append(a.Unsure, "a nod may be a yes or only \"I hear you\"")
	case asked >= 0:
		f.take(a, readAs(f.said[asked].text, Deflected), asked)
		last = max(last, asked)
		a.Unsure = append(a.Unsure, "answered with a question")
	}
	if a.Answer != AnswerNone && a.AnswerSure < 0.6 {
		a.Unsure = append(a.Unsure, "the answer is not plain")
	}
	return last
}

// isAsker tells the asker's own words from the others'; where nobody is named,
// what follows is taken as somebody else's.
func (f *finder) isAsker(s, ask sentence) bool {
	if isUnknown(ask.speaker) && isUnknown(s.speaker) {
		return false
	}
	return s.speaker == ask.speaker || f.named && f.mine(s.speaker) && !isUnknown(s.speaker)
}

func readAs(text string, a Answer) Reading {
	r := ReadAnswer(text)
	if r.Answer != a {
		r.Answer, r.Confidence = a, 0.4
	}
	return r
}

func (f *finder) take(a *Finding, r Reading, j int) {
	a.Answer, a.AnswerText, a.AnswerSure = r.Answer, f.said[j].text, round(r.Confidence)
	a.AnswerOn = []string{}
	for _, w := range r.Words {
		a.AnswerOn = append(a.AnswerOn, strings.ToLower(w.Text))
	}
}

// nods are answers of a word or two that may only mean "go on".
func nods(ws []word) bool {
	if len(ws) > 3 {
		return false
	}
	for _, w := range ws {
		if !backchannel[w.s] {
			return false
		}
	}
	return true
}

// given measures how long the ask stayed the subject: from its first word to
// the last sentence near it that answers it or speaks of its parts.
func (f *finder) given(i, last int, p planned, a *Finding) {
	away := 0
	for j := i + 1; j < len(f.said) && away < 6 && j < i+200; j++ {
		got := map[string]bool{}
		p.covers(terms(spoken(f.said[j].words)), got)
		if len(got) > 0 {
			last, away = max(last, j), 0
		} else {
			away++
		}
	}
	from, to := f.said[i], f.said[last]
	if from.start >= 0 && to.end >= from.start {
		a.Given = math.Round((to.end-from.start)*10) / 10
	}
	a.GivenShare = round(float64(to.wordBefore+len(to.words)-from.wordBefore) / float64(max(1, f.total)))
}
