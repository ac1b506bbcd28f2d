package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"

	"dottedline"
	"dottedline/internal/desk"
)

// visit is one request: who comes, when, and in whose time zone.
type visit struct {
	*http.Request
	*server
	w      http.ResponseWriter
	secret string // of the session
	actor  dottedline.Actor
	me     desk.Me
	now    time.Time
	zone   *time.Location
}

// What a form may weigh, and what one with a file may.
const (
	largest     = 1 << 20
	largestFile = 32 << 20
)

func (s *server) visit(w http.ResponseWriter, r *http.Request) *visit {
	limit := int64(largest)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		limit = largestFile
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	return &visit{Request: r, server: s, w: w, now: s.desk.Now(), zone: time.UTC}
}

// signedIn finds out who comes, by the session's cookie.
func (v *visit) signedIn() (err error) {
	c, err := v.Cookie(cookieName)
	if err != nil {
		return &dottedline.Problem{Kind: dottedline.SignIn, Text: "Please sign in."}
	}
	v.secret = c.Value
	if v.actor, err = v.desk.Session(v.Context(), v.secret); err != nil {
		return err
	}
	if v.me, err = v.desk.Me(v.Context(), v.actor); err != nil {
		return err
	}
	h, err := v.me.Member.Hours.Local()
	if err != nil {
		return err
	}
	v.me.Member.Hours, v.zone = h, h.Location()
	return nil
}

// anyone serves those who are not signed in.
func (s *server) anyone(f func(*visit) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := s.visit(w, r)
		if err := f(v); err != nil {
			v.fail(err)
		}
	}
}

// raw serves a member with something that is not a page.
func (s *server) raw(f func(*visit) error) http.HandlerFunc {
	return s.anyone(func(v *visit) error {
		if err := v.signedIn(); err != nil {
			return err
		}
		return f(v)
	})
}

// page serves a member with a page.
func (s *server) page(f func(*visit) (templ.Component, error)) http.HandlerFunc {
	return s.raw(func(v *visit) error {
		c, err := f(v)
		if err != nil {
			return err
		}
		return v.render(http.StatusOK, c)
	})
}

// act serves a member who does something; f gives the page to go to.
func (s *server) act(f func(*visit) (to string, err error)) http.HandlerFunc {
	return s.raw(func(v *visit) error {
		to, err := f(v)
		if err == nil {
			v.see(to)
		}
		return err
	})
}

// form serves a member who sends a form. Where f gives a page, the form is
// shown again with what is wrong.
func (s *server) form(f func(*visit) (string, again, error)) http.HandlerFunc {
	return s.raw(func(v *visit) error {
		to, show, err := f(v)
		if err == nil {
			if to != "" { // else f has shown a page itself
				v.see(to)
			}
			return nil
		}
		var p *dottedline.Problem
		if show == nil || !errors.As(err, &p) || p.Kind == dottedline.SignIn {
			return err
		}
		c, err := show(p)
		if err != nil {
			return err
		}
		return v.render(status(p.Kind), c)
	})
}

// origin is where the visitor reaches these pages.
func (v *visit) origin() string {
	if v.TLS != nil || v.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + v.Host
	}
	return "http://" + v.Host
}

func (v *visit) see(to string) { http.Redirect(v.w, v.Request, to, http.StatusSeeOther) }

// render writes a page once all of it is there, so that an error never leaves
// half a page.
func (v *visit) render(code int, c templ.Component) error {
	var b bytes.Buffer
	if err := c.Render(v.Context(), &b); err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	var err error
	pack(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, err = b.WriteTo(w)
	})).ServeHTTP(v.w, v.Request)
	return err
}

// pack compresses pages for those who take gzip. What it adds at random hides
// how well a guess at a secret of the page would compress (BREACH).
var pack = func() func(http.Handler) http.HandlerFunc {
	f, err := gzhttp.NewWrapper(gzhttp.MinSize(1400), gzhttp.CompressionLevel(gzip.BestSpeed), gzhttp.RandomJitter(32, 0, false))
	if err != nil {
		panic(err) // the options are ours, and every test of a page uses them
	}
	return f
}()

// back is the page that a form was on, or else.
func (v *visit) back(otherwise string) string {
	if p, ok := localReferer(v.Request); ok {
		return p
	}
	return otherwise
}

// file reads the file of a form.
func (v *visit) file(field string) (b []byte, name string, err error) {
	f, h, err := v.FormFile(field)
	if err != nil {
		if errors.Is(err, http.ErrMissingFile) {
			return nil, "", dottedline.Wrong("Choose one first.", "There is no file.")
		}
		return nil, "", err
	}
	defer f.Close()
	b, err = io.ReadAll(f)
	return b, h.Filename, err
}
