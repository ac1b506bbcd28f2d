package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// cost is what a program took.
type cost struct {
	wall, cpu time.Duration
	rss       int64 // bytes, at its highest
	out       string
}

func (c cost) plus(o cost) cost {
	return cost{c.wall + o.wall, c.cpu + o.cpu, max(c.rss, o.rss), c.out + o.out}
}

func (c cost) String() string {
	return fmt.Sprintf("%.1f s, %.1f s of processor, %d MB", c.wall.Seconds(), c.cpu.Seconds(), c.rss>>20)
}

// measure runs a program to its end.
func measure(ctx context.Context, env []string, name string, args ...string) (cost, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	began := time.Now()
	out, err := cmd.CombinedOutput()
	c := cost{wall: time.Since(began), out: string(out)}
	if err != nil {
		return c, fmt.Errorf("%s: %w: %s", name, err, out)
	}
	c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	c.rss = cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
	return c, nil
}

// importing imports one Maildir with each program, from nothing. Ours has found
// threads, people, deals and clocks as well when it is done.
func importing(ctx context.Context, b *bench) error {
	dir := filepath.Join(b.dir, "Maildir")
	size, err := writeMaildir(dir, b.mails, 1)
	if err != nil {
		return err
	}
	if err := readAll(dir); err != nil { // nobody is first to wait for the disk
		return err
	}
	data := filepath.Join(b.dir, "import")
	ours, err := measure(ctx, nil, b.bin, "import", "maildir", dir, "--data", data, "--me", seller.addr, "--deals", "sale")
	if err != nil {
		return err
	}
	if want := fmt.Sprintf("%d mails taken in", b.mails); !strings.Contains(ours.out, want) {
		return fmt.Errorf("not %q: %s", want, ours.out)
	}
	if _, err := measure(ctx, nil, b.bin, "check", "--data", data); err != nil {
		return err
	}
	notmuch, err := b.notmuch(ctx, dir)
	if err != nil {
		return err
	}
	mu, err := b.mu(ctx, dir)
	if err != nil {
		return err
	}
	faster, name := mu, "mu"
	if notmuch.wall < mu.wall {
		faster, name = notmuch, "notmuch"
	}
	mb := float64(size) / 1e6
	what := fmt.Sprintf("import of %d mails, %.0f MB", b.mails, mb)
	b.tab.add(what, ours.String(), "notmuch new: "+notmuch.String()+"; mu init and index: "+mu.String(), "")
	for _, r := range []struct {
		of   string
		x, y time.Duration
	}{{"wall", ours.wall, faster.wall}, {"processor", ours.cpu, min(notmuch.cpu, mu.cpu)}} {
		times := r.y.Seconds() / r.x.Seconds()
		b.tab.add(what+", "+r.of, fmt.Sprintf("%.1f times as fast", times), "the faster of both ("+name+")", goal("3 times", times >= 3))
	}
	rate := mb / ours.wall.Seconds()
	b.tab.add(what+", rate", fmt.Sprintf("%.0f MB/s", rate), fmt.Sprintf("%.0f MB per second of processor", mb/ours.cpu.Seconds()), goal("30 MB/s", rate >= 30))
	b.tab.add(what+", memory", fmt.Sprintf("%d MB", ours.rss>>20), fmt.Sprintf("notmuch %d MB, mu %d MB", notmuch.rss>>20, mu.rss>>20), goal("160 MB", ours.rss < 160<<20))
	return os.RemoveAll(dir)
}

func (b *bench) notmuch(ctx context.Context, dir string) (cost, error) {
	conf := filepath.Join(b.dir, "notmuch.conf")
	text := "[database]\npath=" + dir + "\nhook_dir=" + filepath.Join(b.dir, "hooks") + "\n[user]\nname=" + seller.name + "\nprimary_email=" + seller.addr + "\n[new]\ntags=inbox\n"
	if err := os.WriteFile(conf, []byte(text), 0o644); err != nil {
		return cost{}, err
	}
	defer os.RemoveAll(filepath.Join(dir, ".notmuch"))
	return measure(ctx, []string{"NOTMUCH_CONFIG=" + conf}, "notmuch", "new", "--quiet")
}

func (b *bench) mu(ctx context.Context, dir string) (cost, error) {
	home := "--muhome=" + filepath.Join(b.dir, "mu")
	c, err := measure(ctx, nil, "mu", "init", home, "--maildir="+dir, "--my-address="+seller.addr)
	if err != nil {
		return c, err
	}
	x, err := measure(ctx, nil, "mu", "index", home, "--quiet")
	return c.plus(x), err
}

func readAll(dir string) error {
	names, err := filepath.Glob(filepath.Join(dir, "cur", "*"))
	for _, n := range names {
		f, err := os.Open(n)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, f)
		f.Close()
		if err != nil {
			return err
		}
	}
	return err
}
