package paper

import (
	"strings"
	"time"
)

// Event is one act on the way to the signature. Hash, in hexadecimal, chains
// it to the one before; fields that do not apply are empty.
type Event struct {
	At    time.Time
	What  string // "Signed by typed name"
	Who   string // name and address
	Where string // network address and browser
	Hash  string
}

// Fact is one line about the document or the seal, such as its SHA-256.
type Fact struct{ Name, Text string }

// Evidence makes the pages that say how an agreement came to be signed. They
// are set by the program and so in its letters, not in those of the agreement.
func Evidence(title string, events []Event, facts []Fact, fonts *Fonts, o Options) (*Paper, error) {
	lang, _ := languageOf("en")
	d := &Doc{Title: title, Language: "en", lang: lang, sans: true}
	add := func(b ...Block) { d.Blocks = append(d.Blocks, b...) }
	add(Heading{1, valueSpans(title)})
	add(Paragraph{[]Span{{Text: "This page was made by Dottedline when the last signature was given. It records what each person did, and when. All times are UTC."}}})
	if len(facts) > 0 {
		t := Table{Align: []Align{Left, Left}, RowHeads: true}
		for _, f := range facts {
			t.Rows = append(t.Rows, [][]Span{valueSpans(f.Name), {{Text: breakable(isolate(clean(f.Text)))}}})
		}
		add(Heading{2, []Span{{Text: "The document"}}}, t)
	}
	if len(events) > 0 {
		t := Table{Align: []Align{Left, Left, Left}, Head: [][]Span{{{Text: "Time (UTC)"}}, {{Text: "What happened"}}, {{Text: "By whom and from where"}}}}
		for _, e := range events {
			what := valueSpans(e.What)
			if e.Hash != "" {
				what = append(what, Span{Break: true}, Span{Text: breakable(clean(e.Hash)), Quiet: true})
			}
			who := valueSpans(e.Who)
			if where := clean(e.Where); where != "" {
				who = append(who, Span{Break: true}, Span{Text: isolate(where), Quiet: true})
			}
			t.Rows = append(t.Rows, [][]Span{{{Text: e.At.UTC().Format("2006-01-02\u00a015:04:05")}}, what, who})
		}
		add(Heading{2, []Span{{Text: "What happened"}}}, t)
	}
	return Make(d, fonts, o)
}

// breakable lets a hash end a line in its middle, without a sign that would be
// copied with it.
func breakable(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if len(w) >= 40 && strings.Trim(w, "0123456789abcdefABCDEF") == "" {
			words[i] = w[:len(w)/2] + "\u200b" + w[len(w)/2:]
		}
	}
	return strings.Join(words, " ")
}
