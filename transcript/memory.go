package transcript

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// memory knows labelled sentences and how much each one speaks for a request
// (or, below zero, against) where another is like it.
type memory struct {
	sentences []Example
	weight    []float64
	bias      float64
	features  func(string) []feature
	index
}

// index finds what is alike. A feature counts the more, the more one-sided it
// is: by the square root of the log-count ratio.
type index struct {
	id      map[string]int
	counts  []float64
	holding [][]entry // by feature: the sentences that have it, with its share in them
}

// newIndex gives the shares of each example too.
func newIndex(examples []Example, features func(string) []feature) (index, [][]entry) {
	p := numbered(examples, features)
	x := index{id: make(map[string]int, len(p.names)), counts: p.ratios(), holding: make([][]entry, len(p.names))}
	for i, n := range p.names {
		x.id[n] = i
		x.counts[i] = math.Sqrt(x.counts[i])
	}
	for i, row := range p.rows {
		x.share(row)
		for _, e := range row {
			x.holding[e.id] = append(x.holding[e.id], entry{i, e.v})
		}
	}
	return x, p.rows
}

// share makes of a row of values a vector of length 1 in which each counts as
// it should.
func (x *index) share(row []entry) {
	sum := 0.0
	for i := range row {
		row[i].v *= x.counts[row[i].id]
		sum += float64(row[i].v * row[i].v)
	}
	scale := 1 / math.Sqrt(max(sum, 1e-9))
	for i := range row {
		row[i].v *= scale
	}
}

// shares gives those of the features that are known.
func (x *index) shares(fs []feature) []entry {
	row := make([]entry, 0, len(fs))
	for _, f := range fs {
		if i, ok := x.id[f.name]; ok {
			row = append(row, entry{i, f.v})
		}
	}
	x.share(row)
	return row
}

// alike says of each of n sentences how like it is, 1 being the same and
// exp(-2) nothing in common (a Gaussian of the distance).
func (x *index) alike(shares []entry, n int) []float64 {
	out := make([]float64, n)
	for _, e := range shares {
		for _, h := range x.holding[e.id] {
			out[h.id] += float64(e.v * h.v)
		}
	}
	for i, cos := range out {
		out[i] = math.Exp(2*cos - 2)
	}
	return out
}

func (m *memory) logit(text string) float64 {
	return m.bias + dot(m.weight, m.alike(m.shares(m.features(text)), len(m.weight)))
}

// What is fitted is a kernel machine: the square of what it gets wrong of +1 and
// -1 plus flat times the size of what it adds. steep makes log-odds of it, free
// lets the bias find its place.
const (
	flatMail = 0.1
	flatGift = 1
	steep    = 3.8
	free     = 4
)

// remember fits the weights of the examples.
func remember(examples []Example, features func(string) []feature, flat float64) *memory {
	m := &memory{sentences: examples, features: features}
	var rows [][]entry
	m.index, rows = newIndex(examples, features)
	n := len(examples)
	k, t := make([][]float64, n), make([]float64, n)
	for i, e := range examples {
		k[i] = m.alike(rows[i], n)
		for j := range k[i] {
			k[i][j] += free
		}
		k[i][i] += flat / e.Weight
		t[i] = -1
		if e.Yes {
			t[i] = 1
		}
	}
	m.weight = solve(k, t)
	sum := 0.0
	for i, a := range m.weight {
		m.weight[i] = round(steep * a)
		sum += a
	}
	m.bias = round(steep * free * sum)
	return m
}

// solve gives x with a x = b by conjugate gradients; a is symmetric and positive.
func solve(a [][]float64, b []float64) []float64 {
	n := len(b)
	x, r, p, q := make([]float64, n), append([]float64(nil), b...), append([]float64(nil), b...), make([]float64, n)
	was := dot(r, r)
	goal := 1e-12 * was
	for range 1000 {
		for i := range q {
			q[i] = dot(a[i], p)
		}
		step := was / dot(p, q)
		axpy(x, step, p)
		axpy(r, -step, q)
		now := dot(r, r)
		if now < goal {
			break
		}
		for i := range p {
			p[i] = r[i] + float64(now/was*p[i])
		}
		was = now
	}
	return x
}

// WriteTo writes the bias, then a line for each sentence: its weight, its
// label and its words.
func (m *memory) WriteTo(w io.Writer) (int64, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\t%s\n", decimals(m.bias), biasName)
	for i, e := range m.sentences {
		label := "No"
		if e.Yes {
			label = "Yes"
		}
		fmt.Fprintf(&b, "%s\t%s\t%s\n", decimals(m.weight[i]), label, e.Text)
	}
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}

func decimals(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// readMemory reads what WriteTo wrote; an error names the line.
func readMemory(r io.Reader, features func(string) []feature) (*memory, error) {
	m := &memory{features: features}
	s := bufio.NewScanner(r)
	for line := 1; s.Scan(); line++ {
		num, rest, ok := strings.Cut(s.Text(), "\t")
		v, err := strconv.ParseFloat(num, 64)
		label, text, labelled := strings.Cut(rest, "\t")
		switch {
		case ok && err == nil && rest == biasName:
			m.bias = v
		case ok && err == nil && labelled && (label == "Yes" || label == "No"):
			m.weight = append(m.weight, v)
			m.sentences = append(m.sentences, Example{text, label == "Yes", 1})
		default:
			return nil, fmt.Errorf("read memory: line %d is not a weight, Yes or No, and a sentence: %q", line, short(s.Text()))
		}
	}
	m.index, _ = newIndex(m.sentences, features)
	return m, s.Err()
}
