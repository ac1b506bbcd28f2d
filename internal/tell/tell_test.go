package tell

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
	"dottedline/internal/testrig"
)

// signedBy checks a request as the receivers of Standard Webhooks do.
func signedBy(t testing.TB, g got, secret string) {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) != 32 {
		t.Fatalf("secret %q: %v", secret, err)
	}
	m := hmac.New(sha256.New, key)
	fmt.Fprintf(m, "%s.%s.%s", g.header.Get("webhook-id"), g.header.Get("webhook-timestamp"), g.body)
	if want := "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil)); g.header.Get("webhook-signature") != want {
		t.Errorf("signature %q, want %q", g.header.Get("webhook-signature"), want)
	}
}

func TestWebhookIsTold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r := newHouse(t, db), newReceiver(t)
		id, secret, err := h.AddWebhook(ctx, h.me, r.URL, []dottedline.Event{dottedline.ReplyEvent, dottedline.YesEvent})
		h.ok(err)
		h.mail("old", "Is it any good?", h.now.Add(-25*time.Hour))                                                             // history
		h.mail("machine", "I am out of office.", h.now.Add(-time.Minute), "Auto-Submitted: auto-replied")                      // a machine
		h.from("Eve <eve@stranger.example.org>", "sam@pine.example.com", "stranger", "Buy this.", h.now)                       // no deal
		h.from("Sam Field <sam@pine.example.com>", "maya@northwind.example.org", "ours", "It is.", h.now.Add(-10*time.Minute)) // our own
		h.mail("answered", "And the price?", h.now.Add(-20*time.Minute))                                                       // read after our answer
		if n := h.run(); n != 0 {
			t.Fatalf("told %d times of what is no news: %s", n, r.requests()[0].body)
		}
		h.mail("new", "Yes, does it run on our own server?", h.now)
		h.mail("new", "Yes, does it run on our own server?", h.now) // read twice
		h.ok(h.SayYes(ctx, h.me, h.deal, "Yes, let us do it.", 0, 0))
		if n := h.run(); n != 2 {
			t.Fatalf("told %d times", n)
		}
		var reply struct {
			Type      string
			Timestamp time.Time
			Data      struct {
				Title, Text string
				Deal        struct {
					ID, Name, URL, Path, Ball, Currency string
					Value                               int64
				}
				Person struct{ Name, Address string }
			}
		}
		gs := r.requests()
		h.ok(json.Unmarshal(gs[0].body, &reply))
		want := reply
		want.Type, want.Timestamp = "deal.reply", h.now
		want.Data.Title, want.Data.Text = "Maya Okafor replied", "Yes, does it run on our own server?"
		want.Data.Deal.ID, want.Data.Deal.Name, want.Data.Deal.URL = h.deal.String(), "Northwind", "https://deals.example.com/deals/"+h.deal.String()
		want.Data.Deal.Path, want.Data.Deal.Ball, want.Data.Deal.Currency, want.Data.Deal.Value = "talking", "us", "USD", 2880000
		want.Data.Person.Name, want.Data.Person.Address = "Maya Okafor", "maya@northwind.example.org"
		if reply != want {
			t.Errorf("got  %+v\nwant %+v", reply, want)
		}
		if !strings.Contains(string(gs[1].body), `"type":"deal.yes"`) {
			t.Errorf("second: %s", gs[1].body)
		}
		for _, g := range gs {
			signedBy(t, g, secret)
			if at := g.header.Get("webhook-timestamp"); at != fmt.Sprint(h.now.Unix()) || g.header.Get("Content-Type") != "application/json" {
				t.Errorf("header %v", g.header)
			}
		}
		_, log, err := h.Deliveries(ctx, h.me, id, 10)
		h.ok(err)
		if len(log) != 2 || log[0].State != dottedline.DeliveryDone || log[0].Status != 200 || log[0].Tries != 1 {
			t.Errorf("log %+v", log)
		}
		hook, err := h.Replay(ctx, h.me, log[1].ID)
		h.ok(err)
		if n := h.run(); n != 1 || hook != id {
			t.Fatalf("replayed %d", n)
		}
		again := r.requests()[2]
		if signedBy(t, again, secret); again.header.Get("webhook-id") != gs[0].header.Get("webhook-id") || string(again.body) != string(gs[0].body) {
			t.Errorf("replayed as %s %s", again.header.Get("webhook-id"), again.body)
		}
	})
}

