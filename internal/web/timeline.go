package web

import (
	"fmt"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

// timeline is what was said, newest first, under what is on its way.
func (v *visit) timeline(p desk.DealPage, all bool) (out []html.Moment) {
	for _, u := range p.Outgoing {
		if u.State == dottedline.Waiting || u.State == dottedline.Sending {
			m := html.Moment{When: "now", By: "yet", Text: "Your mail to " + u.To + " is on its way."}
			if u.Error != "" {
				m.Text, m.Note = "Your mail to "+u.To+" waits for the next try.", u.Error
			}
			out = append(out, m)
		}
	}
	for _, x := range p.Timeline {
		if len(out) == shownFirst && !all {
			break
		}
		if !begins(x, p.Deal) && x.Kind != dottedline.PlanTouch {
			out = append(out, v.moment(x))
		}
	}
	return out
}

// begins says whether a touch is only for the clock, or says what the deal was called, worth and
// about from its first day: the page's head says it already.
func begins(x desk.Moment, d dottedline.Deal) bool {
	return x.Kind == dottedline.BriefTouch || x.At.Equal(d.First) && (x.Kind == dottedline.NameTouch || x.Kind == dottedline.KindTouch || x.Kind == dottedline.ValueTouch)
}

var callWords = map[dottedline.TouchKind]string{dottedline.CallTouch: "by phone", dottedline.MeetingTouch: "in a meeting"}

func (v *visit) moment(x desk.Moment) html.Moment {
	m := html.Moment{When: v.day(x.At), Stamp: x.At.Format(time.RFC3339), By: "own"}
	if x.By == dottedline.Them {
		m.By = "them"
	}
	if x.Mail != 0 {
		m.Href = "/messages/" + x.Mail.String()
	}
	switch x.Kind {
	case dottedline.MailTouch:
		if x.By == dottedline.Us {
			m.By = "you"
		}
		m.Said, m.Note = x.Said, who(x)+", by mail."
		if x.Broken {
			m.Said, m.Text = "", "A mail that could not be read."
		} else if x.Said == "" {
			m.Text = "A mail without words: " + x.Subject
		}
	case dottedline.MachineTouch:
		m.By, m.Text = "machine", capital(x.Machine)+": "+x.Subject
	case dottedline.CallTouch, dottedline.MeetingTouch:
		m.By, m.Said, m.Note = "you", x.Text, who(x)+", "+callWords[x.Kind]+"."
	case dottedline.NoteTouch:
		m.Said, m.Note = x.Text, "Note by "+who(x)+"."
	case dottedline.QuestionTouch, dottedline.ProposalTouch, dottedline.AnswerTouch, dottedline.DeclineTouch:
		if x.By == dottedline.Us {
			m.By = "you"
		}
		m.Said, m.Note = x.Text, who(x)+", "+roomWords[x.Kind]
	case dottedline.VisitTouch:
		m.By, m.Text = "machine", visitWords[dottedline.Visit(x.Text)]
	case dottedline.RemindTouch:
		m.By, m.Text, m.Note = "machine", "Reminded.", x.Text
	case dottedline.StepTouch:
		m.Text = stepText(x.Text)
	case dottedline.SignTouch:
		m.Text = x.Text + " signed."
	case dottedline.BookTouch, dottedline.OtherTimeTouch:
		m.Text = x.Text
	case dottedline.GiftTouch:
		m.By, m.Text = "you", "Given: "+x.Text
		if x.By == dottedline.Them {
			m.By, m.Text = "them", "Opened what you gave: "+x.Text
		}
	case dottedline.IntroduceTouch, dottedline.IntroducedTouch, dottedline.IntroYesTouch, dottedline.IntroNoTouch, dottedline.IntroTookTouch:
		if x.By == dottedline.Us {
			m.By = "you"
		}
		m.Text = fmt.Sprintf(introWords[x.Kind], x.Text)
	case dottedline.ExtendTouch:
		m.Text = "They have until " + v.date(x.Until) + " to sign."
	case dottedline.VoidTouch:
		m.Text, m.Note = "The agreement no longer stands.", x.Text
	case dottedline.OfferedYesTouch:
		m.Said, m.Text = x.Text, "This reads like a yes."
	case dottedline.AskTouch, dottedline.YesTouch, dottedline.NoTouch:
		m.Said, m.Text = x.Text, steps[x.Kind]
	case dottedline.SaidYesTouch, dottedline.SaidLaterTouch, dottedline.SaidNoTouch, dottedline.MistakenTouch, dottedline.PlannedTouch, dottedline.NoAskTouch:
		m.Said, m.Text = x.Text, steps[x.Kind]
		if x.Kind == dottedline.PlannedTouch && x.Text == "" {
			m.Text = "The ask was taken back."
		}
	default:
		m.Text = v.fact(x)
	}
	return m
}

var roomWords = map[dottedline.TouchKind]string{
	dottedline.QuestionTouch: "in the room.", dottedline.ProposalTouch: "proposing a change in the room.",
	dottedline.AnswerTouch: "in the room and by mail.", dottedline.DeclineTouch: "declining to sign.",
}

var introWords = map[dottedline.TouchKind]string{
	dottedline.IntroduceTouch: "Asked whether to introduce %s.", dottedline.IntroducedTouch: "Introduced to %s.",
	dottedline.IntroYesTouch: "%s would like to be introduced.", dottedline.IntroNoTouch: "%s would rather not be introduced.",
	dottedline.IntroTookTouch: "%s wrote to the other: the introduction took.",
}

var visitWords = map[dottedline.Visit]string{
	dottedline.VisitOpened: "The agreement was opened.", dottedline.VisitBack: "The agreement was opened again.",
	dottedline.VisitRead: "The agreement was read to its end.", dottedline.VisitNew: "Somebody new opened the agreement.",
}

func who(x desk.Moment) string {
	if x.Who == "" {
		return "You"
	}
	return x.Who
}

var steps = map[dottedline.TouchKind]string{
	dottedline.PlannedTouch: "The ask was planned.", dottedline.NoAskTouch: "No ask in this meeting, by choice.", dottedline.SettledTouch: "The ask is settled.",
	dottedline.RecapTouch: "The recap went out.", dottedline.SaidYesTouch: "They answered the ask: yes.", dottedline.SaidLaterTouch: "They answered the ask: not now.",
	dottedline.SaidNoTouch: "They answered the ask: no.", dottedline.MistakenTouch: "They answered: that’s not what I understood.",
	dottedline.AskTouch: "The ask was made.", dottedline.YesTouch: "They said yes.", dottedline.NoTouch: "They said no.",
	dottedline.UnyesTouch: "It was no yes after all.", dottedline.SentTouch: "The agreement went out.", dottedline.SignedTouch: "Signed.",
	dottedline.QuietTouch: "Gone quiet.", dottedline.ReopenTouch: "Opened again.", dottedline.DoneTouch: "Nothing to answer.",
}

// fact says in words what a touch without words says.
func (v *visit) fact(x desk.Moment) string {
	switch x.Kind {
	case dottedline.ValueTouch:
		return "Value: " + x.Amount.String()
	case dottedline.NameTouch:
		return "Name: " + x.Text
	case dottedline.KindTouch:
		return "Kind: " + x.Text
	case dottedline.LaterTouch:
		if x.Until.IsZero() {
			return "No longer put off."
		}
		return "Put off until " + v.day(x.Until) + "."
	}
	if s := steps[x.Kind]; s != "" {
		return s
	}
	return fmt.Sprintf("%s.", capital(string(x.Kind)))
}

// stepText says what became of a step of the plan.
func stepText(text string) string {
	for _, other := range []string{"Open again: ", "New: ", "Moved to "} {
		if strings.HasPrefix(text, other) {
			return text
		}
	}
	return "Done: " + text
}
