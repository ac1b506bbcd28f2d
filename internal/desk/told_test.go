package desk_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
	"dottedline/mail"
)

// out are the mails that have gone out since it was asked last.
func (h *house) out() (ms []*mail.Message) {
	h.t.Helper()
	for {
		o, _, err := h.NextOutbound(ctx)
		h.ok(err)
		if o == nil {
			return ms
		}
		m, err := mail.Parse(o.Raw)
		h.ok(err)
		ms = append(ms, m)
		h.ok(h.MailSent(ctx, o))
	}
}

func (h *house) letter(who, id, text string, lines ...string) string {
	return fmt.Sprintf("Message-ID: <%s@x.example.org>\nFrom: %s\nTo: sam@pine.example.com\nDate: %s\nSubject: Forty seats\n%s\n%s\n", id, who, h.now.Format(time.RFC1123Z), strings.Join(append(lines, ""), "\n"), text)
}

const okafor = "Maya Okafor <maya@northwind.example.org>"

func (h *house) events(db *store.DB) (es []string) {
	h.t.Helper()
	h.ok(db.View(ctx, h.me.Workspace, func(t *store.Tx) error {
		ns, err := t.NoticesSince(time.Time{}, 100)
		for _, n := range ns {
			es = append([]string{string(n.Event) + ": " + n.Title}, es...)
		}
		return err
	}))
	return es
}

// TestLateBeforeLate: the row turns and the notice comes while there is still
// time; an answer takes both back.
func TestLateBeforeLate(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db) // Monday, nine o'clock
		h.ok(h.SetHours(ctx, h.me, dottedline.OfficeHours("UTC")))
		deal, err := h.NewDeal(ctx, h.me, "Northwind", "maya@northwind.example.org", dottedline.Sale, "28,800")
		h.ok(err)
		h.ok(h.SetPromise(ctx, h.me, 2))
		h.deliver(h.letter(okafor, "a", "Does it run on our own server?"))
		late := func() dottedline.Lateness { h.t.Helper(); return h.nowPage().Rows[0].Late }
		began := h.now
		if l := late(); !l.Due.Equal(began.Add(2*time.Hour)) || l.Soon(h.now) {
			t.Errorf("at first %+v", l)
		}
		h.now = began.Add(89 * time.Minute)
		h.work()
		if l := late(); l.Soon(h.now) || len(h.events(db)) != 1 {
			t.Errorf("too early: %+v %v", l, h.events(db))
		}
		h.now = began.Add(90 * time.Minute)
		h.work()
		h.work()
		if l := late(); !l.Soon(h.now) || l.Broken(h.now) {
			t.Errorf("at three quarters: %+v", l)
		}
		want := []string{"reply: Maya Okafor replied", "late: Maya Okafor waits: 30 minutes left"}
		if got := h.events(db); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("told %q, want %q", got, want)
		}
		h.now = began.Add(2 * time.Hour)
		if l := late(); !l.Broken(h.now) {
			t.Errorf("at two hours: %+v", l)
		}
		_, err = h.Send(ctx, h.me, deal, desk.Prepared{Text: "It does."}, "press")
		h.ok(err)
		h.now = h.now.Add(time.Minute)
		h.out()
		h.deliver(h.letter(okafor, "b", "And the price?"))
		h.now = h.now.Add(time.Minute)
		h.ok(h.NothingToAnswer(ctx, h.me, deal))
		h.now = h.now.Add(3 * time.Hour)
		h.work()
		if got := h.events(db); len(got) != 3 {
			t.Errorf("of what was settled it told %q", got)
		}
		js, err := h.Jobs(ctx, h.me)
		h.ok(err)
		for _, j := range js {
			if j.Kind == "late" || j.Kind == "promise" {
				t.Errorf("still planned: %+v", j)
			}
		}
	})
}

