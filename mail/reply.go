package mail

import (
	"fmt"
	"strings"
)

// Reply is the draft of an answer to m: addressed, titled and threaded. From,
// MessageID, Date and Text are for the caller. all also copies in everybody
// else whom ours does not know as our own.
func Reply(m *Message, all bool, ours func(addr string) bool) Draft {
	d := Draft{Subject: "Re: " + BaseSubject(m.Subject), InReplyTo: m.MessageID, References: m.References}
	if d.Subject == "Re: " {
		d.Subject = "Re:"
	}
	if len(m.References) == 0 { // RFC 5322 §3.6.4
		d.References = m.InReplyTo[:min(len(m.InReplyTo), 1)]
	}
	seen := map[string]bool{}
	add := func(to *[]Address, from []Address, own bool) {
		for _, a := range from {
			k := strings.ToLower(a.Addr)
			if a.Addr == "" || seen[k] || !own && ours(a.Addr) {
				continue
			}
			seen[k] = true
			*to = append(*to, a)
		}
	}
	switch {
	case len(m.From) > 0 && ours(m.From[0].Addr): // we write again to whom we wrote
		add(&d.To, m.To, false)
	case len(m.ReplyTo) > 0:
		add(&d.To, m.ReplyTo, true)
	default:
		add(&d.To, m.From, true)
	}
	if all {
		add(&d.To, m.To, false)
		add(&d.Cc, m.Cc, false)
	}
	return d
}

// Quote is the text of m as the quote below an answer, with the line that
// introduces it.
func Quote(m *Message) string {
	var o strings.Builder
	who := first(m.From).Name
	if who == "" {
		who = first(m.From).Addr
	}
	if m.Date.IsZero() {
		fmt.Fprintf(&o, "%s wrote:\n", who)
	} else {
		fmt.Fprintf(&o, "On %s, %s wrote:\n", m.Date.Format("2 Jan 2006 at 15:04"), who)
	}
	for line := range strings.SplitSeq(strings.TrimRight(m.Text, "\n"), "\n") {
		if line = strings.TrimRight(line, " "); line == "" {
			o.WriteString(">\n")
		} else {
			o.WriteString("> " + line + "\n")
		}
	}
	return o.String()
}
