package paper_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dottedline/internal/sysfonts"
	"dottedline/paper"
)

var created = time.Date(2026, time.November, 22, 10, 0, 0, 0, time.UTC)

// run runs a tool on a file and gives what it says; without the tool the test
// is skipped by name.
func run(t *testing.T, tool string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		t.Skipf("%s is not here: install poppler-utils and qpdf", tool)
	}
	var out, errs bytes.Buffer
	cmd := exec.Command(tool, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %v: %v\n%s%s", tool, args, err, out.Bytes(), errs.Bytes())
	}
	if tool != "qpdf" && errs.Len() > 0 { // poppler complains of broken files there
		t.Errorf("%s %v: %s", tool, args, errs.Bytes())
	}
	return out.String()
}

func merged(t *testing.T, source string, v paper.Values) *paper.Doc {
	t.Helper()
	x, err := paper.ParseTemplate(source)
	if err != nil {
		t.Fatal(err)
	}
	d, err := x.Merge(v)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// made makes a paper, makes it again to see the same bytes, checks the file
// with qpdf and poppler, and gives where it is.
func made(t *testing.T, d *paper.Doc, f *paper.Fonts) (*paper.Paper, string) {
	t.Helper()
	o := paper.Options{Number: "DL-2026-0117", Author: "Grünwald & Søndergård GmbH", Created: created}
	p, err := paper.Make(d, f, o)
	if err != nil {
		t.Fatal(err)
	}
	again, err := paper.Make(d, f, o)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(p.PDF, again.PDF) {
		t.Error("the same input gave other bytes")
	}
	return p, sound(t, p)
}

// sound checks a file with independent readers.
func sound(t *testing.T, p *paper.Paper) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if d := os.Getenv("KEEP"); d != "" {
		os.WriteFile(filepath.Join(d, strings.ReplaceAll(t.Name(), "/", "-")+".pdf"), p.PDF, 0o600)
	}
	if err := os.WriteFile(file, p.PDF, 0o600); err != nil {
		t.Fatal(err)
	}
	if out := run(t, "qpdf", "--check", file); !strings.Contains(out, "No syntax or stream encoding errors found") {
		t.Error(out)
	}
	info := run(t, "pdfinfo", file)
	if !strings.Contains(strings.Join(strings.Fields(info), " "), "Tagged: yes") || !strings.Contains(strings.Join(strings.Fields(info), " "), fmt.Sprintf("Pages: %d", p.Pages)) {
		t.Error(info)
	}
	for i, line := range strings.Split(strings.TrimSpace(run(t, "pdffonts", file)), "\n") {
		if f := strings.Fields(line); i > 1 && strings.Join(f[len(f)-5:len(f)-2], " ") != "yes yes yes" {
			t.Errorf("not embedded, not a subset, or without a way back to text: %s", line)
		}
	}
	return file
}

func TestShippedPapers(t *testing.T) {
	t.Parallel()
	for _, s := range paper.Templates() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			d, err := s.Merge(paper.Example())
			if err != nil {
				t.Fatal(err)
			}
			p, file := made(t, d, nil)
			if len(p.Lines) != 2 || p.Lines[0].Signer != "them-1" || p.Lines[0].Page != p.Pages {
				t.Errorf("signature lines %+v", p.Lines)
			}
			looksLike(t, file, s.Name, p.Pages)
			text := run(t, "pdftotext", file, "-")
			for _, want := range []string{"Nguyễn Thị Minh Khai", "Łukasz Grünwald", fmt.Sprintf("%d of %d", p.Pages, p.Pages)} {
				if !strings.Contains(text, want) {
					t.Errorf("the text has no %q", want)
				}
			}
		})
	}
}

