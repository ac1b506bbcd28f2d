package ical

import (
	"strings"
	"testing"
	"time"
)

func TestWindowsZones(t *testing.T) {
	t.Parallel()
	for w, name := range windowsZones {
		if l := KnownZone(strings.ToUpper(w)); l == nil || l.String() != name && w != "utc" {
			t.Errorf("%q is %v, want %s", w, l, name)
		}
	}
	for _, n := range []string{"", "Local", "local", "PST", "Nowhere/Land", "../Europe/Berlin", "/x/../Europe/Berlin/.."} {
		if l := KnownZone(n); l != nil {
			t.Errorf("%q is held to be %s", n, l)
		}
	}
}

// TestPlace compares with a search minute by minute, around every change of
// some zones that change oddly, in the database and written as VTIMEZONE.
func TestPlace(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Asia/Kathmandu", "America/Sao_Paulo", "UTC"} {
		l := zone(t, name)
		from, to := day("2011-01-01").Unix(), day("2030-01-01").Unix()
		cs := transitions(l, from, to)
		var file *fileZone
		if len(cs) > 0 {
			var w writer
			w.line("BEGIN:VCALENDAR")
			w.zone("x", l, from, to)
			w.line("END:VCALENDAR")
			var ps problems
			root, err := parseTree(w.b.String(), &ps)
			if err != nil || len(ps.list) > 0 {
				t.Fatal(err, ps.list)
			}
			if file, err = newFileZone(root.kids[0].kids[0], &budget{maxSteps}); err != nil {
				t.Fatalf("%s: %v\n%s", name, err, w.b.String())
			}
		}
		points := []int64{day("2026-06-01").Unix()}
		for _, c := range cs {
			points = append(points, c.at)
		}
		for _, at := range points {
			checkPlace(t, l, file, at)
		}
	}
}

func checkPlace(t *testing.T, l *time.Location, file *fileZone, at int64) {
	// The clock reading of each minute around the change, and who reads it first.
	first := map[int64]int64{}
	lo, hi := at-30*3600, at+30*3600
	for m := lo; m < hi; m += 60 {
		w := m + offset(l, m)
		if _, seen := first[w]; !seen {
			first[w] = m
		}
		if file != nil && file.wall(m) != w {
			t.Fatalf("%s: as VTIMEZONE the clock reads %d instead of %d at %d", l, file.wall(m), w, m)
		}
	}
	for w := at - 3*3600; w < at+3*3600; w += 60 {
		for _, o := range []int64{offset(l, at-1), offset(l, at)} {
			wall := w + o
			want, ok := first[wall]
			if !ok { // jumped over: counted on from before
				want = wall - offset(l, at-1)
			}
			if got := place(l, wall); got != want {
				t.Fatalf("%s: %s is placed at %d, want %d", l, time.Unix(wall, 0).UTC(), got, want)
			}
			if file != nil && file.place(wall) != want {
				t.Fatalf("%s as VTIMEZONE: %s is placed at %d, want %d", l, time.Unix(wall, 0).UTC(), file.place(wall), want)
			}
		}
	}
}
