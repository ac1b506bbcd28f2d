package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
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
