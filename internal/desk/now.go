package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/survival"
)

// Row is one thing to do.
type Row struct {
	Deal    dottedline.Deal
	Person  dottedline.Person
	Company dottedline.Company
	Action  dottedline.Action
	Since   time.Time // when the waiting began
	Minutes float64   // of work
	Cost    dottedline.MoneyPerDay
	Waiting survival.Estimate        // the same with its 95 % interval
	Valued  bool                     // the deal's value is known; else it counts as the workspace's stated value
	Why     string                   // one sentence of ours
	Said    string                   // the gist of what they wrote last; may be empty
	Below   bool                     // the minute is worth more than the wait
	Asked   *dottedline.RoomQuestion // what waits in the room for our answer
	Meeting dottedline.MeetingID     // the meeting that the row is about; 0 if it is about none
	Refused bool                     // they declined to sign or to meet; Said is their reason
	Late    dottedline.Lateness      // against the promise; zero where there is none
	Away    string                   // the member who holds it and is away; "" if none
	Back    time.Time                // when that one answers again
	Stand   dottedline.Member        // who has it meanwhile; zero if nobody

	// What follows is told of a row that is opened, and costs more than all the
	// rest of it.

	Outlook   dottedline.Outlook       // what becomes of the deal; zero once it has ended
	Explain   []string                 // where the numbers come from, in sentences
	Offered   *YesOffer                // something of theirs reads like a yes
	Reads     *dottedline.ReplyReading // how what they wrote last reads as an answer
	OnlyAsked bool                     // they were asked and never given anything, on this deal or another

	standing dottedline.Standing
	worth    float64 // what the deal counts as, in major units of the workspace's money
	fresh    string  // what they wrote last
}

// Offer is a two-way thread that may be a deal.
type Offer struct {
	Thread  dottedline.ThreadID
	Subject string
	Person  dottedline.Person
	Company dottedline.Company
	Mails   int
	Last    time.Time
}

// NowPage is the ranked list of what to do, dearest minute first.
type NowPage struct {
	Currency  string
	Total     dottedline.MoneyPerDay // of all that waits
	Waiting   int                    // how many wait, more than Rows may hold
	Rows      []Row
	Soon      []Row           // of all: whose answer is about to be late, the soonest first; none further down
	Next      dottedline.Rank // where the rows after these begin; zero if there are none
	Opened    int             // which of the rows is opened; -1 none
	Prepared  *Prepared       // the answer to it
	Offers    []Offer
	OpenDeals int64
	Unsure    []Unsent // mails that may have gone out or were refused
	Mailboxes []MailboxStatus
	Mails     int64
}

// Unsent is a mail of ours that a member should know about.
type Unsent struct {
	ID    dottedline.OutgoingID
	Deal  dottedline.DealID
	To    string
	State dottedline.OutgoingState
	Error string
}

// How many rows Now begins with, and how many a page of it holds at most.
const (
	RowsAtOnce = 50
	RowsAtMost = 250
)

// NowQuery says which part of Now to show, and which of its rows to open.
type NowQuery struct {
	After dottedline.Rank   // the zero Rank is the beginning
	Rows  int               // at most; 0 is RowsAtOnce
	Open  dottedline.DealID // where it has no row, the first row at the beginning and none further down
}

// NowPage is the home page.
func (d *Desk) NowPage(ctx context.Context, a dottedline.Actor, q NowQuery) (p NowPage, err error) {
	defer wrap("now", &err)
	err = d.view(ctx, a, func(t *store.Tx) error {
		w, s, err := t.ThisWorkspace()
		if err != nil {
			return err
		}
		p = NowPage{Currency: w.Currency}
		if p.Rows, p.Next, err = rowsAfter(t, s, q.After, min(max(q.Rows, RowsAtOnce), RowsAtMost)); err != nil {
			return err
		}
		if q.After.At.IsZero() {
			if p.Soon, err = soonLate(t, s, p.Rows); err != nil {
				return err
			}
		}
		sums, err := d.totals(t)
		if err != nil {
			return err
		}
		p.Waiting, p.Total, p.OpenDeals, p.Mails = sums.Waiting, sums.Cost(t.Now), sums.Open, sums.Mails
		p.Opened = slices.IndexFunc(p.Rows, func(r Row) bool { return r.Deal.ID == q.Open })
		if p.Opened < 0 && len(p.Rows) > 0 && q.After.At.IsZero() {
			p.Opened = 0
		}
		if p.Opened >= 0 {
			r := &p.Rows[p.Opened]
			if err := r.open(t, w); err != nil {
				return err
			}
			if p.Prepared, err = d.prepare(t, a, r.Deal); err != nil {
				return err
			}
		}
		if p.Offers, err = offers(t, 5); err != nil {
			return err
		}
		if p.Unsure, err = unsure(t); err != nil {
			return err
		}
		p.Mailboxes, err = mailboxStatus(t)
		return err
	})
	return p, err
}

