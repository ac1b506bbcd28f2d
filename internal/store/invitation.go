package store

import (
	"time"

	"dottedline"
)

// Sighting is what one calendar, or the mails where Calendar is 0, said last of
// a meeting.
type Sighting struct {
	Calendar dottedline.CalendarID
	UID      string
	Meeting  dottedline.MeetingID
	Sequence int
	Stamp    time.Time
	Gone     bool // it was called off
}

// Newer says whether the sighting holds against another.
func (s Sighting) Newer(o Sighting) bool {
	switch {
	case s.Sequence != o.Sequence:
		return s.Sequence > o.Sequence
	case !s.Stamp.Equal(o.Stamp):
		return s.Stamp.After(o.Stamp)
	}
	return s.Calendar < o.Calendar
}

const sightingCols = `calendar, uid, meeting, sequence, stamp, gone`

func scanSighting(s *Sighting) []any {
	return []any{&s.Calendar, &s.UID, &s.Meeting, &s.Sequence, timeScan{&s.Stamp}, boolScan{&s.Gone}}
}

// SightingsIn are all of a calendar.
func (t *Tx) SightingsIn(c dottedline.CalendarID) ([]Sighting, error) {
	return all(t, scanSighting, `SELECT `+sightingCols+` FROM sightings WHERE ws = $1 AND calendar = $2 ORDER BY uid`, c)
}

// SightingsOf are all of a meeting.
func (t *Tx) SightingsOf(m dottedline.MeetingID) ([]Sighting, error) {
	return all(t, scanSighting, `SELECT `+sightingCols+` FROM sightings WHERE ws = $1 AND meeting = $2 ORDER BY calendar, uid`, m)
}

// PutSighting adds or changes a sighting.
func (t *Tx) PutSighting(s Sighting) error {
	return t.do(`INSERT INTO sightings (ws, `+sightingCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (ws, calendar, uid) DO UPDATE SET meeting = excluded.meeting, sequence = excluded.sequence, stamp = excluded.stamp, gone = excluded.gone`,
		s.Calendar, s.UID, s.Meeting, s.Sequence, us(s.Stamp), bit(s.Gone))
}

// DropSighting forgets what a calendar said of a meeting.
func (t *Tx) DropSighting(c dottedline.CalendarID, uid string) error {
	return t.do(`DELETE FROM sightings WHERE ws = $1 AND calendar = $2 AND uid = $3`, c, uid)
}

// CalendarMet is what was last made into meetings of a calendar's content.
func (t *Tx) CalendarMet(c dottedline.CalendarID) (string, error) {
	s, _, err := val[string](t, `SELECT met FROM calendars WHERE ws = $1 AND id = $2`, c)
	return s, err
}

// SetCalendarMet keeps it.
func (t *Tx) SetCalendarMet(c dottedline.CalendarID, met string) error {
	return t.do(`UPDATE calendars SET met = $3 WHERE ws = $1 AND id = $2`, c, met)
}

// SetMeetingUID gives a meeting another name in its calendars.
func (t *Tx) SetMeetingUID(m dottedline.MeetingID, uid string) error {
	return t.do(`UPDATE meetings SET uid = $3 WHERE ws = $1 AND id = $2`, m, uid)
}

const invitationCols = `id, uid, invited, member, deal, person, mail, meeting, organizer, organizer_name, at, minutes, title, place, repeats, sequence, stamp, answer, answered_at, is_cancelled, to_at`

func scanInvitation(i *dottedline.Invitation) []any {
	return []any{&i.ID, &i.UID, &i.Invited, &i.Member, &i.Deal, &i.Person, &i.Mail, &i.Meeting, &i.Organizer, &i.Name, timeScan{&i.At}, &i.Minutes, &i.Title, &i.Place,
		boolScan{&i.Repeats}, &i.Sequence, timeScan{&i.Stamp}, &i.Answer, timeScan{&i.Answered}, boolScan{&i.Cancelled}, timeScan{&i.To}}
}

// Invitation is one invitation.
func (t *Tx) Invitation(id dottedline.InvitationID) (dottedline.Invitation, error) {
	i, ok, err := one(t, scanInvitation, `SELECT `+invitationCols+` FROM invitations WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("invitation")
	}
	return i, err
}

// InvitationTo finds what an address of ours was invited to by its UID.
func (t *Tx) InvitationTo(uid string, invited dottedline.Address) (dottedline.Invitation, bool, error) {
	return one(t, scanInvitation, `SELECT `+invitationCols+` FROM invitations WHERE ws = $1 AND uid = $2 AND invited = $3`, uid, invited)
}

// InvitationsNamed are all to a meeting by its UID, its single times too.
func (t *Tx) InvitationsNamed(uid string) ([]dottedline.Invitation, error) {
	return all(t, scanInvitation, `SELECT `+invitationCols+` FROM invitations WHERE ws = $1 AND (uid = $2 OR substr(uid, 1, $4) = $3) ORDER BY id`, uid, uid+" ", len([]rune(uid))+1)
}

// InvitationsOf are those of a deal, by their time.
func (t *Tx) InvitationsOf(d dottedline.DealID) ([]dottedline.Invitation, error) {
	return all(t, scanInvitation, `SELECT `+invitationCols+` FROM invitations WHERE ws = $1 AND deal = $2 ORDER BY at, id`, d)
}

