package transcript

import (
	"math"
	"strings"
)

// maxClauses bounds how many clauses of a sentence are looked at one by one.
const maxClauses = 24

var clauseEnds = strings.NewReplacer(", ", "\n", "; ", "\n", ": ", "\n", ". ", "\n", " - ", "\n", "--", "\n", "...", "\n", " (", "\n", ") ", "\n",
	"? ", "?\n", "! ", "!\n", " and ", "\nand ", " but ", "\nbut ", " so ", "\nso ", " please ", "\nplease ", " pls ", "\npls ")

// clauses cuts a written sentence where another thought may begin: the request
// often comes last ("If you find a bug, please write to us").
func clauses(text string) (out [][]word) {
	for c := range strings.SplitSeq(clauseEnds.Replace(text), "\n") {
		if ws := words(c); len(ws) > 0 && len(out) < maxClauses {
			out = append(out, ws)
		}
	}
	return out
}

// clauseFeatures are how each clause begins, what follows a condition, and the
// wording of the clause that sounds most like a request to the head for
// meetings, with what that head says of it and of the first.
func (m *models) clauseFeatures(text string) []feature {
	f := newBag(64)
	list := clauses(text)
	var best []word
	first, most := 0.0, math.Inf(-1)
	for i, ws := range list {
		start := opening(ws)
		begins(&f, ws, start, i)
		if i+1 < len(list) && conditions[ws[0].s] {
			next := list[i+1]
			f.add("if "+ws[0].s, 1)
			f.add("if "+ws[0].s+" "+classAt(next, opening(next)), 1)
		}
		z := m.meeting.logit(spokenFeatures(ws))
		if i == 0 {
			first = z
		}
		if z > most {
			best, most = ws, z
		}
	}
	if best != nil {
		mostAsking(&f, best)
		f.add(heard+" first", math.Tanh(first/2))
		f.add(heard+" most", math.Tanh(most/2))
	}
	return f.list
}

var conditions = set(`if when as to in`)

// begins are the words that a clause begins with.
func begins(f *bag, ws []word, start, i int) {
	g := func(k int) string { return classAt(ws, start+k) }
	a, b := at(ws, start), at(ws, start+1)
	f.add("begins "+a, 1)
	f.add("begins "+a+" "+b, 1)
	f.add("begins as "+g(0)+" "+g(1), 1)
	f.add("begins as "+g(0)+" "+g(1)+" "+g(2), 1)
	if i == 0 {
		return
	}
	f.add("later "+a, 1)
	if verbs[a] && !pastOnly(b) {
		f.add("later instruction", 1)
	}
}

func classAt(ws []word, i int) string {
	if i >= len(ws) {
		return "$"
	}
	return class(ws[i].s)
}

// mostAsking are the words and the frame of the clause that asks most.
func mostAsking(f *bag, ws []word) {
	start := opening(ws)
	name := "asks"
	for k := range 4 {
		name += " " + classAt(ws, start+k)
		f.add(name, 1)
	}
	for k := start; k < len(ws); k++ {
		f.add("asks w "+ws[k].s, 1)
		f.add("asks w "+ws[k].s+" "+at(ws, k+1), 1)
	}
}
