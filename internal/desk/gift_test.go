package desk_test

import (
	"regexp"
	"strings"
	"testing"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

// TestGift: what fits is found by what they asked, counts once it is sent, and
// tells when it was opened.
func TestGift(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.URL = "https://pine.example.com"
		deal, err := h.NewDeal(ctx, h.me, "Northwind", "maya@northwind.example.org", dottedline.Sale, "1000")
		if err != nil {
			t.Fatal(err)
		}
		h.deliver(msg("m1", maya, "sam@pine.example.com", h.now, "Pilot", "Does the backup encrypt what leaves our own server?"))
		if err := h.Give(ctx, h.me, deal, 0); kindOf(err) != dottedline.Invalid {
			t.Errorf("an empty library fits: %v", err)
		}
		for _, g := range []dottedline.Gift{
			{Kind: dottedline.NoteGift, Title: "How others begin", Text: "A first week with forty seats."},
			{Kind: dottedline.AnswerGift, Title: "Is the backup encrypted?", Text: "Yes: before it leaves your server, with a key that only you hold."},
		} {
			if _, err := h.SaveGift(ctx, h.me, g); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := h.SaveGift(ctx, h.me, dottedline.Gift{Kind: dottedline.LinkGift, Title: "A book", URL: "javascript:alert(1)"}); kindOf(err) != dottedline.Invalid {
			t.Errorf("a link that is none: %v", err)
		}
		p, err := h.Prepare(ctx, h.me, deal)
		if err != nil || !strings.Contains(p.Text, "You asked: \"Does the backup encrypt") || strings.Count(p.Text, "with a key that only you hold") != 1 || len(p.Knows) != 1 {
			t.Fatalf("prepared %q, knows %q, %v", p.Text, p.Knows, err)
		}
		if err := h.Give(ctx, h.me, deal, 0); err != nil {
			t.Fatal(err)
		}
		p, err = h.Prepare(ctx, h.me, deal)
		if err != nil || !strings.Contains(p.Text, "with a key that only you hold") {
			t.Fatalf("draft %q %v", p.Text, err)
		}
		link := regexp.MustCompile(`/g/([A-Za-z0-9_-]{43})`).FindStringSubmatch(p.Text)[1]
		count := func() (given, opened int) {
			g, err := h.Generosity(ctx, h.me, deal)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range g.Given {
				given++
				opened += x.Times
			}
			return given, opened
		}
		if _, err := h.OpenGift(ctx, link); err != nil {
			t.Fatal(err)
		}
		if n, o := count(); n != 0 || o != 0 {
			t.Errorf("counts %d given, %d opened before it was sent", n, o)
		}
		if _, err := h.Send(ctx, h.me, deal, desk.Prepared{Text: p.Text, Subject: "Re: Pilot"}, "one"); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if g, err := h.OpenGift(ctx, link); err != nil || g.Title != "Is the backup encrypted?" {
				t.Fatalf("%+v %v", g, err)
			}
		}
		if n, o := count(); n != 1 || o != 2 {
			t.Errorf("counts %d given, %d opened, want 1 and 2", n, o)
		}
		page, err := h.DealPage(ctx, h.me, deal)
		if err != nil {
			t.Fatal(err)
		}
		var by []dottedline.Side
		for _, m := range page.Timeline {
			if m.Kind == dottedline.GiftTouch {
				by = append(by, m.By)
			}
		}
		if len(by) != 2 {
			t.Errorf("touches of the gift %v, want one of ours and one of theirs", by)
		}
		if _, err := h.OpenGift(ctx, link[1:]+"x"); kindOf(err) != dottedline.NotFound {
			t.Errorf("a wrong link: %v", err)
		}
	})
}

// TestGiftFile: a file is kept beside its gift, and handed out once its link was opened.
func TestGiftFile(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, deal := talking(t, db)
		h.URL = "https://pine.example.com"
		g := dottedline.Gift{Kind: dottedline.FileGift, Title: "The plan of the first week", File: "plan.pdf"}
		if _, err := h.SaveGift(ctx, h.me, g, make([]byte, dottedline.MaxGiftFile+1)...); kindOf(err) != dottedline.Invalid {
			t.Errorf("a file that is too large: %v", err)
		}
		if _, err := h.SaveGift(ctx, h.me, g); kindOf(err) != dottedline.Invalid {
			t.Errorf("a file without bytes: %v", err)
		}
		id, err := h.SaveGift(ctx, h.me, g, []byte("%PDF-1.7 …")...)
		must(t, err)
		g.ID, g.Title = id, "The first week"
		_, err = h.SaveGift(ctx, h.me, g) // its name alone
		must(t, err)
		must(t, h.Give(ctx, h.me, deal, id))
		p, err := h.Prepare(ctx, h.me, deal)
		must(t, err)
		link := regexp.MustCompile(`/g/([A-Za-z0-9_-]{43})`).FindStringSubmatch(p.Text)[1]
		_, err = h.Send(ctx, h.me, deal, *p, "p1")
		must(t, err)
		if _, _, err := h.GiftFile(ctx, link); kindOf(err) != dottedline.NotFound {
			t.Errorf("handed out before it was opened: %v", err)
		}
		_, err = h.OpenGift(ctx, link)
		must(t, err)
		if name, body, err := h.GiftFile(ctx, link); err != nil || name != "plan.pdf" || string(body) != "%PDF-1.7 …" {
			t.Errorf("%q %q %v", name, body, err)
		}
		must(t, h.DropGift(ctx, h.me, id))
		if _, _, err := h.GiftFile(ctx, link); kindOf(err) != dottedline.NotFound {
			t.Errorf("handed out after it was dropped: %v", err)
		}
	})
}
