package imap

import (
	"slices"
	"strconv"
	"strings"
)

// Range is a run of UIDs, both ends included.
type Range struct{ From, To uint32 }

// Set is a list of ranges of UIDs.
type Set []Range

// SetOf puts UIDs into ranges.
func SetOf(uids ...uint32) Set {
	uids = slices.Clone(uids)
	slices.Sort(uids)
	var s Set
	for _, u := range uids {
		if n := len(s); n > 0 && u <= s[n-1].To+1 {
			s[n-1].To = u
			continue
		}
		s = append(s, Range{u, u})
	}
	return s
}

// String is the set as commands write it; a To of 2^32-1 is "*".
func (s Set) String() string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatUint(uint64(r.From), 10))
		if r.To == 1<<32-1 {
			b.WriteString(":*")
		} else if r.To != r.From {
			b.WriteString(":" + strconv.FormatUint(uint64(r.To), 10))
		}
	}
	return b.String()
}

// Has says whether uid is in the set.
func (s Set) Has(uid uint32) bool {
	return slices.ContainsFunc(s, func(r Range) bool { return r.From <= uid && uid <= r.To })
}

// parseSet reads "1:3,5"; pieces that are no numbers are left out and make ok
// false.
func parseSet(text string) (s Set, ok bool) {
	ok = true
	for _, piece := range strings.Split(text, ",") {
		a, b, isRange := strings.Cut(piece, ":")
		if !isRange {
			b = a
		}
		from, err1 := strconv.ParseUint(a, 10, 32)
		to, err2 := strconv.ParseUint(b, 10, 32)
		if err1 != nil || err2 != nil || from == 0 || to == 0 {
			ok = false
			continue
		}
		s = append(s, Range{uint32(min(from, to)), uint32(max(from, to))})
	}
	return s, ok
}

// uids lists the set's members, at most limit of them.
func (s Set) uids(limit int) []uint32 {
	var out []uint32
	for _, r := range s {
		for u := uint64(r.From); u <= uint64(r.To) && len(out) < limit; u++ {
			out = append(out, uint32(u))
		}
	}
	return out
}
