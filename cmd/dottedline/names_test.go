package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"golang.org/x/text/unicode/norm"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
)

// signedNames are people who sign with a name in each script. Font is what the
// names of the system's fonts for it hold; empty where ours have its letters.
var signedNames = []struct{ script, name, font string }{
	{"Latin", "Þórður Łukasz Ğüneş-Șerban", ""},
	{"Vietnamese", "Nguyễn Thị Diễm Ngọc", ""},
	{"Greek", "Αγγελική Παπαδοπούλου", ""},
	{"Cyrillic", "Ђорђе Љубичић-Ґудзь", ""},
	{"Arabic", "محمد بن عبد الله", "Arabic"},
	{"Hebrew", "יוסף כהן־לוי", "Hebrew"},
	{"Han", "歐陽小明", "CJK"},
	{"Hangul", "김민준", "CJK"},
	{"Kana", "さくら ヤマダ", "CJK"},
	{"Devanagari", "क्षितिज श्रीवास्तव", "Devanagari"},
	{"Thai", "สมชาย ใจดีน้ำ", "Thai"},
}

// namesPaper has nothing but signatures, so that each stands at the same place
// whenever it is made.
const namesPaper = "---\ntitle: Names\nkind: sale\nparties: them, us\n---\n# Names\n\n{{signatures .Signers}}\n"

// TestNames lets people with names in every script sign one agreement, each on
// a phone, and looks at the sealed file: the names can be read from it, none of
// their letters is a box, and they look as they did (see picture).
func TestNames(t *testing.T) {
	long(t)
	t.Parallel()
	o := openOffice(t, "sqlite")
	pdf, signers, places := o.signedBy()
	file := filepath.Join(t.TempDir(), "sealed.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	text := letters(output(t, "pdftotext", file, "-"))
	if boxes := strings.Count(output(t, "mutool", "draw", "-F", "trace", file), ` glyph="0"`); boxes > 0 {
		t.Errorf("%d letters are boxes", boxes)
	}
	changed := changedFonts(t, file)
	drawn := pages(t, file)
	for i, n := range signedNames {
		t.Run(n.script, func(t *testing.T) {
			if got := strings.Count(text, letters(n.name)); got < 2 {
				t.Errorf("%s stands in the text %d times, want it under the line and in the evidence", n.name, got)
			}
			at := slices.IndexFunc(places, func(m desk.MarkPlace) bool { return m.Signer == signers[i] })
			m := places[at]
			got := drawn[m.Page].around(m.Mark)
			for _, f := range changed {
				if n.font != "" && strings.Contains(f, n.font) {
					t.Skipf("NOT COMPARED: the font file %s is not the one of the reference; %s was only read as text", f, n.script)
				}
			}
			got.looksLike(t, filepath.Join("testdata", "names", strings.ToLower(n.script)+".png"))
		})
	}
}

// signedBy has the agreement sent and signed by all, and gives the sealed file
// with the IDs of the signers and where they signed.
func (o *office) signedBy() (pdf []byte, ids []dottedline.SignerID, places []desk.MarkPlace) {
	t, ctx := o.t, o.t.Context()
	t.Helper()
	addr := func(i int) string { return fmt.Sprintf("p%d@northwind.example.com", i) }
	deal, err := o.desk.NewDeal(ctx, o.me, "Northwind", addr(0), dottedline.Sale, "28,800")
	if err != nil {
		t.Fatal(err)
	}
	signers := []dottedline.Signer{{Name: "Sam Field", Address: sam, Side: dottedline.Us, Order: 1}}
	for i, n := range signedNames {
		signers = append(signers, dottedline.Signer{Name: n.name, Title: n.script, Address: dottedline.Address(addr(i)), Side: dottedline.Them, Order: 1})
	}
	id, err := o.desk.MakeAgreement(ctx, o.me, deal, "")
	if err == nil {
		source := namesPaper
		_, err = o.desk.SendAgreement(ctx, o.me, id, desk.AgreementEdit{Source: &source, Signers: signers}, "press")
	}
	if err != nil {
		t.Fatal(err)
	}
	for i := range signedNames {
		box := o.mailbox(addr(i))
		v := o.enters(box.link(), box)
		v.run(chromedp.Focus(`[name=consent]`))
		v.key(" ")
		v.run(chromedp.Focus(`#form-sign .go`))
		v.key("Enter")
		words := "Signed."
		if i == len(signedNames)-1 {
			words = "Signed and sealed."
		}
		v.until(`document.querySelector(".sealed")?.innerText.includes("` + words + `")`)
		v.leave()
	}
	p, err := o.desk.AgreementPage(ctx, o.me, id)
	if err == nil {
		pdf, _, err = o.desk.AgreementPDF(ctx, o.me, id, "sealed")
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range signedNames {
		i := slices.IndexFunc(p.Signers, func(s store.Signer) bool { return s.Name == n.name })
		ids = append(ids, p.Signers[i].ID)
	}
	return pdf, ids, p.Places
}

var directions = regexp.MustCompile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\\s]")

// letters drops what readers add to show direction and where lines end.
func letters(s string) string { return directions.ReplaceAllString(norm.NFC.String(s), "") }
