package transcript

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestQuantities(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"forty seats": "40", "40 seats": "40", "$2,400": "2400 money", "two and a half k": "2500", "2.4k": "2400", "two thousand four hundred dollars": "2400 money",
		"half a million": "500000", "a hundred and fifty": "150", "twenty five percent": "25 percent", "ten%": "10 percent", "fifty cents": "0.5 money", "a dozen": "12",
		"five to ten seats": "5, 10", "one of them": "", "twenty-five thousand euros": "25000 money", "two million": "2e+06", "a million and a half": "1.5e+06",
		"we have seats": "", "2.400 euro": "2400 money", "four hundred thousand": "400000",
	} {
		var got []string
		for _, q := range quantities(words(text), nil) {
			s := fmt.Sprintf("%g", q.value)
			if q.money {
				s += " money"
			}
			if q.percent {
				s += " percent"
			}
			got = append(got, s)
		}
		if g := strings.Join(got, ", "); g != want {
			t.Errorf("quantities(%q) = %q, want %q", text, g, want)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"the first of december": "12-01", "1 Dec": "12-01", "December 1st, 2026": "12-01", "Dec. 1": "12-01", "2026-12-01": "12-01", "by Friday": "weekday 5",
		"the twenty first of may": "05-21", "in march": "month 03", "march forward": "", "may I ask": "", "in may": "month 05", "next week": "next week",
		"by the end of the month": "end of month", "tomorrow": "tomorrow", "q3": "q3", "the second quarter": "q2", "on tuesdays": "weekday 2",
	} {
		got, _ := dates(words(text))
		if g := strings.Join(got, ", "); g != want {
			t.Errorf("dates(%q) = %q, want %q", text, g, want)
		}
	}
}

func TestHedges(t *testing.T) {
	t.Parallel()
	text := "And, um, by the way, I was just wondering if you’d maybe sign it or something."
	var got []string
	for _, h := range Hedges(text) {
		if text[h.From:h.To] != h.Text {
			t.Errorf("range %v does not hold %q", h, h.Text)
		}
		got = append(got, h.Text)
	}
	if d := cmp.Diff([]string{"by the way", "I was just wondering", "maybe", "or something"}, got); d != "" {
		t.Errorf("hedges (-want +got):\n%s", d)
	}
}

const plainTalk = `Ana Brook: Thanks for making the time. How was the launch?
Tom Field: It went well. We have nine people now.
Ana Brook: You wanted fewer manual steps before summer. The pilot saved your team two hours a week.
Tom Field: That is true.
Ana Brook: So here is my ask. I would like you to sign the pilot contract for forty seats by the first of December.
Tom Field: What would that cost?
Ana Brook: Two thousand four hundred a month.
Tom Field: Not this year. Ask me again in January.
Ana Brook: I can send you a summary. When does your budget open?
Tom Field: In February.
`

func TestFindPlainAsk(t *testing.T) {
	t.Parallel()
	tr, _ := Parse([]byte(plainTalk))
	f := Find(tr, "Tom signs for 40 seats by 1 Dec", "Ana")
	a := f.Ask
	if !a.Made || a.Confidence < 0.8 || !strings.HasPrefix(a.Text, "I would like you to sign") || a.InList || len(a.Hedges) != 0 {
		t.Errorf("the ask: %+v", a)
	}
	if a.AtSeconds != nil || a.Position < 0.3 || a.Position > 0.6 || a.Line != 5 {
		t.Errorf("where: %v %v line %d", a.AtSeconds, a.Position, a.Line)
	}
	if a.Answer != NotNow || !strings.Contains(a.AnswerText, "Not this year") {
		t.Errorf("the answer: %v %q", a.Answer, a.AnswerText)
	}
	if len(f.Offers) != 1 || !strings.Contains(f.Offers[0].Text, "summary") {
		t.Errorf("offers: %+v", f.Offers)
	}
	if len(f.Questions) != 2 {
		t.Errorf("questions: %+v", f.Questions)
	}
	other := Find(tr, "Introduce me to two investors in Berlin", "Ana")
	if other.Ask.Made {
		t.Errorf("an ask that was not made was found: %+v", other.Ask)
	}
}

func TestFindHedgedAskInAList(t *testing.T) {
	t.Parallel()
	tr, _ := Parse([]byte(`WEBVTT

00:00:00.000 --> 00:29:00.000
<v Ana Brook>We talked about many other matters for a long time and then it got late.

00:29:40.000 --> 00:29:58.000
<v Ana Brook>A few things before we go. Could you send me the logo? Please also add Kim to the channel. And, um, by the way, if you have a minute, could you maybe just look at the contract or something? And can you tell me who runs your events?

00:29:59.000 --> 00:30:02.000
<v Tom Field>Sure, I will send the logo.
`))
	a := Find(tr, "Look at the contract", "Ana Brook").Ask
	if !a.Made || !a.InList || a.Position < 0.95 || a.AtSeconds == nil || *a.AtSeconds < 1780 {
		t.Errorf("the ask: %+v", a)
	}
	if d := cmp.Diff([]string{"by the way", "if you have a minute", "maybe", "just", "or something"}, a.Hedges[:min(5, len(a.Hedges))]); d != "" {
		t.Errorf("hedges (-want +got):\n%s", d)
	}
}

