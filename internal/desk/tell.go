package desk

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// tellFor is how old a fact may be that somebody is still told of: what is older
// when it comes in is history that is read.
const tellFor = 24 * time.Hour

// keepNotices is how long notices and the log of their deliveries are kept.
const keepNotices = 30 * 24 * time.Hour

// tell writes a notice and puts what follows from it into the queue: one delivery
// to each webhook and each device that wants it. It belongs into the transaction
// of the fact, so that neither is there without the other.
func tell(t *store.Tx, n dottedline.Notice) error {
	n.ID = store.NewID[dottedline.Notice](t)
	n.Text = clean(dottedline.Gist(n.Text, 280))
	facts, err := hookFacts(t, n)
	if err != nil {
		return err
	}
	if err := t.DropNotices(t.Now.Add(-keepNotices)); err != nil {
		return err
	}
	if err := t.AddNotice(store.Notice{Notice: n, Facts: facts}); err != nil {
		return err
	}
	hooks, err := t.Webhooks()
	if err != nil {
		return err
	}
	for _, w := range hooks {
		if !w.Live() || !slices.Contains(w.Events, n.Event) {
			continue
		}
		if err := t.AddDelivery(newDelivery(t, n, w.ID, 0)); err != nil {
			return err
		}
	}
	return push(t, n)
}

func newDelivery(t *store.Tx, n dottedline.Notice, w dottedline.WebhookID, d dottedline.DeviceID) dottedline.Delivery {
	return dottedline.Delivery{ID: store.NewID[dottedline.Delivery](t), Notice: n.ID, Webhook: w, Device: d, Due: t.Now}
}

// push puts a notice into the queue for the devices of who holds the deal; where
// nobody does, for everybody's.
func push(t *store.Tx, n dottedline.Notice) error {
	devices, err := t.Devices()
	if err != nil || len(devices) == 0 {
		return err
	}
	tm, err := theTeam(t)
	if err != nil {
		return err
	}
	holder := tm.standIn(n.Member, t.Now)
	for _, d := range devices {
		x := tm.told[d.Member]
		if !x.Pushes(n.Event) || d.Member == n.By || holder != 0 && d.Member != holder {
			continue
		}
		if err := t.AddDelivery(newDelivery(t, n, 0, d.ID)); err != nil { // held back, where hours are quiet, when its turn comes
			return err
		}
	}
	return nil
}

// team is how all members are told of things, and their hours.
type team struct {
	members map[dottedline.MemberID]dottedline.Member
	told    map[dottedline.MemberID]dottedline.Told
	hours   map[dottedline.MemberID]dottedline.Hours
}

func theTeam(t *store.Tx) (team, error) {
	tm := team{map[dottedline.MemberID]dottedline.Member{}, map[dottedline.MemberID]dottedline.Told{}, map[dottedline.MemberID]dottedline.Hours{}}
	ms, err := t.Members()
	if err != nil {
		return tm, err
	}
	told, err := t.Told()
	for _, m := range ms {
		h, err := m.Hours.Local()
		if err != nil {
			return tm, err
		}
		tm.members[m.ID], tm.told[m.ID], tm.hours[m.ID] = m.Member, told[m.ID].Told, h
	}
	return tm, err
}

// standIn is who has a member's rows now; 0 for a member who is gone.
func (tm team) standIn(m dottedline.MemberID, now time.Time) dottedline.MemberID {
	if _, ok := tm.members[m]; !ok {
		return 0
	}
	who := dottedline.StandIn(m, now, tm.told, tm.hours)
	if _, ok := tm.members[who]; !ok {
		return m
	}
	return who
}

// tellTouches tells of those touches of a deal that somebody is told of. The
// deal has been derived from them already.
func tellTouches(t *store.Tx, id dottedline.DealID, xs []dottedline.Touch) error {
	for _, x := range xs {
		e, ok := x.Event()
		if !ok || t.Now.Sub(x.At) > tellFor {
			continue
		}
		if err := tellOf(t, id, e, x, x.Says(), x.Text); err != nil {
			return err
		}
	}
	return nil
}

