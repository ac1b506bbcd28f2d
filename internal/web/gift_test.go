package web

import (
	"testing"
	"time"

	"dottedline"
)

// TestOnlyAsked: Now says quietly that all one did was ask, names the gift that
// fits, and stops saying so when something was given.
func TestOnlyAsked(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	v := h.visitor()
	v.get("/now")
	v.lacks("you have only asked")
	deal := v.dealAt(h)
	v.post(deal+"/step", "step", string(dottedline.AskTouch), "words", "Will you sign for forty seats?")
	h.deliver(h.answer(0, 2, h.Now(), "Does it run on our own server in the cellar?"))
	v.get("/now")
	v.lacks("you have only asked") // the ask was not planned here: nothing is counted
	v.post(deal+"/ask", "ask", plannedAsk, "why", "")
	h.shift.Add(int64(2 * time.Minute))
	h.deliver("Message-ID: <ask@pine.example.com>\nIn-Reply-To: <b0.2@company.example.org>\nFrom: Sam Field <sam@pine.example.com>\nTo: " + address(0) + "\nDate: " + h.Now().Format("Mon, 02 Jan 2006 15:04:05 -0700") + "\nSubject: Re: Forty seats for 0\n\n" + plannedAsk + "\n")
	h.shift.Add(int64(2 * time.Minute))
	h.deliver(h.answer(0, 3, h.Now(), "Does it run on our own server in the cellar?"))
	v.get("/now")
	v.sees("So far you have only asked here.")
	if _, err := h.SaveGift(t.Context(), h.me, dottedline.Gift{Kind: dottedline.AnswerGift, Title: "Does it run on our own server?", Text: "Yes, with one file of data."}); err != nil {
		t.Fatal(err)
	}
	v.get("/now")
	v.sees("Answer of the library: “Does it run on our own server?”", "Yes, with one file of data.")
	v.post(v.match(`formaction="(/deals/[a-z0-9]+/gift)"`), "text", "")
	v.sees("/g/")
	v.post(deal+"/send", "text", v.match(`(http://[^\s]+/g/[A-Za-z0-9_-]{43})`), "id", "p1")
	h.sentTexts()
	h.shift.Add(int64(2 * time.Minute))
	h.deliver(h.answer(0, 4, h.Now(), "Thank you. And the price?"))
	v.get("/now")
	v.sees("And the price?")
	v.lacks("you have only asked")
}
