package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
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
	v.sees("So far you have only asked Maya.")
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

// TestGiftFileWithoutScripts: a file is uploaded, given, opened and downloaded.
func TestGiftFileWithoutScripts(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	v := h.visitor()
	v.uploadWith("/settings/gifts", "file", "plan.pdf", []byte("%PDF-1.7"), "kind", "file", "title", "The first week")
	v.sees("The first week", "Another file than plan.pdf")
	deal := v.dealAt(h)
	v.post(deal+"/gift", "gift", v.giftOf(h))
	link := v.match(`http://[^\s]+(/g/[A-Za-z0-9_-]{43})`)
	v.post(deal+"/send", "text", h.url+link, "id", "p1")
	them := &visitor{t: t, http: &http.Client{}, base: h.url}
	them.get(link)
	them.lacks("Download")
	them.get(link + "/file")
	if them.code != 404 {
		t.Errorf("the file before it was opened answers %d", them.code)
	}
	them.post(link)
	them.sees("Download it")
	them.get(link + "/file")
	if them.code != 200 || them.body != "%PDF-1.7" {
		t.Errorf("the file is %d %q", them.code, them.body)
	}
}

func (v *visitor) giftOf(h *house) string {
	v.t.Helper()
	gs, err := h.Gifts(v.t.Context(), h.me)
	if err != nil || len(gs) != 1 {
		v.t.Fatalf("%d gifts: %v", len(gs), err)
	}
	return gs[0].ID.String()
}

// uploadWith posts a form that has a file and other fields.
func (v *visitor) uploadWith(path, field, name string, file []byte, fields ...string) {
	v.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			v.t.Fatal(err)
		}
	}
	f, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = f.Write(file)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		v.t.Fatal(err)
	}
	req, err := http.NewRequest("POST", v.base+path, &b)
	if err == nil {
		req.Header.Set("Content-Type", w.FormDataContentType())
		req.Header.Set("Origin", v.base)
	}
	v.do(req, err)
}
