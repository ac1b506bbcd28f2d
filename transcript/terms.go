package transcript

import (
	"fmt"
	"math"
	"strings"
)

// term is one thing that an ask says: a word's family, an amount or a date.
type term struct {
	name     string
	from, to int // words
	amount   bool
	date     bool
}

// terms gives the meaning-bearing words of a sentence in one form each.
func terms(ws []word) []term {
	var out []term
	_, taken := dates(ws)
	out = append(out, dateTerms(ws)...)
	for _, q := range quantities(ws, taken) {
		unit := ""
		if q.percent {
			unit = "%"
		}
		out = append(out, term{name: fmt.Sprintf("=%g%s", math.Round(q.value*100)/100, unit), from: q.from, to: q.to, amount: true})
		for i := q.from; i < q.to; i++ {
			taken[i] = true
		}
	}
	for i := 0; i < len(ws); i++ {
		if taken[i] {
			continue
		}
		if p, n := phraseAt(ws, i); n > 0 {
			out = append(out, term{name: p, from: i, to: i + n})
			i += n - 1
			continue
		}
		s := ws[i].s
		if plain[s] || len(s) < 2 || fillers[s] || strings.HasSuffix(s, "-") || s[0] == '\'' {
			continue
		}
		name := stem(s)
		if f := families[name]; f != "" {
			name = f
		}
		out = append(out, term{name: name, from: i, to: i + 1})
	}
	return out
}

func dateTerms(ws []word) (out []term) {
	for i := 0; i < len(ws); {
		found, taken := dates(ws[i:])
		if len(found) == 0 {
			break
		}
		from := 0
		for from < len(taken) && !taken[from] {
			from++
		}
		to := from
		for to < len(taken) && taken[to] {
			to++
		}
		one, _ := dates(ws[i+from : i+to])
		for _, d := range one {
			out = append(out, term{name: "@" + d, from: i + from, to: i + to, date: true})
		}
		if len(one) == 0 {
			out = append(out, term{name: "@" + found[0], from: i + from, to: i + to, date: true})
		}
		i += to
	}
	return out
}

// phraseAt reads a way of saying it that is longer than a word. A small word
// may stand between ("put your own name").
func phraseAt(ws []word, i int) (string, int) {
	best, used := "", 0
	for _, p := range phrases[ws[i].s] {
		n := len(p.words)
		if n <= used || i+n > len(ws) {
			continue
		}
		same := true
		for k := 1; k < n && same; k++ {
			same = ws[i+k].s == p.words[k]
		}
		if same {
			best, used = p.family, n
		}
	}
	return best, used
}

// plain words say nothing about which ask it is.
var plain = set(`i me my mine we us our ours you your yours he she it they him her his its them their this that these those there here
 's 'd 'll 're 've 'm n't not no yes can could would will wo shall should may might must ought do does did done doing is are was were be been being am have has had having
 let please need needed needs want wanted wants like liked love wish hope hoping hoped ask asking asked request think thinking thought guess wonder wondering consider considering
 mind willing able possible possibly interested happy glad appreciate grateful thank thanks maybe perhaps just kindly really actually very so too also then than as if when whether
 what how why who whom where which while because until for with from of in on at by about and or but into onto over under up down out off to the a an some any all each every both
 something anything someone anyone everybody everyone thing things stuff lot bit kind sort way get gets getting got go goes going gone come coming give gives giving make makes making
 take takes taking put puts put use using know say said saying tell see look well okay ok right now still again already yet ever one first second next good great nice better best
 sure fine little much many more most less few around ? ! % o k won wont gonna`)

// planned is the ask of the meeting taken apart, with what each part is worth.
type planned struct {
	weight map[string]float64
	spoken map[string]string // the part in the words of the plan
	total  float64
	amount bool
}

// plan weighs the parts of an ask: an amount tells more than a word, a word
// said all the time in this meeting less, a name that is spoken to little.
func plan(ask string, said [][]term, speakers []string) planned {
	p := planned{weight: map[string]float64{}, spoken: map[string]string{}}
	ws := spoken(words(ask[:min(len(ask), longestBytes)]))
	often := map[string]int{}
	for _, s := range said {
		for _, t := range s {
			often[t.name]++
		}
	}
	names := map[string]bool{}
	for _, s := range speakers {
		for _, w := range words(s) {
			names[stem(w.s)] = true
		}
	}
	for _, t := range terms(ws) {
		w := 1.0
		switch {
		case t.amount:
			w = 1.5
			p.amount = true
		case t.date:
			w = 0.9
		case names[t.name]:
			w = 0.3
		case ws[t.from].s == "today" || ws[t.from].s == "meeting":
			w = 0.4
		}
		w /= 1 + 0.25*math.Log1p(float64(often[t.name]))
		if p.weight[t.name] == 0 {
			p.weight[t.name] = w
			p.total += w
			p.spoken[t.name] = join(ws[t.from:t.to])
		}
	}
	return p
}

func join(ws []word) string {
	s := make([]string, len(ws))
	for i, w := range ws {
		s[i] = w.s
	}
	return strings.Join(s, " ")
}

// covers adds to got the parts of the plan that a sentence says.
func (p planned) covers(ts []term, got map[string]bool) {
	for _, t := range ts {
		if p.weight[t.name] > 0 {
			got[t.name] = true
			continue
		}
		if !t.date {
			continue
		}
		for name := range p.weight { // "in December" for the first of December
			if m, ok := strings.CutPrefix(t.name, "@month "); ok && strings.HasPrefix(name, "@"+m+"-") ||
				strings.HasPrefix(name, "@month ") && strings.HasPrefix(t.name, "@"+name[len("@month "):]+"-") {
				got[name] = true
			}
		}
	}
}

func (p planned) share(got map[string]bool) float64 {
	if p.total == 0 {
		return 0
	}
	sum := 0.0
	for name := range p.weight { // summed in any order: rounding is far below what is compared
		if got[name] {
			sum += p.weight[name]
		}
	}
	return sum / p.total
}
