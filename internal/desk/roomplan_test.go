package desk_test

import (
	"strings"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

// room sends the agreement and lets its signer in.
func (c *closing) room() desk.Visitor {
	c.t.Helper()
	_, ms := c.send()
	return c.letIn(c.to(ms[0]))
}

func (c *closing) step(text string) (found dottedline.Step) {
	c.t.Helper()
	for _, s := range c.page().Steps {
		if s.Text == text {
			found = s
		}
	}
	return found
}

// Both sides change the plan: what they add for us becomes a row of Now, and
// what is theirs they move themselves.
func TestPlanFromTheRoom(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newClosing(t, db)
		v := c.room()
		n := len(c.page().Steps)
		day := c.now.Add(2 * time.Hour)
		for range 2 { // the same press twice
			c.ok(c.AddStep(ctx, v, dottedline.Us, "Send the invoice to Dana", day))
		}
		c.ok(c.AddStep(ctx, v, dottedline.Them, "Ask the board", time.Time{}))
		if got := len(c.page().Steps); got != n+2 {
			t.Fatalf("%d steps, want %d", got, n+2)
		}
		c.problem(c.AddStep(ctx, v, dottedline.Nobody, "Something", day), "Whose step")
		c.problem(c.AddStep(ctx, v, dottedline.Us, "In a hundred years", c.now.AddDate(100, 0, 0)), "can't be meant")
		theirs := c.step("Ask the board")
		c.ok(c.MoveStep(ctx, v, theirs.ID, day.AddDate(0, 0, 3)))
		if s := c.step("Ask the board"); !s.Due.Equal(day.AddDate(0, 0, 3)) {
			t.Errorf("moved to %v", s.Due)
		}
		c.problem(c.MoveStep(ctx, v, c.step("Send the invoice to Dana").ID, day), "your own")
		c.now = c.now.Add(3 * time.Hour)
		_, err := c.Refresh(ctx, c.me.Workspace)
		c.ok(err)
		if r := c.nowPage().Rows[0]; r.Action != dottedline.DoStep {
			t.Errorf("the row says %v, want the step that is due", r.Action)
		}
		p, err := c.DealPage(ctx, c.me, c.deal)
		c.ok(err)
		var said []string
		for _, m := range p.Timeline {
			if m.Kind == dottedline.StepTouch {
				said = append(said, m.Text)
			}
		}
		if got := strings.Join(said, "; "); !strings.Contains(got, "New: Ask the board") || !strings.Contains(got, ": Ask the board; New: Ask the board") {
			t.Errorf("the record says %s", got)
		}
	})
}

// A code is no mail that anybody takes back: it is due at once.
func TestCodesDoNotWaitForUndo(t *testing.T) {
	t.Parallel()
	c := newClosing(t, storetest.Open(t, "sqlite"))
	_, ms := c.send()
	if c.UndoFor < time.Second {
		t.Fatalf("mails can be taken back for %v", c.UndoFor)
	}
	c.ok(c.RequestCode(ctx, c.to(ms[0])))
	o, _, err := c.NextOutbound(ctx)
	c.ok(err)
	if o == nil || !strings.Contains(string(o.Raw), "is your code") {
		t.Fatalf("next in the outbox: %+v", o)
	}
	c.ok(c.MailSent(ctx, o))
}

// The room books with who sent the agreement, for this deal and without asking
// who it is.
func TestBookFromTheRoom(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newClosing(t, db)
		v := c.room()
		o, me, err := c.RoomTimes(ctx, v, "", c.now, c.now.AddDate(0, 0, 7))
		c.ok(err)
		if me.Address != "maya@northwind.example.org" || len(o.Slots) == 0 || o.Hosts[0] != "Sam Field" {
			t.Fatalf("%v is offered %d times by %v", me.Address, len(o.Slots), o.Hosts)
		}
		g := desk.Guest{Zone: "Europe/Athens", Answer: "The notice period", Once: desk.NewLink()}
		for range 2 { // the same press twice
			c.ok(c.BookFromRoom(ctx, v, "", o.Slots[0].Start, g))
		}
		other := g
		other.Once = desk.NewLink()
		c.problem(c.BookFromRoom(ctx, v, "", o.Slots[0].Start, other), "just been taken")
		b, err := c.BookingAt(ctx, g.Once, c.now, c.now)
		c.ok(err)
		if b.Booking.Deal != c.deal || b.Booking.Name != "Maya Okafor" || !b.Booking.Start.Equal(o.Slots[0].Start) {
			t.Errorf("booked %+v", b.Booking)
		}
		p, err := c.DealPage(ctx, c.me, c.deal)
		c.ok(err)
		if len(p.Meetings) != 1 || p.Meetings[0].Purpose != "The notice period" {
			t.Errorf("meetings %+v", p.Meetings)
		}
		if ms := c.mails(); len(ms) == 0 || ms[0].To[0].Addr != "maya@northwind.example.org" {
			t.Errorf("no invitation among %d mails", len(ms))
		}
		_, _, err = c.RoomTimes(ctx, desk.Visitor{Link: v.Link}, "", c.now, c.now)
		c.problem(err, "code")
	})
}
