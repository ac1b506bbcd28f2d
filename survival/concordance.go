package survival

import "sort"

func (d *coxData) concordance(beta []float64) float64 {
	s := make([]float64, d.n)
	for i := range s {
		for j, b := range beta {
			s[i] += b * d.x[i*d.p+j]
		}
	}
	return concordance(d.to, d.from, s, d.event)
}

// concordance is the share of comparable pairs in which the row with the higher
// score ended first; tied scores count half (Harrell's C, as R counts it). NaN
// when no two rows can be compared. It takes rows by falling time and keeps those at risk in a Fenwick
// tree by rank of their score.
func concordance(to, from, score []float64, event []bool) float64 {
	n := len(to)
	rank := ranks(score)
	top := 0
	for _, r := range rank {
		top = max(top, r)
	}
	tree := make([]int32, top+1)
	count := 0
	add := func(r int, by int32) {
		count += int(by)
		for ; r <= top; r += r & -r {
			tree[r] += by
		}
	}
	below := func(r int) (c int) { // ranks up to r
		for ; r > 0; r -= r & -r {
			c += int(tree[r])
		}
		return c
	}
	var late []int
	if from != nil {
		late = make([]int, n)
		for i := range late {
			late[i] = i
		}
		sort.Slice(late, func(a, b int) bool { return from[late[a]] > from[late[b]] })
	}
	right, tied, total := 0.0, 0.0, 0.0
	for i := 0; i < n; {
		j := i
		for ; j < n && to[j] == to[i]; j++ {
			if !event[j] {
				add(rank[j], 1) // censored now: outlives those who ended now
			}
		}
		for len(late) > 0 && from[late[0]] >= to[i] && from[late[0]] > 0 {
			add(rank[late[0]], -1)
			late = late[1:]
		}
		for k := i; k < j; k++ {
			if event[k] {
				lower := below(rank[k] - 1)
				same := below(rank[k]) - lower
				right += float64(lower)
				tied += float64(same)
				total += float64(count)
			}
		}
		for k := i; k < j; k++ {
			if event[k] {
				add(rank[k], 1)
			}
		}
		i = j
	}
	return (right + tied/2) / total
}

// ranks returns 1, 2, … by size, equal scores sharing one.
func ranks(x []float64) []int {
	out := make([]int, len(x))
	r := 0
	var last float64
	for i, o := range order(x) {
		if i == 0 || x[o] != last {
			r++
			last = x[o]
		}
		out[o] = r
	}
	return out
}
