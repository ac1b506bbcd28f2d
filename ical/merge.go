package ical

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrClash says that two programs have changed the same of a meeting.
var ErrClash = errors.New("both have changed the same of the meeting")

// Merge writes a meeting over what a calendar has of it by now, keeping what
// others have added, such as alarms and notes, and what they have changed that we
// have not. base is what we wrote there last: against it our changes and theirs
// are told; where both have changed the same differently, it is ErrClash. With a
// base of nil, all that ours says holds. Where ours changes nothing, theirs comes
// back as it is.
func Merge(base, ours, theirs []byte) ([]byte, error) {
	o, err := entryIn(ours)
	if err != nil {
		return nil, fmt.Errorf("merge meeting: ours: %w", err)
	}
	t, err := entryIn(theirs)
	if err != nil {
		return nil, fmt.Errorf("merge meeting: theirs: %w", err)
	}
	var b *entry
	if base != nil {
		if b, err = entryIn(base); err != nil {
			return nil, fmt.Errorf("merge meeting: base: %w", err)
		}
	}
	changed, err := t.take(b, o)
	if err != nil {
		return nil, fmt.Errorf("merge meeting: %w", err)
	}
	if !changed {
		return theirs, nil
	}
	var w writer
	w.component(t.root)
	return []byte(w.b.String()), nil
}

// SameTimes says whether two objects place a meeting and its single times alike.
func SameTimes(a, b []byte) (bool, error) {
	x, err := entryIn(a)
	if err != nil {
		return false, fmt.Errorf("compare meetings: %w", err)
	}
	y, err := entryIn(b)
	if err != nil {
		return false, fmt.Errorf("compare meetings: %w", err)
	}
	if len(x.parts) != len(y.parts) {
		return false, nil
	}
	for id, p := range x.parts {
		q := y.parts[id]
		if q == nil || said(p.says["DTSTART"]) != said(q.says["DTSTART"]) || said(p.says["RRULE"]) != said(q.says["RRULE"]) {
			return false, nil
		}
	}
	return true, nil
}

// entry is an object of a calendar by what it says.
type entry struct {
	root  *component
	parts map[string]*part // the series, or the one event, is ""
}

// part is one VEVENT. What it says is sorted by what may be changed alone: all of
// its time together, each attendee for themselves.
type part struct {
	*component
	says map[string][]saying
}

// saying is a property with what it means, whoever has written it.
type saying struct {
	prop
	means string
}

func entryIn(b []byte) (*entry, error) {
	root, err := object(b)
	if err != nil {
		return nil, err
	}
	c, err := Parse(b)
	if err != nil {
		return nil, err
	}
	events := root.all("VEVENT")
	if len(events) == 0 || len(events) > len(c.Events) {
		return nil, errors.New("it holds no meeting")
	}
	m := &entry{root, map[string]*part{}}
	for i, v := range events {
		e := &c.Events[i]
		if e.broken || e.UID != c.Events[0].UID {
			return nil, errors.New("it can't be read as one meeting")
		}
		id := ""
		if !e.RecurrenceID.IsZero() {
			id = e.RecurrenceID.At(time.UTC).Format("20060102T150405")
		}
		if m.parts[id] != nil {
			return nil, errors.New("it has one time twice")
		}
		p := &part{v, map[string][]saying{}}
		for _, x := range v.props {
			if k, means := meaning(e, x); k != "" {
				p.says[k] = append(p.says[k], saying{x, means})
			}
		}
		m.parts[id] = p
	}
	return m, nil
}

// assumed is what a property that is missing means.
var assumed = map[string]string{"STATUS": "CONFIRMED", "TRANSP": "OPAQUE", "CLASS": "PUBLIC", "PRIORITY": "0"}

