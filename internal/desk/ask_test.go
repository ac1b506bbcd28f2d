package desk_test

import (
	"errors"
	"regexp"
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

const theAsk = "Will you run a paid pilot in two clinics, starting 12 January?"

// talking is a house with a deal with Maya, who wrote what she wants.
func talking(t *testing.T, db *store.DB) (*house, dottedline.DealID) {
	t.Helper()
	h := newHouse(t, db)
	t0 := h.now.Add(-72 * time.Hour)
	h.deliver(msg("1", sam, maya, t0, "Front desks", "Here is the deck."),
		msg("2", maya, sam, t0.Add(time.Hour), "Re: Front desks", "I need the front desks to stop drowning by spring. The deck is fine.", "In-Reply-To: <1@example.com>"),
		msg("3", sam, maya, t0.Add(2*time.Hour), "Re: Front desks", "Let us meet.", "In-Reply-To: <2@example.com>"))
	id, err := h.TakeOffer(ctx, h.me, h.nowPage().Offers[0].Thread, dottedline.Sale, "6,000")
	if err != nil {
		t.Fatal(err)
	}
	return h, id
}

// meeting is one from the calendar, tomorrow.
func (h *house) meeting() dottedline.MeetingID {
	h.t.Helper()
	c := desk.CalendarMeeting{Source: "cal", UID: "u1", At: h.now.Add(30 * time.Hour), Minutes: 45, Title: "Pilot", Place: "https://meet.example.com/x",
		People: []dottedline.Address{"sam@pine.example.com", "maya@northwind.example.org"}}
	id, err := h.PutMeeting(ctx, h.me.Workspace, c)
	if err != nil || id == 0 {
		h.t.Fatalf("put meeting: %v %v", id, err)
	}
	if again, err := h.PutMeeting(ctx, h.me.Workspace, c); err != nil || again != id {
		h.t.Fatalf("put again: %v %v, want %v", again, err, id)
	}
	return id
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refresh moves what the passing of time has changed.
func (h *house) refresh() {
	h.t.Helper()
	if _, err := h.Refresh(ctx, h.me.Workspace); err != nil {
		h.t.Fatal(err)
	}
}

// post sends what waits in the outbox and gives the last mail.
func (h *house) post() *mail.Message {
	h.t.Helper()
	h.now = h.now.Add(time.Minute)
	var last *mail.Message
	for {
		o, _, err := h.NextOutbound(ctx)
		must(h.t, err)
		if o == nil {
			return last
		}
		must(h.t, h.MailSent(ctx, o))
		last, _ = mail.Parse(o.Raw)
	}
}

func TestMeetingWithoutAskRises(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, _ := talking(t, db)
		id := h.meeting()
		if n := len(h.nowPage().Rows); n != 0 {
			t.Fatalf("%d rows more than a day before", n)
		}
		h.now = h.now.Add(10 * time.Hour)
		h.refresh()
		rows := h.nowPage().Rows
		if len(rows) != 1 || rows[0].Action != dottedline.SetAsk || rows[0].Meeting != id {
			t.Fatalf("rows a day before: %+v", rows)
		}
		must(t, h.NoAskToday(ctx, h.me, id, "Explore first"))
		must(t, h.NoAskToday(ctx, h.me, id, ""))
		if n := len(h.nowPage().Rows); n != 0 {
			t.Errorf("%d rows after no ask was chosen", n)
		}
		b, err := h.Brief(ctx, h.me, id)
		if err != nil || !b.Meeting.NoAsk || b.Meeting.Purpose != "Explore first" || len(b.Violations) > 0 {
			t.Errorf("brief %+v %v", b.Meeting, err)
		}
		if len(b.Wants) != 1 || b.Wants[0].Words != "I need the front desks to stop drowning by spring." || b.Wants[0].Mail == 0 {
			t.Errorf("wants %+v", b.Wants)
		}
		if bad := h.SetAgenda(ctx, h.me, id, "talk"); bad == nil {
			t.Error("an agenda without minutes was taken")
		}
		must(t, h.SetAsk(ctx, h.me, id, desk.AskPlan{Text: theAsk, Why: "One clinic with a calm front desk."}))
		must(t, h.SetAgenda(ctx, h.me, id, "38 Talk\n5 The ask *\n2 End"))
		if b, err = h.Brief(ctx, h.me, id); err != nil || b.Meeting.NoAsk || len(b.Missing) != 0 || len(b.Violations) != 1 || !slices.Contains(b.Connects, "desks") {
			t.Errorf("brief %+v missing %v breaks %v shares %v, %v", b.Ask, b.Missing, b.Violations, b.Connects, err)
		}
		must(t, h.CancelMeeting(ctx, h.me, id))
		if p, err := h.AsksPage(ctx, h.me); err != nil || p.Counts[dottedline.OutcomePlanned] != 1 || len(p.Next) != 0 {
			t.Errorf("after it was cancelled: %+v %v", p, err)
		}
	})
}

