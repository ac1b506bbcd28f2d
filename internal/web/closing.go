package web

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

// closing is the way from a yes to the dotted line, for a deal's page.
func (v *visit) dealClosing(p desk.DealPage) (out html.Closing, err error) {
	c, err := v.desk.Closing(v.Context(), v.actor, p.Deal.ID)
	if err != nil {
		return out, err
	}
	path := c.Deal.Path
	out = html.Closing{DealID: c.Deal.ID.String(), CanYes: path == dottedline.Talking || path == dottedline.Asked, CanUnyes: path == dottedline.Yes}
	if c.Offered != nil {
		out.Offered = v.yesOffer(*c.Offered)
	}
	for _, q := range c.Questions {
		x := html.RoomAsk{RoomQuestion: v.roomQuestion(q, q.Who, "Answered"), ID: q.ID.String()}
		if q.Answered.IsZero() {
			out.Waiting = append(out.Waiting, x)
		} else {
			out.Answered = append(out.Answered, x)
		}
	}
	if c.Current != nil {
		out.Paper = v.paperState(c)
	} else if path == dottedline.Yes {
		out.MakeLabel = "Make the agreement"
	}
	if len(c.Steps) > 0 {
		out.Plan = v.plan(c.Deal.ID, c.Steps, firstOr(p.Row.Person, "Their side"))
	}
	return out, nil
}

// yesOffer shows the words that read like a yes within what was written.
func (v *visit) yesOffer(y desk.YesOffer) *html.YesOffer {
	out := &html.YesOffer{Words: y.Words, Who: personName(y.Who), When: v.day(y.At)}
	if y.Mail != 0 {
		out.Mail = y.Mail.String()
	}
	if y.Who.ID != 0 {
		out.Person = y.Who.ID.String()
	}
	if before, after, ok := strings.Cut(y.Text, y.Words); ok {
		out.Before, out.After = tail(before, 160), dottedline.Shorten(after, 160)
	}
	return out
}

// tail is the end of a text.
func tail(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return "… " + strings.TrimSpace(string(r[len(r)-n:]))
}

// plan is a deal's plan with what can be changed of it.
func (v *visit) plan(deal dottedline.DealID, steps []dottedline.Step, them string) html.Plan {
	out := html.Plan{DealID: deal.String()}
	out.Steps = v.planSteps(steps, func(s dottedline.Step) string {
		if s.Owner == dottedline.Us {
			return "You"
		}
		return them
	}, dottedline.Us, true)
	owners := func(side dottedline.Side) []html.Choice {
		return []html.Choice{{Value: string(dottedline.Us), Label: "Ours", Chosen: side == dottedline.Us}, {Value: string(dottedline.Them), Label: "Theirs", Chosen: side == dottedline.Them}}
	}
	for _, s := range steps {
		f := html.StepForm{ID: s.ID.String(), Text: s.Text, Owners: owners(s.Owner)}
		if !s.Due.IsZero() {
			f.Due = s.Due.In(v.zone).Format(time.DateOnly)
		}
		out.Edit = append(out.Edit, f)
	}
	out.Edit = append(out.Edit, html.StepForm{Owners: owners(dottedline.Us)})
	return out
}

// paperState says on a deal's page how far its agreement is.
func (v *visit) paperState(c desk.ClosingPage) *html.PaperState {
	a := c.Current
	s := &html.PaperState{ID: a.ID.String(), Title: cmp.Or(a.Title, a.Template, "Agreement"), State: v.paperWords(*a), Href: "/agreements/" + a.ID.String(), HrefLabel: "Look at it"}
	if a.State == dottedline.Draft {
		s.HrefLabel = "Finish and send it"
	} else {
		s.Signers = v.signerStates(*a)
	}
	if a.State == dottedline.Sealed {
		s.Sealed = s.Href + "/sealed.pdf"
	}
	if c.Next != nil {
		s.Next = "Next reminder " + v.day(c.Next.At) + ". " + c.Next.Why
	}
	for _, r := range c.Reminders {
		s.Fired = append(s.Fired, "Reminded "+v.day(r.At)+". "+r.Why)
	}
	for _, x := range c.Versions {
		if x.ID != a.ID {
			s.Older = append(s.Older, html.Thread{ID: x.ID.String(), Subject: "Version " + strconv.Itoa(x.Version), Note: v.stateWords(x)})
		}
	}
	return s
}

func (v *visit) paperWords(a desk.AgreementPage) string { return v.stateWords(a.Agreement.Agreement) }