// meaning gives what a property belongs to, "" for what programs keep for
// themselves, and what it means there.
func meaning(e *Event, p prop) (key, means string) {
	switch p.name {
	case "UID", "RECURRENCE-ID", "CREATED", "LAST-MODIFIED", "DTSTAMP", "SEQUENCE":
		return "", ""
	case "DTSTART":
		return "DTSTART", fmt.Sprint(e.Start.Date, e.Start.Zone == nil, e.Start.At(time.UTC).Unix(), e.span.end(e.Start, time.UTC).Unix())
	case "DTEND", "DURATION":
		return "DTSTART", ""
	case "ATTENDEE":
		a := party(p)
		return "ATTENDEE " + a.Address, string(a.Answer)
	case "ORGANIZER":
		return p.name, party(p).Address
	case "SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT":
		return p.name, strings.TrimSpace(text(p.value))
	}
	return p.name, strings.ToUpper(strings.TrimSpace(p.value))
}

// said is what sayings mean together, in whatever order.
func said(xs []saying) string {
	var all []string
	for _, x := range xs {
		if x.means != "" {
			all = append(all, x.means)
		}
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

func (p *part) said(key string) string {
	if p == nil {
		return ""
	}
	if s := said(p.says[key]); s != "" {
		return s
	}
	return assumed[key]
}

// take brings our changes since base into what they have.
func (m *entry) take(base, ours *entry) (changed bool, err error) {
	was := map[string]*part{}
	if base != nil {
		was = base.parts
	}
	for id, o := range ours.parts {
		t := m.parts[id]
		switch {
		case t != nil:
			did, err := t.take(was[id], o, base != nil)
			if err != nil {
				return false, err
			}
			changed = changed || did
		case was[id] != nil: // they have taken it out
			return false, ErrClash
		default:
			m.root.kids = append(m.root.kids, o.component)
			changed = true
		}
	}
	for id := range was {
		t := m.parts[id]
		if ours.parts[id] != nil || t == nil {
			continue
		}
		if did, err := t.take(was[id], was[id], true); err != nil || did { // we take out what they have changed
			return false, ErrClash
		}
		m.root.kids = slices.DeleteFunc(m.root.kids, func(c *component) bool { return c == t.component })
		changed = true
	}
	if changed {
		m.zones(ours.root)
	}
	return changed, nil
}

// take is take for one event.
func (p *part) take(was, ours *part, based bool) (changed bool, err error) {
	keys := map[string]bool{}
	for _, x := range []*part{was, ours} {
		if x != nil {
			for k := range x.says {
				keys[k] = true
			}
		}
	}
	for k := range keys {
		o, t := ours.said(k), p.said(k)
		switch b := was.said(k); {
		case o == t || based && o == b:
		case based && t != b && was != nil:
			return false, fmt.Errorf("%w: %s", ErrClash, strings.ToLower(strings.Fields(k)[0]))
		case !based && len(ours.says[k]) == 0:
		default:
			p.put(k, ours.says[k])
			changed = true
		}
	}
	if changed {
		p.version(ours)
	}
	return changed, nil
}

// put says of one thing what ours says.
func (p *part) put(key string, xs []saying) {
	var props []prop
	for _, x := range p.props {
		if !slices.ContainsFunc(p.says[key], func(s saying) bool { return s.name == x.name && s.value == x.value }) {
			props = append(props, x)
		}
	}
	for _, x := range xs {
		props = append(props, x.prop)
	}
	p.props, p.says[key] = props, xs
}

// version takes over our time stamp, and the higher of both sequences.
func (p *part) version(ours *part) {
	for _, name := range []string{"SEQUENCE", "DTSTAMP"} {
		x, ok := ours.find(name)
		if !ok || name == "SEQUENCE" && sequence(p.component) >= sequence(ours.component) {
			continue
		}
		p.props = append(slices.DeleteFunc(slices.Clone(p.props), func(y prop) bool { return y.name == name }), x)
	}
}

// zones adds the descriptions of zones that only ours has.
func (m *entry) zones(ours *component) {
	for _, z := range ours.all("VTIMEZONE") {
		if !slices.ContainsFunc(m.root.all("VTIMEZONE"), func(x *component) bool { return x.value("TZID") == z.value("TZID") }) {
			m.root.kids = append([]*component{z}, m.root.kids...)
		}
	}
}
