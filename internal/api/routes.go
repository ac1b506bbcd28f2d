package api

import (
	"context"
	"time"

	"dottedline"
	"dottedline/internal/desk"
)

// routes is the whole API in one table.
func routes(d *desk.Desk) []route {
	return []route{
		get("/now", "The ranked list of what to do, dearest minute first", func(c context.Context, a dottedline.Actor, _ none) ([]Row, error) {
			p, err := d.NowPage(c, a, desk.NowQuery{})
			return RowsOf(p.Rows, p.Currency), err
		}),
		get("/deals", "The deals, the one touched last first", func(c context.Context, a dottedline.Actor, in listDeals) ([]Row, error) {
			p, err := d.DealsPage(c, a, desk.DealsQuery{Words: in.Q, Path: in.Path, Ball: in.side(), Rows: 200})
			return RowsOf(p.Rows, p.Currency), err
		}),
		get("/deals/{id}", "One deal with its people and touches", func(c context.Context, a dottedline.Actor, in oneDeal) (Deal, error) {
			p, err := d.DealPage(c, a, in.ID)
			if err != nil {
				return Deal{}, err
			}
			return DealOf(p), nil
		}),
		post("/deals", "Make a deal with a person", func(c context.Context, a dottedline.Actor, in newDeal) (made, error) {
			id, err := d.NewDeal(c, a, in.Name, in.Address, in.Kind, in.Value)
			return made{id.String()}, err
		}),
		post("/deals/{id}/notes", "Keep a note that they don't see", func(c context.Context, a dottedline.Actor, in text) (none, error) {
			return none{}, d.Note(c, a, in.ID, in.Text)
		}),
		post("/deals/{id}/calls", "Record a call", func(c context.Context, a dottedline.Actor, in call) (none, error) {
			return none{}, d.Call(c, a, in.ID, in.At, side(in.Next), in.Text)
		}),
		post("/deals/{id}/value", "Say what the deal is worth, as a person writes it: 28,800 or 2.4k EUR", func(c context.Context, a dottedline.Actor, in text) (none, error) {
			return none{}, d.SetValue(c, a, in.ID, in.Text)
		}),
		post("/deals/{id}/later", "Put the deal off until a time", func(c context.Context, a dottedline.Actor, in later) (none, error) {
			return none{}, d.Later(c, a, in.ID, in.Until)
		}),
		post("/deals/{id}/steps", "Record how far the deal is: ask, yes, unyes, signed, no, quiet or reopen", func(c context.Context, a dottedline.Actor, in step) (none, error) {
			return none{}, d.StepAt(c, a, in.ID, in.At, in.Kind, in.Text)
		}),
		get("/deals/{id}/answer", "The prepared answer", func(c context.Context, a dottedline.Actor, in oneDeal) (answer, error) {
			p, err := d.Prepare(c, a, in.ID)
			if err != nil {
				return answer{}, err
			}
			return answer{ID: in.ID, To: p.To, Cc: p.Cc, Subject: p.Subject, Text: p.Text}, nil
		}),
		post("/deals/{id}/answer", "Send an answer; it can be undone for ten seconds. once names the press, so that a try again is no second mail", func(c context.Context, a dottedline.Actor, in answer) (made, error) {
			id, err := d.Send(c, a, in.ID, desk.Prepared{To: in.To, Cc: in.Cc, Subject: in.Subject, Text: in.Text}, in.Once)
			return made{id.String()}, err
		}),
		post("/outbox/{id}/undo", "Take back a mail that has not gone out", func(c context.Context, a dottedline.Actor, in oneOut) (none, error) {
			return none{}, d.Undo(c, a, in.ID)
		}),
		post("/threads/{id}/deal", "Make a deal of an offered thread", func(c context.Context, a dottedline.Actor, in takeOffer) (made, error) {
			id, err := d.TakeOffer(c, a, in.ID, in.Kind, in.Value)
			return made{id.String()}, err
		}),
		get("/find", "Search deals, people and what was written", func(c context.Context, a dottedline.Actor, in listDeals) ([]found, error) {
			fs, err := d.Find(c, a, in.Q, 50)
			out := make([]found, len(fs))
			for i, f := range fs {
				out[i] = found{f.Kind, f.Deal, f.Title, f.Detail, stamp(f.At)}
			}
			return out, err
		}),
	}
}

type (
	none struct{}
	made struct {
		ID string `json:"id"`
	}
	oneDeal struct {
		ID dottedline.DealID `path:"id" json:"-"`
	}
	oneOut struct {
		ID dottedline.OutgoingID `path:"id" json:"-"`
	}
	listDeals struct {
		Q    string          `query:"q" json:"-"`
		Path dottedline.Path `query:"path" json:"-"`
		Ball string          `query:"ball" json:"-"` // ours or theirs
	}
	newDeal struct {
		Name    string          `json:"name"`
		Address string          `json:"address"`
		Kind    dottedline.Kind `json:"kind"`
		Value   string          `json:"value"`
	}
	text struct {
		ID   dottedline.DealID `path:"id" json:"-"`
		Text string            `json:"text"`
	}
	call struct {
		ID   dottedline.DealID `path:"id" json:"-"`
		At   time.Time         `json:"at"`
		Next string            `json:"next"` // whose move it is now: ours, theirs, or "" as before
		Text string            `json:"text"`
	}
	later struct {
		ID    dottedline.DealID `path:"id" json:"-"`
		Until time.Time         `json:"until"`
	}
	step struct {
		ID   dottedline.DealID    `path:"id" json:"-"`
		Kind dottedline.TouchKind `json:"kind"`
		At   time.Time            `json:"at"`
		Text string               `json:"text"`
	}
	answer struct {
		ID      dottedline.DealID `path:"id" json:"-"`
		To      []string          `json:"to"`
		Cc      []string          `json:"cc"`
		Subject string            `json:"subject"`
		Text    string            `json:"text"`
		Once    string            `json:"once,omitempty"`
	}
	takeOffer struct {
		ID    dottedline.ThreadID `path:"id" json:"-"`
		Kind  dottedline.Kind     `json:"kind"`
		Value string              `json:"value"`
	}
	found struct {
		Kind   string            `json:"kind"`
		Deal   dottedline.DealID `json:"deal"`
		Title  string            `json:"title"`
		Detail string            `json:"detail"`
		At     string            `json:"at"`
	}
)

func (l listDeals) side() dottedline.Side { return side(l.Ball) }

func side(s string) dottedline.Side {
	switch s {
	case "ours":
		return dottedline.Us
	case "theirs":
		return dottedline.Them
	}
	return dottedline.Nobody
}
