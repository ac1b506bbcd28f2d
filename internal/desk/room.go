package desk

import (
	"context"
	"errors"
	"strings"
	"time"

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

// Door is what a link shows before the code.
type Door struct {
	From     string // the workspace
	Member   string // who sent it
	To       string // the address that the code goes to, masked
	CodeSent bool
}

// Door shows who invites, and to which address a code can be sent. It changes
// nothing: mail scanners open links too.
func (d *Desk) Door(ctx context.Context, v Visitor) (p Door, err error) {
	l, _, err := d.door(ctx, v)
	if err != nil {
		return p, err
	}
	err = d.db.View(ctx, l.Workspace, func(t *store.Tx) error {
		r, err := openRoom(t, v)
		if err != nil {
			return err
		}
		w, _, err := t.ThisWorkspace()
		p = Door{From: w.Name, Member: r.maker.Name, To: mask(r.me().Address), CodeSent: r.link.CodeHash != "" && r.link.CodeUntil.After(t.Now)}
		return err
	})
	return p, err
}

func mask(a dottedline.Address) string {
	local, domain, _ := strings.Cut(string(a), "@")
	r := []rune(local)
	if len(r) == 0 {
		return "•@" + domain
	}
	return string(r[:1]) + strings.Repeat("•", max(len(r)-1, 2)) + "@" + domain
}

// RoomPage is the private page of a deal for one who has to sign.
type RoomPage struct {
	Agreement dottedline.Agreement
	HTML      string   // of what is signed; "" where it is a PDF only
	Agreed    []string // what it is about, a line each
	Me        dottedline.Signer
	Signers   []dottedline.Signer
	MyTurn    bool
	Intent    string // the words that signing means
	Steps     []dottedline.Step
	Questions []dottedline.RoomQuestion // those of this signer
	Workspace string
	Member    dottedline.Member // who to ask
	Answers   time.Duration     // how long they usually take, in working time; 0 unknown
	Yes       string            // the words of the yes
	YesAt     time.Time
	Deal      string
	Uploaded  bool
}

// Room shows the room. It changes nothing.
func (d *Desk) Room(ctx context.Context, v Visitor) (p RoomPage, err error) {
	l, in, err := d.door(ctx, v)
	if err != nil {
		return p, err
	}
	if !in {
		return p, errCode()
	}
	err = d.db.View(ctx, l.Workspace, func(t *store.Tx) error {
		r, err := openRoom(t, v)
		if err != nil {
			return err
		}
		p, err = roomPage(r)
		return err
	})
	return p, err
}

func roomPage(r *room) (p RoomPage, err error) {
	me := *r.me()
	p = RoomPage{Agreement: r.Agreement.Agreement, HTML: r.HTML, Agreed: agreed(r.sheet), Me: me.Signer, Member: r.maker, Deal: r.deal.Name, Uploaded: r.Source == "",
		Intent: intentOf(me.Name, r.Title)}
	for _, s := range r.signers {
		if s.Counts() {
			p.Signers = append(p.Signers, s.Signer)
		}
	}
	p.MyTurn = r.State.Open() && r.t.Now.Before(r.Ends) && dottedline.MaySign(plain(r.signers), me.ID)
	if p.Steps, err = r.t.Steps(r.deal.ID); err != nil {
		return p, err
	}
	qs, err := r.t.Questions(r.deal.ID)
	if err != nil {
		return p, err
	}
	for _, q := range qs {
		if q.Signer == me.ID {
			p.Questions = append(p.Questions, q)
		}
	}
	w, _, err := r.t.ThisWorkspace()
	if err != nil {
		return p, err
	}
	p.Workspace = w.Name
	ts, err := r.t.Touches(r.deal.ID)
	if err != nil {
		return p, err
	}
	for _, x := range ts {
		if x.Kind == dottedline.YesTouch {
			p.Yes, p.YesAt = x.Text, x.At
		}
	}
	rs, err := r.t.RepliesSince(r.t.Now.Add(-90 * 24 * time.Hour))
	if err != nil {
		return p, err
	}
	h, err := hours(r.t, r.Member)
	var problem *dottedline.Problem
	if errors.As(err, &problem) { // the member is gone
		err = nil
	}
	p.Answers = dottedline.TimesOf(rs, dottedline.Us, h).Work
	return p, err
}

// RoomPDF is the paper for a visitor: sealed where it is, else as presented.
func (d *Desk) RoomPDF(ctx context.Context, v Visitor) (pdf []byte, name string, err error) {
	l, in, err := d.door(ctx, v)
	if err != nil {
		return nil, "", err
	}
	if !in {
		return nil, "", errCode()
	}
	err = d.db.View(ctx, l.Workspace, func(t *store.Tx) error {
		r, err := openRoom(t, v)
		if err != nil {
			return err
		}
		name = fileName(r.Title)
		pdf, err = pdfOf(t, r.Agreement, "")
		return err
	})
	if err == nil && pdf == nil {
		err = dottedline.Missing("PDF")
	}
	return pdf, name, err
}

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

// MoveStep says until when they mean to do a step of theirs.
func (d *Desk) MoveStep(ctx context.Context, v Visitor, id dottedline.StepID, due time.Time) error {
	return d.visit(ctx, v, func(r *room) error {
		s, err := stepOf(r.t, r.deal.ID, id)
		if err != nil {
			return err
		}
		if s.Owner != dottedline.Them || !s.Done.IsZero() {
			return &dottedline.Problem{Kind: dottedline.Forbidden, Text: "Only open steps of your own can be moved."}
		}
		s.Due = due
		if err := r.t.PutStep(s); err != nil {
			return err
		}
		return r.keep("step", map[string]string{"text": s.Text, "until": due.Format(time.DateOnly)})
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

// PassOn gives the signing to the right person, who proves the own address by a
// code as everybody does.
func (d *Desk) PassOn(ctx context.Context, v Visitor, name, address, title string) error {
	addr := dottedline.MakeAddress(address)
	if addr.Domain() == "" || strings.HasPrefix(string(addr), "@") || strings.ContainsAny(string(addr), " \r\n\t<>,;") {
		return dottedline.Wrong("Write it like dana@example.com.", "%q is not a mail address.", address)
	}
	if name = clean(strings.TrimSpace(name)); name == "" || len(name) > 200 {
		return dottedline.Wrong("It stands under the signature.", "The name is missing.")
	}
	var l secretLink
	l.secret, l.hash = newToken()
	return d.visit(ctx, v, func(r *room) error {
		me := r.me()
		if !r.State.Open() || !me.Counts() || !me.Signed.IsZero() {
			return dottedline.Wrong("", "There is nothing to pass on any more.")
		}
		if len(r.signers) >= 40 {
			return &dottedline.Problem{Kind: dottedline.TooMany, Text: "This was passed on too often.", Hint: "Write to " + r.maker.Name + "."}
		}
		p, err := personAt(r.t, addr, name)
		if err != nil {
			return err
		}
		if err := r.t.AddDealPerson(r.deal.ID, p.ID); err != nil {
			return err
		}
		next := store.Signer{Signer: dottedline.Signer{ID: store.NewID[dottedline.Signer](r.t), Agreement: r.ID, Side: me.Side, Order: me.Order,
			Name: name, Title: clean(strings.TrimSpace(title)), Company: me.Company, Address: addr, Person: p.ID}}
		me.PassedTo = next.ID
		if err := r.keep("passed on", map[string]string{"to": named(next)}); err != nil {
			return err
		}
		if err := r.t.PutSigner(next); err != nil {
			return err
		}
		x, err := r.t.Agreement(r.ID) // keep may have changed its state
		if err != nil {
			return err
		}
		for i := range x.Places { // the new one signs where the old one would have
			if x.Places[i].Signer == me.ID {
				x.Places[i].Signer = next.ID
			}
		}
		if err := r.t.PutAgreement(x); err != nil {
			return err
		}
		_, err = d.carry(r.t, r.sheet, x, &next, l, "pass", passText(me.Name), 0)
		return err
	})
}

func passText(by string) string {
	return "{{greeting}}\n\n" + strings.NewReplacer("{", "", "}", "").Replace(by) + " says that you are the right person to sign this:\n\n{{link}}\n\nA code is mailed to you first, so that nobody else can. If you have a question, ask it there or answer this mail.\n\n{{my_name}}"
}
