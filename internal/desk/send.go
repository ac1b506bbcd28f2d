package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/mail"
)

// Prepared is a mail that is ready to send.
type Prepared struct {
	Deal     dottedline.DealID
	Mailbox  dottedline.MailboxID // 0 while none is connected: it can't be sent
	From     dottedline.Address
	To       []string // addresses
	Cc       []string
	Subject  string
	Text     string
	Template string // the name of the template it was made from; "" if the member wrote it
	Answers  dottedline.MailID
	Quoting  string   // what they wrote, for the eye
	Knows    []string // what of the library it rests on, or could be given with it, in words
	Minutes  float64
	Opened   time.Time // when the member opened it; zero where nobody knows
	Model    string    // the language model that wrote Text; "" for none
	Drafter  *Drafter  // what may write Text; nil while that is off
	action   dottedline.Action
}

// Prepare makes the answer for a deal: the member's own draft where there is
// one, else the template that fits the moment.
func (d *Desk) Prepare(ctx context.Context, a dottedline.Actor, id dottedline.DealID) (p *Prepared, err error) {
	defer wrap("prepare answer", &err)
	err = d.view(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(id)
		if err == nil {
			p, err = d.prepare(t, a, r.Deal)
		}
		return err
	})
	return p, err
}

func (d *Desk) prepare(t *store.Tx, a dottedline.Actor, deal dottedline.Deal) (*Prepared, error) {
	_, s, err := t.ThisWorkspace()
	if err != nil {
		return nil, err
	}
	model, err := t.Model()
	if err != nil {
		return nil, err
	}
	st := deal.Stand(t.Now, model, s.Unvalued, 1)
	p := &Prepared{Deal: deal.ID, Minutes: st.Minutes, action: st.Action}
	person, company, err := who(t, deal.Person)
	if err != nil {
		return nil, err
	}
	ms, err := t.DealMails(deal.ID, 50)
	if err != nil {
		return nil, err
	}
	var theirs store.Mail
	for _, m := range ms {
		if m.Kind != string(mail.Person) {
			continue
		}
		if p.Answers == 0 {
			p.Answers, p.Subject = m.ID, replySubject(m.Subject)
		}
		if !m.Out {
			theirs = m
			p.Answers, p.Subject = m.ID, replySubject(m.Subject)
			break
		}
	}
	p.Quoting = theirs.Fresh
	if err := d.address(t, a, p, person); err != nil {
		return nil, err
	}
	draft, err := t.Draft(a.Member, deal.ID)
	p.Text, p.Model = draft.Text, draft.Model
	if err != nil || p.Text != "" && !s.Drafter.On {
		return p, err
	}
	me, err := t.Member(a.Member)
	if err != nil {
		return nil, err
	}
	facts := dottedline.Facts{FirstName: person.First(), Name: person.Name, Company: company.Name, MyName: me.Name,
		Subject: strings.TrimSpace(mail.BaseSubject(p.Subject)), Question: dottedline.Shorten(dottedline.Question(theirs.Fresh), 200)}
	if deal.Value.Minor > 0 {
		facts.Value = deal.Value.String()
	}
	held := ""
	when := dottedline.ForMoment(st.Action, theirs.Fresh)
	if st.Action == dottedline.Answer {
		lib, err := t.Gifts()
		if err != nil {
			return nil, err
		}
		h := store.HeldTimes{}
		if draft.Text == "" {
			if h, err = timesFor(t, deal, theirs.ID); err != nil {
				return nil, err
			}
			held = h.Lines
		}
		if h.Mail <= theirs.ID { // else what they asked was answered before they declined to meet
			facts.Answer = knows(lib, p, theirs.Fresh)
		}
		if held != "" {
			p.Knows = append(p.Knows, "Free times, kept for them for two days")
			if facts.Answer == "" {
				when = dottedline.OnTime
			}
		}
	}
	tpl, err := templateFor(t, when)
	if err != nil {
		return nil, err
	}
	if facts.Answer != "" && !strings.Contains(tpl.Text, "{{answer}}") {
		tpl = dottedline.AnswerTemplate
	}
	if held != "" && !strings.Contains(tpl.Text, "{{times}}") {
		tpl.Text = above(tpl.Text, "{{times}}")
	}
	facts.Times = strings.TrimSpace(held)
	text, err := tpl.Fill(facts)
	if err != nil {
		return nil, err
	}
	if s.Drafter.On {
		shown := facts // the model sees no link that lets somebody in
		lines, _ := dottedline.LinkLines(held)
		shown.Times = strings.Join(lines, "\n")
		base, err := tpl.Fill(shown)
		if err != nil {
			return nil, err
		}
		p.Drafter = newDrafter(s.Drafter, dottedline.Drafting{Facts: shown, Template: base, Wrote: theirs.Fresh}, cmp.Or(draft.Text, held))
	}
	if p.Text != "" {
		p.Knows = nil // they are of the template's text
		return p, nil
	}
	p.Template, p.Text = tpl.Name, text
	p.Subject = cmp.Or(p.Subject, deal.Name)
	return p, nil
}

