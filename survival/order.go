package survival

import "math"

// order returns the indices of keys from smallest to largest, equal keys in
// their given order. Keys must not be NaN. A radix sort: on a million times it
// takes a third of what comparing takes, and sorting is most of a curve's cost.
func order(keys []float64) []int32 {
	n := len(keys)
	type item struct {
		key uint64
		at  int32
	}
	a, b := make([]item, n), make([]item, n)
	var differs uint64
	for i, k := range keys {
		u := math.Float64bits(k + 0) // -0 becomes 0
		if u>>63 != 0 {
			u = ^u
		} else {
			u |= 1 << 63
		}
		a[i] = item{u, int32(i)}
		differs |= u ^ a[0].key
	}
	const bits, mask = 11, 1<<11 - 1
	for shift := 0; shift < 64; shift += bits {
		if differs>>shift&mask == 0 {
			continue
		}
		var start [mask + 1]int
		for i := range a {
			start[a[i].key>>shift&mask]++
		}
		sum := 0
		for i, c := range start {
			start[i] = sum
			sum += c
		}
		for i := range a {
			d := a[i].key >> shift & mask
			b[start[d]] = a[i]
			start[d]++
		}
		a, b = b, a
	}
	out := make([]int32, n)
	for i := range a {
		out[i] = a[i].at
	}
	return out
}

func orderByTo(s []Spell) []int32 {
	k := make([]float64, len(s))
	for i := range s {
		k[i] = s[i].To
	}
	return order(k)
}

// orderByFrom returns nil when everybody was watched from the beginning.
func orderByFrom(s []Spell) []int32 {
	k := make([]float64, len(s))
	late := false
	for i := range s {
		k[i] = s[i].From
		late = late || k[i] > 0
	}
	if !late {
		return nil
	}
	return order(k)
}
