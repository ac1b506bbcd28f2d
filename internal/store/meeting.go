package store

import (
	"time"

	"dottedline"
)

const meetingCols = `id, deal, at, minutes, title, place, source, uid, purpose, no_ask, agenda, started_at, ended_at, is_cancelled`

func scanMeeting(m *dottedline.Meeting) []any {
	return []any{&m.ID, &m.Deal, timeScan{&m.At}, &m.Minutes, &m.Title, &m.Place, &m.Source, &m.UID, &m.Purpose, boolScan{&m.NoAsk},
		jsonScan{&m.Agenda}, timeScan{&m.Started}, timeScan{&m.Ended}, boolScan{&m.Cancelled}}
}

// Meeting is one meeting.
func (t *Tx) Meeting(id dottedline.MeetingID) (dottedline.Meeting, error) {
	m, ok, err := one(t, scanMeeting, `SELECT `+meetingCols+` FROM meetings WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("meeting")
	}
	return m, err
}

// MeetingByUID finds a meeting by what its calendar calls it.
func (t *Tx) MeetingByUID(source, uid string) (dottedline.Meeting, bool, error) {
	return one(t, scanMeeting, `SELECT `+meetingCols+` FROM meetings WHERE ws = $1 AND source = $2 AND uid = $3 AND uid <> ''`, source, uid)
}

// PutMeeting adds or changes a meeting.
func (t *Tx) PutMeeting(m dottedline.Meeting) error {
	t.Changed()
	agenda, err := jsonText(m.Agenda)
	if err != nil {
		return err
	}
	return t.do(`INSERT INTO meetings (ws, `+meetingCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (ws, id) DO UPDATE SET deal = excluded.deal, at = excluded.at, minutes = excluded.minutes, title = excluded.title,
		place = excluded.place, purpose = excluded.purpose, no_ask = excluded.no_ask, agenda = excluded.agenda,
		started_at = excluded.started_at, ended_at = excluded.ended_at, is_cancelled = excluded.is_cancelled`,
		m.ID, m.Deal, us(m.At), m.Minutes, m.Title, m.Place, m.Source, m.UID, m.Purpose, bit(m.NoAsk), agenda, us(m.Started), us(m.Ended), bit(m.Cancelled))
}

// MeetingsOf are the meetings of a deal that were not cancelled, by their time.
func (t *Tx) MeetingsOf(d dottedline.DealID) ([]dottedline.Meeting, error) {
	return all(t, scanMeeting, `SELECT `+meetingCols+` FROM meetings WHERE ws = $1 AND deal = $2 AND is_cancelled = 0 ORDER BY at, id`, d)
}

// MeetingsBetween are the meetings that begin from a time on and before another, by their time.
func (t *Tx) MeetingsBetween(from, to time.Time) ([]dottedline.Meeting, error) {
	return all(t, scanMeeting, `SELECT `+meetingCols+` FROM meetings WHERE ws = $1 AND at >= $2 AND at < $3 AND is_cancelled = 0 ORDER BY at, id LIMIT 500`, us(from), us(to))
}

// Jots are what was put down in a meeting, in order.
func (t *Tx) Jots(m dottedline.MeetingID) ([]dottedline.Jot, error) {
	return all(t, func(j *dottedline.Jot) []any { return []any{&j.ID, timeScan{&j.At}, &j.Kind, &j.Text} },
		`SELECT id, at, kind, body FROM jots WHERE ws = $1 AND meeting = $2 ORDER BY at, id`, m)
}

// AddJot keeps one; the same again changes nothing and answers false.
func (t *Tx) AddJot(m dottedline.MeetingID, j dottedline.Jot) (bool, error) {
	t.Changed()
	n, err := t.count(`INSERT INTO jots (ws, meeting, id, at, kind, body) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (ws, meeting, id) DO NOTHING`,
		m, j.ID, us(j.At), j.Kind, j.Text)
	return n > 0, err
}

// Transcript is what was said in a meeting, as it came, with what was found in it.
type Transcript struct {
	Meeting  dottedline.MeetingID
	Name     string // of the file
	Me       string // how it calls the member
	At       time.Time
	Raw      []byte
	Findings string // JSON of the desk's
}

// PutTranscript keeps the transcript of a meeting; a new one takes its place.
func (t *Tx) PutTranscript(x Transcript) error {
	t.Changed()
	return t.do(`INSERT INTO transcripts (ws, meeting, name, me, at, body, findings) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (ws, meeting) DO UPDATE SET name = excluded.name, me = excluded.me, at = excluded.at, body = excluded.body, findings = excluded.findings`,
		x.Meeting, x.Name, x.Me, us(x.At), Pack(x.Raw), x.Findings)
}

// Transcript is that of a meeting; ok is false where there is none.
func (t *Tx) Transcript(m dottedline.MeetingID) (x Transcript, ok bool, err error) {
	x, ok, err = one(t, func(x *Transcript) []any {
		return []any{&x.Meeting, &x.Name, &x.Me, timeScan{&x.At}, &x.Raw, &x.Findings}
	}, `SELECT meeting, name, me, at, body, findings FROM transcripts WHERE ws = $1 AND meeting = $2`, m)
	if err == nil && ok {
		x.Raw, err = unpack(x.Raw)
	}
	return x, ok, err
}

// MeetingsNamed are the meetings that are not cancelled by their UID, with the
// single times of a series.
func (t *Tx) MeetingsNamed(source, uid string) ([]dottedline.Meeting, error) {
	return all(t, scanMeeting, `SELECT `+meetingCols+` FROM meetings WHERE ws = $1 AND source = $2 AND (uid = $3 OR substr(uid, 1, $5) = $4) AND is_cancelled = 0 ORDER BY at, id`,
		source, uid, uid+" ", len([]rune(uid))+1)
}
