package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/store"
	"dottedline/mail"
)

// InvitationRow is an invitation as its card shows it.
type InvitationRow struct {
	dottedline.Invitation
	DealName string
	Mine     bool // it is for the member who looks
	Clash    bool // the member's calendars have something else then
	Unknown  bool // a calendar can't be read, so nobody knows
}

// invitations are cards of invitations that can still be answered.
func (d *Desk) invitations(t *store.Tx, a dottedline.Actor, vs []dottedline.Invitation) (out []InvitationRow, err error) {
	for _, v := range vs {
		if !v.Answerable(t.Now) {
			continue
		}
		if v.Repeats {
			o, err := originalOf(t, v)
			if err != nil {
				return nil, err
			}
			next, ok, err := nextOf(t, v, o)
			if err != nil {
				return nil, err
			}
			if !ok { // it is over
				continue
			}
			v.At, v.Minutes = next.Start, minutesOf(next)
		}
		r, err := t.Deal(v.Deal)
		if err != nil {
			return nil, err
		}
		row := InvitationRow{Invitation: v, DealName: r.Name, Mine: v.Member == a.Member}
		if row.Mine && !v.Repeats && v.Answer == "" {
			uid, _, _ := strings.Cut(v.UID, " ")
			if row.Clash, row.Unknown, err = d.clash(t, v.Member, uid, v.At, v.At.Add(time.Duration(v.Minutes)*time.Minute), string(v.Invited)); err != nil {
				return nil, err
			}
		}
		out = append(out, row)
	}
	return out, nil
}

// clash says whether something else is in a member's calendars, or booked here,
// at the time of a meeting, which uid names. me is how the calendars call the
// member besides.
func (d *Desk) clash(t *store.Tx, member dottedline.MemberID, uid string, from, to time.Time, me ...string) (clash, unknown bool, err error) {
	sources, err := d.sources(t, member, uid)
	if err != nil {
		return false, false, err
	}
	m, err := hours(t, member)
	if err != nil {
		return false, false, err
	}
	busy, err := ical.Busy(sources, ical.Window{From: from, To: to, Now: t.Now, Zone: m.Location(), Me: me})
	if err != nil {
		return false, true, nil // it fails closed, and says why on the calendar's page
	}
	bs, err := t.BookingsIn(from, to)
	for _, b := range bs {
		clash = clash || b.UID() != uid && slices.Contains(b.Members, member)
	}
	return clash || len(busy) > 0, false, err
}

// Invitations are what the member was invited to and has not answered.
func (d *Desk) Invitations(ctx context.Context, a dottedline.Actor) (out []InvitationRow, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		vs, err := t.OpenInvitations(a.Member)
		if err == nil {
			out, err = d.invitations(t, a, vs)
		}
		return err
	})
	return out, err
}

// DealInvitations are the invitations of a deal that can still be answered, or
// answered in another way.
func (d *Desk) DealInvitations(ctx context.Context, a dottedline.Actor, deal dottedline.DealID) (out []InvitationRow, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(deal)
		if err != nil {
			return err
		}
		vs, err := t.InvitationsOf(r.ID)
		if err == nil {
			out, err = d.invitations(t, a, vs)
		}
		return err
	})
	return out, err
}

// AnswerInvitation answers an invitation that the member got: the answer goes to
// its organizer by mail, the meeting into the member's calendar where one takes
// meetings, and out of it when it is declined. The same answer again is no
// second mail; another one is a change of mind.
func (d *Desk) AnswerInvitation(ctx context.Context, a dottedline.Actor, id dottedline.InvitationID, answer ical.Answer, words string) (err error) {
	defer wrap("answer invitation", &err)
	if answer != ical.Accepted && answer != ical.Declined && answer != ical.MaybeComing {
		return dottedline.Wrong("Accept it, decline it, or say perhaps.", "That is no answer to an invitation.")
	}
	return d.onInvitation(ctx, a, id, words, func(t *store.Tx, v dottedline.Invitation, o original) error {
		if v.Answer == answer && o.words == "" {
			return nil
		}
		v.Answer, v.Answered = answer, t.Now
		if err := t.PutInvitation(v); err != nil {
			return err
		}
		if err := answerMail(t, a, v, o); err != nil {
			return err
		}
		if err := d.answerInCalendars(t, v, o.part); err != nil {
			return err
		}
		if err := answerMeetings(t, v, o.part); err != nil {
			return err
		}
		return touch(t, v.Deal, dottedline.Touch{Kind: dottedline.BookTouch, By: dottedline.Us, Member: a.Member, Text: answerWords[answer] + v.Title + ", " + stamped(v.At)})
	})
}

