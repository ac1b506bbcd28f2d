package desk

import (
	"context"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// beginPlan makes the plan of a deal that has none.
func beginPlan(t *store.Tx, m dottedline.MemberID, deal dottedline.Deal) error {
	had, err := t.Steps(deal.ID)
	if err != nil || len(had) > 0 {
		return err
	}
	h, err := hours(t, m)
	if err != nil {
		return err
	}
	for _, s := range dottedline.NewPlan(deal.Kind, t.Now, h) {
		s.ID, s.Deal = store.NewID[dottedline.Step](t), deal.ID
		if err := t.PutStep(s); err != nil {
			return err
		}
	}
	return nil
}

func dropPlan(t *store.Tx, id dottedline.DealID) error {
	steps, err := t.Steps(id)
	for _, s := range steps {
		if err := t.DropStep(s.ID); err != nil {
			return err
		}
	}
	return err
}

// tick marks the open steps that a fact fulfils.
func tick(t *store.Tx, id dottedline.DealID, f dottedline.Fact, by dottedline.Side) error {
	steps, err := t.Steps(id)
	for _, s := range steps {
		if s.Fact == f && s.Done.IsZero() {
			s.Done, s.By = t.Now, by
			if err := t.PutStep(s); err != nil {
				return err
			}
		}
	}
	return err
}

// untick opens the steps of a fact again.
func untick(t *store.Tx, id dottedline.DealID, f dottedline.Fact) error {
	steps, err := t.Steps(id)
	for _, s := range steps {
		if s.Fact == f {
			s.Done, s.By = time.Time{}, dottedline.Nobody
			if err := t.PutStep(s); err != nil {
				return err
			}
		}
	}
	return err
}

// touchPlanned is touch after which the deal knows the next step of ours.
func touchPlanned(t *store.Tx, id dottedline.DealID, xs ...dottedline.Touch) error {
	steps, err := t.Steps(id)
	if err != nil {
		return err
	}
	ts, err := t.Touches(id)
	if err != nil {
		return err
	}
	s, _ := dottedline.Fold(ts)
	if next := dottedline.NextDue(steps); !next.Equal(s.Due) {
		xs = append(xs, dottedline.Touch{Kind: dottedline.PlanTouch, By: dottedline.Us, Until: next})
	}
	return touch(t, id, xs...)
}

// SetStep adds (ID 0) or changes a step of a deal's plan: its text, owner and day.
func (d *Desk) SetStep(ctx context.Context, a dottedline.Actor, deal dottedline.DealID, x dottedline.Step) (id dottedline.StepID, err error) {
	if x.Text = strings.TrimSpace(x.Text); x.Text == "" || len(x.Text) > 500 {
		return 0, dottedline.Wrong("One line says what is to be done.", "The step is empty or too long.")
	}
	if x.Owner != dottedline.Us && x.Owner != dottedline.Them {
		return 0, dottedline.Wrong("Choose us or them.", "Whose step it is isn't said.")
	}
	err = d.write(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(deal)
		if err != nil {
			return err
		}
		s := dottedline.Step{ID: store.NewID[dottedline.Step](t), Deal: r.ID}
		if x.ID != 0 {
			if s, err = stepOf(t, r.ID, x.ID); err != nil {
				return err
			}
		}
		s.Text, s.Owner, s.Due, id = x.Text, x.Owner, x.Due, s.ID
		if err := t.PutStep(s); err != nil {
			return err
		}
		return touchPlanned(t, r.ID)
	})
	d.wakeUp()
	return id, err
}

func stepOf(t *store.Tx, deal dottedline.DealID, id dottedline.StepID) (dottedline.Step, error) {
	s, err := t.Step(id)
	if err == nil && s.Deal != deal {
		err = dottedline.Missing("step")
	}
	return s, err
}

// Done ticks a step, or takes the tick back.
func (d *Desk) Done(ctx context.Context, a dottedline.Actor, id dottedline.StepID, done bool) error {
	err := d.write(ctx, a, func(t *store.Tx) error {
		s, err := t.Step(id)
		if err != nil {
			return err
		}
		return tickStep(t, s, dottedline.Us, a.Member, 0, done)
	})
	d.wakeUp()
	return err
}

func tickStep(t *store.Tx, s dottedline.Step, by dottedline.Side, m dottedline.MemberID, p dottedline.PersonID, done bool) error {
	if done == !s.Done.IsZero() {
		return nil
	}
	if !done {
		s.Done, s.By = time.Time{}, dottedline.Nobody
	} else {
		s.Done, s.By = t.Now, by
	}
	if err := t.PutStep(s); err != nil {
		return err
	}
	text := s.Text
	if !done {
		text = "Open again: " + text
	}
	return touchPlanned(t, s.Deal, dottedline.Touch{Kind: dottedline.StepTouch, By: by, Member: m, Person: p, Text: text})
}

// DropStep takes a step out of the plan.
func (d *Desk) DropStep(ctx context.Context, a dottedline.Actor, id dottedline.StepID) error {
	err := d.write(ctx, a, func(t *store.Tx) error {
		s, err := t.Step(id)
		if err != nil {
			return err
		}
		if err := t.DropStep(id); err != nil {
			return err
		}
		return touchPlanned(t, s.Deal)
	})
	d.wakeUp()
	return err
}
