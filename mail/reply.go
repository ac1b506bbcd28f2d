package mail

import "strings"

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
