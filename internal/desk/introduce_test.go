package desk_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
	"dottedline/mail"
)

const whyMeet = "You both look for a way to keep front desks calm."

var omar = desk.Acquaintance{Address: "omar@brightwell.example.org", Name: "Omar Haddad"}

var introLink = regexp.MustCompile(`/introduction/([A-Za-z0-9_-]{43})`)

// sendAll sends what is due and gives it by the first address it went to.
func (h *house) sendAll() map[string]*mail.Message {
	h.t.Helper()
	h.now = h.now.Add(time.Minute)
	out := map[string]*mail.Message{}
	for {
		o, _, err := h.NextOutbound(ctx)
		must(h.t, err)
		if o == nil {
			return out
		}
		must(h.t, h.MailSent(ctx, o))
		m, err := mail.Parse(o.Raw)
		must(h.t, err)
		if out[m.To[0].Addr] != nil {
			h.t.Errorf("two mails to %s", m.To[0].Addr)
		}
		out[m.To[0].Addr] = m
	}
}

// asked introduces Omar to Maya and gives the links of both, yes before no.
func (h *house) asked(deal dottedline.DealID, once string) (maya, other []string) {
	h.t.Helper()
	_, err := h.Introduce(ctx, h.me, deal, omar, whyMeet, once)
	must(h.t, err)
	sent := h.sendAll()
	if len(sent) != 2 || sent[mayaAt] == nil || sent[string(omar.Address)] == nil {
		h.t.Fatalf("asked by %d mails", len(sent))
	}
	links := func(to string) (out []string) {
		for _, m := range introLink.FindAllStringSubmatch(sent[to].Text, -1) {
			out = append(out, m[1])
		}
		if len(out) != 2 || !strings.Contains(sent[to].Text, whyMeet) {
			h.t.Fatalf("to %s: %q", to, sent[to].Text)
		}
		return out
	}
	if strings.Contains(sent[mayaAt].Text, string(omar.Address)) || strings.Contains(sent[string(omar.Address)].Text, mayaAt) {
		h.t.Error("an address is given away before both said yes")
	}
	return links(mayaAt), links(string(omar.Address))
}

func (h *house) introTouches(deal dottedline.DealID) (out []dottedline.TouchKind) {
	h.t.Helper()
	p, err := h.DealPage(ctx, h.me, deal)
	must(h.t, err)
	for _, m := range p.Timeline {
		switch m.Kind {
		case dottedline.IntroduceTouch, dottedline.IntroYesTouch, dottedline.IntroNoTouch, dottedline.IntroducedTouch:
			out = append(out, m.Kind)
		}
	}
	slices.Reverse(out)
	return out
}

