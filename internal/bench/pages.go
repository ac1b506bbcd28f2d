package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// asked is what asking for a page many times came to.
type asked struct {
	first time.Duration
	each  []time.Duration // without the first
	other []time.Duration // a page without any deal, in turns with it
	cpu   time.Duration   // of the program, for one of each
	size  int
}

func (a asked) String() string {
	return fmt.Sprintf("p50 %s, p99 %s; the first %s; %s of processor", ms(quantile(a.each, 0.5)), ms(quantile(a.each, 0.99)), ms(a.first), ms(a.cpu))
}

func (a asked) beside() string {
	return fmt.Sprintf("%d KB of page; the page for signing in, in turns with it: p50 %s, p99 %s", a.size>>10, ms(quantile(a.other, 0.5)), ms(quantile(a.other, 0.99)))
}

// ask asks the program for a page of a house, as a browser does, as often as all
// pages are asked.
func (b *bench) ask(ctx context.Context, p *program, h *house, path string) (a asked, err error) {
	var before time.Duration
	for i := range b.pages + 1 {
		if i == 1 {
			if before, err = p.processor(); err != nil {
				return a, err
			}
		}
		took, n, err := get(ctx, p.url+path, h.session)
		if err != nil {
			return a, err
		}
		other, _, err := get(ctx, p.url+"/sign-in", "")
		if err != nil {
			return a, err
		}
		if i == 0 { // it prepares its statements and counts the totals
			a.first, a.size = took, n
			continue
		}
		a.each, a.other = append(a.each, took), append(a.other, other)
	}
	after, err := p.processor()
	a.cpu = (after - before) / time.Duration(b.pages)
	return a, err
}

// get tells how long a page took and how large it is.
func get(ctx context.Context, url, session string) (took time.Duration, size int, err error) {
	req, err := signedIn(ctx, url, session)
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, 0, err
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	took = time.Since(began)
	if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(page), "</html>") {
		return 0, 0, fmt.Errorf("%s says %s: %v", url, res.Status, err)
	}
	return took, len(page), nil
}

// now asks for Now twice: right after the program's first start on a house,
// while it fits its model, forecasts and places the deals anew, and when it has
// nothing more to do.
func now(ctx context.Context, b *bench) error {
	h, err := b.grown(ctx, "now")
	if err != nil {
		return err
	}
	if err := h.fill(ctx, 0, b.nowDeals); err != nil {
		return err
	}
	if err := h.db.Write(ctx, h.me.Workspace, func(t *store.Tx) error { // what is learned moves every deal
		return t.AddEffort(dottedline.Answer, 10*time.Minute)
	}); err != nil {
		return err
	}
	p, stop, err := b.serve(h)
	if err != nil {
		return err
	}
	defer stop()
	for _, when := range []string{"right after the first start", "later"} {
		if when == "later" {
			took, err := p.rest(ctx)
			if err != nil {
				return err
			}
			when = fmt.Sprintf("when what goes on beside the pages was done, %s later", took.Round(time.Second))
		}
		a, err := b.ask(ctx, p, h, "/now")
		if err != nil {
			return err
		}
		p99 := quantile(a.each, 0.99)
		b.tab.add(fmt.Sprintf("Now with %d open deals, %s (%d times)", b.nowDeals, when, b.pages), a.String(), a.beside(), goal("p99 20 ms", p99 < 20*time.Millisecond))
	}
	return nil
}

// rest waits until the program does hardly anything for three seconds, five
// minutes at most.
func (p *program) rest(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	last, err := p.processor()
	for idle := 0; idle < 3 && time.Since(began) < 5*time.Minute && err == nil; {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(time.Second):
		}
		was := last
		if last, err = p.processor(); last-was <= 30*time.Millisecond {
			idle++
		} else {
			idle = 0
		}
	}
	return time.Since(began), err
}
