package desk

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"dottedline"
	"dottedline/internal/store"
)

// Gifts are the library.
func (d *Desk) Gifts(ctx context.Context, a dottedline.Actor) (out []dottedline.Gift, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error { out, err = t.Gifts(); return err })
	return out, err
}

// SaveGift adds (ID 0) or changes a gift of the library. The bytes of a file are
// given where it is a new one.
func (d *Desk) SaveGift(ctx context.Context, a dottedline.Actor, g dottedline.Gift, file ...byte) (id dottedline.GiftID, err error) {
	if len(file) > dottedline.MaxGiftFile {
		return 0, dottedline.Wrong("A link to it serves as well.", "The file is larger than %d MB.", dottedline.MaxGiftFile>>20)
	}
	g.File = clean(g.File)
	if g, err = g.Check(); err != nil {
		return 0, err
	}
	g.Title, g.Text = clean(g.Title), clean(g.Text)
	err = d.write(ctx, a, func(t *store.Tx) error {
		if g.ID == 0 {
			g.ID = store.NewID[dottedline.Gift](t)
		}
		id = g.ID
		if len(file) > 0 {
			if err := t.PutGiftFile(id, g.File, file); err != nil {
				return err
			}
		} else if g.Kind == dottedline.FileGift {
			if name, _, err := t.GiftFile(id); err != nil {
				return err
			} else if name == "" {
				return dottedline.Wrong("Choose another one.", "The file is empty.")
			}
		}
		return t.PutGift(g)
	})
	return id, err
}

// DropGift takes a gift out of the library; the links to it end.
func (d *Desk) DropGift(ctx context.Context, a dottedline.Actor, id dottedline.GiftID) error {
	return d.write(ctx, a, func(t *store.Tx) error { return t.DropGift(id) })
}

// Give puts a gift into the draft of a deal's answer: an answer of the library
// in words, anything else as a link of this person's own that tells when it was
// opened. ID 0 gives what fits best by what they wrote.
func (d *Desk) Give(ctx context.Context, a dottedline.Actor, deal dottedline.DealID, id dottedline.GiftID) (err error) {
	defer wrap("give", &err)
	return d.write(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(deal)
		if err != nil {
			return err
		}
		draft, err := d.prepare(t, a, r.Deal)
		if err != nil {
			return err
		}
		lib, err := t.Gifts()
		if err != nil {
			return err
		}
		var g dottedline.Gift
		if id == 0 {
			g = fitting(lib, draft.Subject+" "+draft.Quoting)
		}
		for _, x := range lib {
			if x.ID == id {
				g = x
			}
		}
		if g.ID == 0 {
			return dottedline.Wrong("Add it in Settings, Gifts.", "Nothing in the library fits what they wrote.")
		}
		link, hash := newToken()
		if err := t.AddGiven(dottedline.Given{Gift: g.ID, Deal: r.ID, Person: r.Person}, hash); err != nil {
			return err
		}
		text := g.Title + ": " + d.URL + "/g/" + link
		if g.Kind == dottedline.AnswerGift {
			text = "In full, to keep: " + d.URL + "/g/" + link
			if !strings.Contains(draft.Text, g.Text) {
				text = g.Text + "\n" + text
			}
		}
		return t.PutDraft(a.Member, r.ID, above(draft.Text, text))
	})
}

// knows is the answer of the library to a question in what they wrote, "" for
// none; it and the gift that fits are named in p.
func knows(lib []dottedline.Gift, p *Prepared, wrote string) (answer string) {
	others := slices.DeleteFunc(slices.Clone(lib), func(g dottedline.Gift) bool { return g.Kind == dottedline.AnswerGift })
	answers := slices.DeleteFunc(slices.Clone(lib), func(g dottedline.Gift) bool { return g.Kind != dottedline.AnswerGift })
	if q := dottedline.Question(wrote); q != "" {
		if g := fitting(answers, q); g.ID != 0 {
			answer = g.Text
			p.Knows = append(p.Knows, "Answer of the library: “"+g.Title+"”")
		}
	}
	if g := fitting(others, p.Subject+" "+wrote); g.ID != 0 {
		p.Knows = append(p.Knows, "A gift that fits: “"+g.Title+"”")
	}
	return answer
}

// fitting is the gift that shares most words with what they wrote, each word
// counting less the more gifts hold it; none where fewer than two are shared.
func fitting(lib []dottedline.Gift, wrote string) (best dottedline.Gift) {
	asked := map[string]bool{}
	for w := range strings.FieldsSeq(store.Words(wrote)) {
		if len(w) > 3 {
			asked[w] = true
		}
	}
	holds := map[string]int{}
	words := make([]map[string]bool, len(lib))
	for i, g := range lib {
		words[i] = map[string]bool{}
		for w := range strings.FieldsSeq(store.Words(g.Title + " " + g.Text)) {
			if asked[w] && !words[i][w] {
				words[i][w] = true
				holds[w]++
			}
		}
	}
	most := 0.0
	for i, g := range lib {
		score := 0.0
		for w := range words[i] {
			score += 1 / float64(holds[w])
		}
		if len(words[i]) >= 2 && score > most {
			best, most = g, score
		}
	}
	return best
}

