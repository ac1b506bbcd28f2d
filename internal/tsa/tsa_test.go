package tsa_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"dottedline/internal/guard"
	"dottedline/internal/tsa"
)

// An authority's address, and those of revocation lists in certificates, don't
// lead into the server's own network.
func TestPrivateAddressesAreRefused(t *testing.T) {
	t.Parallel()
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Write([]byte("list"))
	}))
	defer s.Close()
	c := tsa.New(false)
	if _, err := c.Stamp(t.Context(), s.URL, make([]byte, 32)); !errors.Is(err, guard.ErrPrivate) {
		t.Errorf("stamp: %v, want it refused", err)
	}
	if _, err := c.Fetch(t.Context(), s.URL); !errors.Is(err, guard.ErrPrivate) || asked > 0 {
		t.Errorf("fetch: %v after %d requests, want it refused", err, asked)
	}
	if b, err := tsa.New(true).Fetch(t.Context(), s.URL); err != nil || string(b) != "list" {
		t.Errorf("allowed: %q %v", b, err)
	}
}