func TestFindSaysWhatItCannot(t *testing.T) {
	t.Parallel()
	tr, _ := Parse([]byte("Ana: Wir möchten, dass Sie den Vertrag für vierzig Plätze bis Freitag unterschreiben, und zwar gern noch heute.\nTom: Das ist nicht so einfach, wir haben kein Geld mehr.\n"))
	if f := Find(tr, "sign for forty seats", "Ana"); f.Language != Unreadable || f.Ask.Made {
		t.Errorf("German: %+v", f)
	}
	tr, _ = Parse([]byte(plainTalk))
	if f := Find(tr, "sign for forty seats", "Kim"); len(f.Notes) == 0 || len(f.Ask.Unsure) == 0 {
		t.Errorf("a member who is not in the room: %+v", f)
	}
	if f := Find(Transcript{}, "sign", "Ana"); f.Ask.Made || f.Ask.Answer != AnswerNone {
		t.Errorf("nothing said: %+v", f)
	}
}

func TestAnswersToAsks(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]Answer{
		"Yes, let's do it.": Yes, "Absolutely, send it over and I'll sign.": Yes, "That works for me.": Yes,
		"No, sorry, we can't.": No, "I'm afraid it's a no from us.": No, "We went with another vendor.": No,
		"Not right now, maybe next year.": NotNow, "Let's talk again in the autumn.": NotNow,
		"How much is it?": Question, "Let me check with my team.": Deflected, "": AnswerNone,
	} {
		file := "Ana: I would like you to sign the contract for forty seats by Friday.\n"
		if said != "" {
			file += "Tom: " + said + "\n"
		}
		tr, _ := Parse([]byte(file))
		a := Find(tr, "Sign for forty seats by Friday", "Ana").Ask
		if want == Question { // an ask met by nothing but a question was not answered
			want = Deflected
		}
		if a.Answer != want {
			t.Errorf("%q was read as %s (%.2f), want %s", said, a.Answer, a.AnswerSure, want)
		}
	}
}

func TestReadReply(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Answer{
		"Hi Ana,\n\nthanks for the mail. Yes, let's go ahead with forty seats.\n\nBest\nTom":             Yes,
		"Hello Ana,\nthank you for your offer. Unfortunately we decided to go with another vendor.\nTom": No,
		"Hi,\nthe timing isn't right. Please come back to us in January.\n":                              NotNow,
		"Hi Ana,\nhow much would forty seats be?\nTom":                                                   Question,
		"I am out of the office until 3 May with limited access to email.":                               OutOfOffice,
		"Dear Ana,\nplease find attached the report.\nTom":                                               Other,
	} {
		r := ReadReply(text)
		if r.Answer != want {
			t.Errorf("ReadReply(%q) = %s (%.2f %v), want %s", text, r.Answer, r.Confidence, r.Words, want)
		}
		for _, w := range r.Words {
			if text[w.From:w.To] != w.Text && strings.ReplaceAll(text[w.From:w.To], "\n", " ") != w.Text {
				t.Errorf("words %+v are not at their place in %q", w, text)
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add([]byte(plainTalk), "Sign for forty seats by 1 Dec", "Ana")
	f.Add(read(f, "zoom.vtt"), "", "")
	f.Add([]byte("\xff"), "", "")
	f.Fuzz(func(t *testing.T, b []byte, ask, me string) {
		if len(b) > 1<<16 {
			return
		}
		tr, _ := Parse(b)
		g := Find(tr, ask, me)
		if g.Ask.Confidence < 0 || g.Ask.Confidence > 1 || g.Ask.Position < 0 || g.Ask.Position > 1 {
			t.Fatalf("%+v", g.Ask)
		}
		for _, h := range g.Ask.HedgeAt {
			if g.Ask.Text[h.From:h.To] != h.Text {
				t.Fatalf("hedge %+v in %q", h, g.Ask.Text)
			}
		}
		ReadReply(string(b))
	})
}

// Utterances made by hand have no cues; they are found in all the same.
func TestFindInUtterancesWithoutCues(t *testing.T) {
	t.Parallel()
	got := Find(Transcript{Utterances: []Utterance{
		{Speaker: "Ann", Start: -1, End: -1, Text: "Would you sign the pilot for forty seats by Friday?"},
		{Speaker: "Tom", Start: -1, End: -1, Text: "Yes, we will."},
	}}, "Sign the pilot for forty seats by Friday", "Ann").Ask
	if !got.Made || got.Answer != Yes || got.AtSeconds != nil {
		t.Errorf("got %+v", got)
	}
}
