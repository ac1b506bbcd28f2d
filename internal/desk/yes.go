package desk

import (
	"cmp"
	"context"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/mail"
)

// YesOffer is something that reads like a yes. A person has to say whether it is.
type YesOffer struct {
	dottedline.YesReading
	Deal   dottedline.DealID
	Who    dottedline.Person
	At     time.Time
	Mail   dottedline.MailID // 0 where it was said elsewhere
	Text   string            // what the Marks are of
	Spoken bool              // from a transcript or an answer to a recap, not from a mail
}

// yesFor is how old what reads like a yes may be to be proposed.
const yesFor = 30 * 24 * time.Hour

// ProposedYes gives what reads like a yes in a deal and was neither recorded nor
// put aside; nil if nothing does.
func (d *Desk) ProposedYes(ctx context.Context, a dottedline.Actor, id dottedline.DealID) (y *YesOffer, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(id)
		if err == nil {
			y, err = offeredYes(t, r.Deal)
		}
		return err
	})
	return y, err
}

func offeredYes(t *store.Tx, deal dottedline.Deal) (*YesOffer, error) {
	if deal.Path != dottedline.Talking && deal.Path != dottedline.Asked {
		return nil, nil
	}
	ts, err := t.Touches(deal.ID)
	if err != nil {
		return nil, err
	}
	looked := 0
	for i := len(ts) - 1; i >= 0 && looked < 3; i-- {
		x := ts[i]
		if x.Kind == dottedline.UnyesTouch || t.Now.Sub(x.At) > yesFor {
			return nil, nil
		}
		y := &YesOffer{Deal: deal.ID, At: x.At, Mail: x.Mail, Text: x.Text}
		switch {
		case x.Kind == dottedline.OfferedYesTouch || x.Kind == dottedline.SaidYesTouch:
			y.Words, y.Confidence, y.Spoken = cmp.Or(x.Text, "Yes, as you understood it."), 1, true
		case x.Kind == dottedline.MailTouch && x.By == dottedline.Them:
			looked++
			m, err := t.Mail(x.Mail)
			if err != nil {
				return nil, err
			}
			var ok bool
			if y.YesReading, ok = dottedline.ReadYes(m.Fresh); !ok || m.Kind != string(mail.Person) {
				continue
			}
			y.Text = m.Fresh
		default:
			continue
		}
		y.Who, _, err = who(t, x.Person)
		return y, err
	}
	return nil, nil
}

// OfferYes proposes a yes that was heard elsewhere: in a transcript, or as the
// answer to a recap.
func (d *Desk) OfferYes(ctx context.Context, a dottedline.Actor, id dottedline.DealID, words string, who dottedline.PersonID) error {
	if strings.TrimSpace(words) == "" {
		return dottedline.Wrong("Give the words that it rests on.", "There are no words.")
	}
	return d.act(ctx, a, id, dottedline.Touch{Kind: dottedline.OfferedYesTouch, By: dottedline.Them, Person: who, Text: strings.TrimSpace(words)})
}

// SayYes records a verbal yes, in the words and with the mail where there is
// one, and makes the plan that it begins with.
func (d *Desk) SayYes(ctx context.Context, a dottedline.Actor, id dottedline.DealID, words string, m dottedline.MailID, p dottedline.PersonID) (err error) {
	defer wrap("say yes", &err)
	err = d.write(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(id)
		if err != nil {
			return err
		}
		if r.Path == dottedline.Yes {
			return nil // the same press again
		}
		if r.Path == dottedline.Signed {
			return dottedline.Wrong("There is nothing left to say yes to.", "This deal is signed.")
		}
		if p == 0 {
			p = r.Person
		}
		x := dottedline.Touch{Kind: dottedline.YesTouch, By: dottedline.Them, Member: a.Member, Person: p, Mail: m, Text: strings.TrimSpace(words)}
		if m != 0 {
			y, err := t.Mail(m)
			if err != nil {
				return err
			}
			h, err := t.Thread(y.Thread)
			if err != nil {
				return err
			}
			if h.Deal != r.ID {
				return dottedline.Missing("mail in this deal")
			}
		}
		xs := []dottedline.Touch{x}
		if r.Path.Ended() {
			xs = append([]dottedline.Touch{{Kind: dottedline.ReopenTouch, By: dottedline.Us, Member: a.Member}}, xs...)
		}
		if err := beginPlan(t, a.Member, r.Deal); err != nil {
			return err
		}
		return touchPlanned(t, r.ID, xs...)
	})
	d.wakeUp()
	return err
}

// NoYes puts a proposed yes aside: what reads like one is none.
func (d *Desk) NoYes(ctx context.Context, a dottedline.Actor, id dottedline.DealID) error {
	return d.act(ctx, a, id, dottedline.Touch{Kind: dottedline.UnyesTouch, Text: "It was no yes."})
}

// TakeBackYes says that a yes was none after all. An agreement that is out has
// to be taken back first.
func (d *Desk) TakeBackYes(ctx context.Context, a dottedline.Actor, id dottedline.DealID, why string) error {
	err := d.write(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(id)
		if err != nil {
			return err
		}
		if r.Path != dottedline.Yes {
			return dottedline.Wrong("There is nothing to take back.", "This deal has no yes that is open.")
		}
		if x, err := openAgreement(t, r.ID); err != nil {
			return err
		} else if x != nil {
			return dottedline.Wrong("Take the agreement back first; they can sign it until then.", "The agreement is with them.")
		}
		if err := dropPlan(t, r.ID); err != nil {
			return err
		}
		return touchPlanned(t, r.ID, dottedline.Touch{Kind: dottedline.UnyesTouch, By: dottedline.Us, Member: a.Member, Text: strings.TrimSpace(why)})
	})
	d.wakeUp()
	return err
}
