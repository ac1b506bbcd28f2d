package seal

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// theirPaper is an uploaded PDF with everything in it that must not stay: two
// revisions, scripts, a filled form, an attachment, links good and bad.
func theirPaper() []byte {
	u := newUpdate(agreement("Their terms", "Second page"))
	look := func(s string) ref {
		return u.add(flate(dict{{"Subtype", name("Form")}, {"BBox", array{int64(0), int64(0), int64(100), int64(20)}}}, []byte(s)))
	}
	box := func(y int64) array { return array{int64(72), y, int64(272), y + 40} }
	script := dict{{"S", name("JavaScript")}, {"JS", text("app.alert('hello')")}}
	field := u.add(dict{{"Type", name("Annot")}, {"Subtype", name("Widget")}, {"FT", name("Tx")}, {"T", text("price")}, {"V", text("42")},
		{"F", int64(4)}, {"Rect", box(500)}, {"AP", dict{{"N", look("1 0 0 rg 0 0 100 20 re f")}}}, {"AA", dict{{"K", script}}}})
	note := u.add(dict{{"Type", name("Annot")}, {"Subtype", name("Square")}, {"F", int64(4)}, {"Rect", box(400)}, {"AP", dict{{"N", look("0 0 1 rg 10 5 80 10 re f")}}}})
	web := u.add(dict{{"Type", name("Annot")}, {"Subtype", name("Link")}, {"Rect", box(300)}, {"Border", array{int64(0), int64(0), int64(0)}}, {"A", dict{{"S", name("URI")}, {"URI", str("https://example.com/terms")}}}})
	launch := u.add(dict{{"Type", name("Annot")}, {"Subtype", name("Link")}, {"Rect", box(250)}, {"Border", array{int64(0), int64(0), int64(0)}}, {"A", dict{{"S", name("Launch")}, {"F", text("cmd.exe")}}}})
	inside := u.add(dict{{"Type", name("Annot")}, {"Subtype", name("Link")}, {"Rect", box(200)}, {"Border", array{int64(0), int64(0), int64(0)}}, {"A", dict{{"S", name("GoTo")}, {"D", array{u.page(1), name("Fit")}}}}})
	u.change(u.page(0), func(d dict) dict {
		return d.with("Annots", array{field, note, web, launch, inside}).with("AA", dict{{"O", script}})
	})
	file := u.add(dict{{"Type", name("Filespec")}, {"F", text("evil.exe")}, {"EF", dict{{"F", u.add(stream{dict{{"Type", name("EmbeddedFile")}}, []byte("MZ")})}}}})
	u.change(u.rootRef(), func(d dict) dict {
		return d.with("OpenAction", script).with("AcroForm", dict{{"Fields", array{field}}, {"XFA", u.add(stream{nil, []byte("<xdp/>")})}}).
			with("Names", dict{{"JavaScript", dict{{"Names", array{text("a"), script}}}}, {"EmbeddedFiles", dict{{"Names", array{text("evil.exe"), file}}}}})
	})
	return u.bytes()
}

func TestRewrite(t *testing.T) {
	t.Parallel()
	in := theirPaper()
	c, err := Rewrite(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"JavaScript", "/JS", "/AA", "Launch", "evil.exe", "XFA", "AcroForm", "EmbeddedFile", "/Prev"} {
		if bytes.Contains(c.PDF, []byte(bad)) {
			t.Errorf("%s is still there", bad)
		}
	}
	for _, good := range []string{"https://example.com/terms", "/Dest"} {
		if !bytes.Contains(c.PDF, []byte(good)) {
			t.Errorf("%s is lost", good)
		}
	}
	for _, want := range []string{"JavaScript", "XFA form", "attached files", "automatic actions", "form field (its look is kept)", "Square annotation (its look is kept)", "link with an action", "older revisions", "page actions"} {
		if !slices.Contains(c.Dropped, want) {
			t.Errorf("%q is not told: %q", want, c.Dropped)
		}
	}
	if len(c.Pages) != 2 || c.Pages[0] != (Page{595, 842}) {
		t.Errorf("pages %v", c.Pages)
	}
	sameLook(t, in, c.PDF)
	run(t, "qpdf", "--check", tempFile(t, "c.pdf", c.PDF))
	again, err := Rewrite(c.PDF)
	if err != nil || len(again.Dropped) > 0 {
		t.Fatalf("rewriting what was rewritten: %v, %q", err, again.Dropped)
	}
	sameLook(t, in, again.PDF)
}

