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

// TestWhyNot asks about mails that are here, and ones that are not.
func TestWhyNot(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		why := func(what, want string) desk.WhyNot {
			t.Helper()
			out, err := h.WhyNot(ctx, h.me, what)
			if err != nil || len(out) == 0 || !strings.Contains(out[0].Text, want) {
				t.Fatalf("why %s: %+v %v, want %q", what, out, err, want)
			}
			return out[0]
		}
		report := func(s desk.MailboxStatus) {
			t.Helper()
			if err := h.ReportMailbox(ctx, h.me.Workspace, h.box, s); err != nil {
				t.Fatal(err)
			}
		}
		report(desk.MailboxStatus{Error: "the server says no"})
		why("maya@northwind.example.org", "can’t be read now")
		report(desk.MailboxStatus{Folders: []desk.FolderStatus{{Name: "INBOX", Total: 10, Read: 4}}})
		why("maya@northwind.example.org", "not read to its end")
		report(desk.MailboxStatus{Folders: []desk.FolderStatus{{Name: "INBOX", Total: 10, Read: 10}}})
		why("maya@northwind.example.org", "nothing from maya@northwind.example.org")

		t0 := h.now.Add(-3 * time.Hour)
		h.deliver(msg("n", "News <news@shop.example.org>", sam, t0, "Our November", "Buy.", "List-Unsubscribe: <https://shop.example.org/u>", "Precedence: bulk", "List-Id: <news.shop.example.org>"))
		why("news@shop.example.org", "a newsletter")
		h.deliver(msg("1", maya, sam, t0, "Forty seats", "What does it cost?"))
		if w := why("<1@example.com>", "Only one side"); w.Mail == 0 || !w.At.Equal(t0.Truncate(time.Second)) {
			t.Errorf("the answer names %+v", w)
		}
		h.deliver(msg("2", sam, maya, t0.Add(time.Hour), "Re: Forty seats", "Here is the price.", "In-Reply-To: <1@example.com>"))
		why("1@example.com", "offered as a deal at the foot")
		th := h.nowPage().Offers[0].Thread
		if err := h.DeclineOffer(ctx, h.me, th, true); err != nil {
			t.Fatal(err)
		}
		why("1@example.com", "somebody said no")
		if _, err := h.TakeOffer(ctx, h.me, th, dottedline.Sale, ""); err != nil {
			t.Fatal(err)
		}
		why("maya@northwind.example.org", "in the deal Northwind")
	})
}

// TestPeopleOfDeal puts somebody in and takes somebody off; the last one stays.
func TestPeopleOfDeal(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		id, err := h.NewDeal(ctx, h.me, "", "maya@northwind.example.org", dottedline.Sale, "28,800")
		if err != nil {
			t.Fatal(err)
		}
		people := func() (out []dottedline.PersonID) {
			t.Helper()
			p, err := h.DealPage(ctx, h.me, id)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range p.People {
				out = append(out, x.ID)
			}
			return out
		}
		if err := h.RemovePerson(ctx, h.me, id, people()[0]); err == nil {
			t.Error("the last person was taken off")
		}
		if err := h.AddPerson(ctx, h.me, id, "not an address"); err == nil {
			t.Error("an address without a domain was taken")
		}
		for range 2 {
			if err := h.AddPerson(ctx, h.me, id, "Dana@Northwind.example.org"); err != nil {
				t.Fatal(err)
			}
		}
		ps := people()
		if len(ps) != 2 {
			t.Fatalf("%d people, want 2", len(ps))
		}
		if err := h.RemovePerson(ctx, h.me, id, ps[0]); err != nil || len(people()) != 1 {
			t.Errorf("after taking one off: %v %v", people(), err)
		}
		ds, err := h.DealNames(ctx, h.me, 5)
		if name, err2 := h.NameOfDeal(ctx, h.me, id); err != nil || err2 != nil || len(ds) != 1 || ds[0].Name != name || name != "Northwind" {
			t.Errorf("names %+v, %q %v %v", ds, name, err, err2)
		}
	})
}

// TestGoing follows a mail of the outbox while it can be taken back.
func TestGoing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		id, err := h.NewDeal(ctx, h.me, "", "maya@northwind.example.org", dottedline.Sale, "")
		if err != nil {
			t.Fatal(err)
		}
		out, err := h.Send(ctx, h.me, id, desk.Prepared{Text: "Hello", Subject: "Hello"}, "once")
		if err != nil {
			t.Fatal(err)
		}
		h.now = h.now.Add(4 * time.Second)
		if g, err := h.Going(ctx, h.me, out); err != nil || !g.Undoable || g.Left != 6*time.Second || g.To != "maya@northwind.example.org" {
			t.Errorf("going %+v %v", g, err)
		}
		h.now = h.now.Add(7 * time.Second)
		if g, err := h.Going(ctx, h.me, out); err != nil || g.Undoable {
			t.Errorf("after its time %+v %v", g, err)
		}
	})
}