// rowsAfter are the n rows of Now after a place in it, without those that an
// answer is on its way to, and the place where the next ones begin; the zero
// Rank when these are all.
func rowsAfter(t *store.Tx, s store.Settings, after dottedline.Rank, n int) (rows []Row, next dottedline.Rank, err error) {
	pending, err := t.PendingDeals()
	if err != nil {
		return nil, next, err
	}
	ranked, err := t.Top(n+len(pending)+1, after)
	if err != nil {
		return nil, next, err
	}
	ranked = slices.DeleteFunc(ranked, func(r store.Ranked) bool { return slices.Contains(pending, r.ID) })
	if len(ranked) > n {
		ranked = ranked[:n]
		next = ranked[n-1].Rank(cmpTime(after.At, t.Now))
	}
	deals := make([]dottedline.Deal, len(ranked))
	for i, r := range ranked {
		deals[i] = r.Deal
	}
	if rows, err = rowsOf(t, s, deals); err != nil {
		return nil, next, err
	}
	return rows, next, turn(t, s, rows)
}

// rowsOf are the rows of deals as a list shows them. What all of them need is
// read together.
func rowsOf(t *store.Tx, s store.Settings, deals []dottedline.Deal) ([]Row, error) {
	m, err := t.Model()
	if err != nil {
		return nil, err
	}
	var ids []dottedline.DealID
	var people []dottedline.PersonID
	for _, x := range deals {
		ids, people = append(ids, x.ID), append(people, x.Person)
	}
	with, err := t.Contacts(people)
	if err != nil {
		return nil, err
	}
	said, err := t.TheirLast(ids)
	if err != nil {
		return nil, err
	}
	declined, err := t.Declined(ids)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(deals))
	for i, x := range deals {
		rows[i] = rowOf(x, s, m, t.Now)
		r := &rows[i]
		r.Person, r.Company, r.fresh = with[x.Person].Person, with[x.Person].Company, said[x.ID]
		r.Said, r.Why = dottedline.Gist(r.fresh, 140), why(x, r.standing, r.Person, t.Now)
		if k, ok := declined[x.ID]; ok && r.Action == dottedline.Answer && k.At.Equal(x.Ball.Since) {
			r.declined(k, t.Now)
		}
		if err := askRow(t, r); err != nil {
			return nil, err
		}
		if x.Path == dottedline.Yes || x.Path == dottedline.Signed {
			if err := closingRow(t, r); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

// declined says that the ball came by their word that they won't meet; the first
// line of the touch names the meeting, the others are their words.
func (r *Row) declined(k dottedline.Touch, now time.Time) {
	_, words, _ := strings.Cut(k.Text, "\n")
	r.Why = fmt.Sprintf("%s declined to meet %s ago.", cmp.Or(r.Person.First(), "They"), span(now.Sub(k.At)))
	r.Said, r.Refused = words, true
}

// rowOf is what the model says of a deal.
func rowOf(x dottedline.Deal, s store.Settings, m *dottedline.Model, now time.Time) Row {
	st := x.Stand(now, m, s.Unvalued, s.Rate(x.Value.Currency))
	r := Row{Deal: x, Action: st.Action, Since: st.Since, Minutes: st.Minutes, Cost: st.Cost(now), Waiting: st.Waiting, Valued: x.Value.Minor > 0, standing: st}
	if st.Minutes > 0 {
		r.Below = float64(r.Cost)/st.Minutes < s.Minute
	}
	r.worth = worth(s, x.Value)
	return r
}

// opened is the row of one deal with all that is to be told of it.
func opened(t *store.Tx, deal dottedline.Deal) (Row, error) {
	w, s, err := t.ThisWorkspace()
	if err != nil {
		return Row{}, err
	}
	rows, err := rowsOf(t, s, []dottedline.Deal{deal})
	if err != nil {
		return Row{}, err
	}
	return rows[0], rows[0].open(t, w)
}

// open adds what is told of a row that is opened.
func (r *Row) open(t *store.Tx, w dottedline.Workspace) error {
	m, err := t.Model()
	if err != nil {
		return err
	}
	r.Explain = m.Explain(r.Deal.State, r.standing, t.Now, r.worth, r.Valued, w.Currency)
	r.Outlook, _ = m.Outlook(r.Deal.State, t.Now, r.worth)
	if r.Action == dottedline.Answer && r.Deal.Path != dottedline.Yes && r.Deal.Said == "" {
		if x, ok := dottedline.ReadReply(r.fresh); ok {
			r.Reads = &x
		}
	}
	given, err := t.Giving([]dottedline.PersonID{r.Person.ID})
	if err != nil {
		return err
	}
	r.OnlyAsked = dottedline.OnlyAsked(given[r.Person.ID].Asks, given[r.Person.ID].Gifts)
	r.Offered, err = offeredYes(t, r.Deal)
	return err
}

// closingRow says what the room has to add to a row.
func closingRow(t *store.Tx, r *Row) error {
	qs, err := t.Questions(r.Deal.ID)
	if err != nil {
		return err
	}
	for i, q := range qs {
		if q.Answered.IsZero() && r.Asked == nil {
			r.Asked = &qs[i]
		}
	}
	ago := span(t.Now.Sub(r.Since))
	switch {
	case r.Action == dottedline.Answer && r.Asked != nil && r.Asked.Proposal:
		r.Why, r.Said = fmt.Sprintf("%s proposed a change of the agreement %s ago.", r.Asked.Who, ago), r.Asked.Text
	case r.Action == dottedline.Answer && r.Asked != nil:
		r.Why, r.Said = fmt.Sprintf("%s asked about the agreement %s ago and waits for you.", r.Asked.Who, ago), r.Asked.Text
	case r.Action == dottedline.Answer:
		as, err := t.Agreements(r.Deal.ID)
		if err != nil {
			return err
		}
		if len(as) > 0 && as[0].State == dottedline.Declined && !as[0].Ended.Before(r.Deal.Ball.Since) {
			r.Why, r.Said, r.Refused = fmt.Sprintf("They declined to sign %s ago.", ago), as[0].Reason, true
		}
	case r.Action == dottedline.DoStep:
		steps, err := t.Steps(r.Deal.ID)
		if err != nil {
			return err
		}
		for _, s := range dottedline.Overdue(steps, dottedline.Us, t.Now) {
			if s.Fact == "" {
				r.Why = fmt.Sprintf("Your step is due: %s.", strings.TrimSuffix(s.Text, "."))
				break
			}
		}
	}
	return nil
}

func who(t *store.Tx, id dottedline.PersonID) (p dottedline.Person, c dottedline.Company, err error) {
	if id == 0 {
		return p, c, nil
	}
	if p, err = t.Person(id); err != nil {
		return p, c, err
	}
	c, err = t.Company(p.Company)
	return p, c, err
}

// why says in one sentence what the row rests on.
func why(deal dottedline.Deal, st dottedline.Standing, p dottedline.Person, now time.Time) string {
	name := cmp.Or(p.First(), "They")
	ago := span(now.Sub(deal.Ball.Since))
	switch {
	case st.Action == dottedline.SendAgreement:
		return fmt.Sprintf("%s said yes %s ago, and the agreement has not gone out.", name, span(now.Sub(deal.Steps.Yes)))
	case st.Action == dottedline.Countersign:
		return fmt.Sprintf("%s has signed, and your signature is missing.", name)
	case st.Action == dottedline.DoStep:
		return "A step of yours is due."
	case st.Action == dottedline.Call:
		return fmt.Sprintf("%s opened the agreement %d times and has not signed.", name, deal.Opens)
	case st.Action == dottedline.Nudge && deal.Usual > 0:
		return fmt.Sprintf("%s usually answers within %s, and has been silent for %s.", name, span(deal.Usual), ago)
	case st.Action == dottedline.Nudge:
		return fmt.Sprintf("%s has been silent for %s.", name, ago)
	case st.Action == dottedline.Answer && deal.Path.Ended():
		return fmt.Sprintf("%s wrote %s ago, after this had ended.", name, ago)
	case st.Action == dottedline.Answer:
		return fmt.Sprintf("%s wrote %s ago and waits for you.", name, ago)
	}
	return "Nothing has been written yet."
}

// span writes a length of time in words.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "a moment"
	case d < 2*time.Minute:
		return "a minute"
	case d < time.Hour:
		return fmt.Sprintf("%d minutes", d/time.Minute)
	case d < 2*time.Hour:
		return "an hour"
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return fmt.Sprintf("%d days", d/(24*time.Hour))
}

// OfferedThreads are the threads that are offered as deals, newest first.
func (d *Desk) OfferedThreads(ctx context.Context, a dottedline.Actor, n int) (os []Offer, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error { os, err = offers(t, n); return err })
	return os, err
}

// offerFor is how long after its last mail a thread is still offered as a deal.
const offerFor = 60 * 24 * time.Hour

func offers(t *store.Tx, n int) ([]Offer, error) {
	hs, err := t.Offers(t.Now.Add(-offerFor), n)
	out := make([]Offer, 0, len(hs))
	for _, h := range hs {
		p, c, err := who(t, h.Person)
		if err != nil {
			return nil, err
		}
		out = append(out, Offer{h.ID, h.Subject, p, c, h.Ours + h.Theirs, h.Last})
	}
	return out, err
}

func unsure(t *store.Tx) ([]Unsent, error) {
	os, err := t.Unsure()
	out := make([]Unsent, len(os))
	for i, o := range os {
		out[i] = Unsent{o.ID, o.Deal, cmp.Or(append(o.Rcpts, "")[0], "somebody"), o.State, o.Error}
	}
	return out, err
}
