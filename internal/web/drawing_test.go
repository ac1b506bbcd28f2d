package web

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"dottedline/internal/desk"
	"dottedline/paper"
	"dottedline/seal"
)

// box is where something stands on the screen.
type box struct{ X, Y, W, H float64 }

func (b *tab) box(selector string) box {
	b.t.Helper()
	v := eval[[]float64](b, `(() => { const e = document.querySelector("`+selector+`"); e.scrollIntoView({block: "center"}); const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height] })()`)
	return box{v[0], v[1], v[2], v[3]}
}

// pen draws a line through points on the screen.
func (b *tab) pen(at ...[2]float64) {
	b.t.Helper()
	mouse := func(kind input.MouseType, p [2]float64) {
		b.run(input.DispatchMouseEvent(kind, p[0], p[1]).WithButton(input.Left).WithButtons(1).WithClickCount(1))
	}
	mouse(input.MousePressed, at[0])
	for _, p := range at[1:] {
		mouse(input.MouseMoved, p)
	}
	mouse(input.MouseReleased, at[len(at)-1])
}

// drawnWithAPen: two strokes of a pointer on a phone's screen become the mark on
// the sealed paper; what was cleared does not.
func drawnWithAPen(t *testing.T, browser context.Context) {
	h := furnished(t, 1)
	h.legal()
	link, at := h.sent(0)
	b := h.tab(browser)
	b.run(view{"phone", 390, 844, "light"}.set(), chromedp.Navigate(h.url+link))
	b.run(chromedp.Click("button"))
	b.until(`document.querySelector("#code")`)
	b.run(chromedp.SendKeys("#code", sixDigit.FindString(h.letterTo(address(0)).Text)+"\r"))
	b.until(`document.querySelector("[data-draw]")?.offsetParent`)
	b.run(chromedp.Click("[data-draw]"))
	pad := b.box(".pen")
	b.pen([2]float64{pad.X + 20, pad.Y + 20}, [2]float64{pad.X + 60, pad.Y + 60})
	b.until(`document.querySelectorAll(".pen path").length === 1 && document.querySelector("[name=strokes]").value`)
	b.run(chromedp.Click("[data-clear]"))
	b.until(`document.querySelectorAll(".pen path").length === 0 && document.querySelector("[name=strokes]").value === ""`)
	pad = b.box(".pen")
	b.pen([2]float64{pad.X + 40, pad.Y + 70}, [2]float64{pad.X + 80, pad.Y + 20}, [2]float64{pad.X + 110, pad.Y + 70}, [2]float64{pad.X + 150, pad.Y + 20}, [2]float64{pad.X + 180, pad.Y + 70})
	b.pen([2]float64{pad.X + 60, pad.Y + 50}, [2]float64{pad.X + 200, pad.Y + 45})
	b.until(`document.querySelectorAll(".pen path").length === 2`)
	if got := eval[string](b, `JSON.stringify(JSON.parse(document.querySelector("[name=strokes]").value).map((s) => s.length))`); got != "[5,2]" {
		t.Errorf("the strokes have %s points, want [5,2]", got)
	}
	b.run(chromedp.Click("[name=consent]"), chromedp.Click("#form-sign .go"))
	b.until(`document.querySelector(".sealed")?.innerText.includes("Signed and sealed.")`)
	v := h.visitor()
	v.get(at)
	v.sees("Signed by drawing")
	v.get(v.match(`href="(/agreements/[^"]+/sealed.pdf)"`))
	if r := seal.Verify([]byte(v.body)); !r.Valid {
		t.Errorf("the sealed file: %v", r.Problems)
	}
}

// placedOnTheirs: on an uploaded PDF a press on the page puts the chosen
// signer's place there, and that is where the mark will be.
func placedOnTheirs(t *testing.T, browser context.Context) {
	h := furnished(t, 1)
	doc, err := paper.Templates()[0].Merge(paper.Example())
	if err != nil {
		t.Fatal(err)
	}
	made, err := paper.Make(doc, nil, paper.Options{})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "Their terms.pdf")
	if err := os.WriteFile(file, made.PDF, 0o600); err != nil {
		t.Fatal(err)
	}
	v := h.visitor()
	deal := h.firstDeal()
	v.post("/deals/" + deal.String() + "/yes")
	b := h.tab(browser)
	b.run(view{"wide", 1280, 800, "light"}.set(), chromedp.Navigate(v.at), chromedp.SetUploadFiles("#pdf", []string{file}, chromedp.ByQuery))
	b.run(chromedp.Click(`form[enctype] button`))
	b.until(`document.querySelectorAll(".leafpage canvas").length === ` + strconv.Itoa(made.Pages) + ` && document.querySelectorAll(".leafpage i").length === 2`)
	for i, at := range [][2]float64{{0.2, 0.5}, {0.6, 0.5}} {
		b.run(chromedp.Click(`(//input[@name="who"])[`+strconv.Itoa(i+1)+`]`, chromedp.BySearch))
		leaf := b.box(`.leafpage[data-page='1']`)
		x, y := leaf.X+at[0]*leaf.W, leaf.Y+at[1]*leaf.H
		b.run(chromedp.MouseClickXY(x, y))
		b.until(`document.querySelectorAll("[name=page]")[` + strconv.Itoa(i) + `].value === "1"`)
	}
	b.run(chromedp.Click("#form-place .go"))
	b.until(`document.querySelector("h1")?.innerText.startsWith("Everything is ready")`)
	id, err := h.CurrentAgreements(t.Context(), h.me, deal)
	if err != nil || len(id) != 1 {
		t.Fatal(id, err)
	}
	p, err := h.AgreementPage(t.Context(), h.me, id[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	sizes, err := h.PageSizes(t.Context(), h.me, id[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Places) != 2 || !p.Upload {
		t.Fatalf("places %+v", p.Places)
	}
	for i, share := range []float64{0.2, 0.6} {
		m, want := p.Places[i], desk.MarkPlace{Page: 1, Mark: [4]float64{share * sizes[0].W, sizes[0].H / 2}}
		if m.Page != 1 || m.Mark[0] < want.Mark[0]-3 || m.Mark[0] > want.Mark[0]+3 || m.Mark[1] < want.Mark[1]-3 || m.Mark[1] > want.Mark[1]+3 {
			t.Errorf("place %d is %v of page %d, pressed at %v", i, m.Mark, m.Page, want.Mark[:2])
		}
	}
}
