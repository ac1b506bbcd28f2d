package desk

import (
	"dottedline/mail"
	"fmt"
	"strings"
	"time"
)

type interimDraft struct {
	MessageID     string
	Date          time.Time
	From          mail.Address
	To, Cc        []mail.Address
	Subject, Text string
	Answers       *mail.Message
}

func interimCompose(d interimDraft) ([]byte, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "Message-ID: <%s>\r\nDate: %s\r\nFrom: <%s>\r\n", d.MessageID, d.Date.Format(time.RFC1123Z), d.From.Addr)
	for _, x := range d.To {
		fmt.Fprintf(&b, "To: <%s>\r\n", x.Addr)
	}
	if d.Answers != nil {
		fmt.Fprintf(&b, "In-Reply-To: <%s>\r\nReferences: <%s>\r\n", d.Answers.MessageID, d.Answers.MessageID)
	}
	fmt.Fprintf(&b, "Subject: %s\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", d.Subject, strings.ReplaceAll(d.Text, "\n", "\r\n"))
	return []byte(b.String()), nil
}
func safeHTML(m *mail.Message, remote bool) string { return "" }
