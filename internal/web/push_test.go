package web

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/http/httputil"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/chromedp"

	"dottedline/internal/tell"
	"dottedline/internal/testrig"
)

// settles is until for an expression that awaits.
func (b *tab) settles(js string) {
	b.t.Helper()
	for end := time.Now().Add(8 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if eval[bool](b, "(async () => !!("+js+"))()") {
			return
		}
	}
	b.t.Fatalf("never true: %s", js)
}

// pushArrives goes the whole way of a push: the press in the settings, a mail,
// the encrypted push at its service, and the notification that Chromium shows of
// it. Chromium's own push service is Google's and out of reach, so the browser is
// subscribed to one of ours, and what that decrypts is handed to Chromium.
func pushArrives(t *testing.T, ctx context.Context) {
	h := furnished(t, 1)
	run, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- tell.New(h.Desk, slog.New(logs{slog.DiscardHandler, t}), true).Run(run) }()
	t.Cleanup(func() { stop(); <-done })
	service := testrig.NewPushService(t)
	b := h.tab(ctx)
	worker := make(chan serviceworker.RegistrationID, 100)
	chromedp.ListenTarget(b.ctx, func(ev any) {
		if e, ok := ev.(*serviceworker.EventWorkerRegistrationUpdated); ok {
			for _, r := range e.Registrations {
				if strings.HasPrefix(r.ScopeURL, h.url) && !r.IsDeleted {
					worker <- r.RegistrationID
				}
			}
		}
	})
	subscribed := fmt.Sprintf(`PushManager.prototype.subscribe = async () => ({endpoint: %q, keys: {p256dh: %q, auth: %q}})`, service.Endpoint, service.P256dh, service.Auth)
	b.run(chromedp.ActionFunc(func(ctx context.Context) error {
		return browser.GrantPermissions([]browser.PermissionType{browser.PermissionTypeNotifications}).WithOrigin(h.url).Do(cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser))
	}), serviceworker.Enable(), chromedp.Navigate(h.url+"/settings/notices"))
	if eval[bool](b, `navigator.serviceWorker.getRegistration().then((r) => !!r)`) {
		t.Error("a worker was registered before the press")
	}
	b.run(chromedp.Evaluate(subscribed, nil), chromedp.Click("[data-push]"))
	b.until(`document.querySelector(".facts")?.innerText.includes("Chrome on Linux")`)

	h.deliver(h.answer(0, 7, h.Now(), "We would like forty seats. Is that possible?"))
	p, err := service.Next(5 * time.Second)
	if err != nil {
		t.Fatal(err)
	}
	var m struct{ Title, Body, URL string }
	if err := json.Unmarshal([]byte(p.Text), &m); err != nil || m.Title != "Maya Okafor replied" {
		t.Fatalf("pushed %q: %v", p.Text, err)
	}
	var id serviceworker.RegistrationID
	select {
	case id = <-worker:
	case <-time.After(5 * time.Second):
		t.Fatal("Chromium tells of no worker")
	}
	b.settles(`(await navigator.serviceWorker.ready).active.state === "activated"`)
	shown := `navigator.serviceWorker.ready.then((r) => r.getNotifications()).then((ns) => ns.map((n) => [n.title, n.body, n.data.url, n.tag].join("|")).join("\n"))`
	// DevTools now and then loses what it hands to a worker that is only being started
	for try := 0; try == 0 || try < 5 && eval[string](b, shown) == ""; try++ {
		b.run(serviceworker.DeliverPushMessage(h.url, id, p.Text), chromedp.Sleep(500*time.Millisecond))
	}
	b.settles(`(await ` + shown + `) !== ""`)
	deal := strings.TrimPrefix(m.URL, "/deals/")
	if got, want := eval[string](b, shown), "Maya Okafor replied|"+m.Body+"|/deals/"+deal+"|"+deal; got != want || m.Body == "" {
		t.Errorf("Chromium shows %q, want %q", got, want)
	}
	for _, f := range runAxe(t, b.ctx) {
		t.Errorf("settings of notices: %s", f)
	}
	b.run(chromedp.Click(`form[action$="/remove"] button`))
	b.until(`!document.querySelector(".facts li")`)
	h.deliver(h.answer(0, 8, h.Now(), "Hello?"))
	if p, err := service.Next(500 * time.Millisecond); err == nil {
		t.Errorf("a removed device got %q", p.Text)
	}
}

// runOffline reloads the page of a running meeting while the server is gone.
func runOffline(t *testing.T, ctx context.Context) {
	h := furnished(t, 1)
	deals, err := h.DealNames(t.Context(), h.me, 1)
	if err != nil {
		t.Fatal(err)
	}
	id, err := h.NewMeeting(t.Context(), h.me, deals[0].ID, h.Now().Add(time.Minute), 30, "Forty seats", "")
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(httputil.NewSingleHostReverseProxy(mustURL(t, h.url)))
	h.url = front.URL
	b := h.tab(ctx)
	b.ok = append(b.ok, "ERR_", "Failed to load resource")
	at := h.url + "/meetings/" + id.String() + "/run"
	b.run(chromedp.Navigate(at))
	b.settles(`(await caches.keys()).includes("runs") && (await (await caches.open("runs")).keys()).length === 1 && (await (await caches.open("assets")).keys()).length > 2`)
	front.CloseClientConnections()
	front.Close()
	b.run(chromedp.Navigate(at))
	b.until(`document.querySelector("form[data-run] #jot") && getComputedStyle(document.querySelector("main")).display !== "" && document.querySelector("[data-clock]").textContent !== "0:00"`)
	b.run(chromedp.SendKeys("#jot", "The board meets in March."))
	b.keys("Enter")
	b.until(`document.querySelector("[data-jots]").innerText.includes("The board meets in March.")`)
	b.until(`document.querySelector("[data-kept]").textContent.startsWith("No connection")`)
}
