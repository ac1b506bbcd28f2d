package ical

import (
	"errors"
	"fmt"
	"time"
)

// Bounds of what is read. A file beyond them is refused, not cut.
const (
	MaxSize   = 32 << 20 // bytes of one file
	MaxEvents = 100_000  // events of one file
	maxDepth  = 12       // components inside each other
	maxListed = 200      // problems kept of one file; one that loses time is never dropped
)

// ErrTooLarge says that a file or what it asks to be computed is beyond the
// bounds of this package.
var ErrTooLarge = errors.New("too large")

// Problem is something in a calendar that is not as it should be.
type Problem struct {
	Line int    // 1-based, 0 when it concerns no one line
	UID  string // of the event, where known
	Text string // plain words
	// Lost is set when time that is taken may be missing because of it: free
	// slots must not be offered then.
	Lost bool
	// Until is the end of the time that a lost part can touch. Zero: unknown.
	Until time.Time
}

func (p Problem) String() string {
	if p.Line == 0 {
		return p.Text
	}
	return fmt.Sprintf("line %d: %s", p.Line, p.Text)
}

type problems struct {
	list []Problem
}

func (p *problems) add(x Problem) {
	if len(p.list) < maxListed || x.Lost && !p.lostForEver() {
		p.list = append(p.list, x)
	}
}

// lostForEver holds once the list is so long that one more adds nothing.
func (p *problems) lostForEver() bool {
	if len(p.list) < 2*maxListed {
		return false
	}
	if last := &p.list[len(p.list)-1]; !last.Lost || !last.Until.IsZero() {
		*last = Problem{Text: "there are many more unreadable parts", Lost: true}
	}
	return true
}
