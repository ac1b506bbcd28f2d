package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/mail"
)

// RecapDraft is a recap that is ready to be read, edited and sent.
type RecapDraft struct {
	Ask     dottedline.AskID
	First   string // its first line, which is the ask
	Body    string // may be edited
	To      dottedline.Address
	Name    string
	Subject string
	Mailbox dottedline.MailboxID // 0 while none is connected
}

func (d *Desk) recapDraft(t *store.Tx, a dottedline.Actor, k dottedline.Ask, ws []Want, jots []dottedline.Jot) (*RecapDraft, error) {
	r, err := t.Deal(k.Deal)
	if err != nil {
		return nil, err
	}
	p, err := d.prepare(t, a, r.Deal)
	if err != nil {
		return nil, err
	}
	with, _, err := who(t, r.Person)
	if err != nil {
		return nil, err
	}
	out := &RecapDraft{Ask: k.ID, First: dottedline.FirstLine(with.First(), k.Text), To: with.Address, Name: nameOr(with, r.Name), Subject: p.Subject, Mailbox: p.Mailbox}
	if p.Answers == 0 {
		out.Subject = "What I asked you"
	}
	var notes []string
	for _, j := range jots {
		if j.Kind == dottedline.AnswerJot && j.Text != "" {
			notes = append(notes, "You said: “"+j.Text+"”")
		}
	}
	var said []string // in their own words, by mail: our notes are not theirs to read
	for _, w := range ws {
		if !w.Note {
			said = append(said, w.Words)
		}
	}
	out.Body = dottedline.RecapText(dottedline.RecapFacts{Wants: said, Agreed: strings.Join(notes, "\n")})
	return out, nil
}

// PrepareRecap makes the recap of an ask, ready to be edited.
func (d *Desk) PrepareRecap(ctx context.Context, a dottedline.Actor, id dottedline.AskID) (out *RecapDraft, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		k, err := t.Ask(id)
		if err != nil {
			return err
		}
		ws, err := wants(t, k.Deal, nil)
		if err != nil {
			return err
		}
		var jots []dottedline.Jot
		if k.Meeting != 0 {
			if jots, err = t.Jots(k.Meeting); err != nil {
				return err
			}
		}
		out, err = d.recapDraft(t, a, k, ws, jots)
		return err
	})
	return out, err
}

// SendRecap puts the recap of an ask into the outbox: the ask as its first line,
// the body, and a link for each answer at URL. once names the press, as in Send.
func (d *Desk) SendRecap(ctx context.Context, a dottedline.Actor, id dottedline.AskID, body, once string) (out dottedline.OutgoingID, err error) {
	defer wrap("send recap", &err)
	if d.URL == "" {
		return 0, dottedline.Wrong("Start it with --url https://deals.example.com.", "Nobody said where this Dottedline is reached, so its links would lead nowhere.")
	}
	if len(body) > 20_000 {
		return 0, dottedline.Wrong("A recap is read on a phone.", "That is too long.")
	}
	err = d.write(ctx, a, func(t *store.Tx) error {
		k, err := t.Ask(id)
		if err != nil {
			return err
		}
		r, err := t.Deal(k.Deal)
		if err != nil {
			return err
		}
		p, err := d.prepare(t, a, r.Deal)
		if err != nil {
			return err
		}
		if p.Mailbox == 0 {
			return noMailbox()
		}
		draft, err := d.recapDraft(t, a, k, nil, nil)
		if err != nil {
			return err
		}
		me, err := t.Member(a.Member)
		if err != nil {
			return err
		}
		links := map[string]dottedline.RecapAnswer{}
		var urls []string
		for _, x := range dottedline.RecapAnswers {
			secret, hash := newToken()
			links[hash] = x
			urls = append(urls, d.URL+"/recap/"+secret)
		}
		p.To, p.Cc, p.Subject = []string{string(draft.To)}, nil, draft.Subject
		p.Text = dottedline.RecapMail(draft.First, clean(body), urls, me.Name)
		if once != "" {
			once = "recap of " + k.ID.String() + " " + once
		}
		o, err := d.outgoing(t, a, p, once)
		if err != nil {
			return err
		}
		out = o.ID
		if fresh, err := t.AddOutgoing(o); err != nil {
			return err
		} else if !fresh { // the same press came twice
			had, _, err := t.OutgoingByMessageID(o.MessageID)
			out = had.ID
			return err
		}
		return t.AddRecap(dottedline.Recap{ID: store.NewID[dottedline.Recap](t), Ask: k.ID, Meeting: k.Meeting, Deal: r.ID, Person: r.Person, Member: a.Member, Text: draft.First}, o.MessageID, links)
	})
	d.wakeUp()
	return out, err
}

