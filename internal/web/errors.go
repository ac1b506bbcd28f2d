package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"dottedline"
	"dottedline/internal/web/html"
)

var missing = dottedline.Missing("page")

// status is what a kind of problem is in HTTP.
func status(k dottedline.ProblemKind) int {
	switch k {
	case dottedline.NotFound:
		return http.StatusNotFound
	case dottedline.Forbidden:
		return http.StatusForbidden
	case dottedline.SignIn:
		return http.StatusUnauthorized
	case dottedline.Conflict:
		return http.StatusConflict
	case dottedline.TooMany:
		return http.StatusTooManyRequests
	}
	return http.StatusBadRequest
}

// fail is the one place that tells somebody of an error. Only a Problem is
// shown as it is; of anything else the log has the whole and the page a
// reference to it.
func (v *visit) fail(err error) {
	if v.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return // nobody waits for the answer any more
	}
	var p *dottedline.Problem
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		p = dottedline.Wrong("Send less at once.", "That was too much.")
	case errors.As(err, &p):
	}
	if p != nil && p.Kind == dottedline.SignIn {
		to := "/sign-in"
		if v.Method == http.MethodGet && v.URL.Path != "/now" && v.URL.Path != "/live" && v.URL.Path != "/palette" {
			to += "?to=" + url.QueryEscape(v.URL.RequestURI())
		}
		if v.URL.Path == "/live" { // a stream is not to follow to a page
			http.Error(v.w, p.Text, http.StatusUnauthorized)
			return
		}
		v.see(to)
		return
	}
	w := html.Wrong{Assets: v.assets.Prefix(), Back: v.back("/now")}
	code := http.StatusInternalServerError
	if p != nil {
		code, w.Problem = status(p.Kind), html.Problem{Text: p.Text, Hint: p.Hint}
	} else {
		w.Reference = reference()
		w.Problem = html.Problem{Text: "Something went wrong on our side.", Hint: "Try again; if it stays, tell whoever runs this Dottedline the reference."}
		v.log.Error("request failed", "reference", w.Reference, "method", v.Method, "path", v.openPath(), "err", err)
	}
	if err := v.render(code, html.WrongPage(w)); err != nil {
		v.log.Error("render error page", "err", err)
	}
}

// openPath is the path of a request without the secret that it may hold.
func (v *visit) openPath() string {
	if s := v.PathValue("secret"); s != "" {
		return strings.ReplaceAll(v.URL.Path, s, "…")
	}
	return v.URL.Path
}

func reference() string {
	b := make([]byte, 4)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// localReferer is the page of ours that a request came from, without what was
// only said once.
func localReferer(r *http.Request) (string, bool) {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host == "" || u.Host != r.Host {
		return "", false
	}
	q := u.Query()
	for _, once := range []string{"going", "later", "declined", "write", "open", "from"} {
		q.Del(once)
	}
	p := u.EscapedPath()
	if len(q) > 0 {
		p += "?" + q.Encode()
	}
	return p, local(p)
}

// local says whether an address stays on these pages.
func local(p string) bool {
	return strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "//") && !strings.ContainsAny(p, "\\\r\n")
}