// TestSoonStandsAboveNow: whoever is about to be answered late stands above the
// list, however cheap the wait is, and the order of the list stays.
func TestSoonStandsAboveNow(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db) // Monday, nine o'clock
		h.ok(h.SetHours(ctx, h.me, dottedline.OfficeHours("UTC")))
		h.ok(h.SetPromise(ctx, h.me, 2))
		began := h.now
		write := func(n int, value string) dottedline.DealID {
			t.Helper()
			addr := fmt.Sprintf("p%d@firm%d.example.org", n, n)
			id, err := h.NewDeal(ctx, h.me, fmt.Sprint("Firm ", n), addr, dottedline.Sale, value)
			h.ok(err)
			h.deliver(h.letter(fmt.Sprintf("Person %d <%s>", n, addr), fmt.Sprint("m", n), "Does it run on our own server?"))
			return id
		}
		cheap := write(0, "10")
		h.now = began.Add(time.Hour)
		second := write(1, "20")
		h.now = h.now.Add(time.Minute)
		for n := 2; n < 60; n++ {
			write(n, "28,800")
		}
		soon := func() (ids []dottedline.DealID) {
			t.Helper()
			for _, r := range h.nowPage().Soon {
				if !r.Late.Soon(h.now) {
					t.Errorf("%s is not about to be late: %+v", r.Deal.Name, r.Late)
				}
				ids = append(ids, r.Deal.ID)
			}
			return ids
		}
		if got := soon(); len(got) != 0 {
			t.Errorf("at first %v", got)
		}
		h.now = began.Add(91 * time.Minute)
		h.work()
		p := h.nowPage()
		if got := soon(); !slices.Equal(got, []dottedline.DealID{cheap}) || slices.ContainsFunc(p.Rows, func(r desk.Row) bool { return r.Deal.ID == cheap }) {
			t.Fatalf("soon %v, and it is among the first %d rows", got, len(p.Rows))
		}
		if !slices.IsSortedFunc(p.Rows, func(a, b desk.Row) int { return cmp.Compare(float64(b.Cost)/b.Minutes, float64(a.Cost)/a.Minutes) }) {
			t.Error("the list is no longer by what a minute is worth")
		}
		h.ok(h.Later(ctx, h.me, cheap, h.now.Add(time.Hour)))
		if got := soon(); len(got) != 0 {
			t.Errorf("put off by choice: %v", got)
		}
		h.now = began.Add(2*time.Hour + 32*time.Minute) // all of the others turn
		h.work()
		if got := soon(); len(got) != 8 || got[0] != second || slices.Contains(got, cheap) {
			t.Errorf("soon %v, want %v first of eight", got, second)
		}
		_, err := h.Send(ctx, h.me, second, desk.Prepared{Text: "It does."}, "press")
		h.ok(err)
		if got := soon(); slices.Contains(got, second) {
			t.Error("an answer is on its way, and it is said to be late")
		}
		h.now = began.Add(3*time.Hour + 2*time.Minute)
		h.out()
		h.work()
		if got := soon(); len(got) != 0 {
			t.Errorf("when it is late: %v", got)
		}
		h.ok(h.SetPromise(ctx, h.me, 4)) // said anew, it holds again
		h.now = began.Add(4*time.Hour + 2*time.Minute)
		h.work()
		if got := soon(); len(got) != 8 {
			t.Errorf("with a longer promise %v", got)
		}
		h.ok(h.SetPromise(ctx, h.me, 0))
		if got := soon(); len(got) != 0 {
			t.Errorf("without a promise: %v", got)
		}
	})
}

func TestDigestMail(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db) // Monday, nine o'clock, UTC
		h.ok(h.SetHours(ctx, h.me, dottedline.OfficeHours("Europe/Oslo")))
		h.URL = "https://deals.example.com"
		h.ok(h.SetTold(ctx, h.me, dottedline.Told{Digest: dottedline.Digest{On: true, At: 8 * 60}}))
		h.now = time.Date(2026, 3, 3, 7, 0, 0, 0, time.UTC)
		h.work()
		if ms := h.out(); len(ms) != 0 {
			t.Errorf("with nothing to say it says %q", ms[0].Text)
		}
		deal, err := h.NewDeal(ctx, h.me, "Northwind", "maya@northwind.example.org", dottedline.Sale, "28,800")
		h.ok(err)
		h.deliver(h.letter(okafor, "a", "Does it run on our own server?"))
		h.ok(h.SayYes(ctx, dottedline.Actor{Workspace: h.me.Workspace, Member: h.me.Member, Role: h.me.Role}, deal, "Yes.", 0, 0))
		h.now = time.Date(2026, 3, 4, 6, 59, 0, 0, time.UTC)
		h.work()
		if ms := h.out(); len(ms) != 0 {
			t.Error("it came before its hour")
		}
		h.now = h.now.Add(time.Minute)
		h.work()
		h.work()
		ms := h.out()
		if len(ms) != 1 {
			t.Fatalf("%d digests", len(ms))
		}
		m := ms[0]
		if m.Subject != "One person waits on you" || m.To[0].Addr != "sam@pine.example.com" || m.Header.Get("Auto-Submitted") != "auto-generated" {
			t.Errorf("%q to %v, %v", m.Subject, m.To, m.Header)
		}
		for _, want := range []string{"Maya Okafor, Northwind", "https://deals.example.com/deals/" + deal.String(), "Does it run on our own server?", "Change it: https://deals.example.com/settings/notices"} {
			if !strings.Contains(m.Text, want) {
				t.Errorf("the digest lacks %q:\n%s", want, m.Text)
			}
		}
		js, err := h.Jobs(ctx, h.me)
		h.ok(err)
		if len(js) == 0 || js[len(js)-1].What != "Mail the digest" {
			t.Errorf("the next is not planned: %+v", js)
		}
		h.now = time.Date(2026, 3, 6, 7, 0, 0, 0, time.UTC)
		h.work()
		h.out()
		h.now = time.Date(2026, 3, 8, 23, 0, 0, 0, time.UTC)
		h.work()
		if ms := h.out(); len(ms) != 0 {
			t.Errorf("on a day off: %q", ms[0].Text)
		}
	})
}