func TestRunAfterALostConnection(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, deal := talking(t, db)
		id := h.meeting()
		must(t, h.SetAsk(ctx, h.me, id, desk.AskPlan{Text: theAsk}))
		h.now = h.now.Add(31 * time.Hour)
		at := h.now.Add(-50 * time.Minute)
		jots := []dottedline.Jot{
			{ID: "a", At: at, Kind: dottedline.NoteJot, Text: "The board meets in March."},
			{ID: "b", At: at.Add(20 * time.Minute), Kind: dottedline.AskedJot},
			{ID: "c", At: at.Add(22 * time.Minute), Kind: dottedline.AnswerJot, Text: "I have to ask Omar."},
			{ID: "d", At: h.now.Add(time.Hour), Kind: dottedline.EndJot}, // the phone's clock is ahead
		}
		must(t, h.Record(ctx, h.me, id, jots[:2]))
		must(t, h.Record(ctx, h.me, id, jots))
		must(t, h.Record(ctx, h.me, id, jots[1:]))
		p, err := h.After(ctx, h.me, id)
		if err != nil || len(p.Jots) != 4 || !p.Ask.Made.Equal(at.Add(20*time.Minute)) || p.Ask.Their != "I have to ask Omar." || p.Outcome != dottedline.OutcomeLanded {
			t.Fatalf("after %+v %+v %v %v", p.Jots, p.Ask, p.Outcome, err)
		}
		if !p.Meeting.Started.Equal(at) || !p.Meeting.Ended.Equal(h.now) {
			t.Errorf("it lasted from %v to %v", p.Meeting.Started, p.Meeting.Ended)
		}
		page, err := h.DealPage(ctx, h.me, deal)
		must(t, err)
		n := map[dottedline.TouchKind]int{}
		for _, m := range page.Timeline {
			n[m.Kind]++
		}
		if n[dottedline.MeetingTouch] != 1 || n[dottedline.AskTouch] != 1 || page.Deal.Path != dottedline.Asked {
			t.Errorf("touches %v, path %s", n, page.Deal.Path)
		}
		rows := h.nowPage().Rows
		if len(rows) != 1 || rows[0].Action != dottedline.CheckAsk || rows[0].Meeting != id {
			t.Fatalf("rows %+v", rows)
		}
		must(t, h.Settle(ctx, h.me, p.Ask.ID, desk.TheyWait, "In March"))
		if p, err = h.After(ctx, h.me, id); err != nil || p.Outcome != dottedline.OutcomeNotNow || !p.Settled {
			t.Errorf("settled: %s %v %v", p.Outcome, p.Settled, err)
		}
		for _, bad := range []dottedline.Jot{{At: at, Kind: dottedline.NoteJot}, {ID: "x", At: at, Kind: "song"}} {
			if err := h.Record(ctx, h.me, id, []dottedline.Jot{bad}); err == nil {
				t.Errorf("%+v was kept", bad)
			}
		}
	})
}

