package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

// provider is what is known of a mail provider.
type provider struct {
	domains    []string
	imap, smtp desk.Server
	help       *html.MailHelp
}

func tlsOn(host string, port int) desk.Server { return desk.Server{Host: host, Port: port, TLS: "tls"} }
func starttls(host string) desk.Server        { return desk.Server{Host: host, Port: 587, TLS: "starttls"} }
func appPassword(name, where string, steps ...string) *html.MailHelp {
	return &html.MailHelp{Title: name + " wants an app password.", Steps: steps, Href: where, HrefLabel: "Make an app password"}
}

// providers, by the domains of their addresses, from their own help pages.
var providers = []provider{
	{[]string{"gmail.com", "googlemail.com"}, tlsOn("imap.gmail.com", 993), tlsOn("smtp.gmail.com", 465),
		appPassword("Gmail", "https://myaccount.google.com/apppasswords", "Turn on 2-Step Verification in your Google account.", "Make an app password named Dottedline.", "Paste its 16 letters below.")},
	{[]string{"outlook.com", "hotmail.com", "live.com", "msn.com", "office365.com"}, tlsOn("outlook.office365.com", 993), starttls("smtp.office365.com"),
		&html.MailHelp{Title: "Microsoft wants a token instead of a password.", Steps: []string{"Microsoft has ended sign-in by password for IMAP, and ends it for SMTP.", "Register an app of your own, or ask your administrator for one.", "Choose XOAUTH2 below and paste the access token."},
			Href: "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth", HrefLabel: "How Microsoft does it"}},
	{[]string{"icloud.com", "me.com", "mac.com"}, tlsOn("imap.mail.me.com", 993), starttls("smtp.mail.me.com"),
		appPassword("iCloud", "https://account.apple.com/account/manage", "Sign in to your Apple account.", "Choose App-Specific Passwords and make one named Dottedline.")},
	{[]string{"yahoo.com", "ymail.com", "rocketmail.com"}, tlsOn("imap.mail.yahoo.com", 993), tlsOn("smtp.mail.yahoo.com", 465),
		appPassword("Yahoo", "https://login.yahoo.com/account/security", "Open Account security.", "Choose Generate app password.")},
	{[]string{"fastmail.com", "fastmail.fm"}, tlsOn("imap.fastmail.com", 993), tlsOn("smtp.fastmail.com", 465),
		appPassword("Fastmail", "https://app.fastmail.com/settings/security/integrations", "Open Privacy and security, Manage app passwords.", "Make one with access to mail.")},
	{[]string{"gmx.net", "gmx.de", "gmx.com"}, tlsOn("imap.gmx.net", 993), tlsOn("mail.gmx.net", 465),
		&html.MailHelp{Title: "GMX opens IMAP on request.", Steps: []string{"Settings, POP3 & IMAP, allow access.", "With two-factor sign-in, make an app password there."}}},
	{[]string{"web.de"}, tlsOn("imap.web.de", 993), starttls("smtp.web.de"),
		&html.MailHelp{Title: "WEB.DE opens IMAP on request.", Steps: []string{"Settings, POP3 & IMAP, allow access."}}},
	{[]string{"posteo.de", "posteo.net"}, tlsOn("posteo.de", 993), tlsOn("posteo.de", 465), nil},
	{[]string{"mailbox.org"}, tlsOn("imap.mailbox.org", 993), tlsOn("smtp.mailbox.org", 465), nil},
}

// guess is what most likely reaches an address: its provider's servers, or the
// names that nearly every house uses.
func guess(a dottedline.Address) provider {
	for _, p := range providers {
		if slices.Contains(p.domains, a.Domain()) {
			return p
		}
	}
	return provider{imap: tlsOn("imap."+a.Domain(), 993), smtp: tlsOn("smtp."+a.Domain(), 465)}
}

func connectPage(v *visit) (templ.Component, error) {
	s, err := v.shell("Connect a mailbox", "settings", "")
	if err != nil {
		return nil, err
	}
	f := html.MailForm{Shell: s}
	a := dottedline.MakeAddress(v.URL.Query().Get("address"))
	if a == "" {
		return html.MailFormPage(f), nil
	}
	if a.Domain() == "" {
		f.Address = string(a)
		f.Problem = &html.Problem{Text: "That is not a mail address.", Hint: "Write it like you@example.com."}
		return html.MailFormPage(f), nil
	}
	g := guess(a)
	f.Help = g.help
	fill(&f, desk.Account{Address: a, User: string(a), IMAP: g.imap, SMTP: g.smtp, Auth: "password"})
	return html.MailFormPage(f), nil
}

