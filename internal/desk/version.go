package desk

import (
	"context"
	"strconv"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// replaceOpen takes back the version before: two can't be signed at once.
func (d *Desk) replaceOpen(t *store.Tx, a dottedline.Actor, s sheet) error {
	x, err := openAgreement(t, s.deal.ID)
	if err != nil || x == nil {
		return err
	}
	if x.State == dottedline.Sealing {
		return dottedline.Wrong("It will be sealed in a moment.", "Everybody has signed the version before.")
	}
	qs, err := t.Questions(s.deal.ID)
	if err != nil {
		return err
	}
	for _, q := range qs { // a new version answers what was proposed
		if q.Proposal && q.Answered.IsZero() {
			q.Answer, q.Answered, q.Member = "Version "+strconv.Itoa(s.Version)+" was made of it.", t.Now, a.Member
			if err := t.PutQuestion(q); err != nil {
				return err
			}
		}
	}
	return void(t, *x, a.Member, "Replaced by version "+strconv.Itoa(s.Version), dottedline.Void)
}

// void ends an agreement that can't be signed any more.
func void(t *store.Tx, x store.Agreement, m dottedline.MemberID, reason string, state dottedline.AgreementState) error {
	if err := endAgreement(t, x, reason, state); err != nil {
		return err
	}
	return touchPlanned(t, x.Deal, dottedline.Touch{Kind: dottedline.VoidTouch, By: dottedline.Us, Member: m, Text: reason})
}

// endAgreement is void without what the deal says of it.
func endAgreement(t *store.Tx, x store.Agreement, reason string, state dottedline.AgreementState) error {
	was := x.State
	x.State, x.Ended, x.Reason = state, t.Now, reason
	for _, y := range []string{"expire ", "remind "} {
		if err := t.DropJob(y + x.ID.String()); err != nil {
			return err
		}
	}
	kind := map[dottedline.AgreementState]string{dottedline.Void: "void", dottedline.Expired: "expired"}[state]
	if err := evidence(t, x, fact{kind: kind, data: map[string]string{"reason": reason}}); err != nil {
		return err
	}
	if err := t.PutAgreement(x); err != nil {
		return err
	}
	if was == dottedline.Going { // its mail may still wait
		ys, err := t.Signers(x.ID)
		if err != nil {
			return err
		}
		for _, y := range ys {
			if y.Outgoing != 0 {
				if _, err := t.UndoOutgoing(y.Outgoing); err != nil {
					return err
				}
			}
		}
	}
	return untick(t, x.Deal, dottedline.FactSent)
}

// VoidAgreement takes an agreement back that is with them; the reason is shown
// in the room. A draft is thrown away.
func (d *Desk) VoidAgreement(ctx context.Context, a dottedline.Actor, id dottedline.AgreementID, reason string) error {
	err := d.write(ctx, a, func(t *store.Tx) error {
		x, err := t.Agreement(id)
		switch {
		case err != nil:
			return err
		case x.State == dottedline.Draft:
			return t.DropAgreement(id)
		case !x.State.Open():
			return &dottedline.Problem{Kind: dottedline.Conflict, Text: "This agreement can't be taken back: it is " + string(x.State) + "."}
		}
		return void(t, x, a.Member, strings.TrimSpace(reason), dottedline.Void)
	})
	d.wakeUp()
	return err
}

// NewVersion makes a draft with the text, values and signers of an agreement.
// Sending it takes the version before back.
func (d *Desk) NewVersion(ctx context.Context, a dottedline.Actor, id dottedline.AgreementID) (next dottedline.AgreementID, err error) {
	err = d.write(ctx, a, func(t *store.Tx) error {
		x, err := t.Agreement(id)
		if err != nil {
			return err
		}
		as, err := t.Agreements(x.Deal)
		if err != nil {
			return err
		}
		for _, y := range as {
			if y.State == dottedline.Draft {
				next = y.ID
				return nil
			}
		}
		ys, err := t.Signers(id)
		if err != nil {
			return err
		}
		upload, err := t.File(id, store.Presented)
		if err != nil {
			return err
		}
		y := x
		y.ID = store.NewID[dottedline.Agreement](t)
		y.State, y.Made, y.Member, y.Version, y.Before, y.Number = dottedline.Draft, t.Now, a.Member, as[0].Version+1, as[0].ID, strings.ToUpper(y.ID.String())
		y.Sent, y.Ends, y.Ended, y.Reason, y.SHA256, y.Final, y.Once, y.HTML = time.Time{}, time.Time{}, time.Time{}, "", "", "", "", ""
		was := y.Places
		y.Places = nil
		for _, s := range ys {
			if !s.Counts() {
				continue
			}
			n := store.Signer{Signer: s.Signer}
			n.ID, n.Agreement = store.NewID[dottedline.Signer](t), y.ID
			n.Signed, n.Opened, n.Seen, n.Read = time.Time{}, time.Time{}, time.Time{}, time.Time{}
			if err := t.PutSigner(n); err != nil {
				return err
			}
			for _, p := range was {
				if p.Signer == s.ID && x.Source == "" {
					p.Signer = n.ID
					y.Places = append(y.Places, p)
				}
			}
		}
		if x.Source == "" {
			if err := t.PutFile(y.ID, store.Uploaded, hexSum(upload), upload); err != nil {
				return err
			}
		}
		next = y.ID
		return t.PutAgreement(y)
	})
	return next, err
}

// RevokeLinks ends the links of a signer; 0 ends those of all. Resend gives new ones.
func (d *Desk) RevokeLinks(ctx context.Context, a dottedline.Actor, id dottedline.AgreementID, s dottedline.SignerID) error {
	return d.write(ctx, a, func(t *store.Tx) error {
		x, err := t.Agreement(id)
		if err != nil {
			return err
		}
		if err := evidence(t, x, fact{kind: "links revoked"}); err != nil {
			return err
		}
		return t.RevokeLinks(id, s)
	})
}

// Resend mails a signer a new link. once names the press.
func (d *Desk) Resend(ctx context.Context, a dottedline.Actor, signer dottedline.SignerID, once string) error {
	var l secretLink
	l.secret, l.hash = newToken()
	err := d.write(ctx, a, func(t *store.Tx) error {
		y, err := t.Signer(signer)
		if err != nil {
			return err
		}
		s, err := readSheet(t, y.Agreement)
		if err != nil {
			return err
		}
		if !s.State.Open() || !y.Counts() || !y.Signed.IsZero() {
			return dottedline.Wrong("", "There is nothing for %s to sign.", y.Name)
		}
		_, err = d.carry(t, s, s.Agreement, &y, l, "resend "+once, s.Cover, 0)
		return err
	})
	d.wakeUp()
	return err
}
