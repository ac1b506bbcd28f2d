package web

import (
	"context"
	"fmt"
	"html"
	"regexp"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"dottedline"
)

// many is a house with so many deals that wait, the first one the dearest.
func many(t *testing.T, n int) *house {
	t.Helper()
	h := furnished(t, 0)
	for i := range n {
		if _, err := h.NewDeal(t.Context(), h.me, fmt.Sprintf("Deal %d", i), address(i), dottedline.Sale, fmt.Sprint(10*(n-i))); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

var furtherLink = regexp.MustCompile(`href="([^"]*)" hx-get="[^"]*" data-further`)

// TestWholeListIsReached follows the link at the foot of both lists without a
// script: every deal is on one of the pages, in order, while new ones come in.
func TestWholeListIsReached(t *testing.T) {
	t.Parallel()
	h := many(t, 270)
	v := h.visitor()
	for _, c := range []struct {
		path   string
		row    *regexp.Regexp
		counts []int // of rows on each page
	}{
		{"/now", regexp.MustCompile(`id="(?:row|card)-([a-z0-9]+)"`), []int{50, 100, 150, 200, 250, 20}},
		{"/deals", regexp.MustCompile(`id="line-([a-z0-9]+)"`), []int{100, 200, 270}},
		{"/deals?q=deal&path=talking", regexp.MustCompile(`id="line-([a-z0-9]+)"`), []int{100, 200, 270}},
	} {
		seen := map[string]bool{}
		var counts []int
		for at := c.path; at != ""; {
			v.get(at)
			rows := c.row.FindAllStringSubmatch(v.body, -1)
			counts = append(counts, len(rows))
			for _, r := range rows {
				seen[r[1]] = true
			}
			if at = ""; furtherLink.MatchString(v.body) {
				at = html.UnescapeString(furtherLink.FindStringSubmatch(v.body)[1])
			}
		}
		if !slices.Equal(counts, c.counts) || len(seen) != 270 {
			t.Errorf("%s has pages of %v with %d deals in all, want %v with 270", c.path, counts, len(seen), c.counts)
		}
	}
	v.get("/now")
	v.get("/now?rows=250")
	v.get(html.UnescapeString(furtherLink.FindStringSubmatch(v.body)[1]))
	v.sees("To the beginning of the list", address(269))
	v.lacks(`class="sheet hero"`, "Show 50 more")
	v.get(html.UnescapeString(v.match(`href="(/now\?after=[^"]*open=[^"]*)"`)))
	v.sees(`class="sheet hero"`, "To the beginning of the list")
	v.get("/now?after=nonsense&rows=many")
	v.sees(address(0), "Show 50 more")
	v.lacks("To the beginning")
	v.get("/deals?path=talking")
	v.sees("More than 100 deals", "found.")
	v.get("/deals")
	v.sees("270 deals,", "no past the yes.", "$365,850 is open.")
}

// furtherDown: j at the last row loads the next ones below it and goes on, and
// the stream keeps all of them.
func furtherDown(t *testing.T, browser context.Context) {
	h := many(t, 120)
	b := h.open(browser, "/now")
	rows := `document.querySelectorAll(".rows > li[data-stop]").length`
	b.until(rows + ` === 49`)
	b.run(chromedp.Evaluate(`window.same = true; document.querySelector(".rows > li:last-child").focus()`, nil))
	last := eval[string](b, `document.activeElement.id`)
	b.keys("j")
	b.until(rows + ` === 99 && document.activeElement.previousElementSibling?.id === "` + last + `"`)
	b.until(`location.search === "?rows=100" && document.querySelector("#stream > [id*='rows=100']")`)
	b.keys("j", "k", "k")
	b.until(`document.activeElement.id === "` + last + `"`)
	if _, err := h.NewDeal(t.Context(), h.me, "Another", "another@example.org", dottedline.Sale, "1"); err != nil {
		t.Fatal(err)
	}
	b.until(`document.querySelector(".rail .n").textContent === "121"`)
	if n := eval[int](b, rows); n != 99 {
		t.Errorf("after a change %d rows are shown, want 99", n)
	}
	if got := eval[string](b, `document.activeElement.id`); got != last {
		t.Errorf("the focus went from %s to %s", last, got)
	}
	b.run(chromedp.Click("#further"))
	b.until(rows + ` === 120 && !document.querySelector("#further")`)
	if !eval[bool](b, `window.same`) {
		t.Error("the page was loaded again")
	}
	b.run(chromedp.Navigate(h.url + "/deals?path=talking"))
	b.until(`document.querySelectorAll(".lines > li").length === 100`)
	b.run(chromedp.Evaluate(`document.querySelector(".lines > li:last-child").focus()`, nil))
	b.keys("j")
	b.until(`document.querySelectorAll(".lines > li").length === 121 && location.search === "?path=talking&rows=200"`)
	b.until(`document.activeElement === document.querySelectorAll(".lines > li")[100]`)
}