// TestFailingWebhook: one try at a time, later and later; all that was missed
// comes when it answers again, under its ID; what never answers is turned off.
func TestFailingWebhook(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r := newHouse(t, db), newReceiver(t)
		id, _, err := h.AddWebhook(ctx, h.me, r.URL, dottedline.Events)
		h.ok(err)
		r.answers(503, strings.Repeat("no\x00\xff", 1000))
		for i := range 5 {
			h.mail(fmt.Sprint("q", i), "A question?", h.now)
		}
		if n := h.run(); n != 1 {
			t.Errorf("%d tries at a server that is down, want one", n)
		}
		_, log, err := h.Deliveries(ctx, h.me, id, 10)
		h.ok(err)
		if first := log[len(log)-1]; len(first.Answer) > 1024 || first.Status != 503 || first.Error != "It answered 503." || first.State != dottedline.DeliveryWaiting {
			t.Errorf("log %+v", first)
		}
		tries, began := 1, h.now
		for h.now.Sub(began) < 2*time.Hour {
			h.now = h.now.Add(5 * time.Second)
			tries += h.run()
		}
		if tries < 8 || tries > 40 {
			t.Errorf("%d tries in two hours", tries)
		}
		r.answers(200, "")
		h.now = h.now.Add(2 * time.Hour)
		before := len(r.requests())
		h.run()
		h.run()
		ids := map[string]bool{}
		for _, g := range r.requests()[before:] {
			ids[g.header.Get("webhook-id")] = true
		}
		w, log, err := h.Deliveries(ctx, h.me, id, 10)
		h.ok(err)
		if len(ids) != 5 || !w.Failed.IsZero() || w.Why != "" || log[0].State != dottedline.DeliveryDone {
			t.Errorf("%d of 5 came in the end; %+v", len(ids), w)
		}

		r.mu.Lock()
		r.answer = func(w http.ResponseWriter, q *http.Request) { http.Redirect(w, q, "/elsewhere", http.StatusFound) }
		r.mu.Unlock()
		h.mail("q9", "One more?", h.now)
		before = len(r.requests())
		for began = h.now; h.now.Sub(began) < 5*24*time.Hour; h.now = h.now.Add(7 * time.Hour) {
			h.run()
		}
		all, err := h.OffWebhooks(ctx, h.me)
		h.ok(err)
		if len(all) != 1 || all[0].Why != "It answered 302: redirects are not followed." {
			t.Errorf("off: %+v", all)
		}
		if n := len(r.requests()) - before; n < 5 || n > 20 {
			t.Errorf("%d tries until it was turned off", n)
		}
		h.mail("q10", "Still there?", h.now)
		if h.run() != 0 {
			t.Error("a webhook that is off was told")
		}
		h.ok(h.SetWebhook(ctx, h.me, id, r.URL, dottedline.Events, false))
		r.answers(410, "gone")
		h.mail("q11", "Hello?", h.now)
		h.run()
		if all, err = h.OffWebhooks(ctx, h.me); err != nil || len(all) != 1 {
			t.Errorf("after 410: %+v %v", all, err)
		}
	})
}

// TestGuard: without the setting nothing in the own network is asked, by whatever
// name, and nothing goes out without TLS.
func TestGuard(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r := newHouse(t, db), newReceiver(t)
		h.Teller = New(h.Desk, h.Teller.Log, false)
		for _, to := range []string{r.URL, strings.Replace(r.URL, "http://", "https://", 1), strings.Replace(r.URL, "http://127.0.0.1", "https://localhost", 1)} {
			_, _, err := h.AddWebhook(ctx, h.me, to, dottedline.Events)
			h.ok(err)
		}
		h.ok(h.AddDevice(ctx, h.me, "Chrome", subscription(testrig.NewPushService(t), strings.Replace(r.URL, "http://", "https://", 1)+"/push")))
		_, err := h.PushKey(ctx, h.me)
		h.ok(err)
		h.mail("new", "Shall we?", h.now)
		if n := h.run(); n != 4 || len(r.requests()) != 0 {
			t.Errorf("%d tries, %d arrived", n, len(r.requests()))
		}
		all, err := h.Webhooks(ctx, h.me)
		h.ok(err)
		for i, want := range []string{"https only", "private network", "private network"} {
			if !strings.Contains(all[i].Why, want) {
				t.Errorf("%s: %q", all[i].URL, all[i].Why)
			}
		}
		ds, err := h.Devices(ctx, h.me)
		h.ok(err)
		if !strings.Contains(ds[0].Error, "private network") {
			t.Errorf("device: %+v", ds)
		}
	})
}

