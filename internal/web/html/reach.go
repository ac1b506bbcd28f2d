package html

// Reach is a list of lines, each solid as far as it got and dotted from there.
type Reach struct {
	Title, Desc string
	Rows        []ReachRow
	Of          float64 // the full length
}

// ReachRow is one line.
type ReachRow struct {
	Name, Text string
	To         float64
}

// About is the title and what is to be seen.
func (r Reach) About() (string, string) { return r.Title, r.Desc }

func (r Reach) draw(narrow bool) picture {
	w, left, right := 860.0, 128.0, 56.0
	if narrow {
		w, left, right = 350, 116, 40
	}
	out := picture{W: w, H: float64(len(r.Rows))*44 + 4}
	for i, row := range r.Rows {
		y := 22 + float64(i)*44
		x := left + (w-left-right)*row.To/max(r.Of, 1)
		out.text(0, y+5, "t-2 t-15", "start", row.Name)
		if row.To < r.Of {
			out.path("l-yet s-dot", through([]XY{{x + 8, y}, {w - right, y}}))
		}
		if row.To > 0 {
			out.path("l-acc", through([]XY{{left, y}, {x, y}}))
		}
		out.dot(x, y, 5.5, "f-acc")
		out.text(w, y+6, "t-ink t-18", "end", row.Text)
	}
	return out
}

// Forest is a list of estimates with their intervals on one axis.
type Forest struct {
	Title, Desc string
	Min, Max    float64
	Mark        float64 // where no difference is; outside the axis for none
	Ticks       []Tick
	Rows        []ForestRow
}

// ForestRow is one estimate. Ink is the second colour.
type ForestRow struct {
	Name, Text    string
	Value, Lo, Hi float64
	Ink           bool
}

// About is the title and what is to be seen.
func (f Forest) About() (string, string) { return f.Title, f.Desc }

func (f Forest) draw(narrow bool) picture {
	w, left, right := 860.0, 240.0, 130.0
	if narrow {
		w, left, right = 350, 8, 8
	}
	row, lift := 44.0, 0.0
	if narrow { // the name stands above its line
		row, lift = 58, 22
	}
	out := picture{W: w, H: float64(len(f.Rows))*row + 44}
	at := func(v float64) float64 {
		return left + (w-left-right)*(min(max(v, f.Min), f.Max)-f.Min)/max(f.Max-f.Min, 1e-12)
	}
	base := float64(len(f.Rows)) * row
	for _, t := range f.Ticks {
		if narrow && !t.Main {
			continue
		}
		out.hair(at(t.At), 4, at(t.At), base+6)
		anchor := "middle"
		if narrow && t.At >= f.Max {
			anchor = "end"
		} else if narrow && t.At <= f.Min {
			anchor = "start"
		}
		out.text(at(t.At), base+26, "", anchor, t.Text)
	}
	if f.Mark >= f.Min && f.Mark <= f.Max {
		out.path("l-lane", through([]XY{{at(f.Mark), 4}, {at(f.Mark), base + 6}}))
	}
	for i, r := range f.Rows {
		y := 22 + float64(i)*row + lift
		line, dot := "l-acc thin", "f-acc"
		if r.Ink {
			line, dot = "l-ink thin", "ring-ink"
		}
		out.path(line, through([]XY{{at(r.Lo), y}, {at(r.Hi), y}}))
		out.dot(at(r.Value), y, 5.5, dot)
		if narrow {
			out.text(0, y-16, "t-2 t-15 halo", "start", r.Name)
			out.text(w, y-16, "t-ink halo", "end", r.Text)
			continue
		}
		out.text(0, y+5, "t-2 t-15", "start", r.Name)
		out.text(w, y+5, "t-ink", "end", r.Text)
	}
	return out
}