// templateFor is the workspace's own template for a moment, else the shipped one.
func templateFor(t *store.Tx, m dottedline.Moment) (dottedline.Template, error) {
	own, err := t.Templates()
	if err != nil {
		return dottedline.Template{}, err
	}
	for _, x := range slices.Concat(own, dottedline.ShippedTemplates) {
		if x.When == m {
			return x, nil
		}
	}
	return dottedline.ShippedTemplates[0], nil
}

func replySubject(s string) string {
	if s == "" || mail.IsReplySubject(s) {
		return s
	}
	return "Re: " + s
}

// address fills in who sends from where to whom: as a reply to the mail it answers.
func (d *Desk) address(t *store.Tx, a dottedline.Actor, p *Prepared, person dottedline.Person) error {
	boxes, err := t.Mailboxes()
	if err != nil {
		return err
	}
	b, err := newBatch(t)
	if err != nil {
		return err
	}
	if p.Answers != 0 {
		raw, err := t.Raw(p.Answers)
		if err != nil {
			return err
		}
		m, _ := mail.Parse(raw)
		r := mail.Reply(m, true, b.oursText)
		for _, x := range r.To {
			p.To = append(p.To, x.Addr)
		}
		for _, x := range r.Cc {
			p.Cc = append(p.Cc, x.Addr)
		}
		p.Mailbox = mailboxOf(boxes, b, m)
	}
	if len(p.To) == 0 && person.Address != "" {
		p.To = []string{string(person.Address)}
	}
	for _, box := range boxes {
		if p.Mailbox == 0 && box.Member == a.Member || p.Mailbox == box.ID {
			p.Mailbox, p.From = box.ID, box.Address
			break
		}
	}
	if p.Mailbox == 0 && len(boxes) > 0 {
		p.Mailbox, p.From = boxes[0].ID, boxes[0].Address
	}
	return nil
}

// mailboxOf is the mailbox of ours that the mail was written to or from.
func mailboxOf(boxes []store.Mailbox, b *batch, m *mail.Message) dottedline.MailboxID {
	for _, x := range slices.Concat(m.To, m.Cc, m.From) {
		if o, ok := b.own[dottedline.MakeAddress(x.Addr)]; ok {
			for _, box := range boxes {
				if box.ID == o.Mailbox {
					return box.ID
				}
			}
		}
	}
	return 0
}

// SaveDraft keeps what a member has written for a deal and not sent.
func (d *Desk) SaveDraft(ctx context.Context, a dottedline.Actor, id dottedline.DealID, text string) error {
	return d.write(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(id)
		if err != nil {
			return err
		}
		return t.PutDraft(a.Member, r.ID, strings.TrimSpace(text))
	})
}

// Send puts a mail into the outbox; it goes out after UndoFor. Text, Subject, To
// and Cc are taken from m, the rest is prepared anew. once names the press: the
// same press again, from a page that did not hear the answer, is no second mail.
func (d *Desk) Send(ctx context.Context, a dottedline.Actor, id dottedline.DealID, m Prepared, once string) (out dottedline.OutgoingID, err error) {
	defer wrap("send", &err)
	if strings.TrimSpace(m.Text) == "" {
		return 0, dottedline.Wrong("Write a line.", "The mail is empty.")
	}
	err = d.write(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(id)
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
		if len(m.To) > 0 {
			p.To, p.Cc = m.To, m.Cc
		}
		p.Subject = cmp.Or(strings.TrimSpace(m.Subject), p.Subject)
		p.Text = strings.ReplaceAll(m.Text, "\r\n", "\n")
		o, err := d.outgoing(t, a, p, once)
		if err != nil {
			return err
		}
		out = o.ID
		if fresh, err := t.AddOutgoing(o); err != nil {
			return err
		} else if !fresh { // the same press came twice
			if had, ok, err := t.OutgoingByMessageID(o.MessageID); err != nil || ok {
				out = had.ID
				return err
			}
		}
		if err := addEffort(t, p.action, m.Opened); err != nil {
			return err
		}
		if err := giftsSent(t, a, r.ID, p.Text); err != nil {
			return err
		}
		if err := timesSent(t, r.ID, p.Text); err != nil {
			return err
		}
		return t.PutDraft(a.Member, r.ID, "")
	})
	d.wakeUp()
	return out, err
}

