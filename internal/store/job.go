package store

import (
	"time"

	"dottedline"
)

// Job is work that is due at a time. Its ID names the work, so that enqueueing
// it twice is one job.
type Job struct {
	Workspace dottedline.WorkspaceID
	ID        string
	Kind      string
	Args      string
	Due       time.Time // while it runs: when its lease ends
	Tries     int
	Error     string
}

const jobCols = `ws, id, kind, args, due_at, tries, err`

func scanJob(j *Job) []any {
	return []any{&j.Workspace, &j.ID, &j.Kind, &j.Args, timeScan{&j.Due}, &j.Tries, &j.Error}
}

// AddJob enqueues within the transaction of what causes the work. The same ID
// again moves it to the new time with the new arguments.
func (t *Tx) AddJob(j Job) error {
	return t.do(`INSERT INTO jobs (ws, id, kind, args, due_at, tries, err) VALUES ($1, $2, $3, $4, $5, 0, '')
		ON CONFLICT (ws, id) DO UPDATE SET due_at = excluded.due_at, args = excluded.args, kind = excluded.kind, tries = 0, err = ''`, j.ID, j.Kind, j.Args, us(j.Due))
}

// DropJob takes work back that has not begun, or that has become needless.
func (t *Tx) DropJob(id string) error { return t.do(`DELETE FROM jobs WHERE ws = $1 AND id = $2`, id) }

// PromiseJob is the kind of the jobs of answers that are about to be late.
const PromiseJob = "promise"

// PromiseJobs are those of the workspace, the soonest to be late first.
func (t *Tx) PromiseJobs(n int) ([]Job, error) {
	return all(t, scanJob, `SELECT `+jobCols+` FROM jobs WHERE ws = $1 AND kind = 'promise' ORDER BY due_at LIMIT $2`, n)
}

// DueJobs are jobs, of any workspace, whose time has come.
func (g Global) DueJobs(n int) ([]Job, error) {
	return rows(g.ctx, g.q, scanJob, `SELECT `+jobCols+` FROM jobs WHERE due_at <= $1 ORDER BY due_at LIMIT $2`, us(g.now), n)
}

// NextJob is when the next job is due; zero if there is none.
func (g Global) NextJob() (at time.Time, err error) {
	_, err = rows(g.ctx, g.q, func(*struct{}) []any { return []any{timeScan{&at}} }, `SELECT due_at FROM jobs ORDER BY due_at LIMIT 1`)
	return at, err
}

// ClaimJob takes a job for one worker until the lease ends. The lease's end is
// the fencing token: who finishes later than it changes nothing.
func (t *Tx) ClaimJob(j Job, lease time.Time) (bool, error) {
	n, err := t.count(`UPDATE jobs SET due_at = $4, tries = tries + 1 WHERE ws = $1 AND id = $2 AND due_at = $3`, j.ID, us(j.Due), us(lease))
	return n > 0, err
}

// FinishJob removes a job that was claimed until lease. It answers false where
// the lease was lost; the caller's transaction is then to be given up.
func (t *Tx) FinishJob(id string, lease time.Time) (bool, error) {
	n, err := t.count(`DELETE FROM jobs WHERE ws = $1 AND id = $2 AND due_at = $3`, id, us(lease))
	return n > 0, err
}

// RetryJob puts a job off and keeps what went wrong.
func (t *Tx) RetryJob(id string, lease, due time.Time, errText string) error {
	return t.do(`UPDATE jobs SET due_at = $4, err = $5 WHERE ws = $1 AND id = $2 AND due_at = $3`, id, us(lease), us(due), errText)
}

// Jobs are the jobs of the workspace by when they are due.
func (t *Tx) Jobs(n int) ([]Job, error) {
	return all(t, scanJob, `SELECT `+jobCols+` FROM jobs WHERE ws = $1 ORDER BY due_at LIMIT $2`, n)
}

// FreeLeases ends what a process that is gone still holds.
func (t *Tx) FreeLeases() error {
	if err := t.do(`UPDATE outbox SET lease = 0 WHERE ws = $1 AND lease > 0`); err != nil {
		return err
	}
	if err := t.do(`UPDATE jobs SET due_at = $2 WHERE ws = $1 AND tries > 0 AND due_at > $2 AND err = ''`, us(t.Now)); err != nil {
		return err
	}
	if err := t.do(`UPDATE deliveries SET due_at = $2 WHERE ws = $1 AND state = 'waiting' AND tries > 0 AND due_at > $2 AND err = ''`, us(t.Now)); err != nil {
		return err
	}
	return t.do(`DELETE FROM leases WHERE ws = $1`)
}

// HasJob says whether a job is there, running or not.
func (t *Tx) HasJob(id string) (bool, error) {
	_, ok, err := val[string](t, `SELECT id FROM jobs WHERE ws = $1 AND id = $2`, id)
	return ok, err
}
