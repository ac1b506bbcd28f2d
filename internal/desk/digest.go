package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// rowsInDigest is how many rows of Now a digest names.
const rowsInDigest = 7

// digest mails a member what waits, if anything does, and plans the next one in
// the same transaction, so that none is sent twice and the chain never breaks.
func (d *Desk) digest(ctx context.Context, j *Job) error {
	id, err := dottedline.ParseID[dottedline.Member](j.Args)
	if err != nil {
		return err
	}
	return d.finish(ctx, j, func(t *store.Tx) error {
		tm, err := theTeam(t)
		if err != nil {
			return err
		}
		me, ok := tm.members[id]
		if !ok {
			return nil // gone since
		}
		all, err := t.Told()
		if err != nil {
			return err
		}
		x := all[id]
		if err := setDigest(t, id, x.Digest); err != nil {
			return err
		}
		if !x.Digest.On || x.Away.Holds(t.Now, tm.hours[id]) {
			return nil
		}
		text, n, err := d.digestText(t, tm, me, x.Digested)
		if err != nil {
			return err
		}
		x.Digested = t.Now
		if err := t.PutTold(x); err != nil || text == "" {
			return err
		}
		subject := "Nobody waits on you"
		if n > 0 {
			subject = counted(n, "person waits", "people wait") + " on you"
		}
		_, err = post(t, letter{from: id, to: me.Email, name: me.Name, subject: subject, text: text, machine: true,
			once: "digest " + id.String() + " " + t.Now.In(tm.hours[id].Location()).Format(time.DateOnly)})
		if unsent(err) { // there is no mailbox yet: Now says so
			return nil
		}
		return err
	})
}

// digestText is the mail, "" where there is nothing to say, and how many wait.
func (d *Desk) digestText(t *store.Tx, tm team, me dottedline.Member, since time.Time) (string, int, error) {
	_, s, err := t.ThisWorkspace()
	if err != nil {
		return "", 0, err
	}
	rows, _, err := rowsAfter(t, s, dottedline.Rank{}, RowsAtOnce)
	if err != nil {
		return "", 0, err
	}
	var b strings.Builder
	n := 0
	held, err := holders(t, rows)
	if err != nil {
		return "", 0, err
	}
	for _, r := range rows {
		if stand := tm.standIn(held[r.Deal.ID], t.Now); stand != 0 && stand != me.ID || r.Below {
			continue
		}
		if n++; n > rowsInDigest {
			continue
		}
		fmt.Fprintf(&b, "%s, %s\n%s\n", nameOr(r.Person, r.Deal.Name), r.Deal.Name, r.Why)
		if r.Said != "" && r.Deal.Ball.Side == dottedline.Us {
			fmt.Fprintf(&b, "“%s”\n", r.Said)
		}
		fmt.Fprintf(&b, "%s/deals/%s\n\n", d.URL, r.Deal.ID)
	}
	if n > rowsInDigest {
		fmt.Fprintf(&b, "And %d more: %s/now\n\n", n-rowsInDigest, d.URL)
	}
	happened, err := happenedSince(t, tm, me, since)
	if err != nil || n == 0 && happened == "" {
		return "", 0, err
	}
	if happened != "" {
		b.WriteString("Since the last digest:\n" + happened + "\n")
	}
	b.WriteString("This mail comes on your working days. Change it: " + d.URL + "/settings/notices\n")
	return b.String(), n, nil
}

// happenedSince are the notices of what concerns a member, oldest first, a line
// each. Replies are left out: they are among what waits, or were answered.
func happenedSince(t *store.Tx, tm team, me dottedline.Member, since time.Time) (string, error) {
	ns, err := t.NoticesSince(since, 200)
	if err != nil {
		return "", err
	}
	out, kept := "", 0
	for _, n := range ns {
		holder := tm.standIn(n.Member, t.Now)
		if n.Event == dottedline.TestEvent || n.Lasts() || n.By == me.ID || holder != 0 && holder != me.ID || kept == 15 {
			continue
		}
		kept++
		out = "- " + day(n.At, tm.hours[me.ID]) + ": " + n.Title + "\n" + out
	}
	return out, nil
}

func counted(n int, one, more string) string {
	if n == 1 {
		return "One " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
