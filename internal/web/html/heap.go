package html

import "math"

// Heap is a histogram of dots on a logarithmic axis, ours above, theirs below.
type Heap struct {
	Title, Desc      string
	Min, Max         float64 // of the axis
	Ours, Theirs     []int   // dots in each column, the columns equal on the logarithm
	Ticks            []Tick
	OurMid, TheirMid float64 // where the medians lie; 0 for none
	OurText, TheirT  string
}

// About is the title and what is to be seen.
func (h Heap) About() (string, string) { return h.Title, h.Desc }

func (h Heap) draw(narrow bool) picture {
	w, left, right, dx, dy, us, them := 860.0, 64.0, 24.0, 8.6, 8.2, 3.1, 2.5
	if narrow {
		w, left, right, dx, dy, us, them = 350, 38, 4, 5.3, 5.6, 2.1, 1.7
	}
	high := func(ns []int) float64 {
		top := 0
		for _, n := range ns {
			top = max(top, (n+2)/3)
		}
		return float64(top) * dy
	}
	mid := high(h.Ours) + 54
	out := picture{W: w, H: mid + high(h.Theirs) + 72}
	width := (w - left - right) / float64(len(h.Ours))
	for i := range h.Ours {
		x := left + width*(float64(i)+.5)
		for k := range h.Ours[i] {
			out.dot(x+float64(k%3-1)*dx, mid-17-float64(k/3)*dy, us, "f-acc")
		}
		for k := range h.Theirs[i] {
			out.dot(x+float64(k%3-1)*dx, mid+35+float64(k/3)*dy, them, "ring-ink fine")
		}
	}
	at := func(v float64) float64 {
		v = min(max(v, h.Min), h.Max)
		return left + (w-left-right)*math.Log(v/h.Min)/math.Log(h.Max/h.Min)
	}
	for _, t := range h.Ticks {
		if !narrow || t.Main {
			out.text(at(t.At), mid+13.5, "", "middle", t.Text)
		}
	}
	out.text(0, mid-14, "t-ink", "start", "You")
	out.text(0, mid+40, "t-2", "start", "They")
	keep := func(x float64) float64 { return min(max(x, left+30), w-right-40) }
	if h.OurMid > 0 {
		out.text(keep(at(h.OurMid)), mid-17-high(h.Ours)-12, "t-acc halo", "middle", h.OurText)
	}
	if h.TheirMid > 0 {
		out.text(keep(at(h.TheirMid)), mid+35+high(h.Theirs)+22, "t-2 halo", "middle", h.TheirT)
	}
	return out
}
