package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

// until lets the jobs run hour by hour, and gives the mails that they sent.
func (c *closing) until(end time.Time) (subjects []string, at []time.Time) {
	c.t.Helper()
	for c.now.Before(end) {
		c.now = c.now.Add(15 * time.Minute)
		c.work()
		for _, m := range c.mails() {
			subjects, at = append(subjects, m.To[0].Addr+": "+m.Text), append(at, c.now)
		}
	}
	return subjects, at
}

func TestReminders(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newClosing(t, db)
		// They write from five hours east of UTC, so their day is over at noon.
		c.deliver(msg("3", maya, sam, c.now.Add(-time.Minute).In(time.FixedZone("", 5*3600)), "Re: Forty seats", "And thank you.", "In-Reply-To: <1@example.com>"))
		_, ms := c.send()
		v := c.to(ms[0])
		texts, at := c.until(c.now.Add(3 * 24 * time.Hour))
		if len(at) < 2 || len(at) > 3 {
			t.Fatalf("%d reminders: %v", len(at), at)
		}
		for i, x := range at {
			local := x.In(time.FixedZone("", 5*3600))
			if local.Hour() < 9 || local.Hour() > 17 || local.Weekday() == time.Saturday || local.Weekday() == time.Sunday {
				t.Errorf("reminder %d at %v, their time", i, local)
			}
			if i > 0 && x.Sub(at[i-1]) < 23*time.Hour {
				t.Errorf("reminders at %v and %v", at[i-1], x)
			}
			if !strings.Contains(texts[i], "Why this mail: The agreement of Monday, 2 March") {
				t.Errorf("it doesn't say why:\n%s", texts[i])
			}
		}
		p := c.page()
		if len(p.Reminders) != len(at) || p.Deal.Ball.Side != dottedline.Them || p.Deal.Ours != 2 {
			t.Errorf("%d on the deal; ball %v, %d mails of ours: a reminder moves nothing", len(p.Reminders), p.Deal.Ball, p.Deal.Ours)
		}
		d, err := c.DealPage(ctx, c.me, c.deal)
		c.ok(err)
		if !slices.ContainsFunc(d.Timeline, func(m desk.Moment) bool {
			return m.Kind == dottedline.RemindTouch && strings.Contains(m.Said, "has not been opened")
		}) {
			t.Error("the deal doesn't say why")
		}
		// Any answer ends the chain, before its next is due.
		c.letIn(v)
		if c.page().Next == nil {
			t.Fatal("opened and left: no reminder is planned")
		}
		c.deliver(msg("4", maya, sam, c.now, "Re: Forty seats", "I will look at it.", "In-Reply-To: <1@example.com>"))
		if n := c.page().Next; n != nil {
			t.Errorf("after an answer: %+v", n)
		}
		if texts, _ := c.until(c.now.Add(10 * 24 * time.Hour)); len(texts) != 0 {
			t.Errorf("reminded after an answer: %v", texts)
		}
	})
}

func TestDontRemind(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newClosing(t, db)
		_, ms := c.send()
		v := c.letIn(c.to(ms[0]))
		js, err := c.Jobs(ctx, c.me)
		c.ok(err)
		js = slices.DeleteFunc(js, func(j desk.JobRow) bool { return j.Kind == "key" })
		if len(js) != 2 || js[0].Kind != "remind" || js[0].Deal != c.deal || !strings.Contains(js[0].What, "Remind Maya Okafor") {
			t.Errorf("jobs %+v", js)
		}
		c.ok(c.DontRemind(ctx, v, true))
		if n := c.page().Next; n != nil {
			t.Errorf("they asked not to be reminded: %+v", n)
		}
		c.ok(c.DontRemind(ctx, v, false))
		// A reminder to us while their question waits.
		c.ok(c.AskQuestion(ctx, v, "By quarter?"))
		texts, _ := c.until(c.now.Add(3 * 24 * time.Hour))
		if len(texts) != 1 || !strings.HasPrefix(texts[0], "sam@pine.example.com: They asked on") {
			t.Errorf("reminders %v", texts)
		}
	})
}

func TestOpenedThriceAndStepsDue(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newClosing(t, db)
		_, ms := c.send()
		v := c.letIn(c.to(ms[0]))
		for range 2 {
			c.now = c.now.Add(2 * time.Hour)
			c.ok(c.Opened(ctx, v))
			c.ok(c.Opened(ctx, v)) // the same visit
		}
		r := c.nowPage().Rows[0]
		if r.Action != dottedline.Call || !strings.Contains(r.Why, "3 times") {
			t.Fatalf("row %+v", r)
		}
		c.ok(c.Call(ctx, c.me, c.deal, time.Time{}, dottedline.Them, "They wait for their lawyer."))
		if rows := c.nowPage().Rows; len(rows) != 0 {
			t.Fatalf("after the call: %+v", rows)
		}
		id, err := c.SetStep(ctx, c.me, c.deal, dottedline.Step{Owner: dottedline.Us, Text: "Send the security answers", Due: c.now.Add(24 * time.Hour)})
		c.ok(err)
		c.now = c.now.Add(25 * time.Hour)
		_, err = c.Refresh(ctx, c.me.Workspace)
		c.ok(err)
		r = c.nowPage().Rows[0]
		if r.Action != dottedline.DoStep || r.Why != "Your step is due: Send the security answers." {
			t.Fatalf("row %+v", r)
		}
		c.ok(c.Done(ctx, c.me, id, true))
		if rows := c.nowPage().Rows; len(rows) != 0 {
			t.Errorf("after the step: %+v", rows)
		}
		room, err := c.Room(ctx, c.letIn(v)) // the browser was let in for half a day
		c.ok(err)
		if !slices.ContainsFunc(room.Steps, func(s dottedline.Step) bool { return s.ID == id && !s.Done.IsZero() }) {
			t.Error("the room doesn't show it done")
		}
	})
}
