package dottedline

import (
	"math"
	"slices"
	"time"

	"dottedline/survival"
)

// Spread is the median of times with its 95 % interval by order statistics
// (binomial, by its normal approximation).
type Spread struct {
	N              int
	Median, Lo, Hi time.Duration
}

// SpreadOf sorts the times.
func SpreadOf(ds []time.Duration) Spread {
	n := len(ds)
	if n == 0 {
		return Spread{}
	}
	slices.Sort(ds)
	half := 1.959964 * math.Sqrt(float64(n)) / 2
	at := func(rank float64) time.Duration { return ds[min(n-1, max(0, int(rank)))] }
	return Spread{n, ds[(n-1)/2], at(math.Floor(float64(n)/2 - half)), at(math.Ceil(float64(n)/2 + half))}
}

// ReplyGroup are the reply times of one side at one stage; Path "" is all stages.
type ReplyGroup struct {
	By         Side
	Path       Path
	Wall, Work Spread // on the wall clock, and in the member's working hours
}

// ReplyGroups gives the reply times of both sides, in all and by how far the
// deal was, and of each side all times on the wall clock.
func ReplyGroups(rs []Reply, h Hours) (groups []ReplyGroup, us, them []time.Duration) {
	for _, p := range []Path{"", Talking, Asked, Yes} {
		for _, by := range []Side{Us, Them} {
			var wall, work []time.Duration
			for _, r := range rs {
				if r.By == by && (p == "" || r.Path == p) {
					wall, work = append(wall, r.Wall()), append(work, r.Work(h))
				}
			}
			if p == "" && by == Us {
				us = wall
			} else if p == "" {
				them = wall
			}
			groups = append(groups, ReplyGroup{by, p, SpreadOf(wall), SpreadOf(work)})
		}
	}
	return groups, us, them
}

// FirstAnswers compares the deals that have ended by how fast we first answered.
// It is an association: those who are answered at once may differ otherwise.
type FirstAnswers struct {
	SoonN, SoonSigned, LaterN, LaterSigned int
}

// firstSoon is how fast a first answer is to count as soon.
const firstSoon = time.Hour

// CompareFirstAnswers counts ended deals by our first answer.
func CompareFirstAnswers(fs []DealFacts) (c FirstAnswers) {
	for _, f := range fs {
		if !f.Path.Ended() || f.FirstReply == 0 {
			continue
		}
		n, signed := &c.LaterN, &c.LaterSigned
		if f.FirstReply <= firstSoon {
			n, signed = &c.SoonN, &c.SoonSigned
		}
		*n++
		if f.Path == Signed {
			*signed++
		}
	}
	return c
}

// Soon and Later are the shares signed.
func (c FirstAnswers) Soon() survival.Estimate { return ShareOf(c.SoonSigned, c.SoonN) }

// Later is the share signed of those first answered after an hour.
func (c FirstAnswers) Later() survival.Estimate { return ShareOf(c.LaterSigned, c.LaterN) }
