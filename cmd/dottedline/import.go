package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"dottedline"
	"dottedline/internal/config"
	"dottedline/internal/desk"
	"dottedline/mail"
)

// file is one mail as it comes from files, and how much of the whole it is.
type file struct {
	raw  []byte
	size int64 // bytes of the source that are done with it
	err  error
}

func importMail(ctx context.Context, w world, args []string) error {
	c := config.Default()
	fs := w.flags(&c, "import", "mbox|maildir PATH", "data", "database-url")
	me := fs.String("me", "", "your own addresses, with commas between; found out when left away")
	kind := fs.String("deals", "", "make deals of this kind (sale, funding, job, partnership, advice) of all threads in which both sides wrote")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) != 2 || rest[0] != "mbox" && rest[0] != "maildir" {
		fs.Usage()
		return errUsage
	}
	source, total, err := openSource(rest[0], rest[1])
	if err != nil {
		return err
	}
	d, db, err := open(ctx, c, true)
	if err != nil {
		return err
	}
	defer db.Close()
	own, err := owners(ctx, w, d, *me, source)
	if err != nil {
		return err
	}
	actor, err := d.Operator(ctx, cmp.Or(append(own, "")[0]))
	if err != nil {
		return err
	}
	for _, a := range own {
		if err := d.OwnAddress(ctx, actor, a); err != nil {
			return err
		}
	}
	got, bad, err := importAll(ctx, w, d, actor.Workspace, source, total)
	if err != nil {
		return err
	}
	fmt.Fprintf(w.err, "%d mails taken in, %d were here already", got.New, got.Known)
	if bad > 0 {
		fmt.Fprintf(w.err, ", %d could not be read from the files", bad)
	}
	fmt.Fprintln(w.err, ".")
	if *kind != "" {
		n, err := d.TakeAllOffers(ctx, actor, dottedline.Kind(*kind))
		if err != nil {
			return err
		}
		fmt.Fprintf(w.err, "%d deals made.\n", n)
	}
	return nil
}

// importAll takes everything in: the next mails are read while those before are
// written.
func importAll(ctx context.Context, w world, d *desk.Desk, ws dottedline.WorkspaceID, source iter.Seq[file], total int64) (got desk.Received, bad int, err error) {
	const (
		together = 64 // batches that share a transaction
		ahead    = 4  // that are read while one is written
	)
	// a mail's garbage is large beside what is kept: collect it less often, as
	// long as there is memory for it
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(64 << 20))
	ctx, stop := context.WithCancel(ctx)
	read := make(chan desk.Arrivals, ahead)
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(read)
		bad = readAll(ctx, w, d, source, total, read)
	})
	defer reading.Wait()
	defer stop()
	for first := range read {
		r, err := d.ReceiveRead(ctx, ws, some(first, read, together))
		if err != nil {
			return got, bad, err
		}
		got = got.Plus(r)
	}
	return got, bad, ctx.Err()
}

// readAll reads the mails of the files in batches, with a bar of how far it is;
// it counts the files that can't be read.
func readAll(ctx context.Context, w world, d *desk.Desk, source iter.Seq[file], total int64, to chan<- desk.Arrivals) (bad int) {
	const most = 1 << 20 // bytes of a batch
	bar := newBar(w.err, total)
	defer bar.end()
	var in []desk.Incoming
	held, done := 0, int64(0)
	send := func() {
		select {
		case to <- d.ReadMail(in):
		case <-ctx.Done():
		}
		in, held = nil, 0
	}
	for f := range source {
		if done += f.size; ctx.Err() != nil {
			return bad
		}
		bar.show(done)
		if f.err != nil {
			bad++
			fmt.Fprintln(w.err, "dottedline:", f.err)
			continue
		}
		in, held = append(in, desk.Incoming{Raw: f.raw}), held+len(f.raw)
		if held > most {
			send()
		}
	}
	if len(in) > 0 {
		send()
	}
	return bad
}

// some are the first and up to n-1 that come after it.
func some[T any](first T, after <-chan T, n int) iter.Seq[T] {
	return func(yield func(T) bool) {
		for x, ok := first, true; ok && yield(x) && n > 1; n-- {
			x, ok = <-after
		}
	}
}

