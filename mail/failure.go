package mail

import (
	"bytes"
	"strings"
)

// failureFromText looks for the code and the recipient in a report in free
// form.
func (m *Message) failureFromText() *Failure {
	text := m.Text
	own := text
	if i := copyBelow.FindStringIndex(text); i != nil && i[0] > 20 {
		own = text[:i[0]]
	}
	own = strings.ReplaceAll(own[:min(len(own), 8000)], `\"`, `"`)
	f := &Failure{OriginalID: m.originalID(), Permanent: true}
	f.Complaint = strings.HasPrefix(m.Subject, "complaint about message") || strings.Contains(own, `notificationType":"Complaint`)
	f.Status = enhanced.FindString(own)
	if f.Status == "" {
		if g := smtpCode.FindStringSubmatch(own); g != nil {
			f.Status = g[1]
		}
	}
	f.Permanent = !notFinal.MatchString(m.Subject) && (strings.HasPrefix(f.Status, "5") || !notFinal.MatchString(own))
	if a := addresses(m.Header.Get("X-Failed-Recipients")); len(a) > 0 {
		f.Recipient = a[0].Addr
		return f
	}
	// the reporter and the one reported to are named too: neither failed
	skip := map[string]bool{strings.ToLower(m.fromAddr()): true}
	for _, a := range m.To {
		skip[strings.ToLower(a.Addr)] = true
	}
	for _, a := range addrInText.FindAllString(own, 50) {
		a = cleanAddr(strings.TrimPrefix(a, "="))
		low := strings.ToLower(a)
		if skip[low] || isDaemon(a) || strings.Contains(low, "support@") || strings.Contains(low, "abuse@") {
			continue
		}
		f.Recipient = a
		break
	}
	if f.Recipient == "" {
		if h := m.original(); h != nil {
			f.Recipient = first(addresses(h.Get("To"))).Addr
		}
	}
	for line := range strings.Lines(own) {
		if bounceBody.MatchString(line) || f.Status != "" && strings.Contains(line, f.Status) {
			f.Diagnostic = cutRunes(oneLine(line), 500)
			if strings.Contains(line, f.Status) {
				break
			}
		}
	}
	return f
}

func (f *Failure) fromComplaint(m *Message) {
	if a := m.part("message/feedback-report"); a != nil {
		h, _, _ := readHeader(bytes.TrimLeft(a.Bytes(), "\r\n"), false)
		f.Recipient = reportAddress(h.Get("Original-Rcpt-To"), h.Get("Removal-Recipient"))
		f.Diagnostic = oneLine(h.Get("Feedback-Type"))
	}
	if h := m.original(); f.Recipient == "" && h != nil {
		f.Recipient = first(addresses(h.Get("To"))).Addr
	}
}

// original is the header of the returned mail.
func (m *Message) original() Header {
	for _, typ := range []string{"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers"} {
		if a := m.part(typ); a != nil {
			h, _, _ := readHeader(bytes.TrimLeft(a.Bytes(), "\r\n"), true)
			if len(h) > 0 {
				return h
			}
		}
	}
	return nil
}

func (m *Message) originalID() string {
	if h := m.original(); h != nil {
		if ids := messageIDs(h.Get("Message-ID")); len(ids) > 0 {
			return ids[0]
		}
	}
	if g := originalID.FindStringSubmatch(m.Text); g != nil {
		return g[1]
	}
	return ""
}
