package main

import (
	"bytes"
	"context"
	"testing"

	"github.com/chromedp/chromedp"

	"dottedline"
	"dottedline/internal/store/storetest"
)

// TestClosing is the way from a yes to the dotted line on phones, by keyboard,
// each way on both engines.
func TestClosing(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			o := openOffice(t, engine)
			for _, way := range []struct {
				name string
				walk func(*office)
			}{{"signed", yesToSealed}, {"two signers", twoSign}, {"declined", declines}} {
				t.Run(way.name, func(t *testing.T) {
					x := *o
					x.t = t
					way.walk(&x)
				})
			}
		})
	}
}

// yesToSealed: a mail says yes, two keys send everything, the link comes into
// their mailbox, they enter the code, read, and sign; the page that the seller
// has open says so without a reload, and every other program finds the seal whole.
func yesToSealed(o *office) {
	const maya = "maya@northwind.example.com"
	box := o.mailbox(maya)
	seller, _ := o.deal("Northwind", maya)
	o.saysYes(seller, "Maya Okafor", maya)
	seller.sends()
	if seller.pressed != 2 {
		o.t.Errorf("from the yes to sent took %d presses, want 2", seller.pressed)
	}
	visitor := o.enters(box.link(), box)
	visitor.until(`document.querySelector("h1")?.innerText === "Maya, here is what we agreed."`)
	seller.agreementIs("opened")
	visitor.to(`summary.doc`)
	visitor.key("Enter")
	visitor.run(chromedp.Evaluate(`document.querySelector("#paper-end").scrollIntoView()`, nil))
	seller.agreementIs("read to the end")
	visitor.to(`[data-pages]`)
	visitor.key("Enter")
	visitor.until(`document.querySelectorAll("#pages canvas").length >= 2 && !document.querySelector("[data-pages]")`)
	visitor.signs()
	visitor.until(`document.querySelector(".sealed").innerText.includes("Signed and sealed.")`)
	seller.agreementIs("Signed and sealed")
	o.judge(box.attachment())
}

// judge has a sealed file judged by us and by others.
func (o *office) judge(pdf []byte) {
	o.t.Helper()
	ctx := context.Background()
	if out, err := o.desk.VerifyPDF(ctx, pdf); err != nil || !out.Valid || !out.Here {
		o.t.Errorf("our own verifier: %+v %v", out, err)
	}
	root, err := o.desk.RootCertificate(ctx, o.me)
	if err != nil {
		o.t.Fatal(err)
	}
	othersJudge(o.t, pdf, root)
}

// twoSign: the seller adds who signs second; that one is asked only after the
// first has signed, and nothing is sealed before.
func twoSign(o *office) {
	const tomas, dana = "tomas@harbor.example.com", "dana@harbor.example.com"
	first, second := o.mailbox(tomas), o.mailbox(dana)
	seller, deal := o.deal("Harbor", tomas)
	o.saysYes(seller, "Tomás Herrera", tomas)
	for _, f := range [][2]string{{"name", "Dana Wells"}, {"address", dana}, {"order", "2"}} {
		seller.run(chromedp.Focus(`[name="`+f[0]+`.2"]`), chromedp.Evaluate(`document.activeElement.select()`, nil))
		seller.write(f[1])
	}
	seller.run(chromedp.Focus(`#send .go`))
	seller.sends()

	visitor := o.enters(first.link(), first)
	visitor.signs()
	visitor.until(`document.querySelector(".sealed").innerText.includes("Dana Wells signs too")`)
	seller.until(`document.querySelectorAll("#agreement-state .made").length === 2 && window.same === true`)
	if p, err := o.desk.Closing(o.t.Context(), o.me, deal); err != nil || p.Current.State != dottedline.Out || p.Current.Final != "" {
		o.t.Errorf("after the first of two: %v %v", p.Current.State, err)
	}
	next := o.enters(second.link(), second)
	next.signs()
	next.until(`document.querySelector(".sealed").innerText.includes("Signed and sealed.")`)
	visitor.until(`document.querySelector(".sealed").innerText.includes("Signed and sealed.")`) // without a reload
	seller.agreementIs("Signed and sealed")
	pdf := first.attachment()
	if !bytes.Equal(pdf, second.attachment()) {
		o.t.Error("the two were mailed different files")
	}
	o.judge(pdf)
}

// declines: a clear no with its reason is on the seller's open page at once, and
// nothing can be signed any more.
func declines(o *office) {
	const priya = "priya@brightwell.example.com"
	box := o.mailbox(priya)
	seller, deal := o.deal("Brightwell", priya)
	o.saysYes(seller, "Priya Raman", priya)
	seller.sends()
	visitor := o.enters(box.link(), box)
	visitor.to(`#fold-decline summary`)
	visitor.key("Enter")
	visitor.to(`#decline-text`)
	visitor.write("We wait a year.")
	visitor.to(`#form-decline button`)
	visitor.key("Enter")
	visitor.until(`document.querySelector(".sealed")?.innerText.includes("Declined on") && !document.querySelector("#form-sign")`)
	seller.agreementIs("We wait a year.")
	p, err := o.desk.Closing(o.t.Context(), o.me, deal)
	if err != nil || p.Current.State != dottedline.Declined || p.Current.Final != "" || p.Next != nil {
		o.t.Errorf("after the no: %v, next reminder %v, %v", p.Current.State, p.Next, err)
	}
}
