package mail

import (
	"strings"
	"time"
)

// Kind is who or what wrote a message.
type Kind string

const (
	Person       Kind = "person"
	AutoReply    Kind = "auto-reply"    // a machine answered for somebody (RFC 3834)
	OutOfOffice  Kind = "out of office" // the same, since the person is away
	Bounce       Kind = "bounce"        // a mail of ours was not delivered, is late, or was called spam
	Newsletter   Kind = "newsletter"    // one text to many
	Calendar     Kind = "calendar"      // invitation, answer or cancellation (iTIP)
	Receipt      Kind = "receipt"       // it was read or delivered (RFC 8098)
	Notification Kind = "notification"  // a machine tells something
)

// Verdict is what Classify found, with the reason in words.
type Verdict struct {
	Kind Kind
	Why  string

	Return  time.Time // OutOfOffice: the day that the text names, zero when none; in the zone of the message
	Failure *Failure  // Bounce only
	Method  string    // Calendar: REQUEST, REPLY, CANCEL …
}

// Machine says whether no person wrote the message by hand.
func (v Verdict) Machine() bool { return v.Kind != Person }

// Classify tells person from machine. What decides stands in the header
// nearly always; words of the text count only where a mail system wrote
// them, so that a person who mentions a newsletter stays a person. A
// person's mail through a mailing list is Person with ListID set.
func Classify(m *Message) Verdict {
	for _, rule := range []func(*Message) (Verdict, bool){receipt, bounce, autoReply, calendar, bulk, notification} {
		if v, ok := rule(m); ok {
			return v
		}
	}
	if m.ListID != "" {
		return Verdict{Kind: Person, Why: "a person's mail through the list " + m.ListID}
	}
	return Verdict{Kind: Person, Why: "nothing says that a machine wrote it"}
}

func receipt(m *Message) (Verdict, bool) {
	_, params := mediaType(m.Header.Get("Content-Type"))
	if strings.EqualFold(params["report-type"], "disposition-notification") || m.part("message/disposition-notification") != nil {
		return Verdict{Kind: Receipt, Why: "a read receipt (RFC 8098)"}, true
	}
	return Verdict{}, false
}

// calendar finds iTIP (RFC 5546). METHOD:PUBLISH and a calendar file without a
// method are something to look at, not a move in a negotiation.
func calendar(m *Message) (Verdict, bool) {
	_, method, ok := m.Invitation()
	switch method {
	case "REQUEST", "REPLY", "CANCEL", "COUNTER", "DECLINECOUNTER", "REFRESH", "ADD":
		return Verdict{Kind: Calendar, Why: "calendar mail (iTIP " + method + ")", Method: method}, ok
	}
	return Verdict{}, false
}

// Invitation is the calendar part of a message with the method that the part or
// its content names, "" for none; ok is false where there is no such part.
func (m *Message) Invitation() (part []byte, method string, ok bool) {
	a := m.part("text/calendar")
	if a == nil {
		if a = m.part("application/ics"); a == nil {
			return nil, "", false
		}
	}
	part = a.Bytes()
	method = strings.ToUpper(strings.TrimSpace(a.Params["method"]))
	if method == "" {
		for line := range strings.Lines(string(part[:min(len(part), 4000)])) {
			if v, ok := strings.CutPrefix(strings.ToUpper(strings.TrimSpace(line)), "METHOD:"); ok {
				method = v
				break
			}
		}
	}
	return part, method, true
}

// part is the first attachment of this type.
func (m *Message) part(typ string) *Attachment {
	for i := range m.Attachments {
		if m.Attachments[i].Type == typ {
			return &m.Attachments[i]
		}
	}
	return nil
}

