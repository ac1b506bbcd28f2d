package web

import (
	"strings"
	"testing"

	"dottedline"
	"dottedline/internal/desk"
)

// TestRoomBooks: the room's own page books with the seller without asking who
// it is, and the booking is the deal's.
func TestRoomBooks(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	h.legal()
	id := h.firstDeal()
	link, _ := h.sent(0)
	g := h.enterRoom(link, address(0))
	g.sees("Book a call")
	stranger := h.visitor()
	stranger.get(link + "/book")
	stranger.sees("has a page for you")
	g.get(g.match(`href="(/room/[^"]+/book)"`))
	g.get(strings.ReplaceAll(g.match(`class="btn" href="(/room/[^"]+at=\d+[^"]*)"`), "&amp;", "&"))
	g.sees("The invitation goes to " + address(0))
	g.lacks(`name="person"`, `name="mail"`)
	g.post(link+"/book", "at", g.match(`name="at" value="([^"]+)"`), "kind", g.match(`name="kind" value="([^"]+)"`), "zone", "Europe/Oslo",
		"press", g.match(`name="press" value="([^"]+)"`), "answer", "The notice period")
	g.sees("Booked.", address(0))
	v := h.visitor()
	v.get("/deals/" + id.String())
	v.sees("A talk booked", "The notice period")
	if letter := h.letterTo(address(0)); !strings.Contains(string(letter.Text), "A talk") {
		t.Errorf("the invitation says %q", letter.Text)
	}
}

// TestRoomPlans: steps are added and moved in the room, and are on the deal.
func TestRoomPlans(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	h.legal()
	id := h.firstDeal()
	link, _ := h.sent(0)
	g := h.enterRoom(link, address(0))
	day := h.Now().AddDate(0, 0, 2)
	g.post(link+"/steps", "text", "Ask the board", "owner", "them", "due", day.Format("2006-01-02"))
	g.sees("Ask the board", "by "+day.Format("Mon 2"))
	step := g.match(`id="move-([a-z0-9]+)"><summary[^>]*>Another day<span class="vh">: Ask the board`)
	g.post(link+"/steps/"+step+"/day", "due", day.AddDate(0, 0, 3).Format("2006-01-02"))
	g.sees("by " + day.AddDate(0, 0, 3).Format("Mon 2"))
	g.post(link+"/steps", "text", "Send the invoice", "owner", "us", "due", "soon")
	g.sees("is not a day")
	g.post(link+"/steps", "text", "Send the invoice", "owner", "us")
	g.sees("Send the invoice")
	v := h.visitor()
	v.get("/deals/" + id.String())
	v.sees("Ask the board", "Send the invoice", "New: Ask the board", "Moved to")
}

// TestMergeAsks: of two deals with agreements, the page asks which one stays.
func TestMergeAsks(t *testing.T) {
	t.Parallel()
	h := furnished(t, 2)
	h.legal()
	first := h.firstDeal()
	v := h.visitor()
	v.post("/deals/" + first.String() + "/yes")
	p, err := h.NowPage(t.Context(), h.me, desk.NowQuery{})
	if err != nil {
		t.Fatal(err)
	}
	var second dottedline.DealID
	for _, r := range p.Rows {
		if r.Deal.ID != first {
			second = r.Deal.ID
		}
	}
	v.post("/deals/" + second.String() + "/yes")
	v.post("/deals/"+second.String()+"/merge", "into", first.String())
	v.sees("Which agreement stays?", "A draft; nobody has seen it.")
	v.post("/deals/"+second.String()+"/merge", "into", first.String(), "keep", v.match(`name="keep" value="([^"]+)"`))
	v.sees("Merged with")
	as, err := h.CurrentAgreements(t.Context(), h.me, first, second)
	if err != nil || len(as) == 0 || as[0].ID != as[len(as)-1].ID {
		t.Errorf("after merging there are %+v, %v", as, err)
	}
}
