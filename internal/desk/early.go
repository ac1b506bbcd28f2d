package desk

import (
	"dottedline"
	"dottedline/ical"
	"dottedline/internal/store"
)

// early keeps an invitation that came before there is a deal, by who of them is
// in it.
func (b *batch) early(m dottedline.MailID, as []dottedline.Address) error {
	for i, a := range as {
		if a == "" || b.ours(a) || i >= maxPeople {
			continue
		}
		if err := b.AddEarlyInvitation(a, m); err != nil {
			return err
		}
	}
	return nil
}

// pickUp takes up the invitations that came before people were in a deal, in the
// order in which they came. The deal has to be derived before.
func pickUp(t *store.Tx, deal dottedline.DealID) error {
	ids, err := t.EarlyInvitations(deal)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := pickUpMail(t, id); err != nil {
			return err
		}
	}
	return nil
}

func pickUpMail(t *store.Tx, id dottedline.MailID) error {
	if err := t.DropEarlyInvitation(id); err != nil {
		return err
	}
	m, err := t.Mail(id)
	if err != nil {
		return err
	}
	raw, err := t.Raw(id)
	if err != nil {
		return err
	}
	h, err := t.Thread(m.Thread)
	if err != nil {
		return err
	}
	b, err := newBatch(t)
	if err != nil {
		return err
	}
	a := read(Incoming{Raw: raw, Place: store.Place{Mailbox: m.Mailbox}}, t.Now)
	i, err := ical.ParseInvitation(a.part, a.method)
	if err != nil {
		return nil // it was read when it came
	}
	switch i.Method {
	case ical.MethodRequest:
		err = b.askedTo(&h, a, m, i)
	case ical.MethodCancel:
		err = b.calledOff(a, id, i)
	}
	if err != nil {
		return err
	}
	if err := t.PutThread(h); err != nil {
		return err
	}
	return b.refold()
}
