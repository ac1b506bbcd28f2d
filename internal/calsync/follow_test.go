package calsync

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/mail"
)

// TestOurMeetingsFollowRealServers: a booking is moved and then deleted by another
// calendar program; it follows, with the mails to its guest. While the server
// lists nothing, says 404 for everything or loses the calendar, nothing follows.
func TestOurMeetingsFollowRealServers(t *testing.T) {
	t.Parallel()
	for _, s := range servers(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			var broken atomic.Value // how the server fails
			broken.Store("")
			front := breakable(t, s.base, &broken)
			d, me := newDesk(t)
			d.FollowAfter = 500 * time.Millisecond
			if _, err := d.Connect(t.Context(), me, desk.Account{Address: "sam@pine.example.com", Secret: "secret", IMAP: desk.Server{Host: "127.0.0.1", Port: 143, TLS: "none"}, SMTP: desk.Server{Host: "127.0.0.1", Port: 25, TLS: "none"}}); err != nil {
				t.Fatal(err)
			}
			day := time.Now().UTC().Truncate(24 * time.Hour).Add(48 * time.Hour)
			s.put(t, "taken", "DTSTART:"+day.Add(9*time.Hour).Format("20060102T150405Z"), "DTEND:"+day.Add(17*time.Hour).Format("20060102T150405Z"))
			e := NewEngine(d, slog.New(slog.DiscardHandler), true)
			e.Every, e.Look = 100*time.Millisecond, 50*time.Millisecond
			through := *s
			through.base = front
			through.connect(t, d, me, e)
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() { defer close(done); e.Run(ctx) }()
			defer func() { stop(); <-done }()

			start, link := day.Add(6*time.Hour), desk.NewLink()
			read := func() bool {
				o, err := d.BookingPage(t.Context(), "sam", "", day, day.Add(24*time.Hour))
				return err == nil && len(o.Slots) > 0
			}
			eventually(t, "the calendar is read", read)
			if err := d.Book(t.Context(), "sam", "A talk", start, desk.Guest{Name: "Maya", Address: "maya@northwind.example.org", Zone: "UTC", Once: link}); err != nil {
				t.Fatal(err)
			}
			e.Reload()
			booking := func() desk.MyBooking {
				b, err := d.BookingAt(t.Context(), link, day, day)
				if err != nil {
					t.Fatal(err)
				}
				return b
			}
			mails := func() (subjects []string) {
				for {
					o, _, err := d.NextOutbound(t.Context())
					if err != nil || o == nil {
						return subjects
					}
					if err := d.MailSent(t.Context(), o); err != nil {
						t.Fatal(err)
					}
					if o.Rcpts[0] == "maya@northwind.example.org" {
						m, err := mail.Parse(o.Raw)
						if err != nil {
							t.Fatal(err)
						}
						subjects = append(subjects, m.Subject)
					}
				}
			}
			c := s.client(t, s.calendar)
			at := ObjectURL(s.calendar, booking().UID())
			eventually(t, "the booking is in the calendar", func() bool { _, err := c.Get(t.Context(), at); return err == nil })
			if got := mails(); len(got) != 1 {
				t.Fatalf("mails %q", got)
			}

			for _, how := range []string{"500", "404", "empty", "cut"} {
				broken.Store(how)
				time.Sleep(time.Second)
				broken.Store("")
				if b := booking(); b.State != dottedline.Booked || !b.Start.Equal(start) {
					t.Fatalf("%s: the booking is %s at %v", how, b.State, b.Start)
				}
				eventually(t, "the calendar is read again after "+how, func() bool {
					cs, err := d.Calendars(t.Context(), me)
					if err == nil && cs[0].State.Error != "" {
						e.SyncNow(me.Workspace, cs[0].ID)
					}
					return err == nil && cs[0].State.Error == "" && read()
				})
			}
			if got := mails(); len(got) != 0 {
				t.Fatalf("mails while the server failed: %q", got)
			}

			to := start.Add(-2 * time.Hour)
			o, err := c.Get(t.Context(), at)
			if err != nil {
				t.Fatal(err)
			}
			text := strings.NewReplacer(start.Format("20060102T150405Z"), to.Format("20060102T150405Z"), start.Add(30*time.Minute).Format("20060102T150405Z"), to.Add(30*time.Minute).Format("20060102T150405Z")).Replace(string(o.Raw))
			s.raw(t, "PUT", at, text)
			eventually(t, "it has moved", func() bool { return booking().Start.Equal(to) })
			if got := mails(); len(got) != 1 || !strings.HasPrefix(got[0], "Moved: A talk, ") || !strings.Contains(got[0], to.Format("15:04 to")) {
				t.Errorf("mails %q", got)
			}
			if b := booking(); b.Sequence != 1 {
				t.Errorf("sequence %d", b.Sequence)
			}
			s.raw(t, "DELETE", at, "")
			eventually(t, "it is cancelled", func() bool { return booking().State == dottedline.Freed })
			if got := mails(); len(got) != 1 || !strings.HasPrefix(got[0], "Cancelled: A talk, ") {
				t.Errorf("mails %q", got)
			}
			if us, err := d.Unwritten(t.Context(), me); err != nil || len(us) > 0 {
				t.Errorf("a person is asked: %+v %v", us, err)
			}
		})
	}
}

// breakable stands before a server, and fails as it is told.
func breakable(t *testing.T, base string, how *atomic.Value) string {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	p := &httputil.ReverseProxy{ErrorLog: discard, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(u)
		r.Out.Header.Del("Accept-Encoding")
	}}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch how.Load() {
		case "500":
			w.WriteHeader(http.StatusInternalServerError)
		case "404":
			w.WriteHeader(http.StatusNotFound)
		case "empty": // a calendar that was made anew, with nothing in it
			w.Header().Set("Content-Type", "application/xml")
			if r.Method == http.MethodGet {
				w.WriteHeader(http.StatusNotFound)
				return
			}
			w.WriteHeader(http.StatusMultiStatus)
			w.Write([]byte(`<?xml version="1.0"?><multistatus xmlns="DAV:"><response><href>` + r.URL.Path + `</href><propstat><prop><resourcetype><collection/><calendar xmlns="urn:ietf:params:xml:ns:caldav"/></resourcetype></prop><status>HTTP/1.1 200 OK</status></propstat></response><sync-token>new</sync-token></multistatus>`))
		case "cut":
			w.WriteHeader(http.StatusMultiStatus)
			w.Write([]byte(`<?xml version="1.0"?><multistatus xmlns="DAV:"><response><href>`))
		default:
			p.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}
