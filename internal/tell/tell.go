// Package tell carries notices out: to webhooks, signed as Standard Webhooks are,
// and to devices as encrypted web pushes (RFC 8291, RFC 8292).
package tell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"dottedline/internal/desk"
	"dottedline/internal/guard"
)

// Teller delivers what the desk has in its queue.
type Teller struct {
	Desk *desk.Desk
	Log  *slog.Logger

	private bool
	http    *http.Client
	tokens  tokens
}

// New makes a teller. private lets webhooks and push services lie in the
// server's own network, and be reached without TLS.
func New(d *desk.Desk, log *slog.Logger, private bool) *Teller {
	return &Teller{Desk: d, Log: log, private: private, http: &http.Client{
		Timeout: tryFor,
		// No proxy: it would connect on our behalf and get around the guard.
		Transport: &http.Transport{DialContext: guard.Dialer(private).DialContext, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 4,
			IdleConnTimeout: time.Minute, TLSHandshakeTimeout: tryFor, MaxResponseHeaderBytes: 64 << 10},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

const (
	atOnce   = 16               // deliveries tried at the same time
	tryFor   = 10 * time.Second // far less than the desk's lease of a delivery
	look     = 5 * time.Second  // for what other nodes have put into the queue
	graceFor = 3 * time.Second  // what has begun may end when the program ends
	keepBody = 1024
)

// Run delivers until ctx ends. What was claimed and not recorded then is tried
// again after its lease: a notice arrives at least once.
func (o *Teller) Run(ctx context.Context) error {
	return desk.Work[desk.Telling]{Desk: o.Desk, AtOnce: atOnce, Look: look, Next: o.Desk.NextTelling, Do: o.try,
		Failed: func(err error) { o.Log.Error("tell", "err", err) }}.Run(ctx)
}

// try carries one delivery out and records how that ended.
func (o *Teller) try(ctx context.Context, x *desk.Telling, free func()) {
	defer free()
	work, cancel := context.WithTimeout(context.WithoutCancel(ctx), tryFor)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(graceFor, cancel) })
	defer stop()
	var r *http.Request
	var err error
	if x.Hook != nil {
		r, err = o.hookRequest(work, x.Hook)
	} else {
		r, err = o.pushRequest(work, x.Push)
	}
	began := time.Now()
	a := desk.TellAnswer{}
	if err == nil {
		a, err = o.send(r)
	}
	a.Took = time.Since(began)
	if err != nil {
		a.Error = plain(err)
	}
	o.Log.Info("tell", "delivery", x.ID, "status", a.Status, "took", a.Took, "err", err)
	if err := o.Desk.Delivered(context.WithoutCancel(ctx), x, a); err != nil {
		o.Log.Error("tell", "delivery", x.ID, "err", err)
	}
}

// errPlain is said of an address without TLS in the open internet: what is posted
// there tells of deals.
var errPlain = errors.New("notices are sent over https only")

func (o *Teller) send(r *http.Request) (a desk.TellAnswer, err error) {
	if r.URL.Scheme != "https" && !o.private {
		return a, errPlain
	}
	r.Header.Set("User-Agent", "Dottedline")
	p, err := o.http.Do(r)
	if err != nil {
		return a, err
	}
	defer p.Body.Close()
	a.Status = p.StatusCode
	if s, err := strconv.Atoi(p.Header.Get("Retry-After")); err == nil && s > 0 {
		a.RetryAfter = time.Duration(min(s, 24*3600)) * time.Second
	}
	b, err := io.ReadAll(io.LimitReader(p.Body, keepBody)) // a body that breaks off has said enough
	a.Body = string(b)
	if err == nil {
		io.CopyN(io.Discard, p.Body, 64<<10) // so that the connection can be kept
	}
	return a, nil
}

// plain says in plain words why no answer came.
func plain(err error) string {
	var dns *net.DNSError
	var u *url.Error
	var timeout net.Error
	switch {
	case errors.Is(err, guard.ErrPrivate):
		return "The address lies in a private network. Whoever runs this Dottedline can allow that with --private yes."
	case errors.Is(err, errPlain):
		return "Notices are sent over https only."
	case errors.As(err, &dns):
		return fmt.Sprintf("There is no server named %s.", dns.Name)
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Sprintf("No answer came within %d seconds.", int(tryFor.Seconds()))
	case errors.As(err, &u):
		return "The server can't be reached: " + u.Err.Error() + "."
	}
	return "It could not be sent: " + err.Error() + "."
}
