package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// row is one line of the table: what, how much, beside what, and the goal; ""
// for none.
type row struct{ what, here, beside, goal string }

type table []row

func (t *table) add(what, here, beside, goal string) {
	goal = cmp.Or(goal, "none")
	*t = append(*t, row{what, here, beside, goal})
	fmt.Fprintf(os.Stderr, "  %s: %s (%s; goal %s)\n", what, here, beside, goal)
}

// print writes the table in Markdown, under what machine it was.
func (t table) print(w io.Writer) {
	fmt.Fprintf(w, "\n%d cores, %s of memory, load %s\n\n", runtime.NumCPU(), memory(), load())
	fmt.Fprintln(w, "| what | here | beside | goal |\n|---|---|---|---|")
	for _, r := range t {
		fmt.Fprintf(w, "| %s | %s | %s | %s |\n", r.what, r.here, r.beside, r.goal)
	}
}

func memory() string {
	b, _ := os.ReadFile("/proc/meminfo")
	var kb int64
	if _, err := fmt.Sscanf(string(b), "MemTotal: %d kB", &kb); err != nil {
		return "?"
	}
	return fmt.Sprintf("%.0f GB", float64(kb)/1e6)
}

func load() string {
	b, _ := os.ReadFile("/proc/loadavg")
	one, _, _ := strings.Cut(string(bytes.TrimSpace(b)), " ")
	return one
}

// goal says of a measured number whether it is under its limit.
func goal(limit string, met bool) string {
	if met {
		return limit + ": met"
	}
	return limit + ": MISSED"
}

// quantile of times, which it sorts.
func quantile(ts []time.Duration, q float64) time.Duration {
	slices.Sort(ts)
	return ts[min(len(ts)-1, int(q*float64(len(ts))))]
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
