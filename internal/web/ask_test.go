package web

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"dottedline/internal/desk"
	"dottedline/mail"

	"dottedline"
)

const plannedAsk = "Will you run a paid pilot in two clinics, starting 12 January?"

const pilotTalk = `WEBVTT

00:00:05.000 --> 00:00:09.000
<v Sam Field>Good to see you. How was the week?

00:01:00.000 --> 00:01:08.000
<v Maya Okafor>Busy. We are short at every front desk.

00:43:00.000 --> 00:43:20.000
<v Sam Field>And the last few bits: I will send the deck, and oh by the way I was just wondering if maybe you could run a paid pilot in two clinics from 12 January, and then the invoice thing.

00:43:25.000 --> 00:43:28.000
<v Maya Okafor>Great, thanks so much.

00:44:50.000 --> 00:45:00.000
<v Sam Field>Bye.
`

// calendarMeeting is a meeting that a calendar has with person 0, in ten minutes.
func (h *house) calendarMeeting() string {
	h.t.Helper()
	id, err := h.PutMeeting(h.t.Context(), h.me.Workspace, desk.CalendarMeeting{Source: "test", UID: "u1", At: h.Now().Add(10 * time.Minute), Minutes: 45, Title: "Pilot",
		Place: "https://meet.example.com/x", People: []dottedline.Address{dottedline.Address(address(0))}})
	if err != nil || id == 0 {
		h.t.Fatalf("put meeting: %v %v", id, err)
	}
	return "/meetings/" + id.String()
}

// sentTexts carries the outbox out and gives the texts of what went.
func (h *house) sentTexts() (out []string) {
	h.t.Helper()
	h.shift.Add(int64(time.Minute))
	for {
		o, _, err := h.NextOutbound(h.t.Context())
		if err != nil {
			h.t.Fatal(err)
		}
		if o == nil {
			return out
		}
		m, err := mail.Parse(o.Raw)
		if err != nil {
			h.t.Fatal(err)
		}
		if out = append(out, m.Text); h.MailSent(h.t.Context(), o) != nil {
			h.t.Fatal("not sent")
		}
	}
}

var recapLink = regexp.MustCompile(`http://[^\s]+(/recap/[A-Za-z0-9_-]+)`)

// TestAskWithoutScripts goes the whole way by plain forms.
func TestAskWithoutScripts(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	at := h.calendarMeeting()
	v := h.visitor()
	v.get("/asks")
	v.sees("No ask yet.", "Maya Okafor")
	v.get(at)
	v.sees("Where it goes", "Who they are")
	v.post(at+"/ask", "ask", "Would you maybe help?", "why", "")
	v.sees("softens it", "It has no date.")
	v.post(at+"/ask", "ask", plannedAsk, "why", "A calm desk", "purpose", "A pilot")
	v.sees("One question.", "A pilot")
	v.post(at+"/agenda", "agenda", "43 Talk\n2 The ask *")
	v.sees("The ask comes too late")
	v.get(at + "/run")
	v.sees(plannedAsk, "Asked")
	v.post(at+"/jots", "id", "p1", "kind", "note", "text", "The board meets in March.")
	v.sees("The board meets in March.")
	v.post(at+"/jots", "id", "p2", "kind", "end", "text", "")
	v.sees("Is there any chance that they don", "Nobody can say yet.", "The board meets in March.")
	v.upload(at+"/transcript", "file", "pilot.vtt", []byte(pilotTalk))
	v.sees("Yes, a good one.", "<mark>by the way</mark>", "Late", "Not answered")
	v.upload(at+"/transcript", "file", "empty.vtt", []byte("WEBVTT\n\n"))
	v.sees("Line 1: no spoken words found")
	v.get(at + "/after")
	v.post(v.match(`action="(/asks/[a-z0-9]+/recap)"`), "id", "press", "text", "What we said.")
	v.sees("The recap is on its way.", "Undo")
	sent := h.sentTexts()
	if len(sent) != 1 || !strings.HasPrefix(sent[0], "Maya, will you run a paid pilot") {
		t.Fatalf("sent %q", sent)
	}
	links := recapLink.FindAllStringSubmatch(sent[0], -1)
	if len(links) != 4 {
		t.Fatalf("%d links", len(links))
	}

	them := &visitor{t: t, http: &http.Client{}, base: h.url}
	for range 3 {
		them.get(links[2][1])
		them.sees("Sam Field", "will you run a paid pilot", "Your answer: <b>No</b>", "Nothing was sent yet.")
	}
	them.get(links[2][1] + "x")
	them.sees("This link leads nowhere.")
	v.get("/asks")
	v.sees("Made")
	them.post(links[2][1], "line", "Not this year.")
	them.sees("Thank you.")
	v.get("/asks")
	v.sees("Turned down", "better than not known")
	v.get(at + "/after")
	v.sees("They answered: no.", "Not this year.")
}