const said = `WEBVTT

00:00:05.000 --> 00:00:09.000
<v Sam Field>Good to see you, Maya. How was the week?

00:01:00.000 --> 00:01:08.000
<v Maya Okafor>Busy. We are short at every front desk.

00:43:00.000 --> 00:43:20.000
<v Sam Field>And the last few bits: I will send the deck, and oh by the way I was just wondering if maybe you could run a paid pilot in two clinics from 12 January, and then the invoice thing.

00:43:25.000 --> 00:43:28.000
<v Maya Okafor>Great, thanks so much.

00:44:50.000 --> 00:45:00.000
<v Sam Field>Bye.
`

var link = regexp.MustCompile(`https://deals\.example\.com/recap/([A-Za-z0-9_-]+)`)

func TestRecapSettlesIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, deal := talking(t, db)
		id := h.meeting()
		must(t, h.SetAsk(ctx, h.me, id, desk.AskPlan{Text: theAsk, Why: "A calm desk."}))
		h.now = h.now.Add(31 * time.Hour)
		var p *dottedline.Problem
		if err := h.DropTranscript(ctx, h.me, id, "x.vtt", []byte("WEBVTT\n\n"), ""); !errors.As(err, &p) {
			t.Errorf("a broken transcript: %v", err)
		}
		must(t, h.DropTranscript(ctx, h.me, id, "pilot.vtt", []byte(said), ""))
		a, err := h.After(ctx, h.me, id)
		if err != nil || a.Heard == nil || !a.Heard.Ask.Made || a.Chance != dottedline.ChanceGood || len(a.Heard.Ask.Hedges) == 0 {
			t.Fatalf("after: %+v chance %s %v, %v", a.Heard, a.Chance, a.Checks, err)
		}
		if a.Outcome != dottedline.OutcomeMade || !strings.HasPrefix(a.Draft.First, "Maya, will you run") || !strings.Contains(a.Draft.Body, "stop drowning") {
			t.Errorf("outcome %s, recap %+v", a.Outcome, a.Draft)
		}
		if _, err := h.SendRecap(ctx, h.me, a.Ask.ID, a.Draft.Body, "p0"); err == nil {
			t.Error("sent without a public address")
		}
		h.URL = "https://deals.example.com"
		out, err := h.SendRecap(ctx, h.me, a.Ask.ID, a.Draft.Body, "p1")
		must(t, err)
		if again, err := h.SendRecap(ctx, h.me, a.Ask.ID, a.Draft.Body, "p1"); err != nil || again != out {
			t.Errorf("the same press: %v %v, want %v", again, err, out)
		}
		m := h.post()
		if m == nil || !strings.HasPrefix(m.Text, "Maya, will you run a paid pilot") {
			t.Fatalf("the recap is %+v", m)
		}
		secrets := link.FindAllStringSubmatch(m.Text, -1)
		if len(secrets) != 4 {
			t.Fatalf("%d links in %s", len(secrets), m.Text)
		}
		if d, err := h.DealPage(ctx, h.me, deal); err != nil || d.Deal.Recap.IsZero() || d.Deal.Ball.Side != dottedline.Them || d.Deal.Path != dottedline.Asked {
			t.Errorf("recap is out: %+v %v", d.Deal, err)
		}

		// Opening links changes nothing; no answer comes back as a row.
		for _, s := range secrets {
			v, err := h.Recap(ctx, s[1])
			if err != nil || v.Answered != "" || v.From != "Sam Field" || !strings.Contains(v.Ask, "paid pilot") {
				t.Errorf("link: %+v %v", v, err)
			}
		}
		h.now = h.now.Add(dottedline.RecapWithin + time.Hour)
		h.refresh()
		if rows := h.nowPage().Rows; len(rows) != 1 || rows[0].Action != dottedline.AskAgain {
			t.Errorf("rows without an answer: %+v", rows)
		}

		// "That's not what I understood", twice, with a line.
		must(t, h.AnswerRecap(ctx, secrets[3][1], "I thought it was free."))
		must(t, h.AnswerRecap(ctx, secrets[3][1], "I thought it was free."))
		must(t, h.AnswerRecap(ctx, secrets[3][1], ""))
		rows := h.nowPage().Rows
		if len(rows) != 1 || !strings.Contains(rows[0].Why, "That’s not what I understood") || rows[0].Said != "I thought it was free." || rows[0].Deal.Path != dottedline.Talking {
			t.Errorf("rows %+v", rows)
		}
		if n := countKind(h, deal, dottedline.MistakenTouch); n != 1 {
			t.Errorf("%d touches of one answer", n)
		}
		if p, err := h.AsksPage(ctx, h.me); err != nil || p.Counts[dottedline.OutcomeNotKnown] != 1 {
			t.Errorf("counts %v %v", p.Counts, err)
		}

		// A change of mind: yes, which is proposed and not taken.
		h.now = h.now.Add(time.Hour)
		must(t, h.AnswerRecap(ctx, secrets[0][1], "Let's do it."))
		rows = h.nowPage().Rows
		if len(rows) != 1 || rows[0].Deal.Path == dottedline.Yes || rows[0].Offered == nil || rows[0].Offered.Words != "Let's do it." {
			t.Errorf("rows %+v", rows)
		}
		if p, err := h.AsksPage(ctx, h.me); err != nil || p.Counts[dottedline.OutcomeYes] != 1 {
			t.Errorf("counts %v %v", p.Counts, err)
		}
		if _, err := h.Recap(ctx, secrets[0][1]+"x"); !errors.As(err, &p) || p.Kind != dottedline.NotFound {
			t.Errorf("a wrong link: %v", err)
		}
	})
}

