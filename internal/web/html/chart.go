package html

import (
	"fmt"
	"math"
	"strings"

	"github.com/a-h/templ"
)

// Chart is what can be drawn: wide, and narrow for a phone. About says in words
// what it shows.
type Chart interface {
	draw(narrow bool) picture
	About() (title, desc string)
}

// picture is a drawing in units of a view box, painted in this order: lines,
// areas, strokes, dots, texts.
type picture struct {
	W, H    float64
	Lines   []line
	Paths   []stroke // areas and strokes
	Circles []circle
	Texts   []text
}

type line struct{ X1, Y1, X2, Y2 float64 }

type stroke struct{ D, Class string }

type circle struct {
	X, Y, R float64
	Class   string
}

type text struct {
	X, Y                float64
	Class, Anchor, Text string
}

func (p *picture) hair(x1, y1, x2, y2 float64) { p.Lines = append(p.Lines, line{x1, y1, x2, y2}) }

func (p *picture) path(class, d string) { p.Paths = append(p.Paths, stroke{d, class}) }

func (p *picture) dot(x, y, r float64, class string) {
	p.Circles = append(p.Circles, circle{x, y, r, class})
}

func (p *picture) text(x, y float64, class, anchor, s string) {
	p.Texts = append(p.Texts, text{x, y, class, anchor, s})
}

// XY is a point, in the chart's own units.
type XY struct{ X, Y float64 }

// through writes a path through points.
func through(ps []XY) string {
	var b strings.Builder
	for i, p := range ps {
		switch {
		case i == 0:
			fmt.Fprintf(&b, "M%.1f %.1f", p.X, p.Y)
		case p.Y == ps[i-1].Y:
			fmt.Fprintf(&b, "H%.1f", p.X)
		case p.X == ps[i-1].X:
			fmt.Fprintf(&b, "V%.1f", p.Y)
		default:
			fmt.Fprintf(&b, "L%.1f %.1f", p.X, p.Y)
		}
	}
	return b.String()
}

// unseen is a move of a line that is too small to be seen.
const unseen = 0.4

// steps turns points into the corners of a line that only moves at them. Moves
// too small to be seen are put together: there may be one for each of many deals.
func steps(ps []XY) (out []XY) {
	for i, p := range ps {
		if i == 0 {
			out = append(out, p)
			continue
		}
		last := out[len(out)-1]
		if math.Abs(p.Y-last.Y) < unseen && i < len(ps)-1 {
			continue
		}
		out = append(out, XY{p.X, last.Y}, p)
	}
	return out
}

func (p picture) box() string { return "0 0 " + num(p.W) + " " + num(p.H) }

// nameChart is a chart's title.
func nameChart(c Chart) string {
	title, _ := c.About()
	return title
}

// aboutChart is what a chart says to those who don't see it.
func aboutChart(c Chart) string {
	title, desc := c.About()
	return title + ". " + desc
}

// Draw is one picture of a chart.
func Draw(c Chart, narrow bool) templ.Component { return picturePart(c, c.draw(narrow)) }
