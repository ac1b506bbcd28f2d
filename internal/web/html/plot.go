package html

import (
	"cmp"
	"slices"
)

// Plot is a chart of lines over two axes.
type Plot struct {
	Title, Desc string
	X, Y        Axis
	Series      []Series
	Rules       []Rule
	Diagonal    bool // where X and Y are the same
	Small       bool // one of several side by side: a phone's width everywhere
}

// Axis runs from Min to Max with ticks.
type Axis struct {
	Min, Max float64
	Ticks    []Tick
}

// Tick is a mark on an axis. On a phone only those that are Main are drawn.
type Tick struct {
	At   float64
	Text string
	Main bool
}

// Series is one line with its band. Ink is the second colour, Yet what has not
// happened. AtRisk are told under the ticks of X.
type Series struct {
	Name, Note string
	Points     []XY
	Low, High  []XY // the band; empty for none
	Ink, Yet   bool
	Step       bool
	Dots       bool
	Bars       bool // Low and High are whiskers at each point
	AtRisk     []string
	Thin       bool
}

// Rule is a dotted mark down from a point to the axis, with a word.
type Rule struct {
	At   XY
	Text string
}

// About is the title and what is to be seen.
func (p Plot) About() (string, string) { return p.Title, p.Desc }

// frame is a plot's scale.
type frame struct {
	Plot
	left, right, top, bottom float64
	w, h                     float64
}

func (f frame) x(v float64) float64 {
	return f.left + (f.w-f.left-f.right)*(v-f.X.Min)/max(f.X.Max-f.X.Min, 1e-12)
}

func (f frame) y(v float64) float64 {
	v = min(max(v, f.Y.Min), f.Y.Max)
	return f.top + (f.h-f.top-f.bottom)*(1-(v-f.Y.Min)/max(f.Y.Max-f.Y.Min, 1e-12))
}

func (f frame) on(ps []XY) []XY {
	out := make([]XY, len(ps))
	for i, p := range ps {
		out[i] = XY{f.x(min(max(p.X, f.X.Min), f.X.Max)), f.y(p.Y)}
	}
	return out
}

func (p Plot) draw(narrow bool) picture {
	f := frame{Plot: p, w: 860, h: 372, left: 62, right: 172, top: 18, bottom: 40}
	if p.Small {
		f.w, f.h, f.left, f.right, f.top, f.bottom = 400, 190, 56, 14, 14, 32
	} else if narrow {
		f.w, f.h, f.left, f.right, f.top, f.bottom = 350, 300, 48, 8, 14, 34
	}
	tight := narrow || p.Small
	f.bottom += 20 * float64(f.riskRows(tight))
	f.h += 20 * float64(f.riskRows(tight))
	out := picture{W: f.w, H: f.h}
	f.axes(&out, tight)
	for _, s := range p.Series {
		f.series(&out, s)
	}
	for _, r := range p.Rules {
		at := f.on([]XY{r.At})[0]
		out.path("l-yet s-ink", through([]XY{{at.X, at.Y + 7}, {at.X, f.y(f.Y.Min)}}))
		out.dot(at.X, at.Y, 6, "ring-ink")
		out.text(at.X+12, f.y(f.Y.Min)-11, "t-ink halo", "start", r.Text)
	}
	f.names(&out, tight)
	return out
}

func (f frame) riskRows(tight bool) (n int) {
	for _, s := range f.Series {
		if len(s.AtRisk) > 0 && !tight {
			n++
		}
	}
	return n
}

func (f frame) axes(out *picture, tight bool) {
	for _, t := range f.Y.Ticks {
		if tight && !t.Main && len(f.Y.Ticks) > 3 {
			continue
		}
		out.hair(f.left, f.y(t.At), f.w-f.right, f.y(t.At))
		out.text(f.left-12, f.y(t.At)+4.5, "", "end", t.Text)
	}
	base := f.y(f.Y.Min)
	row := 0.0
	for _, s := range f.Series {
		if len(s.AtRisk) == 0 || tight {
			continue
		}
		row++
		class := "t-acc"
		if s.Ink {
			class = "t-2"
		}
		for i, n := range s.AtRisk {
			out.text(f.x(f.X.Ticks[i].At), base+24+20*row, class, "middle", n)
		}
		if row == 1 {
			out.text(f.w-f.right+14, base+24+20, "", "start", "still open")
		}
	}
	for i, t := range f.X.Ticks {
		if tight && !t.Main {
			continue
		}
		anchor := "middle"
		if i == len(f.X.Ticks)-1 && tight {
			anchor = "end"
		}
		out.text(f.x(t.At), base+24, "", anchor, t.Text)
	}
	if f.Diagonal {
		out.path("l-lane", through([]XY{{f.x(f.X.Min), f.y(f.Y.Min)}, {f.x(f.X.Max), f.y(f.Y.Max)}}))
	}
}

func (f frame) series(out *picture, s Series) {
	line, dot, band := "l-acc", "f-acc", "f-band"
	if s.Ink {
		line, dot, band = "l-ink", "ring-ink", "f-band2"
	}
	if s.Thin {
		line += " thin"
	}
	if s.Yet {
		line = "l-yet"
	}
	mid, low, high := f.on(s.Points), f.on(s.Low), f.on(s.High)
	if s.Bars {
		for i := range low {
			out.path("l-ink thin", through([]XY{low[i], high[i]}))
		}
		low = nil
	}
	if s.Step {
		mid, low, high = steps(mid), steps(low), steps(high)
	}
	if len(low) > 1 {
		around := slices.Clone(high)
		for _, p := range slices.Backward(low) {
			around = append(around, p)
		}
		out.path(band, through(around)+"Z")
	}
	if len(mid) > 1 && !s.Bars {
		out.path(line, through(mid))
	}
	if s.Dots || len(mid) == 1 {
		for _, p := range f.on(s.Points) {
			out.dot(p.X, p.Y, 4, dot)
		}
	}
}

// names writes each line's name at its end, apart from one another.
func (f frame) names(out *picture, tight bool) {
	type label struct {
		y float64
		s Series
	}
	var ls []label
	for _, s := range f.Series {
		if s.Name != "" && len(s.Points) > 0 {
			ls = append(ls, label{f.y(s.Points[len(s.Points)-1].Y), s})
		}
	}
	slices.SortStableFunc(ls, func(a, b label) int { return cmp.Compare(a.y, b.y) })
	gap := 38.0
	if tight {
		gap = 18
	}
	for i := range ls {
		if i > 0 {
			ls[i].y = max(ls[i].y, ls[i-1].y+gap)
		}
	}
	if n := len(ls); n > 0 { // pushed below the axis: move all of them up as far as needed
		for i, floor := n-1, f.y(f.Y.Min)-10; i >= 0; i, floor = i-1, min(floor, ls[i].y)-gap {
			ls[i].y = min(ls[i].y, floor)
		}
	}
	for _, l := range ls {
		class := "t-acc"
		if l.s.Ink {
			class = "t-ink"
		}
		if tight {
			out.text(f.w-f.right, l.y-9, class+" halo", "end", l.s.Name)
			continue
		}
		out.text(f.w-f.right+14, l.y+2, class, "start", l.s.Name)
		out.text(f.w-f.right+14, l.y+19, "", "start", l.s.Note)
	}
}
