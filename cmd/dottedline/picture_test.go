package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"image"
	"image/draw"
	"image/png"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Pages are drawn by pdftoppm at 144 dots per inch. A picture may differ from
// its reference in one dot of 200 by more than 60 of 255 shades, which is what
// another version of the renderer makes of edges; another letter is far more.
const (
	dots      = 144
	tolerance = 0.005
)

// update draws the references anew: UPDATE_REFERENCES=1, and look at them.
var update = os.Getenv("UPDATE_REFERENCES") != ""

type picture struct{ *image.Gray }

// pages draws all pages of a PDF; they count from 1.
func pages(t *testing.T, file string) []picture {
	t.Helper()
	dir := t.TempDir()
	output(t, "pdftoppm", "-r", "144", "-gray", "-png", file, filepath.Join(dir, "page"))
	names, err := filepath.Glob(filepath.Join(dir, "page*.png"))
	if err != nil || len(names) == 0 {
		t.Fatal("there are no pages", err)
	}
	out := []picture{{}}
	for _, n := range names {
		out = append(out, readPicture(t, n))
	}
	return out
}

func readPicture(t *testing.T, name string) picture {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	x, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	g := image.NewGray(image.Rectangle{Max: x.Bounds().Size()})
	draw.Draw(g, g.Bounds(), x, x.Bounds().Min, draw.Src)
	return picture{g}
}

// around is a signature with the name under its line, but not its day. The
// place is in points from the lower left of the page.
func (p picture) around(place [4]float64) picture {
	px := func(points float64) int { return int(math.Round(points * dots / 72)) }
	from := image.Pt(px(place[0]-4), p.Rect.Dy()-px(place[1]+place[3]+2))
	out := image.NewGray(image.Rect(0, 0, px(place[2]+8), px(place[3]+46)))
	draw.Draw(out, out.Rect, p, from, draw.Src)
	return picture{out}
}

func (p picture) looksLike(t *testing.T, ref string) {
	t.Helper()
	if update {
		var b bytes.Buffer
		if err := png.Encode(&b, p); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(ref, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want := readPicture(t, ref)
	if p.Rect != want.Rect {
		t.Fatalf("it is of size %v, the reference of %v", p.Rect.Max, want.Rect.Max)
	}
	n := 0
	for i := range p.Pix {
		if d := int(p.Pix[i]) - int(want.Pix[i]); d > 60 || d < -60 {
			n++
		}
	}
	if share := float64(n) / float64(len(p.Pix)); share > tolerance {
		t.Errorf("%.2f%% of its dots differ from %s", 100*share, ref)
	}
}

var fontName = regexp.MustCompile(`(?m)^[A-Z]{6}\+(Noto\S+?)-\d+-Identity-H`)

// changedFonts are the system's fonts in a PDF whose files are not those that
// the references were drawn with.
func changedFonts(t *testing.T, file string) (changed []string) {
	t.Helper()
	sums := map[string]string{}
	for _, m := range fontName.FindAllStringSubmatch(output(t, "pdffonts", file), -1) {
		sums[m[1]] = ""
	}
	err := filepath.WalkDir("/usr/share/fonts", func(path string, _ fs.DirEntry, err error) error {
		name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		if had, used := sums[name]; err != nil || !used || had != "" {
			return err
		}
		b, err := os.ReadFile(path)
		sum := sha256.Sum256(b)
		sums[name] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	ref := filepath.Join("testdata", "names", "fonts.json")
	if update {
		b, err := json.MarshalIndent(sums, "", "\t")
		if err == nil {
			err = os.WriteFile(ref, append(b, '\n'), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		return nil
	}
	var want map[string]string
	b, err := os.ReadFile(ref)
	if err == nil {
		err = json.Unmarshal(b, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, sum := range sums {
		if sum != want[name] {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	return changed
}

// output is what a program says.
func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, stderr.String())
	}
	return string(out)
}
