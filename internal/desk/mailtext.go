package desk

import (
	"cmp"
	"encoding/base64"
	"strings"

	"dottedline"
	"dottedline/mail"
)

// freshText is what was newly written; a passed-on mail keeps what it passes on.
func freshText(a arrived, parent string) string {
	p := a.fresh
	if parent != "" {
		p = mail.Fresh(a.Message, parent)
	}
	if p.Forward {
		return strings.TrimSpace(p.New + "\n\n" + p.Quoted)
	}
	return strings.TrimSpace(cmp.Or(strings.TrimSpace(p.New), p.Signature))
}

// topicOf is what mails without thread headers have in common: the subject
// without "Re:", and the person.
func topicOf(m *mail.Message, people []dottedline.PersonID) string {
	if len(people) == 0 {
		return ""
	}
	return people[0].String() + " " + cut(clean(strings.ToLower(mail.BaseSubject(m.Subject))), 200)
}

// safeHTML is what of a mail's HTML can be shown: its own pictures inside it,
// remote ones only when the member asks for them.
func safeHTML(m *mail.Message, remote bool) (string, int) {
	return mail.SanitizeHTML(m.HTML, mail.HTMLOptions{Remote: remote, CID: func(cid string) string {
		for _, a := range m.Attachments {
			if a.ContentID == cid && strings.HasPrefix(a.Type, "image/") && a.Size() < 2<<20 {
				return "data:" + a.Type + ";base64," + base64.StdEncoding.EncodeToString(a.Bytes())
			}
		}
		return ""
	}})
}
