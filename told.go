package dottedline

import (
	"slices"
	"time"
)

// Told is how one member is told of things. The zero Told is told nothing.
type Told struct {
	Push   []Event    `json:"push"` // chosen by hand; nil until then: all
	Quiet  QuietHours `json:"quiet,omitzero"`
	Digest Digest     `json:"digest,omitzero"`
	Away   Away       `json:"away,omitzero"`
}

// Pushes says whether the member's devices are pushed to for an event.
func (t Told) Pushes(e Event) bool {
	return e == TestEvent || t.Push == nil || slices.Contains(t.Push, e)
}

// QuietHours are the hours in which no device rings, every day in minutes after the
// member's midnight. From may be after To: then they hold over midnight.
type QuietHours struct {
	On      bool `json:"on"`
	From    int  `json:"from"`
	To      int  `json:"to"`
	DaysOff bool `json:"days_off"` // and all of those days
}

// Until is when quiet that holds at now ends; zero where it doesn't hold.
func (q QuietHours) Until(now time.Time, h Hours) time.Time {
	if !q.On {
		return time.Time{}
	}
	t := now
	for range 40 { // a night that ends in a day off goes on
		end := q.ends(t.In(h.Location()), h)
		if end.IsZero() {
			break
		}
		t = end
	}
	if t.Equal(now) {
		return time.Time{}
	}
	return t
}

// ends is when the night or the day off that t lies in ends.
func (q QuietHours) ends(t time.Time, h Hours) time.Time {
	y, m, d := t.Date()
	at := func(day, minute int) time.Time { return time.Date(y, m, d+day, 0, minute, 0, 0, t.Location()) }
	in := func(from, to time.Time) bool { return !t.Before(from) && t.Before(to) }
	switch {
	case q.From < q.To && in(at(0, q.From), at(0, q.To)):
		return at(0, q.To)
	case q.From > q.To && in(at(0, q.From), at(1, q.To)):
		return at(1, q.To)
	case q.From > q.To && in(at(-1, q.From), at(0, q.To)):
		return at(0, q.To)
	case q.DaysOff && !h.Works(t):
		return at(1, 0)
	}
	return time.Time{}
}

// Works says whether the local day of t is a working day.
func (h Hours) Works(t time.Time) bool {
	if h.always() {
		return true
	}
	from, to := h.span(t.In(h.Location()))
	return from.Before(to)
}

// Digest is the daily mail of what waits, At minutes after the member's midnight.
type Digest struct {
	On bool `json:"on"`
	At int  `json:"at"`
}

// Next is when the first digest after a moment is due: at its hour of the next
// working day. Zero where there is none.
func (d Digest) Next(after time.Time, h Hours) time.Time {
	if !d.On {
		return time.Time{}
	}
	y, m, day := after.In(h.Location()).Date()
	for i := range 60 {
		at := time.Date(y, m, day+i, 0, d.At, 0, 0, h.Location())
		if at.After(after) && h.Works(at) {
			return at
		}
	}
	return time.Time{}
}

// Away are days, both included, on which a member doesn't answer. Stand is who
// has their rows then; with nobody, people with a deal get one note each.
type Away struct {
	From  string   `json:"from,omitempty"` // 2026-12-24
	To    string   `json:"to,omitempty"`
	Stand MemberID `json:"stand,omitzero"`
	Note  string   `json:"note,omitempty"` // a line of one's own in the note
}

// Check says what is wrong with the days of an absence.
func (a Away) Check() error {
	if a == (Away{}) {
		return nil
	}
	for _, s := range []string{a.From, a.To} {
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			return Wrong("Both days are needed, like 2026-12-24.", "%q is not a day.", s)
		}
	}
	if a.To < a.From {
		return Wrong("Swap them.", "The last day away is before the first.")
	}
	if len(a.Note) > 1000 {
		return Wrong("One or two sentences are read.", "The line for the note is too long.")
	}
	return nil
}

// Holds says whether the member is away at a moment.
func (a Away) Holds(now time.Time, h Hours) bool {
	day := now.In(h.Location()).Format(time.DateOnly)
	return a.From != "" && a.From <= day && day <= a.To
}

// Back is the first working day after the absence, at its first working hour.
func (a Away) Back(h Hours) time.Time {
	last, err := time.ParseInLocation(time.DateOnly, a.To, h.Location())
	if err != nil {
		return time.Time{}
	}
	y, m, d := last.Date()
	return h.After(time.Date(y, m, d+1, 0, 0, 0, 0, h.Location()), 0)
}

// Promise is the working hours within which a workspace answers; 0 promises nothing.
type Promise float64

// Lateness is where a row stands against the promise.
type Lateness struct {
	Turns time.Time // from here on it is said: while there is still time to answer
	Due   time.Time // the promise is broken from here on
}

// Late is when an answer to what waits since a moment becomes late. It turns
// when three quarters of the time are over, or earlier where answering takes
// this member longer than the rest. No promise gives the zero Lateness.
func (p Promise) Late(since time.Time, answering time.Duration, h Hours) Lateness {
	if p <= 0 || since.IsZero() {
		return Lateness{}
	}
	all := hoursOf(float64(p))
	lead := min(max(all/4, answering), all)
	return Lateness{Turns: h.After(since, all-lead), Due: h.After(since, all)}
}

// Soon says whether the row has turned and the promise still holds.
func (l Lateness) Soon(now time.Time) bool {
	return !l.Due.IsZero() && !now.Before(l.Turns) && now.Before(l.Due)
}

// Broken says whether the promised time is over.
func (l Lateness) Broken(now time.Time) bool { return !l.Due.IsZero() && !now.Before(l.Due) }

// StandIn is who has a member's rows at a moment: the member, or whom they were
// handed to by all who are away. Who is away without a stand-in keeps them.
func StandIn(m MemberID, now time.Time, told map[MemberID]Told, hours map[MemberID]Hours) MemberID {
	who := m
	for range 10 {
		t, ok := told[who]
		if !ok || !t.Away.Holds(now, hours[who]) {
			return who
		}
		if t.Away.Stand == 0 || t.Away.Stand == who {
			return who
		}
		who = t.Away.Stand
	}
	return m // all of them are away, and named each other
}
