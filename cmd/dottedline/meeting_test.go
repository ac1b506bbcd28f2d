package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"dottedline/internal/store/storetest"
	"dottedline/internal/testrig"
)

const pilotAsk = "Will you run a paid pilot in two clinics, starting 12 January?"

const pilotTalk = `WEBVTT

00:00:05.000 --> 00:00:09.000
<v Sam Field>Good to see you. How was the week?

00:01:00.000 --> 00:01:08.000
<v Maya Okafor>Busy. We are short at every front desk.

00:20:00.000 --> 00:20:12.000
<v Sam Field>Oh by the way I was just wondering if maybe you could run a paid pilot in two clinics from 12 January, and then there is the invoice.

00:20:25.000 --> 00:20:28.000
<v Maya Okafor>Great, thanks so much.
`

// TestMeetingToAnswer is the way of an ask through real servers: a meeting in
// Radicale has a brief by itself, is run, its transcript is dropped on the page,
// the recap goes to Dovecot, and what the other person presses there stands on
// the seller's open Now without a reload. axe-core finds nothing on the way.
func TestMeetingToAnswer(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			o := openOffice(t, engine)
			const maya = "maya@northwind.example.com"
			box := o.mailbox(maya)
			cal := radicale(t)
			cal.put("pilot", time.Now().Add(20*time.Minute), "SUMMARY:Pilot", "ORGANIZER:mailto:"+sam, "ATTENDEE;CN=Maya Okafor;PARTSTAT=ACCEPTED:mailto:"+maya, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:"+sam)
			seller, _ := o.deal("Northwind", maya)
			deal := seller.at()
			now := phone(t, o.browser)
			now.run(chromedp.Navigate(o.url+"/now"), chromedp.Evaluate(`window.same = true`, nil))

			seller.run(chromedp.Navigate(o.url+"/settings/calendar/new"), chromedp.SendKeys("#url", cal.base+"/sam/"), chromedp.SendKeys("#user", "sam"), chromedp.SendKeys("#password", "secret"))
			seller.axe()
			seller.press(`.form .go`)
			seller.until(`document.querySelector("article h3")?.innerText === "Work"`)
			seller.axe()
			seller.run(chromedp.Navigate(deal))
			seller.until(`document.querySelector("main a[href^='/meetings/']")`)
			seller.axe()
			seller.run(chromedp.Click(`main a[href^='/meetings/']`))
			seller.until(`document.querySelector("textarea[name=ask]")`)
			seller.run(chromedp.SendKeys(`textarea[name=ask]`, pilotAsk))
			seller.press(`#form-theask .go`)
			seller.until(`document.querySelector("textarea[name=ask]").value.startsWith("Will you run")`)
			seller.axe()
			cal.put("pilot", time.Now().Add(5*time.Minute), "SUMMARY:Pilot brought forward", "ORGANIZER:mailto:"+sam, "ATTENDEE;CN=Maya Okafor;PARTSTAT=ACCEPTED:mailto:"+maya, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:"+sam)
			brief := seller.at()
			seller.run(chromedp.Navigate(o.url + "/settings/calendar"))
			seller.press(`form[action$="/read"] button`)
			seller.open(brief, `document.querySelector("main").innerText.includes("Pilot brought forward")`)

			seller.run(chromedp.Navigate(brief + "/run"))
			seller.until(`document.querySelector("[data-clock]").textContent !== ""`)
			seller.axe()
			seller.run(chromedp.SendKeys("#jot", "The board meets in March.\r"), chromedp.Evaluate(`document.activeElement.blur()`, nil))
			seller.key("a")
			seller.until(`document.querySelector("[data-kept]").textContent.includes("Everything is kept") && document.querySelectorAll("[data-jot]").length === 2`)
			seller.run(chromedp.Click(`button[value=end]`))
			seller.until(`location.pathname.endsWith("/after") && document.querySelector("#transcript")`)
			seller.axe()
			seller.dropFile("#transcript", "pilot.vtt", pilotTalk)
			seller.press("#form-transcript button")
			seller.until(`document.querySelectorAll(".heard mark").length > 2`)
			seller.axe()
			seller.run(chromedp.Focus("#form-recap .go"))
			seller.key("Enter")
			seller.until(`document.body.innerText.includes("on its way")`)

			m := box.next()
			links := regexp.MustCompile(regexp.QuoteMeta(o.url)+`/recap/[A-Za-z0-9_-]+`).FindAllString(m.Text, -1)
			if len(links) != 4 || !strings.HasPrefix(m.Text, "Maya, will you run a paid pilot") {
				t.Fatalf("%d links in the recap: %s", len(links), m.Text)
			}
			them := phone(t, o.browser)
			them.run(chromedp.Navigate(links[3]), chromedp.SendKeys("#line", "I thought it was free."))
			them.axe()
			now.until(`!document.querySelector("main").innerText.includes("That’s not what I understood")`)
			them.press(".form .go")
			them.until(`document.body.innerText.includes("Thank you")`)
			them.axe()
			now.until(`document.querySelector("#live").innerText.includes("That’s not what I understood") && window.same === true`)
			now.axe()
		})
	}
}