func changeBoxPage(v *visit) (templ.Component, error) {
	b, err := v.box()
	if err != nil {
		return nil, err
	}
	s, err := v.shell("Change a mailbox", "settings", "")
	f := html.MailForm{Shell: s, ID: b.ID.String(), Help: guess(b.Address).help}
	b.Account.Address = b.Address
	fill(&f, b.Account)
	return html.MailFormPage(f), err
}

// fill shows an account in the form, all but its secret.
func fill(f *html.MailForm, a desk.Account) {
	f.Guessed, f.Address, f.User = true, string(a.Address), a.User
	f.IMAP, f.SMTP = serverForm(a.IMAP), serverForm(a.SMTP)
	f.Auth = []html.Choice{{Value: "password", Label: "Password", Chosen: a.Auth != "xoauth2"}, {Value: "xoauth2", Label: "Token (XOAUTH2)", Chosen: a.Auth == "xoauth2"}}
	f.Folders = strings.Join(a.Folders, ", ")
	var makes []string
	for folder := range a.Makes {
		makes = append(makes, folder)
	}
	slices.Sort(makes)
	f.Makes = strings.Join(makes, ", ")
}

func serverForm(s desk.Server) html.Server {
	out := html.Server{Host: s.Host, Port: strconv.Itoa(s.Port)}
	for _, c := range []html.Choice{{Value: "tls", Label: "TLS"}, {Value: "starttls", Label: "STARTTLS"}, {Value: "none", Label: "None (this machine)"}} {
		c.Chosen = c.Value == s.TLS
		out.Safety = append(out.Safety, c)
	}
	return out
}

// connect keeps a new or a changed account, or disconnects one.
func connect(v *visit) (string, func(*dottedline.Problem) (templ.Component, error), error) {
	if v.PathValue("box") != "" {
		b, err := v.box()
		if err != nil {
			return "", nil, err
		}
		if v.PostFormValue("remove") != "" {
			return "/settings/mail", nil, v.desk.Disconnect(v.Context(), v.actor, b.ID)
		}
	}
	a := v.account()
	again := func(p *dottedline.Problem) (templ.Component, error) {
		s, err := v.shell("Connect a mailbox", "settings", "")
		f := html.MailForm{Shell: s, ID: v.PathValue("box"), Help: guess(a.Address).help, Problem: &html.Problem{Text: p.Text, Hint: p.Hint}}
		fill(&f, a)
		return html.MailFormPage(f), err
	}
	full, untried, err := v.desk.Untried(v.Context(), v.actor, a)
	if err == nil && untried && v.opt.Try != nil {
		err = v.opt.Try(v.Context(), full)
	}
	if err != nil {
		return "", again, err
	}
	full.Secret = a.Secret // what is kept may have changed by the try
	_, err = v.desk.Connect(v.Context(), v.actor, full)
	return "/settings/mail", again, err
}

// account is what the form says.
func (v *visit) account() desk.Account {
	server := func(name string) desk.Server {
		port, _ := strconv.Atoi(v.PostFormValue(name + "-port")) // 0 is refused by the desk, in words
		return desk.Server{Host: strings.TrimSpace(v.PostFormValue(name + "-host")), Port: port, TLS: v.PostFormValue(name + "-tls")}
	}
	a := desk.Account{
		Address: dottedline.MakeAddress(v.PostFormValue("address")), User: strings.TrimSpace(v.PostFormValue("user")), Auth: v.PostFormValue("auth"),
		Secret: v.PostFormValue("password"), IMAP: server("imap"), SMTP: server("smtp"), Folders: list(v.PostFormValue("folders")),
	}
	for _, folder := range list(v.PostFormValue("makes")) {
		if a.Makes == nil {
			a.Makes = map[string]dottedline.Kind{}
		}
		a.Makes[folder] = dottedline.Sale
		if !slices.Contains(a.Folders, folder) {
			a.Folders = append(a.Folders, folder)
		}
	}
	return a
}

// list splits at commas and lines.
func list(s string) (out []string) {
	for _, x := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '\n' }) {
		if x = strings.TrimSpace(x); x != "" {
			out = append(out, x)
		}
	}
	return out
}
