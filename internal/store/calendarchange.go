package store

import (
	"time"

	"dottedline"
)

// CalendarChange is what somebody did to a meeting of ours in a calendar program.
type CalendarChange struct {
	Workspace dottedline.WorkspaceID
	Calendar  dottedline.CalendarID
	UID       string
	Path      string // of its object where that is missing; "" where it is there
	Gone      bool   // it was taken out or called off there
	Start     time.Time
	Minutes   int // 0, unless Gone: nobody can follow it
	Sequence  int
	Seen      time.Time
	Due       time.Time // when it is followed; zero: a person has to say
	Why       string    // a person has to say
}

const changeCols = `ws, calendar, uid, path, gone, start_at, minutes, sequence, seen, due_at, why`

func scanChange(x *CalendarChange) []any {
	return []any{&x.Workspace, &x.Calendar, &x.UID, &x.Path, boolScan{&x.Gone}, timeScan{&x.Start}, &x.Minutes, &x.Sequence, timeScan{&x.Seen}, timeScan{&x.Due}, &x.Why}
}

// CalendarChanges are those of the workspace, by when they were seen.
func (t *Tx) CalendarChanges() ([]CalendarChange, error) {
	return all(t, scanChange, `SELECT `+changeCols+` FROM calendar_changes WHERE ws = $1 ORDER BY seen, calendar, uid`)
}

// CalendarChange is what was done to a meeting in a calendar; ok is false where
// nothing was.
func (t *Tx) CalendarChange(c dottedline.CalendarID, uid string) (CalendarChange, bool, error) {
	return one(t, scanChange, `SELECT `+changeCols+` FROM calendar_changes WHERE ws = $1 AND calendar = $2 AND uid = $3`, c, uid)
}

// DueCalendarChanges are those of any workspace whose time has come.
func (g Global) DueCalendarChanges(n int) ([]CalendarChange, error) {
	return rows(g.ctx, g.q, scanChange, `SELECT `+changeCols+` FROM calendar_changes WHERE due_at > 0 AND due_at <= $1 ORDER BY due_at LIMIT $2`, us(g.now), n)
}

// PutCalendarChange adds or changes one.
func (t *Tx) PutCalendarChange(x CalendarChange) error {
	t.Changed()
	return t.do(`INSERT INTO calendar_changes (ws, calendar, uid, path, gone, start_at, minutes, sequence, seen, due_at, why) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (ws, calendar, uid) DO UPDATE SET path = excluded.path, gone = excluded.gone, start_at = excluded.start_at, minutes = excluded.minutes,
		sequence = excluded.sequence, seen = excluded.seen, due_at = excluded.due_at, why = excluded.why`,
		x.Calendar, x.UID, x.Path, bit(x.Gone), us(x.Start), x.Minutes, x.Sequence, us(x.Seen), us(x.Due), x.Why)
}

// DropCalendarChange forgets one.
func (t *Tx) DropCalendarChange(c dottedline.CalendarID, uid string) error {
	n, err := t.count(`DELETE FROM calendar_changes WHERE ws = $1 AND calendar = $2 AND uid = $3`, c, uid)
	if n > 0 {
		t.Changed()
	}
	return err
}

// WriteOver writes the meeting into its calendar once more, so that ours holds
// over whatever is there by now.
func (t *Tx) WriteOver(c dottedline.CalendarID, uid string) error {
	return t.do(`UPDATE calendar_writes SET etag = '', base = NULL, due_at = $4, tries = 0, err = '' WHERE ws = $1 AND calendar = $2 AND uid = $3`, c, uid, us(t.Now))
}

// AlreadyWritten says that a calendar has a meeting as it is to be written.
func (t *Tx) AlreadyWritten(c dottedline.CalendarID, uid string) error {
	return t.do(`UPDATE calendar_writes SET base = raw, due_at = 0 WHERE ws = $1 AND calendar = $2 AND uid = $3`, c, uid)
}
