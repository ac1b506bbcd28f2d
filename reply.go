package dottedline

import (
	"slices"
	"time"
)

// Reply is one answer: from the oldest unanswered message to the answer.
type Reply struct {
	By    Side // who answered
	Asked time.Time
	At    time.Time
	Path  Path // how far the deal was
}

// Wall is the reply time on the wall clock.
func (r Reply) Wall() time.Duration { return r.At.Sub(r.Asked) }

// Work is the reply time in the working hours of the member.
func (r Reply) Work(h Hours) time.Duration { return h.Working(r.Asked, r.At) }

// ReplyTimes sums up the replies of one side.
type ReplyTimes struct {
	N          int
	Wall, Work time.Duration // medians
}

// TimesOf gives the median reply times of one side. The median of an even
// number is the lower of the two in the middle, a time that really was.
func TimesOf(rs []Reply, by Side, h Hours) ReplyTimes {
	var wall, work []time.Duration
	for _, r := range rs {
		if r.By == by {
			wall, work = append(wall, r.Wall()), append(work, r.Work(h))
		}
	}
	return ReplyTimes{len(wall), median(wall), median(work)}
}

func median(ds []time.Duration) time.Duration {
	if len(ds) == 0 {
		return 0
	}
	slices.Sort(ds)
	return ds[(len(ds)-1)/2]
}
