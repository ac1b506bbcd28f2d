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

	"dottedline"
	"dottedline/internal/web/html"
)

const (
	// redraw is how often a region is drawn without news, since "3 h" becomes "4 h".
	redraw = 30 * time.Second
	// breath is the most time that a stream rests after a drawing, and share how
	// many times as long as the drawing took: the first change shows at once, and
	// a burst of them keeps no more than a fifth of a processor busy.
	breath = 200 * time.Millisecond
	share  = 4
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
	"agreement": func(v *visit) (html.Shell, templ.Component, error) {
		id, err := dottedline.ParseID[dottedline.Agreement](v.URL.Query().Get("agreement"))
		if err != nil {
			return html.Shell{}, nil, missing
		}
		a, err := v.desk.AgreementPage(v.Context(), v.actor, id)
		if err != nil {
			return html.Shell{}, nil, err
		}
		p, err := paperView(v, a)
		return p.Shell, html.PaperRegion(p), err
	},
	"asks": func(v *visit) (html.Shell, templ.Component, error) {
		p, err := asks(v)
		return p.Shell, html.AsksRegion(p), err
	},
	"after": func(v *visit) (html.Shell, templ.Component, error) {
		p, err := after(v, v.URL.Query().Get("meeting"), "", nil)
		return p.Shell, html.AfterRegion(p), err
	},
	"webhook": func(v *visit) (html.Shell, templ.Component, error) {
		p, err := webhookLog(v, v.URL.Query().Get("webhook"))
		return p.Shell, html.WebhookLogRegion(p), err
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
	return v.follow(v.actor.Workspace, func() ([]byte, error) { return v.drawn(draw) })
}

// roomStream sends a room whenever the seller's side has changed it.
func roomStream(v *visit) error {
	ws, err := v.desk.RoomIn(v.Context(), v.guest())
	if err != nil {
		return err
	}
	return v.follow(ws, func() ([]byte, error) {
		r, err := v.room()
		if err != nil {
			return nil, err
		}
		return v.event(html.RoomRegion(r))
	})
}

// follow sends what draw gives, after each change of a workspace.
func (v *visit) follow(ws dottedline.WorkspaceID, draw func() ([]byte, error)) error {
	news, stop := v.hub.Listen(ws)
	defer stop()
	out, done := v.events()
	defer done()
	tick := time.NewTicker(redraw)
	defer tick.Stop()
	var last []byte
	for {
		began := time.Now()
		v.now = v.desk.Now()
		b, err := draw()
		if v.Context().Err() != nil {
			return nil // who looked has left
		}
		if err != nil {
			v.log.Warn("draw live region", "page", v.openPath(), "query", v.URL.RawQuery, "err", err)
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
		if !v.wait(min(breath, share*time.Since(began)), news, tick.C) {
			return nil
		}
	}
}

// wait returns when the region is to be drawn again, after a rest at the
// earliest; false ends the stream.
func (v *visit) wait(rest time.Duration, news <-chan struct{}, tick <-chan time.Time) bool {
	select {
	case <-v.Context().Done():
		return false
	case <-v.closing:
		return false
	case <-time.After(rest):
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

// drawn is the region of a member's page. Who looks is asked anew each time, so
// that signing out ends the stream.
func (v *visit) drawn(draw func(*visit) (html.Shell, templ.Component, error)) ([]byte, error) {
	if err := v.signedIn(); err != nil {
		return nil, err
	}
	shell, c, err := draw(v)
	if err != nil {
		return nil, err
	}
	return v.event(html.Live(shell, c))
}

// event is what a stream sends of a component.
func (v *visit) event(c templ.Component) ([]byte, error) {
	var page strings.Builder
	if err := c.Render(context.WithoutCancel(v.Context()), &page); err != nil {
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
