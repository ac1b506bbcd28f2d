package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"dottedline"
)

// TestNoticesSettings goes through the pages with forms alone: a webhook with its
// secret shown once, its test in the log, and how a member is told of things.
func TestNoticesSettings(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	if err := h.SetHours(t.Context(), h.me, dottedline.Hours{Zone: "UTC"}); err != nil { // round the clock
		t.Fatal(err)
	}
	v := h.visitor()
	v.get("/settings/webhooks")
	v.sees("A new one", "They reply on a deal")
	v.post("/settings/webhooks", "url", "ftp://hooks.example.com/", "event", "reply")
	v.sees("not an address that can be posted to", `value="ftp://hooks.example.com/"`)
	v.post("/settings/webhooks", "url", "https://hooks.example.com/x", "event", "reply", "event", "nonsense")
	v.sees("Copy the secret now", "whsec_", "told of one event")
	secret := v.match(`value="(whsec_[^"]+)"`)
	v.get("/settings/webhooks")
	v.lacks(secret)
	at := v.match(`href="(/settings/webhooks/[a-z0-9]+)"`)
	v.post(at, "do", "test")
	v.sees("What was sent", "It works", "On its way")
	v.get("/settings/jobs")
	v.sees("Webhook: It works")
	v.post(at, "url", "https://hooks.example.com/y", "event", "yes", "event", "signed", "paused", "yes")
	v.sees("paused", "https://hooks.example.com/y")
	v.get(at)
	v.sees("Not sent. The webhook was paused.")
	v.post(v.match(`action="(/settings/deliveries/[a-z0-9]+/replay)"`), "x", "")
	if v.code != http.StatusBadRequest {
		t.Errorf("a replay to a paused webhook answers %d", v.code)
	}
	v.post(at, "do", "secret")
	if again := v.match(`value="(whsec_[^"]+)"`); again == secret {
		t.Error("the new secret is the old one")
	}
	v.post(at, "do", "remove")
	v.lacks("hooks.example.com/y")

	v.get("/settings/notices")
	v.sees("What rings", `value="opened" checked`)
	v.post("/settings/notices", "event", "reply", "quiet", "yes", "quiet-from", "21:00", "quiet-to", "25:00", "digest-at", "08:00")
	v.sees("is not a time of the day")
	v.post("/settings/notices", "event", "reply", "quiet", "yes", "quiet-from", "21:00", "quiet-to", "06:30", "digest", "yes", "digest-at", "07:15",
		"away-from", "2030-12-24", "away-to", "2030-12-20")
	v.sees("last day away is before the first")
	v.post("/settings/notices", "event", "reply", "quiet", "yes", "quiet-from", "21:00", "quiet-to", "06:30", "digest", "yes", "digest-at", "07:15",
		"away-from", "2020-01-01", "away-to", "2099-12-31", "away-note", "Ingrid helps.")
	v.sees("You are away until", `value="06:30"`, `value="07:15"`, "Ingrid helps.")
	v.lacks(`value="opened" checked`)
	v.get("/settings/jobs")
	v.sees("Mail the digest", "Sam Field")
	v.post("/settings/promise", "promise", "soon")
	v.sees("is not a number")
	v.post("/settings/promise", "promise", "0,5")
	v.sees(`name="promise" inputmode="decimal" required value="0.5"`)
	v.get("/now")
	v.sees("Later than promised", "Sam Field is away until")
}

// TestInstallable: the manifest names pictures that are there, and the worker is
// served above all pages.
func TestInstallable(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.visitor()
	v.get("/sign-in")
	v.sees(`<link rel="manifest" href="/manifest.webmanifest"`)
	v.get("/manifest.webmanifest")
	var m struct {
		Start string `json:"start_url"`
		Icons []struct{ Src, Sizes, Purpose string }
	}
	if err := json.Unmarshal([]byte(v.body), &m); err != nil || m.Start != "/now" || len(m.Icons) != 4 {
		t.Fatalf("manifest %s: %v", v.body, err)
	}
	for _, i := range m.Icons {
		v.get(i.Src)
		if v.code != http.StatusOK || strings.HasSuffix(i.Src, ".png") && !strings.HasPrefix(v.body, "\x89PNG") {
			t.Errorf("%s answers %d", i.Src, v.code)
		}
	}
	v.get("/sw.js")
	v.sees("notificationclick")
	if _, err := h.Devices(t.Context(), dottedline.Actor{}); err == nil {
		t.Error("a stranger saw devices")
	}
}
