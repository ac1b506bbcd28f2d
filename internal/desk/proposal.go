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
)

// Proposal is another time that somebody proposes for a meeting of ours.
type Proposal struct {
	dottedline.Attendee
	Meeting  dottedline.Meeting
	Booking  dottedline.BookingID // of which there is no meeting, since it has no deal; else 0
	DealName string
	Clash    bool // who would be there has something else then
	Unknown  bool // a calendar can't be read, so nobody knows
}

// Proposals are the other times that wait for an answer of the member.
func (d *Desk) Proposals(ctx context.Context, a dottedline.Actor) (out []Proposal, err error) {
	out, err = d.proposals(ctx, a, func(m dottedline.Meeting, hosts []dottedline.MemberID) bool { return slices.Contains(hosts, a.Member) })
	if err != nil {
		return nil, err
	}
	err = d.view(ctx, a, func(t *store.Tx) error {
		bs, err := t.BookingsProposed()
		if err != nil {
			return err
		}
		for _, b := range bs {
			if !slices.Contains(b.Members, a.Member) {
				continue
			}
			p := Proposal{Attendee: proposer(b), Meeting: bareMeeting(b), Booking: b.ID}
			if p.Clash, p.Unknown, err = d.clashes(t, b.Members, b.UID(), p.Attendee); err != nil {
				return err
			}
			out = append(out, p)
		}
		return nil
	})
	return out, err
}

// proposer is the guest of a booking without a deal, and what they propose.
func proposer(b dottedline.Booking) dottedline.Attendee {
	return dottedline.Attendee{Address: b.Address, Name: b.Name, Words: b.Proposed.Words, Sequence: b.Sequence, Stamp: b.Proposed.Stamp, To: b.Proposed.To, Minutes: b.Proposed.Minutes}
}

// bareMeeting is what a booking without a deal is as a meeting.
func bareMeeting(b dottedline.Booking) dottedline.Meeting {
	return dottedline.Meeting{ID: dottedline.MeetingID(b.ID), Source: bookingSource, UID: b.UID(), Title: b.Kind + " with " + b.Name, At: b.Start, Minutes: int(b.End.Sub(b.Start).Minutes())}
}

// AnswerGuestProposal is AnswerProposal for a booking without a deal. A booking
// is answered by who is booked.
func (d *Desk) AnswerGuestProposal(ctx context.Context, a dottedline.Actor, id dottedline.BookingID, take bool) (err error) {
	defer wrap("answer proposal", &err)
	err = d.write(ctx, a, func(t *store.Tx) error {
		b, err := t.Booking(id)
		if err != nil {
			return err
		}
		if b.Proposed.To.IsZero() || !slices.Contains(b.Members, a.Member) {
			return dottedline.Missing("proposal")
		}
		x := proposer(b)
		if take {
			if err := d.suits(t, b.Members, b.UID(), x); err != nil {
				return err
			}
			p, err := pageOf(t, b)
			if err != nil {
				return err
			}
			k := p.Settings.Kind(b.Kind)
			k.Name = b.Kind
			return d.hostMoves(t, b, p, k, x.To, x.Minutes)
		}
		b.Proposed.To = time.Time{}
		if err := t.SetBooking(b); err != nil {
			return err
		}
		return keepsTime(t, b.Members[0], bareMeeting(b), x)
	})
	d.wakeUp()
	return err
}

// DealProposals are those for the meetings of a deal, whoever is to answer.
func (d *Desk) DealProposals(ctx context.Context, a dottedline.Actor, deal dottedline.DealID) (out []Proposal, err error) {
	return d.proposals(ctx, a, func(m dottedline.Meeting, _ []dottedline.MemberID) bool { return m.Deal == deal })
}

func (d *Desk) proposals(ctx context.Context, a dottedline.Actor, wanted func(dottedline.Meeting, []dottedline.MemberID) bool) (out []Proposal, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		ids, err := t.MeetingsProposed()
		if err != nil {
			return err
		}
		for _, id := range ids {
			m, err := t.Meeting(id)
			if err != nil {
				return err
			}
			r, err := t.Deal(m.Deal)
			if err != nil {
				return err
			}
			m.Deal = r.ID
			hosts, uid, err := hostsOf(t, m)
			if err != nil {
				return err
			}
			if len(hosts) == 0 || m.Cancelled || !m.At.After(t.Now) || !wanted(m, hosts) {
				continue
			}
			as, err := t.Attendees(id)
			if err != nil {
				return err
			}
			for _, x := range as {
				if x.To.Before(t.Now) {
					continue
				}
				p := Proposal{Attendee: x, Meeting: m, DealName: r.Name}
				if p.Clash, p.Unknown, err = d.clashes(t, hosts, uid, x); err != nil {
					return err
				}
				out = append(out, p)
			}
		}
		return nil
	})
	return out, err
}

