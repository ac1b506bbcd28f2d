package smtpsend

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"dottedline/internal/desk"
)

// Outbox sends what the desk has ready. Set the fields before Run.
type Outbox struct {
	Desk   *desk.Desk
	Log    *slog.Logger
	Sender *Sender
	// Find says whether a mail of ours lies in the mailbox's folder of sent mail.
	Find func(ctx context.Context, a desk.Account, messageID string) (bool, error)
	// Keep puts a copy into that folder unless the server has done it.
	Keep func(ctx context.Context, a desk.Account, messageID string, raw []byte, at time.Time) error
	// Look is how often to look for mail that other nodes have put here, of
	// which nobody tells us; 5 s when zero.
	Look time.Duration
}

const (
	atOnce   = 8                 // mails sent at the same time
	sendFor  = 100 * time.Second // less than the desk's lease of a mail, so that no other node looks at it meanwhile
	graceFor = 5 * time.Second   // what has begun may end when the program ends
)

// Run sends until ctx ends, and then lets the mails end that are under way.
func (o *Outbox) Run(ctx context.Context) error {
	return desk.Work[desk.Outbound]{Desk: o.Desk, AtOnce: atOnce, Look: cmp.Or(o.Look, 5*time.Second), Next: o.Desk.NextOutbound, Do: o.handle,
		Failed: func(err error) { o.Log.Error("outbox", "err", err) }}.Run(ctx)
}

// handle brings one claimed mail a step on, and calls free when another may
// begin. The claim is durable by now: if we die in here, the next one to look
// finds the mail in doubt.
func (o *Outbox) handle(ctx context.Context, m *desk.Outbound, free func()) {
	log := o.Log.With("mail", m.MessageID, "mailbox", m.Box.Address)
	work, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendFor)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(graceFor, cancel) })
	defer stop()
	if m.Doubt {
		o.settle(work, log, m, o.lookUp(work, log, m))
		free()
		return
	}
	r := o.Sender.Send(work, m.Box, string(m.Box.Address), m.Rcpts, m.Raw)
	log.Info("send", "outcome", r.Outcome, "reply", r.Reply)
	o.settle(work, log, m, r)
	free()
	if r.Outcome == Accepted {
		o.keep(work, log, m)
	}
}

// lookUp finds out about a mail that may have gone out. That it is not in the
// folder of sent mail proves nothing: the member decides then.
func (o *Outbox) lookUp(ctx context.Context, log *slog.Logger, m *desk.Outbound) Result {
	found, err := o.Find(ctx, m.Box, m.MessageID)
	log.Info("look up", "found", found, "err", err)
	switch {
	case err != nil:
		return Result{Unknown, "", "It may have gone out. The folder of sent mail can't be looked at now."}
	case found:
		return Result{Outcome: Accepted}
	}
	return Result{Unknown, "", "It may have gone out: the connection broke off before the server's answer. It is not in the folder of sent mail."}
}

// settle records the outcome, and tries again when the database fails: until
// then the mail counts as in doubt.
func (o *Outbox) settle(ctx context.Context, log *slog.Logger, m *desk.Outbound, r Result) {
	ctx = context.WithoutCancel(ctx)
	for wait := 50 * time.Millisecond; ; wait *= 2 {
		var err error
		switch r.Outcome {
		case Accepted:
			err = o.Desk.MailSent(ctx, m)
		case Refused:
			err = o.Desk.MailRefused(ctx, m, r.Text)
		case Later:
			err = o.Desk.MailLater(ctx, m, r.Text)
		default:
			err = o.Desk.MailUnknown(ctx, m, r.Text)
		}
		if err == nil {
			return
		}
		log.Error("record outcome", "outcome", r.Outcome, "err", err)
		if wait > 3*time.Second {
			return
		}
		time.Sleep(wait)
	}
}

// keep copies a sent mail to the folder of sent mail. Servers that do it by
// themselves need a moment: ask after it.
func (o *Outbox) keep(ctx context.Context, log *slog.Logger, m *desk.Outbound) {
	at := o.Desk.Now()
	for wait := 2 * time.Second; wait <= 20*time.Second; wait *= 3 {
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		err := o.Keep(ctx, m.Box, m.MessageID, m.Raw, at)
		if err == nil || ctx.Err() != nil {
			return
		}
		log.Warn("copy to sent", "err", err)
	}
}
