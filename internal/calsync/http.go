package calsync

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"dottedline/internal/guard"
)

// Options bounds and equips the connections to calendars.
type Options struct {
	// AllowPrivate lets addresses of private networks be read: for those who
	// host their own calendar server beside Dottedline.
	AllowPrivate bool
	Timeout      time.Duration // of one request with its answer; 0: 30 seconds
	MaxBody      int64         // of one answer, bytes; 0: 64 MiB
	// Authorize signs a request; nil for none. Basic makes one.
	Authorize func(ctx context.Context, r *http.Request) error
	// Now tells the time; nil: time.Now.
	Now func() time.Time
}

// Basic signs requests with a user name and a password.
func Basic(user, password string) func(context.Context, *http.Request) error {
	return func(_ context.Context, r *http.Request) error {
		r.SetBasicAuth(user, password)
		return nil
	}
}

// StatusError is an answer that is none of the hoped-for ones.
type StatusError struct {
	Code       int
	RetryAfter time.Duration // what the server asks for, 0 when it does not
	body       []byte        // its beginning, to look for a precondition
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("answered %d %s", e.Code, http.StatusText(e.Code))
}

// ErrPrivate says that an address of the server's own network was asked for.
var ErrPrivate = guard.ErrPrivate

var (
	errTooLarge  = errors.New("the answer is too large")
	errElsewhere = errors.New("the server sends us to another site")
	errPlain     = errors.New("a password is sent over https only")
	errRedirects = errors.New("the server sends us around in circles")
)

type web struct {
	Options
	http *http.Client
}

func newWeb(o Options) *web {
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.MaxBody == 0 {
		o.MaxBody = 64 << 20
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &web{Options: o, http: &http.Client{
		// No proxy: it would connect on our behalf and get around the dialer.
		Transport: &http.Transport{DialContext: guard.Dialer(o.AllowPrivate).DialContext, ForceAttemptHTTP2: true,
			MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: 15 * time.Second,
			// Servers change an ETag when they compress, and If-Match fails then.
			DisableCompression: true, MaxResponseHeaderBytes: 64 << 10},
		// Redirects are followed by do: net/http would turn them into GET.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// request is one call; the body is kept to be sent again after a redirect.
type request struct {
	method string
	url    *url.URL
	header map[string]string
	body   []byte
	// roam lets a redirect lead to any site; the signature stays behind.
	roam bool
}

type answer struct {
	code   int
	header http.Header
	url    *url.URL // where it came from in the end
	body   []byte
}

// do sends a request and reads the answer whole. Codes from 400 on are a
// *StatusError.
func (w *web) do(ctx context.Context, q request) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, w.Timeout)
	defer cancel()
	start := q.url
	for range 6 {
		a, err := w.once(ctx, q, start)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", q.method, q.url.Redacted(), err)
		}
		to := a.header.Get("Location")
		if a.code < 300 || a.code == http.StatusNotModified {
			return a, nil
		}
		if a.code >= 400 || to == "" {
			return nil, fmt.Errorf("%s %s: %w", q.method, q.url.Redacted(), w.status(a))
		}
		next, err := q.url.Parse(to)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", q.method, q.url.Redacted(), errElsewhere)
		}
		if next.Scheme != "https" && next.Scheme != q.url.Scheme || !q.roam && !sameSite(start, next) {
			return nil, fmt.Errorf("%s %s: to %s: %w", q.method, q.url.Redacted(), next.Redacted(), errElsewhere)
		}
		q.url = next
	}
	return nil, fmt.Errorf("%s %s: %w", q.method, start.Redacted(), errRedirects)
}

func (w *web) once(ctx context.Context, q request, start *url.URL) (*answer, error) {
	if s := q.url.Scheme; s != "http" && s != "https" || q.url.Host == "" {
		return nil, fmt.Errorf("not a web address: %q", q.url.Redacted())
	}
	r, err := http.NewRequestWithContext(ctx, q.method, q.url.String(), bytes.NewReader(q.body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", "Dottedline")
	for k, v := range q.header {
		r.Header.Set(k, v)
	}
	if w.Authorize != nil && sameSite(start, q.url) {
		if q.url.Scheme == "http" && !w.AllowPrivate {
			return nil, errPlain
		}
		if err := w.Authorize(ctx, r); err != nil {
			return nil, err
		}
	}
	p, err := w.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer p.Body.Close()
	b, err := io.ReadAll(io.LimitReader(p.Body, w.MaxBody+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if int64(len(b)) > w.MaxBody {
		return nil, errTooLarge
	}
	return &answer{p.StatusCode, p.Header, q.url, b}, nil
}

func (w *web) status(a *answer) *StatusError {
	e := &StatusError{Code: a.code, body: a.body[:min(len(a.body), 4096)]}
	after := a.header.Get("Retry-After")
	if s, err := strconv.Atoi(after); err == nil && s > 0 {
		e.RetryAfter = time.Duration(s) * time.Second
	} else if t, err := http.ParseTime(after); err == nil {
		e.RetryAfter = max(0, t.Sub(w.Now()))
	}
	return e
}

// sameSite says whether two addresses belong to one registered domain, so that
// the password of one may be sent to the other. It never may from https to http.
func sameSite(a, b *url.URL) bool {
	if a.Scheme == "https" && b.Scheme != "https" {
		return false
	}
	ha, hb := strings.ToLower(a.Hostname()), strings.ToLower(b.Hostname())
	if ha == hb {
		return true
	}
	if _, err := netip.ParseAddr(ha); err == nil {
		return false
	}
	da, err := publicsuffix.EffectiveTLDPlusOne(ha)
	if err != nil {
		return false
	}
	db, err := publicsuffix.EffectiveTLDPlusOne(hb)
	return err == nil && da == db
}
