package transcript

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// feature is one yes-or-no property of a sentence with the weight it enters with.
type feature struct {
	name string
	v    float64
}

// kept are the closed-class and performative words that carry how a thing is
// said; every other word becomes "_" in a frame, so that "could you _ the _" is
// the same frame whatever is sent to whom.
var kept = set(`i me my mine we us our you your he she it they him her them this that these those there here
 's 'd 'll 're 've 'm n't not no never
 can could would will wo shall should may might must ought do does did done is are was were be been being am have has had having
 let please need needed needs want wanted wants like liked love wish hope hoping hoped ask asking asked request suggest suggesting recommend propose proposing think thinking
 thought guess wonder wondering consider considering mind willing able possible possibly interested happy glad appreciate grateful
 thank thanks help maybe perhaps just kindly chance favor favour sure feel free hesitate make ensure sense
 if when whether what how why who where which as soon to for with from of in on at by about and or but so then than because until before after
 the a an some any all one something anything someone anyone somebody everybody everyone next going go get got give take see know tell say said way look
 come try better best good great worth idea time might-as-well instead while first also again already still yet ever always usually
 today tomorrow tonight asap now soon later ? ! % num day month much many more long`)

// verbs are those that open an instruction when they come first.
var verbs = set(`accept act add address adjust advise agree allow analyze answer apply approve arrange ask assign assume attach attend bear book bring browse build buy
 call cancel change check choose circulate clarify clear click close come commit compare complete confirm connect consider contact continue contribute convince copy
 count cover create cut decide define delete deliver describe design detail discuss distribute do donate double-check download draft drop edit email
 enable enjoy enter ensure escalate examine excuse expect explain explore extend fax figure file fill find finish fix focus follow forget forward fund get give go
 grab handle hand have help hire hold imagine include inform install introduce invest invite join keep learn leave let limit list listen log look lower
 mail make mark meet mention merge modify move name note notify offer open order organize pass pay phone pick ping plan play point post prepare present
 print proceed process propose provide pull push put raise read recommend reconsider record reduce refer refinance register remember remind remove rename renew
 replace reply report request resend reserve respond return review revise run save say schedule see select send set share show sign sit skip speak specify
 split start stay stick stop submit subscribe suggest support switch take talk tell test text think throw touch track transfer treat trust try turn type
 update upgrade upload use verify view visit vote wait walk watch work write`)

var months = set(`january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec`)
var weekdays = set(`monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun`)

// class gives a word as frames see it.
func class(s string) string {
	switch {
	case kept[s]:
		return s
	case s == "$link" || strings.Contains(s, "@") || strings.HasPrefix(s, "http") || strings.HasPrefix(s, "www"):
		return "link"
	case s == "" || s[0] >= '0' && s[0] <= '9' || s[0] == '$':
		return "num"
	case weekdays[s]:
		return "day"
	case months[s]:
		return "month"
	case numberWords[s] != 0:
		return "num"
	case verbs[s]:
		return "V"
	case strings.HasSuffix(s, "ing") && len(s) > 5:
		return "ing"
	case strings.HasSuffix(s, "ed") && len(s) > 4:
		return "ed"
	}
	return "_"
}

// mailFeatures are the properties that the head for mail weighs: how the
// sentence is worded and written.
func mailFeatures(text string) []feature {
	ws := words(text)
	f := newBag(24 * len(ws))
	start := opening(ws)
	wordGrams(&f, ws, start, true)
	frameGrams(&f, ws, start)
	cues(&f, ws, start)
	shape(&f, ws)
	written(&f, text)
	apart(&f, ws)
	return f.even()
}

// talkFeatures are those of talk, read without marks (but for "?"), letters'
// case or fillers, as recognisers write it.
func talkFeatures(text string) []feature { return spokenFeatures(words(text)) }

func spokenFeatures(all []word) []feature {
	ws := spoken(all)
	f := newBag(12 * len(ws))
	start := opening(ws)
	wordGrams(&f, ws, start, false)
	if aboutGiving(ws) {
		theme(&f, ws, start)
	}
	frameGrams(&f, ws, start)
	cues(&f, ws, start)
	shape(&f, ws)
	return f.list
}

// opening is where a sentence begins once "so, well, okay" are passed over.
func opening(ws []word) int {
	i := 0
	for i < len(ws) && i < 6 && openers[ws[i].s] {
		i++
	}
	if i == len(ws) {
		return 0
	}
	return i
}

type bag struct {
	seen map[string]bool
	list []feature
}

// newBag has room for n features, about as many as will come.
func newBag(n int) bag {
	return bag{make(map[string]bool, n), make([]feature, 0, n)}
}

func (b *bag) add(name string, v float64) {
	if !b.seen[name] {
		b.seen[name] = true
		b.list = append(b.list, feature{name, v})
	}
}

// even scales the list so that long sentences do not shout.
func (b *bag) even() []feature {
	sum := 0.0
	for _, f := range b.list {
		sum += float64(f.v * f.v)
	}
	scale := math.Sqrt(60 / max(sum, 1))
	for i := range b.list {
		b.list[i].v *= scale
	}
	return b.list
}

func at(ws []word, i int) string {
	if i < 0 {
		return "^"
	}
	if i >= len(ws) {
		return "$"
	}
	return ws[i].s
}

