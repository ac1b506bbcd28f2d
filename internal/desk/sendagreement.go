package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/mail"
	"dottedline/paper"
)

// Sending is what one press has put on its way.
type Sending struct {
	Agreement dottedline.AgreementID
	Mails     []dottedline.OutgoingID // Undo of the first takes all back
}

// SendAgreement sends an agreement with one press: the edit that comes with it
// is kept, the paper is frozen as a PDF with its SHA-256, the room and its links
// are made, and the mails that carry them are put into the outbox, all in one
// transaction. Where the member is one of the signers, the press signs. once
// names the press: the same press again is no second agreement. It counts as
// sent when the mail server has accepted it.
func (d *Desk) SendAgreement(ctx context.Context, a dottedline.Actor, id dottedline.AgreementID, e AgreementEdit, once string) (out Sending, err error) {
	defer wrap("send agreement", &err)
	out.Agreement = id
	defer d.wakeUp()
	for range 3 {
		var s sheet
		err = d.write(ctx, a, func(t *store.Tx) error {
			if s, err = readSheet(t, id); err != nil || s.State != dottedline.Draft {
				return err
			}
			if err := edit(t, &s, e); err != nil {
				return err
			}
			return t.PutAgreement(s.Agreement)
		})
		if err != nil {
			return out, err
		}
		var p presented
		if s.State == dottedline.Draft {
			if p, err = d.present(s); err != nil {
				return out, err
			}
		}
		secrets := newLinks(s)
		changed := false
		err = d.write(ctx, a, func(t *store.Tx) error {
			now, err := readSheet(t, id)
			if err != nil {
				return err
			}
			if changed = now.State == dottedline.Draft && now.Rev != s.Rev; changed {
				return nil
			}
			if now.State != dottedline.Draft {
				if once != "" && now.Once == once {
					out.Mails = mailsOf(now)
					return nil
				}
				return &dottedline.Problem{Kind: dottedline.Conflict, Text: "This agreement has been sent already."}
			}
			out.Mails, err = d.send(t, a, now, p, secrets, once)
			return err
		})
		if err != nil || !changed {
			return out, err
		}
	}
	return out, &dottedline.Problem{Kind: dottedline.Conflict, Text: "Somebody is editing this agreement right now.", Hint: "Look at it again and press once more."}
}

func mailsOf(s sheet) (out []dottedline.OutgoingID) {
	for _, x := range s.signers {
		if x.Outgoing != 0 {
			out = append(out, x.Outgoing)
		}
	}
	return out
}

// presented is the paper as it will be signed.
type presented struct {
	pdf    []byte
	sha    string
	title  string
	html   string
	pages  int
	places []store.MarkPlace
}

// present makes the PDF. It needs no database.
func (d *Desk) present(s sheet) (p presented, err error) {
	page := d.page(s)
	if len(page.Holes) > 0 {
		return p, dottedline.Wrong("Fill them in and send it then.", "%s", dottedline.HolesText(page.Holes))
	}
	if len(page.Problems) > 0 {
		return p, dottedline.Wrong("", "%s", strings.Join(page.Problems, " "))
	}
	if page.Upload {
		p = presented{pdf: s.upload, title: s.Title, pages: s.Pages, places: s.Places}
	} else {
		doc, _, err := d.merge(s)
		if err != nil {
			return p, err
		}
		made, err := paper.Make(doc, d.fonts(), d.options(s))
		if err != nil {
			return p, fmt.Errorf("make the PDF: %w", err)
		}
		p = presented{pdf: made.PDF, title: doc.Title, html: doc.HTML(), pages: made.Pages}
		for _, l := range made.Lines {
			signer, err := dottedline.ParseID[dottedline.Signer](l.Signer)
			if err != nil {
				return p, err
			}
			p.places = append(p.places, store.MarkPlace{Signer: signer, Page: l.Page, Mark: box(l.Mark), Date: box(l.Date)})
		}
	}
	p.sha = hexSum(p.pdf)
	return p, nil
}

func box(r paper.Rect) [4]float64 { return [4]float64{r.X, r.Y, r.W, r.H} }