// TestIntroduction: both are asked by mails of their own, joined once both said
// yes, by one mail however often they press, and that counts as a gift.
func TestIntroduction(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, deal := talking(t, db)
		h.URL = "https://pine.example.com"
		ball := h.ball(deal)
		mayas, omars := h.asked(deal, "p1")
		_, err := h.Introduce(ctx, h.me, deal, omar, whyMeet, "p1") // the press came twice
		must(t, err)
		if _, err := h.Introduce(ctx, h.me, deal, omar, whyMeet, "p2"); kindOf(err) != dottedline.Conflict {
			t.Errorf("asked again: %v", err)
		}
		if n := len(h.sendAll()); n != 0 {
			t.Errorf("%d more mails", n)
		}
		v, err := h.Introduction(ctx, omars[0])
		must(t, err)
		if !v.Open || v.Answered != "" || v.Other != "Maya Okafor of Northwind" || v.Why != whyMeet || v.From != "Sam Field" {
			t.Errorf("visit %+v", v)
		}
		must(t, h.AnswerIntroduction(ctx, mayas[0]))
		if n := len(h.sendAll()); n != 0 {
			t.Errorf("one yes sends %d mails", n)
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if err := h.AnswerIntroduction(ctx, omars[0]); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if g, err := h.Generosity(ctx, h.me, deal); err != nil || g.Joined != 0 {
			t.Errorf("counts %d before it went out, %v", g.Joined, err)
		}
		sent := h.sendAll()
		m := sent[mayaAt]
		if len(sent) != 1 || m == nil || len(m.To) != 2 || m.To[1].Addr != string(omar.Address) || len(m.InReplyTo) != 0 || !strings.Contains(m.Text, whyMeet) || m.Subject != "Maya Okafor, meet Omar Haddad" {
			t.Fatalf("joined by %+v", m)
		}
		if g, err := h.Generosity(ctx, h.me, deal); err != nil || g.Joined != 1 || g.OnlyAsked {
			t.Errorf("%+v %v, want one gift", g, err)
		}
		if got, want := h.introTouches(deal), []dottedline.TouchKind{dottedline.IntroduceTouch, dottedline.IntroYesTouch, dottedline.IntroYesTouch, dottedline.IntroducedTouch}; !slices.Equal(got, want) {
			t.Errorf("touches %q, want %q", got, want)
		}
		is, err := h.Introductions(ctx, h.me, deal)
		must(t, err)
		if len(is) != 1 || is[0].State != dottedline.Introduced || is[0].OtherName != "Omar Haddad" {
			t.Errorf("introductions %+v", is)
		}
		if err := h.TakeBackIntroduction(ctx, h.me, is[0].ID); kindOf(err) != dottedline.Conflict {
			t.Errorf("taken back when they were joined: %v", err)
		}
		if err := h.AnswerIntroduction(ctx, omars[1]); kindOf(err) != dottedline.Conflict {
			t.Errorf("a no after that: %v", err)
		}
		h.deliver(msg("j1", maya, string(omar.Address)+", "+sam, h.now, "Re: "+m.Subject, "Glad to meet you, Omar.", "In-Reply-To: <"+m.MessageID+">"))
		h.deliver(msg("j2", "Omar Haddad <omar@brightwell.example.org>", maya+", "+sam, h.now, "Re: "+m.Subject, "And you, Maya.", "In-Reply-To: <j1@example.com>", "References: <"+m.MessageID+"> <j1@example.com>"))
		took, err := h.TakenIntroductions(ctx, h.me)
		must(t, err)
		if len(took) != 1 || took[0].TookBy != took[0].Person || took[0].Took.IsZero() {
			t.Errorf("took %+v", took)
		}
		must(t, h.SeeIntroduction(ctx, h.me, is[0].ID))
		if took, err = h.TakenIntroductions(ctx, h.me); err != nil || len(took) != 0 {
			t.Errorf("seen, and still there: %+v %v", took, err)
		}
		g, err := h.Generosity(ctx, h.me, deal)
		must(t, err)
		p, err := h.DealPage(ctx, h.me, deal)
		must(t, err)
		if x := g.People[p.Deal.Person]; x.Gifts != 1 || x.Asks != 0 || p.Row.OnlyAsked {
			t.Errorf("given to %v: %+v, only asked %v", p.Deal.Person, x, p.Row.OnlyAsked)
		}
		n := 0
		for _, m := range p.Timeline {
			if m.Kind == dottedline.IntroTookTouch {
				n++
			}
		}
		if n != 1 {
			t.Errorf("it took %d times", n)
		}
		if now := h.ball(deal); now != ball || len(p.People) != 1 {
			t.Errorf("the ball went from %v to %v, %d people in the deal", ball, now, len(p.People))
		}
	})
}

// TestIntroductionRefused: a no is told to the member alone, and can become a yes.
func TestIntroductionRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, deal := talking(t, db)
		h.URL = "https://pine.example.com"
		mayas, omars := h.asked(deal, "p1")
		must(t, h.AnswerIntroduction(ctx, mayas[0]))
		before, err := h.Introduction(ctx, mayas[0])
		must(t, err)
		must(t, h.AnswerIntroduction(ctx, omars[1]))
		if n := len(h.sendAll()); n != 0 {
			t.Errorf("a no sends %d mails", n)
		}
		if after, err := h.Introduction(ctx, mayas[0]); err != nil || after != before {
			t.Errorf("the other side sees %+v, before %+v %v", after, before, err)
		}
		is, err := h.RefusedIntroductions(ctx, h.me)
		must(t, err)
		if len(is) != 1 || is[0].OtherName != "Omar Haddad" || is[0].OSaid != dottedline.RatherNot {
			t.Fatalf("refused %+v", is)
		}
		must(t, h.SeeIntroduction(ctx, h.me, is[0].ID))
		if is, err = h.RefusedIntroductions(ctx, h.me); err != nil || len(is) != 0 {
			t.Errorf("still told: %+v %v", is, err)
		}
		must(t, h.AnswerIntroduction(ctx, omars[0]))
		out, err := h.Introductions(ctx, h.me, deal)
		must(t, err)
		if out[0].State != dottedline.Joining {
			t.Errorf("state %q after a change of mind", out[0].State)
		}
		must(t, h.TakeBackIntroduction(ctx, h.me, out[0].ID))
		if n := len(h.sendAll()); n != 0 {
			t.Errorf("%d mails after it was taken back", n)
		}
	})
}

