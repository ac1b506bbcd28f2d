package desk

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/paper"
)

// Signing is what a signer sends.
type Signing struct {
	Name    string         // as typed
	Strokes []paper.Stroke // drawn; nil for a typed signature
	SHA256  string         // of the PDF that was presented, as the page had it
	Consent bool           // to sign electronically
}

// mark checks a signing and makes what is kept of it.
func (d *Desk) mark(g Signing, title string) (string, signature, error) {
	name := clean(strings.TrimSpace(g.Name))
	if n := len([]rune(name)); n < 2 || n > 120 {
		return "", signature{}, dottedline.Wrong("Type your name as you sign with it.", "The name is missing or too long.")
	}
	if !g.Consent {
		return "", signature{}, dottedline.Wrong("Tick that you sign electronically.", "Your consent is missing.")
	}
	m := signature{Method: "typed", Name: name, Intent: intentOf(name, title)}
	_, err := paper.TypedMark(name, d.fonts()) // the evidence page needs its letters in any case
	if err == nil && g.Strokes != nil {
		m.Method, m.Strokes = "drawn", g.Strokes
		_, err = paper.DrawnMark(g.Strokes)
	}
	var l paper.Letter
	switch {
	case errors.As(err, &l):
		return "", m, dottedline.Wrong("", "%s", letterText(l))
	case err != nil:
		return "", m, dottedline.Wrong("Draw it again, or type your name.", "The signature can't be read: %v.", err)
	}
	text, err := m.text()
	return text, m, err
}

// Sign signs. The last signature seals the agreement within the same call.
func (d *Desk) Sign(ctx context.Context, v Visitor, g Signing) (err error) {
	defer wrap("sign", &err)
	p, err := d.Room(ctx, v)
	if err != nil {
		return err
	}
	text, m, err := d.mark(g, p.Agreement.Title)
	if err != nil {
		return err
	}
	next := newLinks(sheet{signers: withIDs(p.Signers)})
	var x store.Agreement
	var ws dottedline.WorkspaceID
	err = d.visit(ctx, v, func(r *room) error {
		x, ws = r.Agreement, r.t.Workspace()
		if !r.me().Signed.IsZero() {
			return nil // the same press again
		}
		if g.SHA256 != r.SHA256 {
			return &dottedline.Problem{Kind: dottedline.Conflict, Text: "The agreement has changed since you opened it.", Hint: "Please read it again."}
		}
		x, err = d.signed(r.t, r.sheet, r.who, text, m, v, next)
		return err
	})
	if err == nil && x.State == dottedline.Sealing {
		return notYet(d.sealNow(ctx, ws, x.ID))
	}
	return err
}

// notYet says that a signature stands although the seal could not be made; the
// job that makes it keeps the reason for the page of jobs.
func notYet(err error) error {
	if err == nil {
		return nil
	}
	return &dottedline.Problem{Kind: dottedline.Conflict, Text: "Your signature is kept. The seal could not be made just now.", Hint: "It is tried again by itself, and the sealed file comes by mail."}
}

func withIDs(ss []dottedline.Signer) (out []store.Signer) {
	for _, s := range ss {
		out = append(out, store.Signer{Signer: s})
	}
	return out
}

// Countersign is the signature of a member where the press that sent the
// agreement was not theirs.
func (d *Desk) Countersign(ctx context.Context, a dottedline.Actor, id dottedline.AgreementID, g Signing) (err error) {
	defer wrap("countersign", &err)
	page, err := d.AgreementPage(ctx, a, id)
	if err != nil {
		return err
	}
	text, m, err := d.mark(g, page.Title)
	if err != nil {
		return err
	}
	next := newLinks(sheet{signers: page.Signers})
	var x store.Agreement
	err = d.write(ctx, a, func(t *store.Tx) error {
		s, err := readSheet(t, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(s.signers, func(y store.Signer) bool { return y.Member == a.Member && y.Counts() })
		if i < 0 {
			return &dottedline.Problem{Kind: dottedline.Forbidden, Text: "You are none of the signers."}
		}
		x = s.Agreement
		if !s.signers[i].Signed.IsZero() {
			return nil
		}
		x, err = d.signed(t, s, i, text, m, Visitor{}, next)
		return err
	})
	d.wakeUp()
	if err == nil && x.State == dottedline.Sealing {
		return notYet(d.sealNow(ctx, a.Workspace, id))
	}
	return err
}

// sealWithin is when a job takes over a seal that the request did not make.
const sealWithin = 5 * time.Second

// signed records one signature: whose turn it is then, or that all have signed.
func (d *Desk) signed(t *store.Tx, s sheet, who int, mark string, m signature, v Visitor, links map[dottedline.SignerID]secretLink) (store.Agreement, error) {
	x, me := s.Agreement, &s.signers[who]
	switch {
	case !x.State.Open():
		return x, &dottedline.Problem{Kind: dottedline.Conflict, Text: "This agreement can't be signed any more.", Hint: "Ask for a new one."}
	case !t.Now.Before(x.Ends):
		return x, &dottedline.Problem{Kind: dottedline.Conflict, Text: "The time to sign this agreement is over.", Hint: "Ask for a new one."}
	case !dottedline.MaySign(plain(s.signers), me.ID):
		return x, &dottedline.Problem{Kind: dottedline.Conflict, Text: "It is somebody else's turn to sign.", Hint: "You get a mail when it is yours."}
	}
	if me.Side == dottedline.Them {
		if err := linked(t, x, *me); err != nil {
			return x, err
		}
		fresh, err := t.Agreement(x.ID)
		if err != nil {
			return x, err
		}
		x = fresh
	}
	me.Asked, me.Seen = cmpTime(me.Asked, t.Now), t.Now
	me.Signed, me.Mark, me.Said = t.Now, mark, t.Now
	if err := t.PutSigner(*me); err != nil {
		return x, err
	}
	if err := evidence(t, x, fact{kind: "signed", actor: named(*me), v: v, data: m.facts()}); err != nil {
		return x, err
	}
	turn := dottedline.Turn(plain(s.signers))
	if len(turn) == 0 {
		x.State = dottedline.Sealing
		if err := t.AddJob(store.Job{ID: "seal " + x.ID.String(), Kind: sealJob, Args: x.ID.String(), Due: t.Now.Add(sealWithin)}); err != nil {
			return x, err
		}
		for _, j := range []string{"expire ", "remind "} {
			if err := t.DropJob(j + x.ID.String()); err != nil {
				return x, err
			}
		}
		if err := t.PutAgreement(x); err != nil {
			return x, err
		}
		return x, touchPlanned(t, x.Deal, dottedline.Touch{Kind: dottedline.SignTouch, By: me.Side, Member: me.Member, Person: me.Person, Text: me.Name})
	}
	ball := dottedline.Them
	for _, y := range turn {
		i := slices.IndexFunc(s.signers, func(z store.Signer) bool { return z.ID == y.ID })
		if y.Member != 0 {
			ball = dottedline.Us
			continue
		}
		if s.signers[i].Outgoing == 0 && links[y.ID].hash != "" {
			if _, err := d.carry(t, s, x, &s.signers[i], links[y.ID], "turn "+strconv.Itoa(y.Order), s.Cover, 0); err != nil {
				return x, err
			}
		}
	}
	return x, touchPlanned(t, x.Deal, dottedline.Touch{Kind: dottedline.SignTouch, By: me.Side, Member: me.Member, Person: me.Person, Ball: ball, Text: me.Name})
}