// sameLook renders both files and compares every pixel.
func sameLook(t *testing.T, a, b []byte) {
	t.Helper()
	var sums [2][]string
	for i, pdf := range [][]byte{a, b} {
		dir := t.TempDir()
		run(t, "pdftoppm", "-r", "50", tempFile(t, "x.pdf", pdf), filepath.Join(dir, "p"))
		files := must(filepath.Glob(filepath.Join(dir, "*.ppm")))
		for _, f := range files {
			sums[i] = append(sums[i], fmt.Sprintf("%x", sha256.Sum256(must(os.ReadFile(f)))))
		}
	}
	if len(sums[0]) == 0 || !slices.Equal(sums[0], sums[1]) {
		t.Errorf("it looks different: %v and %v", sums[0], sums[1])
	}
}

// The ways in which other programs write the same file.
func TestRewriteOtherWriters(t *testing.T) {
	t.Parallel()
	plain := tempFile(t, "plain.pdf", agreement("Price 100 EUR", "Terms"))
	for _, how := range [][]string{{"--object-streams=generate"}, {"--linearize"}, {"--linearize", "--object-streams=generate"}, {"--qdf"}, {"--stream-data=uncompress"}} {
		out := filepath.Join(t.TempDir(), "out.pdf")
		run(t, "qpdf", append(how, plain, out)...)
		in := must(os.ReadFile(out))
		c, err := Rewrite(in)
		if err != nil {
			t.Errorf("%v: %v", how, err)
			continue
		}
		if len(c.Dropped) > 0 {
			t.Errorf("%v: dropped %q", how, c.Dropped)
		}
		sameLook(t, in, c.PDF)
		f := sampleFinal()
		f.Presented = c.PDF
		if r := Verify(must(Seal(t.Context(), nil, testNow, f, ecAuthority().seal, nil))); !r.Valid {
			t.Errorf("%v: %v", how, r.Problems)
		}
	}
	out := filepath.Join(t.TempDir(), "locked.pdf")
	run(t, "qpdf", "--encrypt", "", "owner", "256", "--", plain, out)
	var fe *FileError
	if _, err := Rewrite(must(os.ReadFile(out))); !errors.As(err, &fe) || !strings.Contains(err.Error(), "encrypted") {
		t.Errorf("encrypted: %v", err)
	}
}

// Sealing what was not rewritten would change it: that is refused.
func TestSealRefusesActiveContent(t *testing.T) {
	t.Parallel()
	f := sampleFinal()
	f.Presented = theirPaper()
	if _, err := Seal(t.Context(), nil, testNow, f, ecAuthority().seal, nil); err == nil || !strings.Contains(err.Error(), "JavaScript") {
		t.Errorf("got %v", err)
	}
	f = sampleFinal()
	f.Marks[0].Paths = []byte("0 0 m ET (x) Tj")
	if _, err := Seal(t.Context(), nil, testNow, f, ecAuthority().seal, nil); err == nil {
		t.Error("text operators passed as a path")
	}
	f = sampleFinal()
	f.Marks[0].Page = 9
	if _, err := Seal(t.Context(), nil, testNow, f, ecAuthority().seal, nil); err == nil {
		t.Error("a mark on a page that is not there")
	}
}

// Marks land where the person put them, however the page is turned: the box
// is painted and its four corners are looked up in the picture.
func TestMarkPlace(t *testing.T) {
	t.Parallel()
	for _, turn := range []int64{0, 90, 180, 270} {
		u := newUpdate(agreement("x"))
		u.change(u.page(0), func(d dict) dict {
			return d.with("Rotate", turn).with("CropBox", array{int64(20), int64(30), int64(595), int64(842)})
		})
		c := must(Rewrite(u.bytes()))
		f := Final{Presented: c.PDF, Marks: []Mark{{Page: 1, X: 100, Y: c.Pages[0].H - 240, W: 80, H: 40, Paths: []byte("1 0 0 rg 0 0 80 40 re f 0 0 1 rg 0 0 40 20 re f"), Alt: "box"}}}
		pdf := must(Seal(t.Context(), nil, testNow, f, ecAuthority().seal, nil))
		dir := t.TempDir()
		run(t, "pdftoppm", "-cropbox", "-r", "72", "-f", "1", "-l", "1", tempFile(t, "x.pdf", pdf), filepath.Join(dir, "p"))
		img := must(os.ReadFile(must(filepath.Glob(filepath.Join(dir, "*.ppm")))[0]))
		var w, h, depth int
		fmt.Sscanf(string(img[:30]), "P6\n%d %d\n%d\n", &w, &h, &depth)
		pix := img[len(img)-3*w*h:]
		at := func(x, y int) [3]byte { return [3]byte(pix[3*(y*w+x):]) }
		red, blue := [3]byte{255, 0, 0}, [3]byte{0, 0, 255}
		if at(175, 204) != red || at(104, 204) != red || at(104, 236) != blue || at(175, 236) != red || at(95, 220) == red || at(185, 220) == red || at(120, 195) == red || at(120, 245) == red {
			t.Errorf("turned by %d: the mark is not in its box", turn)
		}
	}
}
