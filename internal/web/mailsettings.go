package web

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

func mailPage(v *visit) (templ.Component, error) {
	p, err := mailSettings(v)
	return html.MailPage(p), err
}

// mailSettings says what was read, when, and what went wrong.
func mailSettings(v *visit) (out html.MailSettings, err error) {
	stream, why := "/live?page=mail", strings.TrimSpace(v.URL.Query().Get("why"))
	if why != "" {
		stream += "&why=" + url.QueryEscape(why)
	}
	if out.Shell, err = v.shell("Mail", "settings", stream); err != nil {
		return out, err
	}
	boxes, err := v.desk.Mailboxes(v.Context(), v.actor)
	if err != nil {
		return out, err
	}
	owns, err := v.desk.Aliases(v.Context(), v.actor)
	if err != nil {
		return out, err
	}
	for _, b := range boxes {
		m := v.mailbox(b)
		for _, o := range owns {
			if o.Mailbox == b.ID && o.Address != b.Address {
				m.Aliases = append(m.Aliases, html.Alias{Address: string(o.Address), Kind: string(o.Kind)})
			}
		}
		m.Kinds = kindChoices("")
		out.Boxes = append(out.Boxes, m)
	}
	if out.Ask = why; why != "" {
		answers, err := v.desk.WhyNot(v.Context(), v.actor, why)
		if err != nil {
			return out, err
		}
		for _, a := range answers {
			w := html.Why{Text: a.Text, Note: a.Note}
			if a.Mail != 0 {
				w.Href, w.Note = "/messages/"+a.Mail.String(), v.day(a.At)+", "+a.Note
			}
			out.Answers = append(out.Answers, w)
		}
		here := slices.ContainsFunc(answers, func(a desk.WhyNot) bool { return a.Mail != 0 })
		if !here && v.URL.Path == "/settings/mail" { // the page's stream does not ask again
			out.Answers = append(out.Answers, v.askServers(boxes, why)...)
		}
	}
	return out, nil
}

// askFor bounds how long the page waits for the servers' answers.
const askFor = 10 * time.Second

// askServers asks every mailbox's server about a mail that is not here.
func (v *visit) askServers(boxes []desk.MailboxStatus, why string) (out []html.Why) {
	if v.opt.Why == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(v.Context(), askFor)
	defer cancel()
	for _, b := range boxes {
		texts, err := v.opt.Why(ctx, v.actor.Workspace, b.ID, why)
		if err != nil {
			out = append(out, html.Why{Text: "The server could not be asked now.", Note: string(b.Address)})
			continue
		}
		for _, t := range texts {
			out = append(out, html.Why{Text: t, Note: "says the server of " + string(b.Address)})
		}
	}
	return out
}

// shownOdd is how many odd answers of a server are shown, the last ones.
const shownOdd = 50

func (v *visit) mailbox(b desk.MailboxStatus) html.Mailbox {
	a := b.Account
	m := html.Mailbox{
		ID: b.ID.String(), Address: string(b.Address), Percent: int(100 * b.Progress()),
		Servers: fmt.Sprintf("Reads %s, sends by %s.", hostPort(a.IMAP), hostPort(a.SMTP)),
	}
	switch {
	case b.Error != "":
		m.State = "Not in step"
		m.Problem = &html.Problem{Text: b.Error, Hint: "Dottedline tries again by itself. If the password has changed, press Change."}
	case !b.Connected && b.LastSync.IsZero():
		m.State = "Connecting"
	case !b.Connected:
		m.State = "Not connected"
	case m.Percent < 100:
		m.State = "Reading history"
	default:
		m.State = "In step, listening"
	}
	var read, total int64
	for _, f := range b.Folders {
		read, total = read+min(f.Read, f.Total), total+f.Total
		m.Folders = append(m.Folders, html.Folder{Name: f.Name, Synced: v.ago(f.LastSync), Count: number(f.Total), Problem: f.Error})
	}
	m.Progress = fmt.Sprintf("%s of %s messages read, newest first.", number(read), number(total))
	for _, s := range slices.Backward(b.Odd[max(0, len(b.Odd)-shownOdd):]) {
		m.Odd = append(m.Odd, s)
	}
	return m
}

func hostPort(s desk.Server) string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

func boxID(v *visit) (dottedline.MailboxID, error) {
	id, err := dottedline.ParseID[dottedline.Mailbox](v.PathValue("box"))
	if err != nil {
		return 0, dottedline.Missing("mailbox")
	}
	return id, nil
}

// box is the mailbox in the address, of the member's workspace.
func (v *visit) box() (b desk.MailboxStatus, err error) {
	id, err := boxID(v)
	if err != nil {
		return b, err
	}
	boxes, err := v.desk.Mailboxes(v.Context(), v.actor)
	for _, b := range boxes {
		if b.ID == id {
			return b, nil
		}
	}
	if err == nil {
		err = dottedline.Missing("mailbox")
	}
	return b, err
}

func syncNow(v *visit) (string, error) {
	b, err := v.box()
	if err == nil && v.opt.SyncNow != nil {
		v.opt.SyncNow(v.actor.Workspace, b.ID)
	}
	return "/settings/mail", err
}

// aliases adds an address that is ours too, or forgets one.
func aliases(v *visit) (string, error) {
	b, err := v.box()
	if err != nil {
		return "", err
	}
	if gone := v.PostFormValue("drop"); gone != "" {
		return "/settings/mail", v.desk.DropAlias(v.Context(), v.actor, gone)
	}
	return "/settings/mail", v.desk.AddAlias(v.Context(), v.actor, b.ID, v.PostFormValue("address"), dottedline.Kind(v.PostFormValue("kind")))
}