// looksLike compares pages with reference pictures, at 50 dots per inch. Set
// UPDATE_REFERENCES=1 to draw them anew, and look at them.
func looksLike(t *testing.T, file, name string, pages int) {
	t.Helper()
	dir := t.TempDir()
	run(t, "pdftoppm", "-r", "50", "-gray", "-png", file, filepath.Join(dir, "page"))
	for n := 1; n <= pages; n++ {
		got, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("page-%0*d.png", len(fmt.Sprint(pages)), n)))
		if err != nil {
			t.Fatal(err)
		}
		ref := filepath.Join("testdata", "pages", fmt.Sprintf("%s-%d.png", name, n))
		if os.Getenv("UPDATE_REFERENCES") != "" {
			if err := os.WriteFile(ref, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(ref)
		if err != nil {
			t.Fatal(err)
		}
		if d := differing(t, got, want); d > 0.001 {
			t.Errorf("page %d of %s: %.2f%% of its dots differ from %s", n, name, 100*d, ref)
		}
	}
}

// differing is the share of dots that are clearly lighter or darker.
func differing(t *testing.T, a, b []byte) float64 {
	t.Helper()
	x, y := decode(t, a), decode(t, b)
	if x.Bounds() != y.Bounds() {
		t.Errorf("the page is of size %v, not %v", x.Bounds(), y.Bounds())
		return 1
	}
	n := 0
	for i := range x.Pix {
		if d := int(x.Pix[i]) - int(y.Pix[i]); d > 60 || d < -60 {
			n++
		}
	}
	return float64(n) / float64(len(x.Pix))
}

func decode(t *testing.T, b []byte) *image.Gray {
	t.Helper()
	x, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	g := image.NewGray(x.Bounds())
	draw.Draw(g, g.Bounds(), x, x.Bounds().Min, draw.Src)
	return g
}

