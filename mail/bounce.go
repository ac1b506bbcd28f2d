package mail

import (
	"bytes"
	"regexp"
	"strings"
)

// Failure is what a bounce says of the mail that it is about. Everything but
// Permanent may be empty.
type Failure struct {
	Recipient  string // who was not reached
	Status     string // enhanced code such as 5.1.1 (RFC 3463), or the three-digit SMTP code
	Diagnostic string // the other server's words
	Permanent  bool   // false: it is late and tried again
	Complaint  bool   // the recipient called it spam (RFC 5965)
	OriginalID string // Message-ID of the mail that failed, without <>
}

var (
	bounceSubject = regexp.MustCompile(`(?i)(undeliver|returned (e?mail|to sender|message)|mail (could not be delivered|delivery (fail|status|report|system|error|problem|subsystem)|failure|error|system error)|delivery[ _](status )?(notification|failure|failed|has failed|report|problem|error|delayed|incomplete)|delivery of your (mail|message)|fail(ure|ed)[ _](notice|delivery|mail|message)|non[- ]?(delivery|remis|deliverable)|message (delivery|delayed|could not|not delivered|bounced|undelivered)|warning: (message|could not send|mail)|could not (send|deliver) message|couldn't be delivered|email bounce|errors? (from|sending your mail)|delayed mail|rejected mail|mail refused|unzustellbar|nicht zugestellt|zustellung.*fehl|non remis|échec de (la )?remise|no se (ha )?(pudo|podido) entregar|mancat[ao] (recapito|consegna)|não (foi )?(pôde|pode|entregue)|onbestelbaar|niet bezorgd|nie dostarczono|недоставлен|не доставлено|сообщение не|are not (a )?member|complaint about message|エラー通知|配信(でき|不能|エラー|に失敗)|退信|无法投递|投递失败)`)
	bounceBody    = regexp.MustCompile(`(?i)(could ?n[o']t be delivered|could not deliver|not delivered to|undeliverable|delivery (to the following|has failed|failed|error|status)|unable to deliver|mailbox (is )?(full|unavailable|not found)|user unknown|unknown user|no such user|does not exist|permanent (fatal )?error|returned to (you|sender)|wasn't able to deliver|was rejected|recipient (address )?rejected|the following address|host unknown|delivery errors?|could not be sent|bounced|did not reach|not (a )?member of this|couldn't (be )?deliver|not be delivered|550[ -])`)
	daemon        = regexp.MustCompile(`(?i)^"?(mailer[-_.]?daemon|mail[-_.]?daemon|postmaster|mail(er)?[-_.]?delivery|mmdf|bounce[-_.]?handler|mail[ -]?(delivery )?(sub)?system|exchange ?server|mail administrator|system administrator|mdaemon|mail server)`)
	enhanced      = regexp.MustCompile(`\b([245]\.[0-7]\.\d{1,3})\b`)
	smtpCode      = regexp.MustCompile(`(?:^|[\s:(#<"'])([45][0-5]\d)(?:[ \-]|:|$)`)
	addrInText    = regexp.MustCompile(`[A-Za-z0-9._%+'=/~-]+@[A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9]`)
	originalID    = regexp.MustCompile(`(?im)^[ \t>|]*message-id:[ \t]*\r?\n?[ \t]*<([^<>\s]+)>`)
	notFinal      = regexp.MustCompile(`(?i)(will (continue|keep|be retried|retry)|still being|delayed|no action is required|warning message only|delivery attempts will continue|has not been delivered yet|(do|need) not (need )?(to )?resend|deferred)`)
)

// bounce finds failure reports by RFC 3464, complaints by RFC 5965, and the
// free-form reports of the many systems that follow neither.
func bounce(m *Message) (Verdict, bool) {
	_, params := mediaType(m.Header.Get("Content-Type"))
	switch report := strings.ToLower(params["report-type"]); {
	case report == "feedback-report" || m.part("message/feedback-report") != nil:
		f := &Failure{Complaint: true, Permanent: true, OriginalID: m.originalID()}
		f.fromComplaint(m)
		return Verdict{Kind: Bounce, Why: "the recipient's provider reports it as spam (RFC 5965)", Failure: f}, true
	case report == "delivery-status" || m.part("message/delivery-status") != nil || m.part("message/global-delivery-status") != nil:
		return deliveryReport(m)
	}
	why := looksBounced(m)
	if why == "" {
		return Verdict{}, false
	}
	return Verdict{Kind: Bounce, Why: why, Failure: m.failureFromText()}, true
}

// looksBounced is for reports in free form. Two signs are asked for, so that
// a person who forwards a bounce or writes about one is not taken for a mail
// system.
func looksBounced(m *Message) string {
	h := m.Header
	system := false
	from := first(m.From)
	for _, who := range []string{from.Addr, from.Name, first(m.Sender).Addr, first(m.Sender).Name, strings.Trim(h.Get("Return-Path"), "<>"), h.Text("From")} {
		system = system || isDaemon(who)
	}
	empty := h.Has("Return-Path") && h.Get("Return-Path") == "<>"
	titled := maybeBounce(m.Subject) && bounceSubject.MatchString(m.Subject)
	body := func() bool { return bounceBody.MatchString(m.Text[:min(len(m.Text), 4000)]) }
	answered := len(m.InReplyTo) > 0 && !empty && !system
	switch {
	case h.Has("X-Failed-Recipients") && (system || empty || titled):
		return "X-Failed-Recipients"
	case sesReport.MatchString(m.Text[:min(len(m.Text), 2000)]):
		return "a report of Amazon SES"
	case h.Has("X-MLServer") && titled:
		return "a list server refused the mail"
	case system && (titled || body()):
		return "a mail system reports a failed delivery"
	case empty && titled && !answered:
		return "titled as a failed delivery, with an empty Return-Path"
	case strings.HasPrefix(m.Subject, "complaint about message") && m.original().Has("X-HmXmrOriginalRecipient"):
		return "Microsoft reports it as spam"
	case titled && body() && hasOriginal(m) && !answered:
		return "titled as a failed delivery, with the failed mail below"
	}
	return ""
}

