package html

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Rally is who answered whom after how long. Two lanes, one line: steep is
// quick, flat is slow, dotted is still in the air.
type Rally struct {
	Them string // the upper lane's name
	Said string // the whole of it in words
	Lead string // the sentence beside the heading
	Hits []Hit
	Wait *Hit // the stroke that has not come yet: whose it is, and since when
}

// Hit is one stroke: whose, how long after the one before, and that in words.
type Hit struct {
	Ours bool
	Gap  time.Duration
	Text string
}

// drawing is a rally laid out in a box of so many units.
type drawing struct {
	W, H, Left, Right float64
	Line, Yet         string
	Marks             []mark
}

// mark is a ball on the line with the time beside it.
type mark struct {
	X, Y, R, TextY float64
	Class, Text    string
	TextClass      string
	Anchor         string
}

const laneThem, laneUs = 34.0, 132.0

// draw lays the last hits that fit into the width.
func (r Rally) draw(width float64) drawing {
	d, step := drawing{W: width, H: 170, Left: 64, Right: 26}, 62.0
	if width < 500 {
		d.Left, d.Right, step = 52, 12, 48
	}
	hits := r.Hits
	if n := int((width - d.Left) / step); len(hits) > n {
		hits = hits[len(hits)-n:]
	}
	at := make([]float64, len(hits))
	for i := 1; i < len(hits); i++ {
		at[i] = at[i-1] + span(hits[i].Gap)
	}
	end := at[len(at)-1]
	if r.Wait != nil {
		end += span(r.Wait.Gap)
	}
	x := func(p float64) float64 { return d.Left + (d.W-d.Left-d.Right)*p/max(end, 1) }
	var line strings.Builder
	for i, h := range hits {
		fmt.Fprintf(&line, "%s%.1f %.1f", map[bool]string{true: "M", false: "L"}[i == 0], x(at[i]), lane(h.Ours))
		m := mark{X: x(at[i]), Y: lane(h.Ours), R: 5.5, Class: "ring-ink", TextY: laneThem - 16, Anchor: "middle"}
		if h.Ours {
			m.Class, m.TextY = "f-acc", laneUs+27
		}
		if i > 0 {
			m.Text = h.Text
		}
		d.Marks = append(d.Marks, m)
	}
	d.Line = line.String()
	if w := r.Wait; w != nil {
		last := len(hits) - 1
		d.Yet = fmt.Sprintf("M%.1f %.1fL%.1f %.1f", x(at[last]), lane(hits[last].Ours), x(end), lane(w.Ours))
		m := mark{X: x(end), Y: lane(w.Ours), R: 7, Class: "ring", TextY: laneThem - 16, Text: w.Text, TextClass: "t-acc", Anchor: "end"}
		if w.Ours {
			m.TextY = laneUs + 27
		}
		d.Marks = append(d.Marks, m)
	}
	return d
}

// span is how far apart two strokes stand: by the logarithm of the hours, so
// that minutes and weeks fit one line.
func span(gap time.Duration) float64 { return .55 + math.Log1p(max(gap.Hours(), 0))*.62 }

func lane(ours bool) float64 {
	if ours {
		return laneUs
	}
	return laneThem
}

func num(f float64) string { return fmt.Sprintf("%.1f", f) }
