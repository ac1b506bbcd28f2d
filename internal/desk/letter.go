package desk

import (
	"cmp"
	"fmt"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/mail"
)

// letter is a mail that the closing of a deal sends.
type letter struct {
	from     dottedline.MemberID // whose mailbox, as far as there is one
	to       dottedline.Address
	name     string
	and      mail.Address // the zero one, or whom it goes to as well
	subject  string
	text     string
	deal     dottedline.DealID // 0: it is none of the deal's, such as a code
	answers  string            // the Message-ID that it follows in the thread; "" for none
	machine  bool              // no person wrote it: it never moves the ball
	replied  bool              // the same, as the answer to a mail (RFC 3834)
	files    []mail.File
	calendar []byte // an invitation or an answer to one, with its method
	method   string
	once     string        // names it: the same again is no second mail
	undo     time.Duration // how long it can be taken back
}

// noMailbox is said where nothing can be sent.
func noMailbox() error {
	return dottedline.Wrong("Connect one in Settings, Mail.", "There is no mailbox to send from.")
}

// post composes a letter and puts it into the outbox.
func post(t *store.Tx, l letter) (store.Outgoing, error) {
	boxes, err := t.Mailboxes()
	if err != nil {
		return store.Outgoing{}, err
	}
	if len(boxes) == 0 {
		return store.Outgoing{}, noMailbox()
	}
	box := boxes[0]
	for _, b := range boxes {
		if b.Member == l.from {
			box = b
			break
		}
	}
	w, _, err := t.ThisWorkspace()
	if err != nil {
		return store.Outgoing{}, err
	}
	name := w.Name
	if m, err := t.Member(l.from); err == nil {
		name = m.Name
	}
	o := store.Outgoing{Member: l.from, Rcpts: []string{string(l.to)}}
	o.ID, o.Mailbox, o.Deal, o.Due = store.NewID[dottedline.Outgoing](t), box.ID, l.deal, t.Now.Add(l.undo)
	o.MessageID = "dl." + hashOf(l.once + "\n" + t.Workspace().String())[:32] + "@" + cmp.Or(box.Address.Domain(), "localhost")
	d := mail.Draft{MessageID: o.MessageID, Date: t.Now, From: mail.Address{Name: name, Addr: string(box.Address)},
		To: []mail.Address{{Name: l.name, Addr: string(l.to)}}, Subject: l.subject, Text: l.text, Files: l.files, Calendar: l.calendar, Method: l.method}
	if l.and.Addr != "" {
		d.To, o.Rcpts = append(d.To, l.and), append(o.Rcpts, l.and.Addr)
	}
	if l.answers != "" {
		d.InReplyTo, d.References = l.answers, []string{l.answers}
	}
	if l.machine {
		d.Fields = append(d.Fields, mail.Field{Name: "Auto-Submitted", Value: "auto-generated"})
	}
	if l.replied {
		d.Fields = append(d.Fields, mail.Field{Name: "Auto-Submitted", Value: "auto-replied"}, mail.Field{Name: "Precedence", Value: "bulk"})
	}
	if o.Raw, err = mail.Compose(d); err != nil {
		return o, fmt.Errorf("compose: %w", err)
	}
	fresh, err := t.AddOutgoing(o)
	if err != nil || fresh {
		return o, err
	}
	had, _, err := t.OutgoingByMessageID(o.MessageID)
	return had, err
}

// threadWith is the Message-ID of the newest mail of a deal that somebody took
// part in, so that what follows is seen below it; "" if there is none.
func threadWith(t *store.Tx, deal dottedline.DealID, p dottedline.PersonID) (id, subject string, err error) {
	ms, err := t.DealMails(deal, 50)
	for _, m := range ms {
		if m.Person == p && p != 0 && m.Kind == string(mail.Person) {
			return m.MessageID, m.Subject, nil
		}
	}
	return "", "", err
}

// day writes a day in words.
func day(t time.Time, h dottedline.Hours) string {
	return t.In(h.Location()).Format("Monday 2 January")
}

// attachment is a PDF that goes by mail.
func attachment(name string, pdf []byte) mail.File {
	return mail.File{Name: name, Type: "application/pdf", Data: pdf}
}