func isDaemon(s string) bool {
	low := strings.ToLower(s)
	for _, w := range []string{"daemon", "master", "mail", "mmdf", "bounce", "system", "administrator"} {
		if strings.Contains(low, w) {
			return daemon.MatchString(s)
		}
	}
	return false
}

// maybeBounce is a cheap look before the pattern: most subjects have none of
// its letters together.
func maybeBounce(s string) bool {
	low := strings.ToLower(s)
	for _, w := range []string{"deliver", "livr", "return", "fail", "error", "message", "mail", "bounce", "member", "complaint", "zu", "remi", "entreg", "recapito", "consegna", "bezorgd", "bestelbaar", "dostarcz", "достав", "сообщ", "エラー", "配信", "退信", "投递"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

func first(l []Address) Address {
	if len(l) > 0 {
		return l[0]
	}
	return Address{}
}

// sesReport is the JSON that Amazon's notification service mails.
var sesReport = regexp.MustCompile(`notificationType\\?"\s*:\s*\\?"(Bounce|Complaint)`)

var copyBelow = regexp.MustCompile(`(?im)^(-+ ?.*\b(copy|original|returned|unsent|included|header|undelivered)\b.*|below this line is a copy.*|(the )?original message( headers?)? (follows|below).*|message headers? follow.*|copy of (the|your) message.*|(bounced|returned|unsent|your) (e-?mail|message)( follows)?:|received: ?(from|by).*|return-path: ?<.*)$`)

// hasOriginal says whether the mail that failed is attached or quoted whole.
func hasOriginal(m *Message) bool {
	return m.part("message/rfc822") != nil || m.part("text/rfc822-headers") != nil || copyBelow.MatchString(m.Text) || originalID.MatchString(m.Text)
}

// deliveryReport reads message/delivery-status (RFC 3464 §2).
func deliveryReport(m *Message) (Verdict, bool) {
	f := &Failure{Permanent: true, OriginalID: m.originalID()}
	action := ""
	a := m.part("message/delivery-status")
	if a == nil {
		a = m.part("message/global-delivery-status")
	}
	if a != nil {
		b := bytes.TrimLeft(a.Bytes(), "\r\n \t")
		for n := 0; len(b) > 0 && n < 1000; n++ {
			h, rest, _ := readHeader(b, false)
			b = bytes.TrimLeft(rest, "\r\n \t")
			if len(h) == 0 {
				if _, b = cutLine(b); len(b) == 0 {
					break
				}
				continue
			}
			if act := strings.ToLower(h.Get("Action")); f.Recipient == "" || act == "failed" && action != "failed" {
				if r := reportAddress(h.Get("Original-Recipient"), h.Get("Final-Recipient"), h.Get("X-Actual-Recipient")); r != "" {
					f.Recipient = r
					f.Status = firstOf(enhanced.FindString(h.Get("Status")), f.Status)
					f.Diagnostic = diagnostic(h.Get("Diagnostic-Code"))
					action = strings.TrimSpace(act)
				}
			}
		}
	}
	switch {
	case strings.HasPrefix(action, "delivered") || strings.HasPrefix(action, "relayed") || strings.HasPrefix(action, "expanded"):
		return Verdict{Kind: Receipt, Why: "a delivery receipt (RFC 3464, " + action + ")"}, true
	case strings.HasPrefix(action, "delayed"):
		f.Permanent = false
	case action == "":
		t := m.failureFromText()
		f.Recipient, f.Status, f.Permanent = firstOf(f.Recipient, t.Recipient), firstOf(f.Status, t.Status), t.Permanent
	}
	if strings.HasPrefix(f.Status, "4") && action != "failed" {
		f.Permanent = false
	}
	if f.Status == "" || strings.HasSuffix(f.Status, ".0.0") {
		f.Status = firstOf(enhanced.FindString(f.Diagnostic), f.Status)
	}
	why := "a delivery report (RFC 3464)"
	if action != "" {
		why = "a delivery report (RFC 3464, " + action + ")"
	}
	return Verdict{Kind: Bounce, Why: why, Failure: f}, true
}

func firstOf(s ...string) string {
	for _, x := range s {
		if x != "" {
			return x
		}
	}
	return ""
}

// reportAddress reads "rfc822; user@example.com".
func reportAddress(values ...string) string {
	for _, v := range values {
		if _, after, ok := strings.Cut(v, ";"); ok {
			v = after
		}
		if a := addrInText.FindString(v); a != "" {
			return cleanAddr(a)
		}
	}
	return ""
}

func diagnostic(s string) string {
	if _, after, ok := strings.Cut(s, ";"); ok {
		s = after
	}
	return cutRunes(oneLine(s), 500)
}

func cutRunes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