func countKind(h *house, deal dottedline.DealID, k dottedline.TouchKind) (n int) {
	h.t.Helper()
	p, err := h.DealPage(ctx, h.me, deal)
	must(h.t, err)
	for _, m := range p.Timeline {
		if m.Kind == k {
			n++
		}
	}
	return n
}

func TestAskByMail(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, deal := talking(t, db)
		id, err := h.PlanAsk(ctx, h.me, deal, desk.AskPlan{Text: theAsk})
		must(t, err)
		if again, err := h.PlanAsk(ctx, h.me, deal, desk.AskPlan{Text: theAsk, Why: "x"}); err != nil || again != id {
			t.Errorf("planned twice: %v %v, want %v", again, err, id)
		}
		h.now = h.now.Add(time.Hour)
		h.deliver(msg("5", sam, maya, h.now, "Re: Front desks", "The deck is attached. Have a nice weekend.", "In-Reply-To: <3@example.com>"))
		if n := countKind(h, deal, dottedline.AskTouch); n != 0 {
			t.Fatal("a mail without the ask made it")
		}
		h.now = h.now.Add(time.Hour)
		h.deliver(msg("6", sam, maya, h.now, "Re: Front desks", "One thing. Would you run the paid pilot in two of the clinics, from January 12th on?", "In-Reply-To: <5@example.com>"))
		if n := countKind(h, deal, dottedline.AskTouch); n != 1 {
			t.Fatalf("%d asks made by the mail that holds it", n)
		}
		h.now = h.now.Add(time.Hour)
		h.deliver(msg("7", maya, sam, h.now, "Re: Front desks", "Not right now, ask me again in March.", "In-Reply-To: <6@example.com>"))
		r := h.nowPage().Rows[0]
		if r.Reads == nil || r.Reads.Answer != "not_now" || len(r.Reads.Words) == 0 || r.Deal.Path != dottedline.Asked {
			t.Errorf("reads %+v, path %s", r.Reads, r.Deal.Path)
		}
		p, err := h.AsksPage(ctx, h.me)
		if err != nil || p.Counts[dottedline.OutcomeLanded] != 1 {
			t.Errorf("counts %v %v", p.Counts, err)
		}
		must(t, h.Settle(ctx, h.me, id, desk.TheyRefuse, "No budget"))
		if p, err = h.AsksPage(ctx, h.me); err != nil || p.Counts[dottedline.OutcomeNo] != 1 {
			t.Errorf("counts %v %v", p.Counts, err)
		}
	})
}
