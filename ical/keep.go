package ical

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Keep writes the object that a calendar keeps of an invitation: the part that
// came by mail with the answer of me in it, joined with what the calendar kept
// of the same meeting, nil for nothing. A changed instance takes its place in
// the series; a new version of the series drops changes made before it.
func Keep(kept, part []byte, me string, a Answer) ([]byte, error) {
	fresh, err := object(part)
	if err != nil {
		return nil, fmt.Errorf("keep invitation: %w", err)
	}
	events := fresh.all("VEVENT")
	if len(events) == 0 {
		return nil, errors.New("keep invitation: it holds no meeting")
	}
	for _, e := range events {
		e.answer(me, a)
	}
	if kept != nil {
		old, err := object(kept)
		if err != nil {
			return nil, fmt.Errorf("keep invitation: %w", err)
		}
		fresh.join(old)
	}
	var w writer
	w.component(fresh)
	return []byte(w.b.String()), nil
}

// object is the one calendar that a file holds.
func object(b []byte) (*component, error) {
	if len(b) > MaxSize {
		return nil, ErrTooLarge
	}
	root, err := parseTree(decode(b), &problems{})
	if err != nil {
		return nil, err
	}
	for _, c := range root.kids {
		if c.name == "VCALENDAR" {
			return c, nil
		}
	}
	return nil, errors.New("it is no calendar")
}

func (c *component) all(name string) (out []*component) {
	for _, k := range c.kids {
		if k.name == name {
			out = append(out, k)
		}
	}
	return out
}

func (c *component) value(name string) string {
	p, _ := c.find(name)
	return strings.TrimSpace(p.value)
}

// answer writes what an attendee said into an event.
func (c *component) answer(me string, a Answer) {
	for i, p := range c.props {
		if p.name != "ATTENDEE" || !strings.EqualFold(party(p).Address, me) {
			continue
		}
		params := []param{{"PARTSTAT", []string{string(a)}}}
		for _, x := range p.params {
			if x.name != "PARTSTAT" && x.name != "RSVP" {
				params = append(params, x)
			}
		}
		c.props[i].params = params
	}
}

// join takes over what an older object holds of the same meeting and the new one
// does not speak of.
func (c *component) join(old *component) {
	zones, events := map[string]bool{}, map[string]*component{}
	for _, z := range c.all("VTIMEZONE") {
		zones[z.value("TZID")] = true
	}
	for _, e := range c.all("VEVENT") {
		events[e.value("RECURRENCE-ID")] = e
	}
	uid := c.all("VEVENT")[0].value("UID")
	for _, k := range old.kids {
		switch {
		case k.name == "VTIMEZONE" && !zones[k.value("TZID")]:
		case k.name == "VEVENT" && k.value("UID") == uid:
			if now := events[k.value("RECURRENCE-ID")]; now != nil {
				now.kids = append(now.kids, k.all("VALARM")...)
				continue
			}
			if series := events[""]; series != nil && sequence(series) > sequence(k) {
				continue
			}
		default:
			continue
		}
		c.kids = append(c.kids, k)
	}
}

func sequence(c *component) int {
	n, _ := strconv.Atoi(c.value("SEQUENCE")) // none is 0
	return n
}

// component writes one as it was read, without the METHOD of an invitation: what
// a calendar keeps has none (RFC 4791 section 4.1).
func (w *writer) component(c *component) {
	w.line("BEGIN:" + word(c.name))
	for _, p := range c.props {
		if p.name != "METHOD" {
			w.prop(p)
		}
	}
	for _, k := range c.kids {
		w.component(k)
	}
	w.line("END:" + word(c.name))
}

func (w *writer) prop(p prop) {
	var b strings.Builder
	b.WriteString(p.name)
	for _, x := range p.params {
		b.WriteString(";" + word(x.name))
		for i, v := range x.values {
			sep := ","
			if i == 0 {
				sep = "="
			}
			if word(v) != v { // only what needs them has quotes: some readers take them for letters
				v = quote(v)
			}
			b.WriteString(sep + v)
		}
	}
	w.line(b.String() + ":" + clean(p.value))
}
