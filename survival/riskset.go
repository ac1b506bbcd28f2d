package survival

// riskTable holds what all curves are made from: at each distinct time at which
// something ended, how many were at risk and how many ended by which cause.
type riskTable struct {
	causes   int
	time     []float64
	risk     []int
	censored []int
	events   []int // time i, cause k at [i*causes+k-1]
}

func (r *riskTable) count(i, cause int) int { return r.events[i*r.causes+cause-1] }

func (r *riskTable) all(i int) int {
	d := 0
	for _, c := range r.events[i*r.causes : (i+1)*r.causes] {
		d += c
	}
	return d
}

func newRiskTable(spells []Spell, causes int) *riskTable {
	byTo, byFrom := orderByTo(spells), orderByFrom(spells)
	r := &riskTable{causes: causes}
	entered, left := len(spells), 0
	if byFrom != nil {
		entered = 0
	}
	for i := 0; i < len(byTo); {
		t := spells[byTo[i]].To
		for byFrom != nil && entered < len(byFrom) {
			f := spells[byFrom[entered]].From
			if f >= t && !(f == 0 && t == 0) {
				break
			}
			entered++
		}
		r.time = append(r.time, t)
		r.risk = append(r.risk, entered-left)
		at := len(r.events)
		for range causes {
			r.events = append(r.events, 0)
		}
		censored := 0
		for ; i < len(byTo) && spells[byTo[i]].To == t; i++ {
			if c := spells[byTo[i]].Cause; c == Open {
				censored++
			} else {
				r.events[at+c-1]++
			}
			left++
		}
		r.censored = append(r.censored, censored)
	}
	return r
}
