package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func mustURL(t testing.TB, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// TestNothingIsOpen asks for every address without a session: only the ways in
// answer.
func TestNothingIsOpen(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	h.session = ""
	v := h.visitor()
	for _, p := range []string{"/", "/now", "/deals", "/deals/1", "/messages/1", "/messages/1/html", "/messages/1/files/0", "/palette", "/settings", "/settings/mail", "/settings/mail/new",
		"/settings/mail/1", "/settings/hours", "/settings/replies", "/settings/members", "/settings/profile"} {
		v.get(p)
		if !strings.Contains(v.body, "<h1>Sign in</h1>") {
			t.Errorf("%s shows %s without a session", p, visible(v.body))
		}
	}
	v.get("/live?page=now")
	if v.code != http.StatusUnauthorized {
		t.Errorf("the stream answers %d without a session", v.code)
	}
	for _, p := range []string{"/deals/1/send", "/deals/1/draft", "/deals/1/later", "/offers/1", "/outbox/1/undo", "/settings/mail/new", "/settings/members", "/settings/password", "/settings/workspace", "/sign-out"} {
		v.post(p, "x", "y")
		if !strings.Contains(v.body, "<h1>Sign in</h1>") {
			t.Errorf("posting to %s shows %s without a session", p, visible(v.body))
		}
	}
}

// TestForeignForms: a form on another site changes nothing.
func TestForeignForms(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	v := h.visitor()
	for _, how := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example.com"}} {
		req, err := http.NewRequest("POST", h.url+"/sign-out", nil)
		for k, x := range how {
			req.Header.Set(k, x)
		}
		v.do(req, err)
		if v.code != http.StatusForbidden {
			t.Errorf("%v: %d, want 403", how, v.code)
		}
	}
	v.get("/now")
	v.sees("Waiting costs you")
}

// TestHeaders holds what every answer carries.
func TestHeaders(t *testing.T) {
	t.Parallel()
	h := furnished(t, 0)
	v := h.visitor()
	for _, p := range []string{"/now", "/sign-in", "/nowhere", "/assets/none"} {
		res, err := v.http.Get(h.url + p)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		for k, want := range map[string]string{"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"} {
			if got := res.Header.Get(k); got != want {
				t.Errorf("%s: %s is %q, want %q", p, k, got, want)
			}
		}
	}
}

// TestHostileMail: a mail's own HTML is shown without what could act or call
// out, and its name cannot break out of the page.
func TestHostileMail(t *testing.T) {
	t.Parallel()
	h := furnished(t, 0)
	h.deliver(fmt.Sprintf("Message-ID: <x1@example.org>\nFrom: \"<script>alert(1)</script>\" <eve@example.org>\nTo: sam@pine.example.com\nDate: %s\nSubject: \"><img src=x onerror=alert(2)>\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p onclick=\"alert(3)\">Hello <script>alert(4)</script><img src=\"https://evil.example.com/pixel.gif\"><iframe src=\"https://evil.example.com\"></iframe><form action=\"https://evil.example.com\"><input></form></p>\n",
		h.Now().Format("Mon, 02 Jan 2006 15:04:05 -0700")))
	v := h.visitor()
	v.get("/settings/mail?why=x1@example.org")
	v.lacks("<script>alert", "<img src=x")
	at := v.match(`href="(/messages/[a-z0-9]+)"`)
	v.get(at)
	v.sees("Show remote pictures", `sandbox="allow-popups`)
	v.lacks("<script>alert", "<img src=x")
	v.get(at + "/html")
	v.sees("Hello")
	v.lacks("alert(", "evil.example.com/pixel", "<iframe", "<form")
	res, err := v.http.Get(h.url + at + "/html")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if csp := res.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("the frame's policy is %q", csp)
	}
	v.get(at + "/html?pictures=1")
	v.sees("evil.example.com/pixel")
}

// TestLocal: after signing in nobody is led elsewhere.
func TestLocal(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]bool{"/deals?q=x": true, "//evil.example.com": false, "https://evil.example.com": false, "/\\evil.example.com": false, "": false} {
		if got := local(to); got != want {
			t.Errorf("local(%q) = %v", to, got)
		}
	}
}