func cmpErr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// openSource gives the mails of a file or folder, each time it is ranged over,
// and their size in all.
func openSource(kind, path string) (iter.Seq[file], int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, dottedline.Wrong("Name a file or folder that is there.", "%v", err)
	}
	if kind == "mbox" {
		if info.IsDir() {
			return nil, 0, dottedline.Wrong("Name the file, or say maildir.", "%s is a folder.", path)
		}
		return mbox(path), info.Size(), nil
	}
	if !info.IsDir() {
		return nil, 0, dottedline.Wrong("Name the folder that holds cur and new, or say mbox.", "%s is a file.", path)
	}
	names, total, err := maildir(path)
	return func(yield func(file) bool) {
		for _, n := range names {
			raw, err := os.ReadFile(n)
			if errors.Is(err, fs.ErrNotExist) { // moved from new to cur meanwhile
				continue
			}
			if !yield(file{raw, int64(len(raw)), err}) {
				return
			}
		}
	}, total, err
}

func mbox(path string) iter.Seq[file] {
	return func(yield func(file) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(file{err: err})
			return
		}
		defer f.Close()
		r := &counter{r: f}
		var before int64
		for raw, err := range mail.Mbox(r) {
			x := file{raw, r.n - before, err}
			before = r.n
			if !yield(x) {
				return
			}
		}
	}
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// maildir lists the mails of a Maildir and of the Maildir++ folders in it,
// newest file last; tmp holds none.
func maildir(path string) (names []string, total int64, err error) {
	err = filepath.WalkDir(path, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() || filepath.Base(filepath.Dir(name)) != "cur" && filepath.Base(filepath.Dir(name)) != "new" {
			return nil
		}
		if i, err := e.Info(); err == nil && i.Mode().IsRegular() {
			names, total = append(names, name), total+i.Size()
		}
		return nil
	})
	if err == nil && len(names) == 0 {
		err = dottedline.Wrong("It holds cur and new.", "There is no mail in %s.", path)
	}
	return names, total, err
}

// owners are the addresses of ours: as said, as known, or the one that most of
// the mails have in common.
func owners(ctx context.Context, w world, d *desk.Desk, said string, source iter.Seq[file]) (out []dottedline.Address, err error) {
	for s := range strings.SplitSeq(said, ",") {
		if a := dottedline.MakeAddress(s); a.Domain() != "" {
			out = append(out, a)
		}
	}
	if len(out) > 0 || said != "" {
		return out, nil
	}
	actor, err := d.Operator(ctx, "")
	if err != nil {
		return nil, err
	}
	known, err := d.Aliases(ctx, actor)
	if err != nil || len(known) > 0 {
		return nil, err
	}
	seen, n := map[dottedline.Address]int{}, 0
	for f := range source {
		if f.err != nil {
			continue
		}
		if n++; n > 500 {
			break
		}
		head, _, _ := bytes.Cut(f.raw[:min(len(f.raw), 32<<10)], []byte("\n\n"))
		m, _ := mail.Parse(append(head, "\n\n"...))
		in := map[dottedline.Address]bool{}
		for _, l := range [][]mail.Address{m.From, m.To, m.Cc} {
			for _, a := range l {
				in[dottedline.MakeAddress(a.Addr)] = true
			}
		}
		for a := range in {
			seen[a]++
		}
	}
	var best dottedline.Address
	for a, k := range seen {
		if k > seen[best] || k == seen[best] && a < best {
			best = a
		}
	}
	if best == "" || seen[best]*2 < n {
		fmt.Fprintln(w.err, "No address stands in most of these mails: nobody is taken for you. Say who you are with --me you@example.com.")
		return nil, nil
	}
	fmt.Fprintf(w.err, "You are taken for %s, who is in %d of the first %d mails. If that is wrong, say --me you@example.com.\n", best, seen[best], min(n, 500))
	return []dottedline.Address{best}, nil
}

// bar is a progress bar on a terminal, and a line every ten per cent elsewhere.
type bar struct {
	w     io.Writer
	total int64
	last  int64
	tty   bool
	began time.Time
}

func newBar(w io.Writer, total int64) *bar {
	f, ok := w.(*os.File)
	tty := false
	if ok {
		if i, err := f.Stat(); err == nil {
			tty = i.Mode()&os.ModeCharDevice != 0
		}
	}
	return &bar{w: w, total: max(total, 1), tty: tty, began: time.Now()}
}

func (b *bar) show(done int64) {
	pct := min(done*100/b.total, 100)
	step := int64(10)
	if b.tty {
		step = 1
	}
	if pct/step == b.last/step {
		return
	}
	b.last = pct
	if !b.tty {
		fmt.Fprintf(b.w, "%d %% read\n", pct)
		return
	}
	rate := float64(done) / 1e6 / max(time.Since(b.began).Seconds(), 0.001)
	fmt.Fprintf(b.w, "\r%s%s %3d %%  %.0f MB/s ", strings.Repeat("━", int(pct)*40/100), strings.Repeat("·", 40-int(pct)*40/100), pct, rate)
}

func (b *bar) end() {
	if b.tty {
		fmt.Fprintln(b.w)
	}
}
