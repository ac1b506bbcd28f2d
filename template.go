package dottedline

import (
	"fmt"
	"strings"
	"unicode"
)

// Template is a reply that is prepared for a kind of moment. Text holds fields
// in double braces: {{first_name}}.
type Template struct {
	ID   TemplateID
	Name string
	When Moment
	Text string
}

// Moment is when a template fits.
type Moment string

// The moments.
const (
	OnQuestion Moment = "question" // their last mail asks something
	OnMessage  Moment = "message"  // it doesn't
	OnSilence  Moment = "silence"  // they have not answered for long
	OnTime     Moment = "time"     // they want to talk or meet, and free times are held for them
)

// ShippedTemplates are there from the first start; copies can be edited.
var ShippedTemplates = []Template{
	{Name: "Answer a question", When: OnQuestion, Text: `{{greeting}}

You asked: "{{question}}"

I am putting the answer together, and you will have it today. If it is quicker to talk, name a time and I will call.

{{my_name}}`},
	{Name: "Next step", When: OnMessage, Text: `{{greeting}}

Thank you for this. Let us keep it moving: I will put together what you need for the next step and send it today.

Is there anything that would stop you from going ahead?

{{my_name}}`},
	{Name: "A friendly nudge", When: OnSilence, Text: `{{greeting}}

I know how full a week gets. Is {{subject}} still something you want to do?

A yes, a no or "not now" all help me. If something is unclear, tell me and I will fix it today.

{{my_name}}`},
	{Name: "Offer times", When: OnTime, Text: `{{greeting}}

Let us find a time. These are free on my side and kept for you for now; each link books its time with one press:

{{times}}

If none of them suits you, name one and I will see that it works.

{{my_name}}`},
}

// AnswerTemplate is used where the library has the answer to what they asked,
// and the workspace's own template for a question doesn't take it.
var AnswerTemplate = Template{Name: "Answer of the library", When: OnQuestion, Text: `{{greeting}}

You asked: "{{question}}"

{{answer}}

{{my_name}}`}

// Facts are what the fields of a template stand for.
type Facts struct {
	FirstName, Name, Company, MyName, Subject, Question, Value string
	Answer                                                     string // of the library, to what they asked
	Times                                                      string // held for them, each a line with the link that books it
}

func (f Facts) field(name string) (string, bool) {
	switch name {
	case "greeting":
		if f.FirstName == "" {
			return "Hello,", true
		}
		return f.FirstName + ",", true
	case "first_name":
		return f.FirstName, true
	case "name":
		return f.Name, true
	case "company":
		return f.Company, true
	case "my_name":
		return f.MyName, true
	case "subject":
		return f.Subject, true
	case "question":
		return f.Question, true
	case "value":
		return f.Value, true
	case "answer":
		return f.Answer, true
	case "times":
		return f.Times, true
	}
	return "", false
}

// Fields are the names of all merge fields, for the page that edits templates.
var Fields = []string{"greeting", "first_name", "name", "company", "my_name", "subject", "question", "value", "answer", "times"}

// Fill puts the facts into a template's text. A field that does not exist is a
// Problem that names it; one without a value is left out.
func (t Template) Fill(f Facts) (string, error) {
	var b strings.Builder
	rest := t.Text
	for {
		before, after, ok := strings.Cut(rest, "{{")
		b.WriteString(before)
		if !ok {
			return b.String(), nil
		}
		name, tail, ok := strings.Cut(after, "}}")
		if !ok {
			return "", Wrong("Close it with }}.", "The template %q has an open {{.", t.Name)
		}
		v, ok := f.field(strings.TrimSpace(name))
		if !ok {
			return "", Wrong("The fields are "+strings.Join(Fields, ", ")+".", "The template %q has no field %q.", t.Name, strings.TrimSpace(name))
		}
		b.WriteString(v)
		rest = tail
	}
}

// Question finds the first question in what somebody wrote, or "".
func Question(text string) string {
	for s := range sentences(text) {
		if strings.HasSuffix(s, "?") || strings.HasSuffix(s, "？") || strings.HasSuffix(s, "؟") {
			return s
		}
	}
	return ""
}

// Gist is the first thing somebody wrote that says something, in at most n letters:
// the first question, else the first sentence that is no greeting.
func Gist(text string, n int) string {
	g := Question(text)
	for s := range sentences(text) {
		if g != "" {
			break
		}
		if len(strings.Fields(s)) > 3 || strings.IndexFunc(s, unicode.IsUpper) < 0 {
			g = s
		}
	}
	if g == "" {
		g = strings.Join(strings.Fields(text), " ")
	}
	return Shorten(g, n)
}

// Shorten cuts at a word's end where it can, and says so with an ellipsis.
func Shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	cut := strings.TrimRight(string(r[:n-1]), " ")
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)*2/3 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.") + "…"
}

// sentences splits at ends of sentences and at blank lines; lines of one
// paragraph are joined.
func sentences(text string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for para := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
			start, rs := 0, []rune(strings.Join(strings.Fields(para), " "))
			for i, r := range rs {
				end := i == len(rs)-1 || strings.ContainsRune("。？！؟", r) ||
					strings.ContainsRune(".?!", r) && rs[i+1] == ' '
				if !end {
					continue
				}
				s := strings.TrimSpace(string(rs[start : i+1]))
				start = i + 1
				if s != "" && !yield(s) {
					return
				}
			}
		}
	}
}

func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

// ForMoment says which moment a deal's last mail makes.
func ForMoment(a Action, theirLast string) Moment {
	switch {
	case a == Nudge:
		return OnSilence
	case Question(theirLast) != "":
		return OnQuestion
	}
	return OnMessage
}

// Ago writes a span of time as a person says it: 3 h, 2 d.
func Ago(minutes int) string {
	switch {
	case minutes < 1:
		return "now"
	case minutes < 60:
		return fmt.Sprintf("%d min", minutes)
	case minutes < 48*60:
		return fmt.Sprintf("%d h", minutes/60)
	}
	return fmt.Sprintf("%d d", minutes/(24*60))
}
