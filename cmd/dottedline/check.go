package main

import (
	"context"
	"errors"
	"fmt"

	"dottedline/internal/config"
)

// errDifferent is what check found; it has been printed.
var errDifferent = errors.New("different")

func check(ctx context.Context, w world, args []string) error {
	c := config.Default()
	if _, err := parse(w.flags(&c, "check", "", "data", "database-url"), args); err != nil {
		return err
	}
	d, db, err := open(ctx, c, false)
	if err != nil {
		return err
	}
	defer db.Close()
	diffs, deals, err := d.Check(ctx)
	for _, x := range diffs {
		fmt.Fprintln(w.out, x)
	}
	if err != nil {
		return err
	}
	if len(diffs) > 0 {
		fmt.Fprintf(w.out, "%d differences in %d deals.\n", len(diffs), deals)
		return errDifferent
	}
	fmt.Fprintf(w.out, "%d deals replayed: all as stored.\n", deals)
	return nil
}
