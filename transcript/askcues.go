package transcript

// cues are the ways of asking that a grammar of English lists: they hold for
// any subject and carry what is learned on mail over to meetings.
func cues(f *bag, ws []word, start int) {
	s := func(i int) string { return at(ws, i) }
	if v := s(start); verbs[v] && !pastOnly(s(start+1)) {
		f.add("cue imperative", 1)
		if start == 0 {
			f.add("cue imperative first", 1)
		}
	}
	if s(start) == "do" && s(start+1) == "n't" || s(start) == "please" || s(start) == "never" || s(start) == "just" && verbs[s(start+1)] {
		f.add("cue imperative marked", 1)
	}
	for i := range ws {
		w, a, b, c := ws[i].s, s(i+1), s(i+2), s(i+3)
		early := i-start < 4
		hit := func(name string) {
			f.add("cue "+name, 1)
			if early {
				f.add("cue "+name+" early", 1)
			}
		}
		switch {
		case modal[w] && a == "you":
			hit("can you")
			if verbs[b] || softer[b] && verbs[c] {
				hit("can you V")
			}
		case (w == "do" || w == "would") && a == "you" && b == "mind":
			hit("do you mind")
		case modal[w] && a == "we":
			hit("can we")
			if verbs[b] || softer[b] && verbs[c] {
				hit("can we V")
			}
		case modal[w] && a == "i" && (verbs[b] || softer[b]):
			hit("can i V")
		case (w == "we" || w == "you" || w == "one" || w == "they" || w == "people" || w == "someone" || w == "somebody" || w == "everybody" || w == "i") && ought[a]:
			hit(w + " should")
			if a == "should" || a == "could" || a == "might" {
				hit(w + " " + a)
			}
		case w == "let" && a == "'s":
			hit("let's")
		case w == "let" && a == "us", w == "let" && a == "me":
			hit("let " + a)
		case (w == "why" || w == "how") && (a == "do" || a == "about" || a == "would" || a == "ca"):
			hit(w + " " + a)
		case (w == "need" || w == "want" || w == "like" || w == "love" || w == "ask" || w == "expect" || w == "have" || w == "get") && (a == "you" || a == "us" || a == "everyone") && b == "to":
			hit("want you to")
		case (w == "we" || w == "you") && (a == "need" || a == "have" || a == "want" || a == "ought" || a == "'ve" || a == "got") && (b == "to" || c == "to"):
			hit(w + " need to")
		case w == "i" && (a == "'d" || a == "would") && (b == "like" || b == "love" || b == "prefer" || b == "appreciate"):
			hit("i would like")
		case w == "i" && (a == "need" || a == "want"):
			hit("i need")
		case w == "if" && a == "you" && (b == "could" || b == "can" || b == "would" || b == "want"):
			hit("if you could")
		case w == "are" && a == "you" && (b == "able" || b == "willing" || b == "open" || b == "available" || b == "interested" || b == "free"):
			hit("are you able")
		case w == "maybe" || w == "perhaps":
			hit("maybe")
			if a == "we" || a == "you" || a == "i" || verbs[a] || a == "just" {
				hit("maybe we")
			}
		case w == "it" && (a == "would" || a == "'d" || a == "might" || a == "'ll") && b == "be":
			hit("it would be")
		case (w == "be") && judged[a] && (b == "to" || b == "if"):
			hit("be good to")
		case w == "better" && (a == "to" || a == "off") || w == "had" && a == "better" || w == "might" && a == "as" && b == "well" || w == "may" && a == "as":
			hit("might as well")
		case w == "i" && (a == "suggest" || a == "propose" || a == "recommend" || a == "vote" || (a == "would" || a == "'d") && (b == "suggest" || b == "recommend" || b == "say" || b == "propose")):
			hit("i suggest")
		case w == "make" && a == "sure", w == "let" && b == "know", w == "get" && a == "back" && b == "to", w == "feel" && a == "free":
			hit("formula")
		case w == "please":
			hit("please")
		case (w == "he" || w == "she" || w == "they" || w == "it" || w == "which" || w == "who" || w == "that") && (ought[a] || modal[a]):
			hit("third person modal")
		case (w == "i" || w == "we" || w == "he" || w == "she" || w == "they") && past(a):
			hit("told in the past")
		}
	}
}

var modal = set(`can could would will may shall should might ca wo`)
var ought = set(`should could can might must may ought`)
var softer = set(`please just maybe also possibly perhaps kindly all at quickly`)
var judged = set(`good nice great better best helpful useful worth interesting fine easier possible wonderful important easy cool fun best-off`)

func past(s string) bool {
	return s == "was" || s == "were" || s == "had" || s == "did" || s == "went" || s == "got" || s == "said" || s == "told" || s == "thought" || s == "sent" || s == "made" ||
		len(s) > 4 && s[len(s)-2:] == "ed" && s != "need"
}

// pastOnly words after a verb form show that it was no instruction ("call was").
func pastOnly(s string) bool {
	switch s {
	case "was", "is", "were", "are", "has", "had", "will", "would", "'s", "did", "does":
		return true
	}
	return false
}
