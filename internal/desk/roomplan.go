package desk

import (
	"context"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// mostSteps bounds a plan to which people on the other side add.
const mostSteps = 40

// AddStep adds a step to the plan from the room: one of their own, or one that
// they wait for. The zero day is none.
func (d *Desk) AddStep(ctx context.Context, v Visitor, owner dottedline.Side, text string, due time.Time) error {
	if text = clean(strings.TrimSpace(text)); text == "" || len(text) > 500 {
		return dottedline.Wrong("One line says what is to be done.", "The step is empty or too long.")
	}
	if owner != dottedline.Us && owner != dottedline.Them {
		return dottedline.Wrong("Choose one of the two sides.", "Whose step it is isn't said.")
	}
	return d.visit(ctx, v, func(r *room) error {
		if err := r.planned(due); err != nil {
			return err
		}
		had, err := r.t.Steps(r.deal.ID)
		if err != nil {
			return err
		}
		for _, s := range had {
			if s.Text == text && s.Owner == owner && s.Done.IsZero() {
				return nil // the same press again
			}
		}
		if len(had) >= mostSteps {
			return &dottedline.Problem{Kind: dottedline.TooMany, Text: "The plan is long enough.", Hint: "Ask about it instead."}
		}
		s := dottedline.Step{ID: store.NewID[dottedline.Step](r.t), Deal: r.deal.ID, Owner: owner, Text: text, Due: due}
		if err := r.t.PutStep(s); err != nil {
			return err
		}
		return r.keep("step added", map[string]string{"text": text}, dottedline.Touch{Kind: dottedline.StepTouch, Text: "New: " + text})
	})
}

// MoveStep gives a step of theirs another day; the zero day is none.
func (d *Desk) MoveStep(ctx context.Context, v Visitor, id dottedline.StepID, due time.Time) error {
	return d.visit(ctx, v, func(r *room) error {
		if err := r.planned(due); err != nil {
			return err
		}
		s, err := stepOf(r.t, r.deal.ID, id)
		if err != nil {
			return err
		}
		if s.Owner != dottedline.Them || !s.Done.IsZero() {
			return &dottedline.Problem{Kind: dottedline.Forbidden, Text: "Only open steps of your own can be moved."}
		}
		if s.Due.Equal(due) {
			return nil
		}
		s.Due = due
		if err := r.t.PutStep(s); err != nil {
			return err
		}
		until := "no day"
		if !due.IsZero() {
			until = due.Format("2 January")
		}
		return r.keep("step moved", map[string]string{"text": s.Text, "until": until}, dottedline.Touch{Kind: dottedline.StepTouch, Text: "Moved to " + until + ": " + s.Text})
	})
}

// planned says whether the plan can still be changed from the room, and a day
// be meant.
func (r *room) planned(due time.Time) error {
	if !r.State.Open() && r.State != dottedline.Sealed {
		return dottedline.Wrong("", "This agreement is over, and its plan with it.")
	}
	if !due.IsZero() && (due.Before(r.t.Now.Add(-48*time.Hour)) || due.After(r.t.Now.AddDate(2, 0, 0))) {
		return dottedline.Wrong("Choose one within the next two years.", "That day can't be meant.")
	}
	return nil
}
