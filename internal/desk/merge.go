package desk

import (
	"context"

	"dottedline"
	"dottedline/internal/store"
)

// MergeDeals makes one deal of two; every touch is kept. Where both have an
// agreement that is not over, keep names the one that stays: the other is taken
// back, or thrown away as long as it is a draft. Without it that is a Problem of
// the kind Conflict, and CurrentAgreements are what to choose from.
func (d *Desk) MergeDeals(ctx context.Context, a dottedline.Actor, into, from dottedline.DealID, keep dottedline.AgreementID) (err error) {
	defer wrap("merge deals", &err)
	err = d.write(ctx, a, func(t *store.Tx) error {
		x, err := t.Deal(into)
		if err != nil {
			return err
		}
		y, err := t.Deal(from)
		if err != nil {
			return err
		}
		if x.ID == y.ID {
			return dottedline.Wrong("Choose another one.", "A deal can't be merged into itself.")
		}
		if err := settlePapers(t, a, x.Deal, y.Deal, keep); err != nil {
			return err
		}
		if err := t.Merge(x.ID, y.ID); err != nil {
			return err
		}
		if err := t.Unindex(int64(y.ID)); err != nil {
			return err
		}
		return touchPlanned(t, x.ID,
			dottedline.Touch{Kind: dottedline.NameTouch, By: dottedline.Us, Member: a.Member, Text: x.Name},
			dottedline.Touch{Kind: dottedline.KindTouch, By: dottedline.Us, Member: a.Member, Text: string(x.Kind)},
			dottedline.Touch{Kind: dottedline.NoteTouch, By: dottedline.Us, Member: a.Member, Text: "Merged with " + y.Name})
	})
	d.wakeUp()
	return err
}

// CurrentAgreements are the agreements of deals that are not over: one of a deal
// at most, the one that is out before a draft.
func (d *Desk) CurrentAgreements(ctx context.Context, a dottedline.Actor, deals ...dottedline.DealID) (out []dottedline.Agreement, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		for _, id := range deals {
			x, err := current(t, id)
			if err != nil {
				return err
			}
			if x != nil {
				out = append(out, x.Agreement)
			}
		}
		return nil
	})
	return out, err
}

// current is the agreement of a deal that is not over; nil if there is none.
func current(t *store.Tx, id dottedline.DealID) (draft *store.Agreement, err error) {
	if x, err := openAgreement(t, id); err != nil || x != nil {
		return x, err
	}
	as, err := t.Agreements(id)
	for _, x := range as {
		if x.State == dottedline.Draft {
			return &x, nil
		}
	}
	return nil, err
}

// settlePapers leaves two deals one agreement that is not over, and one plan:
// that of the deal whose agreement stays.
func settlePapers(t *store.Tx, a dottedline.Actor, into, from dottedline.Deal, keep dottedline.AgreementID) error {
	x, err := current(t, into.ID)
	if err != nil {
		return err
	}
	y, err := current(t, from.ID)
	if err != nil {
		return err
	}
	plan := into.ID // whose plan stays
	switch {
	case x == nil && y == nil:
		if steps, err := t.Steps(into.ID); err != nil {
			return err
		} else if len(steps) == 0 {
			plan = from.ID
		}
	case x == nil:
		plan = from.ID
	case y != nil:
		over, stays := y, x
		switch keep {
		case x.ID:
		case y.ID:
			over, stays, plan = x, y, from.ID
		default:
			return &dottedline.Problem{Kind: dottedline.Conflict, Text: "Both deals have an agreement that is not over.", Hint: "Choose the one that stays; the other is taken back."}
		}
		if err := closePaper(t, a, *over, *stays); err != nil {
			return err
		}
	}
	if plan == into.ID {
		return dropPlan(t, from.ID)
	}
	return dropPlan(t, into.ID)
}

// closePaper ends an agreement because another one stays.
func closePaper(t *store.Tx, a dottedline.Actor, x, stays store.Agreement) error {
	switch x.State {
	case dottedline.Draft:
		return t.DropAgreement(x.ID)
	case dottedline.Sealing:
		return &dottedline.Problem{Kind: dottedline.Conflict, Text: "Everybody has signed “" + x.Title + "”.", Hint: "It is sealed in a moment; merge the deals then."}
	}
	reason := "Another agreement takes its place"
	if stays.State == dottedline.Draft {
		return void(t, x, a.Member, reason, dottedline.Void)
	}
	// The deal has an agreement out all the same: to say that it was taken back
	// would say that there is none.
	if err := endAgreement(t, x, reason, dottedline.Void); err != nil {
		return err
	}
	return touch(t, x.Deal, dottedline.Touch{Kind: dottedline.NoteTouch, By: dottedline.Us, Member: a.Member, Text: "Taken back: " + x.Title + ". " + reason + "."})
}