// hostsOf are those of us who invited to a meeting, the one who did first, and
// its UID; none where a calendar has it.
func hostsOf(t *store.Tx, m dottedline.Meeting) ([]dottedline.MemberID, string, error) {
	switch m.Source {
	case bookingSource:
		b, _, err := bookingOf(t, m)
		return b.Members, b.UID(), err
	case "":
		if by, _, ok, err := t.Invited(m.ID); err != nil || ok {
			return []dottedline.MemberID{by}, plannedUID + m.ID.String(), err
		}
	}
	return nil, "", nil
}

// clashes says whether one of the hosts is busy at the time that is proposed.
func (d *Desk) clashes(t *store.Tx, hosts []dottedline.MemberID, uid string, x dottedline.Attendee) (clash, unknown bool, err error) {
	for _, h := range hosts {
		c, u, err := d.clash(t, h, uid, x.To, x.To.Add(time.Duration(x.Minutes)*time.Minute))
		if err != nil {
			return false, false, err
		}
		clash, unknown = clash || c, unknown || u
	}
	return clash, unknown, nil
}

// suits is a Problem where one of the hosts is not known to be free at the time
// that is proposed.
func (d *Desk) suits(t *store.Tx, hosts []dottedline.MemberID, uid string, x dottedline.Attendee) error {
	switch clash, unknown, err := d.clashes(t, hosts, uid, x); {
	case err != nil:
		return err
	case unknown:
		return &dottedline.Problem{Kind: dottedline.Conflict, Text: "A calendar can’t be read just now, so nobody knows whether that time is free.", Hint: "Try again in some minutes, or move the meeting on its own page."}
	case clash:
		return &dottedline.Problem{Kind: dottedline.Conflict, Text: "Something else is in the calendar then.", Hint: "Keep the time, or move the meeting on its own page."}
	}
	return nil
}

// AnswerProposal takes the other time that somebody proposed for a meeting of
// ours, where its hosts are free then, or tells them that the time stays.
func (d *Desk) AnswerProposal(ctx context.Context, a dottedline.Actor, id dottedline.MeetingID, who dottedline.Address, take bool) (err error) {
	defer wrap("answer proposal", &err)
	return d.onMeeting(ctx, a, id, func(t *store.Tx, m dottedline.Meeting) error {
		x, ok, err := proposed(t, id, who)
		if err != nil || !ok {
			return cmpErr(err, dottedline.Missing("proposal"))
		}
		hosts, uid, err := hostsOf(t, m)
		if err != nil {
			return err
		}
		if take {
			if err := d.suits(t, hosts, uid, x); err != nil {
				return err
			}
			if err := d.moveMeeting(t, m, x.To, x.Minutes, m.Place); err != nil {
				return err
			}
			if x, ok, err = proposed(t, id, who); err != nil || !ok { // asked anew by the invitation to the new time
				return err
			}
		}
		was := x
		x.To, x.Minutes = time.Time{}, 0
		if err := t.PutAttendee(id, x); err != nil || take {
			return err
		}
		if err := touch(t, m.Deal, dottedline.Touch{Kind: dottedline.BookTouch, By: dottedline.Us, Member: a.Member, Text: "The time stays: " + m.Title + ", " + stamped(m.At)}); err != nil {
			return err
		}
		return keepsTime(t, append(hosts, a.Member)[0], m, was)
	})
}

// proposed is who proposed another time for a meeting.
func proposed(t *store.Tx, id dottedline.MeetingID, who dottedline.Address) (x dottedline.Attendee, ok bool, err error) {
	as, err := t.Attendees(id)
	i := slices.IndexFunc(as, func(y dottedline.Attendee) bool { return y.Address == who && !y.To.IsZero() })
	if err != nil || i < 0 {
		return x, false, err
	}
	return as[i], true, nil
}

// keepsTime tells who proposed another time that it stays, from who invited them
// (DECLINECOUNTER).
func keepsTime(t *store.Tx, host dottedline.MemberID, m dottedline.Meeting, x dottedline.Attendee) error {
	me, err := t.Member(host)
	if err != nil {
		return err
	}
	boxes, err := t.Mailboxes()
	if err != nil {
		return err
	}
	uid := m.UID
	if m.Source == "" {
		uid = plannedUID + m.ID.String()
	}
	uid, _, _ = strings.Cut(uid, " ")
	raw, err := ical.Encode(ical.MethodDecline, ical.Event{UID: uid, Sequence: x.Sequence, Stamp: t.Now, Start: ical.UTCMoment(m.At), End: ical.UTCMoment(m.End()), Summary: m.Title,
		Organizer: ical.Party{Name: me.Name, Address: string(addressOf(boxes, me))}, Attendees: []ical.Party{{Name: x.Name, Address: string(x.Address), Answer: ical.NoAnswer}}})
	if err != nil {
		return err
	}
	_, err = post(t, letter{from: host, to: x.Address, name: x.Name, subject: "The time stays: " + m.Title, text: timeFrom(m.At, m.Minutes, me.Hours) + "\n\n" + me.Name + "\n", deal: m.Deal,
		calendar: raw, method: ical.MethodDecline, once: fmt.Sprintf("stays %s %s %d", m.ID, x.Address, x.Stamp.UnixMicro())})
	return err
}
