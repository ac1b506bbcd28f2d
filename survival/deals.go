package survival

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// The causes by which a deal ends.
const (
	Signed = 1
	Lost   = 2
)

// Columns names the columns of a file of deals and the words in its outcome
// column, compared without case.
type Columns struct {
	Days, Outcome, Value string
	Signed, Lost, Open   []string
}

// DefaultColumns reads days, outcome and value; any common word for an end.
func DefaultColumns() Columns {
	return Columns{
		Days: "days", Outcome: "outcome", Value: "value",
		Signed: []string{"signed", "won", "yes"},
		Lost:   []string{"lost", "no", "cancelled", "canceled", "declined", "expired"},
		Open:   []string{"open", ""},
	}
}

// Deals is a file of deals: how many days each ran and how it ended (Signed,
// Lost or Open), and its value where the file has one.
type Deals struct {
	Spells []Spell
	Values []float64 // nil when the file has no such column
}

// ReadDeals reads a CSV file with a header line. An error names its line.
func ReadDeals(r io.Reader, c Columns) (Deals, error) {
	in := csv.NewReader(r)
	in.ReuseRecord = true
	head, err := in.Read()
	if err != nil {
		return Deals{}, fmt.Errorf("read deals: header: %w", err)
	}
	column := func(name string) int {
		return slices.IndexFunc(head, func(h string) bool {
			return strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")), name)
		})
	}
	days, outcome, value := column(c.Days), column(c.Outcome), column(c.Value)
	if days < 0 || outcome < 0 {
		return Deals{}, fmt.Errorf("read deals: no column %q or %q in %q", c.Days, c.Outcome, strings.Join(head, ","))
	}
	var d Deals
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Deals{}, fmt.Errorf("read deals: %w", err)
		}
		line, _ := in.FieldPos(0)
		s, err := c.spell(row[days], row[outcome])
		if err != nil {
			return Deals{}, fmt.Errorf("read deals: line %d: %w", line, err)
		}
		d.Spells = append(d.Spells, s)
		if value >= 0 {
			v, err := number(row[value])
			if err != nil {
				return Deals{}, fmt.Errorf("read deals: line %d: value: %w", line, err)
			}
			d.Values = append(d.Values, v)
		}
	}
	if len(d.Spells) == 0 {
		return Deals{}, fmt.Errorf("read deals: no deals")
	}
	return d, nil
}

// maxDays keeps the milliseconds of every deal of a large file within 63 bits.
const maxDays = 100_000

func (c Columns) spell(days, outcome string) (Spell, error) {
	x, err := number(days)
	if err != nil {
		return Spell{}, fmt.Errorf("days: %w", err)
	}
	if x < 0 || x > maxDays {
		return Spell{}, fmt.Errorf("days: %q is not between 0 and %d", days, maxDays)
	}
	s := Spell{To: x}
	is := func(words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, strings.TrimSpace(outcome)) })
	}
	switch {
	case is(c.Signed):
		s.Cause = Signed
	case is(c.Lost):
		s.Cause = Lost
	case !is(c.Open):
		return Spell{}, fmt.Errorf("outcome %q is none of signed %q, lost %q, open %q", outcome, c.Signed, c.Lost, c.Open)
	}
	return s, nil
}

func number(s string) (float64, error) {
	x, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	return x, nil
}
