package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/mail"
)

// Acquaintance is one of the two people of an introduction.
type Acquaintance struct {
	Address dottedline.Address
	Name    string // may be empty where it is known
}

// Introduce asks the person of a deal and somebody else, each by a mail of their
// own, whether they would like to be introduced. once names the press, as in
// Send; taking one of the mails back takes back both.
func (d *Desk) Introduce(ctx context.Context, a dottedline.Actor, deal dottedline.DealID, to Acquaintance, why, once string) (out dottedline.OutgoingID, err error) {
	defer wrap("introduce", &err)
	if d.URL == "" {
		return 0, dottedline.Wrong("Start it with --url https://deals.example.com.", "Nobody said where this Dottedline is reached, so its links would lead nowhere.")
	}
	if why, err = dottedline.CheckWhy(clean(why)); err != nil {
		return 0, err
	}
	to.Address, to.Name = dottedline.MakeAddress(clean(string(to.Address))), strings.Join(strings.Fields(clean(to.Name)), " ")
	if to.Address.Domain() == "" || strings.ContainsAny(string(to.Address), " \t<>,;") {
		return 0, dottedline.Wrong("Write it like maya@example.com.", "%q is not a mail address.", to.Address)
	}
	if len(to.Name) > 200 || strings.Contains(to.Name, "@") {
		return 0, dottedline.Wrong("Write it like Maya Okafor.", "That is not a name.")
	}
	err = d.write(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(deal)
		if err != nil {
			return err
		}
		i := dottedline.Introduction{ID: store.NewID[dottedline.Introduction](t), Deal: r.ID, Member: a.Member, Person: r.Person, Why: why, State: dottedline.Introducing, Until: t.Now.Add(dottedline.IntroduceWithin)}
		p, o, err := acquaint(t, r.Person, to)
		if err != nil {
			return err
		}
		i.Other = o.ID
		fresh := false
		if out, fresh, err = d.askOne(t, i, p, o, false, once); err != nil || !fresh { // the same press came twice
			return err
		}
		had, err := t.IntroductionsOf(r.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(had, func(x dottedline.Introduction) bool { return x.Other == o.ID && x.Open(t.Now) }) {
			return &dottedline.Problem{Kind: dottedline.Conflict, Text: "They were asked already.", Hint: "It is taken back on the deal's page."}
		}
		if _, _, err := d.askOne(t, i, o, p, true, once); err != nil {
			return err
		}
		return t.AddIntroduction(i)
	})
	d.wakeUp()
	return out, err
}

// acquaint finds the two; the other one becomes known where nobody knew them.
func acquaint(t *store.Tx, person dottedline.PersonID, to Acquaintance) (p, o store.Contact, err error) {
	if person == 0 {
		return p, o, dottedline.Wrong("Write to somebody first.", "Nobody is in this deal yet.")
	}
	b, err := newBatch(t)
	if err != nil {
		return p, o, err
	}
	if b.ours(to.Address) {
		return p, o, dottedline.Wrong("Write to both, with your colleague in copy.", "%s is one of you.", to.Address)
	}
	known, err := personAt(t, to.Address, to.Name)
	if err != nil {
		return p, o, err
	}
	if known.First() == "" {
		return p, o, dottedline.Wrong("The other side reads it when they are asked.", "Write the name of %s, too.", to.Address)
	}
	if known.ID == person {
		return p, o, dottedline.Wrong("Choose somebody else.", "The deal is with them already.")
	}
	cs, err := t.Contacts([]dottedline.PersonID{person, known.ID})
	return cs[person], cs[known.ID], err
}

// called is how one side is named to the other: never by an address, which nobody
// has said may be given away.
func called(c store.Contact) string {
	switch {
	case c.First() == "" && c.Company.Name == "":
		return "somebody I know"
	case c.First() == "":
		return "somebody at " + c.Company.Name
	case c.Company.Name == "":
		return c.Name
	}
	return c.Name + " of " + c.Company.Name
}

// askOne puts the mail that asks one side into the outbox; fresh is false where
// it was there before.
func (d *Desk) askOne(t *store.Tx, i dottedline.Introduction, to, about store.Contact, other bool, once string) (out dottedline.OutgoingID, fresh bool, err error) {
	me, err := t.Member(i.Member)
	if err != nil {
		return 0, false, err
	}
	var urls, hashes []string
	for range dottedline.IntroductionAnswers {
		secret, hash := newToken()
		urls, hashes = append(urls, d.URL+"/introduction/"+secret), append(hashes, hash)
	}
	out, fresh, err = d.postIntroduction(t, i, false, letter{to: to.Address, name: properName(to.Person), subject: "May I introduce you to " + called(about) + "?", machine: true,
		text: dottedline.AskIntroduction(to.First(), called(about), i.Why, urls, me.Name),
		once: "introduce " + cmp.Or(once, i.ID.String()) + " " + i.Deal.String() + " " + to.ID.String() + " " + about.ID.String()})
	if err != nil || !fresh {
		return out, fresh, err
	}
	for n, x := range dottedline.IntroductionAnswers {
		if err := t.AddIntroductionLink(hashes[n], store.IntroductionLink{Introduction: i.ID, Other: other, Answer: x}); err != nil {
			return 0, false, err
		}
	}
	return out, true, nil
}

