package ical

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// fileZone is a VTIMEZONE (section 3.6.5): the changes of the clock that the
// file describes, from the first it names up to fileZoneEnd.
type fileZone struct {
	changes []change
}

type change struct {
	at       int64 // instant
	from, to int64 // offsets, seconds
}

// fileZoneEnd is how far the rules of a file's zone are followed.
var fileZoneEnd = dayNumber(2100, 1, 1) * daySecs

func newFileZone(c *component, b *budget) (*fileZone, error) {
	z := &fileZone{}
	if c.cut {
		return nil, errors.New("the description of the zone is cut off")
	}
	for _, o := range c.kids {
		if o.name != "STANDARD" && o.name != "DAYLIGHT" {
			continue
		}
		if err := z.observe(o, b); err != nil {
			return nil, err
		}
	}
	if len(z.changes) == 0 {
		return nil, errors.New("the description of the zone is empty")
	}
	slices.SortFunc(z.changes, func(a, b change) int { return int(max(-1, min(1, a.at-b.at))) })
	for i := 20; i < len(z.changes); i++ {
		if z.changes[i].at-z.changes[i-20].at < 7*daySecs { // and place would have to look at all of them
			return nil, errors.New("the clock of the zone changes all the time")
		}
	}
	return z, nil
}

func (z *fileZone) observe(o *component, b *budget) error {
	var from, to int64
	var err error
	for name, v := range map[string]*int64{"TZOFFSETFROM": &from, "TZOFFSETTO": &to} {
		p, ok := o.find(name)
		if !ok {
			return fmt.Errorf("a description of a zone without %s", name)
		}
		if *v, err = parseOffset(p.value); err != nil {
			return err
		}
	}
	p, _ := o.find("DTSTART")
	start, _, _, err := parseWall(p.value)
	if err != nil {
		return fmt.Errorf("a description of a zone without a beginning: %w", err)
	}
	walls := []int64{start.Unix()}
	for _, p := range o.props {
		switch p.name {
		case "RRULE":
			r, err := parseRule(p.value)
			if err != nil {
				return err
			}
			if r.untilUTC {
				r.until += from
			}
			err = r.each(start.Unix(), start.Unix(), fileZoneEnd, b, func(w int64) { walls = append(walls, w) })
			if err != nil {
				return err
			}
		case "RDATE":
			for _, v := range strings.Split(p.value, ",") {
				w, _, _, err := parseWall(v)
				if err != nil {
					return err
				}
				walls = append(walls, w.Unix())
			}
		}
	}
	for _, w := range walls {
		z.changes = append(z.changes, change{w - from, from, to})
	}
	return nil
}

// wall gives the clock reading at an instant.
func (z *fileZone) wall(t int64) int64 { return t + z.offset(t) }

func (z *fileZone) offset(t int64) int64 {
	i, found := slices.BinarySearchFunc(z.changes, t, func(c change, t int64) int {
		return int(max(-1, min(1, c.at-t)))
	})
	if found {
		for i+1 < len(z.changes) && z.changes[i+1].at == t {
			i++
		}
		return z.changes[i].to
	}
	if i == 0 {
		return z.changes[0].from
	}
	return z.changes[i-1].to
}

// place is the same rule as for a location.
func (z *fileZone) place(wall int64) int64 {
	const far = 26 * 3600
	i, _ := slices.BinarySearchFunc(z.changes, wall-far, func(c change, t int64) int {
		return int(max(-1, min(1, c.at-t)))
	})
	o := z.offset(wall - far)
	for ; i < len(z.changes); i++ {
		c := z.changes[i]
		if c.at <= wall-far {
			continue
		}
		if wall-o < c.at || wall-c.to < c.at {
			break
		}
		o = c.to
	}
	return wall - o
}
