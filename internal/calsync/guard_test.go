package calsync

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestPrivateAddressesAreRefused(t *testing.T) {
	t.Parallel()
	asked := false
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer s.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "127.1"} {
		_, err := ReadFeed(t.Context(), "http://"+host+":"+port+"/x.ics", Feed{}, Options{Timeout: 3 * time.Second})
		if err == nil || asked {
			t.Errorf("%s was asked: %v", host, err)
		}
		if (host == "localhost" || host == "127.0.0.1") && (!errors.Is(err, ErrPrivate) || !strings.Contains(Plain(err), "private network")) {
			t.Errorf("%s: %v", host, err)
		}
	}
	c, err := NewClient("http://localhost:"+port, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Discover(t.Context()); !errors.Is(err, ErrPrivate) {
		t.Errorf("a CalDAV server in a private network: %v", err)
	}
	for _, bad := range []string{"file:///etc/passwd", "gopher://example.com/", "", "http://", "ftp://example.com/x.ics"} {
		if _, err := ReadFeed(t.Context(), bad, Feed{}, Options{}); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// TestRedirects: each hop is a new connection and passes the same guard; the
// password stays on its site.
func TestRedirects(t *testing.T) {
	t.Parallel()
	var secret string
	end := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secret = r.Header.Get("Authorization")
		fmt.Fprint(w, object("a", "DTSTART:20261201T090000Z"))
	}))
	defer end.Close()
	other := strings.Replace(end.URL, "127.0.0.1", "localhost", 1)
	var to string
	begin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }))
	defer begin.Close()

	to = other + "/x.ics"
	o := options()
	if _, err := ReadFeed(t.Context(), begin.URL, Feed{}, o); err != nil || secret != "" {
		t.Errorf("to another site: %v, password %q", err, secret)
	}
	to = end.URL + "/x.ics"
	if _, err := ReadFeed(t.Context(), begin.URL, Feed{}, o); err != nil || secret == "" {
		t.Errorf("on the same site: %v, password %q", err, secret)
	}
	c, err := NewClient(begin.URL, o)
	if err != nil {
		t.Fatal(err)
	}
	to = other + "/"
	if _, err := c.Discover(t.Context()); !errors.Is(err, errElsewhere) {
		t.Errorf("CalDAV to another site: %v", err)
	}
	for _, to = range []string{begin.URL + "/again", "file:///etc/passwd", "http://"} {
		if _, err := ReadFeed(t.Context(), begin.URL, Feed{}, o); err == nil {
			t.Errorf("redirected to %s", to)
		}
	}
	o.AllowPrivate, o.Authorize = false, nil
	if _, err := ReadFeed(t.Context(), begin.URL, Feed{}, o); !errors.Is(err, ErrPrivate) {
		t.Errorf("guarded: %v", err)
	}
	o.Authorize = Basic("sam", "secret")
	if _, err := ReadFeed(t.Context(), "http://example.com/x.ics", Feed{}, o); !errors.Is(err, errPlain) {
		t.Errorf("a password over http: %v", err)
	}
}

func TestSameSite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"https://caldav.example.com/", "https://p7.example.com/x", true},
		{"https://example.com/", "http://example.com/", false},
		{"https://a.co.uk/", "https://b.co.uk/", false},
		{"https://sam.github.io/", "https://eve.github.io/", false},
		{"https://example.com/", "https://example.com.evil.example/", false},
		{"http://10.0.0.1/", "http://10.0.0.2/", false},
		{"http://10.0.0.1:1/", "http://10.0.0.1:2/", true},
	} {
		if got := sameSite(mustURL(c.a), mustURL(c.b)); got != c.want {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}
