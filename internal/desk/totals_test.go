package desk_test

import (
	"fmt"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
	"dottedline/mail"
)

// TestTotalsOfMany: with many deals the page goes on with the totals as they
// were and is told when they are counted anew.
func TestTotalsOfMany(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("makes two thousand deals: left out with -short")
	}
	db := storetest.Open(t, "sqlite")
	h := newHouse(t, db)
	must(t, db.Write(ctx, h.me.Workspace, func(t *store.Tx) error {
		return t.PutOwn(store.Own{Address: "sales@example.com", Kind: dottedline.Sale})
	}))
	from := func(i int) desk.Incoming {
		raw, err := mail.Compose(mail.Draft{MessageID: fmt.Sprintf("%d@example.org", i), Date: h.now, From: mail.Address{Addr: fmt.Sprintf("p%d@c%d.example.org", i, i)},
			To: []mail.Address{{Addr: "sales@example.com"}}, Subject: "Offer", Text: "Can you send an offer?"})
		must(t, err)
		return desk.Incoming{Raw: raw, At: h.now}
	}
	var in []desk.Incoming
	for i := range 2001 {
		in = append(in, from(i))
	}
	_, err := h.ReceiveMail(ctx, h.me.Workspace, in, nil)
	must(t, err)
	if p := h.nowPage(); p.OpenDeals != 2001 || p.Waiting != 2001 || len(p.Rows) != 50 {
		t.Fatalf("%d open, %d wait, %d rows; want 2001, 2001, 50", p.OpenDeals, p.Waiting, len(p.Rows))
	}
	told := make(chan dottedline.WorkspaceID, 10)
	_, err = h.ReceiveMail(ctx, h.me.Workspace, []desk.Incoming{from(2001)}, nil)
	must(t, err)
	db.Announce = func(ws dottedline.WorkspaceID) { told <- ws }
	if p := h.nowPage(); p.OpenDeals != 2001 {
		t.Errorf("%d open at once; want those that were counted last", p.OpenDeals)
	}
	h.now = h.now.Add(time.Hour)
	if p := h.nowPage(); p.OpenDeals != 2001 {
		t.Errorf("%d open; the page waited for the count", p.OpenDeals)
	}
	select {
	case <-told:
	case <-time.After(time.Minute):
		t.Fatal("nobody was told that the totals are there")
	}
	if p := h.nowPage(); p.OpenDeals != 2002 || p.Waiting != 2002 {
		t.Errorf("%d open, %d wait; want 2002 each", p.OpenDeals, p.Waiting)
	}
}