var giftLink = regexp.MustCompile(`/g/([A-Za-z0-9_-]{43})`)

// giftsSent counts the gifts whose links are in a mail that goes out.
func giftsSent(t *store.Tx, a dottedline.Actor, deal dottedline.DealID, text string) error {
	for _, m := range giftLink.FindAllStringSubmatch(text, -1) {
		hash := hashOf(m[1])
		n, ok, err := t.GivenAt(hash)
		if err != nil {
			return err
		}
		if !ok || n.Deal != deal || !n.At.IsZero() {
			continue
		}
		if err := t.GiftSent(hash); err != nil {
			return err
		}
		if err := touch(t, deal, dottedline.Touch{Kind: dottedline.GiftTouch, By: dottedline.Us, Member: a.Member, Text: n.Title}); err != nil {
			return err
		}
	}
	return nil
}

// GiftAt is the gift behind a link. Only OpenGift counts: programs that look
// into mails follow links too.
func (d *Desk) GiftAt(ctx context.Context, link string) (ws dottedline.WorkspaceID, g dottedline.Gift, err error) {
	ok := false
	err = d.db.Everywhere(ctx, func(q store.Global) error { ws, g, ok, err = q.GiftByLink(hashOf(link)); return err })
	if err == nil && !ok {
		err = dottedline.Missing("gift")
	}
	return ws, g, err
}

// GiftFrom is the team that gives what is behind a link.
func (d *Desk) GiftFrom(ctx context.Context, link string) (team string, err error) {
	defer wrap("say who gives", &err)
	ws, _, err := d.GiftAt(ctx, link)
	if err != nil {
		return "", err
	}
	err = d.db.View(ctx, ws, func(t *store.Tx) error {
		w, _, err := t.ThisWorkspace()
		team = w.Name
		return err
	})
	return team, err
}

// GiftFile is the file behind a link, once it was opened.
func (d *Desk) GiftFile(ctx context.Context, link string) (name string, body []byte, err error) {
	ws, g, err := d.GiftAt(ctx, link)
	if err != nil {
		return "", nil, err
	}
	err = d.db.View(ctx, ws, func(t *store.Tx) error {
		n, ok, err := t.GivenAt(hashOf(link))
		if err != nil || !ok || n.Opened.IsZero() && !n.At.IsZero() {
			return cmpErr(err, dottedline.Missing("file"))
		}
		if name, body, err = t.GiftFile(g.ID); err == nil && name == "" {
			err = dottedline.Missing("file")
		}
		return err
	})
	return name, body, err
}

// OpenGift gives what is behind a link and records that it was opened; the
// first time is a touch of theirs.
func (d *Desk) OpenGift(ctx context.Context, link string) (g dottedline.Gift, err error) {
	defer wrap("open gift", &err)
	ws, g, err := d.GiftAt(ctx, link)
	if err != nil {
		return g, err
	}
	return g, d.db.Write(ctx, ws, func(t *store.Tx) error {
		n, ok, err := t.GivenAt(hashOf(link))
		if err != nil || !ok {
			return err
		}
		if n.Opened.IsZero() && !n.At.IsZero() {
			r, err := t.Deal(n.Deal) // it may have been merged since
			if err != nil {
				return err
			}
			if err := touch(t, r.ID, dottedline.Touch{Kind: dottedline.GiftTouch, By: dottedline.Them, Person: n.Person, Text: n.Title}); err != nil {
				return err
			}
		}
		if n.At.IsZero() { // we look at it ourselves before it is sent
			return nil
		}
		return t.GiftOpened(hashOf(link))
	})
}

// Generosity is what was given on a deal beside what was asked.
type Generosity struct {
	Given     []dottedline.Given
	Joined    int // introductions, which count as gifts
	Asks      int
	OnlyAsked bool
	Library   []dottedline.Gift
	People    map[dottedline.PersonID]dottedline.Giving // of the deal, over all deals
}

// Generosity tells what was given on a deal, and what could be.
func (d *Desk) Generosity(ctx context.Context, a dottedline.Actor, deal dottedline.DealID) (g Generosity, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(deal)
		if err != nil {
			return err
		}
		if g.Given, err = t.GivenOn(r.ID); err != nil {
			return err
		}
		asks, err := t.AsksOf(r.ID)
		if err != nil {
			return err
		}
		for _, x := range asks {
			if !x.Made.IsZero() {
				g.Asks++
			}
		}
		is, err := t.IntroductionsOf(r.ID)
		if err != nil {
			return err
		}
		for _, i := range is {
			if i.State == dottedline.Introduced {
				g.Joined++
			}
		}
		g.OnlyAsked = dottedline.OnlyAsked(g.Asks, len(g.Given)+g.Joined)
		if g.Library, err = t.Gifts(); err != nil {
			return err
		}
		ps, err := t.DealPeople(r.ID)
		if err != nil {
			return err
		}
		ids := []dottedline.PersonID{r.Person}
		for _, p := range ps {
			ids = append(ids, p.ID)
		}
		g.People, err = t.Giving(ids)
		return err
	})
	return g, err
}
