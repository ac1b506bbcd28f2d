package main

import (
	"context"
	"fmt"
	"time"

	"dottedline"
	"dottedline/mail"
)

// prospects are people who each have a deal with the seller.
func (h *house) prospects(ctx context.Context, n int) (from []mail.Address, err error) {
	for i := range n {
		a := mail.Address{Name: fmt.Sprintf("Maya %d Okafor", i), Addr: fmt.Sprintf("maya@northwind%d.example.com", i)}
		from = append(from, a)
		if _, err := h.desk.NewDeal(ctx, h.me, fmt.Sprintf("Northwind %d", i), a.Addr, dottedline.Sale, "28,800"); err != nil {
			return nil, err
		}
	}
	return from, nil
}

// question is the i-th mail of a prospect to the seller, and a word that is in no
// other.
func question(i int, from mail.Address) (word string, raw []byte, err error) {
	word = fmt.Sprintf("question%dabc", i)
	raw, err = mail.Compose(mail.Draft{MessageID: word + "@northwind.example.com", Date: time.Now(), From: from,
		To: []mail.Address{{Addr: seller.addr}}, Subject: "Notice period", Text: "About " + word + ": can we talk at four?"})
	return word, raw, err
}
