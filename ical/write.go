package ical

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const product = "-//Dottedline//Dottedline//EN"

// writer builds a file of folded CRLF lines (section 3.1).
type writer struct{ b strings.Builder }

// line writes one content line, folded at 75 octets and never inside a letter.
func (w *writer) line(s string) {
	room := 75
	for len(s) > room {
		n := room
		for n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
		w.b.WriteString(s[:n])
		w.b.WriteString("\r\n ")
		s, room = s[n:], 74
	}
	w.b.WriteString(s)
	w.b.WriteString("\r\n")
}

var escape = strings.NewReplacer("\\", "\\\\", ";", "\\;", ",", "\\,", "\r\n", "\\n", "\n", "\\n", "\r", "\\n")

// text writes a TEXT property, nothing for an empty one.
func (w *writer) text(name, v string) {
	if v != "" {
		w.line(name + ":" + clean(escape.Replace(v)))
	}
}

// clean drops what may stand in no value: control characters and what is not
// UTF-8.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

var quoted = strings.NewReplacer("^", "^^", "\r\n", "^n", "\n", "^n", "\r", "^n", `"`, "^'") // RFC 6868

func quote(v string) string { return `"` + clean(quoted.Replace(v)) + `"` }

func (w *writer) moment(name string, m Moment) {
	switch {
	case m.Date:
		w.line(name + ";VALUE=DATE:" + m.Wall.Format("20060102"))
	case m.Zone == nil:
		w.line(name + ":" + m.Wall.Format("20060102T150405"))
	case m.Zone.loc == time.UTC:
		w.line(name + ":" + m.Wall.Format("20060102T150405Z"))
	default:
		w.line(name + ";TZID=" + quote(m.Zone.Name) + ":" + m.Wall.Format("20060102T150405"))
	}
}

func (w *writer) stamp(name string, t time.Time) {
	w.line(name + ":" + t.UTC().Format("20060102T150405Z"))
}

func (w *writer) party(name string, p Party) {
	s := name
	if p.Name != "" {
		s += ";CN=" + quote(p.Name)
	}
	if p.Role != "" {
		s += ";ROLE=" + word(p.Role)
	}
	if p.Answer != "" {
		s += ";PARTSTAT=" + word(string(p.Answer))
	}
	if p.RSVP {
		s += ";RSVP=TRUE"
	}
	w.line(s + ":mailto:" + clean(p.Address))
}

// word keeps what may stand in a name.
func word(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && nameChar(byte(r)) {
			return r
		}
		return -1
	}, s)
}

// Encode writes events as one file, with a METHOD when it is an invitation,
// and the description of every zone that is used. Events need a UID, a Stamp,
// a Start where the method asks for one, and mail addresses without spaces.
func Encode(method string, events ...Event) ([]byte, error) {
	var w writer
	w.line("BEGIN:VCALENDAR")
	w.line("VERSION:2.0")
	w.line("PRODID:" + product)
	w.line("CALSCALE:GREGORIAN")
	if method != "" {
		w.line("METHOD:" + word(method))
	}
	if err := w.zones(events); err != nil {
		return nil, fmt.Errorf("write calendar: %w", err)
	}
	for i := range events {
		if err := w.event(&events[i], method); err != nil {
			return nil, fmt.Errorf("write calendar: %w", err)
		}
	}
	w.line("END:VCALENDAR")
	return []byte(w.b.String()), nil
}

func (w *writer) event(e *Event, method string) error {
	if err := e.writable(method); err != nil {
		return err
	}
	w.line("BEGIN:VEVENT")
	w.text("UID", e.UID)
	w.stamp("DTSTAMP", e.Stamp)
	w.line("SEQUENCE:" + strconv.Itoa(e.Sequence))
	if !e.RecurrenceID.IsZero() {
		name := "RECURRENCE-ID"
		if e.ThisAndFuture {
			name += ";RANGE=THISANDFUTURE"
		}
		w.moment(name, e.RecurrenceID)
	}
	if !e.Start.IsZero() {
		w.moment("DTSTART", e.Start)
	}
	switch {
	case !e.End.IsZero():
		w.moment("DTEND", e.End)
	case e.Length != "":
		w.line("DURATION:" + clean(e.Length))
	}
	if e.Rule != "" {
		w.line("RRULE:" + clean(e.Rule))
	}
	w.text("SUMMARY", e.Summary)
	w.text("DESCRIPTION", e.Description)
	w.text("LOCATION", e.Location)
	w.text("COMMENT", e.Comment)
	if e.URL != "" {
		w.line("URL:" + clean(e.URL))
	}
	if e.Status != "" {
		w.line("STATUS:" + word(string(e.Status)))
	}
	if e.Transparent {
		w.line("TRANSP:TRANSPARENT")
	}
	if e.Organizer.Address != "" {
		w.party("ORGANIZER", Party{Name: e.Organizer.Name, Address: e.Organizer.Address})
	}
	for _, a := range e.Attendees {
		w.party("ATTENDEE", a)
	}
	w.line("END:VEVENT")
	return nil
}

func (e *Event) writable(method string) error {
	if e.UID == "" {
		return errors.New("an event without a UID")
	}
	if e.Stamp.IsZero() {
		return errors.New("an event without a time stamp")
	}
	if e.Start.IsZero() && method != MethodReply && method != MethodCancel {
		return errors.New("an event without a beginning")
	}
	if e.Rule != "" {
		if _, err := parseRule(e.Rule); err != nil {
			return err
		}
		if e.Start.Zone == utcZone {
			return errors.New("a series in UTC would move with the clock; give it a zone")
		}
	}
	if e.Length != "" {
		if _, err := parseSpan(e.Length); err != nil {
			return err
		}
	}
	for _, p := range append([]Party{e.Organizer}, e.Attendees...) {
		if strings.ContainsAny(p.Address, " \t\r\n;,\"<>") || p.Address == "" && p != (Party{}) {
			return fmt.Errorf("not a mail address: %q", short(p.Address))
		}
	}
	return nil
}
