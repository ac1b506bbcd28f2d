// Package oauth keeps mailboxes signed in that want XOAUTH2: it turns the
// refresh token of the self-hoster's own OAuth client into access tokens, and
// keeps the new one where a provider changes it.
package oauth

import (
	"context"
	"encoding/json"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"dottedline"
	"dottedline/internal/desk"
)

// Grant is the secret of a mailbox that signs in by XOAUTH2, as JSON in the form
// that the providers' own tools write ("authorized user").
type Grant struct {
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret,omitempty"`
	RefreshToken string `json:"refresh_token"`
	TokenURI     string `json:"token_uri"`
	Scope        string `json:"scope,omitempty"`
}

// parse reads a grant; ok is false where the secret is an access token as it is.
func parse(secret string) (g Grant, ok bool, err error) {
	if !strings.HasPrefix(strings.TrimSpace(secret), "{") {
		return g, false, nil
	}
	bad := dottedline.Wrong("It needs client_id, refresh_token and token_uri, which begins with https://.", "The token of this mailbox can't be used.")
	if err := json.Unmarshal([]byte(secret), &g); err != nil || g.ClientID == "" || g.RefreshToken == "" {
		return g, true, bad
	}
	u, err := url.Parse(g.TokenURI)
	if err != nil || u.Host == "" || u.Scheme != "https" && !loopback(u.Hostname()) {
		return g, true, bad
	}
	return g, true, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Tokens gives access tokens and keeps them until they end. Set Desk before use.
type Tokens struct {
	Desk *desk.Desk

	mu   sync.Mutex
	held map[string]*oauth2.Token // by secret
	next map[string]string        // secrets that were changed before their mailbox was kept
}

// Token is the access token of a mailbox now. A mailbox whose secret is no grant
// gives the secret itself.
func (t *Tokens) Token(ctx context.Context, a desk.Account) (string, error) {
	g, ok, err := parse(a.Secret)
	if err != nil || !ok {
		return a.Secret, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held == nil {
		t.held, t.next = map[string]*oauth2.Token{}, map[string]string{}
	}
	if now := t.next[a.Secret]; now != "" {
		if a.ID != 0 {
			if err := t.Desk.KeepSecret(ctx, a, now); err != nil {
				return "", err
			}
			delete(t.next, a.Secret)
		}
		a.Secret = now
		if g, _, err = parse(now); err != nil {
			return "", err
		}
	}
	if had := t.held[a.Secret]; had.Valid() {
		return had.AccessToken, nil
	}
	c := oauth2.Config{ClientID: g.ClientID, ClientSecret: g.ClientSecret, Endpoint: oauth2.Endpoint{TokenURL: g.TokenURI}}
	if g.Scope != "" {
		c.Scopes = strings.Fields(g.Scope)
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tok, err := c.TokenSource(ctx, &oauth2.Token{RefreshToken: g.RefreshToken}).Token()
	if err != nil {
		return "", dottedline.Wrong("Allow the access anew at the provider and put the new token in.", "The provider gives no access: %v.", err)
	}
	secret := a.Secret
	if tok.RefreshToken != "" && tok.RefreshToken != g.RefreshToken {
		g.RefreshToken = tok.RefreshToken
		b, err := json.Marshal(g)
		if err != nil {
			return "", err
		}
		secret = string(b)
		if a.ID == 0 { // it is only tried so far
			t.next[a.Secret] = secret
		} else if err := t.Desk.KeepSecret(ctx, a, secret); err != nil {
			return "", err
		}
	}
	t.held[secret] = tok
	return tok.AccessToken, nil
}
