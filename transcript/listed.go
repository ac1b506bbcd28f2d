package transcript

import "strings"

// threshold is the probability from which a sentence is listed as a request.
const threshold = 0.1

// list gives the member's requests, questions and offers in the order they came.
func (f *finder) list(out *Findings, ask int) {
	for i, s := range f.said {
		if f.terms[i] == nil && f.score[i] == 0 {
			continue
		}
		at, position := f.place(i)
		r := Request{AtSeconds: at, Speaker: s.speaker, Text: s.text, Score: round(f.score[i]), IsAsk: i == ask, Position: position}
		switch ws := spoken(s.words); {
		case i == ask || f.score[i] >= threshold && len(ws) > 2 && !isOffer(ws):
			out.Requests = append(out.Requests, r)
		case isOffer(ws):
			out.Offers = append(out.Offers, r)
		case isQuestion(ws):
			out.Questions = append(out.Questions, r)
		}
	}
}

var questionWords = set(`what who whom whose which where when why how`)
var auxiliaries = set(`do does did is are was were am have has had can could will would should may might shall`)
var subjects = set(`i you we he she it they there that this these those your the our any anyone anybody somebody`)

// isQuestion goes by the mark or, where a recogniser sets none, by the order of words.
func isQuestion(ws []word) bool {
	if len(ws) == 0 {
		return false
	}
	if ws[len(ws)-1].s == "?" {
		return true
	}
	i := opening(ws)
	a, b, c := at(ws, i), at(ws, i+1), at(ws, i+2)
	return auxiliaries[a] && (subjects[b] || b == "n't" && subjects[c]) ||
		questionWords[a] && (auxiliaries[b] || b == "'s" || b == "'re" || b == "about" || b == "many" || b == "much" || b == "long")
}

// isOffer is something that the speaker puts up to do or give.
func isOffer(ws []word) bool {
	for i := range ws {
		a, b, c := ws[i].s, at(ws, i+1), at(ws, i+2)
		switch {
		case a == "i" && (b == "can" || b == "could" || b == "'ll" || b == "will") && offered[c],
			a == "i" && b == "'d" && c == "be" && (at(ws, i+3) == "happy" || at(ws, i+3) == "glad"),
			a == "i" && b == "'m" && c == "happy" && at(ws, i+3) == "to",
			a == "we" && (b == "can" || b == "could" || b == "'ll" || b == "will") && offered[c] && strings.Contains(" you your ", " "+at(ws, i+3)+" "),
			(a == "shall" || a == "should") && b == "i" && offered[c],
			a == "let" && b == "me" && offered[c],
			a == "i" && b == "offer", a == "would" && b == "you" && c == "like" && at(ws, i+3) == "me":
			return true
		}
	}
	return false
}

var offered = set(`send share introduce help show give offer prepare write draft set arrange call mail email forward bring make pay cover look check find connect throw include add do review`)

// inList says whether the ask was one of several: other requests close by in the
// same turn, words that count, or several things asked for in one breath.
func (f *finder) inList(i int) bool {
	others, counted := 0, false
	from, to := i, i
	for from > 0 && i-from < 5 && f.said[from-1].utterance == f.said[i].utterance {
		from--
	}
	for to+1 < len(f.said) && to-i < 5 && f.said[to+1].utterance == f.said[i].utterance {
		to++
	}
	for j := from; j <= to; j++ {
		ws := f.said[j].words
		if j != i && f.score[j] >= 0.2 && len(ws) > 4 && len(f.terms[j]) >= 2 {
			others++
		}
		counted = counted || counts(ws)
	}
	return others >= 2 || counted && others >= 1 || counted && to > from
}

// counts finds "a few things", "first … second", "number two", "also" first.
func counts(ws []word) bool {
	seen := map[string]bool{}
	for i, w := range ws {
		a, b := at(ws, i+1), at(ws, i+2)
		if (w.s == "few" || w.s == "couple" || w.s == "several" || numberWords[w.s] >= 2) && (a == "things" || a == "points" || a == "asks" || a == "requests" || a == "items" || a == "of" && (b == "things" || b == "points" || b == "asks" || b == "requests")) {
			return true
		}
		if (w.s == "number" || w.s == "thing") && numberWords[a] > 0 {
			return true
		}
		seen[w.s] = true
	}
	first := opening(ws)
	head := at(ws, first)
	return seen["secondly"] || seen["thirdly"] || seen["firstly"] || (head == "second" || head == "third" || head == "finally" || head == "also") && len(ws) > 3 ||
		seen["first"] && seen["second"]
}
