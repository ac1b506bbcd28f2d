package web

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"dottedline/internal/testrig"
)

// awaited makes an evaluation wait for the promise that it returns.
func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// tab is one page of a signed-in member in Chromium. What the page logs as an
// error, its policy's complaints among them, fails the test.
type tab struct {
	t   testing.TB
	ctx context.Context
	mu  sync.Mutex
	ok  []string // errors that the test brings about
}

func (h *house) tab(browser context.Context) *tab {
	h.t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	h.t.Cleanup(cancel)
	if err := chromedp.Run(ctx); err != nil { // the first run must not have a time limit: it would end the tab
		h.t.Fatal(err)
	}
	b := &tab{t: h.t, ctx: ctx, ok: []string{"Transition was"}} // a page left during its transition says so
	chromedp.ListenTarget(ctx, func(ev any) {
		switch e := ev.(type) {
		case *log.EventEntryAdded:
			if e.Entry.Level == log.LevelError {
				b.complain(e.Entry.Text + " " + e.Entry.URL)
			}
		case *runtime.EventExceptionThrown:
			b.complain(e.ExceptionDetails.Error())
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
				b.complain(fmt.Sprintf("console %s: %s", e.Type, e.Args[0].Value))
			}
		}
	})
	b.run(log.Enable(), chromedp.Navigate(h.url+"/enter/"+h.session))
	return b
}

func (b *tab) complain(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.ok {
		if strings.Contains(text, s) {
			return
		}
	}
	b.t.Errorf("the page complains: %s", text)
}

func (b *tab) run(as ...chromedp.Action) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, as...); err != nil {
		b.t.Fatal(err)
	}
}

// eval gives what an expression is on the page.
func eval[T any](b *tab, js string) (v T) {
	b.t.Helper()
	b.run(chromedp.Evaluate(js, &v, awaited))
	return v
}

// until waits for an expression to be true.
func (b *tab) until(js string) {
	b.t.Helper()
	for end := time.Now().Add(8 * time.Second); time.Now().Before(end); time.Sleep(15 * time.Millisecond) {
		if eval[bool](b, "!!("+js+")") {
			return
		}
	}
	b.t.Fatalf("never true: %s\n%s", js, eval[string](b, "document.body.innerText.slice(0, 2000)"))
}

// keys presses one key after another, as a keyboard does. ("Enter", "Escape",
// "Control+k" or a letter.)
func (b *tab) keys(names ...string) {
	b.t.Helper()
	for _, n := range names {
		b.until(`document.readyState === "complete"`) // a key that comes before the script is nobody's
		var with input.Modifier
		if k, ok := strings.CutPrefix(n, "Control+"); ok {
			n, with = k, input.ModifierCtrl
		}
		down := input.DispatchKeyEvent(input.KeyDown).WithKey(n).WithModifiers(with)
		switch {
		case n == "Enter":
			down = down.WithText("\r").WithWindowsVirtualKeyCode(13)
		case n == "Tab":
			down = down.WithWindowsVirtualKeyCode(9)
		case n == "Escape":
			down = down.WithWindowsVirtualKeyCode(27)
		case n == "ArrowDown":
			down = down.WithWindowsVirtualKeyCode(40)
		case with == 0:
			down = down.WithText(n)
		}
		b.run(down, input.DispatchKeyEvent(input.KeyUp).WithKey(n).WithModifiers(with))
	}
}

// liveOn waits until the stream has brought its first region.
const liveOn = `window.streamed > 0`

// watch counts what the stream brings.
const watch = `window.streamed = 0; addEventListener("htmx:sse:after:message", () => window.streamed++)`

func (h *house) open(browser context.Context, path string) *tab {
	h.t.Helper()
	b := h.tab(browser)
	b.run(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := addScript(ctx, watch)
		return err
	}), chromedp.Navigate(h.url+path))
	b.until(liveOn)
	return b
}

// TestInBrowser runs what needs Chromium, in one of them and one after the
// other: all houses are at 127.0.0.1, so their cookies are one.
func TestInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Chromium")
	}
	t.Parallel()
	ctx := testrig.Chromium(t)
	for _, c := range []struct {
		name string
		run  func(*testing.T, context.Context)
	}{
		{"keyboard", keyboard}, {"mail shows live", mailShowsLive}, {"writing is kept", writingIsKept},
		{"refused in place", refusedInPlace}, {"further down", furtherDown}, {"the ask", askWholeWay}, {"stream opens always", streamOpensAlways}, {"booking on a phone", phoneBooking},
		{"drawn with a pen", drawnWithAPen}, {"placed on theirs", placedOnTheirs},
		{"push", pushArrives}, {"run without a connection", runOffline},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, ctx) })
	}
}
