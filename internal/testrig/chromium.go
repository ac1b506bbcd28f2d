package testrig

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"
)

// Chromium starts a browser with a fresh profile and returns the context of
// its first tab for chromedp.Run; further tabs come from chromedp.NewContext.
//
// To press a key that the page may swallow, send one keyDown event with text:
// chromedp.KeyEvent types it even if the page prevented the default.
func Chromium(t testing.TB) context.Context {
	t.Helper()
	path, err := program("chromium")
	if err != nil {
		if path, err = program("chromium-browser"); err != nil {
			t.Fatalf("start Chromium: chromium is not installed: run make test-deps")
		}
	}
	dir := testDir(t)
	alloc, stop := chromedp.NewExecAllocator(context.Background(), chromiumOptions(path, dir)...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc, chromedp.WithErrorf(t.Logf))
	t.Cleanup(func() {
		chromedp.Cancel(ctx) // closes and waits: a dying browser still writes its profile
		cancel()
	})
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return ctx
}

func chromiumOptions(path, profile string) []chromedp.ExecAllocatorOption {
	on := []string{"headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "no-default-browser-check",
		"disable-background-networking", "disable-component-update", "disable-sync", "disable-extensions",
		"disable-dev-shm-usage", "disable-background-timer-throttling", "disable-backgrounding-occluded-windows",
		"disable-renderer-backgrounding", "mute-audio", "hide-scrollbars"}
	opts := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.UserDataDir(profile)}
	for _, f := range on {
		opts = append(opts, chromedp.Flag(f, true))
	}
	return opts
}
