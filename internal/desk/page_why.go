package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/mail"
)

// WhyNot is one answer to "why is this message not here?".
type WhyNot struct {
	Text string // what is the case
	Note string // of which mail, or what to do
	Mail dottedline.MailID
	At   time.Time // of that mail
}

// whyMails is how many mails an answer names.
const whyMails = 5

// WhyNot answers for a Message-ID or a sender's address: where the mail is and
// why it is no row, or what keeps it from being read.
func (d *Desk) WhyNot(ctx context.Context, a dottedline.Actor, what string) (out []WhyNot, err error) {
	what = strings.Trim(strings.TrimSpace(what), "<>")
	err = d.view(ctx, a, func(t *store.Tx) error {
		ms, err := t.MailByMessageID(what)
		if err != nil {
			return err
		}
		if len(ms) == 0 {
			if ms, err = mailsFrom(t, dottedline.MakeAddress(what)); err != nil {
				return err
			}
		}
		for _, m := range ms[:min(len(ms), whyMails)] {
			w, err := whyHere(t, m)
			if err != nil {
				return err
			}
			out = append(out, w)
		}
		if len(out) == 0 {
			out, err = whyNowhere(t, what)
		}
		return err
	})
	return out, err
}

// mailsFrom are mails of a sender, newest first. Machines are no people, so
// theirs are found by their words, and then looked at.
func mailsFrom(t *store.Tx, sender dottedline.Address) (out []store.Mail, err error) {
	p, ok, err := t.PersonAt(sender)
	if err != nil {
		return nil, err
	}
	if ok {
		if out, err = t.MailsFrom(p.ID, whyMails); err != nil || len(out) > 0 {
			return out, err
		}
	}
	ids, err := t.Find(store.FindMail, string(sender), 4*whyMails)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		raw, err := t.Raw(dottedline.MailID(id))
		if err != nil {
			return nil, err
		}
		if m, _ := mail.Parse(raw); dottedline.MakeAddress(from(m).Addr) != sender {
			continue
		}
		m, err := t.Mail(dottedline.MailID(id))
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

var machineNames = map[mail.Kind]string{
	mail.AutoReply: "an automatic reply", mail.OutOfOffice: "an out-of-office reply", mail.Bounce: "a delivery report",
	mail.Newsletter: "a newsletter", mail.Calendar: "a calendar mail", mail.Receipt: "a read receipt", mail.Notification: "a notification",
}

// whyHere says what became of a mail that was read.
func whyHere(t *store.Tx, m store.Mail) (w WhyNot, err error) {
	w = WhyNot{Mail: m.ID, At: m.At, Note: m.Subject}
	h, err := t.Thread(m.Thread)
	if err != nil {
		return w, err
	}
	switch name, machine := machineNames[mail.Kind(m.Kind)]; {
	case machine:
		w.Text = fmt.Sprintf("It is here, and read as %s, which never moves the ball.", name)
		if m.Why != "" {
			w.Note += " (" + m.Why + ")"
		}
	case h.Deal != 0:
		r, err := t.Deal(h.Deal)
		if err != nil {
			return w, err
		}
		w.Text = "It is here, in the deal " + r.Name + "."
	case h.Offered == "no":
		w.Text = "It is here. Its thread was offered as a deal, and somebody said no."
	case h.Ours == 0 || h.Theirs == 0:
		w.Text = "It is here. Only one side has written in its thread, so it is not offered as a deal yet."
	default:
		w.Text = "It is here, and its thread is offered as a deal at the foot of Now."
	}
	return w, nil
}

// whyNowhere says what may keep a mail from being here.
func whyNowhere(t *store.Tx, what string) (out []WhyNot, err error) {
	boxes, err := mailboxStatus(t)
	if err != nil {
		return nil, err
	}
	if len(boxes) == 0 {
		return []WhyNot{{Text: "No mailbox is connected, so nothing is read."}}, nil
	}
	for _, b := range boxes {
		var names []string
		for _, f := range b.Folders {
			names = append(names, f.Name)
			if f.Error != "" {
				out = append(out, WhyNot{Text: fmt.Sprintf("The folder %s of %s could not be read.", f.Name, b.Address), Note: f.Error})
			}
		}
		switch {
		case b.Error != "":
			out = append(out, WhyNot{Text: fmt.Sprintf("%s can’t be read now.", b.Address), Note: b.Error})
		case b.Progress() < 1:
			out = append(out, WhyNot{Text: fmt.Sprintf("The history of %s is not read to its end.", b.Address), Note: "It may come yet: the newest mails come first."})
		default:
			slices.Sort(names)
			out = append(out, WhyNot{Text: fmt.Sprintf("%s is in step, and there is nothing from %s in it.", b.Address, what), Note: "Read are " + strings.Join(names, ", ") + ". Look in the others, Junk for one, or add a folder under Change."})
		}
	}
	return out, nil
}