// newLinks makes the secrets of links before the transaction, which may be run
// more than once.
func newLinks(s sheet) map[dottedline.SignerID]secretLink {
	m := map[dottedline.SignerID]secretLink{}
	for _, x := range s.signers {
		var l secretLink
		l.secret, l.hash = newToken()
		m[x.ID] = l
	}
	return m
}

type secretLink struct{ secret, hash string }

// keepFor is how long a room can be visited after its agreement has ended.
const keepFor = 60 * 24 * time.Hour

// send is the transaction of the press.
func (d *Desk) send(t *store.Tx, a dottedline.Actor, s sheet, p presented, secrets map[dottedline.SignerID]secretLink, once string) ([]dottedline.OutgoingID, error) {
	if s.deal.Path == dottedline.Signed {
		return nil, dottedline.Wrong("Make a deal of its own for the next one.", "This deal is signed.")
	}
	if err := d.replaceOpen(t, a, s); err != nil {
		return nil, err
	}
	x := s.Agreement
	x.State, x.Once, x.SHA256, x.Title, x.HTML, x.Pages, x.Places = dottedline.Going, once, p.sha, p.title, p.html, p.pages, p.places
	x.Ends = t.Now.Add(time.Duration(days(s.settings)) * 24 * time.Hour)
	if err := t.PutFile(x.ID, store.Presented, p.sha, p.pdf); err != nil {
		return nil, err
	}
	if err := evidence(t, x, fact{kind: "made", actor: s.maker.Name, data: map[string]string{"title": x.Title, "pages": strconv.Itoa(x.Pages), "bytes": strconv.Itoa(len(p.pdf))}}); err != nil {
		return nil, err
	}
	if s.deal.Path != dottedline.Yes { // sending it says that they said so
		if err := beginPlan(t, a.Member, s.deal); err != nil {
			return nil, err
		}
		if err := touchPlanned(t, s.deal.ID, dottedline.Touch{Kind: dottedline.YesTouch, By: dottedline.Them, Member: a.Member, Person: s.deal.Person}); err != nil {
			return nil, err
		}
	}
	for i, y := range s.signers { // the press is our signature, where it is our turn
		if y.Side == dottedline.Us && y.Member == a.Member && dottedline.MaySign(plain(s.signers), y.ID) {
			if err := pressSigns(t, x, &s.signers[i]); err != nil {
				return nil, err
			}
		}
	}
	var mails []dottedline.OutgoingID
	for _, turn := range dottedline.Turn(plain(s.signers)) {
		i := slices.IndexFunc(s.signers, func(y store.Signer) bool { return y.ID == turn.ID })
		if s.signers[i].Member != 0 {
			continue // members sign on their own page
		}
		o, err := d.carry(t, s, x, &s.signers[i], secrets[turn.ID], "send "+once+" "+strconv.FormatInt(x.Rev, 10), s.Cover, d.UndoFor)
		if err != nil {
			return nil, err
		}
		mails = append(mails, o)
	}
	if len(mails) == 0 {
		return nil, dottedline.Wrong("Somebody of theirs has to sign first, or at the same time.", "There is nobody to send it to.")
	}
	return mails, t.PutAgreement(x)
}

// replaceOpen takes back the version before: two can't be signed at once.
func (d *Desk) replaceOpen(t *store.Tx, a dottedline.Actor, s sheet) error {
	x, err := openAgreement(t, s.deal.ID)
	if err != nil || x == nil {
		return err
	}
	if x.State == dottedline.Sealing {
		return dottedline.Wrong("It will be sealed in a moment.", "Everybody has signed the version before.")
	}
	qs, err := t.Questions(s.deal.ID)
	if err != nil {
		return err
	}
	for _, q := range qs { // a new version answers what was proposed
		if q.Proposal && q.Answered.IsZero() {
			q.Answer, q.Answered, q.Member = "Version "+strconv.Itoa(s.Version)+" was made of it.", t.Now, a.Member
			if err := t.PutQuestion(q); err != nil {
				return err
			}
		}
	}
	return void(t, *x, a.Member, "Replaced by version "+strconv.Itoa(s.Version), dottedline.Void)
}

