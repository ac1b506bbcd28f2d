package store

import (
	"time"

	"dottedline"
)

// Calendar is a calendar with what reading it needs; Secret is sealed with the
// key file.
type Calendar struct {
	dottedline.Calendar
	Secret []byte
	Token  string // where sync-collection goes on
	CTag   string
	Rev    int64 // grows with every change of its objects
}

const calendarCols = `id, member, name, url, ics, busy, target, username, secret, token, ctag, state, rev`

func scanCalendar(c *Calendar) []any {
	return []any{&c.ID, &c.Member, &c.Name, &c.URL, boolScan{&c.ICS}, boolScan{&c.Busy}, boolScan{&c.Target}, &c.User, &c.Secret, &c.Token, &c.CTag, jsonScan{&c.State}, &c.Rev}
}

// Calendars are all calendars of the workspace, oldest first.
func (t *Tx) Calendars() ([]Calendar, error) {
	return all(t, scanCalendar, `SELECT `+calendarCols+` FROM calendars WHERE ws = $1 ORDER BY id`)
}

// CalendarsOf are the calendars of one member, oldest first.
func (t *Tx) CalendarsOf(m dottedline.MemberID) ([]Calendar, error) {
	return all(t, scanCalendar, `SELECT `+calendarCols+` FROM calendars WHERE ws = $1 AND member = $2 ORDER BY id`, m)
}