// at is the address of the open page.
func (s *screen) at() (url string) {
	s.t.Helper()
	s.run(chromedp.Location(&url))
	return url
}

// press presses what the selector names by keyboard and waits for the page that follows.
func (s *screen) press(selector string) {
	s.t.Helper()
	s.run(chromedp.Evaluate(`window.old = true`, nil), chromedp.Focus(selector))
	s.key("Enter")
	s.until(`window.old === undefined`)
}

// open loads a page again and again until an expression is true on it.
func (s *screen) open(url, js string) {
	s.t.Helper()
	for range 100 {
		var ok bool
		if s.run(chromedp.Navigate(url), chromedp.Evaluate("!!("+js+")", &ok)); ok {
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
	s.until(js)
}

// axe fails the test on what axe-core finds on the open page.
func (s *screen) axe() {
	s.t.Helper()
	axe, err := os.ReadFile("../../internal/web/testdata/axe/axe.min.js")
	if err != nil {
		s.t.Fatal(err)
	}
	var out string
	s.run(chromedp.Evaluate(string(axe), nil), chromedp.Evaluate(`axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.map(v => v.id + ": " + v.nodes.map(n => n.html).join(" "))))`, &out,
		func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	var found []string
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		s.t.Fatal(err)
	}
	if len(found) > 0 {
		s.t.Errorf("axe-core finds on %s: %q", s.at(), found)
	}
}

// dropFile drops a file onto what the selector names, as from the desktop.
func (s *screen) dropFile(selector, name, text string) {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	var at struct{ X, Y float64 }
	var there bool
	for i := 0; i < 20 && !there; i++ { // a page that moves lets the file fall beside it
		s.run(chromedp.Evaluate(fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.scrollIntoView({block: "center", behavior: "instant"}); const r = e.getBoundingClientRect(); return {X: r.x + r.width / 2, Y: r.y + r.height / 2} })()`, selector), &at))
		data := &input.DragData{Items: []*input.DragDataItem{}, Files: []string{file}, DragOperationsMask: 1}
		for _, kind := range []input.DispatchDragEventType{input.DragEnter, input.DragOver, input.Drop} {
			s.run(input.DispatchDragEvent(kind, at.X, at.Y, data))
		}
		s.run(chromedp.Sleep(100*time.Millisecond), chromedp.Evaluate(fmt.Sprintf(`document.querySelector(%q).files.length === 1`, selector), &there))
	}
	if !there {
		s.t.Fatalf("the file can't be dropped onto %s", selector)
	}
}

// calendars is a CalDAV server with the calendar Work of sam.
type calendars struct {
	t    *testing.T
	base string
}

func radicale(t *testing.T) *calendars {
	t.Helper()
	c := &calendars{t, testrig.Radicale(t)}
	c.say("MKCALENDAR", "", `<?xml version="1.0"?><C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop><D:displayname>Work</D:displayname></D:prop></D:set></C:mkcalendar>`)
	return c
}

func (c *calendars) say(method, path, body string) {
	c.t.Helper()
	r, err := http.NewRequest(method, c.base+"/sam/work/"+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.SetBasicAuth("sam", "secret")
	r.Header.Set("Content-Type", "text/calendar; charset=utf-8")
	if strings.HasPrefix(body, "<") {
		r.Header.Set("Content-Type", "application/xml; charset=utf-8")
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode >= 300 {
		c.t.Fatalf("%s %s: %s", method, path, res.Status)
	}
}

// put writes an event of 30 minutes, as a calendar program does.
func (c *calendars) put(uid string, at time.Time, lines ...string) {
	c.t.Helper()
	c.say("PUT", uid+".ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nBEGIN:VEVENT\r\nUID:"+uid+"\r\nDTSTAMP:"+time.Now().UTC().Format("20060102T150405Z")+
		"\r\nDTSTART:"+at.UTC().Format("20060102T150405Z")+"\r\nDURATION:PT30M\r\n"+strings.Join(lines, "\r\n")+"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
}
