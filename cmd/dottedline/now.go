package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/api"
	"dottedline/internal/config"
	"dottedline/internal/desk"
)

func (w world) json(v any) error {
	e := json.NewEncoder(w.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func now(ctx context.Context, w world, args []string) error {
	c := config.Default()
	fs := w.flags(&c, "now", "[--json]", "data", "database-url")
	asJSON := fs.Bool("json", false, "print an array of objects")
	if _, err := parse(fs, args); err != nil {
		return err
	}
	d, me, end, err := asOperator(ctx, c)
	if err != nil {
		return err
	}
	defer end()
	if _, err := d.Refresh(ctx, me.Workspace); err != nil {
		return err
	}
	p, err := d.NowPage(ctx, me, desk.NowQuery{})
	if err != nil {
		return err
	}
	if *asJSON {
		return w.json(api.RowsOf(p.Rows, p.Currency))
	}
	if p.Waiting == 0 {
		fmt.Fprintln(w.out, "Nothing waits for you.")
	} else {
		fmt.Fprintf(w.out, "Waiting costs you %s a day. %d %s.\n\n", p.Total.In(p.Currency), p.Waiting, plural(p.Waiting, "deal waits", "deals wait"))
	}
	for _, r := range p.Rows {
		fmt.Fprintf(w.out, "%10s a day  %-9s %s, %s\n%18s%s\n", r.Cost.In(p.Currency), r.Action, r.Deal.Name, r.Person.Name, "", r.Why)
	}
	if len(p.Offers) > 0 {
		fmt.Fprintf(w.out, "\nMay be deals: answer y or n on the page.\n")
		for _, o := range p.Offers {
			fmt.Fprintf(w.out, "  %s: %s\n", o.Person.Name, o.Subject)
		}
	}
	return nil
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func deal(ctx context.Context, w world, args []string) error {
	c := config.Default()
	fs := w.flags(&c, "deal", "NAME [--json]", "data", "database-url")
	asJSON := fs.Bool("json", false, "print an object")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		fs.Usage()
		return errUsage
	}
	d, me, end, err := asOperator(ctx, c)
	if err != nil {
		return err
	}
	defer end()
	name := strings.Join(rest, " ")
	list, err := d.DealsPage(ctx, me, desk.DealsQuery{Words: name})
	if err != nil {
		return err
	}
	if len(list.Rows) == 0 {
		return &dottedline.Problem{Kind: dottedline.NotFound, Text: fmt.Sprintf("No deal is called %q.", name), Hint: "dottedline now lists those that wait."}
	}
	pick := list.Rows[0]
	for _, r := range list.Rows {
		if strings.EqualFold(r.Deal.Name, name) {
			pick = r
			break
		}
	}
	p, err := d.DealPage(ctx, me, pick.Deal.ID)
	if err != nil {
		return err
	}
	if *asJSON {
		return w.json(api.DealOf(p))
	}
	printDeal(w, p)
	return nil
}

func printDeal(w world, p desk.DealPage) {
	fmt.Fprintf(w.out, "%s (%s, %s)\n", p.Deal.Name, p.Deal.Kind, p.Deal.Path)
	for _, x := range p.People {
		fmt.Fprintf(w.out, "  %s <%s>\n", x.Name, x.Address)
	}
	if p.Deal.Value.Minor > 0 {
		fmt.Fprintf(w.out, "Worth %s. ", p.Deal.Value)
	}
	fmt.Fprintf(w.out, "The ball is %s. %s\n", api.Ball(p.Deal.Ball.Side), p.Row.Why)
	if p.Ours.N > 0 {
		fmt.Fprintf(w.out, "You answer in %s (%s of working time), half of the time or faster.\n", p.Ours.Wall.Round(time.Minute), p.Ours.Work.Round(time.Minute))
	}
	if p.Theirs.N > 0 {
		fmt.Fprintf(w.out, "They answer in %s.\n", p.Theirs.Wall.Round(time.Minute))
	}
	fmt.Fprintln(w.out)
	for _, m := range p.Timeline {
		fmt.Fprintf(w.out, "%s  %-8s %-20s %s\n", m.At.In(p.Hours.Location()).Format("2006-01-02 15:04"), m.Kind, m.Who, dottedline.Gist(m.Said, 90))
	}
}
