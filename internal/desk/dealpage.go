package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/mail"
)

// Moment is one touch as the timeline shows it.
type Moment struct {
	dottedline.Touch
	Who     string // the person or the member
	Subject string // of a mail
	Said    string // what was newly written, or the words of the touch
	Machine string // what kind of machine wrote it; "" for people
	Broken  bool   // the mail could not be read as mail
}

// DealPage is all about one deal.
type DealPage struct {
	Deal      dottedline.Deal
	Currency  string // of the workspace
	Row       Row
	Prepared  *Prepared
	People    []dottedline.Person
	Companies []dottedline.Company
	Threads   []store.Thread
	Timeline  []Moment // newest first
	Replies   []dottedline.Reply
	Ours      dottedline.ReplyTimes
	Theirs    dottedline.ReplyTimes
	Outgoing  []Unsent
	Hours     dottedline.Hours // of the member who looks
	Asks      []dottedline.Ask // oldest first
	Meetings  []dottedline.Meeting
}

// DealPage is the page of one deal.
func (d *Desk) DealPage(ctx context.Context, a dottedline.Actor, id dottedline.DealID) (p DealPage, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(id)
		if err != nil {
			return err
		}
		w, _, err := t.ThisWorkspace()
		if err != nil {
			return err
		}
		p.Deal, p.Currency = r.Deal, w.Currency
		if p.Row, err = opened(t, r.Deal); err != nil {
			return err
		}
		if p.Prepared, err = d.prepare(t, a, r.Deal); err != nil {
			return err
		}
		if p.People, err = t.DealPeople(r.ID); err != nil {
			return err
		}
		if p.Asks, err = t.AsksOf(r.ID); err != nil {
			return err
		}
		if p.Meetings, err = t.MeetingsOf(r.ID); err != nil {
			return err
		}
		if p.Threads, err = t.ThreadsOf(r.ID); err != nil {
			return err
		}
		if p.Timeline, err = timeline(t, r.ID); err != nil {
			return err
		}
		if p.Replies, err = t.Replies(r.ID); err != nil {
			return err
		}
		os, err := t.OutgoingOf(r.ID)
		if err != nil {
			return err
		}
		for _, o := range os {
			p.Outgoing = append(p.Outgoing, Unsent{o.ID, o.Deal, cmp.Or(append(o.Rcpts, "")[0], "somebody"), o.State, o.Error})
		}
		if p.Hours, err = hours(t, a.Member); err != nil {
			return err
		}
		p.Ours = dottedline.TimesOf(p.Replies, dottedline.Us, p.Hours)
		p.Theirs = dottedline.TimesOf(p.Replies, dottedline.Them, p.Hours)
		return companies(t, p.People, &p.Companies)
	})
	return p, err
}

func companies(t *store.Tx, ps []dottedline.Person, into *[]dottedline.Company) error {
	for _, x := range ps {
		c, err := t.Company(x.Company)
		if err != nil {
			return err
		}
		if c.ID != 0 && !slices.Contains(*into, c) {
			*into = append(*into, c)
		}
	}
	return nil
}

func hours(t *store.Tx, id dottedline.MemberID) (dottedline.Hours, error) {
	m, err := t.Member(id)
	if err != nil {
		return dottedline.Hours{}, err
	}
	return m.Hours.Local()
}

func timeline(t *store.Tx, id dottedline.DealID) ([]Moment, error) {
	ts, err := t.Touches(id)
	if err != nil {
		return nil, err
	}
	members, err := t.Members()
	if err != nil {
		return nil, err
	}
	names := map[dottedline.MemberID]string{}
	for _, m := range members {
		names[m.ID] = m.Name
	}
	people := map[dottedline.PersonID]string{}
	out := make([]Moment, 0, len(ts))
	for _, x := range slices.Backward(ts) {
		m := Moment{Touch: x, Said: x.Text, Who: names[x.Member]}
		if x.By == dottedline.Them && x.Person != 0 {
			if _, ok := people[x.Person]; !ok {
				p, err := t.Person(x.Person)
				if err != nil {
					return nil, err
				}
				people[x.Person] = p.Name
			}
			m.Who = people[x.Person]
		}
		if x.Mail != 0 {
			y, err := t.Mail(x.Mail)
			if err != nil {
				return nil, err
			}
			m.Subject, m.Said, m.Broken = y.Subject, cmp.Or(x.Text, y.Fresh), len(y.Problems) > 0 && y.Fresh == ""
			if y.Kind != string(mail.Person) {
				m.Machine = y.Kind
			}
		}
		out = append(out, m)
	}
	return out, nil
}

