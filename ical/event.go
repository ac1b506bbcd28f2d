package ical

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Status of an event (section 3.8.1.11); empty reads as confirmed.
type Status string

// The three that an event can have.
const (
	Confirmed Status = "CONFIRMED"
	Tentative Status = "TENTATIVE"
	Cancelled Status = "CANCELLED"
)

// Answer is what an attendee said (PARTSTAT, section 3.2.12).
type Answer string

// The answers to an invitation.
const (
	NoAnswer     Answer = "NEEDS-ACTION"
	Accepted     Answer = "ACCEPTED"
	Declined     Answer = "DECLINED"
	MaybeComing  Answer = "TENTATIVE"
	DelegatedOne Answer = "DELEGATED"
)

// Party is the organizer or an attendee.
type Party struct {
	Name    string
	Address string // mail address in lower case, without "mailto:"
	Answer  Answer
	Role    string // REQ-PARTICIPANT, OPT-PARTICIPANT, CHAIR …
	RSVP    bool
}

// Event is a VEVENT (section 3.6.1): a meeting, a series of them, or, with a
// RecurrenceID, one changed instance of a series.
type Event struct {
	UID         string
	Sequence    int
	Stamp       time.Time // DTSTAMP, zero when unreadable
	Start       Moment
	End         Moment // zero when Length says it, or nothing does
	Length      string // DURATION as written
	Summary     string
	Description string
	Location    string
	URL         string
	Comment     string // of an answer or a proposal
	Status      Status
	Transparent bool // does not make busy
	Organizer   Party
	Attendees   []Party
	Rule        string // RRULE as written, "" for a single event
	// RecurrenceID names the instance of the series that this event replaces,
	// or from which on when ThisAndFuture is set.
	RecurrenceID  Moment
	ThisAndFuture bool

	span    span
	rules   []*rule
	added   []extra  // RDATE
	removed []Moment // EXDATE
	broken  bool     // what is known of its time is not to be trusted
}

type extra struct {
	at   Moment
	span span
	own  bool // it has a length of its own
}

// Repeats says whether the event is a series.
func (e *Event) Repeats() bool { return len(e.rules) > 0 || len(e.added) > 0 }

// Newer says whether e replaces old, by SEQUENCE and then DTSTAMP (RFC 5546
// section 2.1.5). Both must have the same UID.
func (e *Event) Newer(old *Event) bool {
	if e.Sequence != old.Sequence {
		return e.Sequence > old.Sequence
	}
	return e.Stamp.After(old.Stamp)
}

// Attendee finds the attendee with an address.
func (e *Event) Attendee(address string) (Party, bool) {
	for _, a := range e.Attendees {
		if strings.EqualFold(a.Address, address) {
			return a, true
		}
	}
	return Party{}, false
}

// event reads a VEVENT. Parts that are unreadable are listed; those that can
// hide time make it a lost one.
func (r *reader) event(c *component) {
	var e Event
	var lost []string
	seen := map[string]string{}
	bounded := !c.cut // a wrong end of a single event reaches only so far
	for _, p := range c.props {
		if err := r.set(&e, p); err != nil {
			lost = append(lost, err.Error())
		}
		switch p.name {
		case "RRULE", "RDATE":
			bounded = false
		case "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID":
			if was, twice := seen[p.name]; twice && was != p.value {
				lost = append(lost, "two different "+p.name)
				bounded = false
			}
			seen[p.name] = p.value
		}
	}
	if len(lost) == 0 {
		switch {
		case !e.Start.IsZero():
			if err := e.measure(); err != nil {
				lost = append(lost, err.Error())
			}
		case r.cal.Method == "": // an answer to an invitation may do without
			lost = append(lost, "it has no beginning")
		}
	}
	e.broken = c.cut || len(lost) > 0
	for _, l := range lost {
		p := Problem{Line: c.line, UID: e.UID, Lost: e.busies(), Text: fmt.Sprintf("event %q: %s", short(e.Summary), l)}
		if bounded && !e.Start.IsZero() {
			p.Until = e.Start.Wall.AddDate(1, 0, 0) // nobody meets for longer than a year
		}
		r.add(p)
	}
	r.cal.Events = append(r.cal.Events, e)
}

// busies says whether the event takes anybody's time at all.
func (e *Event) busies() bool { return !e.Transparent && e.Status != Cancelled }

