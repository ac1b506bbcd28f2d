package imapsync

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dottedline/internal/desk"
)

const (
	maxOdd      = 20                     // oddities kept for the Mail page
	reportAfter = 500 * time.Millisecond // changes within this time are one report
	reportQuiet = 5 * time.Second        // the same while all that changes is when mail was read
)

// tell changes the status under the lock and reports it soon; a change that
// gives true is quiet: it can wait.
func (a *account) tell(change func(*desk.MailboxStatus) (quiet bool)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	after := reportAfter
	if change(&a.status) {
		after = max(after, time.Until(a.reported.Add(reportQuiet)))
	}
	at := time.Now().Add(after)
	switch {
	case a.pending == nil:
		a.pending, a.due = time.AfterFunc(after, func() { a.report(a.ctx) }), at
	case at.Before(a.due) && a.pending.Stop():
		a.pending.Reset(after)
		a.due = at
	}
}

func (a *account) report(ctx context.Context) {
	a.reportMu.Lock() // so that an older status never overtakes a newer one
	defer a.reportMu.Unlock()
	a.mu.Lock()
	a.pending, a.reported = nil, time.Now()
	s := a.status
	s.Folders, s.Odd = slices.Clone(s.Folders), slices.Clone(s.Odd)
	a.mu.Unlock()
	if ctx.Err() != nil {
		return // stopped: somebody else may report by now
	}
	if err := a.e.Desk.ReportMailbox(ctx, a.acc.Workspace, a.acc.ID, s); err != nil && ctx.Err() == nil {
		a.log.Error("report mailbox", "err", err)
	}
}

func (a *account) tellFolder(name string, change func(*desk.FolderStatus)) {
	a.tell(func(s *desk.MailboxStatus) bool {
		for i := range s.Folders {
			if s.Folders[i].Name == name {
				f := &s.Folders[i]
				had := *f
				change(f)
				s.LastSync = later(s.LastSync, f.LastSync)
				return !had.LastSync.IsZero() && had.Error == f.Error && had.Read == had.Total && f.Read == f.Total
			}
		}
		return true
	})
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// odd keeps what the server said that no standard says: the newest last, the
// same counted.
func (a *account) odd(line, why string) {
	text := why + ": " + line
	a.log.Warn("odd response", "line", line, "why", why)
	a.tell(func(s *desk.MailboxStatus) (quiet bool) {
		a.oddCount[text]++
		for i, had := range s.Odd {
			if had == text || had == counted(text, a.oddCount[text]-1) {
				s.Odd = append(slices.Delete(s.Odd, i, i+1), counted(text, a.oddCount[text]))
				return false
			}
		}
		if s.Odd = append(s.Odd, text); len(s.Odd) > maxOdd {
			s.Odd = s.Odd[1:]
		}
		if len(a.oddCount) > 10*maxOdd { // a server that never says the same twice
			clear(a.oddCount)
		}
		return false
	})
}

func counted(text string, n int) string { return fmt.Sprintf("%s (%d times)", text, n) }
