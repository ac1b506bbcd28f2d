package paper

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"dottedline/paper/internal/pdf"
)

// placed runs the operators of a path and gives the box of its points.
func placed(t *testing.T, ops []byte) (box Rect, curves int) {
	t.Helper()
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for line := range strings.Lines(string(ops)) {
		f := strings.Fields(line)
		switch op := f[len(f)-1]; op {
		case "m", "l", "c":
			for i := 0; i+1 < len(f)-1; i += 2 {
				var x, y float64
				if _, err := fmt.Sscan(f[i], &x); err != nil {
					t.Fatal(line, err)
				}
				if _, err := fmt.Sscan(f[i+1], &y); err != nil {
					t.Fatal(line, err)
				}
				x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
			}
			if op == "c" {
				curves++
			}
		}
	}
	return Rect{x0, y0, x1 - x0, y1 - y0}, curves
}

func TestTypedMarkFitsItsPlace(t *testing.T) {
	t.Parallel()
	place := Rect{100, 200, 125, 46}
	for _, name := range []string{"Łukasz Grünwald", "Nguyễn Thị Minh Khai", "Γεώργιος Παπαδόπουλος", "Олександр Ґудзь", "Jo", "Maximiliane von Hohenstaufen-Weißenfels und zu Gröningen"} {
		p, err := TypedMark(name, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		box, curves := placed(t, p.PDF(place))
		if box.X < place.X-0.01 || box.X+box.W > place.X+place.W+0.01 || box.Y < place.Y-0.2*place.H || box.Y+box.H > place.Y+place.H+0.01 {
			t.Errorf("%s: %v is outside of %v", name, box, place)
		}
		if curves < 20 || box.H < 4 {
			t.Errorf("%s: %d curves in %v are no name", name, curves, box)
		}
		if err := wellFormed(p.SVG("Signature of <" + name + ">")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"", " \n", strings.Repeat("x", 401)} {
		if _, err := TypedMark(name, nil); err == nil {
			t.Errorf("%.10q is a signature", name)
		}
	}
	var l Letter
	if _, err := TypedMark("محمد", nil); !errors.As(err, &l) {
		t.Errorf("without a font: %v", err)
	}
}

func wellFormed(s string) error {
	d := xml.NewDecoder(strings.NewReader(s))
	for {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestDrawnMarkFitsItsPlace(t *testing.T) {
	t.Parallel()
	var s Stroke
	for i := range 90 {
		x := float64(i) / 6
		s = append(s, Point{20 + 14*x + 10*math.Sin(2.1*x), 60 - 22*math.Sin(1.7*x)})
	}
	p, err := DrawnMark([]Stroke{s, {{60, 95}, {130, 90}}, {{70, 30}}, nil})
	if err != nil {
		t.Fatal(err)
	}
	place := Rect{100, 200, 125, 46}
	ops := p.PDF(place)
	box, curves := placed(t, ops)
	if box.X < place.X || box.Y < place.Y || box.X+box.W > place.X+place.W || box.Y+box.H > place.Y+place.H || curves != 90 {
		t.Errorf("%d curves, %v is outside of %v", curves, box, place)
	}
	if !bytes.HasSuffix(ops, []byte("S Q\n")) {
		t.Error("a drawing is a stroke of a pen")
	}
	if err := wellFormed(p.SVG("Signature")); err != nil {
		t.Error(err)
	}
	for name, bad := range map[string][]Stroke{
		"nothing": nil, "a dot": {{{1, 1}}}, "not a number": {{{math.NaN(), 1}, {50, 50}}},
		"endless": {{{math.Inf(1), 1}, {50, 50}}}, "too many points": {make(Stroke, maxPoints+1)}, "too many strokes": make([]Stroke, maxStrokes+1),
	} {
		if _, err := DrawnMark(bad); err == nil {
			t.Errorf("%s is a signature", name)
		}
	}
}

func TestPointsPerOp(t *testing.T) {
	t.Parallel()
	if points[pdf.Move] != 1 || points[pdf.Cubic] != 3 || "MLQC"[pdf.Cubic] != 'C' {
		t.Error("the acts of an outline are in another order")
	}
}