// MailPage is one mail whole.
type MailPage struct {
	Mail        store.Mail
	Deal        dottedline.DealID
	From        string
	To          []string
	HTML        string // sanitised; "" when the mail has none
	Blocked     int    // pictures that were not loaded
	Text        string
	Attachments []mail.Attachment
	Raw         []byte
}

// MailPage shows one mail. Remote pictures are left out unless the member asks.
func (d *Desk) MailPage(ctx context.Context, a dottedline.Actor, id dottedline.MailID, remote bool) (p MailPage, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		if p.Mail, err = t.Mail(id); err != nil {
			return err
		}
		h, err := t.Thread(p.Mail.Thread)
		if err != nil {
			return err
		}
		p.Deal = h.Deal
		p.Raw, err = t.Raw(id)
		return err
	})
	if err != nil {
		return p, err
	}
	m, _ := mail.Parse(p.Raw)
	p.From, p.Text, p.Attachments = from(m).Name+" <"+from(m).Addr+">", m.Text, m.Attachments
	for _, x := range slices.Concat(m.To, m.Cc) {
		p.To = append(p.To, x.Addr)
	}
	if m.HTML != "" {
		p.HTML, p.Blocked = safeHTML(m, remote)
	}
	return p, nil
}

// findDeals gives the deals that match words in their name, in their people and
// companies, or in their mails, each once, best kind of match first.
func findDeals(t *store.Tx, words string, n int) ([]dottedline.DealID, error) {
	out := []dottedline.DealID{}
	add := func(id dottedline.DealID) {
		if id != 0 && len(out) < n && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	ids, err := t.Find(store.FindDeal, words, n)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		r, err := t.Deal(dottedline.DealID(id))
		if err != nil {
			return nil, err
		}
		add(r.ID)
	}
	people, err := t.Find(store.FindPerson, words, n)
	if err != nil {
		return nil, err
	}
	cs, err := t.Find(store.FindCompany, words, 20)
	if err != nil {
		return nil, err
	}
	for _, c := range cs {
		ps, err := t.PeopleOf(dottedline.CompanyID(c))
		if err != nil {
			return nil, err
		}
		for _, p := range ps {
			people = append(people, int64(p.ID))
		}
	}
	for _, p := range people {
		ds, err := t.DealsOf(dottedline.PersonID(p))
		if err != nil {
			return nil, err
		}
		for _, id := range ds {
			add(id)
		}
	}
	ms, err := t.Find(store.FindMail, words, 500)
	if err != nil {
		return nil, err
	}
	for _, m := range ms {
		id, err := t.DealOfMail(dottedline.MailID(m))
		if err != nil {
			return nil, err
		}
		add(id)
	}
	return out, nil
}

// Found is one thing that a search has found.
type Found struct {
	Kind   string // deal, person, mail
	Deal   dottedline.DealID
	Mail   dottedline.MailID
	Title  string
	Detail string
	At     time.Time
}

// Find searches everything, for the palette: deals first, then mails.
func (d *Desk) Find(ctx context.Context, a dottedline.Actor, words string, n int) (out []Found, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		ids, err := findDeals(t, words, n)
		if err != nil {
			return err
		}
		for _, id := range ids {
			r, err := t.Deal(id)
			if err != nil {
				return err
			}
			p, _, err := who(t, r.Person)
			if err != nil {
				return err
			}
			out = append(out, Found{Kind: "deal", Deal: id, Title: r.Name, Detail: p.Name, At: r.Last})
		}
		ms, err := t.Find(store.FindMail, words, n)
		if err != nil {
			return err
		}
		for _, id := range ms {
			m, err := t.Mail(dottedline.MailID(id))
			if err != nil {
				return err
			}
			deal, err := t.DealOfMail(m.ID)
			if err != nil {
				return err
			}
			out = append(out, Found{Kind: "mail", Mail: m.ID, Deal: deal, Title: cmp.Or(m.Subject, "(no subject)"), Detail: dottedline.Gist(m.Fresh, 80), At: m.At})
		}
		return nil
	})
	return out[:min(len(out), n)], err
}

// WorkspaceTimes are the reply times of both sides over the last so many days.
func (d *Desk) WorkspaceTimes(ctx context.Context, a dottedline.Actor, since time.Time) (ours, theirs dottedline.ReplyTimes, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		h, err := hours(t, a.Member)
		if err != nil {
			return err
		}
		rs, err := t.RepliesSince(since)
		ours, theirs = dottedline.TimesOf(rs, dottedline.Us, h), dottedline.TimesOf(rs, dottedline.Them, h)
		return err
	})
	return ours, theirs, err
}
