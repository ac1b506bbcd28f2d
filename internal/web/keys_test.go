package web

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

func addScript(ctx context.Context, js string) (page.ScriptIdentifier, error) {
	return page.AddScriptToEvaluateOnNewDocument(js).Do(ctx)
}

const heroDeal = `document.querySelector(".hero")?.dataset.deal`

// keyboard works through Now without a mouse.
func keyboard(t *testing.T, browser context.Context) {
	h := furnished(t, 4)
	h.thread(7)
	b := h.open(browser, "/now")
	first := eval[string](b, heroDeal)

	b.keys("j")
	b.until(`document.activeElement.matches(".hero")`)
	b.keys("j")
	b.until(`document.activeElement.matches(".rows > li")`)
	second := eval[string](b, `document.activeElement.dataset.deal`)
	b.keys("k", "Enter")
	b.until(`document.querySelector("#toast").innerText.includes("Going out to Maya Okafor")`)
	b.until(heroDeal + ` === "` + second + `"`)

	b.keys("z")
	b.until(`document.querySelector("#toast").innerText.includes("Taken back")`)
	b.until(heroDeal + ` === "` + first + `"`)

	b.keys("e")
	b.until(`document.activeElement.matches(".hero textarea")`)
	b.run(chromedp.KeyEvent(" And j k l do nothing here."))
	b.until(`document.activeElement.value.endsWith("And j k l do nothing here.")`)
	b.keys("Escape")
	b.until(`document.activeElement.matches(".hero")`)
	b.keys("e", "Control+Enter")
	b.until(`document.querySelector("#toast").innerText.includes("Going out")`)
	h.shift.Add(int64(11 * time.Second))
	if n := h.post(); n != 1 {
		t.Errorf("%d mails went out, want 1: the other was taken back", n)
	}

	b.until(heroDeal + ` === "` + second + `"`)
	time.Sleep(800 * time.Millisecond) // a card that only just came does not take Enter
	b.keys("j", "j", "l")
	b.until(`document.querySelector("#later:popover-open")`)
	third := eval[string](b, `document.querySelector("#later form").getAttribute("action")`)
	b.keys("ArrowDown", "Enter")
	b.until(`document.querySelector("#toast").innerText.includes("Put off")`)
	b.until(`!document.querySelector('[data-later="` + third + `"]')`)
	b.keys("u")
	b.until(`document.querySelector('[data-later="` + third + `"]')`)

	b.keys("k", "j", "j", "j")
	b.until(`document.activeElement.id.startsWith("offer-")`)
	b.run(chromedp.SetValue(`form.offer input`, "5k", chromedp.ByQuery))
	b.keys("y")
	b.until(`!document.querySelector("form.offer")`)
	b.until(`document.activeElement.matches("[data-stop]")`)

	b.keys("?")
	b.until(`document.querySelector("#help").open`)
	b.keys("Escape")
	b.until(`!document.querySelector("#help").open`)
	b.keys("Control+k")
	b.until(`document.querySelector("#palette").open && document.querySelector("#found [aria-selected=true]")`)
	b.run(chromedp.KeyEvent("tomas"))
	b.until(`document.querySelector("#found [aria-selected=true]")?.innerText.includes("Tomás")`)
	b.keys("Enter")
	b.until(`location.pathname.startsWith("/deals/") && document.querySelector("h1")?.innerText === "Company1"`)
	b.keys("r")
	b.until(`location.search === "?write=1" && document.activeElement?.matches("#write textarea")`)
	b.run(chromedp.KeyEvent("Typed at once. "))
	b.until(`document.activeElement.value.includes("Typed at once. ")`)
	b.keys("Escape", "g", "d")
	b.until(`location.pathname === "/deals"`)
	b.keys("/")
	b.until(`document.activeElement.matches("input[type=search]")`)
	b.run(chromedp.KeyEvent("Priya"))
	b.keys("Enter")
	b.until(`location.search.includes("Priya") && document.querySelectorAll(".lines > li").length === 1`)
	b.keys("g", "s")
	b.until(`location.pathname === "/settings/mail"`)
	b.keys("g", "n")
	b.until(`location.pathname === "/now"`)
}
