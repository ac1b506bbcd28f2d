package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
	"dottedline/paper"
)

// Acts in a room. Everything that changes something is posted.

func roomOpened(v *visit) error { return v.said(v.desk.Opened(v.Context(), v.guest())) }
func roomRead(v *visit) error   { return v.said(v.desk.ReadToEnd(v.Context(), v.guest())) }

// said answers what a page tells by itself.
func (v *visit) said(err error) error {
	if err == nil {
		v.w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// roomMark is a name as a signature, while it is being typed.
func roomMark(v *visit) error {
	if _, err := v.desk.RoomIn(v.Context(), v.guest()); err != nil {
		return err
	}
	svg, err := v.markOf(v.URL.Query().Get("name"))
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.Header().Set("Cache-Control", "no-store")
	_, err = v.w.Write([]byte(svg))
	return err
}

func roomPDF(v *visit) error {
	pdf, name, err := v.desk.RoomPDF(v.Context(), v.guest())
	if err != nil {
		return err
	}
	return v.pdf(pdf, name, v.URL.Path[strings.LastIndexByte(v.URL.Path, '/')+1:] == "signed.pdf")
}

func roomAsk(v *visit, g desk.Visitor) error {
	return v.desk.AskQuestion(v.Context(), g, v.PostFormValue("text"))
}

func roomChange(v *visit, g desk.Visitor) error {
	return v.desk.ProposeChange(v.Context(), g, v.PostFormValue("text"))
}

func roomDecline(v *visit, g desk.Visitor) error {
	return v.desk.Decline(v.Context(), g, v.PostFormValue("reason"))
}

func roomPass(v *visit, g desk.Visitor) error {
	return v.desk.PassOn(v.Context(), g, v.PostFormValue("name"), v.PostFormValue("address"), v.PostFormValue("title"))
}

func roomQuiet(v *visit, g desk.Visitor) error {
	return v.desk.DontRemind(v.Context(), g, v.PostFormValue("quiet") == "yes")
}

func roomStep(v *visit, g desk.Visitor) error {
	id, err := dottedline.ParseID[dottedline.Step](v.PathValue("step"))
	if err != nil {
		return dottedline.Missing("step")
	}
	return v.desk.TickStep(v.Context(), g, id, v.PostFormValue("done") == "yes")
}

// roomAddStep adds a step of either side to the plan.
func roomAddStep(v *visit, g desk.Visitor) error {
	due, err := v.roomDay(g)
	if err != nil {
		return err
	}
	return v.desk.AddStep(v.Context(), g, dottedline.Side(v.PostFormValue("owner")), v.PostFormValue("text"), due)
}

func roomMoveStep(v *visit, g desk.Visitor) error {
	id, err := dottedline.ParseID[dottedline.Step](v.PathValue("step"))
	if err != nil {
		return dottedline.Missing("step")
	}
	due, err := v.roomDay(g)
	if err != nil {
		return err
	}
	return v.desk.MoveStep(v.Context(), g, id, due)
}

// roomDay is the end of the day in a form, by the clock of who sent the
// agreement; zero if none was chosen.
func (v *visit) roomDay(g desk.Visitor) (time.Time, error) {
	text := v.PostFormValue("due")
	if text == "" {
		return time.Time{}, nil
	}
	p, err := v.desk.Room(v.Context(), g)
	if err != nil {
		return time.Time{}, err
	}
	h, err := p.Member.Hours.Local()
	if err != nil {
		return time.Time{}, err
	}
	day, err := time.ParseInLocation(time.DateOnly, text, h.Location())
	if err != nil {
		return time.Time{}, dottedline.Wrong("Write it like 2026-12-01.", "%q is not a day.", text)
	}
	return day.AddDate(0, 0, 1).Add(-time.Minute), nil
}

// roomSign signs, or shows the room again with what is wrong.
func roomSign(v *visit) error {
	g, err := v.signing()
	if err == nil {
		err = v.desk.Sign(v.Context(), v.guest(), g)
	}
	if err == nil {
		v.see(v.roomURL() + "#sign")
		return nil
	}
	var p *dottedline.Problem
	if !errors.As(err, &p) || p.Kind == dottedline.SignIn || p.Kind == dottedline.NotFound {
		return err
	}
	r, again := v.room()
	if again != nil || r.Sign == nil {
		return err
	}
	r.Sign.Problem, r.Sign.Name = problemOf(p), v.PostFormValue("name")
	if r.Sign.Mark, err = v.markOf(r.Sign.Name); err != nil {
		return err
	}
	return v.render(status(p.Kind), html.RoomPage(r))
}

// signing reads what a signer sends. Strokes are points only.
func (v *visit) signing() (desk.Signing, error) {
	g := desk.Signing{Name: v.PostFormValue("name"), SHA256: v.PostFormValue("sha256"), Consent: v.PostFormValue("consent") == "yes"}
	text := v.PostFormValue("strokes")
	if text == "" {
		return g, nil
	}
	var strokes [][][2]float64
	if err := json.Unmarshal([]byte(text), &strokes); err != nil {
		return g, dottedline.Wrong("Draw it again, or type your name.", "The drawing can’t be read.")
	}
	for _, s := range strokes {
		var stroke paper.Stroke
		for _, p := range s {
			stroke = append(stroke, paper.Point{X: p[0], Y: p[1]})
		}
		g.Strokes = append(g.Strokes, stroke)
	}
	return g, nil
}
