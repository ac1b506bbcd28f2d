package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/store"
)

// proposeAhead is how far ahead another time for an invitation is looked for.
const proposeAhead = 14 * 24 * time.Hour

// OtherTimes is an invitation with the times at which the member is free for it.
type OtherTimes struct {
	dottedline.Invitation
	Free []ical.Slot
	Why  string // there is none, where that has a reason
}

// OtherTimes are the free times of the next two weeks, by the rules of the
// member's own booking page, that can be proposed instead of an invitation's.
func (d *Desk) OtherTimes(ctx context.Context, a dottedline.Actor, id dottedline.InvitationID) (o OtherTimes, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		v, err := mine(t, a, id)
		if err != nil {
			return err
		}
		from, err := originalOf(t, v)
		if err != nil {
			return err
		}
		if o.Invitation, _, err = toPropose(t, v, from); err == nil {
			o.Free, o.Why, err = d.otherTimes(t, o.Invitation)
		}
		return err
	})
	return o, err
}

// toPropose is the meeting that another time is proposed for: of a series, its
// next time alone, since who else is in it may well need the others to stay.
func toPropose(t *store.Tx, v dottedline.Invitation, o original) (dottedline.Invitation, ical.Event, error) {
	if !v.Repeats {
		return v, o.Events[0], nil
	}
	next, ok, err := nextOf(t, v, o)
	if err != nil {
		return v, ical.Event{}, err
	}
	if !ok {
		return v, ical.Event{}, &dottedline.Problem{Kind: dottedline.Conflict, Text: "No time of this series is ahead."}
	}
	v.At, v.Minutes = next.Start, minutesOf(next)
	return v, next.Alone(), nil
}

func (d *Desk) otherTimes(t *store.Tx, v dottedline.Invitation) (free []ical.Slot, why string, err error) {
	p, err := ownPage(t, v.Member)
	if err != nil {
		return nil, "", err
	}
	free, reasons, err := d.slots(t, p, dottedline.MeetingKind{Minutes: (v.Minutes + 4) / 5 * 5}, t.Now, t.Now.Add(proposeAhead), nil)
	if len(free) == 0 && len(reasons) > 0 {
		why = reasons[0].String()
	}
	return free, why, err
}

// ProposeTime asks the organizer of an invitation for another time, by a mail
// that calendar programs read (COUNTER, RFC 5546 section 3.2.7). It has to be
// one that OtherTimes gives.
func (d *Desk) ProposeTime(ctx context.Context, a dottedline.Actor, id dottedline.InvitationID, at time.Time, words string) (err error) {
	defer wrap("propose time", &err)
	at = at.UTC().Truncate(time.Second)
	return d.onInvitation(ctx, a, id, words, func(t *store.Tx, v dottedline.Invitation, o original) error {
		if v.To.Equal(at) {
			return nil // the same press twice
		}
		v, e, err := toPropose(t, v, o)
		if err != nil {
			return err
		}
		free, _, err := d.otherTimes(t, v)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(free, func(s ical.Slot) bool { return s.Start.Equal(at) }) {
			return &dottedline.Problem{Kind: dottedline.Conflict, Text: "You are not free then any more.", Hint: "Choose another time; the list is fresh."}
		}
		me, err := t.Member(a.Member)
		if err != nil {
			return err
		}
		end := at.Add(time.Duration(v.Minutes) * time.Minute)
		raw, err := ical.Counter(e, ical.Party{Name: me.Name, Address: string(v.Invited)}, ical.UTCMoment(at), ical.UTCMoment(end), o.words, t.Now)
		if err != nil {
			return err
		}
		v.To = at
		if err := t.PutInvitation(v); err != nil {
			return err
		}
		if err := toOrganizer(t, v, o, letter{from: a.Member, subject: "Another time: " + v.Title, calendar: raw, method: ical.MethodCounter, once: fmt.Sprintf("propose %s %d %d", v.ID, v.Sequence, at.Unix()),
			text: fmt.Sprintf("%s proposes another time for %s:\n%s\ninstead of\n%s\n", me.Name, v.Title, timeFrom(at, v.Minutes, me.Hours), timeFrom(v.At, v.Minutes, me.Hours))}); err != nil {
			return err
		}
		return touch(t, v.Deal, dottedline.Touch{Kind: dottedline.OtherTimeTouch, By: dottedline.Us, Member: a.Member, Text: "Proposed for " + v.Title + ": " + stamped(at)})
	})
}

// timeStays takes the organizer's word that the time which we proposed does not
// suit them (DECLINECOUNTER, RFC 5546 section 3.2.8).
func (b *batch) timeStays(a arrived, i ical.Invitation) error {
	vs, err := b.InvitationsNamed(i.UID)
	if err != nil {
		return err
	}
	for _, v := range vs {
		if v.To.IsZero() || v.Cancelled || !speaksFor(a, string(v.Organizer)) {
			continue
		}
		v.To = time.Time{}
		if err := b.PutInvitation(v); err != nil {
			return err
		}
		k := dottedline.Touch{Kind: dottedline.BookTouch, By: dottedline.Them, Person: v.Person, Text: "The time stays: " + v.Title + ", " + stamped(v.At)}
		if words := clean(i.Events[0].Comment); words != "" {
			k.Text += "\n" + dottedline.Shorten(words, 1000)
		}
		if err := touch(b.Tx, v.Deal, k); err != nil {
			return err
		}
	}
	return nil
}