// TestIntroductionEnds: taken back within the ten seconds nobody is asked, later
// and after its time the links lead to nothing.
func TestIntroductionEnds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, deal := talking(t, db)
		h.URL = "https://pine.example.com"
		for _, x := range []struct {
			who desk.Acquaintance
			why string
		}{
			{desk.Acquaintance{Address: mayaAt}, whyMeet}, {omar, " "}, {omar, strings.Repeat("long ", 100)}, {desk.Acquaintance{Address: omar.Address}, whyMeet},
			{desk.Acquaintance{Address: "omar"}, whyMeet}, {desk.Acquaintance{Address: "ada@pine.example.com", Name: "Ada"}, whyMeet},
		} {
			if _, err := h.Introduce(ctx, h.me, deal, x.who, x.why, ""); kindOf(err) != dottedline.Invalid {
				t.Errorf("%+v %q: %v", x.who, x.why, err)
			}
		}
		out, err := h.Introduce(ctx, h.me, deal, omar, whyMeet, "p1")
		must(t, err)
		must(t, h.Undo(ctx, h.me, out))
		if sent, is := h.sendAll(), h.introTouches(deal); len(sent)+len(is) != 0 {
			t.Errorf("%d mails and touches %q after undo", len(sent), is)
		}
		mayas, _ := h.asked(deal, "p2")
		is, err := h.Introductions(ctx, h.me, deal)
		must(t, err)
		if len(is) != 1 {
			t.Fatalf("%d introductions", len(is))
		}
		must(t, h.TakeBackIntroduction(ctx, h.me, is[0].ID))
		if err := h.AnswerIntroduction(ctx, mayas[0]); kindOf(err) != dottedline.Conflict {
			t.Errorf("answered when taken back: %v", err)
		}
		mayas, _ = h.asked(deal, "p3")
		h.now = h.now.Add(dottedline.IntroduceWithin)
		if err := h.AnswerIntroduction(ctx, mayas[0]); kindOf(err) != dottedline.Conflict {
			t.Errorf("answered too late: %v", err)
		}
		if _, err := h.Introduction(ctx, mayas[0][1:]+"x"); kindOf(err) != dottedline.NotFound {
			t.Errorf("a wrong link: %v", err)
		}
	})
}

// TestRaceOfYeses: both say yes at once, again and again, on two nodes with one
// PostgreSQL and on one with SQLite: each pair is joined by one mail.
func TestRaceOfYeses(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			url := storetest.URL(t, engine)
			open := func() *store.DB {
				db, err := store.Open(ctx, url)
				must(t, err)
				t.Cleanup(func() { db.Close() })
				return db
			}
			h, deal := talking(t, open())
			h.URL = "https://pine.example.com"
			nodes := []*desk.Desk{h.Desk}
			if engine == "postgres" {
				db := open()
				db.Now = func() time.Time { return h.now }
				v, err := desk.NewVault([]byte("0123456789abcdef0123456789abcdef"))
				must(t, err)
				nodes = append(nodes, desk.New(db, v))
			}
			const pairs, presses = 12, 4
			links := map[string][]string{}
			for i := range pairs {
				other := desk.Acquaintance{Address: dottedline.Address(fmt.Sprintf("guest%d@brightwell.example.org", i)), Name: fmt.Sprintf("Guest Number%d", i)}
				_, err := h.Introduce(ctx, h.me, deal, other, whyMeet, fmt.Sprint("p", i))
				must(t, err)
				for _, raw := range h.sendAllOf(t) {
					m, err := mail.Parse(raw)
					must(t, err)
					links[string(other.Address)] = append(links[string(other.Address)], introLink.FindStringSubmatch(m.Text)[1]) // the yes is the first
				}
			}
			var wg sync.WaitGroup
			for _, pair := range links {
				if len(pair) != 2 {
					t.Fatalf("%d mails ask a pair", len(pair))
				}
				for n := range presses * 2 {
					wg.Go(func() {
						if err := nodes[n/2%len(nodes)].AnswerIntroduction(ctx, pair[n%2]); err != nil {
							t.Error(err)
						}
					})
				}
			}
			wg.Wait()
			joined := map[string]int{}
			for _, raw := range h.sendAllOf(t) {
				m, err := mail.Parse(raw)
				must(t, err)
				if len(m.To) != 2 {
					t.Fatalf("a mail to %v", m.To)
				}
				joined[m.To[1].Addr]++
			}
			for other := range links {
				if joined[other] != 1 {
					t.Errorf("%s was joined by %d mails", other, joined[other])
				}
			}
			if kinds := h.introTouches(deal); len(kinds) != pairs*4 {
				t.Errorf("%d touches of %d introductions, want four of each", len(kinds), pairs)
			}
		})
	}
}
