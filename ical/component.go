package ical

import (
	"fmt"
	"strings"
)

// component is what stands between BEGIN and END (section 3.6).
type component struct {
	name  string // upper case
	line  int
	props []prop
	kids  []*component
	cut   bool // its END is missing: it may be half of what was written
}

func (c *component) find(name string) (prop, bool) {
	for _, p := range c.props {
		if p.name == name {
			return p, true
		}
	}
	return prop{}, false
}

// top holds the components that never stand inside each other.
var top = map[string]bool{"VEVENT": true, "VTODO": true, "VJOURNAL": true, "VFREEBUSY": true, "VTIMEZONE": true, "VAVAILABILITY": true}

// timely holds the names whose loss changes when somebody is busy.
var timely = []string{"BEGIN", "END", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "RECURRENCE-ID", "FREEBUSY", "TZID", "TZOFFSET"}

type tree struct {
	*problems
	root  component // holds what stands at the outermost level
	stack []*component
	n     int
}

// parseTree reads a file into components, keeping what is good: whatever has
// to be guessed is a problem, whatever may hide time is a lost one.
func parseTree(s string, ps *problems) (*component, error) {
	t := &tree{problems: ps}
	t.stack = []*component{&t.root}
	err := eachLine(s, t.line)
	if err != nil {
		return nil, err
	}
	if len(t.stack) > 1 {
		t.add(Problem{Line: t.stack[1].line, Text: "the file ends in the middle of " + t.stack[len(t.stack)-1].name, Lost: true})
		t.close(1, true)
	}
	return &t.root, nil
}

func (t *tree) line(l string, no int) error {
	in := t.stack[len(t.stack)-1]
	p, ok := parseLine(l, no)
	if !ok {
		lost := false
		for _, n := range timely {
			lost = lost || len(l) >= len(n) && strings.EqualFold(l[:len(n)], n)
		}
		t.add(Problem{Line: no, Text: fmt.Sprintf("not a calendar line: %q", short(l)), Lost: lost})
		return nil
	}
	switch p.name {
	case "BEGIN":
		return t.begin(strings.ToUpper(strings.TrimSpace(p.value)), no)
	case "END":
		t.end(strings.ToUpper(strings.TrimSpace(p.value)), no)
	default:
		in.props = append(in.props, p)
	}
	return nil
}

func (t *tree) begin(name string, no int) error {
	if top[name] || name == "VCALENDAR" {
		for i, c := range t.stack {
			if top[c.name] || name == "VCALENDAR" && c.name == name {
				t.add(Problem{Line: no, Text: name + " begins before " + c.name + " has ended", Lost: true})
				t.close(i, true)
				break
			}
		}
	}
	if len(t.stack) > maxDepth {
		return fmt.Errorf("line %d: components inside each other %d deep: %w", no, maxDepth, ErrTooLarge)
	}
	if t.n++; t.n > 4*MaxEvents {
		return fmt.Errorf("more than %d components: %w", 4*MaxEvents, ErrTooLarge)
	}
	c := &component{name: name, line: no}
	if name == "VEVENT" {
		c.props = make([]prop, 0, 16)
	}
	in := t.stack[len(t.stack)-1]
	in.kids = append(in.kids, c)
	t.stack = append(t.stack, c)
	return nil
}

func (t *tree) end(name string, no int) {
	for i := len(t.stack) - 1; i > 0; i-- {
		if t.stack[i].name == name {
			if i < len(t.stack)-1 {
				t.add(Problem{Line: no, Text: name + " ends before " + t.stack[i+1].name, Lost: true})
			}
			t.close(i+1, true)
			t.close(i, false)
			return
		}
	}
	t.add(Problem{Line: no, Text: "END:" + short(name) + " without a beginning", Lost: true})
}

// close takes everything from level i on off the stack.
func (t *tree) close(i int, cut bool) {
	for _, c := range t.stack[i:] {
		c.cut = cut
	}
	t.stack = t.stack[:i]
}

func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