func TestPush(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r, b := newHouse(t, db), newReceiver(t), testrig.NewPushService(t)
		key, err := h.PushKey(ctx, h.me)
		h.ok(err)
		if again, err := h.PushKey(ctx, h.me); err != nil || again != key {
			t.Errorf("the key is %q, then %q: %v", key, again, err)
		}
		r.answers(201, "")
		for range 2 { // the same browser is one device
			h.ok(h.AddDevice(ctx, h.me, "Chrome on Android", subscription(b, r.URL+"/push/1")))
		}
		h.mail("new", "Does it run on our own server?", h.now)
		if n := h.run(); n != 1 {
			t.Fatalf("%d pushes", n)
		}
		g := r.requests()[0]
		var m map[string]string
		text, err := b.Decrypt(g.body)
		h.ok(err)
		h.ok(json.Unmarshal([]byte(text), &m))
		if m["title"] != "Maya Okafor replied" || m["body"] != "Does it run on our own server?" || m["url"] != "/deals/"+h.deal.String() || m["tag"] != h.deal.String() {
			t.Errorf("message %v", m)
		}
		claims := checkToken(t, g.header.Get("Authorization"))
		if claims["aud"] != r.URL || claims["sub"] != "https://deals.example.com" || !strings.HasSuffix(g.header.Get("Authorization"), ", k="+key) {
			t.Errorf("claims %v", claims)
		}
		if g.header.Get("Urgency") != "high" || g.header.Get("TTL") != "43200" || g.header.Get("Content-Encoding") != "aes128gcm" || g.header.Get("Topic") != h.deal.String() {
			t.Errorf("header %v", g.header)
		}

		h.ok(h.SetTold(ctx, h.me, dottedline.Told{Push: []dottedline.Event{dottedline.ReplyEvent}, Quiet: dottedline.QuietHours{On: true, From: 20 * 60, To: 7 * 60, DaysOff: true}}))
		h.now = time.Date(2026, 3, 6, 22, 0, 0, 0, time.UTC) // Friday night
		h.mail("night", "Are you there?", h.now)
		h.ok(h.SayYes(ctx, h.me, h.deal, "Yes.", 0, 0)) // not chosen, and one's own press
		if n := h.run(); n != 0 {
			t.Errorf("%d pushes in quiet hours", n)
		}
		if _, at, err := h.NextTelling(ctx); err != nil || !at.Equal(time.Date(2026, 3, 9, 7, 0, 0, 0, time.UTC)) {
			t.Errorf("held until %v, %v; want Monday at seven", at, err)
		}
		ds, err := h.Devices(ctx, h.me)
		h.ok(err)
		h.ok(h.TestDevice(ctx, h.me, ds[0].ID)) // whoever asks for one gets it
		if n := h.run(); n != 1 || len(ds) != 1 {
			t.Errorf("%d tests to %d devices", n, len(ds))
		}
		h.now = time.Date(2026, 3, 9, 6, 0, 0, 0, time.UTC)
		h.ok(h.NothingToAnswer(ctx, h.me, h.deal))
		h.now = h.now.Add(time.Hour)
		if n := h.run(); n != 0 {
			t.Errorf("%d pushes of what was answered meanwhile", n)
		}

		r.answers(410, "")
		h.mail("gone", "One more?", h.now)
		h.run()
		if ds, err = h.Devices(ctx, h.me); err != nil || len(ds) != 0 {
			t.Errorf("after 410 there are %+v, %v", ds, err)
		}
		h.mail("gone2", "Hello?", h.now)
		if h.run() != 0 {
			t.Error("a device that is gone was pushed to")
		}
	})
}

// TestSubscriptionsAreChecked: what no browser would send is refused.
func TestSubscriptionsAreChecked(t *testing.T) {
	t.Parallel()
	h := newHouse(t, storetest.Open(t, "sqlite"))
	good := subscription(testrig.NewPushService(t), "https://push.example.com/1")
	for _, change := range []func(*desk.Subscription){
		func(s *desk.Subscription) { s.Endpoint = "file:///etc/passwd" }, func(s *desk.Subscription) { s.Endpoint = "" },
		func(s *desk.Subscription) { s.Keys.Auth = "AAAA" }, func(s *desk.Subscription) { s.Keys.P256dh = s.Keys.P256dh[:80] },
		func(s *desk.Subscription) { s.Keys.P256dh = "B" + strings.Repeat("A", 86) },
	} {
		s := good
		change(&s)
		if err := h.AddDevice(ctx, h.me, "x", s); err == nil {
			t.Errorf("took %+v", s)
		}
	}
	h.ok(h.AddDevice(ctx, h.me, "x", good))
}
