package web

import (
	"mime"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

// letter reads the mail in the address.
func letter(v *visit) (p desk.MailPage, err error) {
	id, err := dottedline.ParseID[dottedline.Mail](v.PathValue("mail"))
	if err != nil {
		return p, dottedline.Missing("message")
	}
	return v.desk.MailPage(v.Context(), v.actor, id, v.FormValue("pictures") != "")
}

// shownRaw is how much of the source of a broken mail is shown.
const shownRaw = 100_000

func letterPage(v *visit) (templ.Component, error) {
	p, err := letter(v)
	if err != nil {
		return nil, err
	}
	m, at := p.Mail, "/messages/"+p.Mail.ID.String()
	out := html.Letter{Subject: m.Subject, From: p.From, To: strings.Join(p.To, ", "), When: v.full(m.At), Text: p.Text}
	if out.Subject == "" {
		out.Subject = "(no subject)"
	}
	if out.Shell, err = v.shell(out.Subject, "deals", ""); err != nil {
		return nil, err
	}
	if p.Deal != 0 {
		if out.Deal, err = v.desk.NameOfDeal(v.Context(), v.actor, p.Deal); err != nil {
			return nil, err
		}
		out.DealHref = "/deals/" + p.Deal.String()
	}
	if p.HTML != "" {
		out.Frame = at + "/html"
		if v.FormValue("pictures") != "" {
			out.Frame += "?pictures=1"
		} else if p.Blocked > 0 {
			out.Remote = at + "?pictures=1"
		}
	}
	if p.Text == "" && p.HTML == "" {
		out.Raw = string(p.Raw[:min(len(p.Raw), shownRaw)])
	}
	out.Broken = strings.Join(m.Problems, " ")
	for i, a := range p.Attachments {
		name := a.Name
		if name == "" {
			name = a.Type
		}
		out.Files = append(out.Files, html.LetterFile{Name: name, Size: size(len(a.Bytes())), Href: at + "/files/" + strconv.Itoa(i)})
	}
	return html.LetterPage(out), nil
}

// framePolicy is for the frame around a mail's own HTML: no script, no form, no
// request to anywhere unless the member asked for pictures.
const framePolicy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; img-src data:"

func letterFrame(v *visit) error {
	p, err := letter(v)
	if err != nil {
		return err
	}
	h, policy := v.w.Header(), framePolicy
	if v.FormValue("pictures") != "" {
		policy += " https: http:"
	}
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	_, err = v.w.Write([]byte(`<!doctype html><meta charset="utf-8"><base target="_blank"><style>body{margin:1.5rem;font:16px/1.5 Georgia,serif;color:#15171f;background:#fff;overflow-wrap:break-word}img{max-width:100%;height:auto}</style>` + p.HTML))
	return err
}

// letterFile hands out an attachment; it is never shown as a page.
func letterFile(v *visit) error {
	p, err := letter(v)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(v.PathValue("n"))
	if err != nil || n < 0 || n >= len(p.Attachments) {
		return dottedline.Missing("file")
	}
	a := p.Attachments[n]
	v.download(a.Name, a.Bytes())
	return nil
}

// download answers with a file that is kept and never shown as a page.
func (v *visit) download(name string, body []byte) {
	h := v.w.Header()
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Cache-Control", "no-store")
	v.w.Write(body) // whoever went away misses it
}
