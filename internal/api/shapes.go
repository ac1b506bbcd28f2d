package api

import (
	"math"
	"time"

	"dottedline"
	"dottedline/internal/desk"
)

// Amount is money in major units: 28800 USD, or 12.50 EUR a day.
type Amount struct {
	Amount   float64 `json:"amount"`
	Currency string  `json:"currency"`
}

// Row is one row of Now.
type Row struct {
	ID      dottedline.DealID `json:"id"`
	Deal    string            `json:"deal"`
	Person  string            `json:"person"`
	Company string            `json:"company"`
	Path    dottedline.Path   `json:"path"`
	Ball    string            `json:"ball"`  // ours or theirs
	Since   string            `json:"since"` // RFC 3339; "" before anything was written
	Why     string            `json:"why"`
	Cost    Amount            `json:"cost_per_day"`
	Minutes float64           `json:"minutes"`
	Action  dottedline.Action `json:"action"`
}

// RowOf is a row of the desk's in JSON's shape.
func RowOf(r desk.Row, currency string) Row {
	return Row{r.Deal.ID, r.Deal.Name, r.Person.Name, r.Company.Name, r.Deal.Path, Ball(r.Deal.Ball.Side), stamp(r.Deal.Ball.Since),
		r.Why, Amount{math.Round(float64(r.Cost)*100) / 100, currency}, r.Minutes, r.Action}
}

// RowsOf are rows of the desk's, never null.
func RowsOf(rs []desk.Row, currency string) []Row {
	out := make([]Row, len(rs))
	for i, r := range rs {
		out[i] = RowOf(r, currency)
	}
	return out
}

// Ball says whose ball it is; before the first mail the move is ours.
func Ball(s dottedline.Side) string {
	if s == dottedline.Them {
		return "theirs"
	}
	return "ours"
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Deal is one deal whole.
type Deal struct {
	Row
	Kind    dottedline.Kind   `json:"kind"`
	Value   *Amount           `json:"value"` // null while nobody said
	People  []Person          `json:"people"`
	Reached map[string]string `json:"reached"` // step of the path → RFC 3339
	Replies ReplyTimes        `json:"reply_times"`
	Touches []Touch           `json:"touches"` // newest first
}

// Person is one person of a deal.
type Person struct {
	Name    string             `json:"name"`
	Address dottedline.Address `json:"address"`
}

// ReplyTimes are those of both sides.
type ReplyTimes struct {
	Ours   ReplyTime `json:"ours"`
	Theirs ReplyTime `json:"theirs"`
}

// ReplyTime is the median of n replies in seconds, by the wall clock and in
// working hours.
type ReplyTime struct {
	N       int     `json:"n"`
	Wall    float64 `json:"median_seconds"`
	Working float64 `json:"median_working_seconds"`
}

// Touch is one thing that happened.
type Touch struct {
	At   string               `json:"at"`
	Kind dottedline.TouchKind `json:"kind"`
	By   dottedline.Side      `json:"by"` // us or them
	Who  string               `json:"who"`
	Text string               `json:"text"`
}

// DealOf is a page of the desk's in JSON's shape.
func DealOf(p desk.DealPage) Deal {
	out := Deal{Row: RowOf(p.Row, p.Currency), Kind: p.Deal.Kind, Reached: map[string]string{}, People: []Person{}, Touches: []Touch{},
		Replies: ReplyTimes{replyTime(p.Ours), replyTime(p.Theirs)}}
	if v := p.Deal.Value; v.Minor > 0 {
		out.Value = &Amount{v.Major(), v.Currency}
	}
	for _, x := range p.People {
		out.People = append(out.People, Person{x.Name, x.Address})
	}
	for _, s := range []struct {
		name string
		at   time.Time
	}{{"met", p.Deal.Steps.Met}, {"asked", p.Deal.Steps.Asked}, {"yes", p.Deal.Steps.Yes}, {"sent", p.Deal.Steps.Sent}, {"ended", p.Deal.Steps.Ended}} {
		if !s.at.IsZero() {
			out.Reached[s.name] = stamp(s.at)
		}
	}
	for _, m := range p.Timeline {
		out.Touches = append(out.Touches, Touch{stamp(m.At), m.Kind, m.By, m.Who, m.Said})
	}
	return out
}

func replyTime(r dottedline.ReplyTimes) ReplyTime {
	return ReplyTime{r.N, r.Wall.Seconds(), r.Work.Seconds()}
}
