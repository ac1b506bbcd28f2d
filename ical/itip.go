package ical

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The methods of invitations by mail (RFC 5546 section 1.4).
const (
	MethodRequest = "REQUEST" // an invitation, or a change of one
	MethodReply   = "REPLY"   // an attendee's answer
	MethodCancel  = "CANCEL"
	MethodCounter = "COUNTER" // an attendee proposes another time
	MethodDecline = "DECLINECOUNTER"
	MethodPublish = "PUBLISH"
	MethodRefresh = "REFRESH"
	MethodAdd     = "ADD"
)

// Request writes the invitation to a meeting, or the change of one: the caller
// raises Sequence when the time or the place changes.
func Request(e Event) ([]byte, error) {
	if e.Organizer.Address == "" || len(e.Attendees) == 0 {
		return nil, errors.New("write invitation: it needs an organizer and somebody invited")
	}
	return Encode(MethodRequest, e)
}

// Cancel writes that a meeting is called off. The sequence must be above the
// last one sent.
func Cancel(e Event) ([]byte, error) {
	if e.Organizer.Address == "" {
		return nil, errors.New("write cancellation: it needs an organizer")
	}
	e.Status = Cancelled
	return Encode(MethodCancel, e)
}

// Reply writes the answer of one attendee to an invitation, at the time of
// stamp; comment may be empty.
func Reply(to Event, me Party, answer Answer, comment string, stamp time.Time) ([]byte, error) {
	if to.Organizer.Address == "" || me.Address == "" {
		return nil, errors.New("write answer: it needs an organizer and who answers")
	}
	me.Answer, me.RSVP = answer, false
	return Encode(MethodReply, Event{UID: to.UID, Sequence: to.Sequence, Stamp: stamp, Start: to.Start, End: to.End, Length: to.Length,
		Summary: to.Summary, RecurrenceID: to.RecurrenceID, Organizer: to.Organizer, Attendees: []Party{me}, Comment: comment})
}

// Counter writes an attendee's proposal of another time for a meeting.
func Counter(to Event, me Party, start, end Moment, comment string, stamp time.Time) ([]byte, error) {
	if to.Organizer.Address == "" || me.Address == "" {
		return nil, errors.New("write proposal: it needs an organizer and who proposes")
	}
	me.Answer, me.RSVP = MaybeComing, false
	to.Start, to.End, to.Length, to.Stamp, to.Comment = start, end, "", stamp, comment
	to.Attendees = slices.Clone(to.Attendees)
	i := slices.IndexFunc(to.Attendees, func(p Party) bool { return strings.EqualFold(p.Address, me.Address) })
	if i < 0 {
		to.Attendees = append(to.Attendees, me)
	} else {
		to.Attendees[i] = me
	}
	return Encode(MethodCounter, to)
}

// Invitation is what came by mail: one meeting, or a series with its changes.
type Invitation struct {
	Method    string
	UID       string
	Events    []Event
	Organizer Party
	Problems  []Problem
}

// From is who answers: the one attendee of a reply. A proposal lists them all;
// whose it is says the mail.
func (i Invitation) From() (Party, bool) {
	if i.Method != MethodReply || len(i.Events[0].Attendees) != 1 {
		return Party{}, false
	}
	return i.Events[0].Attendees[0], true
}

// ParseInvitation reads the text/calendar part of a mail. method is the one of
// its Content-Type, used where the part itself has none.
func ParseInvitation(b []byte, method string) (Invitation, error) {
	c, err := parse(b, method)
	if err != nil {
		return Invitation{}, err
	}
	i := Invitation{Method: c.Method, Events: c.Events, Problems: c.Problems}
	if i.Method == "" {
		return i, errors.New("read invitation: no METHOD says what it asks for")
	}
	if len(i.Events) == 0 {
		return i, errors.New("read invitation: it holds no meeting")
	}
	i.UID, i.Organizer = i.Events[0].UID, i.Events[0].Organizer
	for k := range i.Events {
		switch e := &i.Events[k]; {
		case e.UID == "" || e.UID != i.UID: // RFC 5546 section 3.2: one UID
			return i, errors.New("read invitation: it mixes meetings")
		case e.broken:
			return i, fmt.Errorf("read invitation: %s", problemText(c.Problems))
		case e.Start.IsZero() && (i.Method == MethodRequest || i.Method == MethodCounter || i.Method == MethodPublish):
			return i, errors.New("read invitation: it has no beginning")
		}
	}
	return i, nil
}

func problemText(ps []Problem) string {
	for _, p := range ps {
		if p.Lost {
			return p.Text
		}
	}
	return "its time cannot be read"
}
