package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
)

// icons are icon.svg as pictures, for those who install the page: on iOS and
// where the system cuts a shape out of it, blue goes to the edges.
var icons = []struct {
	file  string
	size  int
	round bool    // the corners of icon.svg
	scale float64 // of what is drawn on the blue
}{
	{"icon-192.png", 192, true, 1},
	{"icon-512.png", 512, true, 1},
	{"icon-180-square.png", 180, false, .9},
	{"icon-512-square.png", 512, false, .8},
}

func drawIcons() error {
	for _, i := range icons {
		var b bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, drawIcon(i.size, i.round, i.scale)); err != nil {
			return err
		}
		if err := os.WriteFile(i.file, b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// drawIcon draws on the 32 units of icon.svg, each pixel from 16 samples.
func drawIcon(size int, round bool, scale float64) image.Image {
	const n = 4
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	for py := range size {
		for px := range size {
			var blue, white float64
			for s := range n * n {
				x := (float64(px) + (float64(s%n)+.5)/n) * 32 / float64(size)
				y := (float64(py) + (float64(s/n)+.5)/n) * 32 / float64(size)
				if round && box(x, y, 16, 16, 16, 16, 8) > 0 {
					continue
				}
				if mark(16+(x-16)/scale, 16+(y-16)/scale) {
					white++
				} else {
					blue++
				}
			}
			if sum := blue + white; sum > 0 {
				mix := func(a, b float64) uint8 { return uint8(math.Round((a*blue + b*white) / sum)) }
				img.SetNRGBA(px, py, color.NRGBA{mix(0x2c, 255), mix(0x34, 255), mix(0xd4, 255), uint8(math.Round(255 * sum / (n * n)))})
			}
		}
	}
	return img
}

// mark says whether a point is of the dots, the line and the ring.
func mark(x, y float64) bool {
	ring := math.Hypot(x-24.5, y-16)
	return math.Hypot(x-7, y-16) <= 1.6 || math.Hypot(x-11.5, y-16) <= 1.6 || box(x, y, 19, 16, 4, 1.4, 1.4) <= 0 || ring >= 2 && ring <= 4
}

// box is how far a point lies outside a box with round corners.
func box(x, y, cx, cy, w, h, r float64) float64 {
	dx, dy := math.Abs(x-cx)-w+r, math.Abs(y-cy)-h+r
	return math.Hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - r
}
