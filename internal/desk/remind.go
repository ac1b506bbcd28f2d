package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/mail"
)

// chaseDeal sets the clock of a deal's open agreement anew.
func chaseDeal(t *store.Tx, s store.Settings, id dottedline.DealID) error {
	ts, err := t.Touches(id)
	if err != nil {
		return err
	}
	return chase(t, s, id, ts)
}

// chase sets the clock of a deal's open agreement by its facts: the job is due
// when the next reminder is, and gone where none is.
func chase(t *store.Tx, s store.Settings, id dottedline.DealID, ts []dottedline.Touch) error {
	x, err := openAgreement(t, id)
	if err != nil || x == nil || x.State != dottedline.Out {
		return err
	}
	next, _, ok, err := nextReminder(t, s, *x, ts)
	if err != nil {
		return err
	}
	job := "remind " + x.ID.String()
	if !ok {
		return t.DropJob(job)
	}
	return t.AddJob(store.Job{ID: job, Kind: remindJob, Args: x.ID.String(), Due: next.At})
}

// nextReminder is the reminder of an agreement that fires next, and to which signer.
func nextReminder(t *store.Tx, s store.Settings, x store.Agreement, ts []dottedline.Touch) (next dottedline.Reminder, to store.Signer, ok bool, err error) {
	signers, err := t.Signers(x.ID)
	if err != nil {
		return next, to, false, err
	}
	theirs, ours, err := bothHours(t, x)
	if err != nil {
		return next, to, false, err
	}
	steps, err := t.Steps(x.Deal)
	if err != nil {
		return next, to, false, err
	}
	qs, err := t.Questions(x.Deal)
	if err != nil {
		return next, to, false, err
	}
	rules := s.Closing.Reminders
	if rules == (dottedline.ReminderRules{}) {
		rules = dottedline.ShippedReminders
	}
	for _, turn := range dottedline.Turn(plain(signers)) {
		y := signers[slices.IndexFunc(signers, func(y store.Signer) bool { return y.ID == turn.ID })]
		if y.Member != 0 {
			continue
		}
		c := dottedline.Chase{Sent: y.Asked, Opened: y.Opened, Seen: y.Seen, Signed: y.Signed, Quiet: y.Quiet, Ends: x.Ends}
		if y.Said.After(y.Asked) {
			c.Answered = y.Said
		}
		for _, k := range ts {
			if answers(k) && k.At.After(y.Asked) {
				c.Answered = k.At
			}
		}
		for _, p := range steps {
			if p.Owner == dottedline.Them && p.Done.IsZero() && p.Fact == "" && !p.Due.IsZero() {
				c.Overdue = p
				break
			}
		}
		for _, q := range qs {
			if q.Answered.IsZero() && q.Agreement == x.ID && (c.Asked.IsZero() || q.At.Before(c.Asked)) {
				c.Asked = q.At
			}
		}
		if c.Reminded, err = t.Reminders(x.ID, y.ID); err != nil {
			return next, to, false, err
		}
		if r, yes := rules.Next(c, theirs, ours); yes && (!ok || r.At.Before(next.At)) {
			next, to, ok = r, y, true
		}
	}
	return next, to, ok, nil
}

// answers says whether a touch of theirs ends the reminders.
func answers(x dottedline.Touch) bool {
	switch x.Kind {
	case dottedline.MailTouch, dottedline.QuestionTouch, dottedline.ProposalTouch, dottedline.DeclineTouch, dottedline.BookTouch,
		dottedline.SaidYesTouch, dottedline.SaidLaterTouch, dottedline.SaidNoTouch, dottedline.MistakenTouch:
		return x.By == dottedline.Them
	case dottedline.CallTouch, dottedline.MeetingTouch:
		return true
	}
	return false
}

// bothHours are the working hours of the two sides: theirs by the zone of the
// last mail that they wrote, ours where there is none.
func bothHours(t *store.Tx, x store.Agreement) (theirs, ours dottedline.Hours, err error) {
	ours = dottedline.OfficeHours("UTC")
	if h, err := hours(t, x.Member); err == nil {
		ours = h
	}
	theirs = ours
	m, err := theirLast(t, x.Deal)
	if err != nil || m.ID == 0 {
		return theirs, ours, err
	}
	raw, err := t.Raw(m.ID)
	if err != nil {
		return theirs, ours, err
	}
	if p, _ := mail.Parse(raw); p != nil && !p.Date.IsZero() && p.DateDoubt == "" {
		_, offset := p.Date.Zone()
		theirs = dottedline.OfficeHoursAt(offset)
	}
	return theirs, ours, nil
}

// theirLast is the newest mail that a person of theirs wrote in a deal.
func theirLast(t *store.Tx, id dottedline.DealID) (store.Mail, error) {
	ms, err := t.DealMails(id, 20)
	for _, m := range ms {
		if !m.Out && m.Kind == string(mail.Person) {
			return m, nil
		}
	}
	return store.Mail{}, err
}