func (v *visit) stateWords(a dottedline.Agreement) string {
	switch a.State {
	case dottedline.Draft:
		return "A draft; nobody has seen it."
	case dottedline.Going:
		return "On its way."
	case dottedline.Out:
		return "With them since " + v.day(a.Sent) + ", to be signed by " + v.date(a.Ends) + "."
	case dottedline.Sealing:
		return "Signed by everybody; the seal is being made."
	case dottedline.Sealed:
		return "Signed and sealed on " + v.date(a.Ended) + "."
	case dottedline.Declined:
		return "Declined on " + v.date(a.Ended) + ": " + sentence(a.Reason)
	case dottedline.Void:
		return "Taken back on " + v.date(a.Ended) + ". " + sentence(a.Reason)
	case dottedline.Expired:
		return "Its time was over on " + v.date(a.Ended) + "."
	}
	return string(a.State)
}

func (v *visit) signerStates(a desk.AgreementPage) (out []html.SignerState) {
	for _, s := range a.Signers {
		out = append(out, v.signerState(s.Signer, a.Turn))
	}
	return out
}

func (v *visit) signerState(s dottedline.Signer, turn []dottedline.Signer) html.SignerState {
	x := html.SignerState{Name: cmp.Or(s.Name, string(s.Address)), State: "yet", Said: "not opened yet"}
	switch {
	case s.PassedTo != 0:
		x.Said = "passed it on"
		return x
	case !s.Signed.IsZero():
		x.State, x.Said = "made", "signed "+v.day(s.Signed)
		return x
	case !s.Read.IsZero():
		x.Said = "read to the end " + v.day(s.Read)
	case !s.Opened.IsZero():
		x.Said = "opened, last " + v.day(s.Seen)
	case s.Member != 0:
		x.Said = "has to sign"
	}
	for _, t := range turn {
		if t.ID == s.ID {
			x.State = "next"
		}
	}
	return x
}

// sayYes records the yes and makes everything that follows it ready.
func sayYes(v *visit) (string, error) {
	id, err := dealID(v)
	if err != nil {
		return "", err
	}
	var mail dottedline.MailID
	var person dottedline.PersonID
	if s := v.PostFormValue("mail"); s != "" {
		if mail, err = dottedline.ParseID[dottedline.Mail](s); err != nil {
			return "", dottedline.Missing("message")
		}
	}
	if s := v.PostFormValue("person"); s != "" {
		if person, err = dottedline.ParseID[dottedline.Person](s); err != nil {
			return "", dottedline.Missing("person")
		}
	}
	if err := v.desk.SayYes(v.Context(), v.actor, id, strings.TrimSpace(v.PostFormValue("words")), mail, person); err != nil {
		return "", err
	}
	return makeAgreement(v)
}

// makeAgreement makes the draft, or finds the one there is.
func makeAgreement(v *visit) (string, error) {
	id, err := dealID(v)
	if err != nil {
		return "", err
	}
	a, err := v.desk.MakeAgreement(v.Context(), v.actor, id, v.PostFormValue("template"))
	return "/agreements/" + a.String(), err
}

func noYes(v *visit) (string, error) {
	return onDeal(v, func(id dottedline.DealID) error { return v.desk.NoYes(v.Context(), v.actor, id) })
}

func takeBackYes(v *visit) (string, error) {
	return onDeal(v, func(id dottedline.DealID) error {
		return v.desk.TakeBackYes(v.Context(), v.actor, id, v.PostFormValue("why"))
	})
}

func answerQuestion(v *visit) (string, error) {
	id, err := dottedline.ParseID[dottedline.RoomQuestion](v.PathValue("question"))
	if err != nil {
		return "", dottedline.Missing("question")
	}
	return v.back("/now"), v.desk.AnswerQuestion(v.Context(), v.actor, id, v.PostFormValue("text"))
}

// setStep adds, changes or removes a step of a deal's plan.
func setStep(v *visit) (string, error) {
	id, err := dealID(v)
	if err != nil {
		return "", err
	}
	s := dottedline.Step{Text: v.PostFormValue("text"), Owner: dottedline.Side(v.PostFormValue("owner"))}
	if x := v.PostFormValue("id"); x != "" {
		if s.ID, err = dottedline.ParseID[dottedline.Step](x); err != nil {
			return "", dottedline.Missing("step")
		}
	}
	back := v.back("/deals/" + id.String())
	if v.PostFormValue("drop") != "" {
		return back, v.desk.DropStep(v.Context(), v.actor, s.ID)
	}
	if d := v.PostFormValue("due"); d != "" {
		day, err := time.ParseInLocation(time.DateOnly, d, v.zone)
		if err != nil {
			return "", dottedline.Wrong("Write it like 2026-12-01.", "%q is not a day.", d)
		}
		s.Due = v.me.Member.Hours.DayAfter(day.Add(12*time.Hour), 0)
	}
	_, err = v.desk.SetStep(v.Context(), v.actor, id, s)
	return back, err
}

func tickStep(v *visit) (string, error) {
	id, err := dottedline.ParseID[dottedline.Step](v.PathValue("step"))
	if err != nil {
		return "", dottedline.Missing("step")
	}
	return v.back("/deals"), v.desk.Done(v.Context(), v.actor, id, v.PostFormValue("done") == "yes")
}