// intentOf is what a signer agrees to, word for word.
func intentOf(name, title string) string {
	return fmt.Sprintf("I, %s, have read “%s” and sign it electronically. I mean this to bind me as a signature by hand would.", name, title)
}

// signature is what is kept of one.
type signature struct {
	Method  string         `json:"method"` // typed or drawn
	Name    string         `json:"name"`
	Strokes []paper.Stroke `json:"strokes,omitempty"`
	Intent  string         `json:"intent"`
}

func (g signature) text() (string, error) {
	b, err := json.Marshal(g)
	return string(b), err
}

// facts are what the evidence keeps of a signature.
func (g signature) facts() map[string]string {
	return map[string]string{"method": g.Method, "name": g.Name, "intent": g.Intent, "intent_sha256": hexSum([]byte(g.Intent)), "consent": "yes"}
}

func pressSigns(t *store.Tx, x store.Agreement, y *store.Signer) error {
	g := signature{Method: "typed", Name: y.Name, Intent: intentOf(y.Name, x.Title)}
	text, err := g.text()
	if err != nil {
		return err
	}
	y.Signed, y.Mark = t.Now, text
	data := g.facts()
	data["by"] = "the press that sent it"
	if err := evidence(t, x, fact{kind: "signed", actor: named(*y), data: data}); err != nil {
		return err
	}
	return t.PutSigner(*y)
}

// carry mails a signer a new link.
func (d *Desk) carry(t *store.Tx, s sheet, x store.Agreement, y *store.Signer, l secretLink, once, cover string, undo time.Duration) (dottedline.OutgoingID, error) {
	if err := t.AddRoomLink(store.RoomLink{Hash: l.hash, Agreement: x.ID, Signer: y.ID, Until: x.Ends.Add(keepFor)}); err != nil {
		return 0, err
	}
	answers, subject, err := threadWith(t, s.deal.ID, y.Person)
	if err != nil {
		return 0, err
	}
	if subject = replySubject(subject); subject == "" {
		subject = x.Title
	}
	text, err := d.fill(cover, l.secret, *y, s)
	if err != nil {
		return 0, err
	}
	o, err := post(t, letter{from: x.Member, to: y.Address, name: y.Name, subject: subject, text: text, deal: s.deal.ID, answers: answers,
		once: once + " " + x.ID.String() + " " + y.ID.String(), undo: undo})
	if err != nil {
		return 0, err
	}
	y.Outgoing = o.ID
	if err := evidence(t, x, fact{kind: "going", actor: s.maker.Name, data: map[string]string{"to": named(*y), "message_id": o.MessageID}}); err != nil {
		return 0, err
	}
	return o.ID, t.PutSigner(*y)
}

// fill puts the fields of a cover in; a cover without a place for the link gets
// it at its end.
func (d *Desk) fill(cover, secret string, y store.Signer, s sheet) (string, error) {
	link := d.URL + "/room/" + secret
	if !strings.Contains(cover, "{{link}}") {
		cover += "\n\n{{link}}"
	}
	who := dottedline.Person{Name: y.Name}
	return dottedline.Template{Name: "cover", Text: strings.ReplaceAll(cover, "{{link}}", link)}.Fill(dottedline.Facts{FirstName: who.First(), Name: y.Name,
		Company: y.Company, MyName: s.maker.Name, Subject: s.Title, Value: s.deal.Value.String()})
}

// delivered says that a mail server has taken a mail; where it carried an
// agreement, that is sent now.
func delivered(t *store.Tx, o dottedline.OutgoingID) error {
	ys, err := t.SignersByMail(o)
	for _, y := range ys {
		x, err := t.Agreement(y.Agreement)
		if err != nil {
			return err
		}
		if err := linked(t, x, y); err != nil {
			return err
		}
	}
	return err
}