// bulk tells one text to many from the talk of a mailing list.
func bulk(m *Message) (Verdict, bool) {
	h := m.Header
	precedence := strings.ToLower(h.Get("Precedence"))
	v := Verdict{Kind: Newsletter}
	machine := machineName(m.fromAddr())
	reply := len(m.InReplyTo)+len(m.References) > 0
	post := strings.ToLower(h.Get("List-Post"))
	discussion := strings.Contains(post, "mailto:") || h.Has("X-BeenThere") || h.Has("X-Mailman-Version") || h.Has("X-Google-Group-Id") || h.Has("Mailing-List")
	campaign := sentByCampaign(h)
	switch {
	case discussion && machine == "" && campaign == "":
		return v, false
	case machine != "" && reply && (m.ListID != "" || m.ListUnsubscribe != ""):
		return Verdict{Kind: Notification, Why: "from " + machine + ", in a thread"}, true
	case m.ListUnsubscribe != "" && h.Has("List-Unsubscribe-Post") && !reply:
		v.Why = "it can be unsubscribed from in one click (RFC 8058)"
	case m.ListUnsubscribe != "" && !reply:
		v.Why = "it can be unsubscribed from (List-Unsubscribe)"
	case m.ListID != "" && !reply:
		v.Why = "sent through the list " + m.ListID
	case precedence == "bulk" || precedence == "junk" || precedence == "list" && !reply && m.ListID != "":
		v.Why = "Precedence: " + precedence
	case campaign != "" && !reply:
		v.Why = "sent by a campaign (" + campaign + ")"
	default:
		return v, false
	}
	return v, true
}

// sentByCampaign names the field that mass-mailing services add.
func sentByCampaign(h Header) string {
	for _, f := range h {
		switch n := strings.ToLower(f.Name); n {
		case "feedback-id", "x-campaign", "x-campaignid", "x-campaign-id", "x-mc-user", "x-mailchimp-campaign-id", "x-mailer-lid", "x-csa-complaints",
			"x-report-abuse-to", "x-mailgun-tag", "x-cm-sent", "x-sfmc-stack", "x-marketoid", "x-klaviyo-message-id", "x-newsletter", "x-bulkmail":
			return f.Name
		}
	}
	return ""
}

func notification(m *Message) (Verdict, bool) {
	v := Verdict{Kind: Notification}
	auto := strings.ToLower(m.Header.Get("Auto-Submitted"))
	switch machine := machineName(m.fromAddr()); {
	case strings.HasPrefix(auto, "auto-"):
		v.Why = "Auto-Submitted: " + auto
	case m.Header.Has("X-Autogenerated"):
		v.Why = "X-Autogenerated"
	case machine != "":
		v.Why = "from " + machine
	case m.Header.Get("Return-Path") == "<>" && m.Header.Has("Return-Path"):
		v.Why = "nobody to answer to (empty Return-Path)"
	default:
		return v, false
	}
	return v, true
}

func (m *Message) fromAddr() string {
	if len(m.From) > 0 && m.From[0].Addr != "" {
		return m.From[0].Addr
	}
	if len(m.Sender) > 0 {
		return m.Sender[0].Addr
	}
	return ""
}

// machineName returns the address when its local part is a machine's.
func machineName(addr string) string {
	local, _, _ := strings.Cut(strings.ToLower(addr), "@")
	flat := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' {
			return -1
		}
		return r
	}, local)
	for _, p := range []string{"noreply", "donotreply", "dontreply", "doesnotreply", "nereply", "neotvechat", "nepasrepondre", "noresponder", "nichtantworten", "keineantwort"} {
		if strings.Contains(flat, p) {
			return addr
		}
	}
	for _, p := range []string{"mailerdaemon", "notification", "notifications", "notify", "notifier", "alert", "alerts", "automailer", "autoreply", "autoresponder", "bounce", "bounces", "daemon", "cron", "robot", "mailer", "nobody", "listserv", "majordomo", "jira", "jenkins"} {
		if flat == p {
			return addr
		}
	}
	if first, _, ok := strings.Cut(local, "+"); ok && (first == "bounce" || first == "bounces" || first == "notifications") {
		return addr
	}
	return ""
}