// postIntroduction puts a mail of an introduction into the outbox.
func (d *Desk) postIntroduction(t *store.Tx, i dottedline.Introduction, joins bool, l letter) (out dottedline.OutgoingID, fresh bool, err error) {
	l.from, l.deal, l.undo = i.Member, i.Deal, d.UndoFor
	o, err := post(t, l)
	if err != nil {
		return 0, false, err
	}
	if _, had, err := t.IntroductionByMail(o.MessageID); err != nil || had {
		return o.ID, false, err
	}
	return o.ID, true, t.AddIntroductionMail(store.IntroductionMail{MessageID: o.MessageID, Introduction: i.ID, Outgoing: o.ID, Joins: joins})
}

// properName is the name that stands beside an address; "" where only that is known.
func properName(p dottedline.Person) string {
	if strings.Contains(p.Name, "@") {
		return ""
	}
	return p.Name
}

// TakeBackIntroduction ends an introduction that has not joined the two: their
// links lead to nothing, and what has not gone out stays.
func (d *Desk) TakeBackIntroduction(ctx context.Context, a dottedline.Actor, id dottedline.IntroductionID) (err error) {
	defer wrap("take introduction back", &err)
	return d.write(ctx, a, func(t *store.Tx) error { return takeBack(t, id) })
}

func takeBack(t *store.Tx, id dottedline.IntroductionID) error {
	late := &dottedline.Problem{Kind: dottedline.Conflict, Text: "It is too late: they were introduced."}
	ms, err := t.IntroductionMails(id)
	if err != nil {
		return err
	}
	for _, m := range ms {
		if ok, err := t.UndoOutgoing(m.Outgoing); err != nil {
			return err
		} else if o, err := t.Outgoing(m.Outgoing); err != nil {
			return err
		} else if !ok && m.Joins && o.State != dottedline.Undone {
			return late
		}
	}
	for _, was := range []dottedline.IntroductionState{dottedline.Introducing, dottedline.Joining} {
		if ok, err := t.MoveIntroduction(id, was, dottedline.TakenBack); err != nil || ok {
			return err
		}
	}
	if i, err := t.Introduction(id); err != nil || i.State == dottedline.TakenBack {
		return err
	}
	return late
}

// introduction sees that a mail of an introduction went out. What the two write
// to each other below the one that joins them is theirs: it is in no deal.
func (b *batch) introduction(h *store.Thread, a arrived, m store.Mail) error {
	if !m.Out {
		return b.introductionTook(a, m)
	}
	x, ok, err := b.IntroductionByMail(m.MessageID)
	if err != nil || !ok {
		return err
	}
	i, err := b.Introduction(x.Introduction)
	if err != nil {
		return err
	}
	o, _, err := who(b.Tx, i.Other)
	if err != nil {
		return err
	}
	k := dottedline.Touch{Kind: dottedline.IntroduceTouch, By: dottedline.Us, Member: i.Member, At: m.At, Text: o.Name}
	fresh := false
	if x.Joins {
		h.Offered, k.Kind = "no", dottedline.IntroducedTouch
		fresh, err = b.IntroductionJoined(i.ID, m.At)
	} else {
		fresh, err = b.IntroductionSent(i.ID, m.At)
	}
	if err != nil || !fresh {
		return err
	}
	return touch(b.Tx, i.Deal, k)
}

// introductionTook sees that one of the two has written below the mail that
// joined them, with us in copy.
func (b *batch) introductionTook(a arrived, m store.Mail) error {
	if m.Kind != string(mail.Person) || m.Person == 0 {
		return nil
	}
	for _, mid := range slices.Concat(a.InReplyTo, a.References) {
		x, ok, err := b.IntroductionByMail(mid)
		if err != nil {
			return err
		}
		if !ok || !x.Joins {
			continue
		}
		i, err := b.Introduction(x.Introduction)
		if err != nil || m.Person != i.Person && m.Person != i.Other {
			return err
		}
		p, err := b.Person(m.Person)
		if err != nil {
			return err
		}
		if fresh, err := b.IntroductionTook(i.ID, p.ID, m.At); err != nil || !fresh {
			return err
		}
		return touch(b.Tx, i.Deal, dottedline.Touch{Kind: dottedline.IntroTookTouch, By: dottedline.Them, Person: p.ID, At: m.At, Text: p.Name})
	}
	return nil
}
