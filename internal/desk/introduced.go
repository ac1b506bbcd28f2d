package desk

import (
	"context"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/mail"
)

// IntroductionVisit is what one of the two sees who follows a link of the mail
// that asks.
type IntroductionVisit struct {
	Answer   dottedline.IntroductionAnswer // that of the link
	Answered dottedline.IntroductionAnswer // what they answered before; "" if nothing
	Other    string                        // to whom
	Why      string
	From     string // the member
	Team     string
	Open     bool // they can answer
	Joined   bool // both said yes
}

// Introduction shows a link of the mail that asks; it changes nothing. Of the
// other side's answer it tells nothing until both said yes.
func (d *Desk) Introduction(ctx context.Context, secret string) (v IntroductionVisit, err error) {
	l, err := d.introductionLink(ctx, secret)
	if err != nil {
		return v, err
	}
	err = d.db.View(ctx, l.Workspace, func(t *store.Tx) error {
		i, err := t.Introduction(l.Introduction)
		if err != nil {
			return err
		}
		w, _, err := t.ThisWorkspace()
		if err != nil {
			return err
		}
		me, err := t.Member(i.Member)
		if err != nil {
			return err
		}
		cs, err := t.Contacts([]dottedline.PersonID{i.Person, i.Other})
		v = IntroductionVisit{Answer: l.Answer, Answered: i.Said, Other: called(cs[i.Other]), Why: i.Why, From: me.Name, Team: w.Name,
			Open: i.Open(t.Now), Joined: i.State == dottedline.Joining || i.State == dottedline.Introduced}
		if l.Other {
			v.Answered, v.Other = i.OSaid, called(cs[i.Person])
		}
		return err
	})
	return v, err
}

func (d *Desk) introductionLink(ctx context.Context, secret string) (l store.IntroductionLink, err error) {
	err = d.db.Everywhere(ctx, func(g store.Global) error {
		var ok bool
		if l, ok, err = g.IntroductionLink(hashOf(secret)); err == nil && !ok {
			err = &dottedline.Problem{Kind: dottedline.NotFound, Text: "This link leads nowhere.", Hint: "Answer the mail instead."}
		}
		return err
	})
	return l, err
}

// AnswerIntroduction records the answer of a link; until both said yes it can be
// changed. The second yes joins the two by one mail, once.
func (d *Desk) AnswerIntroduction(ctx context.Context, secret string) (err error) {
	defer wrap("answer introduction", &err)
	l, err := d.introductionLink(ctx, secret)
	if err != nil {
		return err
	}
	err = d.db.Write(ctx, l.Workspace, func(t *store.Tx) error {
		i, err := t.Introduction(l.Introduction)
		if err != nil {
			return err
		}
		had, person := i.Said, i.Person
		if l.Other {
			had, person = i.OSaid, i.Other
		}
		if had == l.Answer {
			return nil
		}
		if !i.Open(t.Now) {
			return &dottedline.Problem{Kind: dottedline.Conflict, Text: "This can no longer be answered.", Hint: "Answer the mail instead."}
		}
		if err := t.SayIntroduction(l); err != nil {
			return err
		}
		p, _, err := who(t, person)
		if err != nil {
			return err
		}
		k := dottedline.Touch{Kind: dottedline.IntroYesTouch, By: dottedline.Them, Person: person, Text: p.Name}
		if l.Answer == dottedline.RatherNot {
			k.Kind = dottedline.IntroNoTouch
		}
		if err := touch(t, i.Deal, k); err != nil {
			return err
		}
		if joins, err := t.JoinIntroduction(i.ID); err != nil || !joins {
			return err
		}
		return d.join(t, i)
	})
	d.wakeUp()
	return err
}

// join puts the mail to both into the outbox.
func (d *Desk) join(t *store.Tx, i dottedline.Introduction) error {
	me, err := t.Member(i.Member)
	if err != nil {
		return err
	}
	cs, err := t.Contacts([]dottedline.PersonID{i.Person, i.Other})
	if err != nil {
		return err
	}
	p, o := cs[i.Person], cs[i.Other]
	_, _, err = d.postIntroduction(t, i, true, letter{to: p.Address, name: properName(p.Person), and: mail.Address{Name: properName(o.Person), Addr: string(o.Address)},
		subject: nameOr(dottedline.Person{Name: properName(p.Person)}, string(p.Address)) + ", meet " + nameOr(dottedline.Person{Name: properName(o.Person)}, string(o.Address)),
		text:    dottedline.JoinMail(p.First(), o.First(), p.Name, o.Name, i.Why, me.Name), once: "join " + i.ID.String()})
	return err
}

// IntroductionRow is an introduction with the names of the two.
type IntroductionRow struct {
	dottedline.Introduction
	Name, OtherName string
	DealName        string
}

// Introductions are those of a deal that were not taken back.
func (d *Desk) Introductions(ctx context.Context, a dottedline.Actor, deal dottedline.DealID) (out []IntroductionRow, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(deal)
		if err != nil {
			return err
		}
		is, err := t.IntroductionsOf(r.ID)
		if err != nil {
			return err
		}
		out, err = introductionRows(t, is)
		return err
	})
	return out, err
}

// RefusedIntroductions are those of the member that somebody would rather not
// have, until the member has seen it.
func (d *Desk) RefusedIntroductions(ctx context.Context, a dottedline.Actor) (out []IntroductionRow, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		is, err := t.RefusedIntroductions(a.Member)
		if err != nil {
			return err
		}
		out, err = introductionRows(t, is)
		return err
	})
	return out, err
}

// TakenIntroductions are those of the member in which one of the two has written
// to the other, until the member has seen it.
func (d *Desk) TakenIntroductions(ctx context.Context, a dottedline.Actor) (out []IntroductionRow, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		is, err := t.TakenIntroductions(a.Member)
		if err != nil {
			return err
		}
		out, err = introductionRows(t, is)
		return err
	})
	return out, err
}

func introductionRows(t *store.Tx, is []dottedline.Introduction) (out []IntroductionRow, err error) {
	for _, i := range is {
		p, _, err := who(t, i.Person)
		if err != nil {
			return nil, err
		}
		o, _, err := who(t, i.Other)
		if err != nil {
			return nil, err
		}
		r, err := t.Deal(i.Deal)
		if err != nil {
			return nil, err
		}
		out = append(out, IntroductionRow{i, p.Name, o.Name, r.Name})
	}
	return out, nil
}

// SeeIntroduction records that the member has seen a no, or that it took.
func (d *Desk) SeeIntroduction(ctx context.Context, a dottedline.Actor, id dottedline.IntroductionID) error {
	return d.write(ctx, a, func(t *store.Tx) error { return t.SeeIntroduction(id) })
}

// CouldIntroduce are the people of other deals, those that something happened in
// last first.
func (d *Desk) CouldIntroduce(ctx context.Context, a dottedline.Actor, deal dottedline.DealID, n int) (name string, out []dottedline.Person, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(deal)
		if err != nil {
			return err
		}
		p, _, err := who(t, r.Person)
		if err != nil {
			return err
		}
		name = nameOr(p, r.Name)
		rs, err := t.Deals(store.DealFilter{Limit: n})
		if err != nil {
			return err
		}
		seen := map[dottedline.PersonID]bool{r.Person: true, 0: true}
		for _, x := range rs {
			if seen[x.Person] {
				continue
			}
			seen[x.Person] = true
			p, _, err := who(t, x.Person)
			if err != nil {
				return err
			}
			out = append(out, p)
		}
		return nil
	})
	return name, out, err
}