// wordGrams are runs of one to three words. In talk only runs of closed-class
// and asking words count: what is talked about must not decide.
func wordGrams(f *bag, ws []word, start int, all bool) {
	run := 0 // how many words up to here may count
	for i := range ws {
		if all || kept[ws[i].s] || openers[ws[i].s] {
			run++
		} else {
			run = 0
		}
		if run > 0 {
			f.add("w "+ws[i].s, 1)
		}
		if run > 1 {
			f.add("w "+ws[i-1].s+" "+ws[i].s, 1)
		}
		if run > 2 {
			f.add("w "+ws[i-2].s+" "+ws[i-1].s+" "+ws[i].s, 0.7)
		}
	}
	if all {
		f.add("^w "+at(ws, start), 1)
		f.add("^w "+at(ws, start)+" "+at(ws, start+1), 1)
	}
}

// giving are the words of raising funds: where they fall, what is said is also
// weighed by features of its own, learned on talks in which one asks for a gift.
var giving = []string{"donat", "charit", "contribut", "pledg", "cents", "dollar", "payment", "fundrais"}

func aboutGiving(ws []word) bool {
	for _, w := range ws {
		for _, g := range giving {
			if strings.HasPrefix(w.s, g) {
				return true
			}
		}
		if w.s[0] == '$' && w.s != "$link" {
			return true
		}
	}
	return false
}

func theme(f *bag, ws []word, start int) {
	for i := range ws {
		f.add("give w "+ws[i].s, 1)
		if i+1 < len(ws) {
			f.add("give w "+ws[i].s+" "+ws[i+1].s, 1)
			f.add("give f "+class(ws[i].s)+" "+class(at(ws, i+1))+" "+class(at(ws, i+2)), 1)
		}
	}
	f.add("give", 1)
	f.add("give ^ "+class(at(ws, start))+" "+class(at(ws, start+1)), 1)
}

func frameGrams(f *bag, ws []word, start int) {
	c := make([]string, len(ws))
	for i, w := range ws {
		c[i] = class(w.s)
	}
	g := func(i int) string {
		if i >= len(c) {
			return "$"
		}
		return c[i]
	}
	for i := range c {
		if i+1 <= len(c) {
			f.add("f "+g(i)+" "+g(i+1), 0.7)
		}
		f.add("f "+g(i)+" "+g(i+1)+" "+g(i+2), 1)
		f.add("f "+g(i)+" "+g(i+1)+" "+g(i+2)+" "+g(i+3), 0.7)
	}
	name := "^f"
	for k := range 4 {
		name += " " + g(start+k)
		f.add(name, 1)
	}
}

func shape(f *bag, ws []word) {
	n := len(ws)
	for _, k := range []int{1, 2, 3, 4, 6, 9, 13, 18, 25, 40} {
		if n >= k {
			f.add("len>="+itoa(k), 0.5)
		}
	}
	if slices.ContainsFunc(ws, func(w word) bool { return w.s == "?" }) {
		f.add("s ?", 1)
	}
}

// written are the marks and letters of a written sentence.
func written(f *bag, text string) {
	t := strings.TrimSpace(text)
	if t == "" {
		return
	}
	switch t[len(t)-1] {
	case '?', '!', '.', ':', ',', ';':
		f.add("end "+t[len(t)-1:], 1)
	default:
		f.add("end none", 1)
	}
	r, _ := utf8.DecodeRuneInString(t)
	switch {
	case unicode.IsUpper(r):
		f.add("first upper", 1)
	case unicode.IsLower(r):
		f.add("first lower", 1)
	case unicode.IsDigit(r):
		f.add("first digit", 1)
	default:
		f.add("first mark", 1)
	}
	if i := strings.IndexAny(t, ",:-"); i > 1 && i < 25 && unicode.IsUpper(r) && strings.Count(t[:i], " ") < 2 {
		f.add("called", 1) // "Rob, can you"
	}
	upper, letters := 0, 0
	for _, w := range strings.Fields(t) {
		letters++
		if q, _ := utf8.DecodeRuneInString(w); unicode.IsUpper(q) {
			upper++
		}
	}
	if letters > 3 && upper*2 > letters {
		f.add("title case", 1)
	}
	for _, m := range []string{"(", "\"", "...", "--", "/", "$", ">", ";", "*"} {
		if strings.Contains(t, m) {
			f.add("has "+m, 0.5)
		}
	}
}

// apart are pairs of asking words that stand apart, and longer runs.
func apart(f *bag, ws []word) {
	var asking []string
	for i, w := range ws {
		if i+3 < len(ws) {
			f.add("w4 "+w.s+" "+ws[i+1].s+" "+ws[i+2].s+" "+ws[i+3].s, 0.6)
		}
		if len(w.s) > 5 {
			f.add("pre "+w.s[:5], 0.6)
		}
		if !kept[w.s] && !verbs[w.s] {
			continue
		}
		asking = append(asking, w.s)
		for d := 2; d <= 4 && i+d < len(ws); d++ {
			f.add("skip "+w.s+" "+ws[i+d].s, 0.5)
		}
	}
	asking = asking[:min(len(asking), 25)]
	for i, a := range asking {
		for _, b := range asking[i+1:] {
			f.add("pair "+a+" "+b, 0.3)
		}
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}
