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
	if err != nil || len(ids) == 0 {
		return err
	}
	b, err := newBatch(t)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := b.pickUp(id); err != nil {
			return err
		}
	}
	return b.refold()
}

func (b *batch) pickUp(id dottedline.MailID) error {
	if err := b.DropEarlyInvitation(id); err != nil {
		return err
	}
	m, err := b.Mail(id)
	if err != nil {
		return err
	}
	raw, err := b.Raw(id)
	if err != nil {
		return err
	}
	h, err := b.Thread(m.Thread)
	if err != nil {
		return err
	}
	a := parse(Incoming{Raw: raw, Place: store.Place{Mailbox: m.Mailbox}}, b.Now)
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
	return b.PutThread(h)
}