// original is the mail that an invitation came with, and the words of the member
// that go back.
type original struct {
	ical.Invitation
	part      []byte
	messageID string
	words     string
}

// onInvitation writes for the member who was invited, while that is of use.
func (d *Desk) onInvitation(ctx context.Context, a dottedline.Actor, id dottedline.InvitationID, words string, f func(*store.Tx, dottedline.Invitation, original) error) error {
	if words = clean(strings.TrimSpace(strings.ReplaceAll(words, "\r\n", "\n"))); len(words) > longText {
		return dottedline.Wrong("Write a mail where there is more to say.", "That is more than a line.")
	}
	err := d.write(ctx, a, func(t *store.Tx) error {
		v, err := mine(t, a, id)
		if err != nil {
			return err
		}
		o, err := originalOf(t, v)
		if err != nil {
			return err
		}
		o.words = words
		return f(t, v, o)
	})
	d.wakeUp()
	return err
}

func originalOf(t *store.Tx, v dottedline.Invitation) (o original, err error) {
	raw, err := t.Raw(v.Mail)
	if err != nil {
		return o, err
	}
	m, err := mail.Parse(raw)
	if err != nil {
		return o, fmt.Errorf("its mail: %w", err)
	}
	o.messageID = m.MessageID
	method := ""
	o.part, method, _ = m.Invitation()
	o.Invitation, err = ical.ParseInvitation(o.part, method)
	return o, err
}

// nextOf is the next time of a series that stands as its invitation says: it was
// neither called off nor given another time by a mail of its own.
func nextOf(t *store.Tx, v dottedline.Invitation, o original) (next ical.Occurrence, ok bool, err error) {
	cal, err := ical.Parse(o.part)
	if err != nil {
		return next, false, err
	}
	h, err := hours(t, v.Member)
	if err != nil {
		return next, false, err
	}
	times, err := cal.Occurrences(t.Now.Add(-24*time.Hour), t.Now.Add(metFar), h.Location())
	if err != nil {
		return next, false, err
	}
	for _, x := range times {
		if x.Event.UID != o.UID || !x.End.After(t.Now) {
			continue
		}
		if _, own, err := t.InvitationTo(x.Key(), v.Invited); err != nil {
			return next, false, err
		} else if own {
			continue
		}
		m, met, err := t.MeetingByUID(fromCalendar, x.Key())
		if err != nil {
			return next, false, err
		}
		if !met || !m.Cancelled {
			return x, true, nil
		}
	}
	return next, false, nil
}

func minutesOf(o ical.Occurrence) int { return max(1, int(o.End.Sub(o.Start).Minutes())) }

// mine is an invitation that the member can answer.
func mine(t *store.Tx, a dottedline.Actor, id dottedline.InvitationID) (dottedline.Invitation, error) {
	v, err := t.Invitation(id)
	switch {
	case err != nil:
	case v.Member != a.Member:
		err = &dottedline.Problem{Kind: dottedline.Forbidden, Text: "Somebody else was invited.", Hint: "Only who was invited can answer."}
	case !v.Answerable(t.Now):
		err = &dottedline.Problem{Kind: dottedline.Conflict, Text: "This meeting is over or was called off."}
	}
	return v, err
}

var answerVerbs = map[ical.Answer]string{ical.Accepted: "accepts", ical.Declined: "declines", ical.MaybeComing: "may come to"}

// answerMail sends the answer to the organizer.
func answerMail(t *store.Tx, a dottedline.Actor, v dottedline.Invitation, o original) error {
	me, err := t.Member(a.Member)
	if err != nil {
		return err
	}
	raw, err := ical.Reply(o.Events[0], ical.Party{Name: me.Name, Address: string(v.Invited)}, v.Answer, o.words, t.Now)
	if err != nil {
		return err
	}
	return toOrganizer(t, v, o, letter{from: a.Member, subject: answerWords[v.Answer] + v.Title, calendar: raw, method: ical.MethodReply, once: fmt.Sprintf("answer %s %d %s %d", v.ID, v.Sequence, v.Answer, t.Now.UnixMilli()),
		text: fmt.Sprintf("%s %s: %s\n%s\n", me.Name, answerVerbs[v.Answer], v.Title, timeFrom(v.At, v.Minutes, me.Hours))})
}

