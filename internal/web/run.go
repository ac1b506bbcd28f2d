package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/web/html"
)

func runPage(v *visit) (templ.Component, error) {
	id, err := meetingID(v)
	if err != nil {
		return nil, err
	}
	p, err := v.desk.Run(v.Context(), v.actor, id)
	if err != nil {
		return nil, err
	}
	start := p.Meeting.Started
	if start.IsZero() {
		if start = p.Meeting.At; start.After(v.now) || v.now.Sub(start) > 12*time.Hour {
			start = v.now
		}
	}
	out := html.Run{MeetingHead: v.meetingHead(p.BriefPage), Action: meetingURL(p.Meeting), After: meetingURL(p.Meeting) + "/after", ID: id.String(),
		Start: start.Format(time.RFC3339), Minutes: strconv.Itoa(p.Meeting.Minutes), Ask: p.Ask.Text, Parts: v.parts(p.BriefPage), Jots: v.jots(p.Jots), Press: newPress()}
	if !p.Ask.Made.IsZero() {
		out.Asked = p.Ask.Made.Format(time.RFC3339)
	}
	out.Shell, err = v.shell(p.Meeting.Title, "asks", "")
	return html.RunPage(out), err
}

func (v *visit) jots(js []dottedline.Jot) (out []html.Jot) {
	for _, j := range js {
		out = append(out, html.Jot{ID: j.ID, When: j.At.In(v.zone).Format("15:04"), Kind: string(j.Kind), Text: j.Text})
	}
	return out
}

// putDown keeps what was put down in a meeting: one jot of a plain form, or a
// list of them from a page that may have been without a connection.
func putDown(v *visit) error {
	id, err := meetingID(v)
	if err != nil {
		return err
	}
	if strings.HasPrefix(v.Header.Get("Content-Type"), "application/json") {
		var js []dottedline.Jot
		if err := json.NewDecoder(v.Body).Decode(&js); err != nil {
			return dottedline.Wrong("Send a list of notes.", "The notes can’t be read.")
		}
		if err := v.desk.Record(v.Context(), v.actor, id, js); err != nil {
			return err
		}
		v.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	j := dottedline.Jot{ID: v.PostFormValue("id"), At: v.now, Kind: dottedline.JotKind(v.PostFormValue("kind")), Text: v.PostFormValue("text")}
	if err := v.desk.Record(v.Context(), v.actor, id, []dottedline.Jot{j}); err != nil {
		return err
	}
	to := "/run"
	if j.Kind == dottedline.EndJot {
		to = "/after"
	}
	v.see("/meetings/" + id.String() + to)
	return nil
}
