package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/survival"
)

// pipeline is many open deals in memory, ranked as the product ranks them.
type pipeline struct {
	n     int
	kinds []dottedline.State // what the deals look like; each has a value of its own
	model *dottedline.Model
	cells [survival.Cells][]placed
}

// placed is a deal in its cell, the dearest first.
type placed struct {
	key  float64
	next int64 // microseconds; 0: never
	deal int32
}

const topRows = 50

// ranking measures Now's order: the fit and the first ranking of all open deals,
// one touch, and the top an hour later, in memory and in the database.
func ranking(ctx context.Context, b *bench) error {
	now := time.Date(2026, 11, 17, 10, 0, 0, 0, time.UTC)
	later := now.Add(time.Hour)
	for _, n := range slices.Compact([]int{b.deals[0] * 10, b.deals[len(b.deals)-1]}) {
		before := processor()
		p, fit, err := newPipeline(n, now)
		cpu := processor() - before
		if err != nil {
			return err
		}
		b.tab.add(fmt.Sprintf("%d open deals fitted and ranked the first time", n), ms(fit), fmt.Sprintf("in memory; %s of processor over all cores, with the making of the deals", ms(cpu)), goal("1 s", fit < time.Second))
		one, err := p.touch(now)
		if err != nil {
			return err
		}
		b.tab.add(fmt.Sprintf("one touch among %d open deals: derived and placed anew", n), us(one), "in memory", goal("1 ms", one < time.Millisecond))
		began := time.Now()
		moved := p.move(later)
		moving := time.Since(began)
		var reads []time.Duration
		var top []ranked
		for range b.pages {
			began = time.Now()
			top = p.top(later)
			reads = append(reads, time.Since(began))
		}
		read := quantile(reads, 0.5)
		if err := p.exact(top, later); err != nil {
			return err
		}
		b.tab.add(fmt.Sprintf("the top %d of %d an hour later", topRows, n), "p50 "+us(read), fmt.Sprintf("in memory; equal to the full sort; %d deals had changed their cell by themselves, moved in %s", moved, ms(moving)), goal("10 ms", read < 10*time.Millisecond))
		if err := p.inDatabase(ctx, b, later, top); err != nil {
			return err
		}
		runtime.GC()
	}
	return nil
}

func us(d time.Duration) string { return fmt.Sprintf("%.0f µs", float64(d.Nanoseconds())/1000) }

// newPipeline makes deals of many kinds, counts their stays, solves the model and
// ranks them; it tells how long all but the making took.
func newPipeline(n int, now time.Time) (*pipeline, time.Duration, error) {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	p := &pipeline{n: n}
	var stays []dottedline.Stay
	for range 2000 {
		ts := someTouches(r, now)
		stays = append(stays, dottedline.Stays(ts, time.Time{}, now)...)
		s, _ := dottedline.Fold(ts)
		p.kinds = append(p.kinds, s)
	}
	began := time.Now()
	clock := survival.NewClock()
	for i := range n {
		x := stays[i%len(stays)]
		if err := clock.Observe(x.State, x.From.Hours()/24, x.To.Hours()/24, x.Event); err != nil {
			return nil, 0, err
		}
	}
	var err error
	if p.model, err = dottedline.NewModel(dottedline.Learned{Counts: clock.Counts()}); err != nil {
		return nil, 0, err
	}
	p.placeAll(now)
	return p, time.Since(began), nil
}