// remind sends the reminder that is due, if one still is, and sets the clock to
// the next.
func (d *Desk) remind(ctx context.Context, j *Job) error {
	id, err := dottedline.ParseID[dottedline.Agreement](j.Args)
	if err != nil {
		return err
	}
	var l secretLink
	l.secret, l.hash = newToken()
	return d.finish(ctx, j, func(t *store.Tx) error {
		s, err := readSheet(t, id)
		if err != nil || s.State != dottedline.Out {
			return err
		}
		ts, err := t.Touches(s.deal.ID)
		if err != nil {
			return err
		}
		r, y, ok, err := nextReminder(t, s.settings, s.Agreement, ts)
		if err != nil || !ok {
			return err
		}
		if r.At.After(t.Now) {
			return chase(t, s.settings, s.deal.ID, ts)
		}
		r.At = t.Now
		if err := t.AddReminder(s.ID, y.ID, r); err != nil {
			return err
		}
		if err := d.mailReminder(t, s, y, r, l); err != nil {
			return err
		}
		if err := evidence(t, s.Agreement, fact{kind: "reminded", data: map[string]string{"to": remindedWho(s, y, r), "why": r.Why}}); err != nil {
			return err
		}
		return touch(t, s.deal.ID, dottedline.Touch{Kind: dottedline.RemindTouch, By: dottedline.Us, Person: y.Person, Text: r.Why})
	})
}

func remindedWho(s sheet, y store.Signer, r dottedline.Reminder) string {
	if r.To == dottedline.Us {
		return s.maker.Name
	}
	return named(y)
}

func (d *Desk) mailReminder(t *store.Tx, s sheet, y store.Signer, r dottedline.Reminder, l secretLink) error {
	once := fmt.Sprintf("remind %v %v %d", s.ID, y.ID, t.Now.UnixMicro())
	if r.To == dottedline.Us {
		text := r.Why + "\n\n" + d.URL + "/deals/" + s.deal.ID.String() + "\n\nYou get this mail because a question about the agreement waits. When it is sent is set in Settings, Agreements."
		_, err := post(t, letter{from: s.Member, to: s.maker.Email, name: s.maker.Name, subject: s.deal.Name + ": a question waits", text: text, machine: true, once: once})
		return err
	}
	if err := t.AddRoomLink(store.RoomLink{Hash: l.hash, Agreement: s.ID, Signer: y.ID, Until: s.Ends.Add(keepFor)}); err != nil {
		return err
	}
	text, err := d.fill("{{greeting}}\n\n"+strings.NewReplacer("{{", "", "}}", "").Replace(remindText[r.Kind])+"\n\n{{link}}\n\n{{my_name}}\n\n--\nWhy this mail: "+
		strings.NewReplacer("{{", "", "}}", "").Replace(r.Why)+" If you want no reminders, the page has a button for that; an answer to this mail stops them too.", l.secret, y, s)
	if err != nil {
		return err
	}
	answersTo := ""
	if y.Outgoing != 0 {
		o, err := t.Outgoing(y.Outgoing)
		if err != nil {
			return err
		}
		answersTo = o.MessageID
	}
	_, err = post(t, letter{from: s.Member, to: y.Address, name: y.Name, subject: cmp.Or(replySubject(s.Title), "Reminder"), text: text, deal: s.deal.ID,
		answers: answersTo, machine: true, once: once})
	return err
}

var remindText = map[dottedline.ReminderKind]string{
	dottedline.NotOpened:   "The agreement is here whenever you have a minute. It can be read and signed on a phone.",
	dottedline.LeftOpen:    "You had a look at the agreement. Is anything unclear, or should something read otherwise? You can ask or propose a change right there, and sign when it is right.",
	dottedline.StepOverdue: "A small thing from our plan is still open. Tick it there when it is done, or give it another day.",
	dottedline.Expiring:    "The time to sign the agreement ends soon. If you need more, answer this mail.",
}

// expire ends an agreement whose time is over.
func (d *Desk) expire(ctx context.Context, j *Job) error {
	id, err := dottedline.ParseID[dottedline.Agreement](j.Args)
	if err != nil {
		return err
	}
	return d.finish(ctx, j, func(t *store.Tx) error {
		x, err := t.Agreement(id)
		if err != nil || !x.State.Open() {
			return err
		}
		if t.Now.Before(x.Ends) {
			return t.AddJob(store.Job{ID: j.ID, Kind: expireJob, Args: j.Args, Due: x.Ends})
		}
		return void(t, x, x.Member, "It could be signed until "+x.Ends.Format("2 January 2006")+".", dottedline.Expired)
	})
}

// Extend gives them more days to sign.
func (d *Desk) Extend(ctx context.Context, a dottedline.Actor, id dottedline.AgreementID, until time.Time) error {
	err := d.write(ctx, a, func(t *store.Tx) error {
		x, err := t.Agreement(id)
		if err != nil {
			return err
		}
		if !x.State.Open() || !until.After(t.Now) {
			return dottedline.Wrong("Choose a later day, while it can be signed.", "This agreement can't be given more time.")
		}
		x.Ends = until.UTC().Truncate(time.Microsecond)
		if err := t.PutAgreement(x); err != nil {
			return err
		}
		if err := t.AddJob(store.Job{ID: "expire " + id.String(), Kind: expireJob, Args: id.String(), Due: x.Ends}); err != nil {
			return err
		}
		return touchPlanned(t, x.Deal, dottedline.Touch{Kind: dottedline.ExtendTouch, By: dottedline.Us, Member: a.Member, Until: x.Ends})
	})
	d.wakeUp()
	return err
}
