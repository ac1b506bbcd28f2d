package api_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"dottedline"
	"dottedline/internal/api"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
	"dottedline/internal/testrig"
)

// TestWebhooksAndDevicesByTheAPI: owners make, see and remove webhooks and replay
// deliveries; a member sees their own devices only; another workspace sees none.
func TestWebhooksAndDevicesByTheAPI(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		v, err := desk.NewVault(make([]byte, desk.KeySize))
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(err)
		d := desk.New(db, v)
		h := api.New(d, slog.New(slog.DiscardHandler))
		sam, err := d.Operator(ctx, "sam@pine.example.com")
		must(err)
		invite, err := d.Invite(ctx, sam, dottedline.MemberRole)
		must(err)
		session, err := d.Join(ctx, invite, "kim@pine.example.com", "Kim Lund", "a long enough one", "UTC")
		must(err)
		kim, err := d.Session(ctx, session)
		must(err)
		other := dottedline.Actor{Role: dottedline.Owner}
		other.Workspace, err = db.NewWorkspace(ctx, "Oak", "USD")
		must(err)
		must(db.Write(ctx, other.Workspace, func(t *store.Tx) error {
			m := store.Member{Member: dottedline.Member{ID: store.NewID[dottedline.Member](t), Name: "Ola", Email: "ola@oak.example.com", Role: dottedline.Owner}}
			other.Member = m.ID
			return t.PutMember(m)
		}))
		keys := map[string]string{}
		for name, a := range map[string]dottedline.Actor{"sam": sam, "kim": kim, "ola": other} {
			keys[name], err = d.NewAPIKey(ctx, a, "test")
			must(err)
		}
		service := testrig.NewPushService(t)
		var sub desk.Subscription
		sub.Endpoint, sub.Keys.P256dh, sub.Keys.Auth = "https://push.example.com/1", service.P256dh, service.Auth
		must(d.AddDevice(ctx, kim, "Chrome on Android", sub))

		want := func(who, method, path, body string, code int, holds string) string {
			t.Helper()
			got, text := call(t, h, keys[who], method, path, body)
			if got != code || !strings.Contains(text, holds) {
				t.Errorf("%s %s %s: %d %s, want %d with %s", who, method, path, got, text, code, holds)
			}
			return text
		}
		want("sam", "POST", "/webhooks", `{"url":"ftp://x"}`, 422, "not an address")
		want("sam", "POST", "/webhooks", `{"url":"https://hooks.example.com/a","events":["nonsense"]}`, 422, "is no event")
		want("kim", "POST", "/webhooks", `{"url":"https://hooks.example.com/a"}`, 403, "")
		var made struct{ ID, Secret string }
		must(json.Unmarshal([]byte(want("sam", "POST", "/webhooks", `{"url":"https://hooks.example.com/a","events":["yes","reply"]}`, 200, `"secret":"whsec_`)), &made))
		want("sam", "GET", "/webhooks", "", 200, `"events":["reply","yes"]`)
		if text := want("sam", "GET", "/webhooks", "", 200, made.ID); strings.Contains(text, "whsec_") {
			t.Errorf("the secret is given again: %s", text)
		}
		want("kim", "GET", "/webhooks", "", 403, "")
		want("ola", "GET", "/webhooks", "", 200, "[]")

		id, err := dottedline.ParseID[dottedline.Webhook](made.ID)
		must(err)
		must(d.TestWebhook(ctx, sam, id))
		var log []struct{ ID, State string }
		must(json.Unmarshal([]byte(want("sam", "GET", "/webhooks/"+made.ID+"/deliveries", "", 200, `"event":"test"`)), &log))
		if len(log) != 1 || log[0].State != "waiting" {
			t.Fatalf("log %+v", log)
		}
		x, _, err := d.NextTelling(ctx)
		must(err)
		must(d.Delivered(ctx, x, desk.TellAnswer{Status: 200, Body: "thanks"}))
		want("sam", "GET", "/webhooks/"+made.ID+"/deliveries", "", 200, `"state":"delivered","tries":1,"status":200,"answer":"thanks"`)
		for _, who := range []string{"kim", "ola"} {
			code := map[string]int{"kim": 403, "ola": 404}[who]
			want(who, "GET", "/webhooks/"+made.ID+"/deliveries", "", code, "")
			want(who, "POST", "/deliveries/"+log[0].ID+"/replay", "", code, "")
			want(who, "POST", "/webhooks/"+made.ID+"/drop", "", code, "")
		}
		want("sam", "POST", "/deliveries/"+log[0].ID+"/replay", "", 200, "{}")
		again, _, err := d.NextTelling(ctx)
		must(err)
		if again == nil || again.Hook.ID != x.Hook.ID || string(again.Hook.Body) != string(x.Hook.Body) {
			t.Errorf("replayed as %+v", again)
		}
		want("sam", "POST", "/webhooks/"+made.ID+"/drop", "", 200, "{}")
		want("sam", "POST", "/webhooks/"+made.ID+"/drop", "", 404, "")
		want("sam", "GET", "/webhooks", "", 200, "[]")

		var devices []struct{ ID, Name string }
		must(json.Unmarshal([]byte(want("kim", "GET", "/devices", "", 200, "Chrome on Android")), &devices))
		want("sam", "GET", "/devices", "", 200, "[]")
		want("sam", "POST", "/devices/"+devices[0].ID+"/drop", "", 404, "")
		want("ola", "POST", "/devices/"+devices[0].ID+"/drop", "", 404, "")
		want("kim", "POST", "/devices/"+devices[0].ID+"/drop", "", 200, "{}")
		want("kim", "GET", "/devices", "", 200, "[]")
		for _, path := range []string{"/webhooks", "/webhooks/{id}/drop", "/webhooks/{id}/deliveries", "/deliveries/{id}/replay", "/devices", "/devices/{id}/drop"} {
			want("sam", "GET", "/openapi.json", "", 200, fmt.Sprintf("%q", "/api/v1"+path))
		}
	})
}
