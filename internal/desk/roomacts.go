package desk

import (
	"context"
	"strings"

	"dottedline"
)

// Opened says that the room is on somebody's screen. Pages send it by a press or
// a script, never by merely being fetched.
func (d *Desk) Opened(ctx context.Context, v Visitor) error {
	return d.visit(ctx, v, func(r *room) error { return r.opened() })
}

func (r *room) opened() error {
	me := r.me()
	passed := false
	for _, s := range r.signers {
		passed = passed || s.PassedTo == me.ID
	}
	v := dottedline.VisitOf(me.Signer, passed, r.t.Now)
	if v == "" {
		return r.keep("", nil)
	}
	return r.keep(string(v), nil, dottedline.Touch{Kind: dottedline.VisitTouch, Text: string(v)})
}

// ReadToEnd says that the agreement was read to its end.
func (d *Desk) ReadToEnd(ctx context.Context, v Visitor) error {
	return d.visit(ctx, v, func(r *room) error {
		me := r.me()
		if !me.Read.IsZero() {
			return nil
		}
		me.Read = r.t.Now
		if err := tick(r.t, r.deal.ID, dottedline.FactRead, dottedline.Them); err != nil {
			return err
		}
		return r.keep("read", nil, dottedline.Touch{Kind: dottedline.VisitTouch, Text: string(dottedline.VisitRead)})
	})
}

// TickStep ticks a step of theirs, or takes the tick back.
func (d *Desk) TickStep(ctx context.Context, v Visitor, id dottedline.StepID, done bool) error {
	return d.visit(ctx, v, func(r *room) error {
		s, err := stepOf(r.t, r.deal.ID, id)
		if err != nil {
			return err
		}
		if s.Owner != dottedline.Them || s.Fact == dottedline.FactSigned || s.Fact == dottedline.FactSent {
			return &dottedline.Problem{Kind: dottedline.Forbidden, Text: "This step is ticked by what happens, or by the other side."}
		}
		if err := r.keep("step", map[string]string{"text": s.Text}); err != nil {
			return err
		}
		return tickStep(r.t, s, dottedline.Them, 0, r.me().Person, done)
	})
}

// DontRemind says that they want no reminders, or want them again.
func (d *Desk) DontRemind(ctx context.Context, v Visitor, quiet bool) error {
	return d.visit(ctx, v, func(r *room) error {
		r.me().Quiet = quiet
		kind := "no reminders"
		if !quiet {
			kind = "reminders"
		}
		return r.keep(kind, nil)
	})
}

// Decline says that they will not sign, and why. It ends the agreement, not the deal.
func (d *Desk) Decline(ctx context.Context, v Visitor, reason string) error {
	if reason = clean(strings.TrimSpace(reason)); reason == "" || len(reason) > 10_000 {
		return dottedline.Wrong("One sentence helps the other side.", "The reason is missing.")
	}
	return d.visit(ctx, v, func(r *room) error {
		me := r.me()
		if r.State == dottedline.Declined {
			return nil
		}
		if !r.State.Open() || !me.Counts() || !me.Signed.IsZero() {
			return dottedline.Wrong("", "This agreement can't be declined any more.")
		}
		x := r.Agreement
		me.Said = r.t.Now
		if err := r.keep("declined", map[string]string{"reason": reason}, dottedline.Touch{Kind: dottedline.DeclineTouch, Text: reason}); err != nil {
			return err
		}
		if x.Sent.IsZero() {
			x.Sent = r.t.Now
		}
		x.State, x.Ended, x.Reason = dottedline.Declined, r.t.Now, reason
		if err := r.t.PutAgreement(x); err != nil {
			return err
		}
		for _, j := range []string{"expire ", "remind "} {
			if err := r.t.DropJob(j + x.ID.String()); err != nil {
				return err
			}
		}
		return untick(r.t, r.deal.ID, dottedline.FactSent)
	})
}
