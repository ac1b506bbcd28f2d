package desk

import (
	"slices"
	"strings"

	"dottedline"
	"dottedline/internal/store"
)

// awayNote sends the one note about an absence to who wrote to a member that is
// away and has nobody to stand in. It keeps to RFC 3834: never to a machine or a
// list, only where the member was written to by name, never twice, and marked as
// what it is, so that no other program answers it.
func (b *batch) awayNote(m store.Mail, a arrived) error {
	box, err := b.Mailbox(a.Place.Mailbox)
	if err != nil {
		return err
	}
	told, err := b.Told()
	if err != nil {
		return err
	}
	x, ok := told[box.Member]
	if !ok || x.Away.From == "" {
		return nil
	}
	h, err := hours(b.Tx, box.Member)
	if err != nil || !x.Away.Holds(b.Now, h) || x.Away.Stand != 0 || !b.named(a, box.ID) {
		return err
	}
	p, err := b.Person(m.Person)
	if err != nil || strings.HasPrefix(string(p.Address), "no-reply@") || strings.HasPrefix(string(p.Address), "noreply@") {
		return err
	}
	first, err := b.AddAwayNote(box.Member, p.ID, x.Away.From)
	if err != nil || !first {
		return err
	}
	me, err := b.Member(box.Member)
	if err != nil {
		return err
	}
	text := "Hello,\n\n"
	if f := p.First(); f != "" {
		text = "Hello " + f + ",\n\n"
	}
	text += "thank you for your mail. I am away and read it when I am back: I answer from " + day(x.Away.Back(h), h) + " on.\n"
	if x.Away.Note != "" {
		text += "\n" + x.Away.Note + "\n"
	}
	text += "\n" + me.Name + "\n"
	_, err = post(b.Tx, letter{from: box.Member, to: dottedline.MakeAddress(from(a.Message).Addr), name: p.Name, subject: "Away: " + replySubject(m.Subject), text: text,
		answers: m.MessageID, replied: true, once: "away " + box.Member.String() + " " + p.ID.String() + " " + x.Away.From})
	return err
}

// named says whether the mail names an address of the mailbox in To or Cc.
func (b *batch) named(a arrived, box dottedline.MailboxID) bool {
	for _, x := range slices.Concat(a.To, a.Cc) {
		if o, ok := b.own[dottedline.MakeAddress(x.Addr)]; ok && o.Mailbox == box {
			return true
		}
	}
	return false
}
