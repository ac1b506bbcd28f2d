package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestPagesArePacked: a page comes as gzip to those who take it, whole and with
// all its headers, and plain to others.
func TestPagesArePacked(t *testing.T) {
	t.Parallel()
	h := furnished(t, 3)
	v := h.visitor()
	get := func(accept string) (*http.Response, []byte) {
		req, err := http.NewRequest("GET", h.url+"/now", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", accept)
		res, err := v.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK || res.Header.Get("Content-Security-Policy") != policy || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") ||
			!strings.Contains(res.Header.Get("Vary"), "Accept-Encoding") {
			t.Fatalf("%s: %v, %v", res.Status, res.Header, err)
		}
		return res, b
	}
	res, packed := get("br, gzip")
	if got := res.Header.Get("Content-Encoding"); got != "gzip" {
		t.Fatalf("Content-Encoding %q", got)
	}
	z, err := gzip.NewReader(strings.NewReader(string(packed)))
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(z)
	if err != nil || !strings.Contains(string(page), "Waiting costs you") || !strings.HasSuffix(strings.TrimSpace(string(page)), "</html>") {
		t.Errorf("the page is not whole: %v, %d bytes", err, len(page))
	}
	if len(packed)*2 > len(page) {
		t.Errorf("%d bytes are packed into %d", len(page), len(packed))
	}
	if res, plain := get("identity"); res.Header.Get("Content-Encoding") != "" || !strings.Contains(string(plain), "Waiting costs you") {
		t.Errorf("a plain page comes with %v", res.Header)
	}
}