// placeAll places all deals and sorts the cells, on all cores.
func (p *pipeline) placeAll(now time.Time) {
	workers := runtime.NumCPU()
	parts := make([]pipeline, workers)
	var wg sync.WaitGroup
	for w := range parts {
		parts[w] = pipeline{n: p.n, kinds: p.kinds, model: p.model}
		wg.Go(func() {
			for i := w; i < p.n; i += workers {
				parts[w].place(i, now)
			}
		})
	}
	wg.Wait()
	for w := range workers {
		wg.Go(func() {
			for c := w; c < len(p.cells); c += workers {
				for _, part := range parts {
					p.cells[c] = append(p.cells[c], part.cells[c]...)
				}
				slices.SortFunc(p.cells[c], dearer)
			}
		})
	}
	wg.Wait()
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func dearer(a, b placed) int {
	switch {
	case a.key > b.key:
		return -1
	case a.key < b.key:
		return 1
	}
	return int(a.deal) - int(b.deal)
}

// someTouches are those of a deal that is somewhere on its path.
func someTouches(r *rand.Rand, now time.Time) (ts []dottedline.Touch) {
	at := now.Add(-time.Duration(r.ExpFloat64() * 12 * 24 * float64(time.Hour)))
	way := []dottedline.TouchKind{dottedline.MailTouch, dottedline.AskTouch, dottedline.MailTouch, dottedline.YesTouch, dottedline.SentTouch, dottedline.MailTouch}
	for i, k := range way[:1+r.IntN(len(way))] {
		if !at.Before(now) {
			break
		}
		by := dottedline.Them
		if k == dottedline.AskTouch || k == dottedline.SentTouch {
			by = dottedline.Us
		}
		x := dottedline.Touch{ID: dottedline.TouchID(i + 1), At: at, Kind: k, By: by}
		if k == dottedline.SentTouch {
			x.Until = at.AddDate(0, 0, 30)
		}
		ts = append(ts, x)
		at = at.Add(time.Duration((0.1 + 30*r.ExpFloat64()) * float64(time.Hour)))
	}
	return ts
}

// deal is the i-th deal; no two have one value.
func (p *pipeline) deal(i int) dottedline.State {
	s := p.kinds[i%len(p.kinds)]
	s.Value = dottedline.Money{Minor: 10_000 + int64(i)*7919%10_000_019, Currency: "USD"}
	return s
}

func (p *pipeline) place(i int, now time.Time) {
	s := p.deal(i)
	if st := s.Stand(now, p.model, 1000, 1); st.Cell != dottedline.Hidden {
		p.cells[st.Cell] = append(p.cells[st.Cell], placed{st.Key, micros(st.Next), int32(i)})
	}
}

// touch is what one more mail costs: the deal is derived from its touches and
// placed into its cell. The fit follows once a day.
func (p *pipeline) touch(now time.Time) (time.Duration, error) {
	r := rand.New(rand.NewPCG(2, 2))
	const times = 1000
	began := time.Now()
	for i := range times {
		ts := append(someTouches(r, now), dottedline.Touch{ID: 99, At: now, Kind: dottedline.MailTouch, By: dottedline.Them})
		s, _ := dottedline.Fold(ts)
		for _, x := range dottedline.Stays(ts, time.Time{}, now) {
			if _, err := x.Counts(); err != nil {
				return 0, err
			}
		}
		s.Value = dottedline.Money{Minor: int64(i+1) * 100, Currency: "USD"}
		st := s.Stand(now, p.model, 1000, 1)
		x := placed{st.Key, micros(st.Next), int32(p.n + i)}
		at, _ := slices.BinarySearchFunc(p.cells[st.Cell], x, dearer)
		p.cells[st.Cell] = slices.Insert(p.cells[st.Cell], at, x)
	}
	took := time.Since(began) / times
	for c := range p.cells { // they were for the measuring alone
		p.cells[c] = slices.DeleteFunc(p.cells[c], func(x placed) bool { return int(x.deal) >= p.n })
	}
	return took, nil
}

// move places the deals anew whose standing has changed by the passing of time.
func (p *pipeline) move(now time.Time) (moved int) {
	var stale []int32
	for c := range p.cells {
		p.cells[c] = slices.DeleteFunc(p.cells[c], func(x placed) bool {
			if x.next == 0 || x.next > now.UnixMicro() {
				return false
			}
			stale = append(stale, x.deal)
			return true
		})
	}
	for _, i := range stale {
		p.place(int(i), now)
	}
	for _, c := range p.cells {
		slices.SortFunc(c, dearer)
	}
	return len(stale)
}

// ranked is a deal with its cost per minute, in logarithm.
type ranked struct {
	deal int32
	cost float64
}

// top merges the dearest of each cell.
func (p *pipeline) top(now time.Time) []ranked {
	var heads []ranked
	for c, xs := range p.cells {
		for _, x := range xs[:min(len(xs), topRows)] {
			heads = append(heads, ranked{x.deal, dottedline.Standing{Key: x.key, Decay: dottedline.Cell(c).Rate()}.PerMinute(now)})
		}
	}
	slices.SortFunc(heads, byCost)
	return heads[:min(len(heads), topRows)]
}

func byCost(a, b ranked) int {
	return cmp.Or(cmp.Compare(b.cost, a.cost), cmp.Compare(a.deal, b.deal))
}

// exact compares the top with a sort of all deals as they stand at now.
func (p *pipeline) exact(top []ranked, now time.Time) error {
	all := make([]ranked, 0, p.n)
	for i := range p.n {
		s := p.deal(i)
		if st := s.Stand(now, p.model, 1000, 1); st.Cell != dottedline.Hidden {
			all = append(all, ranked{int32(i), st.PerMinute(now)})
		}
	}
	slices.SortFunc(all, byCost)
	for i, x := range top {
		if math.Abs(x.cost-all[i].cost) > 1e-9 {
			return fmt.Errorf("row %d costs %v, by a sort of all %v", i, x.cost, all[i].cost)
		}
	}
	return nil
}

// inDatabase writes the deals as they stand and reads the top from there.
func (p *pipeline) inDatabase(ctx context.Context, b *bench, now time.Time, want []ranked) error {
	h, err := b.newHouse(ctx, fmt.Sprintf("ranking%d", p.n))
	if err != nil {
		return err
	}
	defer h.db.Close()
	const batch = 20_000
	for from := 0; from < p.n; from += batch {
		if err := h.db.Write(ctx, h.me.Workspace, func(t *store.Tx) error {
			for i := from; i < min(p.n, from+batch); i++ {
				s := p.deal(i)
				if err := t.PutDeal(dottedline.Deal{ID: dottedline.DealID(i + 1), State: s}, s.Stand(now, p.model, 1000, 1), nil); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	h.db.Now = func() time.Time { return now }
	var all []time.Duration
	before := processor()
	for range b.pages {
		if err := h.db.View(ctx, h.me.Workspace, func(t *store.Tx) error {
			began := time.Now()
			got, err := t.Top(topRows, dottedline.Rank{})
			all = append(all, time.Since(began))
			if err != nil || len(got) != len(want) {
				return fmt.Errorf("%d rows at the top, want %d: %w", len(got), len(want), err)
			}
			for i, x := range got {
				if cost := (dottedline.Standing{Key: x.Key, Decay: x.Cell.Rate()}).PerMinute(now); math.Abs(cost-want[i].cost) > 1e-9 {
					return fmt.Errorf("row %d costs %v in the database, %v by a sort of all", i, cost, want[i].cost)
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	cpu := (processor() - before) / time.Duration(b.pages)
	p99 := quantile(all, 0.99)
	b.tab.add(fmt.Sprintf("the top %d of %d from the database (%d times)", topRows, p.n, b.pages), "p50 "+ms(quantile(all, 0.5))+", p99 "+ms(p99), fmt.Sprintf("SQLite; equal to the full sort; %s of processor a time", ms(cpu)), goal("p99 10 ms", p99 < 10*time.Millisecond))
	return nil
}
