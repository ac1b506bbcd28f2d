package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// The kinds of jobs.
const (
	sealJob   = "seal"
	remindJob = "remind"
	expireJob = "expire"
	keyJob    = "key"
	guestJob  = "guest"
	lateJob   = "late"
	digestJob = "digest"
)

// Job is work that was claimed.
type Job struct {
	store.Job
	lease time.Time
}

// jobLease is how long one try may take before somebody else begins it anew.
const jobLease = 2 * time.Minute

// NextJob claims the next job that is due, or gives nil and when to ask again
// (zero: when woken).
func (d *Desk) NextJob(ctx context.Context) (j *Job, at time.Time, err error) {
	defer wrap("next job", &err)
	var due []store.Job
	if err = d.db.Everywhere(ctx, func(g store.Global) error {
		if due, err = g.DueJobs(20); err == nil && len(due) == 0 {
			at, err = g.NextJob()
		}
		return err
	}); err != nil {
		return nil, at, err
	}
	for _, x := range due {
		lease := d.Now().Truncate(time.Microsecond).Add(jobLease)
		ok := false
		if err := d.db.Write(ctx, x.Workspace, func(t *store.Tx) error { ok, err = t.ClaimJob(x, lease); return err }); err != nil {
			return nil, at, err
		}
		if ok {
			x.Tries++
			return &Job{x, lease}, at, nil
		}
	}
	return nil, at, nil
}

// DoJob does a claimed job. Where it fails, that is kept for the page of jobs
// and the job is tried again later, less and less often.
func (d *Desk) DoJob(ctx context.Context, j *Job) error {
	var err error
	switch j.Kind {
	case sealJob:
		err = d.sealJob(ctx, j)
	case remindJob:
		err = d.remind(ctx, j)
	case expireJob:
		err = d.expire(ctx, j)
	case keyJob:
		if _, err = d.keys(ctx, j.Workspace); err == nil {
			err = d.finish(ctx, j, nothingElse)
		}
	case guestJob:
		err = d.remindGuest(ctx, j)
	case lateJob:
		err = d.turnLate(ctx, j)
	case store.PromiseJob:
		err = d.finish(ctx, j, func(t *store.Tx) error { t.Changed(); return nil }) // the pages say it
	case digestJob:
		err = d.digest(ctx, j)
	case holdJob:
		err = d.hold(ctx, j)
	case metJob:
		err = d.met(ctx, j)
	default:
		err = fmt.Errorf("there is no such kind of job: %q", j.Kind)
	}
	if err == nil {
		d.wakeUp()
		return nil
	}
	later := d.db.Write(context.WithoutCancel(ctx), j.Workspace, func(t *store.Tx) error {
		t.Changed()
		return t.RetryJob(j.ID, j.lease, t.Now.Add(retryAfter(j.Tries-1)), clean(err.Error()))
	})
	return errors.Join(fmt.Errorf("job %s: %w", j.ID, err), later)
}

// finish ends a job with what it does in the workspace, in one transaction:
// where somebody else has done it meanwhile, or it was taken back, nothing is.
func (d *Desk) finish(ctx context.Context, j *Job, do func(*store.Tx) error) error {
	return d.db.Write(ctx, j.Workspace, func(t *store.Tx) error {
		if ok, err := t.FinishJob(j.ID, j.lease); err != nil || !ok {
			return err
		}
		return do(t)
	})
}

func nothingElse(*store.Tx) error { return nil }

func (d *Desk) sealJob(ctx context.Context, j *Job) error {
	id, err := dottedline.ParseID[dottedline.Agreement](j.Args)
	if err != nil {
		return err
	}
	if err := d.sealNow(ctx, j.Workspace, id); err != nil {
		return err
	}
	return d.finish(ctx, j, nothingElse)
}

// JobRow is a job as its page shows it.
type JobRow struct {
	Kind  string
	What  string // in words
	Deal  dottedline.DealID
	Name  string // of the deal
	Due   time.Time
	Tries int
	Error string
}

// Jobs are the jobs of the workspace, the next first.
func (d *Desk) Jobs(ctx context.Context, a dottedline.Actor) (out []JobRow, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		js, err := t.Jobs(500)
		if err != nil {
			return err
		}
		for _, j := range js {
			r := JobRow{Kind: j.Kind, What: j.Kind, Due: j.Due, Tries: j.Tries, Error: j.Error}
			if words, ok := jobWords[j.Kind]; ok {
				r.What = words
			}
			switch j.Kind {
			case lateJob, store.PromiseJob:
				if id, err := dottedline.ParseID[dottedline.Deal](j.Args); err == nil {
					deal, err := t.Deal(id)
					if err != nil {
						return err
					}
					r.Deal, r.Name = deal.ID, deal.Name
				}
			case digestJob:
				if id, err := dottedline.ParseID[dottedline.Member](j.Args); err == nil {
					if m, err := t.Member(id); err == nil {
						r.Name = m.Name
					}
				}
			}
			if id, err := dottedline.ParseID[dottedline.Agreement](j.Args); err == nil && slices.Contains([]string{sealJob, remindJob, expireJob}, j.Kind) {
				x, err := t.Agreement(id)
				if err != nil {
					return err
				}
				deal, err := t.Deal(x.Deal)
				if err != nil {
					return err
				}
				r.Deal, r.Name = deal.ID, deal.Name
				if j.Kind == remindJob {
					_, s, err := t.ThisWorkspace()
					if err != nil {
						return err
					}
					ts, err := t.Touches(deal.ID)
					if err != nil {
						return err
					}
					if n, y, ok, err := nextReminder(t, s, x, ts); err != nil {
						return err
					} else if ok {
						r.What = strings.TrimSpace("Remind " + remindedName(n, y) + ": " + n.Why)
					}
				}
			}
			out = append(out, r)
		}
		ds, err := deliveriesAsJobs(t)
		out = append(out, ds...)
		slices.SortStableFunc(out, func(a, b JobRow) int { return a.Due.Compare(b.Due) })
		return err
	})
	return out, err
}

// deliveriesAsJobs are the notices that have not arrived yet.
func deliveriesAsJobs(t *store.Tx) (out []JobRow, err error) {
	ds, err := t.DeliveriesWaiting(500)
	if err != nil {
		return nil, err
	}
	for _, v := range ds {
		n, err := t.Notice(v.Notice)
		if err != nil {
			return nil, err
		}
		r := JobRow{Kind: "webhook", What: "Webhook: " + n.Title, Deal: n.Deal, Name: n.Name, Due: v.Due, Tries: v.Tries, Error: v.Error}
		if v.Device != 0 {
			r.Kind, r.What = "push", "Push: "+n.Title
		}
		out = append(out, r)
	}
	return out, nil
}

func remindedName(r dottedline.Reminder, y store.Signer) string {
	if r.To == dottedline.Us {
		return "us"
	}
	return y.Name
}

var jobWords = map[string]string{sealJob: "Seal the agreement", remindJob: "Remind", expireJob: "The agreement ends", keyJob: "Make the key that seals",
	lateJob: "Warn before an answer is late", digestJob: "Mail the digest", guestJob: "Remind a guest of the meeting", metJob: "Record that a meeting took place",
	holdJob: "Hold free times for an answer", store.PromiseJob: "An answer becomes late"}