// linked records that a signer has the link.
func linked(t *store.Tx, x store.Agreement, y store.Signer) error {
	if !y.Asked.IsZero() || !x.State.Open() {
		return nil
	}
	y.Asked = t.Now
	if err := t.PutSigner(y); err != nil {
		return err
	}
	if err := evidence(t, x, fact{kind: "sent", actor: "mail server", data: map[string]string{"to": named(y)}}); err != nil {
		return err
	}
	var xs []dottedline.Touch
	if x.State == dottedline.Going {
		x.State, x.Sent = dottedline.Out, t.Now
		if err := t.PutAgreement(x); err != nil {
			return err
		}
		if err := tick(t, x.Deal, dottedline.FactSent, dottedline.Us); err != nil {
			return err
		}
		if err := t.AddJob(store.Job{ID: "expire " + x.ID.String(), Kind: expireJob, Args: x.ID.String(), Due: x.Ends}); err != nil {
			return err
		}
		if ks, err := t.SealKeys(); err != nil {
			return err
		} else if len(ks) == 0 { // made while they read, so that the first signature does not wait for it
			if err := t.AddJob(store.Job{ID: keyJob, Kind: keyJob, Due: t.Now}); err != nil {
				return err
			}
		}
		xs = append(xs, dottedline.Touch{Kind: dottedline.SentTouch, By: dottedline.Us, Member: x.Member, Person: y.Person, Text: x.Title})
	}
	return touchPlanned(t, x.Deal, xs...)
}

// unsend makes a draft again of an agreement whose mails were all taken back.
func unsend(t *store.Tx, o dottedline.OutgoingID) error {
	ys, err := t.SignersByMail(o)
	if err != nil || len(ys) == 0 {
		return err
	}
	x, err := t.Agreement(ys[0].Agreement)
	if err != nil || x.State != dottedline.Going {
		return err
	}
	all, err := t.Signers(x.ID)
	if err != nil {
		return err
	}
	for _, y := range all {
		if y.Outgoing == 0 {
			continue
		}
		if ok, err := t.UndoOutgoing(y.Outgoing); err != nil {
			return err
		} else if m, err := t.Outgoing(y.Outgoing); err != nil {
			return err
		} else if !ok && m.State != dottedline.Undone {
			return nil // one is on its way: it stays sent
		}
	}
	for _, y := range all {
		y.Outgoing, y.Signed, y.Mark = 0, time.Time{}, ""
		if err := t.PutSigner(y); err != nil {
			return err
		}
	}
	x.State, x.Once, x.SHA256, x.HTML, x.Rev, x.Ends = dottedline.Draft, "", "", "", x.Rev+1, time.Time{}
	if x.Source != "" {
		x.Places, x.Pages = nil, 0
	}
	for _, err := range []error{t.DropLinks(x.ID), t.DropEvidence(x.ID), t.DropFile(x.ID, store.Presented), t.PutAgreement(x)} {
		if err != nil {
			return err
		}
	}
	return nil
}

// void ends an agreement that can't be signed any more.
func void(t *store.Tx, x store.Agreement, m dottedline.MemberID, reason string, state dottedline.AgreementState) error {
	was := x.State
	x.State, x.Ended, x.Reason = state, t.Now, reason
	for _, y := range []string{"expire ", "remind "} {
		if err := t.DropJob(y + x.ID.String()); err != nil {
			return err
		}
	}
	kind := map[dottedline.AgreementState]string{dottedline.Void: "void", dottedline.Expired: "expired"}[state]
	if err := evidence(t, x, fact{kind: kind, data: map[string]string{"reason": reason}}); err != nil {
		return err
	}
	if err := t.PutAgreement(x); err != nil {
		return err
	}
	if was == dottedline.Going { // its mail may still wait
		ys, err := t.Signers(x.ID)
		if err != nil {
			return err
		}
		for _, y := range ys {
			if y.Outgoing != 0 {
				if _, err := t.UndoOutgoing(y.Outgoing); err != nil {
					return err
				}
			}
		}
	}
	if err := untick(t, x.Deal, dottedline.FactSent); err != nil {
		return err
	}
	return touchPlanned(t, x.Deal, dottedline.Touch{Kind: dottedline.VoidTouch, By: dottedline.Us, Member: m, Text: reason})
}

// VoidAgreement takes an agreement back that is with them; the reason is shown
// in the room. A draft is thrown away.
func (d *Desk) VoidAgreement(ctx context.Context, a dottedline.Actor, id dottedline.AgreementID, reason string) error {
	err := d.write(ctx, a, func(t *store.Tx) error {
		x, err := t.Agreement(id)
		switch {
		case err != nil:
			return err
		case x.State == dottedline.Draft:
			return t.DropAgreement(id)
		case !x.State.Open():
			return &dottedline.Problem{Kind: dottedline.Conflict, Text: "This agreement can't be taken back: it is " + string(x.State) + "."}
		}
		return void(t, x, a.Member, strings.TrimSpace(reason), dottedline.Void)
	})
	d.wakeUp()
	return err
}

