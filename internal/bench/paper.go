package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"dottedline/internal/testrig"
	"dottedline/paper"
	"dottedline/seal"
)

// threePages is the services agreement with a scope that makes it three pages.
func threePages() (*paper.Doc, error) {
	v := paper.Example()
	scope := v["Scope"].([]string)
	for len(scope) < 16 {
		scope = append(scope, scope[len(scope)%3])
	}
	v["Scope"] = scope
	for _, s := range paper.Templates() {
		if s.Name == "services" {
			return s.Merge(v)
		}
	}
	return nil, fmt.Errorf("there is no services agreement")
}

// paperBesideChromium makes the PDF of an agreement and lets Chromium, which
// runs already, print the same HTML, in turns.
func paperBesideChromium(ctx context.Context, b *bench) error {
	d, err := threePages()
	if err != nil {
		return err
	}
	made, err := paper.Make(d, nil, paper.Options{Created: time.Now()})
	if err != nil || made.Pages != 3 {
		return fmt.Errorf("the agreement has not three pages: %v", err)
	}
	tab := testrig.Chromium(b)
	html := "data:text/html;base64," + base64.StdEncoding.EncodeToString([]byte("<!doctype html><meta charset=utf-8><title>x</title>"+d.HTML()))
	if err := chromedp.Run(tab, chromedp.Navigate(html)); err != nil {
		return err
	}
	var ours, theirs []time.Duration
	var cpu time.Duration
	for range b.papers {
		began, used := time.Now(), processor()
		if _, err := paper.Make(d, nil, paper.Options{Created: began}); err != nil {
			return err
		}
		ours, cpu = append(ours, time.Since(began)), cpu+processor()-used
		began = time.Now()
		if err := chromedp.Run(tab, chromedp.ActionFunc(func(ctx context.Context) error {
			_, _, err := page.PrintToPDF().WithGenerateTaggedPDF(true).Do(ctx)
			return err
		})); err != nil {
			return err
		}
		theirs = append(theirs, time.Since(began))
	}
	x, y := quantile(ours, 0.5), quantile(theirs, 0.5)
	b.tab.add(fmt.Sprintf("PDF of an agreement of 3 pages (%d times)", b.papers), fmt.Sprintf("p50 %s, p99 %s, %s of processor", ms(x), ms(quantile(ours, 0.99)), ms(cpu/time.Duration(b.papers))),
		fmt.Sprintf("Chromium, running and the page loaded, prints the same HTML in %s: %.1f times as long", ms(y), y.Seconds()/x.Seconds()), goal("20 ms of processor", cpu/time.Duration(b.papers) < 20*time.Millisecond))
	return nil
}

// sealBesidePdfsig seals a file and verifies it, and lets poppler sign the same
// file with a key of the same kind and length, in turns.
func sealBesidePdfsig(ctx context.Context, b *bench) error {
	d, err := threePages()
	if err != nil {
		return err
	}
	now := time.Now()
	made, err := paper.Make(d, nil, paper.Options{Created: now})
	if err != nil {
		return err
	}
	root, err := seal.NewRoot(rand.Reader, now, "Pine", seal.RSA3072)
	if err != nil {
		return err
	}
	key, err := seal.NewSeal(rand.Reader, now, root, "Pine", "", seal.RSA3072)
	if err != nil {
		return err
	}
	in, out, db := filepath.Join(b.dir, "in.pdf"), filepath.Join(b.dir, "out.pdf"), filepath.Join(b.dir, "nss")
	if err := nssKey(ctx, db, b.dir); err != nil {
		return err
	}
	if err := os.WriteFile(in, made.PDF, 0o600); err != nil {
		return err
	}
	var ours, theirs, bare []time.Duration
	for range b.papers {
		began := time.Now()
		sealed, err := seal.Seal(ctx, rand.Reader, now, seal.Final{Presented: made.PDF, Signer: "Pine"}, key, nil)
		if err != nil {
			return err
		}
		if r := seal.Verify(sealed, root.Cert); !r.Valid {
			return fmt.Errorf("our seal is not valid: %v", r.Problems)
		}
		ours = append(ours, time.Since(began))
		c, err := measure(ctx, nil, "pdfsig", "-nssdir", "sql:"+db, "-nss-pwd", "", "-add-signature", "-nick", "tester", in, out)
		if err != nil {
			return err
		}
		theirs = append(theirs, c.wall)
		if err := os.Remove(out); err != nil {
			return err
		}
		if c, err = measure(ctx, nil, "pdfsig", "-v"); err != nil {
			return err
		}
		bare = append(bare, c.wall)
	}
	x, y := quantile(ours, 0.5), quantile(theirs, 0.5)
	b.tab.add(fmt.Sprintf("seal and verify that file, RSA-3072 (%d times)", b.papers), "p50 "+ms(x)+", p99 "+ms(quantile(ours, 0.99)),
		fmt.Sprintf("pdfsig signs it, without verifying, in %s, of which its start is %s: %.1f times as long", ms(y), ms(quantile(bare, 0.5)), y.Seconds()/x.Seconds()), goal("faster", x < y))
	return nil
}

// nssKey makes a key that pdfsig can sign with.
func nssKey(ctx context.Context, db, dir string) error {
	noise := filepath.Join(dir, "noise")
	random := make([]byte, 512)
	if _, err := rand.Read(random); err != nil {
		return err
	}
	if err := os.WriteFile(noise, random, 0o600); err != nil {
		return err
	}
	if err := os.Mkdir(db, 0o700); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"-N", "-d", "sql:" + db, "--empty-password"},
		{"-S", "-n", "tester", "-s", "CN=Nss Tester,O=Example", "-x", "-t", "CTu,Cu,Cu", "-d", "sql:" + db, "-z", noise, "-v", "24", "-k", "rsa", "-g", "3072", "--keyUsage", "digitalSignature,nonRepudiation"},
	} {
		if out, err := exec.CommandContext(ctx, "certutil", args...).CombinedOutput(); err != nil {
			return fmt.Errorf("certutil: %w: %s", err, out)
		}
	}
	return nil
}
