package dottedline

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Rank is a place in the order of Now as it was at a moment, after the deal that
// cost so much per minute of work, in logarithm. A list that goes on from there
// leaves no deal out and shows none twice because time has passed. The zero Rank
// is the beginning.
type Rank struct {
	At   time.Time
	Cost float64
	Deal DealID
}

// String writes the place for an address of a page.
func (r Rank) String() string {
	return micros36(r.At) + "." + strconv.FormatUint(math.Float64bits(r.Cost), 36) + "." + r.Deal.String()
}

// ParseRank reads what String wrote.
func ParseRank(s string) (r Rank, err error) {
	ps := strings.Split(s, ".")
	if len(ps) != 3 {
		return r, fmt.Errorf("not a place in Now: %q", s)
	}
	l, err := ParseListed(ps[0] + "." + ps[2])
	cost, err2 := strconv.ParseUint(ps[1], 36, 64)
	r = Rank{l.At, math.Float64frombits(cost), l.Deal}
	if cmp.Or(err, err2) != nil || math.IsNaN(r.Cost) {
		return Rank{}, fmt.Errorf("not a place in Now: %q", s)
	}
	return r, nil
}

// Listed is a place in a list of deals by their time: after the deal that was
// touched last At. The zero Listed is the beginning.
type Listed struct {
	At   time.Time
	Deal DealID
}

// String writes the place for an address of a page.
func (l Listed) String() string { return micros36(l.At) + "." + l.Deal.String() }

// ParseListed reads what String wrote.
func ParseListed(s string) (Listed, error) {
	first, second, _ := strings.Cut(s, ".")
	at, err := strconv.ParseInt(first, 36, 64)
	id, err2 := ParseID[Deal](second)
	if err := cmp.Or(err, err2); err != nil {
		return Listed{}, fmt.Errorf("not a place in a list: %q", s)
	}
	return Listed{time.UnixMicro(at).UTC(), id}, nil
}

func micros36(t time.Time) string { return strconv.FormatInt(t.UnixMicro(), 36) }
