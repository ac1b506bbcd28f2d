package desk

import (
	"context"

	"dottedline"
	"dottedline/internal/store"
)

// Visitor is who shows the secret of a link to a room, and the session that a
// code was entered in. IP and Agent are kept in the evidence and nowhere else.
type Visitor struct {
	Link, Session string
	IP, Agent     string
}

// room is what a visitor's act works on.
type room struct {
	t    *store.Tx
	v    Visitor
	link store.RoomLink
	sheet
	who int // which of the signers
}

func (r *room) me() *store.Signer { return &r.signers[r.who] }

// errLink is said alike of links that never were, are too old or were revoked.
func errLink() error {
	return &dottedline.Problem{Kind: dottedline.NotFound, Text: "This link is not valid any more.", Hint: "Please ask the sender for a new one."}
}

func errCode() error {
	return &dottedline.Problem{Kind: dottedline.SignIn, Text: "Please enter the code from your mail first."}
}

const roomToken = "room"

// door finds the workspace of a link, and whether the visitor has entered a code.
func (d *Desk) door(ctx context.Context, v Visitor) (l store.RoomLink, in bool, err error) {
	ok := false
	err = d.db.Everywhere(ctx, func(g store.Global) error {
		if l, ok, err = g.RoomLink(hashOf(v.Link)); err != nil || !ok {
			return err
		}
		k, found, err := g.Token(roomToken, hashOf(v.Session))
		in = found && k.Workspace == l.Workspace && k.Data == l.Hash
		return err
	})
	if err == nil && !ok {
		err = errLink()
	}
	return l, in, err
}

// openRoom reads the room of a link within a transaction.
func openRoom(t *store.Tx, v Visitor) (*room, error) {
	l, ok, err := t.RoomLink(hashOf(v.Link))
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errLink()
	}
	r := &room{t: t, v: v, link: l}
	if r.sheet, err = readSheet(t, l.Agreement); err != nil {
		return nil, err
	}
	for i, s := range r.signers {
		if s.ID == l.Signer {
			r.who = i
			return r, nil
		}
	}
	return nil, errLink()
}

// visit is an act of a visitor who has entered the code.
func (d *Desk) visit(ctx context.Context, v Visitor, f func(*room) error) error {
	l, in, err := d.door(ctx, v)
	if err != nil {
		return err
	}
	if !in {
		return errCode()
	}
	err = d.db.Write(ctx, l.Workspace, func(t *store.Tx) error {
		r, err := openRoom(t, v)
		if err != nil {
			return err
		}
		return f(r)
	})
	d.wakeUp()
	return err
}

// keep writes what the visitor did: the signer as seen now, the evidence, and
// the touches with the plan.
func (r *room) keep(kind string, data map[string]string, xs ...dottedline.Touch) error {
	me := r.me()
	me.Seen = r.t.Now
	if me.Opened.IsZero() {
		me.Opened = r.t.Now
	}
	if err := r.t.PutSigner(*me); err != nil {
		return err
	}
	if kind != "" {
		if err := evidence(r.t, r.Agreement, fact{kind: kind, actor: named(*me), v: r.v, data: data}); err != nil {
			return err
		}
	}
	for i := range xs {
		xs[i].By, xs[i].Person = dottedline.Them, me.Person
		if me.Side == dottedline.Us {
			xs[i].By = dottedline.Us
		}
	}
	r.t.Changed()
	if err := linked(r.t, r.Agreement, *me); err != nil { // who is here has the link
		return err
	}
	if len(xs) == 0 {
		return chaseDeal(r.t, r.settings, r.Agreement.Deal)
	}
	return touchPlanned(r.t, r.Agreement.Deal, xs...)
}
