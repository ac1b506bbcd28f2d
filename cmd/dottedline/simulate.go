package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"text/tabwriter"

	"dottedline/survival"
)

// simulate compares orders of work on many days of a seller with too few
// minutes. It needs no data: all it rests on is stated in doc/model.md.
func simulate(_ context.Context, w world, args []string) error {
	c := simulation{Minutes: 120, Load: 1.3, Days: 60}
	fs := flag.NewFlagSet("simulate", flag.ContinueOnError)
	fs.SetOutput(w.err)
	asJSON := fs.Bool("json", false, "print JSON")
	fs.IntVar(&c.Runs, "runs", 200, "how many sellers")
	fs.Uint64Var(&c.Seed, "seed", 1, "of the first; the same seed gives the same table")
	fs.Float64Var(&c.Load, "load", c.Load, "how many times the seller's minutes the work would take")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 || c.Runs < 2 || c.Runs > 100_000 || !(c.Load > 0 && c.Load <= 10) {
		fs.Usage()
		return errUsage
	}
	r, err := c.run()
	if err != nil {
		return err
	}
	if *asJSON {
		enc := json.NewEncoder(w.out)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	fmt.Fprintf(w.out, "%d sellers, %d days each, %.1f times the work that fits. Signed, in percent of what\nwould be signed if nothing waited, with 95 %% intervals.\n\n", c.Runs, c.Days, c.Load)
	tw := tabwriter.NewWriter(w.out, 0, 0, 2, ' ', 0)
	fmt.Fprint(tw, "order\t")
	for _, s := range worlds {
		fmt.Fprintf(tw, "%s\t", s.name)
	}
	fmt.Fprintln(tw)
	for _, o := range r {
		fmt.Fprintf(tw, "%s\t", o.Order)
		for _, x := range o.Signed {
			fmt.Fprintf(tw, "%.2f [%.2f, %.2f]\t", 100*x.Value, 100*x.Lo, 100*x.Hi)
		}
		fmt.Fprintln(tw)
	}
	return tw.Flush()
}

// simulation says how many sellers with how many minutes a day.
type simulation struct {
	Runs, Days    int
	Seed          uint64
	Minutes, Load float64
}

// worlds are how wrong the model is about what it ranks.
var worlds = []struct {
	name          string
	hazard, value float64 // hazards off by this factor either way; spread of the values' logarithm
}{{"model right", 1, 0}, {"hazards off 2x", 2, 0}, {"values noisy", 1, 0.7}, {"both", 2, 0.7}}

// waiter is somebody whose ball lies with the seller.
type waiter struct {
	came, stage    float64 // day; days in its stage before
	value, guess   float64 // true, and as the seller has written it down
	minutes        float64
	waits          []survival.Wait
	fasterOrSlower float64
}

// won is the true P(signed) if the move is made on that day.
func (x *waiter) won(day float64) float64 {
	p0 := x.waits[0].P
	return p0 * math.Pow(survival.StillWon(x.waits, day-x.came)/p0, x.fasterOrSlower)
}

// orders rank waiters on a day; the highest goes first.
var orders = []struct {
	name string
	rank func(x *waiter, day float64) float64
}{
	{"cost per minute", func(x *waiter, day float64) float64 {
		return survival.CostOfWaiting(x.waits, x.guess, day-x.came).Value / x.minutes
	}},
	{"newest first", func(x *waiter, day float64) float64 { return x.came }},
	{"oldest first", func(x *waiter, day float64) float64 { return -x.came }},
	{"biggest first", func(x *waiter, day float64) float64 { return x.guess }},
	{"days in stage", func(x *waiter, day float64) float64 { return x.stage - x.came }},
}

// ordered is what an order signed in each world, as a share of what would be
// signed if nothing waited.
type ordered struct {
	Order  string              `json:"order"`
	Signed []survival.Estimate `json:"signed"`
}

func (c simulation) run() ([]ordered, error) {
	o, err := survival.NewClock().Solve()
	if err != nil {
		return nil, err
	}
	out := make([]ordered, len(orders))
	for i := range orders {
		out[i].Order = orders[i].name
	}
	for _, w := range worlds {
		shares := make([][]float64, len(orders))
		for run := range c.Runs {
			r := rand.New(rand.NewPCG(c.Seed, uint64(run)))
			xs := c.draw(r, o, w.hazard, w.value)
			for i := range orders {
				shares[i] = append(shares[i], c.work(xs, orders[i].rank))
			}
		}
		for i, s := range shares {
			out[i].Signed = append(out[i].Signed, meanOf(s))
		}
	}
	return out, nil
}

// kinds of what waits: how often, in which state, and the minutes of the answer.
var kinds = []struct {
	share, minutes float64
	state          survival.State
}{
	{.5, 4, survival.State{Path: survival.Talking, Ours: true}},
	{.3, 4, survival.State{Path: survival.Asked, Ours: true}},
	{.1, 1, survival.State{Path: survival.Yes, Ours: true}},
	{.1, 4, survival.State{Path: survival.Yes, Ours: true, Paper: true}},
}

// draw makes all that will come to one seller.
func (c simulation) draw(r *rand.Rand, o *survival.Outlook, hazard, noise float64) []waiter {
	mean := 0.0
	for _, k := range kinds {
		mean += k.share * k.minutes
	}
	n := int(c.Load * c.Minutes / mean * float64(c.Days))
	off := make([]float64, len(kinds)) // each kind's decay is wrong in its own direction
	waits := make([][]survival.Wait, len(kinds))
	for i, k := range kinds {
		off[i] = hazard
		if r.IntN(2) == 0 {
			off[i] = 1 / hazard
		}
		waits[i] = o.Waiting(k.state)
	}
	xs := make([]waiter, n)
	for i := range xs {
		k, u := 0, r.Float64()
		for k+1 < len(kinds) && u > kinds[k].share {
			u -= kinds[k].share
			k++
		}
		v := 1000 * math.Exp(r.NormFloat64())
		xs[i] = waiter{came: r.Float64() * float64(c.Days), stage: 10 * r.ExpFloat64(), value: v,
			guess: v * math.Exp(noise*r.NormFloat64()), minutes: kinds[k].minutes * math.Exp(0.6*r.NormFloat64()-0.18), waits: waits[k], fasterOrSlower: off[k]}
	}
	slices.SortFunc(xs, func(a, b waiter) int { return int(math.Copysign(1, a.came-b.came)) })
	return xs
}

// sittings a day, between which the order is made anew.
const sittings = 4

// work goes through the days in an order and gives the share that is signed.
// What is left at the end is answered then.
func (c simulation) work(xs []waiter, rank func(*waiter, float64) float64) float64 {
	type place struct {
		i    int
		rank float64
	}
	var signed, all float64
	var open []int
	next := 0
	spare := 0.0
	for s := range c.Days * sittings {
		day := (float64(s) + 1) / sittings
		for ; next < len(xs) && xs[next].came <= day; next++ {
			open = append(open, next)
		}
		places := make([]place, len(open))
		for j, i := range open {
			places[j] = place{i, rank(&xs[i], day)}
		}
		slices.SortFunc(places, func(a, b place) int {
			if a.rank != b.rank {
				return int(math.Copysign(1, b.rank-a.rank))
			}
			return a.i - b.i
		})
		spare = min(spare, 0) + c.Minutes/sittings
		open = open[:0]
		for _, p := range places {
			if x := &xs[p.i]; spare > 0 {
				spare -= x.minutes // what is begun is finished, at the cost of the next sitting
				signed += x.value * x.won(day)
			} else {
				open = append(open, p.i)
			}
		}
	}
	for _, i := range open {
		signed += xs[i].value * xs[i].won(float64(c.Days))
	}
	for i := range xs {
		all += xs[i].value * xs[i].waits[0].P
	}
	return signed / all
}

func meanOf(x []float64) survival.Estimate {
	n := float64(len(x))
	mean, sq := 0.0, 0.0
	for _, v := range x {
		mean += v / n
	}
	for _, v := range x {
		sq += (v - mean) * (v - mean)
	}
	half := 1.96 * math.Sqrt(sq/(n-1)/n)
	return survival.Estimate{Value: mean, Lo: mean - half, Hi: mean + half}
}