// askWholeWay is the way in a browser, a lost connection in the middle of it.
func askWholeWay(t *testing.T, browser context.Context) {
	h := furnished(t, 2)
	at := h.calendarMeeting()
	now := h.open(browser, "/now")
	now.run(chromedp.Evaluate(`window.same = true`, nil))
	b := h.tab(browser)
	b.ok = append(b.ok, "Failed to load resource", "ERR_INTERNET_DISCONNECTED")
	b.run(chromedp.Navigate(h.url+at), chromedp.SendKeys(`textarea[name=ask]`, plannedAsk), chromedp.Click(`#form-theask .go`))
	b.until(`document.body?.innerText?.includes("how it connects") && document.querySelector("textarea[name=ask]").value.startsWith("Will you run")`)
	axeClean(t, b, "brief")

	b.run(chromedp.Navigate(h.url + at + "/run"))
	b.until(`document.querySelector("[data-clock]").textContent !== ""`)
	axeClean(t, b, "run")
	offline := func(is bool) chromedp.Action { return network.EmulateNetworkConditions(is, 0, -1, -1) }
	b.run(network.Enable(), offline(true))
	b.run(chromedp.SendKeys("#jot", "The board meets in March."))
	b.keys("Enter")
	b.run(chromedp.Evaluate(`document.activeElement.blur()`, nil))
	b.keys("a")
	b.until(`document.querySelector("[data-kept]").textContent.includes("No connection")`)
	if p, err := h.Run(t.Context(), h.me, meetingOf(t, at)); err != nil || len(p.Jots) != 0 {
		t.Fatalf("kept without a connection: %v %v", p.Jots, err)
	}
	b.run(offline(false))
	b.until(`document.querySelector("[data-kept]").textContent.includes("Everything is kept")`)
	p, err := h.Run(t.Context(), h.me, meetingOf(t, at))
	if err != nil || len(p.Jots) != 2 || p.Ask.Made.IsZero() {
		t.Fatalf("after the connection came back: %v %v %v", p.Jots, p.Ask, err)
	}

	file := filepath.Join(t.TempDir(), "pilot.vtt")
	if err := os.WriteFile(file, []byte(pilotTalk), 0o600); err != nil {
		t.Fatal(err)
	}
	b.run(chromedp.Navigate(h.url+at+"/after"), chromedp.SetUploadFiles("#transcript", []string{file}), chromedp.Click("#form-transcript button"))
	b.until(`document.querySelectorAll(".heard mark").length > 2`)
	axeClean(t, b, "after")
	b.run(chromedp.Click("#form-recap .go"))
	b.until(`document.body?.innerText?.includes("on its way")`)
	links := recapLink.FindAllStringSubmatch(strings.Join(h.sentTexts(), ""), -1)
	if len(links) != 4 {
		t.Fatalf("%d links", len(links))
	}
	b.run(chromedp.Navigate(h.url + links[3][1]))
	axeClean(t, b, "recap")
	b.run(chromedp.SendKeys("#line", "I thought it was free."))
	now.run(page.BringToFront())
	now.until(`document.querySelector("#live") && !document.querySelector("#live").innerText.includes("there is no ask")`)
	b.run(chromedp.Evaluate(`document.querySelector(".form .go").click()`, nil))
	now.until(`document.querySelector("#live").innerText.includes("That’s not what I understood")`)
	if !eval[bool](now, `window.same === true`) {
		t.Error("the page was loaded again")
	}
}

func meetingOf(t *testing.T, at string) dottedline.MeetingID {
	t.Helper()
	id, err := dottedline.ParseID[dottedline.Meeting](strings.TrimPrefix(at, "/meetings/"))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func axeClean(t *testing.T, b *tab, name string) {
	t.Helper()
	for _, f := range runAxe(t, b.ctx) {
		t.Errorf("%s: %s", name, f)
	}
}