// NewVersion makes a draft with the text, values and signers of an agreement.
// Sending it takes the version before back.
func (d *Desk) NewVersion(ctx context.Context, a dottedline.Actor, id dottedline.AgreementID) (next dottedline.AgreementID, err error) {
	err = d.write(ctx, a, func(t *store.Tx) error {
		x, err := t.Agreement(id)
		if err != nil {
			return err
		}
		as, err := t.Agreements(x.Deal)
		if err != nil {
			return err
		}
		for _, y := range as {
			if y.State == dottedline.Draft {
				next = y.ID
				return nil
			}
		}
		ys, err := t.Signers(id)
		if err != nil {
			return err
		}
		upload, err := t.File(id, store.Presented)
		if err != nil {
			return err
		}
		y := x
		y.ID = store.NewID[dottedline.Agreement](t)
		y.State, y.Made, y.Member, y.Version, y.Before, y.Number = dottedline.Draft, t.Now, a.Member, as[0].Version+1, as[0].ID, strings.ToUpper(y.ID.String())
		y.Sent, y.Ends, y.Ended, y.Reason, y.SHA256, y.Final, y.Once, y.HTML = time.Time{}, time.Time{}, time.Time{}, "", "", "", "", ""
		was := y.Places
		y.Places = nil
		for _, s := range ys {
			if !s.Counts() {
				continue
			}
			n := store.Signer{Signer: s.Signer}
			n.ID, n.Agreement = store.NewID[dottedline.Signer](t), y.ID
			n.Signed, n.Opened, n.Seen, n.Read = time.Time{}, time.Time{}, time.Time{}, time.Time{}
			if err := t.PutSigner(n); err != nil {
				return err
			}
			for _, p := range was {
				if p.Signer == s.ID && x.Source == "" {
					p.Signer = n.ID
					y.Places = append(y.Places, p)
				}
			}
		}
		if x.Source == "" {
			if err := t.PutFile(y.ID, store.Uploaded, hexSum(upload), upload); err != nil {
				return err
			}
		}
		next = y.ID
		return t.PutAgreement(y)
	})
	return next, err
}

// RevokeLinks ends the links of a signer; 0 ends those of all. Resend gives new ones.
func (d *Desk) RevokeLinks(ctx context.Context, a dottedline.Actor, id dottedline.AgreementID, s dottedline.SignerID) error {
	return d.write(ctx, a, func(t *store.Tx) error {
		x, err := t.Agreement(id)
		if err != nil {
			return err
		}
		if err := evidence(t, x, fact{kind: "links revoked"}); err != nil {
			return err
		}
		return t.RevokeLinks(id, s)
	})
}

// Resend mails a signer a new link. once names the press.
func (d *Desk) Resend(ctx context.Context, a dottedline.Actor, signer dottedline.SignerID, once string) error {
	var l secretLink
	l.secret, l.hash = newToken()
	err := d.write(ctx, a, func(t *store.Tx) error {
		y, err := t.Signer(signer)
		if err != nil {
			return err
		}
		s, err := readSheet(t, y.Agreement)
		if err != nil {
			return err
		}
		if !s.State.Open() || !y.Counts() || !y.Signed.IsZero() {
			return dottedline.Wrong("", "There is nothing for %s to sign.", y.Name)
		}
		_, err = d.carry(t, s, s.Agreement, &y, l, "resend "+once, s.Cover, 0)
		return err
	})
	d.wakeUp()
	return err
}

// Uploaded is a PDF of theirs, made safe.
type Uploaded struct {
	Agreement dottedline.AgreementID
	Pages     int
	Dropped   []string // what was left out of the file
}

// attachment is a PDF that goes by mail.
func attachment(name string, pdf []byte) mail.File {
	return mail.File{Name: name, Type: "application/pdf", Data: pdf}
}
