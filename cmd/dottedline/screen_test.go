package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// screen is a tab of 390 by 844, used by keyboard.
type screen struct {
	t       *testing.T
	ctx     context.Context
	pressed int
	leave   func() // closes the tab
}

func phone(t *testing.T, browser context.Context) *screen {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	s := &screen{t: t, ctx: ctx, leave: cancel}
	if err := chromedp.Run(ctx); err != nil {
		t.Fatal(err)
	}
	// Both screens are looked at: a hidden page rests its stream.
	s.run(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile), emulation.SetFocusEmulationEnabled(true))
	return s
}

func (s *screen) run(as ...chromedp.Action) {
	s.t.Helper()
	if err := chromedp.Run(s.ctx, as...); err != nil {
		s.t.Fatal(err)
	}
}

// until waits for an expression to be true, also while a page is being changed.
func (s *screen) until(js string) {
	s.t.Helper()
	var ok bool
	for range 300 {
		if err := chromedp.Run(s.ctx, chromedp.Evaluate("document.readyState === 'complete' && !!("+js+")", &ok)); err == nil && ok {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	var text string
	s.run(chromedp.Evaluate(`location.pathname.slice(0, 8) + " " + document.body.innerText`, &text))
	s.t.Fatalf("never true: %s\n%s", js, text)
}

var keyCodes = map[string]struct {
	text string
	code int64
}{"Enter": {"\r", 13}, "Tab": {"", 9}, " ": {" ", 32}}

func (s *screen) key(k string) {
	s.t.Helper()
	s.pressed++
	down := input.DispatchKeyEvent(input.KeyDown).WithKey(k).WithText(k)
	up := input.DispatchKeyEvent(input.KeyUp).WithKey(k)
	if c, ok := keyCodes[k]; ok {
		down, up = down.WithText(c.text).WithWindowsVirtualKeyCode(c.code), up.WithWindowsVirtualKeyCode(c.code)
	}
	s.run(down, up)
}

// write types a text into what has the focus.
func (s *screen) write(text string) {
	s.t.Helper()
	for _, r := range text {
		s.key(string(r))
	}
}

// to presses Tab until what the selector names has the focus.
func (s *screen) to(selector string) {
	s.t.Helper()
	var at bool
	for range 60 {
		s.key("Tab")
		if s.run(chromedp.Evaluate(fmt.Sprintf("document.activeElement.matches(%q)", selector), &at)); at {
			return
		}
	}
	s.t.Fatalf("Tab never comes to %s", selector)
}
