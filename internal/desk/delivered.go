package desk

import (
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// delivered says that a mail server has taken a mail; where it carried an
// agreement, that is sent now.
func delivered(t *store.Tx, o dottedline.OutgoingID) error {
	ys, err := t.SignersByMail(o)
	for _, y := range ys {
		x, err := t.Agreement(y.Agreement)
		if err != nil {
			return err
		}
		if err := linked(t, x, y); err != nil {
			return err
		}
	}
	return err
}

// linked records that a signer has the link.
func linked(t *store.Tx, x store.Agreement, y store.Signer) error {
	if !y.Asked.IsZero() || !x.State.Open() {
		return nil
	}
	y.Asked = t.Now
	if err := t.PutSigner(y); err != nil {
		return err
	}
	if err := evidence(t, x, fact{kind: "sent", actor: "mail server", data: map[string]string{"to": named(y)}}); err != nil {
		return err
	}
	var xs []dottedline.Touch
	if x.State == dottedline.Going {
		x.State, x.Sent = dottedline.Out, t.Now
		if err := t.PutAgreement(x); err != nil {
			return err
		}
		if err := tick(t, x.Deal, dottedline.FactSent, dottedline.Us); err != nil {
			return err
		}
		if err := t.AddJob(store.Job{ID: "expire " + x.ID.String(), Kind: expireJob, Args: x.ID.String(), Due: x.Ends}); err != nil {
			return err
		}
		if ks, err := t.SealKeys(); err != nil {
			return err
		} else if len(ks) == 0 { // made while they read, so that the first signature does not wait for it
			if err := t.AddJob(store.Job{ID: keyJob, Kind: keyJob, Due: t.Now}); err != nil {
				return err
			}
		}
		xs = append(xs, dottedline.Touch{Kind: dottedline.SentTouch, By: dottedline.Us, Member: x.Member, Person: y.Person, Text: x.Title, Until: x.Ends})
	}
	return touchPlanned(t, x.Deal, xs...)
}

// unsend makes a draft again of an agreement whose mails were all taken back.
func unsend(t *store.Tx, o dottedline.OutgoingID) error {
	ys, err := t.SignersByMail(o)
	if err != nil || len(ys) == 0 {
		return err
	}
	x, err := t.Agreement(ys[0].Agreement)
	if err != nil || x.State != dottedline.Going {
		return err
	}
	all, err := t.Signers(x.ID)
	if err != nil {
		return err
	}
	for _, y := range all {
		if y.Outgoing == 0 {
			continue
		}
		if ok, err := t.UndoOutgoing(y.Outgoing); err != nil {
			return err
		} else if m, err := t.Outgoing(y.Outgoing); err != nil {
			return err
		} else if !ok && m.State != dottedline.Undone {
			return nil // one is on its way: it stays sent
		}
	}
	for _, y := range all {
		y.Outgoing, y.Signed, y.Mark = 0, time.Time{}, ""
		if err := t.PutSigner(y); err != nil {
			return err
		}
	}
	x.State, x.Once, x.SHA256, x.HTML, x.Rev, x.Ends = dottedline.Draft, "", "", "", x.Rev+1, time.Time{}
	if x.Source != "" {
		x.Places, x.Pages = nil, 0
	}
	for _, err := range []error{t.DropLinks(x.ID), t.DropEvidence(x.ID), t.DropFile(x.ID, store.Presented), t.PutAgreement(x)} {
		if err != nil {
			return err
		}
	}
	return nil
}
