package oauth_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dottedline/internal/desk"
	"dottedline/internal/oauth"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

func TestRefresh(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		asked := 0
		provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked++
			w.Header().Set("Content-Type", "application/json")
			if r.PostFormValue("grant_type") != "refresh_token" || r.PostFormValue("refresh_token") != fmt.Sprintf("refresh-%d", asked) {
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprint(w, `{"error":"invalid_grant"}`)
				return
			}
			life := 3600
			if asked == 1 {
				life = 1 // ends within the margin: the next call asks again
			}
			fmt.Fprintf(w, `{"access_token":"access-%d","token_type":"Bearer","expires_in":%d,"refresh_token":"refresh-%d"}`, asked, life, asked+1)
		}))
		defer provider.Close()
		ctx := context.Background()
		v, err := desk.NewVault(make([]byte, desk.KeySize))
		if err != nil {
			t.Fatal(err)
		}
		d := desk.New(db, v)
		me, err := d.Operator(ctx, "sam@pine.example.com")
		if err != nil {
			t.Fatal(err)
		}
		s := desk.Server{Host: "imap.example.com", Port: 993, TLS: "tls"}
		tokens := &oauth.Tokens{Desk: d}
		box := desk.Account{Address: "sam@pine.example.com", Auth: "xoauth2", IMAP: s, SMTP: s, Secret: fmt.Sprintf(`{"client_id":"c","refresh_token":"refresh-1","token_uri":%q}`, provider.URL)}
		if got, err := tokens.Token(ctx, box); err != nil || got != "access-1" { // tried before it is kept
			t.Fatalf("tried: %q %v", got, err)
		}
		if _, err := d.Connect(ctx, me, box); err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{"access-2", "access-2", "access-2"} {
			as, err := d.Accounts(ctx)
			if err != nil {
				t.Fatal(err)
			}
			got, err := tokens.Token(ctx, as[0])
			if err != nil || got != want {
				t.Errorf("call %d: %q %v, want %q", i+1, got, err, want)
			}
		}
		if asked != 2 {
			t.Errorf("the provider was asked %d times, want 2", asked)
		}
	})
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	tokens := &oauth.Tokens{}
	for secret, want := range map[string]string{
		"ya29.token":        "",
		`{"client_id":"c"}`: "can't be used",
		`{"client_id":"c","refresh_token":"r","token_uri":"http://provider.example.com/token"}`: "can't be used",
		`{broken`: "can't be used",
	} {
		got, err := tokens.Token(context.Background(), desk.Account{Secret: secret})
		if want == "" && (err != nil || got != secret) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %q %v", secret, got, err)
		}
	}
}
