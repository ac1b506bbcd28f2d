package desk

import (
	"context"
	"strings"

	"dottedline"
	"dottedline/internal/store"
)

// AskQuestion asks the seller, who has it in Now at once.
func (d *Desk) AskQuestion(ctx context.Context, v Visitor, text string) error {
	return d.say(ctx, v, text, false)
}

// ProposeChange asks for a change of the agreement.
func (d *Desk) ProposeChange(ctx context.Context, v Visitor, text string) error {
	return d.say(ctx, v, text, true)
}

func (d *Desk) say(ctx context.Context, v Visitor, text string, proposal bool) error {
	if text = clean(strings.TrimSpace(text)); text == "" || len(text) > 10_000 {
		return dottedline.Wrong("A line or two is enough.", "There is nothing written, or far too much.")
	}
	return d.visit(ctx, v, func(r *room) error {
		me := r.me()
		kind, touched := "question", dottedline.QuestionTouch
		if proposal {
			kind, touched = "proposal", dottedline.ProposalTouch
			if !r.State.Open() {
				return dottedline.Wrong("Ask about it instead.", "This agreement can't be changed any more.")
			}
		}
		qs, err := r.t.Questions(r.deal.ID)
		if err != nil {
			return err
		}
		waiting := 0
		for _, q := range qs {
			if q.Signer == me.ID && q.Answered.IsZero() {
				if q.Text == text {
					return nil // the same press again
				}
				waiting++
			}
		}
		if waiting >= 20 {
			return &dottedline.Problem{Kind: dottedline.TooMany, Text: "Twenty questions wait for an answer already."}
		}
		err = r.t.PutQuestion(dottedline.RoomQuestion{ID: store.NewID[dottedline.RoomQuestion](r.t), Deal: r.deal.ID, Agreement: r.ID, Signer: me.ID,
			Who: me.Name, Proposal: proposal, Text: text, At: r.t.Now})
		if err != nil {
			return err
		}
		me.Said = r.t.Now
		return r.keep(kind, map[string]string{"text": text}, dottedline.Touch{Kind: touched, Text: text})
	})
}

// AnswerQuestion answers what was asked or proposed in a room: there, and by
// mail with a new link.
func (d *Desk) AnswerQuestion(ctx context.Context, a dottedline.Actor, id dottedline.QuestionID, text string) error {
	if text = clean(strings.TrimSpace(text)); text == "" {
		return dottedline.Wrong("Write a line.", "The answer is empty.")
	}
	var l secretLink
	l.secret, l.hash = newToken()
	err := d.write(ctx, a, func(t *store.Tx) error {
		q, err := t.Question(id)
		if err != nil {
			return err
		}
		if !q.Answered.IsZero() {
			if q.Answer == text {
				return nil
			}
			return &dottedline.Problem{Kind: dottedline.Conflict, Text: "Somebody has answered this already."}
		}
		q.Answer, q.Answered, q.Member = text, t.Now, a.Member
		if err := t.PutQuestion(q); err != nil {
			return err
		}
		s, err := readSheet(t, q.Agreement)
		if err != nil {
			return err
		}
		y, err := t.Signer(q.Signer)
		if err != nil {
			return err
		}
		if err := evidence(t, s.Agreement, fact{kind: "answer", actor: s.maker.Name, data: map[string]string{"text": text}}); err != nil {
			return err
		}
		if err := t.AddRoomLink(store.RoomLink{Hash: l.hash, Agreement: s.ID, Signer: y.ID, Until: s.Ends.Add(keepFor)}); err != nil {
			return err
		}
		answers, subject, err := threadWith(t, s.deal.ID, y.Person)
		if err != nil {
			return err
		}
		if subject = replySubject(subject); subject == "" {
			subject = "Re: " + s.Title
		}
		body := text + "\n\nYou asked: " + dottedline.Shorten(q.Text, 300) + "\n\nIt is in your room too: " + d.URL + "/room/" + l.secret
		if _, err := post(t, letter{from: a.Member, to: y.Address, name: y.Name, subject: subject, text: body, deal: s.deal.ID, answers: answers, once: "answer " + id.String()}); err != nil {
			return err
		}
		return touch(t, s.deal.ID, dottedline.Touch{Kind: dottedline.AnswerTouch, By: dottedline.Us, Member: a.Member, Person: y.Person, Text: text})
	})
	d.wakeUp()
	return err
}