// TestAwayNote: one note to each person with a deal, none to machines, lists,
// strangers, or where somebody stands in; marked as what it is.
func TestAwayNote(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.ok(h.SetHours(ctx, h.me, dottedline.OfficeHours("UTC")))
		_, err := h.NewDeal(ctx, h.me, "Northwind", "maya@northwind.example.org", dottedline.Sale, "28,800")
		h.ok(err)
		h.ok(h.SetTold(ctx, h.me, dottedline.Told{Away: dottedline.Away{From: "2026-03-02", To: "2026-03-06", Note: "Ingrid helps meanwhile."}}))
		h.deliver(h.letter(okafor, "robot", "I am out.", "Auto-Submitted: auto-replied"), h.letter(okafor, "list", "News.", "List-Id: <x.example.org>", "Precedence: list"),
			h.letter("Eve <eve@stranger.example.org>", "stranger", "Buy this."),
			strings.Replace(h.letter(okafor, "copied", "For all of you."), "To: sam@pine.example.com", "To: everybody@pine.example.com", 1))
		if ms := h.out(); len(ms) != 0 {
			t.Fatalf("a note went to %v: %s", ms[0].To, ms[0].Text)
		}
		h.deliver(h.letter(okafor, "a", "Does it run on our own server?"))
		h.deliver(h.letter(okafor, "b", "Hello?"))
		ms := h.out()
		if len(ms) != 1 {
			t.Fatalf("%d notes", len(ms))
		}
		m := ms[0]
		if m.Header.Get("Auto-Submitted") != "auto-replied" || m.Header.Get("Precedence") != "bulk" || m.Subject != "Away: Re: Forty seats" || m.InReplyTo[0] != "a@x.example.org" || m.To[0].Addr != "maya@northwind.example.org" {
			t.Errorf("%q %v %v", m.Subject, m.InReplyTo, m.Header)
		}
		for _, want := range []string{"Hello Maya,", "I answer from Monday 9 March on.", "Ingrid helps meanwhile.", "Sam Field"} {
			if !strings.Contains(m.Text, want) {
				t.Errorf("the note lacks %q:\n%s", want, m.Text)
			}
		}
		p := h.nowPage()
		if r := p.Rows[0]; r.Deal.Ball.Side != dottedline.Us || r.Away != "Sam Field" || r.Stand.ID != 0 {
			t.Errorf("the note moved the ball, or nobody says that Sam is away: %+v", r.Deal.Ball)
		}
		invite, err := h.Invite(ctx, h.me, dottedline.MemberRole)
		h.ok(err)
		session, err := h.Join(ctx, invite, "ingrid@pine.example.com", "Ingrid Dahl", "a long enough one", "UTC")
		h.ok(err)
		ingrid, err := h.Session(ctx, session)
		h.ok(err)
		h.ok(h.SetTold(ctx, h.me, dottedline.Told{Away: dottedline.Away{From: "2026-03-03", To: "2026-03-06", Stand: ingrid.Member}}))
		h.now = h.now.Add(24 * time.Hour)
		h.deliver(h.letter(okafor, "c", "Still there?"))
		if ms := h.out(); len(ms) != 0 {
			t.Errorf("a note went out although Ingrid stands in: %s", ms[0].Text)
		}
		if r := h.nowPage().Rows[0]; r.Stand.ID != ingrid.Member || r.Away != "Sam Field" {
			t.Errorf("the row is %q's, for %q", r.Stand.Name, r.Away)
		}
	})
}

// TestToldOfTheRoom: what happens in the room is told of, each thing once, and
// nobody of what was only looked at again.
func TestToldOfTheRoom(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newClosing(t, db)
		_, ms := c.send()
		before := len(c.events(db))
		v := c.letIn(c.to(ms[0])) // with the code they are in
		c.ok(c.Opened(ctx, v))
		c.ok(c.Opened(ctx, v))
		c.ok(c.AskQuestion(ctx, v, "Can we pay by quarter?"))
		c.ok(c.AskQuestion(ctx, v, "Can we pay by quarter?"))
		room, err := c.Room(ctx, v)
		c.ok(err)
		c.ok(c.Sign(ctx, v, desk.Signing{Name: "Maya Okafor", SHA256: room.Agreement.SHA256, Consent: true}))
		var got []string
		for _, e := range c.events(db)[before:] {
			kind, _, _ := strings.Cut(e, ":")
			got = append(got, kind)
		}
		if want := []string{"opened", "question", "signed", "signed"}; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("told %q, want %q", c.events(db)[before:], want)
		}
		if all := strings.Join(c.events(db), "\n"); !strings.Contains(all, "opened the agreement") || !strings.Contains(all, "everybody has signed") {
			t.Errorf("told %s", all)
		}
	})
}