func TestStructure(t *testing.T) {
	t.Parallel()
	d := merged(t, "# Title\n\n## Part\n\nText\n\n1. one\n\n> quote\n\n{{prices .P}}\n\n{{terms .T}}\n", paper.Values{
		"P": []paper.Price{{Item: "a", Quantity: 1000, Unit: paper.Money{Amount: 100, Currency: "EUR"}}}, "T": []paper.Term{{Name: "n", Text: "t"}}})
	_, file := made(t, d, nil)
	var tags []string
	for line := range strings.Lines(run(t, "pdfinfo", "-struct", file)) {
		tags = append(tags, strings.Fields(line)...)
	}
	want := "Document H1 (block) H2 (block) P (block) L (block): /ListNumbering /Decimal LI (block) Lbl (block) LBody (block) " +
		"BlockQuote P (block) Table (block) THead TR TH: /Scope /Column TH: /Scope /Column TH: /Scope /Column TH: /Scope /Column " +
		"TBody TR TD TD TD TD TR TH: /Scope /Row TD TD TD Table (block) TBody TR TH: /Scope /Row TD"
	if got := strings.Join(tags, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestLongTableRepeatsItsHead(t *testing.T) {
	t.Parallel()
	var prices []paper.Price
	for i := range 120 {
		prices = append(prices, paper.Price{Item: fmt.Sprintf("Line number %d", i+1), Quantity: 1000, Unit: paper.Money{Amount: 100, Currency: "EUR"}})
	}
	p, file := made(t, merged(t, "# Long\n\n{{prices .P}}\n", paper.Values{"P": prices}), nil)
	if p.Pages < 4 {
		t.Errorf("%d pages", p.Pages)
	}
	for n := 1; n <= p.Pages; n++ {
		text := run(t, "pdftotext", "-f", fmt.Sprint(n), "-l", fmt.Sprint(n), file, "-")
		if !strings.Contains(text, "Unit price") {
			t.Errorf("page %d has no head", n)
		}
		if n == p.Pages && (!strings.Contains(text, "€120.00") || !strings.Contains(text, "Line number 120")) {
			t.Errorf("the sum stands without the last line: %s", text)
		}
	}
	text := run(t, "pdftotext", file, "-")
	for i := range prices {
		if !strings.Contains(text, prices[i].Item+"\n") {
			t.Errorf("%s is missing", prices[i].Item)
		}
	}
	if n := strings.Count(run(t, "pdfinfo", "-struct-text", file), "Unit price"); n != 1 {
		t.Errorf("who listens hears the head %d times", n)
	}
}

func TestRowTallerThanAPage(t *testing.T) {
	t.Parallel()
	tall := strings.Repeat("word ", 6000)
	p, file := made(t, merged(t, "| a | b |\n|---|---|\n| "+tall+" | x |\n", nil), nil)
	if n := strings.Count(run(t, "pdftotext", file, "-"), "word"); n != 6000 || p.Pages < 2 {
		t.Errorf("%d words on %d pages", n, p.Pages)
	}
}

func TestLongWordsAndHashesStayInside(t *testing.T) {
	t.Parallel()
	hash := strings.Repeat("0123456789abcdef", 20)
	_, file := made(t, merged(t, "See "+hash+" here.\n\n| a | b |\n|---|---|\n| "+hash+" | "+hash+" |\n", nil), nil)
	if n := strings.Count(strings.Join(strings.Fields(run(t, "pdftotext", "-raw", file, "-")), ""), hash); n < 1 {
		t.Error("the hash cannot be copied whole")
	}
	for _, box := range strings.Split(run(t, "pdftotext", "-bbox", file, "-"), "<word ")[1:] {
		var x0, y0, x1, y1 float64
		fmt.Sscanf(box, `xMin="%f" yMin="%f" xMax="%f" yMax="%f"`, &x0, &y0, &x1, &y1)
		if x0 < 79 || x1 > 517 || y1 > 842 {
			t.Errorf("outside of the margins: %.60s", box)
		}
	}
}

func TestALetterWithoutAFontIsNamed(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]rune{"Anna \U00012000": 0x12000, "Юлія 木": '木', "x \u0627": '\u0627'} {
		_, err := paper.Make(merged(t, "For {{.N}}", paper.Values{"N": name}), nil, paper.Options{})
		var l paper.Letter
		if !errors.As(err, &l) || l.Rune != want {
			t.Errorf("%q: %v", name, err)
		} else if !strings.Contains(err.Error(), fmt.Sprintf("U+%04X", want)) {
			t.Errorf("the error does not name the code point: %v", err)
		}
	}
	// A picture of a letter is no letter.
	_, err := paper.Make(merged(t, "For {{.N}}", paper.Values{"N": "\U0001fae0"}), sysfonts.New(t.TempDir(), slog.Default()), paper.Options{})
	var l paper.Letter
	if !errors.As(err, &l) {
		t.Errorf("an emoji: %v", err)
	}
}

func TestTooLong(t *testing.T) {
	t.Parallel()
	if _, err := paper.Make(merged(t, strings.Repeat("# x\n\n", 50_000), nil), nil, paper.Options{}); err == nil || !strings.Contains(err.Error(), "400 pages") {
		t.Error(err)
	}
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	hash := strings.Repeat("9f86d081884c7d65", 4)
	var events []paper.Event
	for i, what := range []string{"Agreement sent", "Opened with the code from the mail", "Read to the end", "Agreed to sign electronically: “My typed name is my signature.”", "Signed by typed name", "Sealed"} {
		events = append(events, paper.Event{At: created.Add(time.Duration(i) * 17 * time.Minute), What: what, Who: "Nguyễn Thị Minh Khai <khai@novotny.example.com>", Where: "203.0.113.7, Firefox 145 on Android", Hash: hash})
	}
	p, err := paper.Evidence("Evidence of signature", events, []paper.Fact{{Name: "Number", Text: "DL-2026-0117"}, {Name: "SHA-256 of the pages as presented", Text: hash}}, nil, paper.Options{Created: created})
	if err != nil {
		t.Fatal(err)
	}
	file := sound(t, p)
	text := strings.Join(strings.Fields(run(t, "pdftotext", "-raw", file, "-")), "")
	if n := strings.Count(text, hash); n != len(events)+1 {
		t.Errorf("%d of the hashes can be copied", n)
	}
	looksLike(t, file, "evidence", p.Pages)
}