// OpenInvitations are those of a member that have no answer, by their time.
func (t *Tx) OpenInvitations(m dottedline.MemberID) ([]dottedline.Invitation, error) {
	return all(t, scanInvitation, `SELECT `+invitationCols+` FROM invitations WHERE ws = $1 AND member = $2 AND answer = '' AND is_cancelled = 0 AND (at > $3 OR repeats = 1) ORDER BY at, id LIMIT 20`, m, us(t.Now))
}

// PutInvitation adds or changes an invitation.
func (t *Tx) PutInvitation(i dottedline.Invitation) error {
	t.Changed()
	return t.do(`INSERT INTO invitations (ws, `+invitationCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
		ON CONFLICT (ws, id) DO UPDATE SET member = excluded.member, deal = excluded.deal, person = excluded.person, mail = excluded.mail, meeting = excluded.meeting,
		organizer_name = excluded.organizer_name, at = excluded.at, minutes = excluded.minutes, title = excluded.title, place = excluded.place, repeats = excluded.repeats,
		sequence = excluded.sequence, stamp = excluded.stamp, answer = excluded.answer, answered_at = excluded.answered_at, is_cancelled = excluded.is_cancelled, to_at = excluded.to_at`,
		i.ID, i.UID, i.Invited, i.Member, i.Deal, i.Person, i.Mail, i.Meeting, i.Organizer, i.Name, us(i.At), i.Minutes, i.Title, i.Place, bit(i.Repeats), i.Sequence, us(i.Stamp),
		i.Answer, us(i.Answered), bit(i.Cancelled), us(i.To))
}

// Invited says who invited to a meeting of ours, and the last version of the
// invitation; ok is false where none went out.
func (t *Tx) Invited(m dottedline.MeetingID) (by dottedline.MemberID, sequence int, ok bool, err error) {
	_, ok, err = one(t, func(*struct{}) []any { return []any{&by, &sequence} }, `SELECT member, sequence FROM invited WHERE ws = $1 AND meeting = $2`, m)
	return by, sequence, ok, err
}

// SetInvited records that an invitation to a meeting of ours goes out.
func (t *Tx) SetInvited(m dottedline.MeetingID, by dottedline.MemberID, sequence int) error {
	t.Changed()
	return t.do(`INSERT INTO invited (ws, meeting, member, sequence) VALUES ($1, $2, $3, $4) ON CONFLICT (ws, meeting) DO UPDATE SET sequence = excluded.sequence`, m, by, sequence)
}

const attendeeCols = `address, name, answer, words, sequence, stamp, to_at, to_minutes`

// Attendees are those of a meeting, by their address.
func (t *Tx) Attendees(m dottedline.MeetingID) ([]dottedline.Attendee, error) {
	return all(t, func(a *dottedline.Attendee) []any {
		return []any{&a.Address, &a.Name, &a.Answer, &a.Words, &a.Sequence, timeScan{&a.Stamp}, timeScan{&a.To}, &a.Minutes}
	}, `SELECT `+attendeeCols+` FROM attendees WHERE ws = $1 AND meeting = $2 ORDER BY address`, m)
}

// PutAttendee adds or changes one.
func (t *Tx) PutAttendee(m dottedline.MeetingID, a dottedline.Attendee) error {
	t.Changed()
	return t.do(`INSERT INTO attendees (ws, meeting, `+attendeeCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (ws, meeting, address) DO UPDATE SET name = excluded.name, answer = excluded.answer, words = excluded.words, sequence = excluded.sequence,
		stamp = excluded.stamp, to_at = excluded.to_at, to_minutes = excluded.to_minutes`, m, a.Address, a.Name, a.Answer, a.Words, a.Sequence, us(a.Stamp), us(a.To), a.Minutes)
}

// MeetingsProposed are the meetings for which somebody proposes another time
// that is still ahead, by that time.
func (t *Tx) MeetingsProposed() ([]dottedline.MeetingID, error) {
	return vals[dottedline.MeetingID](t, `SELECT meeting FROM attendees WHERE ws = $1 AND to_at > $2 GROUP BY meeting ORDER BY MIN(to_at) LIMIT 50`, us(t.Now))
}

// AddEarlyInvitation keeps that a mail invites together with somebody of whom
// there is no deal.
func (t *Tx) AddEarlyInvitation(a dottedline.Address, m dottedline.MailID) error {
	return t.do(`INSERT INTO early_invitations (ws, address, mail) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, a, m)
}

// EarlyInvitations are those mails by the addresses of the people of a deal,
// oldest first.
func (t *Tx) EarlyInvitations(d dottedline.DealID) ([]dottedline.MailID, error) {
	return vals[dottedline.MailID](t, `SELECT DISTINCT mail FROM early_invitations WHERE ws = $1 AND address IN
		(SELECT address FROM addresses WHERE ws = $1 AND person IN (SELECT person FROM deal_people WHERE ws = $1 AND deal = $2)) ORDER BY mail`, d)
}

// DropEarlyInvitation forgets a mail that was taken up.
func (t *Tx) DropEarlyInvitation(m dottedline.MailID) error {
	return t.do(`DELETE FROM early_invitations WHERE ws = $1 AND mail = $2`, m)
}
