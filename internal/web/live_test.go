package web

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"dottedline"
)

// streamOpensAlways loads the page over and over: the stream has to be
// opened in every load, with nothing but one script.
func streamOpensAlways(t *testing.T, browser context.Context) {
	h := furnished(t, 3)
	b := h.open(browser, "/now")
	const loads = 160
	for i := range loads {
		path := []string{"/now", "/deals", "/settings/mail"}[i%3]
		b.run(chromedp.Navigate(h.url + path))
		b.until(liveOn)
	}
	t.Logf("stream opened in %d of %d loads", loads, loads)
}

// mailShowsLive: what arrives is seen on the open page without a reload, and on
// a hidden one when it is looked at again.
func mailShowsLive(t *testing.T, browser context.Context) {
	h := furnished(t, 2)
	deals := h.open(browser, "/deals")
	deals.run(chromedp.Evaluate(`window.same = true`, nil))
	now := h.open(browser, "/now") // hides the other
	now.run(chromedp.Evaluate(`window.same = true`, nil))
	h.thread(8)
	now.until(`document.querySelector(".offers")?.innerText.includes("Łucja Nowak")`)
	h.thread(9)
	if _, err := h.TakeOffer(t.Context(), h.me, h.offer("Elin Berg"), dottedline.Sale, "5,000"); err != nil {
		t.Fatal(err)
	}
	now.until(`document.querySelector(".rows").innerText.includes("Elin Berg")`)
	now.until(`document.querySelector(".rail .n").textContent === "3"`)
	deals.run(page.BringToFront())
	deals.until(`document.querySelector(".lines").innerText.includes("Elin Berg")`)
	for _, b := range []*tab{now, deals} {
		if !eval[bool](b, `window.same === true`) {
			t.Error("the page was loaded again")
		}
	}
}

// writingIsKept: while somebody writes, the list around them changes and
// what they write, their focus and their cursor do not, even when the deal is
// answered or put off elsewhere.
func writingIsKept(t *testing.T, browser context.Context) {
	h := furnished(t, 3)
	b := h.open(browser, "/now")
	mine := eval[string](b, heroDeal)
	b.keys("e")
	b.run(chromedp.Evaluate(`document.activeElement.value = ""`, nil), chromedp.KeyEvent("Half a sentence"))
	b.until(`document.querySelector(".hero").hasAttribute("hx-morph-skip")`)
	h.thread(8)
	b.until(`document.querySelector(".offers")?.innerText.includes("Łucja Nowak")`)
	kept := func(when string) {
		t.Helper()
		if got := eval[string](b, `document.activeElement.value + "|" + document.activeElement.selectionStart`); got != "Half a sentence|15" {
			t.Errorf("%s the focused field holds %q", when, got)
		}
	}
	kept("after a mail")
	v := h.visitor()
	v.post("/deals/"+mine+"/later", "until", "week")
	b.until(`document.querySelectorAll(".hero").length === 2`)
	kept("after the deal was put off elsewhere")
	b.until(`document.querySelectorAll(".hero")[0].dataset.deal === "` + mine + `"`)
	v.post("/deals/"+mine+"/later?until=now", "x", "")
	b.until(`document.querySelectorAll(".hero").length === 1`)
	kept("after it came back")
	b.until(`fetch("/deals/` + mine + `?write=1").then(r => r.text()).then(s => s.includes("Half a sentence"))`)
	b.keys("Control+Enter")
	b.until(`document.querySelector("#toast").innerText.includes("Going out to Maya Okafor")`)
	b.until(heroDeal + ` !== "` + mine + `"`)
	h.shift.Add(int64(11 * time.Second))
	if h.post() != 1 {
		t.Error("what was written did not go out")
	}
	v.get("/deals/" + mine)
	v.sees("Half a sentence")
}

// refusedInPlace: a form that is refused says why and keeps what was typed.
func refusedInPlace(t *testing.T, browser context.Context) {
	h := furnished(t, 1)
	h.thread(4)
	b := h.open(browser, "/now")
	b.ok = append(b.ok, "400 (Bad Request)")
	b.run(chromedp.SetValue(`form.offer input`, "plenty", chromedp.ByQuery), chromedp.Click(`form.offer button[value=yes]`, chromedp.ByQuery))
	b.until(`document.querySelector("#toast").innerText.includes("is not an amount")`)
	if got := eval[string](b, `document.querySelector("form.offer input").value`); got != "plenty" {
		t.Errorf("the field holds %q", got)
	}
}

// TestStreamIsSmall reads the stream as a browser does: brotli, flushed per
// event, the region whole in each.
func TestStreamIsSmall(t *testing.T) {
	t.Parallel()
	h := furnished(t, 12)
	v := h.visitor()
	req, err := http.NewRequest("GET", h.url+"/live?page=now", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "br")
	res, err := v.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Header.Get("Content-Encoding"); got != "br" {
		t.Fatalf("Content-Encoding %q", got)
	}
	wire := &counted{from: res.Body}
	lines := bufio.NewScanner(brotli.NewReader(wire))
	lines.Buffer(nil, 1<<20)
	event := func() (plain int) {
		for lines.Scan() && lines.Text() != "" {
			plain += len(lines.Text()) + 1
		}
		return plain
	}
	first := event()
	wire.n = 0
	start := time.Now()
	if err := h.Note(t.Context(), h.me, h.deal(20), "a change"); err != nil {
		t.Fatal(err)
	}
	second := event()
	t.Logf("region of %d bytes; after a change %d bytes cost %d on the wire, %v after it began", first, second, wire.n, time.Since(start).Round(time.Millisecond))
	if second < first/2 || wire.n > second/5 {
		t.Errorf("a change of %d bytes cost %d on the wire", second, wire.n)
	}
}

type counted struct {
	from interface{ Read([]byte) (int, error) }
	n    int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += n
	return n, err
}

// TestStreamEndsWithSession: after signing out no more is told.
func TestStreamEndsWithSession(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	v := h.visitor()
	res, err := v.http.Get(h.url + "/live?page=now")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() && lines.Text() != "" {
	}
	h.visitor().post("/sign-out")
	time.Sleep(breath)
	h.thread(3)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "data:") {
			t.Fatalf("told after signing out: %.80s", lines.Text())
		}
	}
}
