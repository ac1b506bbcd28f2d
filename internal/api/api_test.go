package api_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dottedline/internal/api"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

var ctx = context.Background()

func call(t *testing.T, h http.Handler, key, method, path, body string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestDealsByTheAPI(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		v, err := desk.NewVault(make([]byte, desk.KeySize))
		if err != nil {
			t.Fatal(err)
		}
		d := desk.New(db, v)
		me, err := d.Operator(ctx, "sam@pine.example.com")
		if err != nil {
			t.Fatal(err)
		}
		key, err := d.NewAPIKey(ctx, me, "test")
		if err != nil {
			t.Fatal(err)
		}
		h := api.New(d, slog.New(slog.DiscardHandler))
		if code, body := call(t, h, "", "GET", "/now", ""); code != 401 {
			t.Errorf("without a key: %d %s", code, body)
		}
		if code, body := call(t, h, key+"x", "GET", "/now", ""); code != 401 {
			t.Errorf("with a wrong key: %d %s", code, body)
		}
		code, body := call(t, h, key, "POST", "/deals", `{"address":"maya@northwind.example.com","kind":"sale","value":"28,800"}`)
		var made struct{ ID string }
		if err := json.Unmarshal([]byte(body), &made); err != nil || code != 200 {
			t.Fatalf("%d %s %v", code, body, err)
		}
		for _, c := range []struct {
			method, path, body string
			code               int
			holds              string
		}{
			{"GET", "/deals", "", 200, `"deal":"Northwind"`},
			{"GET", "/deals?q=nobody", "", 200, `[]`},
			{"POST", "/deals/" + made.ID + "/notes", `{"text":"Likes boats."}`, 200, "{}"},
			{"POST", "/deals/" + made.ID + "/notes", `{"text":" "}`, 422, "empty"},
			{"POST", "/deals/" + made.ID + "/notes", `{"texte":"x"}`, 422, "unknown field"},
			{"POST", "/deals/" + made.ID + "/steps", `{"kind":"yes","text":"Let's do it"}`, 200, "{}"},
			{"POST", "/deals/" + made.ID + "/steps", `{"kind":"mail"}`, 422, "not a step"},
			{"GET", "/deals/" + made.ID, "", 200, `"path":"yes"`},
			{"GET", "/deals/zzzz", "", 404, "no such deal"},
			{"GET", "/deals/!", "", 404, "no such"},
			{"POST", "/deals", `{"address":"nobody","kind":"sale"}`, 422, "not a mail address"},
			{"POST", "/deals/" + made.ID + "/asks", `{"ask":"Will you sign for forty seats by Friday?"}`, 200, `"id"`},
			{"POST", "/deals/" + made.ID + "/asks", `{"ask":" "}`, 422, "no ask"},
			{"GET", "/asks", "", 200, `"planned":1`},
			{"POST", "/deals/" + made.ID + "/meetings", `{"at":"2026-11-17T11:00:00Z","minutes":3}`, 422, "length"},
			{"GET", "/now", "", 200, `"action":"agreement"`},
			{"GET", "/nothing", "", 404, "openapi"},
			{"GET", "/openapi.json", "", 200, `"/api/v1/deals/{id}"`},
		} {
			code, body := call(t, h, key, c.method, c.path, c.body)
			if code != c.code || !strings.Contains(body, c.holds) {
				t.Errorf("%s %s: %d %s, want %d with %s", c.method, c.path, code, body, c.code, c.holds)
			}
		}
	})
}
