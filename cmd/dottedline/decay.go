package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"

	"dottedline"
	"dottedline/survival"
)

// decayCmd fits the deals of a file and prints how they decay. It touches no
// database: any file with a column of days and one of outcomes will do.
func decayCmd(args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	cols := survival.DefaultColumns()
	o := survival.DecayOptions{Landmarks: []float64{0, 3, 7, 14, 28}}
	fs := flag.NewFlagSet("decay", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() {
		fmt.Fprintf(stderr, "Usage: dottedline decay --csv FILE [--test FILE2] [--json]\n\n")
		fs.PrintDefaults()
	}
	file := fs.String("csv", "", "deals, one a line, with a header; gzip is read too; - is standard input")
	test := fs.String("test", "", "deals to score with what was fitted on --csv")
	asJSON := fs.Bool("json", false, "print JSON")
	fs.Float64Var(&o.Horizon, "horizon", 0, "how many days to tell of; 0 is as long as any deal was watched")
	fs.Float64Var(&o.Within, "within", 7, "landmarks tell P(signed) within this many days")
	fs.Float64Var(&o.Expiry, "expiry", 0, "the day on which what was sent expires, when there is one")
	fs.Func("landmarks", "days at which to tell P(signed | still open), with commas between (default 0,3,7,14,28)", func(s string) (err error) {
		o.Landmarks, err = days(s)
		return err
	})
	fs.StringVar(&cols.Days, "days", cols.Days, "column of days from the start to the end, or to the last look")
	fs.StringVar(&cols.Outcome, "outcome", cols.Outcome, "column of outcomes")
	fs.StringVar(&cols.Value, "value", cols.Value, "column of values, when there is one")
	words(fs, "signed", &cols.Signed)
	words(fs, "lost", &cols.Lost)
	words(fs, "open", &cols.Open)
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if *file == "" || len(rest) > 0 || !(o.Within > 0) || !(o.Horizon >= 0) || !(o.Expiry >= 0) || math.IsInf(o.Within+o.Horizon+o.Expiry, 1) {
		fs.Usage()
		return errUsage
	}
	deals, err := readDeals(*file, stdin, cols)
	if err != nil {
		return err
	}
	var later survival.Deals
	if *test != "" {
		if later, err = readDeals(*test, stdin, cols); err != nil {
			return err
		}
	}
	r, err := survival.Decay(deals, later.Spells, o)
	if err != nil {
		return &dottedline.Problem{Kind: dottedline.Invalid, Text: fmt.Sprintf("These deals tell no decay: %v.", err)}
	}
	if *asJSON {
		enc := json.NewEncoder(stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	return printDecay(stdout, r)
}

// words is a flag of words with commas between.
func words(fs *flag.FlagSet, name string, to *[]string) {
	fs.Func(name, "outcomes that count as "+name+", with commas between (default "+strings.Trim(strings.Join(*to, ","), ",")+")", func(s string) error {
		*to = strings.Split(s, ",")
		return nil
	})
}

func days(s string) ([]float64, error) {
	var out []float64
	for _, f := range strings.Split(s, ",") {
		d, err := strconv.ParseFloat(strings.TrimSpace(f), 64)
		if err != nil || !(d >= 0 && d < 1e6) {
			return nil, fmt.Errorf("%q is not a day", f)
		}
		out = append(out, d)
	}
	return out, nil
}

func readDeals(name string, stdin io.Reader, cols survival.Columns) (survival.Deals, error) {
	in := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return survival.Deals{}, fmt.Errorf("read deals: %w", err)
		}
		defer f.Close()
		in = f
	}
	b := bufio.NewReader(in)
	in = b
	if magic, _ := b.Peek(2); string(magic) == "\x1f\x8b" {
		z, err := gzip.NewReader(b)
		if err != nil {
			return survival.Deals{}, fmt.Errorf("read deals: %s: %w", name, err)
		}
		in = z
	}
	d, err := survival.ReadDeals(in, cols)
	if err != nil {
		return d, &dottedline.Problem{Kind: dottedline.Invalid, Text: fmt.Sprintf("%s: %v.", name, err),
			Hint: "Name its columns with --days and --outcome, its words with --signed, --lost and --open."}
	}
	return d, nil
}

func printDecay(out io.Writer, r survival.Report) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%d deals: %d signed, %d lost, %d still open.\n\n", r.Deals, r.Signed, r.Lost, r.Open)
	fmt.Fprintf(w, "day\tat risk\tstill open\t95 %%\tsigned\t95 %%\tlost\t95 %%\t\n")
	every := (len(r.Curve) + 15) / 16
	for i, d := range r.Curve {
		if i%every == 0 || i == len(r.Curve)-1 {
			fmt.Fprintf(w, "%g\t%d\t%s\t%s\t%s\t\n", d.Day, d.AtRisk, share(d.Open), share(d.Signed), share(d.Lost))
		}
	}
	fmt.Fprintf(w, "\nfrom day\tto\tsigned a day\t95 %%\tlost a day\t95 %%\t\n")
	for i := 0; i < len(r.Bands); {
		j := i
		for j+1 < len(r.Bands) && like(r.Bands[i].Signed, r.Bands[j+1].Signed) && like(r.Bands[i].Lost, r.Bands[j+1].Lost) {
			j++
		}
		fmt.Fprintf(w, "%.3g\t%.3g\t%s\t%s\t\n", r.Bands[i].From, r.Bands[j].To, rate(r.Bands[i].Signed), rate(r.Bands[i].Lost))
		i = j + 1
	}
	fmt.Fprintf(w, "\nstill open on day\tsigned within %g days\t95 %%\t\n", r.Within)
	for _, l := range r.Landmarks {
		fmt.Fprintf(w, "%g\t%.1f %%\t%.1f–%.1f\t%s\t\n", l.Day, 100*l.P, 100*l.Lo, 100*l.Hi, join(l.Warnings))
	}
	if len(r.Hours) > 0 {
		fmt.Fprintf(w, "\nhours of each day since the start, from the second on\tsigned, times as often\tlost\t\n")
		for _, h := range r.Hours {
			fmt.Fprintf(w, "%.0f–%.0f\t%.2f\t%.2f\t\n", h.From, h.To, h.Signed, h.Lost)
		}
	}
	if v := r.Value; v != nil {
		fmt.Fprintf(w, "\nOpen deals are worth %.2f; %.2f of it is expected to be signed by day %g.\n", v.Open, v.Expected, r.Horizon)
	}
	if l := r.LogLik; l != nil {
		fmt.Fprintf(w, "\nMean log-likelihood per deal of the test: signed %.4f, lost %.4f, together %.4f.\n", l.Signed, l.Lost, l.Total)
	}
	for _, x := range r.Warnings {
		fmt.Fprintf(w, "\nNote: %s.\n", x)
	}
	return w.Flush()
}

// like says whether two rates print as one line: a tenth apart at most.
func like(a, b survival.Rate) bool {
	return math.Abs(a.Rate-b.Rate) <= 0.1*math.Max(a.Rate, b.Rate)
}

func share(e survival.Estimate) string {
	return fmt.Sprintf("%.1f %%\t%.1f–%.1f", 100*e.Value, 100*e.Lo, 100*e.Hi)
}

func rate(r survival.Rate) string {
	return fmt.Sprintf("%.4f\t%.4f–%.4f", r.Rate, r.Lo, r.Hi)
}

func join(ws []survival.Warning) string {
	var s []string
	for _, w := range ws {
		s = append(s, string(w))
	}
	return strings.Join(s, "; ")
}
