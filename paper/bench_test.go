package paper

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// threePages is an agreement of three pages: the services agreement with a
// longer scope.
func threePages(t testing.TB) *Doc {
	v := Example()
	scope := v["Scope"].([]string)
	for len(scope) < 16 {
		scope = append(scope, scope[len(scope)%3])
	}
	v["Scope"] = scope
	d, err := shipped(t, "services").Merge(v)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func BenchmarkThreePages(b *testing.B) {
	d := threePages(b)
	fonts := NewFonts(nil)
	p, err := Make(d, fonts, Options{Created: created})
	if err != nil || p.Pages != 3 {
		b.Fatal(p, err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Make(d, fonts, Options{Created: created}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBesideChromium prints the HTML of the same agreement with Chromium,
// and reports how many times longer that takes.
func BenchmarkBesideChromium(b *testing.B) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		b.Skip("chromium is not here")
	}
	d := threePages(b)
	dir := b.TempDir()
	page := filepath.Join(dir, "page.html")
	if err := os.WriteFile(page, []byte("<!doctype html><meta charset=utf-8><title>x</title>"+d.HTML()), 0o600); err != nil {
		b.Fatal(err)
	}
	fonts := NewFonts(nil)
	if _, err := Make(d, fonts, Options{Created: created}); err != nil {
		b.Fatal(err)
	}
	var ours, theirs time.Duration
	for b.Loop() {
		at := time.Now()
		if _, err := Make(d, fonts, Options{Created: created}); err != nil {
			b.Fatal(err)
		}
		ours += time.Since(at)
		at = time.Now()
		out, err := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+dir,
			"--no-pdf-header-footer", "--print-to-pdf="+filepath.Join(dir, "out.pdf"), "file://"+page).CombinedOutput()
		if err != nil {
			b.Fatalf("%v: %s", err, strings.TrimSpace(string(out)))
		}
		theirs += time.Since(at)
	}
	b.ReportMetric(float64(ours.Microseconds())/1000/float64(b.N), "ours-ms")
	b.ReportMetric(float64(theirs.Microseconds())/1000/float64(b.N), "chromium-ms")
	b.ReportMetric(float64(theirs)/float64(ours), "times")
}