// set takes over one property. An error says that time may be lost.
func (r *reader) set(e *Event, p prop) (err error) {
	switch p.name {
	case "UID":
		e.UID = text(p.value)
	case "SEQUENCE":
		if e.Sequence, err = strconv.Atoi(strings.TrimSpace(p.value)); err != nil || e.Sequence < 0 {
			e.Sequence = 0
			r.add(Problem{Line: p.line, UID: e.UID, Text: fmt.Sprintf("SEQUENCE: not a number: %q", short(p.value))})
		}
		return nil
	case "DTSTAMP":
		if m, err := r.moment(p, p.value); err == nil {
			e.Stamp = m.At(time.UTC)
		}
	case "SUMMARY":
		e.Summary = text(p.value)
	case "DESCRIPTION":
		e.Description = text(p.value)
	case "LOCATION":
		e.Location = text(p.value)
	case "COMMENT":
		e.Comment = text(p.value)
	case "URL":
		e.URL = p.value
	case "STATUS":
		e.Status = Status(strings.ToUpper(strings.TrimSpace(p.value)))
	case "TRANSP":
		e.Transparent = strings.EqualFold(strings.TrimSpace(p.value), "TRANSPARENT")
	case "ORGANIZER":
		e.Organizer = party(p)
	case "ATTENDEE":
		if len(e.Attendees) < 10_000 {
			e.Attendees = append(e.Attendees, party(p))
		}
	case "DTSTART":
		e.Start, err = r.moment(p, p.value)
	case "DTEND":
		e.End, err = r.moment(p, p.value)
	case "DURATION":
		e.Length = strings.TrimSpace(p.value)
	case "RECURRENCE-ID":
		e.RecurrenceID, err = r.moment(p, p.value)
		switch rng := strings.ToUpper(p.get("RANGE")); rng {
		case "", "THISANDFUTURE":
			e.ThisAndFuture = rng != ""
		default:
			return fmt.Errorf("RANGE=%s of a changed instance is not known", short(rng))
		}
	case "RRULE", "RDATE", "EXDATE", "EXRULE":
		return r.recurrence(e, p)
	}
	return err
}

func (r *reader) recurrence(e *Event, p prop) error {
	switch p.name {
	case "RRULE":
		ru, err := parseRule(p.value)
		if err != nil {
			return err
		}
		e.Rule = p.value
		e.rules = append(e.rules, ru)
	case "RDATE":
		for _, v := range strings.Split(p.value, ",") {
			if strings.Contains(v, "/") {
				m, sp, err := r.period(p, v)
				if err != nil {
					return err
				}
				e.added = append(e.added, extra{m, sp, true})
				continue
			}
			m, err := r.moment(p, v)
			if err != nil {
				return err
			}
			e.added = append(e.added, extra{at: m})
		}
	case "EXDATE":
		for _, v := range strings.Split(p.value, ",") {
			if m, err := r.moment(p, v); err == nil {
				e.removed = append(e.removed, m)
			} else {
				r.add(Problem{Line: p.line, UID: e.UID, Text: err.Error() + "; the instance stays"})
			}
		}
	case "EXRULE": // of RFC 2445, gone from RFC 5545: more stays busy than meant
		r.add(Problem{Line: p.line, UID: e.UID, Text: "EXRULE is not read; the instances stay"})
	}
	return nil
}

func party(p prop) Party {
	a := strings.TrimSpace(p.value)
	if len(a) > 7 && strings.EqualFold(a[:7], "mailto:") {
		a = a[7:]
	} else if m := p.get("EMAIL"); m != "" { // RFC 7986; the value is some other address
		a = m
	}
	return Party{Name: p.get("CN"), Address: strings.ToLower(strings.TrimSpace(a)), Answer: Answer(strings.ToUpper(p.get("PARTSTAT"))),
		Role: strings.ToUpper(p.get("ROLE")), RSVP: strings.EqualFold(p.get("RSVP"), "TRUE")}
}

// measure works out how long the event is (sections 3.6.1, 3.8.2.2, 3.8.2.5).
func (e *Event) measure() (err error) {
	switch {
	case !e.End.IsZero():
		e.span = between(e.Start, e.End)
		if e.span.days < 0 || e.span.exact < 0 {
			e.span = span{}
			return fmt.Errorf("it ends before it begins")
		}
	case e.Length != "":
		if e.span, err = parseSpan(e.Length); err != nil {
			return err
		}
		if e.span.days < 0 || e.span.exact < 0 {
			e.span = span{}
			return fmt.Errorf("its duration is negative")
		}
	case e.Start.Date:
		e.span.days = 1
	}
	if e.Start.Date && e.span == (span{}) {
		e.span.days = 1 // an all-day event from a day to itself means that day
	}
	return nil
}

// between is the length from one moment to another: in days between two days,
// else by the stop-watch. A floating end goes with the start.
func between(a, b Moment) span {
	if a.Date && b.Date {
		return span{days: (b.Wall.Unix() - a.Wall.Unix()) / daySecs}
	}
	if a.Zone == nil || b.Zone == nil {
		return span{exact: b.Wall.Unix() - a.Wall.Unix()}
	}
	from, to := a.At(nil).Unix(), b.At(nil).Unix()
	// A meeting in the hour that comes twice may end in the second of the two.
	if to < from && b.Zone.wall(to+3600) == b.Wall.Unix() {
		to += 3600
	}
	return span{exact: to - from}
}

// end is the end of something that begins at m.
func (s span) end(m Moment, floating *time.Location) time.Time {
	m.Wall = m.Wall.Add(time.Duration(s.days*daySecs) * time.Second)
	return m.At(floating).Add(time.Duration(s.exact) * time.Second)
}