// leftOpen is from when on a page was merely left open, and tells nothing of
// the work.
const leftOpen = 30 * time.Minute

// addEffort learns how long an action took from its opening to sending.
func addEffort(t *store.Tx, a dottedline.Action, opened time.Time) error {
	if took := t.Now.Sub(opened); took > 0 && took < leftOpen {
		return t.AddEffort(a, took)
	}
	return nil
}

// outgoing composes the bytes that are sent, once and for all.
func (d *Desk) outgoing(t *store.Tx, a dottedline.Actor, p *Prepared, once string) (store.Outgoing, error) {
	me, err := t.Member(a.Member)
	if err != nil {
		return store.Outgoing{}, err
	}
	o := store.Outgoing{Member: a.Member, Raw: nil}
	o.ID, o.Mailbox, o.Deal = store.NewID[dottedline.Outgoing](t), p.Mailbox, p.Deal
	o.Due = t.Now.Add(d.UndoFor)
	token := hashOf(cmp.Or(once, o.ID.String()) + "\n" + p.Deal.String() + "\n" + a.Member.String())[:32]
	o.MessageID = "dl." + token + "@" + cmp.Or(p.From.Domain(), "localhost")
	draft := mail.Draft{MessageID: o.MessageID, Date: t.Now, From: mail.Address{Name: me.Name, Addr: string(p.From)}, Subject: p.Subject, Text: p.Text}
	for _, list := range []struct {
		in  []string
		out *[]mail.Address
	}{{p.To, &draft.To}, {p.Cc, &draft.Cc}} {
		for _, s := range list.in {
			addr := dottedline.MakeAddress(s)
			if addr == "" {
				continue
			}
			if addr.Domain() == "" || strings.ContainsAny(string(addr), " \r\n\t<>,;") {
				return o, dottedline.Wrong("Write it like maya@example.com.", "%q is not a mail address.", s)
			}
			who, _, err := t.PersonAt(addr)
			if err != nil {
				return o, err
			}
			name := who.Name
			if strings.Contains(name, "@") {
				name = ""
			}
			*list.out = append(*list.out, mail.Address{Name: name, Addr: string(addr)})
			o.Rcpts = append(o.Rcpts, string(addr))
		}
	}
	if len(o.Rcpts) == 0 {
		return o, dottedline.Wrong("Write an address in To.", "The mail is for nobody.")
	}
	if p.Answers != 0 {
		raw, err := t.Raw(p.Answers)
		if err != nil {
			return o, err
		}
		parent, _ := mail.Parse(raw)
		r := mail.Reply(parent, false, func(string) bool { return false })
		draft.InReplyTo, draft.References = r.InReplyTo, r.References
	}
	if o.Raw, err = mail.Compose(draft); err != nil {
		return o, fmt.Errorf("compose: %w", err)
	}
	return o, nil
}

// Undo takes a mail back while it can be. What was written becomes the draft again.
func (d *Desk) Undo(ctx context.Context, a dottedline.Actor, id dottedline.OutgoingID) error {
	return d.write(ctx, a, func(t *store.Tx) error {
		ok, err := t.UndoOutgoing(id)
		if err != nil {
			return err
		}
		o, err := t.Outgoing(id)
		if err != nil {
			return err
		}
		if !ok && o.State != dottedline.Undone {
			return &dottedline.Problem{Kind: dottedline.Conflict, Text: "It is too late: the mail is on its way."}
		}
		if carries, err := t.SignersByMail(id); err != nil {
			return err
		} else if len(carries) > 0 {
			return unsend(t, id)
		}
		if _, recap, err := t.RecapByMail(o.MessageID); err != nil || recap { // it is made anew
			return err
		}
		if x, ok, err := t.IntroductionByMail(o.MessageID); err != nil {
			return err
		} else if ok {
			return takeBack(t, x.Introduction)
		}
		m, _ := mail.Parse(o.Raw)
		return t.PutDraft(a.Member, o.Deal, strings.TrimSpace(m.Text))
	})
}

// Decide settles a mail that may have gone out or was refused: again sends it
// once more, otherwise it is left as it is and no longer shown.
func (d *Desk) Decide(ctx context.Context, a dottedline.Actor, id dottedline.OutgoingID, again bool) error {
	err := d.write(ctx, a, func(t *store.Tx) error {
		o, err := t.Outgoing(id)
		if err != nil {
			return err
		}
		if o.State != dottedline.Unknown && o.State != dottedline.Refused {
			return &dottedline.Problem{Kind: dottedline.Conflict, Text: "This mail has been settled already."}
		}
		if again {
			return t.SetOutgoing(id, dottedline.Waiting, t.Now, "")
		}
		return t.SetOutgoing(id, dottedline.Undone, t.Now, o.Error)
	})
	d.wakeUp()
	return err
}

