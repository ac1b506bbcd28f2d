package web

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/andybalholm/brotli"

	"dottedline/internal/web/html"
)

const (
	// redraw is how often a region is drawn without news, since "3 h" becomes "4 h".
	redraw = 30 * time.Second
	// breath is the least time between two drawings of one stream: the first
	// change shows at once, a burst of them a few times a second.
	breath = 200 * time.Millisecond
	// pressed is how many streams may be compressed at a time; one costs about
	// 600 KiB.
	pressed = 200
)

// regions draw the live part of each page that has one. The press is left
// empty: the page keeps the one that it has.
var regions = map[string]func(*visit) (html.Shell, templ.Component, error){
	"now": func(v *visit) (html.Shell, templ.Component, error) {
		p, err := now(v, "")
		return p.Shell, html.NowRegion(p), err
	},
	"deal": func(v *visit) (html.Shell, templ.Component, error) {
		p, err := deal(v, v.URL.Query().Get("deal"), "")
		return p.Shell, html.DealRegion(p), err
	},
	"deals": func(v *visit) (html.Shell, templ.Component, error) {
		p, err := deals(v)
		return p.Shell, html.DealsRegion(p), err
	},
	"mail": func(v *visit) (html.Shell, templ.Component, error) {
		p, err := mailSettings(v)
		return p.Shell, html.MailRegion(p), err
	},
}

// stream sends a page's region whenever it has changed: on connecting, since a
// hidden tab has missed what was before, and after each change of the workspace.
func stream(v *visit) error {
	draw, ok := regions[v.URL.Query().Get("page")]
	if !ok {
		return missing
	}
	news, stop := v.hub.Listen(v.actor.Workspace)
	defer stop()
	out, done := v.events()
	defer done()
	tick := time.NewTicker(redraw)
	defer tick.Stop()
	var last []byte
	for {
		b, err := v.drawn(draw)
		if err != nil {
			v.log.Warn("draw live region", "page", v.URL.RawQuery, "err", err)
			return nil // the page asks again by itself
		}
		if bytes.Equal(b, last) {
			b = []byte(": nothing new\n\n") // tells both ends that the other is there
		} else {
			last = b
		}
		if err := out(b); err != nil {
			return nil
		}
		if !v.wait(news, tick.C) {
			return nil
		}
	}
}

// wait returns when the region is to be drawn again; false ends the stream.
func (v *visit) wait(news <-chan struct{}, tick <-chan time.Time) bool {
	select {
	case <-v.Context().Done():
		return false
	case <-v.closing:
		return false
	case <-time.After(breath):
	}
	select {
	case <-v.Context().Done():
		return false
	case <-v.closing:
		return false
	case <-tick:
	case <-news:
	}
	return true
}

// drawn is the region as an event. Who looks is asked anew each time, so that
// signing out ends the stream.
func (v *visit) drawn(draw func(*visit) (html.Shell, templ.Component, error)) ([]byte, error) {
	v.now = v.desk.Now()
	if err := v.signedIn(); err != nil {
		return nil, err
	}
	shell, c, err := draw(v)
	if err != nil {
		return nil, err
	}
	var page strings.Builder
	if err := html.Live(shell, c).Render(context.WithoutCancel(v.Context()), &page); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for line := range strings.SplitSeq(page.String(), "\n") {
		b.WriteString("data: ")
		b.WriteString(line)
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// events begins the answer and gives what sends one event at once.
func (v *visit) events() (send func([]byte) error, done func()) {
	h, rc := v.w.Header(), http.NewResponseController(v.w)
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	_ = rc.SetWriteDeadline(time.Time{}) // a server may limit the others
	n := v.open.Add(1)
	done = func() { v.open.Add(-1) }
	var w io.Writer = v.w
	flush := func() error { return nil }
	if n <= pressed && strings.Contains(v.Request.Header.Get("Accept-Encoding"), "br") {
		h.Set("Content-Encoding", "br")
		br := brotli.NewWriterOptions(v.w, brotli.WriterOptions{Quality: 2, LGWin: 16})
		w, flush = br, br.Flush
	}
	return func(b []byte) error {
		if _, err := w.Write(b); err != nil {
			return err
		}
		if err := flush(); err != nil {
			return err
		}
		return rc.Flush()
	}, done
}
