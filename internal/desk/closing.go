package desk

import (
	"context"
	"net/url"

	"dottedline"
	"dottedline/internal/store"
)

// ClosingPage is all of a deal between the yes and the last signature.
type ClosingPage struct {
	Deal      dottedline.Deal
	Offered   *YesOffer
	Yes       *dottedline.Touch // the yes that counts; nil before
	Current   *AgreementPage    // the draft, else the newest that went out; nil before
	Versions  []dottedline.Agreement
	Steps     []dottedline.Step
	Questions []dottedline.RoomQuestion
	Reminders []dottedline.Reminder // that fired, oldest first
	Next      *dottedline.Reminder  // that fires next while nothing else happens
	Papers    []PaperInfo
}

// Closing is the page between the yes and the last signature.
func (d *Desk) Closing(ctx context.Context, a dottedline.Actor, id dottedline.DealID) (p ClosingPage, err error) {
	defer wrap("closing", &err)
	var cur *sheet
	err = d.view(ctx, a, func(t *store.Tx) error {
		p, cur = ClosingPage{}, nil
		r, err := t.Deal(id)
		if err != nil {
			return err
		}
		p.Deal = r.Deal
		if p.Offered, err = offeredYes(t, r.Deal); err != nil {
			return err
		}
		ts, err := t.Touches(r.ID)
		if err != nil {
			return err
		}
		for i, x := range ts {
			switch x.Kind {
			case dottedline.YesTouch:
				p.Yes = &ts[i]
			case dottedline.UnyesTouch:
				p.Yes = nil
			}
		}
		if p.Steps, err = t.Steps(r.ID); err != nil {
			return err
		}
		if p.Questions, err = t.Questions(r.ID); err != nil {
			return err
		}
		if p.Papers, err = papers(t); err != nil {
			return err
		}
		as, err := t.Agreements(r.ID)
		if err != nil {
			return err
		}
		for _, x := range as {
			p.Versions = append(p.Versions, x.Agreement)
		}
		if len(as) == 0 {
			return nil
		}
		s, err := readSheet(t, as[0].ID)
		if err != nil {
			return err
		}
		cur = &s
		for _, x := range as {
			if x.State == dottedline.Draft {
				continue
			}
			if p.Reminders, err = t.Reminders(x.ID, 0); err != nil {
				return err
			}
			if x.State == dottedline.Out {
				n, _, ok, err := nextReminder(t, s.settings, x, ts)
				if err != nil {
					return err
				}
				if ok {
					p.Next = &n
				}
			}
			break
		}
		return nil
	})
	if err == nil && cur != nil {
		page := d.page(*cur)
		p.Current = &page
	}
	return p, err
}

// ClosingSettings are what the workspace has chosen for its agreements.
func (d *Desk) ClosingSettings(ctx context.Context, a dottedline.Actor) (c store.Closing, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		_, s, err := t.ThisWorkspace()
		c = s.Closing
		return err
	})
	if c.Reminders == (dottedline.ReminderRules{}) {
		c.Reminders = dottedline.ShippedReminders
	}
	if c.Days == 0 {
		c.Days = 30
	}
	return c, err
}

// SetClosingSettings changes them; the clocks of all open agreements follow.
func (d *Desk) SetClosingSettings(ctx context.Context, a dottedline.Actor, c store.Closing) error {
	if err := owner(a); err != nil {
		return err
	}
	if c.Days < 1 || c.Days > 365 {
		return dottedline.Wrong("Choose 1 to 365.", "An agreement can't be open for %d days.", c.Days)
	}
	if c.Reminders.Most < 0 || c.Reminders.Most > 20 {
		return dottedline.Wrong("Choose 0 to 20.", "Nobody is reminded %d times.", c.Reminders.Most)
	}
	for _, k := range dottedline.ReminderKinds {
		if h := c.Reminders.Hours(k); !(h >= 0 && h <= 24*90) {
			return dottedline.Wrong("Choose 0 for never, up to 90 days.", "A reminder after %v hours can't be set.", h)
		}
	}
	if u, err := url.Parse(c.StampURL); err != nil || c.StampURL != "" && u.Scheme != "http" && u.Scheme != "https" {
		return dottedline.Wrong("Write it like https://stamp.example.com.", "%q is not the address of a time-stamp authority.", c.StampURL)
	}
	err := d.write(ctx, a, func(t *store.Tx) error {
		w, s, err := t.ThisWorkspace()
		if err != nil {
			return err
		}
		s.Closing = c
		t.Changed()
		if err := t.SetWorkspace(w, s); err != nil {
			return err
		}
		ids, err := t.OutAgreements()
		for _, id := range ids {
			x, err := t.Agreement(id)
			if err != nil {
				return err
			}
			if err := chaseDeal(t, s, x.Deal); err != nil {
				return err
			}
		}
		return err
	})
	d.wakeUp()
	return err
}