// tellMail tells of a mail of theirs that has just come in, where the ball is ours
// by it: of history that is read later than our answer nobody is told.
func tellMail(t *store.Tx, m store.Mail) error {
	h, err := t.Thread(m.Thread)
	if err != nil || h.Deal == 0 {
		return err
	}
	r, err := t.Deal(h.Deal)
	if err != nil || r.Ball.Side != dottedline.Us || m.At.Before(r.Ball.Since) {
		return err
	}
	return tellOf(t, r.ID, dottedline.ReplyEvent, dottedline.Touch{At: m.At, Person: m.Person}, "replied", m.Fresh)
}

func tellOf(t *store.Tx, id dottedline.DealID, e dottedline.Event, x dottedline.Touch, says, text string) error {
	r, err := t.Deal(id)
	if err != nil {
		return err
	}
	p, _, err := who(t, cmp.Or(x.Person, r.Person))
	if err != nil {
		return err
	}
	n := dottedline.Notice{Event: e, Deal: r.ID, Person: p.ID, By: x.Member, At: x.At, Name: r.Name, Title: nameOr(p, r.Name) + " " + says, Text: text}
	switch x.Kind {
	case dottedline.SignedTouch:
		n.Title = r.Name + ": everybody has signed"
	case dottedline.VisitTouch, dottedline.IntroYesTouch, dottedline.IntroNoTouch, dottedline.IntroTookTouch: // the text names the kind of visit, or who it was
		n.Text = ""
	}
	if n.Member, err = t.Holder(r.ID); err != nil {
		return err
	}
	return tell(t, n)
}

// hookBody is what a webhook gets as JSON.
type hookBody struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      struct {
		Title  string       `json:"title"`
		Text   string       `json:"text,omitempty"`
		Due    time.Time    `json:"due,omitzero"`
		Deal   *dealFacts   `json:"deal,omitempty"`
		Person *personFacts `json:"person,omitempty"`
	} `json:"data"`
}

type dealFacts struct {
	ID       dottedline.DealID `json:"id"`
	Name     string            `json:"name"`
	URL      string            `json:"url"`
	Kind     dottedline.Kind   `json:"kind"`
	Path     dottedline.Path   `json:"path"`
	Ball     dottedline.Side   `json:"ball"`
	Value    int64             `json:"value"` // in minor units
	Currency string            `json:"currency"`
}

type personFacts struct {
	Name    string             `json:"name"`
	Address dottedline.Address `json:"address"`
	Company string             `json:"company,omitempty"`
}

// hookFacts are the facts as they are now; where the deal's page is, is added when
// they go out.
func hookFacts(t *store.Tx, n dottedline.Notice) (string, error) {
	f := hookBody{Type: string(n.Event), Timestamp: n.At}
	f.Data.Title, f.Data.Text, f.Data.Due = n.Title, n.Text, n.Due
	if n.Deal != 0 {
		r, err := t.Deal(n.Deal)
		if err != nil {
			return "", err
		}
		f.Type = "deal." + f.Type
		f.Data.Deal = &dealFacts{ID: r.ID, Name: r.Name, Kind: r.Kind, Path: r.Path, Ball: r.Ball.Side, Value: r.Value.Minor, Currency: r.Value.Currency}
	}
	if n.Person != 0 {
		p, c, err := who(t, n.Person)
		if err != nil {
			return "", err
		}
		f.Data.Person = &personFacts{p.Name, p.Address, c.Name}
	}
	b, err := json.Marshal(f)
	return string(b), err
}

// body is what goes out of the facts that were kept.
func (d *Desk) body(n store.Notice) ([]byte, error) {
	var f hookBody
	if err := json.Unmarshal([]byte(n.Facts), &f); err != nil {
		return nil, fmt.Errorf("facts of notice %v: %w", n.ID, err)
	}
	if f.Data.Deal != nil {
		f.Data.Deal.URL = d.URL + "/deals/" + f.Data.Deal.ID.String()
	}
	return json.Marshal(f)
}
