package dottedline

import (
	"time"

	"dottedline/ical"
)

// InvitationID names an invitation.
type InvitationID = ID[Invitation]

// Invitation is a meeting that somebody of a deal asks one of us to by mail
// (RFC 5546), with our answer.
type Invitation struct {
	ID        InvitationID
	UID       string  // ical.Occurrence.Key, or the UID of a whole series
	Invited   Address // which address of ours
	Member    MemberID
	Deal      DealID
	Person    PersonID // who asks; 0 where it is none of the deal's people
	Mail      MailID   // the newest that it came with
	Meeting   MeetingID
	Organizer Address
	Name      string // of the organizer
	At        time.Time
	Minutes   int
	Title     string
	Place     string
	Repeats   bool // it is a series; At is its next time
	Sequence  int
	Stamp     time.Time   // when its organizer wrote it
	Answer    ical.Answer // "" while nobody answered
	Answered  time.Time
	Cancelled bool
	To        time.Time // another time that we have proposed; zero for none
}

// Answerable says whether an answer is of use at a time.
func (i Invitation) Answerable(now time.Time) bool {
	return !i.Cancelled && (i.Repeats || i.At.Add(time.Duration(i.Minutes)*time.Minute).After(now))
}

// Attendee is somebody outside who was invited to a meeting, and what they
// answered.
type Attendee struct {
	Address  Address
	Name     string
	Answer   ical.Answer // "" or ical.NoAnswer while there is none
	Words    string      // that came with it
	Sequence int         // which version of the invitation it answers
	Stamp    time.Time   // when it was written
	To       time.Time   // another time that they propose; zero for none
	Minutes  int         // how long that is
}

// Newer says whether the answer x takes the place of a: it answers a newer
// invitation, or the same later (RFC 5546 section 2.1.5).
func (a Attendee) Newer(x Attendee) bool {
	if x.Sequence != a.Sequence {
		return x.Sequence > a.Sequence
	}
	return x.Stamp.After(a.Stamp)
}
