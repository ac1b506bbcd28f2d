package web

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
	"dottedline/transcript"
)

func afterPage(v *visit) (templ.Component, error) {
	p, err := after(v, v.PathValue("meeting"), newPress(), nil)
	return html.AfterPage(p), err
}

var verdicts = map[dottedline.Chance]string{
	dottedline.ChanceNone: "Hardly.", dottedline.ChanceSome: "Some.", dottedline.ChanceGood: "Yes, a good one.",
	dottedline.ChanceSure: "Yes: it was not asked.", dottedline.ChanceUnsay: "Nobody can say yet.",
}

func after(v *visit, which, press string, wrong *dottedline.Problem) (out html.After, err error) {
	id, err := dottedline.ParseID[dottedline.Meeting](which)
	if err != nil {
		return out, dottedline.Missing("meeting")
	}
	p, err := v.desk.After(v.Context(), v.actor, id)
	if err != nil {
		return out, err
	}
	out = html.After{MeetingHead: v.meetingHead(p.BriefPage), Action: meetingURL(p.Meeting), Ask: p.Ask.Text, AskID: p.Ask.ID.String(), Position: -1,
		Settled: p.Ask.Answer != "", Jots: v.jots(p.Jots), Problem: problemOf(wrong)}
	if out.Shell, err = v.shell(p.Meeting.Title, "asks", "/live?page=after&meeting="+id.String()); err != nil {
		return out, err
	}
	out.Verdict, out.Because = verdicts[p.Chance], v.because(p)
	switch p.Ask.Answer { // their own word settles it
	case dottedline.AnsweredYes, dottedline.AnsweredNotNow, dottedline.AnsweredNo:
		out.Verdict, out.Because = "No.", fmt.Sprintf("They answered: %s. %s", p.Ask.Answer, quoted(p.Ask.Their))
	default:
		if !p.Ask.Mistaken.IsZero() {
			out.Verdict, out.Because = "Yes.", "They said that’s not what they understood. "+quoted(p.Ask.Their)
		}
	}
	if p.Heard != nil {
		v.heard(&out, p)
	}
	for _, r := range p.Recaps {
		out.Recaps = append(out.Recaps, v.recapState(r))
	}
	if p.Draft != nil && p.Ask.Answer == "" {
		out.Recap = v.recapForm(p.Draft, press)
	}
	return out, nil
}

func quoted(s string) string {
	if s == "" {
		return ""
	}
	return "“" + s + "”"
}

func (v *visit) because(p desk.AfterPage) string {
	switch {
	case p.Chance == dottedline.ChanceUnsay && !p.Ask.Landed.IsZero():
		return "You put down what they answered. " + quoted(p.Ask.Their)
	case p.Chance == dottedline.ChanceUnsay && !p.Ask.Made.IsZero():
		return "You asked. Whether they understood, only they can say: send the recap."
	case p.Chance == dottedline.ChanceUnsay && p.Ask.Missed:
		return "You did not ask."
	case p.Chance == dottedline.ChanceUnsay:
		return "Drop the transcript, or send the recap: it settles it."
	}
	var bad []string
	for _, c := range p.Checks {
		if !c.OK {
			bad = append(bad, strings.ToLower(c.What))
		}
	}
	if len(bad) == 0 {
		return "You asked plainly."
	}
	return "You asked: " + strings.Join(bad, ", ") + "."
}

// heard shows what was found in the transcript.
func (v *visit) heard(out *html.After, p desk.AfterPage) {
	h, f := p.Heard, p.Heard.Ask
	out.Transcript, out.File, out.Notes = true, cmp.Or(h.Name, "the one that was pasted"), append(h.Notes, f.Unsure...)
	for _, s := range h.Speakers {
		out.Speakers = append(out.Speakers, html.Choice{Value: s})
	}
	for _, l := range h.Problems {
		out.Unread = append(out.Unread, fmt.Sprintf("Line %d: %s", l.Line, l.Text))
	}
	for _, r := range h.Requests {
		line := html.AskLine{Ask: r.Text}
		if r.AtSeconds != nil {
			line.When = fmt.Sprintf("%d:%02d", int(*r.AtSeconds)/60, int(*r.AtSeconds)%60)
		}
		out.Requests = append(out.Requests, line)
	}
	for _, c := range p.Checks {
		out.Checks = append(out.Checks, html.HeardCheck{OK: c.OK, What: c.What, Note: c.Detail})
	}
	if f.Made {
		out.Said, out.Position, out.Segments = true, f.Position, segments(f.Text, f.HedgeAt)
	}
}

// segments cuts a text at the ranges that are to be marked.
func segments(text string, marks []transcript.Range) (out []html.Segment) {
	at := 0
	for _, m := range marks {
		if m.From < at || m.To > len(text) || m.From >= m.To {
			continue
		}
		if m.From > at {
			out = append(out, html.Segment{Text: text[at:m.From]})
		}
		out = append(out, html.Segment{Text: text[m.From:m.To], Mark: true})
		at = m.To
	}
	return append(out, html.Segment{Text: text[at:]})
}

func (v *visit) recapState(r dottedline.Recap) string {
	switch {
	case r.Answer != "":
		return fmt.Sprintf("They answered the recap on %s: %s. %s", v.day(r.Answered), r.Answer.Label(), quoted(r.Line))
	case r.Sent.IsZero():
		return "The recap is on its way."
	}
	return fmt.Sprintf("The recap went out on %s. An answer is hoped for until %s.", v.day(r.Sent), v.day(r.Due))
}

func (v *visit) recapForm(d *desk.RecapDraft, press string) *html.RecapForm {
	f := &html.RecapForm{Action: "/asks/" + d.Ask.String() + "/recap", Press: press, First: d.First, Body: d.Body, To: string(d.To), Name: d.Name, NoMailbox: d.Mailbox == 0}
	for _, a := range dottedline.RecapAnswers {
		f.Answers = append(f.Answers, a.Label())
	}
	return f
}

// dropTranscript reads the file that was dropped, or what was pasted.
func dropTranscript(v *visit) (string, again, error) {
	id, err := meetingID(v)
	if err != nil {
		return "", nil, err
	}
	show := func(p *dottedline.Problem) (templ.Component, error) {
		x, err := after(v, id.String(), newPress(), p)
		return html.AfterPage(x), err
	}
	if err := v.ParseMultipartForm(largest); err != nil {
		return "", show, err
	}
	raw, name := []byte(v.FormValue("text")), ""
	f, head, err := v.FormFile("file")
	switch {
	case err == nil && head.Size > 0:
		defer f.Close()
		if raw, err = io.ReadAll(f); err != nil {
			return "", show, err
		}
		name = head.Filename
	case err != nil && !errors.Is(err, http.ErrMissingFile):
		return "", show, err
	}
	return "/meetings/" + id.String() + "/after", show, v.desk.DropTranscript(v.Context(), v.actor, id, name, raw, strings.TrimSpace(v.FormValue("me")))
}

func askID(v *visit) (dottedline.AskID, error) {
	id, err := dottedline.ParseID[dottedline.Ask](v.PathValue("ask"))
	if err != nil {
		return 0, dottedline.Missing("ask")
	}
	return id, nil
}

func settleAsk(v *visit) (string, error) {
	id, err := askID(v)
	if err != nil {
		return "", err
	}
	return v.back("/asks"), v.desk.Settle(v.Context(), v.actor, id, desk.Settlement(v.PostFormValue("what")), v.PostFormValue("words"))
}
