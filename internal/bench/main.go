package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// sizes are how much is measured of each thing.
type sizes struct {
	mails     int   // of the mailbox that is imported
	sent      int   // mails delivered to an open page, and to who is told
	deals     []int // at which the cost of a mail is measured
	nowDeals  int   // that the Now page is asked at
	pages     int   // times that a page is asked for
	received  int   // mails received one by one, at each number of deals
	mailboxes int   // in IDLE
	closings  int   // agreements sent and signed one after the other
	ended     int   // deals of which insights are made
	rooms     int   // opened at once
	papers    int   // agreements made, printed, sealed
}

var full = sizes{mails: 20_000, sent: 200, deals: []int{1_000, 10_000, 100_000, 1_000_000}, nowDeals: 100_000, pages: 200, received: 1_000, mailboxes: 100, closings: 100, ended: 10_000, rooms: 1_000, papers: 20}
var small = sizes{mails: 200, sent: 5, deals: []int{100, 1_000}, nowDeals: 1_000, pages: 20, received: 50, mailboxes: 5, closings: 3, ended: 100, rooms: 20, papers: 2}

// station is one thing that can be measured alone.
type station struct {
	name string
	run  func(context.Context, *bench) error
}

func stations() []station {
	return []station{{"import", importing}, {"live", mailToPage}, {"told", told}, {"now", now}, {"growth", growth}, {"ranking", ranking}, {"insights", insights}, {"idle", idle}, {"free", free}, {"closing", closing}}
}

// bench is one run: where the program is, how much to measure, what was found.
type bench struct {
	*rig
	sizes
	bin string // the dottedline that is measured
	dir string // for what is made on the way
	tab table
}

func main() {
	bin := flag.String("bin", "bin/dottedline", "the program to measure")
	less := flag.Bool("small", false, "measure little, to see that all parts work")
	only := flag.String("only", "", "one part: import, live, told, now, growth, ranking, insights, idle, free or closing")
	deals := flag.Int("deals", 1_000_000, "the most deals to grow to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s := full
	if *less {
		s = small
	}
	for len(s.deals) > 1 && s.deals[len(s.deals)-1] > *deals {
		s.deals = s.deals[:len(s.deals)-1]
	}
	if err := run(ctx, *bin, s, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures and prints the table, also of what was measured before a part failed.
func run(ctx context.Context, bin string, s sizes, only string) (err error) {
	dir, err := os.MkdirTemp("", "dottedline-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{rig: &rig{}, sizes: s, bin: bin, dir: dir}
	defer b.close()
	defer func() {
		b.tab.print(os.Stdout)
	}()
	for _, p := range stations() {
		if only != "" && only != p.name {
			continue
		}
		fmt.Fprintln(os.Stderr, "measuring:", p.name)
		if err := b.safely(func() error { return p.run(ctx, b) }); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}