// recapSent records that a recap has gone out. Its first line is the ask, so the
// ask is made by it at the latest.
func recapSent(t *store.Tx, r dottedline.Recap, m store.Mail) error {
	if !r.Sent.IsZero() {
		return nil
	}
	r.Sent, r.Due = m.At, m.At.Add(dottedline.RecapWithin)
	if err := t.SetRecap(r); err != nil {
		return err
	}
	k, err := t.Ask(r.Ask)
	if err != nil {
		return err
	}
	if k.Made.IsZero() || !k.Mistaken.IsZero() {
		k.Made, k.Words, k.Missed, k.Mistaken = m.At, r.Text, false, time.Time{}
		if err := t.PutAsk(k); err != nil {
			return err
		}
	}
	return touch(t, k.Deal, dottedline.Touch{Kind: dottedline.RecapTouch, By: dottedline.Us, Member: r.Member, At: m.At, Until: r.Due, Text: k.Text})
}

// RecapVisit is what a visitor sees who follows a link of a recap.
type RecapVisit struct {
	Answer   dottedline.RecapAnswer // that of the link
	Ask      string
	From     string // the member
	Team     string
	First    string                 // the visitor's first name
	Answered dottedline.RecapAnswer // what was answered before; "" if nothing
	Line     string
}

// Recap shows a link of a recap; it changes nothing.
func (d *Desk) Recap(ctx context.Context, secret string) (v RecapVisit, err error) {
	l, err := d.recapLink(ctx, secret)
	if err != nil {
		return v, err
	}
	err = d.db.View(ctx, l.Workspace, func(t *store.Tx) error {
		r, err := t.Recap(l.Recap)
		if err != nil {
			return err
		}
		w, _, err := t.ThisWorkspace()
		if err != nil {
			return err
		}
		me, err := t.Member(r.Member)
		if err != nil {
			return err
		}
		p, _, err := who(t, r.Person)
		v = RecapVisit{Answer: l.Answer, Ask: r.Text, From: me.Name, Team: w.Name, First: p.First(), Answered: r.Answer, Line: r.Line}
		return err
	})
	return v, err
}

func (d *Desk) recapLink(ctx context.Context, secret string) (l store.RecapLink, err error) {
	err = d.db.Everywhere(ctx, func(g store.Global) error {
		var ok bool
		if l, ok, err = g.RecapLink(hashOf(secret)); err == nil && !ok {
			err = &dottedline.Problem{Kind: dottedline.NotFound, Text: "This link leads nowhere.", Hint: "Answer the mail instead."}
		}
		return err
	})
	return l, err
}

// AnswerRecap records the answer of a link, with a line that the visitor may
// add. The same answer again changes nothing; another one is a change of mind.
func (d *Desk) AnswerRecap(ctx context.Context, secret, line string) (err error) {
	defer wrap("answer recap", &err)
	line = clean(strings.TrimSpace(strings.ReplaceAll(line, "\r\n", "\n")))
	if len(line) > longText {
		return dottedline.Wrong("Answer the mail where there is more to say.", "That is more than a line.")
	}
	l, err := d.recapLink(ctx, secret)
	if err != nil {
		return err
	}
	err = d.db.Write(ctx, l.Workspace, func(t *store.Tx) error {
		r, err := t.Recap(l.Recap)
		if err != nil {
			return err
		}
		if r.Answer == l.Answer && (line == "" || line == r.Line) {
			return nil
		}
		r.Answer, r.Line, r.Answered = l.Answer, line, t.Now
		if err := t.SetRecap(r); err != nil {
			return err
		}
		k, err := t.Ask(r.Ask)
		if err != nil {
			return err
		}
		if err := t.SaidBy(k.Deal, r.Person); err != nil {
			return err
		}
		return answered(t, k, l.Answer, line, 0, r.Person)
	})
	d.wakeUp()
	return err
}

// asks sees what a mail means for the asks of its deal: a recap of ours that
// went out, an ask that it makes, or an answer by which they show that they know it.
func (b *batch) asks(deal dottedline.DealID, m store.Mail) error {
	if m.Kind != string(mail.Person) {
		return nil
	}
	if m.Out {
		r, ok, err := b.RecapByMail(m.MessageID)
		if err != nil {
			return err
		}
		if ok {
			return recapSent(b.Tx, r, m)
		}
	}
	open, err := b.OpenAsksOf(deal)
	if err != nil {
		return err
	}
	for _, k := range open {
		if m.At.Before(k.Set) {
			continue
		}
		if m.Out && k.Made.IsZero() {
			if words, ok := dottedline.HoldsAsk(m.Fresh, k.Text); ok {
				if err := made(b.Tx, &k, m.At, clean(words), dottedline.Touch{Mail: m.ID}); err != nil {
					return fmt.Errorf("ask by mail: %w", err)
				}
			}
		}
		if !m.Out && !k.Made.IsZero() && k.Landed.IsZero() && k.Mistaken.IsZero() && m.At.After(k.Made) {
			if _, ok := dottedline.ReadReply(m.Fresh); ok {
				k.Landed = m.At
				if err := b.PutAsk(k); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