// toOrganizer sends what goes back for an invitation, below its mail.
func toOrganizer(t *store.Tx, v dottedline.Invitation, o original, l letter) error {
	l.to, l.name, l.deal, l.answers = v.Organizer, v.Name, v.Deal, o.messageID
	if o.words != "" {
		l.text += "\n" + o.words + "\n"
	}
	_, err := post(t, l)
	return err
}

// timeFrom writes a time on a member's clock, which it names.
func timeFrom(at time.Time, minutes int, h dottedline.Hours) string {
	return clockTime(at, at.Add(time.Duration(minutes)*time.Minute), h.Zone)
}

// answerInCalendars writes an answered meeting into the member's calendar: where
// it has it already, in that place.
func (d *Desk) answerInCalendars(t *store.Tx, v dottedline.Invitation, part []byte) error {
	cs, err := t.CalendarsOf(v.Member)
	if err != nil {
		return err
	}
	uid, _, _ := strings.Cut(v.UID, " ")
	for _, c := range cs {
		if c.ICS {
			continue
		}
		path, etag, kept, err := d.shelf.find(t, c, uid)
		if err != nil {
			return err
		}
		if path == "" && (!c.Target || v.Answer == ical.Declined) {
			continue
		}
		w := store.CalendarWrite{Calendar: c.ID, UID: uid, Path: path, ETag: etag, Base: kept}
		if w.Raw, err = ical.Keep(kept, part, string(v.Invited), v.Answer); err != nil {
			return err
		}
		if err := t.AddCalendarWrite(w); err != nil {
			return err
		}
	}
	if v.Answer != ical.Declined {
		return nil
	}
	ws, err := t.CalendarWritesOf(uid)
	if err != nil {
		return err
	}
	for _, w := range ws { // written and not read back yet
		c, err := t.Calendar(w.Calendar)
		if err != nil || c.Member != v.Member || w.Path != "" {
			continue
		}
		if w.Raw, err = ical.Keep(w.Raw, part, string(v.Invited), v.Answer); err != nil {
			return err
		}
		w.ETag = ""
		if err := t.AddCalendarWrite(w); err != nil {
			return err
		}
	}
	return nil
}

// answerMeetings brings the deal's meetings in line with an answer: declined,
// they don't take place, unless somebody else of us goes.
func answerMeetings(t *store.Tx, v dottedline.Invitation, part []byte) error {
	if v.Answer != ical.Declined {
		b, err := newBatch(t)
		if err != nil {
			return err
		}
		cal, err := ical.Parse(part)
		if err != nil {
			return err
		}
		ss, err := b.sightings(&cal, time.UTC, nil, map[dottedline.Address]dottedline.DealID{v.Organizer: v.Deal}, nil)
		if err != nil {
			return err
		}
		for _, s := range ss { // it may have been declined before
			m, had, err := t.MeetingByUID(fromCalendar, s.UID)
			if err != nil {
				return err
			}
			if had && m.Cancelled {
				if _, err := putCalendarMeeting(t, s.CalendarMeeting, v.Deal, true); err != nil {
					return err
				}
			}
		}
		return nil
	}
	uid, _, _ := strings.Cut(v.UID, " ")
	vs, err := t.InvitationsNamed(uid)
	if err != nil {
		return err
	}
	for _, o := range vs {
		if o.ID != v.ID && o.UID == v.UID && !o.Cancelled && o.Answer != ical.Declined {
			return nil
		}
	}
	ms, err := t.MeetingsNamed(fromCalendar, v.UID)
	if err != nil {
		return err
	}
	for _, m := range ms {
		if m.At.Before(t.Now) {
			continue
		}
		m.Cancelled = true
		if err := putMeeting(t, m); err != nil {
			return err
		}
	}
	return nil
}

// find is where a calendar has the object of a meeting, with its bytes; no path
// where it has none.
func (s *shelf) find(t *store.Tx, c store.Calendar, uid string) (path, etag string, raw []byte, err error) {
	if _, err := s.objects(t, c); err != nil {
		return "", "", nil, err
	}
	s.mu.Lock()
	has := s.has[c.ID]
	s.mu.Unlock()
	for p, o := range has.objects {
		for _, e := range o.cal.Events {
			if e.UID == uid {
				raw, err = t.CalendarRaw(c.ID, p)
				return p, o.etag, raw, err
			}
		}
	}
	return "", "", nil, nil
}
