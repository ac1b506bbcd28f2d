package web

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"dottedline/internal/testrig"
	"dottedline/internal/web/assets"
	"dottedline/internal/web/html"
)

var shots = flag.String("shots", "", "write a screenshot of every page into this folder")

var only = flag.String("pages", "", "look only at pages whose name begins so")

//go:embed testdata/axe/axe.min.js
var axe string

func allSamples(assets string) []sample {
	return slices.Concat(samples(assets), roomSamples(assets), insightSamples(assets))
}

// gallery serves the sample pages under their names, with the headers that the
// product sends.
func gallery(t testing.TB) (address string, pages []sample) {
	h, err := assets.New()
	if err != nil {
		t.Fatal(err)
	}
	pages = allSamples(h.Prefix())
	mux := http.NewServeMux()
	mux.Handle("/assets/", h)
	mux.HandleFunc("/palette", func(w http.ResponseWriter, r *http.Request) {
		html.FoundList(html.Found{Groups: []html.FoundGroup{
			{Name: "Deals", Items: []html.FoundItem{{Name: "Northwind Labs", Note: "Maya Okafor", Href: "/deal"}, {Name: "Copperline", Note: "Sofia Rossi", Href: "/deals"}}},
			{Name: "Go to", Items: []html.FoundItem{{Name: "Settings", Href: "/mail", Keys: []string{"G", "S"}}}},
		}}).Render(r.Context(), w)
	})
	for _, s := range pages {
		mux.HandleFunc("/"+s.name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			s.page.Render(r.Context(), w)
		})
	}
	srv := httptest.NewServer(secure(mux))
	t.Cleanup(srv.Close)
	return srv.URL, pages
}

// TestPagesHoldNothingInline: the policy forbids it, so a page that needs it is
// broken in every browser.
func TestPagesHoldNothingInline(t *testing.T) {
	t.Parallel()
	for _, s := range allSamples("/assets/x/") {
		var b bytes.Buffer
		if err := s.page.Render(t.Context(), &b); err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		for _, bad := range []string{" style=", "<style", " onclick=", "hx-on", "<script>", "javascript:", "templ_"} {
			if strings.Contains(b.String(), bad) {
				t.Errorf("%s holds %q", s.name, bad)
			}
		}
		if n := strings.Count(b.String(), "<h1"); n != 1 {
			t.Errorf("%s has %d first headings, want 1", s.name, n)
		}
	}
}

type view struct {
	name          string
	width, height int64
	scheme        string
}

var views = []view{{"1280-light", 1280, 800, "light"}, {"1280-dark", 1280, 800, "dark"}, {"390-light", 390, 844, "light"}, {"390-dark", 390, 844, "dark"}}

func (v view) set() chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		if err := emulation.SetDeviceMetricsOverride(v.width, v.height, 1, v.width < 500).Do(ctx); err != nil {
			return err
		}
		return emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: v.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}).Do(ctx)
	})
}

// TestEveryPage opens every page in light and dark, wide and on a phone: no
// error on the console, nothing for axe-core to find, no sideways scrolling.
func TestEveryPage(t *testing.T) {
	if testing.Short() {
		t.Skip("opens every page in Chromium")
	}
	t.Parallel()
	address, pages := gallery(t)
	ctx := testrig.Chromium(t)
	if err := chromedp.Run(ctx, chromedp.Navigate(address+"/now"), chromedp.Evaluate(`document.querySelector("main").append(document.createElement("input"))`, nil)); err != nil {
		t.Fatal(err)
	}
	if found := runAxe(t, ctx); len(found) == 0 {
		t.Fatal("axe-core finds nothing wrong with a field that has no name: it does not look")
	}
	for _, v := range views {
		for _, s := range pages {
			if !strings.HasPrefix(s.name, *only) {
				continue
			}
			var sideways bool
			var png []byte
			err := chromedp.Run(ctx, v.set(), chromedp.Navigate(address+"/"+s.name),
				chromedp.Evaluate("document.fonts.ready.then(() => document.documentElement.scrollWidth > innerWidth)", &sideways, awaited),
				chromedp.ActionFunc(func(ctx context.Context) error { return shoot(ctx, &png) }))
			if err != nil {
				t.Fatalf("%s %s: %v", s.name, v.name, err)
			}
			if sideways {
				t.Errorf("%s %s scrolls sideways", s.name, v.name)
			}
			for _, f := range runAxe(t, ctx) {
				t.Errorf("%s %s: %s", s.name, v.name, f)
			}
			if *shots != "" {
				if err := os.WriteFile(filepath.Join(*shots, s.name+"-"+v.name+".png"), png, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// shoot takes the whole page, but only when somebody wants the picture.
func shoot(ctx context.Context, png *[]byte) (err error) {
	if *shots != "" {
		*png, err = page.CaptureScreenshot().WithCaptureBeyondViewport(true).Do(ctx)
	}
	return err
}

// runAxe returns what axe-core finds wrong with the open page.
func runAxe(t testing.TB, ctx context.Context) []string {
	t.Helper()
	var out string
	err := chromedp.Run(ctx, chromedp.Evaluate(axe, nil), chromedp.Evaluate(
		`axe.run(document, {resultTypes: ["violations"], rules: {"target-size": {enabled: true}}}).then(r => JSON.stringify(r.violations.map(v => [v.id, v.help, v.nodes.map(n => n.html + " " + n.any.map(a => a.message).join(" "))])))`,
		&out, awaited))
	if err != nil {
		t.Fatalf("run axe: %v", err)
	}
	var found [][]any
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range found {
		lines = append(lines, fmt.Sprint(f...))
	}
	return lines
}
