package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/web/html"
)

// closingFacts are the merge fields that every agreement of a workspace can
// begin with.
var closingFacts = []string{"Us.Name", "Us.Address", "Terms.Law", "Terms.Court", "Terms.NetDays", "Terms.Months", "Terms.NoticeDays"}

var reminderWords = map[dottedline.ReminderKind]struct{ label, hint string }{
	dottedline.NotOpened:   {"It was not opened", "Their working hours after it was sent."},
	dottedline.LeftOpen:    {"It was opened and left", "Their working hours after they were last there."},
	dottedline.Unanswered:  {"Their question waits for you", "Your working hours after they asked; this one goes to you."},
	dottedline.StepOverdue: {"A step of theirs is overdue", "Their working hours after its day."},
	dottedline.Expiring:    {"It can soon no longer be signed", "Hours before the end."},
}

func closingPage(v *visit) (templ.Component, error) { return v.closingSettings(nil) }

func (v *visit) closingSettings(p *dottedline.Problem) (templ.Component, error) {
	out := html.ClosingSettings{Owner: v.actor.Role == dottedline.Owner, Problem: problemOf(p)}
	var err error
	if out.Shell, err = v.shell("Closing", "settings", ""); err != nil {
		return nil, err
	}
	c, err := v.desk.ClosingSettings(v.Context(), v.actor)
	if err != nil {
		return nil, err
	}
	for _, k := range dottedline.ReminderKinds {
		w := reminderWords[k]
		out.Reminders = append(out.Reminders, html.ReminderRule{Key: reminderKey(k), Label: w.label, Hint: w.hint, Hours: strconv.FormatFloat(c.Reminders.Hours(k), 'f', -1, 64)})
	}
	out.Most, out.Days, out.StampURL = strconv.Itoa(c.Reminders.Most), strconv.Itoa(c.Days), c.StampURL
	names := slices.Clone(closingFacts)
	for name := range c.Fields {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		out.Facts = append(out.Facts, html.PaperField{Name: name, Label: fieldLabel(name), Value: c.Fields[name], Kind: "text"})
	}
	keys, err := v.desk.SealKeys(v.Context(), v.actor)
	if err != nil {
		return nil, err
	}
	own := slices.ContainsFunc(keys, func(k dottedline.SealKey) bool { return k.Kind == "own" })
	used := false
	for _, k := range keys {
		x := html.SealKey{Subject: k.Subject, Note: "By " + k.Issuer + ", good until " + v.date(k.Until) + "."}
		if k.Kind == "root" {
			x.Note = "The authority of this workspace, good until " + v.date(k.Until) + "."
			if !own {
				out.Root = "/settings/closing/root.pem"
			}
		} else if !used && (k.Kind == "own") == own {
			x.Used, used = true, true
		}
		out.Keys = append(out.Keys, x)
	}
	return html.ClosingPage(out), nil
}

// reminderKey is a kind without spaces.
func reminderKey(k dottedline.ReminderKind) string { return strings.ReplaceAll(string(k), " ", "-") }

func setClosing(v *visit) (string, again, error) {
	c, err := v.desk.ClosingSettings(v.Context(), v.actor)
	if err != nil {
		return "", nil, err
	}
	for _, k := range dottedline.ReminderKinds {
		text := strings.TrimSpace(v.PostFormValue("remind-" + reminderKey(k)))
		h, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
		if err != nil {
			return "", v.closingSettings, dottedline.Wrong("Write hours, such as 3 or 0.5.", "%q is not a number.", text)
		}
		setHoursOf(&c.Reminders, k, h)
	}
	for _, n := range []struct {
		field string
		to    *int
	}{{"most", &c.Reminders.Most}, {"days", &c.Days}} {
		text := strings.TrimSpace(v.PostFormValue(n.field))
		if *n.to, err = strconv.Atoi(text); err != nil {
			return "", v.closingSettings, dottedline.Wrong("Write a whole number.", "%q is not a number.", text)
		}
	}
	fields := map[string]string{}
	for k := range v.PostForm {
		if name, ok := strings.CutPrefix(k, "field."); ok {
			if text := strings.TrimSpace(v.PostForm.Get(k)); text != "" {
				fields[name] = text
			}
		}
	}
	c.Fields, c.StampURL = fields, strings.TrimSpace(v.PostFormValue("stamp"))
	return "/settings/closing?saved=1", v.closingSettings, v.desk.SetClosingSettings(v.Context(), v.actor, c)
}

func setHoursOf(r *dottedline.ReminderRules, k dottedline.ReminderKind, h float64) {
	switch k {
	case dottedline.NotOpened:
		r.NotOpened = h
	case dottedline.LeftOpen:
		r.LeftOpen = h
	case dottedline.Unanswered:
		r.Unanswered = h
	case dottedline.StepOverdue:
		r.StepOverdue = h
	case dottedline.Expiring:
		r.Expiring = h
	}
}

// sealKey takes a bought certificate.
func sealKey(v *visit) (string, again, error) {
	b, _, err := v.file("p12")
	if err != nil {
		return "", v.closingSettings, err
	}
	return "/settings/closing?saved=1", v.closingSettings, v.desk.UploadSealKey(v.Context(), v.actor, b, v.FormValue("password"))
}

func rootCertificate(v *visit) error {
	pem, err := v.desk.RootCertificate(v.Context(), v.actor)
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "application/x-pem-file")
	v.w.Header().Set("Content-Disposition", `attachment; filename="dottedline-authority.pem"`)
	_, err = v.w.Write(pem)
	return err
}

func jobsPage(v *visit) (templ.Component, error) {
	var out html.Jobs
	var err error
	if out.Shell, err = v.shell("Jobs", "settings", ""); err != nil {
		return nil, err
	}
	js, err := v.desk.Jobs(v.Context(), v.actor)
	for _, j := range js {
		x := html.Job{What: j.What, Deal: j.Name, Next: v.day(j.Due), Error: j.Error}
		if j.Deal != 0 {
			x.DealID = j.Deal.String()
		}
		if j.Tries > 0 {
			x.Tries = strconv.Itoa(j.Tries)
		}
		out.Rows = append(out.Rows, x)
	}
	return html.JobsPage(out), err
}
