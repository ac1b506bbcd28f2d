package api

import (
	"context"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/desk"
)

// askRoutes are the acts of the ask: before, during and after a meeting.
func askRoutes(d *desk.Desk) []route {
	return []route{
		get("/asks", "The newest asks with what became of them, counted", func(c context.Context, a dottedline.Actor, _ none) (asks, error) {
			p, err := d.AsksPage(c, a)
			out := asks{Counts: p.Counts, Asks: []ask{}}
			for _, k := range p.Asks {
				out.Asks = append(out.Asks, askOf(k.Ask, k.Outcome))
			}
			return out, err
		}),
		post("/deals/{id}/asks", "Plan an ask that is to be made by mail", func(c context.Context, a dottedline.Actor, in planAsk) (made, error) {
			id, err := d.PlanAsk(c, a, in.ID, desk.AskPlan{Text: in.Ask, Why: in.Why})
			return made{id.String()}, err
		}),
		post("/deals/{id}/meetings", "Plan a meeting", func(c context.Context, a dottedline.Actor, in newMeeting) (made, error) {
			id, err := d.NewMeeting(c, a, in.ID, in.At, in.Minutes, in.Title, in.Place)
			return made{id.String()}, err
		}),
		post("/meetings/{id}/ask", "Set the ask of a meeting; none says that nothing is asked, by choice", func(c context.Context, a dottedline.Actor, in setAsk) (none, error) {
			if in.None {
				return none{}, d.NoAskToday(c, a, in.ID, in.Purpose)
			}
			return none{}, d.SetAsk(c, a, in.ID, desk.AskPlan{Purpose: in.Purpose, Text: in.Ask, Why: in.Why})
		}),
		post("/meetings/{id}/jots", "Keep what was put down while a meeting ran; an id again is no second one", func(c context.Context, a dottedline.Actor, in jots) (none, error) {
			return none{}, d.Record(c, a, in.ID, in.Jots)
		}),
		post("/meetings/{id}/transcript", "Read a transcript, look for the ask in it, and keep both", func(c context.Context, a dottedline.Actor, in spoken) (heard, error) {
			if err := d.DropTranscript(c, a, in.ID, in.Name, []byte(in.Text), in.Me); err != nil {
				return heard{}, err
			}
			return heardOf(d.After(c, a, in.ID))
		}),
		get("/meetings/{id}/heard", "What was heard of the ask", func(c context.Context, a dottedline.Actor, in oneMeeting) (heard, error) {
			return heardOf(d.After(c, a, in.ID))
		}),
		post("/asks/{id}/settle", "Say how it went: they know, not made, yes, not now or no", func(c context.Context, a dottedline.Actor, in settle) (none, error) {
			return none{}, d.Settle(c, a, in.ID, desk.Settlement(in.What), in.Words)
		}),
		post("/asks/{id}/recap", "Send the recap, whose first line is the ask", func(c context.Context, a dottedline.Actor, in recap) (made, error) {
			id, err := d.SendRecap(c, a, in.ID, in.Text, in.Once)
			return made{id.String()}, err
		}),
	}
}

type (
	oneMeeting struct {
		ID dottedline.MeetingID `path:"id" json:"-"`
	}
	ask struct {
		ID      dottedline.AskID   `json:"id"`
		Deal    dottedline.DealID  `json:"deal"`
		Ask     string             `json:"ask"`
		Why     string             `json:"why"`
		Outcome dottedline.Outcome `json:"outcome"`
		Made    string             `json:"made"`
		Their   string             `json:"their_words"`
	}
	asks struct {
		Counts map[dottedline.Outcome]int `json:"counts"`
		Asks   []ask                      `json:"asks"`
	}
	planAsk struct {
		ID  dottedline.DealID `path:"id" json:"-"`
		Ask string            `json:"ask"`
		Why string            `json:"why"`
	}
	newMeeting struct {
		ID      dottedline.DealID `path:"id" json:"-"`
		At      time.Time         `json:"at"`
		Minutes int               `json:"minutes"`
		Title   string            `json:"title"`
		Place   string            `json:"place"`
	}
	setAsk struct {
		ID      dottedline.MeetingID `path:"id" json:"-"`
		Ask     string               `json:"ask"`
		Why     string               `json:"why"`
		Purpose string               `json:"purpose"`
		None    bool                 `json:"none"`
	}
	jots struct {
		ID   dottedline.MeetingID `path:"id" json:"-"`
		Jots []dottedline.Jot     `json:"jots"`
	}
	spoken struct {
		ID   dottedline.MeetingID `path:"id" json:"-"`
		Name string               `json:"name"`
		Text string               `json:"text"`
		Me   string               `json:"me"`
	}
	settle struct {
		ID    dottedline.AskID `path:"id" json:"-"`
		What  string           `json:"what"`
		Words string           `json:"words"`
	}
	recap struct {
		ID   dottedline.AskID `path:"id" json:"-"`
		Text string           `json:"text"`
		Once string           `json:"once,omitempty"`
	}
	heard struct {
		Ask     ask               `json:"ask"`
		Chance  dottedline.Chance `json:"chance_that_they_dont_know"`
		Because string            `json:"because"`
		Found   *desk.Heard       `json:"found"` // null while there is no transcript
	}
)

// most leaves room for what JSON escapes in a transcript.
func (spoken) most() int { return desk.MaxTranscript * 3 / 2 }

func askOf(k dottedline.Ask, o dottedline.Outcome) ask {
	return ask{k.ID, k.Deal, k.Text, k.Why, o, stamp(k.Made), k.Their}
}

func heardOf(p desk.AfterPage, err error) (heard, error) {
	out := heard{Ask: askOf(p.Ask, p.Outcome), Chance: p.Chance, Found: p.Heard}
	var because []string
	for _, c := range p.Checks {
		because = append(because, c.What+": "+c.Detail)
	}
	out.Because = strings.Join(because, "; ")
	return out, err
}
