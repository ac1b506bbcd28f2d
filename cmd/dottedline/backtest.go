package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"dottedline/internal/config"
)

// backtest says how well the model would have told who signs, on the deals that
// are here.
func backtest(ctx context.Context, w world, args []string) error {
	c := config.Default()
	fs := w.flags(&c, "backtest", "[--json]", "data", "database-url")
	asJSON := fs.Bool("json", false, "print an object")
	if _, err := parse(fs, args); err != nil {
		return err
	}
	d, me, end, err := asOperator(ctx, c)
	if err != nil {
		return err
	}
	defer end()
	b, err := d.Backtest(ctx, me)
	if err != nil {
		return err
	}
	if *asJSON {
		return w.json(b)
	}
	fmt.Fprintf(w.out, "%d deals, asked about %d times: signed within %.0f days? %d times yes.\n", b.Deals, b.Asked, b.Within, b.Signed)
	for _, x := range b.Warnings {
		fmt.Fprintf(w.out, "Note: %s.\n", x)
	}
	if b.Asked == 0 {
		return nil
	}
	tw := tabwriter.NewWriter(w.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(tw, "\nmodel\tlog-likelihood\tBrier\tconcordance\t\n")
	for _, m := range b.Models {
		fmt.Fprintf(tw, "%s\t%.4f\t%.4f\t%.3f\t\n", m.Model, m.LogLik, m.Brier, m.Concordance)
	}
	fmt.Fprintf(tw, "\nday\tasked\t%s said\tsigned\t\n", b.Models[0].Model)
	for _, x := range b.Models[0].Days {
		fmt.Fprintf(tw, "%g\t%d\t%.1f %%\t%.1f %%\t\n", x.Day, x.N, 100*x.Said, 100*x.Signed)
	}
	return tw.Flush()
}
