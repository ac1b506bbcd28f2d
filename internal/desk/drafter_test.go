package desk_test

import (
	"context"
	"strings"
	"testing"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

// TestDrafter: off means that nothing is asked; on, what was shown is what is
// sent; the model's text becomes the marked draft, and can be taken back.
func TestDrafter(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.URL = "https://deals.example.com"
		var calls []desk.ModelCall
		answer, fails := "Maya,\n\nit does. See [link 1].\n\nSam", error(nil)
		h.AskModel = func(_ context.Context, c desk.ModelCall) (string, error) {
			calls = append(calls, c)
			return answer, fails
		}
		deal, err := h.NewDeal(ctx, h.me, "Northwind", "maya@northwind.example.org", dottedline.Sale, "1000")
		h.ok(err)
		h.deliver(msg("m1", maya, "sam@pine.example.com", h.now, "Pilot", "Does it run on our own server?"))

		on := desk.DrafterSettings{On: true, URL: "http://127.0.0.1:11434/v1/", Model: "llama3.1", HasKey: true}
		low := h.me
		low.Role = dottedline.MemberRole
		if err := h.SetDrafter(ctx, low, on, ""); kindOf(err) != dottedline.Forbidden {
			t.Errorf("a member turned it on: %v", err)
		}
		if _, err := h.TestDrafter(ctx, low); kindOf(err) != dottedline.Forbidden {
			t.Errorf("a member tested it: %v", err)
		}
		for _, bad := range []desk.DrafterSettings{{On: true, Model: "m"}, {On: true, URL: "https://a.example.com/v1"}, {URL: "file:///etc/passwd"}, {URL: "https://me:pw@a.example.com/v1"}, {URL: "https://a.example.com/v1?x=1"}} {
			if err := h.SetDrafter(ctx, h.me, bad, ""); kindOf(err) != dottedline.Invalid {
				t.Errorf("took %+v: %v", bad, err)
			}
		}
		if p, err := h.Prepare(ctx, h.me, deal); err != nil || p.Drafter != nil {
			t.Fatalf("offered while off: %+v %v", p, err)
		}
		if _, err := h.TestDrafter(ctx, h.me); kindOf(err) != dottedline.Invalid {
			t.Errorf("tested while off: %v", err)
		}
		if err := h.WriteByModel(ctx, h.me, deal, ""); kindOf(err) != dottedline.Invalid || len(calls) != 0 {
			t.Errorf("written while off: %v, %d calls", err, len(calls))
		}

		h.ok(h.SetDrafter(ctx, h.me, on, "sk-secret"))
		s, err := h.DrafterSettings(ctx, low)
		if want := (desk.DrafterSettings{On: true, URL: "http://127.0.0.1:11434/v1", Model: "llama3.1", HasKey: true}); err != nil || s != want {
			t.Errorf("settings %+v %v", s, err)
		}
		h.ok(db.View(ctx, h.me.Workspace, func(t2 *store.Tx) error {
			_, s, err := t2.ThisWorkspace()
			if strings.Contains(string(s.Drafter.Key), "secret") {
				t.Error("the key is kept as it is")
			}
			return err
		}))
		gift, err := h.SaveGift(ctx, h.me, dottedline.Gift{Kind: dottedline.NoteGift, Title: "How to run it on your own server", Text: "A server of your own needs one file."})
		h.ok(err)
		h.ok(h.Give(ctx, h.me, deal, gift))
		p, err := h.Prepare(ctx, h.me, deal)
		h.ok(err)
		for _, want := range []string{"Does it run on our own server?", "To: Maya Okafor", "From: Sam Field", "How to run it on your own server: [link 1]"} {
			if !strings.Contains(p.Drafter.Prompt, want) {
				t.Errorf("%q is not in %s", want, p.Drafter.Prompt)
			}
		}
		if strings.Contains(p.Drafter.Prompt, h.URL) {
			t.Errorf("a link is in the prompt:\n%s", p.Drafter.Prompt)
		}
		before := p.Text
		if err := h.WriteByModel(ctx, h.me, deal, "another"); kindOf(err) != dottedline.Conflict || len(calls) != 0 {
			t.Errorf("sent what was not shown: %v", err)
		}
		fails = dottedline.Wrong("", "Its server answered 500.")
		if err := h.WriteByModel(ctx, h.me, deal, p.Drafter.Seal); kindOf(err) != dottedline.Invalid {
			t.Errorf("failed as %v", err)
		}
		if p, err = h.Prepare(ctx, h.me, deal); err != nil || p.Text != before || p.Model != "" {
			t.Errorf("after a failure: %+v %v", p, err)
		}
		fails = nil
		h.ok(h.WriteByModel(ctx, h.me, deal, p.Drafter.Seal))
		if got, want := calls[len(calls)-1], (desk.ModelCall{URL: "http://127.0.0.1:11434/v1", Model: "llama3.1", Key: "sk-secret", Prompt: p.Drafter.Prompt}); got != want {
			t.Errorf("asked %+v\nwant %+v", got, want)
		}
		p, err = h.Prepare(ctx, h.me, deal)
		if err != nil || p.Model != "llama3.1" || !strings.Contains(p.Text, "it does. See https://deals.example.com/g/") {
			t.Errorf("draft %q by %q, %v", p.Text, p.Model, err)
		}
		h.ok(h.SaveDraft(ctx, h.me, deal, p.Text+"\nPS: hello"))
		if p, err = h.Prepare(ctx, h.me, deal); err != nil || p.Model != "llama3.1" {
			t.Errorf("edited, it is by %q: %v", p.Model, err)
		}
		if o, _, err := h.NextOutbound(ctx); o != nil || err != nil {
			t.Errorf("something was sent: %v %v", o, err)
		}
		h.ok(h.TakeBackModel(ctx, h.me, deal))
		if p, err = h.Prepare(ctx, h.me, deal); err != nil || p.Text != before || p.Model != "" {
			t.Errorf("taken back: %q by %q, %v", p.Text, p.Model, err)
		}
		answer = "Maya,\n\nit does.\n\nSam"
		h.ok(h.WriteByModel(ctx, h.me, deal, p.Drafter.Seal))
		if p, err = h.Prepare(ctx, h.me, deal); err != nil || !strings.HasSuffix(p.Text, "\n\nSam") || !strings.Contains(p.Text, "server: https://deals.example.com/g/") {
			t.Errorf("the gift was lost: %q %v", p.Text, err)
		}

		h.ok(h.SetDrafter(ctx, h.me, on, "")) // keeps the key
		if _, err := h.TestDrafter(ctx, h.me); err != nil || calls[len(calls)-1].Key != "sk-secret" || calls[len(calls)-1].Prompt != desk.DrafterTest {
			t.Errorf("test asked %+v: %v", calls[len(calls)-1], err)
		}
		on.URL = "https://models.example.com/v1"
		h.ok(h.SetDrafter(ctx, h.me, on, "")) // another address: the key is not for it
		if s, err := h.DrafterSettings(ctx, h.me); err != nil || s.HasKey {
			t.Errorf("the key went along to another address: %+v %v", s, err)
		}
	})
}