// Calendar is one calendar.
func (t *Tx) Calendar(id dottedline.CalendarID) (Calendar, error) {
	c, ok, err := one(t, scanCalendar, `SELECT `+calendarCols+` FROM calendars WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("calendar")
	}
	return c, err
}

// PutCalendar adds or changes a calendar; what was read of it stays.
func (t *Tx) PutCalendar(c Calendar) error {
	t.Changed()
	return t.do(`INSERT INTO calendars (ws, id, member, name, url, ics, busy, target, username, secret, token, ctag, state, rev)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '', '{}', 0)
		ON CONFLICT (ws, id) DO UPDATE SET name = excluded.name, url = excluded.url, busy = excluded.busy, target = excluded.target,
		username = excluded.username, secret = excluded.secret`,
		c.ID, c.Member, c.Name, c.URL, bit(c.ICS), bit(c.Busy), bit(c.Target), c.User, c.Secret)
}

// DropCalendar forgets a calendar and what was read of it.
func (t *Tx) DropCalendar(id dottedline.CalendarID) error {
	t.Changed()
	for _, q := range []string{`DELETE FROM sightings WHERE ws = $1 AND calendar = $2`, `DELETE FROM calendar_changes WHERE ws = $1 AND calendar = $2`, `DELETE FROM calendar_objects WHERE ws = $1 AND calendar = $2`, `DELETE FROM calendar_writes WHERE ws = $1 AND calendar = $2`,
		`DELETE FROM calendars WHERE ws = $1 AND id = $2`} {
		if err := t.do(q, id); err != nil {
			return err
		}
	}
	return nil
}

// SetCalendarState keeps how the last try to read a calendar went, and where it
// goes on.
func (t *Tx) SetCalendarState(id dottedline.CalendarID, token, ctag string, s dottedline.CalendarState) error {
	t.Changed()
	state, err := jsonText(s)
	if err != nil {
		return err
	}
	return t.do(`UPDATE calendars SET token = $3, ctag = $4, state = $5 WHERE ws = $1 AND id = $2`, id, token, ctag, state)
}

// CalendarObject is one object of a calendar, byte for byte as it was read.
type CalendarObject struct {
	Path string
	ETag string
	Raw  []byte
}

// CalendarETags are the ETags of a calendar's objects by their path.
func (t *Tx) CalendarETags(id dottedline.CalendarID) (map[string]string, error) {
	os, err := all(t, func(o *CalendarObject) []any { return []any{&o.Path, &o.ETag} }, `SELECT path, etag FROM calendar_objects WHERE ws = $1 AND calendar = $2`, id)
	out := make(map[string]string, len(os))
	for _, o := range os {
		out[o.Path] = o.ETag
	}
	return out, err
}

// CalendarRaw is one object of a calendar as it was read.
func (t *Tx) CalendarRaw(id dottedline.CalendarID, path string) ([]byte, error) {
	b, _, err := val[[]byte](t, `SELECT raw FROM calendar_objects WHERE ws = $1 AND calendar = $2 AND path = $3`, id, path)
	return b, err
}

// PutCalendarObject keeps an object and counts the change.
func (t *Tx) PutCalendarObject(id dottedline.CalendarID, o CalendarObject) error {
	if err := t.do(`INSERT INTO calendar_objects (ws, calendar, path, etag, raw) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (ws, calendar, path) DO UPDATE SET etag = excluded.etag, raw = excluded.raw`, id, o.Path, o.ETag, o.Raw); err != nil {
		return err
	}
	return t.do(`UPDATE calendars SET rev = rev + 1 WHERE ws = $1 AND id = $2`, id)
}

// DropCalendarObject forgets an object, or all where path is "", and counts the change.
func (t *Tx) DropCalendarObject(id dottedline.CalendarID, path string) error {
	if err := t.do(`DELETE FROM calendar_objects WHERE ws = $1 AND calendar = $2 AND ($3 = '' OR path = $3)`, id, path); err != nil {
		return err
	}
	return t.do(`UPDATE calendars SET rev = rev + 1 WHERE ws = $1 AND id = $2`, id)
}

// CalendarWrite is an event on its way into a calendar. ETag is of what was
// written last, "" for nothing yet; Path says where it lies, "" where its UID
// does.
type CalendarWrite struct {
	Workspace dottedline.WorkspaceID
	Calendar  dottedline.CalendarID
	UID       string
	Path      string
	Raw       []byte
	Base      []byte // what ours was made from: what was written last, or read; nil where nobody knows
	Gone      bool   // it is to be taken away
	ETag      string
	Due       time.Time // zero: done
	Tries     int
	Error     string
}

const writeCols = `ws, calendar, uid, path, raw, base, gone, etag, due_at, tries, err`

func scanWrite(w *CalendarWrite) []any {
	return []any{&w.Workspace, &w.Calendar, &w.UID, &w.Path, &w.Raw, &w.Base, boolScan{&w.Gone}, &w.ETag, timeScan{&w.Due}, &w.Tries, &w.Error}
}

// AddCalendarWrite writes an event into a calendar soon, or takes it away; what
// waits for the same event is replaced, and what was done to it there settled.
func (t *Tx) AddCalendarWrite(w CalendarWrite) error {
	if err := t.DropCalendarChange(w.Calendar, w.UID); err != nil {
		return err
	}
	return t.do(`INSERT INTO calendar_writes (ws, calendar, uid, path, raw, gone, etag, due_at, tries, err, base) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '', $9)
		ON CONFLICT (ws, calendar, uid) DO UPDATE SET raw = excluded.raw, gone = excluded.gone, due_at = excluded.due_at, tries = 0, err = '',
		path = excluded.path, etag = CASE WHEN excluded.etag <> '' THEN excluded.etag ELSE calendar_writes.etag END, base = COALESCE(excluded.base, calendar_writes.base)`,
		w.Calendar, w.UID, w.Path, w.Raw, bit(w.Gone), w.ETag, us(t.Now), w.Base)
}

// CalendarWritesOf are what was and is to be written of a meeting, by its UID.
func (t *Tx) CalendarWritesOf(uid string) ([]CalendarWrite, error) {
	return all(t, scanWrite, `SELECT `+writeCols+` FROM calendar_writes WHERE ws = $1 AND uid = $2 ORDER BY calendar`, uid)
}

// DueCalendarWrites are writes of any workspace whose time has come.
func (g Global) DueCalendarWrites(n int) ([]CalendarWrite, error) {
	return rows(g.ctx, g.q, scanWrite, `SELECT `+writeCols+` FROM calendar_writes WHERE due_at > 0 AND due_at <= $1 ORDER BY due_at LIMIT $2`, us(g.now), n)
}

// ClaimCalendarWrite takes a write for one worker until the lease ends.
func (t *Tx) ClaimCalendarWrite(w CalendarWrite, lease time.Time) (bool, error) {
	n, err := t.count(`UPDATE calendar_writes SET due_at = $5, tries = tries + 1 WHERE ws = $1 AND calendar = $2 AND uid = $3 AND due_at = $4`, w.Calendar, w.UID, us(w.Due), us(lease))
	return n > 0, err
}

// SetCalendarWrite records how a claimed write ended: due is zero when it is
// done. One that was replaced meanwhile keeps its turn.
func (t *Tx) SetCalendarWrite(w CalendarWrite, lease, due time.Time, etag, errText string) error {
	if etag != "" {
		if err := t.do(`UPDATE calendar_writes SET etag = $4 WHERE ws = $1 AND calendar = $2 AND uid = $3`, w.Calendar, w.UID, etag); err != nil {
			return err
		}
	}
	if errText == "" {
		var base []byte
		if !w.Gone {
			base = w.Raw
		}
		if err := t.do(`UPDATE calendar_writes SET base = $4 WHERE ws = $1 AND calendar = $2 AND uid = $3`, w.Calendar, w.UID, base); err != nil {
			return err
		}
	}
	return t.do(`UPDATE calendar_writes SET due_at = $5, err = $6 WHERE ws = $1 AND calendar = $2 AND uid = $3 AND due_at = $4`, w.Calendar, w.UID, us(lease), us(due), errText)
}

// CalendarWritesFailed are the writes of the workspace that did not work so far.
func (t *Tx) CalendarWritesFailed() ([]CalendarWrite, error) {
	return all(t, scanWrite, `SELECT `+writeCols+` FROM calendar_writes WHERE ws = $1 AND err <> '' ORDER BY calendar`)
}

// WriteAgain sets a write anew for a time, so that ours holds; with the
// zero time it is done with.
func (t *Tx) WriteAgain(c dottedline.CalendarID, uid string, due time.Time) error {
	t.Changed()
	return t.do(`UPDATE calendar_writes SET etag = '', base = NULL, due_at = $4, tries = 0, err = '' WHERE ws = $1 AND calendar = $2 AND uid = $3 AND err <> ''`, c, uid, us(due))
}