// leaseFor is how long one try to send may take before another node looks after it.
const leaseFor = 2 * time.Minute

var errTaken = errors.New("somebody else has it")

// Outbound is a mail for the outbox worker, with what the worker has to do first.
type Outbound struct {
	store.Outgoing
	Box Account
	// Doubt says that an earlier try may have gone out: it is to be looked up in
	// Sent, and never to be sent without a person's word.
	Doubt bool
}

// NextOutbound claims the next mail that is due, or gives nil and when to ask
// again (zero: when woken). The claim is durable before anything is sent.
func (d *Desk) NextOutbound(ctx context.Context) (o *Outbound, at time.Time, err error) {
	defer wrap("next outbound", &err)
	var due []store.Outgoing
	if err = d.db.Everywhere(ctx, func(g store.Global) error {
		if due, err = g.DueOutgoing(20); err == nil && len(due) == 0 {
			at, err = g.NextOutgoing()
		}
		return err
	}); err != nil || len(due) == 0 {
		return nil, at, err
	}
	for _, m := range due {
		doubt := m.State != dottedline.Waiting
		is := dottedline.Sending
		if doubt {
			is = dottedline.Unknown
		}
		var box Account
		err := d.db.Write(ctx, m.Workspace, func(t *store.Tx) error {
			if doubt {
				t.Changed()
			}
			ok, err := t.ClaimOutgoing(m.ID, m.State, is, t.Now.Add(leaseFor))
			if err != nil {
				return err
			}
			if !ok {
				return errTaken
			}
			b, err := t.Mailbox(m.Mailbox)
			if err != nil {
				return t.SetOutgoing(m.ID, dottedline.Refused, t.Now, "The mailbox it was to go out from is no longer connected.")
			}
			box, err = d.account(m.Workspace, b)
			return err
		})
		if errors.Is(err, errTaken) || err == nil && box.ID == 0 {
			continue
		}
		return &Outbound{m, box, doubt}, at, err
	}
	return nil, time.Time{}, nil
}

// MailSent records that the server has taken a mail, or that it was found in
// Sent: it becomes a touch and the ball moves.
func (d *Desk) MailSent(ctx context.Context, o *Outbound) error {
	_, err := d.ReceiveMail(ctx, o.Workspace, []Incoming{{Raw: o.Raw, At: d.Now()}}, func(t *store.Tx) error {
		if err := t.SetOutgoing(o.ID, dottedline.Sent, t.Now, ""); err != nil {
			return err
		}
		return delivered(t, o.ID)
	})
	return err
}

// retryAfter is how long to wait after so many tries that failed for a time.
func retryAfter(tries int) time.Duration {
	return min(time.Minute<<min(tries, 10), 4*time.Hour)
}

// MailLater records that a server could not take a mail now. After three days
// it is given up.
func (d *Desk) MailLater(ctx context.Context, o *Outbound, why string) error {
	return d.settle(ctx, o, func(t *store.Tx) (dottedline.OutgoingState, time.Time) {
		if t.Now.Sub(o.Made) > 72*time.Hour {
			return dottedline.Refused, t.Now
		}
		return dottedline.Waiting, t.Now.Add(retryAfter(o.Tries))
	}, why)
}

// MailRefused records that a server will not take a mail.
func (d *Desk) MailRefused(ctx context.Context, o *Outbound, why string) error {
	return d.settle(ctx, o, func(t *store.Tx) (dottedline.OutgoingState, time.Time) { return dottedline.Refused, t.Now }, why)
}

// MailUnknown records that a mail may have gone out. It is looked up in Sent
// again after a while; only a person sends it again.
func (d *Desk) MailUnknown(ctx context.Context, o *Outbound, why string) error {
	return d.settle(ctx, o, func(t *store.Tx) (dottedline.OutgoingState, time.Time) {
		return dottedline.Unknown, t.Now.Add(min(15*time.Second<<min(o.Tries, 12), 6*time.Hour))
	}, why)
}

func (d *Desk) settle(ctx context.Context, o *Outbound, f func(*store.Tx) (dottedline.OutgoingState, time.Time), why string) (err error) {
	defer wrap("settle mail", &err)
	return d.db.Write(ctx, o.Workspace, func(t *store.Tx) error {
		s, due := f(t)
		return t.SetOutgoing(o.ID, s, due, why)
	})
}
