package web

import (
	"cmp"
	"errors"
	"net"
	"net/http"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

const cookieName = "dottedline"

// stay signs the browser in.
func (v *visit) stay(secret string) {
	http.SetCookie(v.w, &http.Cookie{
		Name: cookieName, Value: secret, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: v.TLS != nil || v.Header.Get("X-Forwarded-Proto") == "https", MaxAge: int((30 * 24 * time.Hour).Seconds()),
	})
}

// entered signs in, or shows the page again with what is wrong.
func (v *visit) entered(secret string, err error, again func(html.Entry, int) error) error {
	if err == nil {
		v.stay(secret)
		to := "/now"
		if v.FormValue("to") != "" && local(v.FormValue("to")) {
			to = v.FormValue("to")
		}
		v.see(to)
		return nil
	}
	var p *dottedline.Problem
	if !errors.As(err, &p) {
		return err
	}
	return again(html.Entry{
		Assets: v.assets.Prefix(), Action: v.URL.RequestURI(), Problem: &html.Problem{Text: p.Text, Hint: p.Hint},
		Email: v.FormValue("email"), Name: v.FormValue("name"), Team: v.FormValue("team"), Currency: v.FormValue("currency"), Zone: v.FormValue("zone"), To: v.FormValue("to"),
	}, status(p.Kind))
}

func (v *visit) entry() html.Entry {
	return html.Entry{Assets: v.assets.Prefix(), Action: v.URL.Path, Currency: "USD", Zone: "UTC", To: v.FormValue("to")}
}

func (v *visit) showSignIn(e html.Entry, code int) error { return v.render(code, html.SignInPage(e)) }
func (v *visit) showSetup(e html.Entry, code int) error  { return v.render(code, html.SetupPage(e)) }

// showJoin says whom one joins; an invitation that is used up is an error.
func (v *visit) showJoin(e html.Entry, code int) (err error) {
	if e.Team, err = v.desk.Invited(v.Context(), v.PathValue("secret")); err != nil {
		return err
	}
	return v.render(code, html.JoinPage(e))
}

func signInPage(v *visit) error { return v.showSignIn(v.entry(), http.StatusOK) }

func signIn(v *visit) error {
	from, _, err := net.SplitHostPort(v.RemoteAddr)
	if err != nil {
		from = v.RemoteAddr
	}
	secret, err := v.desk.SignIn(v.Context(), v.FormValue("email"), v.FormValue("password"), from)
	return v.entered(secret, err, v.showSignIn)
}

func signOut(v *visit) (string, error) {
	http.SetCookie(v.w, &http.Cookie{Name: cookieName, Path: "/", MaxAge: -1})
	return "/sign-in", v.desk.SignOut(v.Context(), v.actor, v.secret)
}

func setupPage(v *visit) error {
	ok, err := v.desk.CanSetUp(v.Context(), v.PathValue("secret"))
	if err != nil {
		return err
	}
	if !ok {
		return &dottedline.Problem{Kind: dottedline.Forbidden, Text: "This set-up link has been used.", Hint: "Sign in, or start the program again for a new link."}
	}
	return v.showSetup(v.entry(), http.StatusOK)
}

func setUp(v *visit) error {
	secret, err := v.desk.SetUp(v.Context(), v.PathValue("secret"), desk.NewOwner{
		Workspace: v.FormValue("team"), Currency: cmp.Or(v.FormValue("currency"), "USD"), Name: v.FormValue("name"),
		Email: v.FormValue("email"), Password: v.FormValue("password"), Zone: v.FormValue("zone"),
	})
	return v.entered(secret, err, v.showSetup)
}

func joinPage(v *visit) error { return v.showJoin(v.entry(), http.StatusOK) }

func join(v *visit) error {
	secret, err := v.desk.Join(v.Context(), v.PathValue("secret"), v.FormValue("email"), v.FormValue("name"), v.FormValue("password"), v.FormValue("zone"))
	return v.entered(secret, err, v.showJoin)
}

// enter signs in by the demo's link.
func enter(v *visit) error {
	if !v.opt.Enter {
		return missing
	}
	if _, err := v.desk.Session(v.Context(), v.PathValue("secret")); err != nil {
		return err
	}
	v.stay(v.PathValue("secret"))
	v.see("/now")
	return nil
}
