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
	"github.com/chromedp/cdproto/target"
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
	next := testrig.NewPushService(t)
	renewedByTheWorker(t, b, h.url+"/sw.js", service, next)
	h.deliver(h.answer(0, 9, h.Now(), "Forty-five, perhaps."))
	if p, err := next.Next(5 * time.Second); err != nil || !strings.Contains(p.Text, "Maya Okafor replied") {
		t.Errorf("after the renewal came %q %v", p.Text, err)
	}
	if p, err := service.Next(300 * time.Millisecond); err == nil {
		t.Errorf("the subscription of before got %q", p.Text)
	}
	b.run(chromedp.Navigate(h.url + "/settings/notices"))
	if list := eval[string](b, `[...document.querySelectorAll(".facts li > b")].map((l) => l.innerText).join("; ")`); list != "Chrome on Linux" {
		t.Errorf("devices after the renewal: %q", list)
	}
	service = next
	b.run(chromedp.Click(`form[action$="/remove"] button`))
	b.until(`!document.querySelector(".facts li")`)
	h.deliver(h.answer(0, 8, h.Now(), "Hello?"))
	if p, err := service.Next(500 * time.Millisecond); err == nil {
		t.Errorf("a removed device got %q", p.Text)
	}
}

// renewedByTheWorker has the service worker hear that its subscription was changed
// from one service to another. Chromium lets scripts make no such event that can be
// waited for, so the test waits for it.
func renewedByTheWorker(t *testing.T, b *tab, script string, old, next *testrig.PushService) {
	t.Helper()
	var id target.ID
	b.run(chromedp.ActionFunc(func(ctx context.Context) error {
		ts, err := target.GetTargets().Do(cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser))
		for _, x := range ts {
			if x.Type == "service_worker" && x.URL == script {
				id = x.TargetID
			}
		}
		return err
	}))
	if id == "" {
		t.Fatal("Chromium shows no worker")
	}
	worker, cancel := chromedp.NewContext(b.ctx, chromedp.WithTargetID(id))
	defer cancel()
	var status int
	if err := chromedp.Run(worker, chromedp.Evaluate(fmt.Sprintf(`(async () => {
		const key = await (await fetch("/settings/devices/key", { method: "POST" })).text();
		const bytes = Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
		const options = { userVisibleOnly: true, applicationServerKey: bytes.buffer };
		let asked, done;
		PushManager.prototype.subscribe = async (o) => { asked = o; return { endpoint: %q, keys: { p256dh: %q, auth: %q } }; };
		ExtendableEvent.prototype.waitUntil = (p) => { done = p; };
		const e = new ExtendableEvent("pushsubscriptionchange");
		Object.defineProperty(e, "oldSubscription", { value: { endpoint: %q, options } });
		self.dispatchEvent(e);
		const res = await done;
		return asked === options ? res.status : 0;
	})()`, next.Endpoint, next.P256dh, next.Auth, old.Endpoint), &status, awaited)); err != nil || status != 204 {
		t.Fatalf("the worker renews with %d %v", status, err)
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
